import zipfile

import numpy as np
import pytest
from PIL import Image

from stgcn_affect.errors import InputError
from stgcn_affect.motion.readers.formats import read_clips
from stgcn_affect.release.motion_files import WRITERS, write_motion

SECRETS = {"subject": "Zebulon", "emotion": "sulky", "take": "Tuesday", "source": "/home/ward7/zebulon.c3d"}


@pytest.fixture
def clip(walk):
    return walk(**SECRETS, attributes={"gender": "unsaid"}, remarks=("marker ZB:LASI was filled",))


def written(clip, tmp_path, kind):
    if kind == "c3d":
        pytest.importorskip("ezc3d")
    return write_motion(clip, tmp_path / f"walk.{kind}")


@pytest.mark.parametrize("kind", ["bvh", "c3d", "csv", "npz"])
def test_positions_and_frame_rate_come_back(clip, tmp_path, kind):
    (found,) = read_clips(written(clip, tmp_path, kind), layout=clip.layout)
    assert found.fps_hz == pytest.approx(clip.fps_hz, rel=1e-6)
    assert np.abs(found.positions - clip.positions).max() < 1e-4


@pytest.mark.filterwarnings("ignore:No analog data", "ignore:incomplete reading")
def test_an_independent_reader_finds_the_same_c3d(clip, tmp_path):
    c3d = pytest.importorskip("c3d")
    with written(clip, tmp_path, "c3d").open("rb") as file:
        found = c3d.Reader(file)
        points = np.array([frame[:, :3] for _, frame, _ in found.read_frames()])
    assert [label.strip() for label in found.point_labels] == list(clip.layout.joints)
    assert found.point_rate == clip.fps_hz
    assert np.abs(points / 1000 - clip.positions).max() < 1e-4


@pytest.mark.parametrize("kind", WRITERS)
def test_nothing_but_the_motion_is_in_the_file(clip, tmp_path, kind):
    content = written(clip, tmp_path, kind).read_bytes().lower()
    for word in ("zebulon", "sulky", "tuesday", "ward7", "unsaid", "lasi"):
        assert word.encode() not in content


@pytest.mark.parametrize("kind", WRITERS)
def test_the_same_motion_gives_the_same_bytes(clip, walk, tmp_path, kind):
    first = written(clip, tmp_path, kind).read_bytes()
    assert written(walk(), tmp_path, kind).read_bytes() == first


def test_an_npz_says_nothing_of_the_time(clip, tmp_path):
    with zipfile.ZipFile(written(clip, tmp_path, "npz")) as file:
        assert {info.date_time[0] for info in file.infolist()} == {1980}


def test_a_gif_shows_one_stride_where_the_clip_says_how_long_it_is(walk, tmp_path):
    image = Image.open(write_motion(walk(attributes={"stride_time_s": "1.0"}), tmp_path / "walk.gif"))
    assert image.n_frames == 20


def test_another_ending_is_refused(clip, tmp_path):
    with pytest.raises(InputError, match=r"ending in \.bvh, \.c3d, \.csv, \.npz, \.gif \(got '\.fbx'\)"):
        write_motion(clip, tmp_path / "walk.fbx")
