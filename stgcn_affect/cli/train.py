"""Train and judge a model.

Without a configuration it trains on the embedded synthetic walkers. Settings: configs/default.yaml.
"""

import argparse
from collections.abc import Iterator, Sequence
from pathlib import Path

from stgcn_affect.cli.common import bar, run_tool
from stgcn_affect.errors import InputError


def parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    """The arguments of tools/train.py; exits with code 2 where they are wrong."""
    parser = argparse.ArgumentParser(prog="train.py", description=(__doc__ or "").split("\n\n")[1])
    parser.add_argument("settings", nargs="*", metavar="CONFIG.yaml | key=value", help="a file first, then overrides")
    parser.add_argument("--out", type=Path, metavar="RUN_DIR", help="default: runs/<config>-<seed>")
    parser.add_argument("--resume", action="store_true", help="go on where an interrupted run stopped")
    return parser.parse_intermixed_args(arguments)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run tools/train.py; the exit code."""
    return run_tool("train.py", _lines(parse(arguments)))


def _lines(chosen: argparse.Namespace) -> Iterator[str]:
    from stgcn_affect.config import load_config
    from stgcn_affect.jobs.train import train
    from stgcn_affect.reporting.text import training_table

    files = [text for text in chosen.settings if "=" not in text]
    if len(files) > 1:
        raise InputError(f"expected one configuration file at most (got {', '.join(files)})")
    config = load_config(files[0] if files else None, [text for text in chosen.settings if "=" in text])
    name = Path(files[0]).stem if files else "default"
    out = chosen.out or Path("runs") / f"{name}-{config.seed}"
    yield training_table(train(config, out, resume=chosen.resume, progress=bar))
    yield f"run: {out}    TensorBoard: tensorboard --logdir {out}"
