import xml.etree.ElementTree as ET

import numpy as np
import pytest

from stgcn_affect.reporting import explanation_figures
from stgcn_affect.reporting.explanation_figures import (
    IDENTIFIES,
    MEANING,
    OWN,
    WITHOUT_STRIDE_TIME,
    draw_explanation,
    draw_recording,
)
from stgcn_affect.skeleton.layout import load_layout
from stgcn_affect.visual.animation import relevance_gif

LAYOUT = load_layout("emotion_gait16")
NAMES = ("sad/tired", "happy")


@pytest.fixture(scope="module")
def drawn(tmp_path_factory):
    """Draws what little there is of a run whose emotions were explained for something: the folder."""

    def draw(target, names=NAMES):
        folder = tmp_path_factory.mktemp("drawn")
        rows = [{"joint": joint, "mean": 0.5, "ci95": None} for joint in LAYOUT.joints]
        events = {"LHS": 0.0, "RTO": 12.0, "RHS": 50.0, "LTO": 62.0}
        results = {
            "identifies_subject": ["happy wrong"],
            "explained": {"method": "gradcam", "subjects": 3, "target": target},
            "ranking": dict.fromkeys(names, rows),
            "tempo": {key: {"mean": 0.1, "ci95": None} for key in names},
            "events": dict.fromkeys(names, events),
        }
        rng = np.random.default_rng(0)
        maps = {name: rng.normal(size=(16, 16)) for name in (*names, f"happy{WITHOUT_STRIDE_TIME}", "happy wrong")}
        cycles = {name: np.repeat(LAYOUT.rest[None], 16, axis=0) - LAYOUT.rest[0] for name in names}
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(explanation_figures, "relevance_gif", lambda *a, **k: relevance_gif(*a, **k, frames=2))
            draw_explanation(folder, results, maps=maps, cycles=cycles, layout=LAYOUT)
        return folder

    return draw


def words(path):
    return "\n".join(text for text in ET.parse(path).getroot().itertext() if text.strip())


@pytest.mark.tool
def test_pictures_of_emotions_with_any_name_are_files_of_one_folder(drawn):
    folder = drawn(OWN)
    assert not [path for path in folder.iterdir() if path.is_dir()]
    stems = {path.stem for path in folder.glob("*.png")}
    assert stems == {path.stem for path in folder.glob("*.svg")}
    assert {"explanation_sad_tired", "body_happy", "maps", "strips", "ranking", "decided_wrong"} <= stems
    assert "maps_without_stride_time" in stems
    assert not stems & {"decided_right", "contrasts", "identity"}, "pictures of what there is not"
    assert MEANING in words(folder / "maps.svg")
    assert "happy, decided wrong (few subjects: identifies)" in words(folder / "decided_wrong.svg")


@pytest.mark.tool
def test_pictures_say_what_was_asked(drawn):
    folder = drawn("happy-sad/tired", ("happy",))
    for name in ("maps", "strips", "explanation_happy"):
        said = words(folder / f"{name}.svg")
        assert "evidence for happy-sad/tired (above 0) and against it" in said
        assert MEANING not in said


@pytest.mark.tool
@pytest.mark.parametrize("shown", ["recording", "released"])
def test_pictures_of_one_recording_say_whether_they_identify_its_subject(shown, tmp_path, monkeypatch):
    monkeypatch.setattr(explanation_figures, "relevance_gif", lambda *a, **k: relevance_gif(*a, **k, frames=2))
    results = {
        "emotion": "sad",
        "probabilities": {"happy": 0.25, "sad": 0.75},
        "explained": {"target": "sad", "average_of_subjects": 5},
        "ranking": [{"joint": joint, "mean": 0.5, "ci95": None} for joint in LAYOUT.joints],
        "events": {"LHS": 0.0, "RHS": 50.0},
    }
    results |= {"file": "folder/ana.bvh"} if shown == "recording" else {}
    maps = {shown: np.ones((16, 16))} | ({"average": np.ones((16, 16))} if shown == "recording" else {})
    cycle = np.repeat(LAYOUT.rest[None], 16, axis=0) - LAYOUT.rest[0]
    draw_recording(tmp_path, results, maps=maps, cycle=cycle, layout=LAYOUT)
    for path in tmp_path.glob("*.svg"):
        assert (IDENTIFIES in words(path)) == (shown == "recording")
    assert (tmp_path / "beside_average.svg").exists() == (shown == "recording")
    said = words(tmp_path / "explanation.svg")
    assert ("ana.bvh: sad with a probability of 0.75" in said) == (shown == "recording")
    assert ("released map on the average cycle of training subjects" in said) == (shown == "released")
