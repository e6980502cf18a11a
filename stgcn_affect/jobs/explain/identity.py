"""What gives seen subjects away: the identity head explained, for the subjects whom it knows."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import torch

from stgcn_affect.config import load_config
from stgcn_affect.explain.maps.average import normalise_together
from stgcn_affect.files import write_whole
from stgcn_affect.jobs.explain.average import identity_ranking
from stgcn_affect.jobs.explain.check import check_arguments
from stgcn_affect.jobs.explain.choice import chosen_block, trusted_choice
from stgcn_affect.jobs.explain.maps import identity_maps
from stgcn_affect.jobs.explain.pictures import draw_identity
from stgcn_affect.jobs.explain.record import write_maps
from stgcn_affect.jobs.run_data import models_of_run
from stgcn_affect.motion.gait_events import gait_events
from stgcn_affect.stats import subject_means

IDENTITY = "identity"
"""The target that is no emotion."""


def explain_identity(run: Path, out: Path, *, method: str | None = None, block: int | None = None) -> dict[str, Any]:
    """Explain the identity head of a run's models and write files and pictures to ``out``.

    It knows the training subjects only, so that their cycles are explained: each for its own subject. The map is the
    mean over subjects of the magnitude of each one's own.

    Args:
        run: folder of a finished run.
        out: folder.
        method: of ``METHODS``; None: the one that is trusted for emotions. Nobody scored it for subjects.
        block: of the identity encoder, for that method.

    Raises:
        InputError: no finished run, an unknown method or block.
    """
    models = models_of_run(run)
    check_arguments(models[0], method, block, None)
    config = load_config(run / "config.yaml")
    torch.set_num_threads(config.train.threads)
    chosen = trusted_choice(run, models[0], method, block)
    maps, index = identity_maps(models, chosen)
    cycles, layout = models[0].cycles, models[0].model.layout
    subjects, takes = cycles.subject[index], cycles.take_ids[index]
    own = subject_means(maps, subjects=subjects, takes=takes)
    sizes = np.abs(own.values)  # what betrays one subject may speak against another
    average = normalise_together({IDENTITY: sizes.mean(axis=0)})
    cycle = (
        subject_means(cycles.positions[index], subjects=subjects, takes=takes).values.mean(axis=0).astype(np.float32)
    )
    results = {
        "explained": {
            "target": IDENTITY,
            "method": chosen.method,
            "block": chosen_block(chosen),
            "models": len(models),
            "subjects": len(np.unique(subjects)),
            "cycles": len(np.unique(index)),
            "of": "training subjects: the identity head knows no others",
        },
        "ranking": {IDENTITY: identity_ranking(maps, cycles, index, layout, seed=config.seed)},
        "events": {IDENTITY: gait_events(cycle, layout).lines()},
    }
    write_maps(out, maps=average.maps, cycles={IDENTITY: cycle}, layout=layout, scale=average.scale)
    draw_identity(out, results, relevance=average.maps[IDENTITY], cycle=cycle, layout=layout)
    write_whole(json.dumps(results, indent=1) + "\n", path=out / "results.json")
    return results
