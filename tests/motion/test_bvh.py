import numpy as np
import pytest

from stgcn_affect.errors import InputError
from stgcn_affect.motion.bvh import parse_bvh

ARM = """HIERARCHY
ROOT Upper arm
{
  OFFSET 0 1 0
  CHANNELS 6 Xposition Yposition Zposition Zrotation Xrotation Yrotation
  JOINT Hand
  {
    OFFSET 2 0 0
    CHANNELS 1 yrotation
    End Site
    {
      OFFSET 3 0 0
    }
  }
}
MOTION
Frames: 2
Frame Time: 0.0333333
1 2 3 4 5 6 7
8 9 10 11 12 13 14
"""


def write(tmp_path, text):
    path = tmp_path / "walk.bvh"
    path.write_text(text)
    return path


def test_tree_channels_and_motion(tmp_path):
    bvh = parse_bvh(write(tmp_path, ARM))
    assert bvh.joints == ("Upper arm", "Hand")
    assert bvh.parents == (-1, 0)
    assert bvh.offsets.tolist() == [[0, 1, 0], [2, 0, 0]]
    assert bvh.channels == (
        ("Xposition", "Yposition", "Zposition", "Zrotation", "Xrotation", "Yrotation"),
        ("Yrotation",),
    )
    assert bvh.motion == pytest.approx(np.arange(1.0, 15).reshape(2, 7))
    assert bvh.fps_hz == 30.0


@pytest.mark.parametrize(
    "changed",
    [
        "\ufeff" + ARM,
        ARM.replace("\n{", " {").replace("}\n", "} "),
        ARM.replace("\n", "\r\n").replace("  ", "\t"),
        ARM.replace("End Site", "End site").replace("MOTION", "MOTION  "),
    ],
)
def test_ways_of_writing(tmp_path, changed):
    bvh = parse_bvh(write(tmp_path, changed))
    assert (bvh.joints, bvh.parents, bvh.offsets.tolist()) == (("Upper arm", "Hand"), (-1, 0), [[0, 1, 0], [2, 0, 0]])
    assert bvh.motion[1].tolist() == [8, 9, 10, 11, 12, 13, 14]


def test_a_joint_may_be_named_like_the_motion_part(tmp_path):
    assert parse_bvh(write(tmp_path, ARM.replace("Hand", "LOCOMOTION"))).joints == ("Upper arm", "LOCOMOTION")


@pytest.mark.parametrize(("frame_time", "fps"), [(".0083333", 120.0), ("0.04", 25.0), ("0.0417083", 23.976)])
def test_frame_rates(tmp_path, frame_time, fps):
    text = ARM.replace("0.0333333", frame_time).replace("\n", "\r\n")
    assert parse_bvh(write(tmp_path, text)).fps_hz == pytest.approx(fps, rel=1e-4)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("HIERARCHY", "HIER", "has the parts HIERARCHY and MOTION"),
        ("MOTION", "", "has the parts HIERARCHY and MOTION"),
        ("OFFSET 2 0 0", "OFFSET 2 0", r"line 8 .*\(got 'OFFSET 2 0'\)"),
        ("OFFSET 2 0 0", "", r"joint 'Hand' needs an OFFSET"),
        ("CHANNELS 1 yrotation", "CHANNELS 2 yrotation", "line 9"),
        ("CHANNELS 1 yrotation", "CHANNELS 1 wrotation", "line 9"),
        ("CHANNELS 1 yrotation", "CHANNELS 2 yrotation Yrotation", "line 9"),
        ("  }\n}\nMOTION", "  }\nMOTION", r"\(got 1 left open\)"),
        ("Frames: 2", "Frames: 3", r"expected 3 frames of 7 channels, 21 numbers \(got 14\)"),
        ("Frames: 2", "Fr: 2", "expected 'Frames: N' and 'Frame Time: S'"),
        ("Time: 0.0333333", "Time: -1", r"positive number of seconds \(got -1.0\)"),
        ("14", "x", "numbers only"),
    ],
)
def test_a_broken_file_is_explained(tmp_path, old, new, words):
    assert old in ARM
    with pytest.raises(InputError, match=words) as caught:
        parse_bvh(write(tmp_path, ARM.replace(old, new)))
    assert "walk.bvh" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_file_that_cannot_be_read(tmp_path):
    with pytest.raises(InputError, match=r"none\.bvh: cannot be read"):
        parse_bvh(tmp_path / "none.bvh")
