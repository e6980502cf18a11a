"""Draw skeletons, walks and latents, and export the skeleton graph.

python tools/visualise.py layout NAME_OR_YAML
python tools/visualise.py graph RUN_DIR_OR_LAYOUT
python tools/visualise.py body RUN_DIR_OR_MOTION_FILE [--layout NAME_OR_YAML]
python tools/visualise.py cycle|latent RUN_DIR
python tools/visualise.py compare RUN_DIR [--of SUBJECT] [--on SUBJECT] [--unseen]
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from stgcn_affect.errors import InputError
from stgcn_affect.jobs.visualise import (
    visualise_body,
    visualise_cycles,
    visualise_graph,
    visualise_latents,
    visualise_layout,
    visualise_transfer,
)

KINDS = {
    "layout": (visualise_layout, "a layout with the names and roles of its joints"),
    "graph": (
        visualise_graph,
        "the graph and its partitions, with what a run learned; PNG, SVG, GraphML, GEXF, DOT, JSON",
    ),
    "body": (visualise_body, "a walking pose in two views"),
    "cycle": (visualise_cycles, "average cycles by emotion and by subject; PNG, SVG, GIF, and a page that plays them"),
    "latent": (visualise_latents, "both latents by emotion and by subject, with scores"),
    "compare": (visualise_transfer, "emotions of one subject on the body of another, beside the originals"),
}


def parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="visualise.py", description=(__doc__ or "").splitlines()[0])
    kinds = parser.add_subparsers(dest="kind", required=True)
    for name, (_, words) in KINDS.items():
        kind = kinds.add_parser(name, help=words, description=words)
        kind.add_argument("source", help="the folder of a run, or what else the kind takes")
        kind.add_argument("--out", type=Path, metavar="DIR", help="default: RUN_DIR/pictures, else pictures")
        if name == "body":
            kind.add_argument("--layout", metavar="NAME_OR_YAML", help="the skeleton, where the file does not say it")
        if name == "compare":
            kind.add_argument("--of", dest="lender", metavar="SUBJECT", help="whose emotions; default: the first")
            kind.add_argument("--on", dest="body", metavar="SUBJECT", help="on whose body; default: the last")
            kind.add_argument("--unseen", action="store_true", help="tested subjects instead of training subjects")
    return parser.parse_args(arguments)


def main(arguments: Sequence[str] | None = None) -> int:
    chosen = vars(parse(arguments))
    job, source = KINDS[chosen.pop("kind")][0], chosen.pop("source")
    out = chosen.pop("out") or (Path(source) if Path(source).is_dir() else Path()) / "pictures"
    try:
        paths = job(source, out, **chosen)
    except InputError as error:
        print(f"visualise.py: {error}", file=sys.stderr)
        return 2
    print("\n".join(str(path) for path in paths))
    return 0


if __name__ == "__main__":
    sys.exit(main())
