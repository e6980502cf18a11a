import numpy as np

from stgcn_affect.jobs.benchmark import bvh_text
from stgcn_affect.motion.readers.bvh import read_bvh


def test_the_file_holds_the_clip_again_and_again(walk, tmp_path):
    clip = walk()
    path = tmp_path / "walk.bvh"
    path.write_text(bvh_text(clip, frames=2 * clip.num_frames + 3))
    read = read_bvh(path)
    assert read.num_frames == 2 * clip.num_frames + 3
    assert read.fps_hz == clip.fps_hz
    assert sorted(read.layout.joints) == sorted(clip.layout.joints)
    order = [read.layout.index(joint) for joint in clip.layout.joints]
    again = read.positions[:, order]
    np.testing.assert_allclose(again[: clip.num_frames], clip.positions, atol=1e-4)
    np.testing.assert_array_equal(again[clip.num_frames : 2 * clip.num_frames], again[: clip.num_frames])
    np.testing.assert_array_equal(again[-3:], again[:3])
