"""Explain the identity head of a run for its training subjects: which joints identify them."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import torch

from stgcn_affect.config import load_config
from stgcn_affect.data.averages import average_cycle_of
from stgcn_affect.explain.maps.average import normalise_together
from stgcn_affect.explain.maps.dataset_maps import identity_maps
from stgcn_affect.explain.maps.ranking import identity_ranking
from stgcn_affect.files import write_whole
from stgcn_affect.jobs.explain.choice import check_arguments, run_choice
from stgcn_affect.jobs.run_data import models_of_run
from stgcn_affect.motion.gait_events import gait_events
from stgcn_affect.reporting.explanation_figures import draw_identity
from stgcn_affect.reporting.explanation_files import write_maps
from stgcn_affect.stats import subject_means

IDENTITY = "identity"
"""The target that is no emotion."""


def explain_identity(run: Path, out: Path, *, method: str | None = None, block: int | None = None) -> dict[str, Any]:
    """Explain the identity head of a run's models and write files and pictures to ``out``.

    The head has logits of the training subjects only, so their cycles are explained, each for its own subject. The map
    is the mean over subjects of the magnitude of each one's average map.

    Args:
        run: folder of a finished run.
        out: folder.
        method: one of ``METHODS``; None: the one that is trusted for emotions, as methods are not scored for identity.
        block: the block of the identity encoder, for that method.

    Raises:
        InputError: no finished run, an unknown method or block.
    """
    models = models_of_run(run)
    model, cycles = models[0].model, models[0].cycles
    check_arguments(model, method, block, None)
    config = load_config(run / "config.yaml")
    torch.set_num_threads(config.train.threads)
    choice = run_choice(run, model, method, block)
    maps, index = identity_maps(models, choice)
    subjects, takes = cycles.subject[index], cycles.take_ids[index]
    # A joint may speak for one subject and against another, so magnitudes are averaged.
    sizes = np.abs(subject_means(maps, subjects=subjects, takes=takes).values)
    average = normalise_together({IDENTITY: sizes.mean(axis=0)})
    cycle = average_cycle_of(cycles.select(index))
    results = {
        "explained": {
            "target": IDENTITY,
            "method": choice.method,
            "block": choice.used_block,
            "models": len(models),
            "subjects": len(np.unique(subjects)),
            "cycles": len(np.unique(index)),
            "of": "training subjects: the identity head knows no others",
        },
        "ranking": {
            IDENTITY: identity_ranking(maps, model.layout.joints, subjects=subjects, takes=takes, seed=config.seed)
        },
        "events": {IDENTITY: gait_events(cycle, model.layout).lines()},
    }
    write_maps(out, maps=average.maps, cycles={IDENTITY: cycle}, layout=model.layout, scale=average.scale)
    draw_identity(out, results, relevance=average.maps[IDENTITY], cycle=cycle, layout=model.layout)
    write_whole(json.dumps(results, indent=1) + "\n", path=out / "results.json")
    return results
