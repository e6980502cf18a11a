from pathlib import Path

import pytest

from stgcn_affect.errors import InputError
from stgcn_affect.jobs.visualise import subject_groups, visualise_layout
from stgcn_affect.skeleton.layout import load_layout
from walking_figure import walking_figure, write_bvh


def test_subjects_of_one_model_by_part_and_of_several_by_who_never_saw_them():
    one = {"train": ["b", "a"], "validation": [], "test": ["c"]}
    assert subject_groups({"": one}) == {"training": ["a", "b"], "unseen": ["c"]}
    other = {"train": ["c"], "validation": ["a"], "test": ["b"]}
    assert subject_groups({"fold-00": one, "fold-01": other}) == {
        "unseen in fold-00": ["c"],
        "unseen in fold-01": ["b"],
    }


def test_a_recording_gets_a_layout_to_start_from_and_it_is_not_overwritten(tmp_path):
    walk = walking_figure("bandai21", seconds=1.0)
    path = write_bvh(tmp_path / "walk.bvh", walk)
    found = visualise_layout(str(path), tmp_path / "out")
    assert [Path(one).name for one in found] == ["walk.layout.yaml", "layout-bvh21.png", "layout-bvh21.svg"]
    assert load_layout(tmp_path / "out" / "walk.layout.yaml").roles["l_knee"] == ("LowerLeg_L",)
    with pytest.raises(InputError, match="as none is overwritten"):
        visualise_layout(str(path), tmp_path / "out")
    path.write_text(path.read_text().replace("LowerLeg", "Box"))
    found = visualise_layout(str(path), tmp_path / "gaps")
    assert found[1] == "unsure: no joint is named like the role l_knee: fill it in"
    assert str(found[-1]).startswith("fill in each '?' in it, then: stgcn-affect visualise layout ")
