"""Train and judge a model.

Without a configuration it trains on the embedded synthetic walkers.
"""

import argparse
from collections.abc import Iterator, Sequence
from pathlib import Path

from stgcn_affect.cli.common import add_jobs, bar, checked_jobs, run_tool, tool_parser, warn_without_recordings
from stgcn_affect.errors import InputError


def parse(arguments: Sequence[str] | None, *, program: str = "train.py") -> argparse.Namespace:
    """Arguments of tools/train.py; exits with code 2 where they are wrong. ``program`` is the name in messages."""
    parser = tool_parser(program, __doc__, configured=True)
    parser.add_argument(
        "settings",
        nargs="*",
        metavar="CONFIG | key=value",
        help="a configuration by path or name, then settings that differ, such as train.epochs=20",
    )
    parser.add_argument("--out", type=Path, metavar="RUN_DIR", help="folder of the run; default: runs/<config>-<seed>")
    add_jobs(parser, "folds that train side by side; default: as many as there are cores")
    parser.add_argument("--resume", action="store_true", help="go on where an interrupted run stopped")
    return parser.parse_intermixed_args(arguments)


def main(arguments: Sequence[str] | None = None, *, program: str = "train.py") -> int:
    """Run tools/train.py, or ``stgcn-affect train``; the exit code."""
    return run_tool(program, _lines(parse(arguments, program=program)))


def _lines(chosen: argparse.Namespace) -> Iterator[str]:
    from stgcn_affect.config import load_config
    from stgcn_affect.jobs.train import train
    from stgcn_affect.reporting.text import training_table

    files = [text for text in chosen.settings if "=" not in text]
    if len(files) > 1:
        raise InputError(f"expected one configuration at most, and settings as key=value (got {', '.join(files)})")
    config = load_config(files[0] if files else None, [text for text in chosen.settings if "=" in text])
    name = Path(files[0]).stem if files else "default"
    warn_without_recordings(name, config)
    out = chosen.out or Path("runs") / f"{name}-{config.seed}"
    yield training_table(train(config, out, resume=chosen.resume, jobs=checked_jobs(chosen), progress=bar))
    yield f"run: {out}    TensorBoard: tensorboard --logdir {out}"
