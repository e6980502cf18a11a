"""Draw skeletons, walks and latents, and export the skeleton graph."""

import argparse
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from stgcn_affect.cli.common import run_tool, tool_parser

KINDS = {
    "layout": "a layout with the names and roles of its joints; for a recording, a layout YAML to start from",
    "graph": "the graph and its partitions, with what a run learned; PNG, SVG, GraphML, GEXF, DOT, JSON",
    "body": "a walking pose in two views",
    "cycle": "average cycles by emotion and by subject; PNG, SVG, GIF, and a page that plays them",
    "latent": "both latents by emotion and by subject, with scores",
    "compare": "emotions of one subject on the body of another, beside the originals",
}
"""What can be drawn, and its help."""


def parse(arguments: Sequence[str] | None, *, program: str = "visualise.py") -> argparse.Namespace:
    """Arguments of tools/visualise.py; exits with code 2 where they are wrong. ``program`` is the name in messages."""
    parser = tool_parser(program, __doc__)
    kinds = parser.add_subparsers(dest="kind", required=True)
    for name, words in KINDS.items():
        kind = kinds.add_parser(name, help=words, description=words)
        kind.add_argument("source", help="the folder of a run; a layout or a recording for the kinds that take one")
        kind.add_argument(
            "--out", type=Path, metavar="DIR", help="folder of the pictures; default: RUN_DIR/pictures, or pictures"
        )
        if name == "body":
            kind.add_argument("--layout", metavar="NAME_OR_YAML", help="the skeleton, where the file does not say it")
        if name == "compare":
            kind.add_argument("--of", dest="lender", metavar="SUBJECT", help="whose emotions; default: the first")
            kind.add_argument("--on", dest="body", metavar="SUBJECT", help="on whose body; default: the last")
            kind.add_argument("--unseen", action="store_true", help="tested subjects instead of training subjects")
    return parser.parse_args(arguments)


def main(arguments: Sequence[str] | None = None, *, program: str = "visualise.py") -> int:
    """Run tools/visualise.py, or ``stgcn-affect visualise``; the exit code."""
    return run_tool(program, _lines(parse(arguments, program=program)))


def _lines(chosen: argparse.Namespace) -> Iterator[str]:
    from stgcn_affect.jobs import visualise

    jobs: dict[str, Callable[..., Sequence[object]]] = {
        "layout": visualise.visualise_layout,
        "graph": visualise.visualise_graph,
        "body": visualise.visualise_body,
        "cycle": visualise.visualise_cycles,
        "latent": visualise.visualise_latents,
        "compare": visualise.visualise_transfer,
    }
    options = vars(chosen)
    job, source, out = jobs[options.pop("kind")], options.pop("source"), options.pop("out")
    out = out or (Path(source) if Path(source).is_dir() else Path()) / "pictures"
    yield from map(str, job(source, out, **options))
