"""Release the emotion encoder of a run: what predicts the emotion, alone, with a model card.

Identity encoder, adversaries, decoder and the names of subjects stay behind; a check reads the folder back to prove it.
"""

import argparse
from collections.abc import Iterator, Sequence
from pathlib import Path

from stgcn_affect.cli.common import run_tool, tool_parser


def parse(arguments: Sequence[str] | None, *, program: str = "export.py") -> argparse.Namespace:
    """Arguments of tools/export.py; exits with code 2 where they are wrong. ``program`` is the name in messages."""
    parser = tool_parser(program, __doc__)
    parser.add_argument("run", type=Path, metavar="RUN_DIR", help="the folder of a finished run of train")
    parser.add_argument("--out", type=Path, required=True, metavar="FOLDER", help="a new folder")
    parser.add_argument("--member", metavar="NAME", help="which model of a run of several folds, such as fold-02")
    parser.add_argument("--onnx", action="store_true", help="write ONNX too; needs pip install 'stgcn_affect[onnx]'")
    return parser.parse_args(arguments)


def main(arguments: Sequence[str] | None = None, *, program: str = "export.py") -> int:
    """Run tools/export.py, or ``stgcn-affect export``; the exit code."""
    return run_tool(program, _lines(parse(arguments, program=program)))


def _lines(chosen: argparse.Namespace) -> Iterator[str]:
    from stgcn_affect.jobs.export import export_run
    from stgcn_affect.reporting.model_card import released_lines

    released = export_run(chosen.run, chosen.out, member=chosen.member, onnx=chosen.onnx)
    yield from released_lines(chosen.out, released.member, released.check, released.membership)
