"""Show which joints decided, and when in the gait cycle: for a whole run, or for one recording.

python tools/explain.py RUN_DIR [MOTION_FILE [--others FILE ...]] [--out DIR] [--method NAME] [--block N]
    [--target EMOTION] [--quick]
"""

import argparse
import logging
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from tqdm import tqdm

from stgcn_affect.errors import InputError
from stgcn_affect.reporting.explanation_text import file_table, identity_table, run_table


def parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="explain.py", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("run", type=Path, metavar="RUN_DIR", help="of tools/train.py")
    parser.add_argument("file", type=Path, nargs="?", metavar="MOTION_FILE", help="BVH, C3D, CSV, NPZ, NPY or H5")
    parser.add_argument("--out", type=Path, metavar="DIR", help="default: in RUN_DIR/explanations")
    parser.add_argument("--method", help="default: the one that the run's table of methods trusts")
    parser.add_argument("--block", type=int, metavar="N", help="of the emotion encoder, 0 the first")
    parser.add_argument("--target", metavar="EMOTION", help="or two joined by a minus; or identity: seen subjects")
    parser.add_argument("--layout", help="of MOTION_FILE, where it does not say: a name or a YAML file")
    parser.add_argument("--fps", type=float, metavar="HZ", help="of MOTION_FILE, where it does not say")
    parser.add_argument("--others", type=Path, nargs="+", default=[], metavar="FILE", help="of the same subject")
    parser.add_argument("--quick", action="store_true", help="few methods and factors, to try it out")
    chosen = parser.parse_args(arguments)
    if chosen.others and chosen.file is None:
        parser.error("--others: expected a MOTION_FILE to compare with them")
    return chosen


def bar(items: Iterable[Any], total: int, label: str) -> Iterator[Any]:
    yield from tqdm(items, total=total, desc=label, file=sys.stderr, mininterval=0.5)


def main(arguments: Sequence[str] | None = None) -> int:
    chosen = parse(arguments)
    logging.basicConfig(format="%(levelname)s: %(message)s", level=logging.WARNING, force=True)
    what = chosen.file.stem if chosen.file else "identity" if chosen.target == "identity" else ""
    out = chosen.out or chosen.run / "explanations" / what
    ways = {"method": chosen.method, "block": chosen.block}
    try:
        if chosen.file is not None:
            from stgcn_affect.jobs.explain.file import explain_file

            ways |= {"target": chosen.target, "layout": chosen.layout, "fps_hz": chosen.fps, "others": chosen.others}
            table = file_table(explain_file(chosen.run, chosen.file, out, **ways))
        elif chosen.target == "identity":
            from stgcn_affect.jobs.explain.identity import explain_identity

            table = identity_table(explain_identity(chosen.run, out, **ways))
        else:
            from stgcn_affect.jobs.explain.run import explain_run

            ways |= {"target": chosen.target, "quick": chosen.quick, "progress": bar}
            table = run_table(explain_run(chosen.run, out, **ways))
    except InputError as error:
        print(f"explain.py: {error}", file=sys.stderr)
        return 2
    print(table)
    print(f"pictures and tables: {out}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
