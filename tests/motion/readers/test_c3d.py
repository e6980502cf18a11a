import sys

import numpy as np
import pytest

from stgcn_affect.errors import InputError
from stgcn_affect.motion.gaps import fill_gaps
from stgcn_affect.motion.normalise import centre, face_forward
from stgcn_affect.motion.readers.c3d import c3d_markers, read_c3d
from stgcn_affect.skeleton.layout import Layout, load_layout

ezc3d = pytest.importorskip("ezc3d")
PLUG_IN = load_layout("plug_in_gait18")


def write_c3d(path, points, labels, *, units="mm", rate=100.0, missing=()):
    """``points [T, markers, 3]``; ``missing``: (frame, marker) pairs that get a negative residual."""
    file = ezc3d.c3d()
    file["parameters"]["POINT"]["LABELS"]["value"] = labels
    file["parameters"]["POINT"]["UNITS"]["value"] = [units]
    file["parameters"]["POINT"]["RATE"]["value"] = [rate]
    file["data"]["points"] = np.concatenate([points, np.ones((*points.shape[:2], 1))], axis=-1).transpose(2, 1, 0)
    residuals = np.zeros((1, points.shape[1], len(points)))
    for frame, marker in missing:
        residuals[0, marker, frame] = -1
    file["data"]["meta_points"]["residuals"] = residuals
    file.write(str(path))
    return path


def plug_in(layout, clip):
    """Names and places in millimetres, z up, of all markers of the embedded layout; pairs stand apart by 2 cm."""
    joint_of = {marker: joint for joint, markers in PLUG_IN.markers.items() for marker in markers}
    at = {role: layout.role_position(clip.positions, role) for role in layout.roles}
    at |= {f"{s}_toe": at[f"{s}_ankle"] + (0, -0.04, 0.14) for s in "lr"} | {"spine": at["spine"]}
    labels = sorted(joint_of)
    points = np.stack([at[joint_of[marker]] for marker in labels], axis=1)
    return labels, points[..., [2, 0, 1]] * 1000


def test_markers_become_joints_in_metres_with_y_up(tmp_path, layout, walk_clip):
    clip = walk_clip(seconds=2.0, fps_hz=100)
    labels, points = plug_in(layout, clip)
    path = write_c3d(tmp_path / "w.c3d", points, [f"Ana:{label}" for label in labels])
    read = read_c3d(path)
    assert (read.layout.name, read.fps_hz, read.attributes) == (
        "plug_in_gait18",
        100,
        {"unit": "millimetres", "up_axis": "+z"},
    )
    assert sorted(c3d_markers(path)) == labels
    for role in ("neck", "l_knee", "r_wrist", "l_elbow"):
        found = face_forward(centre(read.positions, read.layout), read.layout)
        wanted = face_forward(centre(clip.positions, layout), layout)
        distance = read.layout.role_position(found, role) - layout.role_position(wanted, role)
        assert np.ptp(distance, axis=0) == pytest.approx(np.zeros(3), abs=1e-3)  # another pelvis, the same motion


def small_layout():
    content = load_layout("emotion_gait16").to_dict()
    content["markers"] = {joint: joint for joint in content["joints"]} | {"head": ["head", "neck"]}
    return Layout.from_dict(content)


@pytest.mark.parametrize(("units", "scale"), [("m", 1), ("mm", 1000), ("cm", 100), ("furlong", 100)])
def test_units_means_and_given_rate(tmp_path, layout, walk_clip, units, scale):
    clip = walk_clip(seconds=1.0)
    path = write_c3d(tmp_path / "w.c3d", clip.positions * scale, list(layout.joints), units=units)
    read = read_c3d(path, layout=small_layout(), fps_hz=50)
    wanted = clip.positions.copy()
    wanted[:, layout.index("head")] = wanted[:, [layout.index("head"), layout.index("neck")]].mean(axis=1)
    assert read.positions == pytest.approx(wanted, abs=1e-4)
    assert read.fps_hz == 50
    plain = read_c3d(path, layout=layout)
    assert plain.positions == pytest.approx(clip.positions, abs=1e-4)


def test_a_marker_that_was_not_seen_is_a_gap_of_its_joint(tmp_path, layout, walk_clip):
    points = walk_clip(seconds=1.0).positions * 1000
    neck, knee = layout.index("neck"), layout.index("l_knee")
    points[7, knee] = 0
    path = write_c3d(tmp_path / "w.c3d", points, list(layout.joints), missing=[(5, neck)])
    read = read_c3d(path, layout=small_layout())
    gone = [tuple(place) for place in np.argwhere(np.isnan(read.positions).any(axis=-1))]
    assert gone == [(5, neck), (5, layout.index("head")), (7, knee)]
    _, mended, too_long = fill_gaps(read.positions, layout.joints, fps_hz=read.fps_hz)
    assert mended == ["joints neck, head, l_knee: 1 frame missing, filled by interpolation"]
    assert too_long == []


def test_what_does_not_fit_is_explained(tmp_path, layout, walk_clip):
    points = walk_clip(seconds=1.0).positions
    labels = list(layout.joints)
    path = write_c3d(tmp_path / "w.c3d", points, ["x" + label for label in labels])
    with pytest.raises(InputError, match=r"w\.c3d: expected a layout.*, and the joints xroot, xs"):
        read_c3d(path)
    with pytest.raises(InputError, match=r"the markers of the layout emotion_gait16 \(got xroot"):
        read_c3d(path, layout=layout)
    some = write_c3d(tmp_path / "v.c3d", points, ["root", "spine", *(f"x{label}" for label in labels[2:])])
    with pytest.raises(InputError, match=r"\(missing: neck, head, l_shoulder.*; got root, spine, xneck"):
        read_c3d(some, layout=layout)


@pytest.mark.parametrize("size", [0, 700, 4000])
def test_broken_files_are_explained(tmp_path, layout, walk_clip, size):
    whole = write_c3d(tmp_path / "w.c3d", walk_clip(seconds=1.0).positions, list(layout.joints)).read_bytes()
    (tmp_path / "w.c3d").write_bytes(whole[:size])
    with pytest.raises(InputError, match=r"w\.c3d: expected") as caught:
        read_c3d(tmp_path / "w.c3d", layout=layout)
    assert "\n" not in str(caught.value)


def test_without_the_extra_it_is_named(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "ezc3d", None)
    with pytest.raises(InputError, match=r"w\.c3d: C3D files need .*pip install 'stgcn_affect\[c3d\]'"):
        read_c3d(tmp_path / "w.c3d")
