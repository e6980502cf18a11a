"""The command ``stgcn-affect``: one subcommand for each tool, with the tool's own arguments."""

import sys
from collections.abc import Sequence
from importlib import import_module
from typing import cast

from stgcn_affect import __version__

PROGRAM = "stgcn-affect"

TOOLS = {
    "train": "train and judge a model",
    "evaluate": "evaluate a run or a configuration: baselines, fresh attackers, limits",
    "predict": "predict the emotion of many recordings",
    "export": "release the emotion encoder of a run, with a model card",
    "explain": "show which joints decided, and when in the gait cycle",
    "prepare": "turn recordings of your own into gait cycles",
    "visualise": "draw graph, cycles, latents and transferred walks, and export the graph",
    "anonymise": "write walks without their walkers",
    "report": "put a run on one HTML page",
    "benchmark": "measure speed on this machine",
}
"""The subcommands, and their lines in the help."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run ``stgcn-affect TOOL ...``; the exit code, 2 where there is no such tool."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    if not given or given[0] in ("-h", "--help"):
        print(_help())
        return 0
    tool, *rest = given
    if tool == "--version":
        print(f"{PROGRAM} {__version__}")
        return 0
    if tool not in TOOLS:
        print(f"{PROGRAM}: expected one of {', '.join(TOOLS)} (got {tool!r})", file=sys.stderr)
        return 2
    return cast(int, import_module(f"stgcn_affect.cli.{tool}").main(rest, program=f"{PROGRAM} {tool}"))


def _help() -> str:
    width = max(map(len, TOOLS)) + 2
    lines = [f"  {tool:<{width}}{about}" for tool, about in TOOLS.items()]
    return "\n".join(
        [
            f"usage: {PROGRAM} TOOL ...",
            "",
            "Emotion from gait on a skeleton graph: explainable, disentangled from identity, honestly scored.",
            "",
            *lines,
            "",
            f"{PROGRAM} TOOL --help says more; {PROGRAM} --version says which version this is.",
        ]
    )
