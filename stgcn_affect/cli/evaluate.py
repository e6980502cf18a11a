"""Evaluate a run or a configuration: baselines, fresh attackers, confidence limits."""

import argparse
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from stgcn_affect.cli.common import bar, run_tool
from stgcn_affect.errors import InputError


def parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    """The arguments of tools/evaluate.py; exits with code 2 where they are wrong."""
    parser = argparse.ArgumentParser(prog="evaluate.py", description=__doc__)
    parser.add_argument("source", type=Path, metavar="RUN_DIR_OR_CONFIG")
    parser.add_argument("settings", nargs="*", metavar="key=value", help="overrides")
    parser.add_argument("--quick", action="store_true", help="the same in small, to try it out")
    parser.add_argument("--out", type=Path, metavar="DIR", help="default: RUN_DIR/evaluation")
    parser.add_argument("--jobs", type=int, default=1, metavar="N", help="processes of this machine")
    parser.add_argument(
        "--backend", choices=("loky", "dask"), default="loky", help="dask: that of DASK_SCHEDULER_ADDRESS"
    )
    return parser.parse_intermixed_args(arguments)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run tools/evaluate.py; the exit code."""
    return run_tool("evaluate.py", _lines(parse(arguments)))


def _lines(chosen: argparse.Namespace) -> Iterator[str]:
    from stgcn_affect.config import load_config
    from stgcn_affect.jobs.evaluate import evaluate, quick
    from stgcn_affect.jobs.evaluate_sets import evaluate_sets
    from stgcn_affect.reporting.text import evaluation_table

    if chosen.jobs < 1:
        raise InputError(f"--jobs: expected 1 or more (got {chosen.jobs})")
    run = chosen.source if chosen.source.is_dir() else None
    config = load_config(run / "config.yaml" if run else chosen.source, chosen.settings)
    out = chosen.out or (run or Path("runs") / f"{chosen.source.stem}-{config.seed}") / "evaluation"
    how: dict[str, Any] = {"jobs": chosen.jobs, "backend": chosen.backend, "progress": bar}
    if config.benchmark.sets:
        found = evaluate_sets(chosen.source, chosen.settings, out, small=chosen.quick, **how)
    else:
        found = {"": evaluate(quick(config) if chosen.quick else config, out, run=run, **how)}
    for name, results in found.items():
        yield evaluation_table(results)
        yield f"report: {out / name / 'report.md'}"
