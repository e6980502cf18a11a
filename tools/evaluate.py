"""Collect the evidence: baselines, fresh attackers, limits.

python tools/evaluate.py RUN_DIR_OR_CONFIG [key=value ...] [--quick] [--out DIR] [--jobs N] [--backend loky|dask]
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
from stgcn_affect.jobs.evaluate import evaluate, quick
from stgcn_affect.jobs.evaluate_sets import evaluate_sets
from stgcn_affect.jobs.tasks import BACKENDS
from stgcn_affect.reporting.text import evaluation_table


def parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="evaluate.py", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("source", type=Path, metavar="RUN_DIR_OR_CONFIG")
    parser.add_argument("settings", nargs="*", metavar="key=value", help="overrides")
    parser.add_argument("--quick", action="store_true", help="the same in small, to try it out")
    parser.add_argument("--out", type=Path, metavar="DIR", help="default: RUN_DIR/evaluation")
    parser.add_argument("--jobs", type=int, default=1, metavar="N", help="processes of this machine")
    parser.add_argument("--backend", choices=BACKENDS, default="loky", help="dask: that of DASK_SCHEDULER_ADDRESS")
    return parser.parse_intermixed_args(arguments)


def bar(items: Iterable[Any], total: int, label: str) -> Iterator[Any]:
    with tqdm(items, total=total, desc=label, file=sys.stderr, mininterval=0.5) as shown:
        for item in shown:
            shown.set_postfix_str(getattr(item[0], "about", "") if isinstance(item, tuple) else "")
            yield item


def main(arguments: Sequence[str] | None = None) -> int:
    chosen = parse(arguments)
    logging.basicConfig(format="%(levelname)s: %(message)s", level=logging.WARNING, force=True)
    run = chosen.source if chosen.source.is_dir() else None
    try:
        if chosen.jobs < 1:
            raise InputError(f"--jobs: expected 1 or more (got {chosen.jobs})")
        config = load_config(run / "config.yaml" if run else chosen.source, chosen.settings)
        out = chosen.out or (run or Path("runs") / f"{chosen.source.stem}-{config.seed}") / "evaluation"
        ways: dict[str, Any] = {"jobs": chosen.jobs, "backend": chosen.backend, "progress": bar}
        if config.benchmark.sets:
            found = evaluate_sets(chosen.source, chosen.settings, out, small=chosen.quick, **ways)
        else:
            found = {"": evaluate(quick(config) if chosen.quick else config, out, run=run, **ways)}
    except InputError as error:
        print(f"evaluate.py: {error}", file=sys.stderr)
        return 2
    for name, results in found.items():
        print(evaluation_table(results))
        print(f"report: {out / name / 'report.md'}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
