import numpy as np
import pytest

from stgcn_affect.motion.cycles import cut_cycles
from stgcn_affect.motion.quality import check_clip
from stgcn_affect.motion.readers.formats import read_clips
from walking_figure import FIGURE, frozen, missing, moved, walking_figure, wavering, write_bvh, write_table


@pytest.mark.parametrize("layout", ["kinect25", "kinect20", "bandai21", "emotion_gait16", "plug_in_gait18"])
def test_the_strides_are_those_that_were_asked_for(layout):
    for stride_time_s in (0.8, 1.1, 1.3):
        clip = walking_figure(layout, seconds=4.2 * stride_time_s, stride_time_s=stride_time_s, fps_hz=60)
        assert check_clip(clip) == (clip, [])
        cycles, refused = cut_cycles(clip)
        assert refused == []
        assert [cycle.stride_time_s for cycle in cycles] == pytest.approx([stride_time_s] * 3, abs=0.01)


def test_files_hold_the_figure(tmp_path):
    clip = walking_figure(FIGURE, seconds=2.0)
    (read,) = read_clips(write_bvh(tmp_path / "w.bvh", clip))
    there = [read.layout.index(joint) for joint in clip.layout.joints]
    assert read.positions[:, there] == pytest.approx(clip.positions, abs=1e-4)
    clip = walking_figure("kinect25", seconds=2.0)
    (read,) = read_clips(write_table(tmp_path / "w.csv", clip))
    assert read.positions == pytest.approx(clip.positions, abs=1e-4)
    assert read.fps_hz == pytest.approx(30, abs=0.1)


def test_faults_are_where_they_were_planted():
    clip = walking_figure("kinect25", seconds=2.0)
    knee = clip.layout.index("KneeLeft")
    for faulty in (
        missing(clip, ["KneeLeft"], 1.0, 1.5),
        frozen(clip, ["KneeLeft"], 1.0, 1.5),
        moved(clip, ["KneeLeft"], 1.0, 1.5, (0.1, 0, 0)),
        wavering(clip, ["KneeLeft"], 1.0, 1.5, 0.3),
    ):
        changed = (faulty.positions != clip.positions).any(axis=-1)
        assert set(np.flatnonzero(changed.any(axis=0))) == {knee}
        assert set(np.flatnonzero(changed[:, knee])) <= set(range(30, 45))
