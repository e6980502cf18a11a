import numpy as np
import pytest
import yaml
from PIL import Image

from stgcn_affect.errors import InputError
from stgcn_affect.jobs.check import check_data


def contents(folder):
    return {path: path.stat().st_mtime_ns for path in folder.rglob("*")}


def test_every_clip_has_a_line_then_come_tables_and_counts(stick_gait, tmp_path):
    before = contents(tmp_path)
    lines = list(check_data(stick_gait))
    assert len([line for line in lines if "features.h5" in line]) == 8
    assert any("tom_walk_sa_1" in line and "left out" in line for line in lines)
    assert any(
        line.endswith("[emotion_gait16: 16 joints, 30 frames a second, 1.0 s, unit relative, +y up]") for line in lines
    )
    table = [line.split() for line in lines]
    assert ["emotion_gait16", "30", "relative", "8", "6", "2", "6"] in table
    assert ["subject", "happy", "sad", "cycles"] in table
    assert ["ana", "1", "1", "2"] in table
    assert lines[-2].startswith("stick-gait: 6 cycles of 6 takes, 3 subjects x 2 emotions (happy 3, sad 3)")
    assert lines[-1].startswith("left out: 2 clips")
    assert contents(tmp_path) == before


def test_each_skeleton_is_drawn_once(stick_gait, tmp_path):
    lines = list(check_data(stick_gait, out=tmp_path / "check"))
    assert f"picture: {tmp_path / 'check' / 'layout_emotion_gait16.png'}" in lines
    (picture,) = (tmp_path / "check").iterdir()
    pixels = np.asarray(Image.open(picture).convert("L"))
    assert (pixels < 128).mean() > 0.002


def test_lines_come_before_the_word_that_none_is_usable(tmp_path):
    (tmp_path / "a.bvh").write_text("no motion")
    (tmp_path / "manifest.csv").write_text("path,subject,emotion,take\na.bvh,ana,sad,1\n")
    lines = check_data(tmp_path)
    assert next(lines).startswith(f"{tmp_path / 'a.bvh'}: left out: ")
    with pytest.raises(InputError, match="expected clips of seen subjects and emotions"):
        list(lines)


def without_spine(layout):
    content = layout.to_dict()
    joints = {j: {"spine": "root"}.get(p, p) for j, p in content["joints"].items() if j != "spine"}
    roles = {role: joint for role, joint in content["roles"].items() if role != "spine"}
    return content | {"name": "small", "joints": joints, "roles": roles, "rest": None}


def test_lines_and_pictures_come_before_the_word_that_skeletons_differ(tmp_path, walk):
    clip = walk()
    np.savez(tmp_path / "a.npz", positions=clip.positions, fps_hz=60, joints=np.array(clip.layout.joints))
    small = np.delete(clip.positions, clip.layout.index("spine"), axis=1)
    np.savez(tmp_path / "b.npz", positions=small, fps_hz=60)
    (tmp_path / "small.yaml").write_text(yaml.safe_dump(without_spine(clip.layout), sort_keys=False))
    rows = ["path,subject,emotion,take,layout", "a.npz,ana,sad,1,", "b.npz,ben,sad,1,small.yaml"]
    (tmp_path / "manifest.csv").write_text("\n".join(rows) + "\n")
    lines = check_data(tmp_path, out=tmp_path / "check")
    first, second = next(lines), next(lines)
    assert first.endswith("[emotion_gait16: 16 joints, 60 frames a second, 2.6 s, unit metres, +y up]")
    assert second.endswith("[small: 15 joints, 60 frames a second, 2.6 s, unit metres, +y up]")
    with pytest.raises(InputError, match=r"b\.npz: expected the same joints and bones as .*a\.npz"):
        list(lines)
    drawn = sorted(path.name for path in (tmp_path / "check").iterdir())
    assert drawn == ["layout_emotion_gait16.png", "layout_small.png"]
