from pathlib import Path

import numpy as np
import pytest

from stgcn_affect.data.prediction import Prediction
from stgcn_affect.reporting.predictions import RecordingPrediction, cycles_path, summary_lines, write_predictions


@pytest.fixture
def found():
    """A recording of two cycles, and a file that cannot be read."""
    cycles = np.array([[0.25, 0.75], [0.75, 0.25]])
    prediction = Prediction(("happy", "sad"), cycles, np.array([0.5, 1.5]), np.array([False, True]))
    about = {"duration_s": 2.5, "fps_hz": 30.0, "skeleton": "toy", "notes": ("one, mended", "two")}
    return [
        RecordingPrediction("a.csv", prediction, (1.0, 1.2), **about),
        RecordingPrediction("b.csv", left_out="expected numbers (got a poem)"),
    ]


def test_a_row_a_recording_and_a_row_a_cycle(found, tmp_path):
    write_predictions(found, ("happy", "sad"), out=tmp_path / "p.csv")
    assert (tmp_path / "p.csv").read_text().splitlines() == [
        "recording,emotion,p_happy,p_sad,outlier_score,is_outlier,cycles,outlier_cycles,stride_time_s,"
        "duration_s,fps_hz,skeleton,from_camera,left_out,notes",
        'a.csv,happy,0.500000,0.500000,1.000000,FALSE,2,1,1.1000,2.500,30,toy,FALSE,,"one, mended; two"',
        "b.csv,,,,,,0,0,,,,,,expected numbers (got a poem),",
    ]
    assert cycles_path(tmp_path / "p.csv") == tmp_path / "p_cycles.csv"
    assert (tmp_path / "p_cycles.csv").read_text().splitlines() == [
        "recording,cycle,emotion,p_happy,p_sad,outlier_score,is_outlier,stride_time_s",
        "a.csv,1,sad,0.250000,0.750000,0.500000,FALSE,1.0000",
        "a.csv,2,happy,0.750000,0.250000,1.500000,TRUE,1.2000",
    ]


def test_the_summary_counts_emotions_and_reasons(found):
    others = [RecordingPrediction(f"{i}.csv", left_out=f"reason {i}") for i in range(6)]
    lines = list(summary_lines([*found, found[1], *others], out=Path("p.csv")))
    assert lines[0] == "1 of 9 recordings predicted: happy 1; 0 of them outliers"
    assert lines[1] == "left out: 2 x expected numbers (got a poem)"
    assert lines[-3:] == ["left out: 2 for other reasons", "a row a recording: p.csv", "a row a cycle: p_cycles.csv"]
