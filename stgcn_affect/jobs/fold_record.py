"""What is kept of a finished fold, so that a resumed run need not train it again."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from stgcn_affect.data.store import CycleStore
from stgcn_affect.evaluation.seen_subjects import Attack
from stgcn_affect.files import write_csv, write_whole

FOLD, PREDICTIONS = "fold.json", "predictions.csv"


@dataclass(frozen=True, eq=False)
class FoldRecord:
    """One fold's outcome.

    Args:
        test: ``[n]`` indices of the tested cycles among the labelled ones.
        probabilities: ``[n, Q]`` of the emotions.
        attack: on the training subjects, or None where there could be none.
        subjects: the subjects of each part.
        seconds: that the fold took.
        digest: the digest of the data and settings that it was made with.
    """

    test: npt.NDArray[np.int64]
    probabilities: npt.NDArray[np.float32]
    attack: Attack | None
    subjects: Mapping[str, list[str]]
    seconds: float
    digest: str = ""

    @property
    def predicted(self) -> npt.NDArray[np.int64]:
        """``[n]`` codes of the likeliest emotion."""
        codes: npt.NDArray[np.int64] = self.probabilities.argmax(axis=1).astype(np.int64)
        return codes


def write_fold(folder: Path, record: FoldRecord, cycles: CycleStore, emotions: Sequence[str]) -> None:
    """Write ``predictions.csv``, for people, then ``fold.json``, which marks the fold as done."""
    rows: list[list[str]] = [["source", "subject", "take", "emotion", "predicted", *(f"p_{name}" for name in emotions)]]
    for i, row in zip(record.test, record.probabilities, strict=True):
        labels = [column[i] for column in (cycles.source, cycles.subject, cycles.take, cycles.emotion)]
        rows.append([*labels, emotions[int(row.argmax())], *(f"{p:.6f}" for p in row)])
    write_csv(rows, path=folder / PREDICTIONS)
    content = {
        "test": record.test.tolist(),
        "probabilities": record.probabilities.astype(float).tolist(),
        "attack": None if record.attack is None else record.attack.to_dict(),
        "subjects": dict(record.subjects),
        "seconds": record.seconds,
        "digest": record.digest,
    }
    write_whole(json.dumps(content), path=folder / FOLD)


def read_fold(folder: Path, digest: str) -> FoldRecord | None:
    """What ``write_fold`` wrote, or None where the fold is not done or was made with other data or settings."""
    path = folder / FOLD
    if not path.is_file():
        return None
    content = json.loads(path.read_text(encoding="utf-8"))
    if content.get("digest") != digest:
        return None
    attack = content["attack"]
    return FoldRecord(
        test=np.array(content["test"], np.int64),
        probabilities=np.array(content["probabilities"], np.float32),
        attack=None if attack is None else Attack.from_dict(attack),
        subjects=content["subjects"],
        seconds=content["seconds"],
        digest=digest,
    )
