"""The files of an explanation: NPZ, CSV and JSON with the joints' names, so that pictures need no model."""

import json
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from stgcn_affect.files import write_csv, write_whole
from stgcn_affect.skeleton.layout import Layout

SCORES = (
    "ground_truth_auc",
    "ground_truth_all_auc",
    "deletion_auc",
    "insertion_auc",
    "random_auc",
    "energy_auc",
    "sanity_spearman",
    "sanity_spearman_signed",
    "random_labels_spearman",
    "stability",
    "contrastivity",
    "sparsity",
)
"""Columns of ``methods.csv``."""


def write_maps(
    folder: Path,
    *,
    maps: Mapping[str, npt.NDArray[np.floating]],
    cycles: Mapping[str, npt.NDArray[np.floating]],
    layout: Layout,
    scale: float,
) -> None:
    """``maps.npz`` (one array ``[T, V]`` per map, one ``[T, V, 3]`` per average cycle) and ``maps.csv``, row by row."""
    samples = len(next(iter(maps.values())))
    phase = 100 * np.arange(samples) / samples
    arrays: dict[str, Any] = {"joints": np.array(layout.joints), "phase_pct": phase, "scale": np.array(scale)}
    arrays |= {f"map {name}": np.asarray(one, np.float32) for name, one in maps.items()}
    arrays |= {f"cycle {name}": np.asarray(one, np.float32) for name, one in cycles.items()}
    content = BytesIO()
    np.savez_compressed(content, **arrays)
    write_whole(content.getvalue(), path=folder / "maps.npz")
    rows = [
        (name, joint, f"{phase[t]:g}", f"{one[t, v]:.6f}")
        for name, one in maps.items()
        for v, joint in enumerate(layout.joints)
        for t in range(samples)
    ]
    write_csv([("map", "joint", "phase_pct", "relevance"), *rows], path=folder / "maps.csv")


def write_tables(folder: Path, results: Mapping[str, Any]) -> None:
    """``results.json`` and a CSV each for the ranking, the methods, the summary and the curves."""
    write_whole(json.dumps(results, indent=1) + "\n", path=folder / "results.json")
    write_csv(ranking_rows(results), path=folder / "ranking.csv")
    write_csv(summary_rows(results), path=folder / "summary.csv")
    if "methods" in results:
        write_csv(method_rows(results["methods"]), path=folder / "methods.csv")
    if "faithfulness" in results:
        write_csv(curve_rows(results["faithfulness"]), path=folder / "deletion.csv")


def ranking_rows(results: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    """The ranking as rows: joints and the stride time of each emotion, best first."""
    rows: list[tuple[Any, ...]] = [("emotion", "rank", "joint", "mean", "lower", "upper")]
    for emotion, ranked in results["ranking"].items():
        rows += [(emotion, place + 1, row["joint"], *_limited(row)) for place, row in enumerate(ranked)]
        rows.append((emotion, "", "stride time", *_limited(results["tempo"][emotion])))
    return rows


def summary_rows(results: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    """The summary as rows: share of each limb in each phase of the gait, emotion by emotion."""
    rows: list[tuple[Any, ...]] = [("emotion", "limb", "phase", "share")]
    for emotion, limbs in results["summary"].items():
        rows += [(emotion, limb, phase, f"{share:.6f}") for limb, of in limbs.items() for phase, share in of.items()]
    return rows


def method_rows(methods: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    """The method table as rows: every method and block with its scores; the best block is marked."""
    rows: list[tuple[Any, ...]] = [("method", "block", "best", *SCORES)]
    for name, about in methods.items():
        blocks = about.get("blocks") or {"": about}
        for block, scores in blocks.items():
            best = block == "" or int(block) == about["block"]
            cells = [scores.get(score) for score in SCORES]
            rows.append((name, block, "yes" if best else "", *("" if c is None else f"{c:.4f}" for c in cells)))
    return rows


def curve_rows(faithfulness: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    """Deletion and insertion curves as rows, point by point."""
    rows: list[tuple[Any, ...]] = [("units and replacement", "kind", "order", "fraction", "probability", "accuracy")]
    for title, block in faithfulness.items():
        for kind in ("deletion", "insertion"):
            for order, curve in block["curves"][kind].items():
                points = zip(block["curves"]["fraction"], curve["probability"], curve["accuracy"], strict=True)
                rows += [(title, kind, order, f"{f:.4f}", f"{p:.6f}", f"{a:.6f}") for f, p, a in points]
    return rows


def _limited(row: Mapping[str, Any]) -> tuple[str, str, str]:
    lower, upper = ("", "") if row["ci95"] is None else (f"{limit:.6f}" for limit in row["ci95"])
    return f"{row['mean']:.6f}", lower, upper
