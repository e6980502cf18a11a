"""Which method and block a run is explained by when nobody says."""

import json
from pathlib import Path

from stgcn_affect.errors import InputError
from stgcn_affect.explain.attribution.methods import DEFAULT_BLOCK, DEFAULT_METHOD, METHODS
from stgcn_affect.explain.explained_model import ExplainedModel
from stgcn_affect.jobs.explain.maps import Choice


def trusted_choice(run: Path, explained: ExplainedModel, method: str | None, block: int | None) -> Choice:
    """What the run's own table of methods trusts, or else what the package does.

    Args:
        run: its folder; the table is ``explanations/results.json`` in it, where it is there.
        explained: a model of the run.
        method: of ``METHODS``, stronger than the table; then its best block there counts.
        block: stronger than the table.

    Raises:
        InputError: a table that cannot be read.
    """
    highest = len(explained.model.network.emotion_encoder.blocks) - 1
    name, best = method or DEFAULT_METHOD, min(DEFAULT_BLOCK, highest)
    table = run / "explanations" / "results.json"
    if table.is_file():
        try:
            found = json.loads(table.read_text(encoding="utf-8"))
            name = method or found["trusted"]["method"]
            scored = found["methods"].get(name, {}).get("block")
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise InputError(f"{table}: expected the table that explaining the run writes (got {error!r})") from error
        best = best if scored is None else scored
    if name not in METHODS or not 0 <= best <= highest:
        raise InputError(f"{table}: expected a method and a block of this run's models (got {name!r} and {best!r})")
    return Choice(name, best if block is None else block)


def chosen_block(chosen: Choice) -> int | None:
    """The block, or None for a method that takes none."""
    return chosen.block if METHODS[chosen.method].takes_block else None
