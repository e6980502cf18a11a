import csv
import json

import numpy as np

from stgcn_affect.reporting.explanation_files import curve_rows, method_rows, ranking_rows, write_maps, write_tables

RESULTS = {
    "ranking": {
        "sad": [{"joint": "head", "mean": 0.5, "ci95": [0.25, 0.75]}, {"joint": "hip", "mean": 0.125, "ci95": None}]
    },
    "tempo": {"sad": {"mean": 0.25, "ci95": None, "speaks": "for"}},
    "summary": {"sad": {"trunk": {"cycle": 0.75, "left stance": 0.5}}},
}


def rows(path):
    with path.open(newline="") as file:
        return list(csv.reader(file))


def test_maps_come_back_with_names_and_phases(tmp_path, toy_layout):
    maps = {"sad": np.arange(12, dtype=np.float32).reshape(4, 3), "angry minus sad": np.zeros((4, 3))}
    cycles = {"sad": np.ones((4, 3, 3))}
    write_maps(tmp_path, maps=maps, cycles=cycles, layout=toy_layout, scale=2.5)
    with np.load(tmp_path / "maps.npz", allow_pickle=False) as kept:
        assert kept["joints"].tolist() == ["hip", "left", "right"]
        assert kept["phase_pct"].tolist() == [0, 25, 50, 75]
        assert kept["scale"] == 2.5
        np.testing.assert_array_equal(kept["map sad"], maps["sad"])
        assert set(kept.files) == {"joints", "phase_pct", "scale", "map sad", "map angry minus sad", "cycle sad"}
    table = rows(tmp_path / "maps.csv")
    assert table[0] == ["map", "joint", "phase_pct", "relevance"]
    assert ["sad", "left", "50", "7.000000"] in table
    assert len(table) == 1 + 2 * 3 * 4


def test_tables_that_there_are(tmp_path):
    write_tables(tmp_path, RESULTS)
    assert {path.name for path in tmp_path.iterdir()} == {"results.json", "ranking.csv", "summary.csv"}
    assert json.loads((tmp_path / "results.json").read_text()) == RESULTS
    assert rows(tmp_path / "summary.csv")[1:] == [
        ["sad", "trunk", "cycle", "0.750000"],
        ["sad", "trunk", "left stance", "0.500000"],
    ]


def test_ranking_with_the_stride_time_below():
    assert ranking_rows(RESULTS)[1:] == [
        ("sad", 1, "head", "0.500000", "0.250000", "0.750000"),
        ("sad", 2, "hip", "0.125000", "", ""),
        ("sad", "", "stride time", "0.250000", "", ""),
    ]


def test_methods_by_block_with_the_one_that_counts_marked():
    methods = {
        "gradcam": {"block": 1, "blocks": {"0": {"deletion_auc": 0.5}, "1": {"deletion_auc": 0.25}}},
        "gradient": {"block": None, "deletion_auc": 0.75, "ground_truth_auc": None},
    }
    table = method_rows(methods)
    column = table[0].index("deletion_auc")
    assert [(*row[:3], row[column]) for row in table[1:]] == [
        ("gradcam", "0", "", "0.5000"),
        ("gradcam", "1", "yes", "0.2500"),
        ("gradient", "", "yes", "0.7500"),
    ]
    assert table[3][table[0].index("ground_truth_auc")] == ""


def test_curves_point_by_point():
    curve = {"probability": [0.75, 0.5], "accuracy": [1.0, 0.5]}
    curves = {"fraction": [0.0, 1.0], "deletion": {"map": curve}, "insertion": {"map": curve}}
    assert curve_rows({"joints, mean path": {"curves": curves}})[1:3] == [
        ("joints, mean path", "deletion", "map", "0.0000", "0.750000", "1.000000"),
        ("joints, mean path", "deletion", "map", "1.0000", "0.500000", "0.500000"),
    ]
