"""Evaluate a run or a configuration: baselines, fresh attackers, confidence limits."""

import argparse
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from stgcn_affect.cli.common import add_jobs, bar, checked_jobs, run_tool, tool_parser, warn_without_recordings
from stgcn_affect.errors import InputError


def parse(arguments: Sequence[str] | None, *, program: str = "evaluate.py") -> argparse.Namespace:
    """Arguments of tools/evaluate.py; exits with code 2 where they are wrong. ``program`` is the name in messages."""
    parser = tool_parser(program, __doc__, configured=True)
    parser.add_argument(
        "source", type=Path, metavar="RUN_DIR_OR_CONFIG", help="the folder of a run, or a configuration by path or name"
    )
    parser.add_argument(
        "settings", nargs="*", metavar="key=value", help="settings that differ, such as train.epochs=20"
    )
    parser.add_argument("--quick", action="store_true", help="the same in small, to try it out")
    parser.add_argument("--out", type=Path, metavar="DIR", help="default: RUN_DIR/evaluation")
    add_jobs(parser, "processes side by side; default: 1")
    parser.add_argument(
        "--backend",
        choices=("loky", "dask"),
        default="loky",
        help="where processes run; dask: the cluster that DASK_SCHEDULER_ADDRESS names",
    )
    return parser.parse_intermixed_args(arguments)


def main(arguments: Sequence[str] | None = None, *, program: str = "evaluate.py") -> int:
    """Run tools/evaluate.py, or ``stgcn-affect evaluate``; the exit code."""
    return run_tool(program, _lines(parse(arguments, program=program)))


def _lines(chosen: argparse.Namespace) -> Iterator[str]:
    from stgcn_affect.config import find_config, load_config
    from stgcn_affect.jobs.evaluate import evaluate, quick
    from stgcn_affect.jobs.evaluate_sets import evaluate_sets
    from stgcn_affect.reporting.text import evaluation_table

    run = chosen.source if (chosen.source / "config.yaml").is_file() else None
    file = run / "config.yaml" if run else find_config(chosen.source)
    if not file.is_file():
        raise InputError(
            f"{file}: expected the folder of a run, with config.yaml, or a configuration by path or name (got neither)"
        )
    config = load_config(file, chosen.settings)
    out = chosen.out or (run or Path("runs") / f"{chosen.source.stem}-{config.seed}") / "evaluation"
    if run is None:
        warn_without_recordings(chosen.source.stem, config)
    how: dict[str, Any] = {"jobs": checked_jobs(chosen) or 1, "backend": chosen.backend, "progress": bar}
    if config.benchmark.sets:
        found = evaluate_sets(file, chosen.settings, out, small=chosen.quick, **how)
    else:
        found = {"": evaluate(quick(config) if chosen.quick else config, out, run=run, **how)}
    for name, results in found.items():
        yield evaluation_table(results)
        yield f"report: {out / name / 'report.md'}"
