import h5py
import numpy as np
import pytest

from stgcn_affect.errors import InputError
from stgcn_affect.motion.readers.emotion_gait import (
    emotion_gait_clips,
    parse_emotion_gait,
    period_of,
    read_emotion_gait,
)


def write(tmp_path, clips, labels=None):
    with h5py.File(tmp_path / "features.h5", "w") as file:
        for key, values in clips.items():
            file[key] = values
    if labels is not None:
        with h5py.File(tmp_path / "labels.h5", "w") as file:
            for key, code in labels.items():
                file[key] = code
    return tmp_path / "features.h5"


@pytest.fixture
def tiled(walk_clip):
    stride = walk_clip(periodic=True, fps_hz=30).positions.reshape(36, 48)
    return np.concatenate([stride, stride, stride])[:75]


def test_clips_are_cut_to_their_period(tmp_path, tiled):
    (clip,) = read_emotion_gait(write(tmp_path, {"105_13_positions.csv": tiled}))
    assert clip.positions == pytest.approx(tiled[:36].reshape(36, 16, 3))
    assert clip.periodic
    assert (clip.fps_hz, clip.duration_s) == (30, 1.2)
    assert clip.source.endswith("features.h5:105_13_positions.csv")
    assert clip.attributes == {"unit": "relative", "up_axis": "+y"}


def test_a_clip_without_period_stays_whole(tmp_path, walk_clip):
    values = walk_clip(seconds=2.5, fps_hz=30).positions.reshape(75, 48)
    (clip,) = read_emotion_gait(write(tmp_path, {"a_positions.csv": values}))
    assert not clip.periodic
    assert clip.num_frames == 75


@pytest.mark.parametrize(
    ("key", "parts"),
    [
        ("ale_walk_an_1_fin_positions.csv", ("ale", "angry", "1_fin")),
        ("boo_walk_ha_2_fin_positions.csv", ("boo", "happy", "2_fin")),
        ("boo_walk_nu_2_fin_positions.csv", ("boo", "neutral", "2_fin")),
        ("boo_walk_sa_2_positions.csv", ("boo", "sad", "2")),
        ("007_Angry_03_positions.csv", ("007", "angry", "03")),
        ("123_Neutral_1_positions.csv", ("123", "neutral", "1")),
        ("001_Angry_positions.csv", ("001", "angry", "001_Angry")),
        ("021_Sad_positions.csv", ("021", "sad", "021_Sad")),
        ("001_Angrypositions.csv", ("", "", "001_Angrypositions")),
        ("105_13_positions.csv", ("", "", "105_13")),
        ("1_0_1_positions.csv", ("", "", "1_0_1")),
        ("0_Scene_15_database_normed_positions.csv", ("", "", "0_Scene_15_database_normed")),
        ("File12_positions.csv", ("", "", "File12")),
        ("alex_walk_an_1_positions.csv", ("", "", "alex_walk_an_1")),
    ],
)
def test_which_names_carry_subject_and_acted_emotion(tmp_path, tiled, key, parts):
    (clip,) = read_emotion_gait(write(tmp_path, {key: tiled}))
    assert (clip.subject, clip.emotion, clip.take) == parts


def test_perceived_labels_are_kept_apart(tmp_path, tiled):
    keys = [f"{k}_walk_sa_1_positions.csv" for k in ("aaa", "bbb", "ccc", "ddd", "eee")]
    path = write(tmp_path, dict.fromkeys(keys, tiled), {key: np.int32(i) for i, key in enumerate(keys[:4])})
    clips = read_emotion_gait(path)
    assert [c.attributes.get("perceived_emotion") for c in clips] == ["happy", "angry", "sad", "neutral", None]
    assert {c.emotion for c in clips} == {"sad"}


def test_broken_files_are_explained(tmp_path, tiled):
    with pytest.raises(
        InputError, match=r"features\.h5:a: expected numbers of the shape \[frames, 48\] \(got \[75, 47\]"
    ):
        read_emotion_gait(write(tmp_path, {"a": tiled[:, :47]}))
    with pytest.raises(InputError, match="an empty file"):
        read_emotion_gait(write(tmp_path, {}))
    (tmp_path / "features.h5").write_text("no")
    with pytest.raises(InputError, match=r"features\.h5: expected an HDF5 file"):
        read_emotion_gait(tmp_path / "features.h5")


def test_a_group_is_no_clip(tmp_path, tiled):
    path = write(tmp_path, {"train/a": tiled})
    with pytest.raises(InputError, match=r"features\.h5:train: expected a data set \(got a group\)"):
        read_emotion_gait(path)


def test_a_broken_clip_costs_itself_alone(tmp_path, tiled):
    clips = {"a": tiled, "b": tiled[:, :47], "c/d": tiled, "e": np.bytes_("x"), "f": tiled}
    path = write(tmp_path, clips, {"a": 7, "f": 2, "gone": [1, 2]})
    with h5py.File(path, "a") as file:
        file["g"] = h5py.SoftLink("/nothing")
    parts = emotion_gait_clips(path, parse_emotion_gait(path))
    assert [part.source for part in parts] == [f"{path}:{key}" for key in "abcefg"]
    reasons = [part.reason for part in parts[1:4] + parts[5:]]
    assert reasons[:3] == [
        "expected numbers of the shape [frames, 48] (got [75, 47] of float32)",
        "expected a data set (got a group)",
        "expected numbers of the shape [frames, 48] (got [] of |S1)",
    ]
    assert reasons[3].startswith("expected a data set (got nothing that can be read: ")
    first, last = read_emotion_gait(path)
    assert (first.take, last.take) == ("a", "f")
    assert first.remarks == ("labels.h5: expected a label from 0 to 3 (got 7): the rating is unknown",)
    assert "perceived_emotion" not in first.attributes
    assert last.attributes["perceived_emotion"] == "sad"


def test_a_damaged_block_costs_its_clip_alone(tmp_path, tiled):
    with h5py.File(tmp_path / "features.h5", "w") as file:
        for key in ("a", "b"):
            file.create_dataset(key, data=tiled, chunks=tiled.shape, compression="gzip")
        start = file["a"].id.get_chunk_info(0).byte_offset
    with (tmp_path / "features.h5").open("r+b") as file:
        file.seek(start)
        file.write(b"\0" * 40)
    parts = emotion_gait_clips(tmp_path / "features.h5", parse_emotion_gait(tmp_path / "features.h5"))
    assert parts[0].reason.startswith("expected a data set (got nothing that can be read")
    assert parts[1].num_frames == 36


def test_period():
    frames = np.tile(np.random.default_rng(0).normal(size=(20, 3)), (4, 1))[:75]
    assert period_of(frames) == 20
    assert period_of(frames[:30]) == 20
    assert period_of(np.random.default_rng(0).normal(size=(75, 3))) == 0


def test_published_files(real_data):
    clips = read_emotion_gait(real_data / "emotion-gait" / "features.h5")
    assert len(clips) == 204
    acted = [clip for clip in clips if clip.emotion]
    assert len({clip.subject for clip in acted}) == 20
    assert len(acted) == 80
    assert sum(clip.periodic for clip in clips) == 203
    assert all(24 <= clip.num_frames <= 63 for clip in acted)
    assert all("perceived_emotion" in clip.attributes for clip in clips)
