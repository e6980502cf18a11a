"""Train and judge a model: python tools/train.py [CONFIG.yaml] [key=value ...] [--out RUN_DIR] [--resume].

Without a configuration it trains on the embedded synthetic walkers. Settings: configs/default.yaml.
"""

import argparse
import logging
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from tqdm import tqdm

from stgcn_affect.config import load_config
from stgcn_affect.errors import InputError
from stgcn_affect.jobs.train import train
from stgcn_affect.reporting.text import run_table


def parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="train.py", description=(__doc__ or "").split("\n\n")[1])
    parser.add_argument("settings", nargs="*", metavar="CONFIG.yaml | key=value", help="a file first, then overrides")
    parser.add_argument("--out", type=Path, metavar="RUN_DIR", help="default: runs/<config>-<seed>")
    parser.add_argument("--resume", action="store_true", help="go on where an interrupted run stopped")
    return parser.parse_intermixed_args(arguments)


def bar(items: Iterable[Any], total: int, label: str) -> Iterator[Any]:
    yield from tqdm(items, total=total, desc=label, file=sys.stderr, mininterval=0.5)


def main(arguments: Sequence[str] | None = None) -> int:
    chosen = parse(arguments)
    logging.basicConfig(format="%(levelname)s: %(message)s", level=logging.WARNING, force=True)
    files = [text for text in chosen.settings if "=" not in text]
    try:
        if len(files) > 1:
            raise InputError(f"expected one configuration file at most (got {', '.join(files)})")
        config = load_config(files[0] if files else None, [text for text in chosen.settings if "=" in text])
        name = Path(files[0]).stem if files else "default"
        out = chosen.out or Path("runs") / f"{name}-{config.seed}"
        results = train(config, out, resume=chosen.resume, progress=bar)
    except InputError as error:
        print(f"train.py: {error}", file=sys.stderr)
        return 2
    print(run_table(results))
    print(f"run: {out}    TensorBoard: tensorboard --logdir {out}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
