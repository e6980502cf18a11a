"""The models of a run by name, and its subjects by what those models had to do with them."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from stgcn_affect.explain.explained_model import ExplainedModel
from stgcn_affect.jobs.run_data import models_of_run
from stgcn_affect.training.checkpoint import model_paths


def named_models(run: Path) -> dict[str, ExplainedModel]:
    """Fold to model; "" to the model of a run that has one only. Raises InputError as ``models_of_run`` does."""
    names = [path.parent.name if path.parent != run else "" for path in model_paths(run)]
    return dict(zip(names, models_of_run(run), strict=True))


def subject_groups(models: Mapping[str, Mapping[str, Sequence[str]]]) -> dict[str, list[str]]:
    """Subjects by what the models of a run had to do with them, in words; each subject is in one group.

    Of several models each subject is unseen by one and trained on by others, so the groups are those that were unseen.

    Args:
        models: a model's name, "" where there is only one, to the subjects of each part.
    """
    if len(models) == 1:
        parts = next(iter(models.values()))
        words = {"train": "training", "validation": "validation", "test": "unseen"}
        found = {words[part]: sorted(parts[part]) for part in words}
    else:
        found = {f"unseen in {name}": sorted(parts["test"]) for name, parts in models.items()}
    return {word: subjects for word, subjects in found.items() if subjects}
