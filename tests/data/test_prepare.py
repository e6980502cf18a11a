import json

import numpy as np
import pytest

from stgcn_affect.data import prepare
from stgcn_affect.data.labelled import describe_cycles
from stgcn_affect.data.prepare import ClipSource, build_cache
from stgcn_affect.data.prepare_clip import prepare_clip
from stgcn_affect.data.store import open_store
from stgcn_affect.errors import InputError
from stgcn_affect.motion.camera import with_quality
from stgcn_affect.motion.clip import Unreadable


@pytest.fixture
def clips(walk):
    """Three subjects, two emotions, one of two cycles; and two that cannot be used."""
    made = [
        walk(
            subject=subject,
            emotion=emotion,
            take="1",
            source=f"{subject}-{emotion}",
            swing=swing * time,
            stride_time_s=time,
        )
        for subject, swing in (("ana", 0.45), ("ben", 0.5), ("eva", 0.55))
        for emotion, time in (("happy", 1.0), ("sad", 1.3))
    ]
    made[0] = walk(subject="ana", emotion="happy", take="1", source="ana-happy", swing=0.45, strides=3)
    return [*made, Unreadable("bad.bvh", "no HIERARCHY"), walk(source="nobody", swing=0.6)]


def make(clips, out, **more):
    about = {"name": "toy", "settings": {"kind": "test"}, "inputs_digest": "1"}
    about |= {key: more.pop(key) for key in ClipSource._fields if key in more}
    return build_cache(ClipSource(clips, **about), out, **more)


def test_a_cache_holds_the_cycles_and_says_what_it_lacks(clips, tmp_path):
    report = make(clips, tmp_path / "cache", truth=lambda: {"known": 1})
    assert not report.reused
    assert (report.cycles, report.takes, report.subjects) == (7, 6, ("ana", "ben", "eva"))
    assert report.emotions == {"happy": 4, "sad": 3}
    assert report.skipped == (("bad.bvh", "no HIERARCHY"), ("nobody", "unknown subject and emotion"))
    store = open_store(tmp_path / "cache")
    assert store.positions.shape == (7, 64, 16, 3)
    assert np.isfinite(store.positions).all()
    assert store.settings == {"kind": "test", "samples": 64, "keep_unlabelled": False}
    assert store.truth == {"known": 1}
    assert store.source.tolist()[:3] == ["ana-happy", "ana-happy", "ana-sad"]
    np.testing.assert_allclose(store.stride_time_s, [1, 1, 1.3, 1, 1.3, 1, 1.3], atol=1e-3)
    meta = json.loads((tmp_path / "cache" / "meta.json").read_text())
    assert meta["counts"] == {"cycles": 7, "takes": 6, "subjects": 3, "emotions": {"happy": 4, "sad": 3}}
    assert report.lines()[0] == "toy: 7 cycles of 6 takes, 3 subjects x 2 emotions (happy 4, sad 3)"
    assert report.lines()[1] == "left out: 2 clips (1 x no HIERARCHY; 1 x unknown subject and emotion)"


def test_the_same_inputs_are_not_read_again(clips, tmp_path):
    first = make(clips, tmp_path / "cache")

    def unread():
        raise AssertionError("read again")
        yield

    again = make(unread(), tmp_path / "cache")
    assert again.reused
    assert again.lines() == first.lines()


@pytest.mark.parametrize(
    "change", [{"inputs_digest": "2"}, {"settings": {"kind": "other"}}, {"samples": 32}, {"keep_unlabelled": True}]
)
def test_other_inputs_or_settings_make_it_anew(clips, tmp_path, change):
    make(clips, tmp_path / "cache")
    before = open_store(tmp_path / "cache").digest
    assert not make(clips, tmp_path / "cache", **change).reused
    assert open_store(tmp_path / "cache").digest != before


def test_another_format_makes_it_anew(clips, tmp_path, monkeypatch):
    make(clips, tmp_path / "cache")
    monkeypatch.setattr(prepare, "CACHE_FORMAT", -1)
    assert not make(clips, tmp_path / "cache").reused


def test_a_damaged_cache_is_made_anew(clips, tmp_path):
    make(clips, tmp_path / "cache")
    (tmp_path / "cache" / "positions.npy").write_bytes(b"short")
    assert not make(clips, tmp_path / "cache").reused
    assert len(open_store(tmp_path / "cache")) == 7


def test_nothing_usable_writes_nothing(walk, tmp_path):
    with pytest.raises(InputError, match=r"toy: expected clips .* \(got 1 x unknown subject and emotion\)"):
        make([walk()], tmp_path / "cache")
    assert list(tmp_path.iterdir()) == []


def test_copies_are_kept_in_one_take(walk, tmp_path):
    clips = [walk(subject="ana", emotion="sad", take=take, source=take) for take in ("1", "2")]
    report = make(clips, tmp_path / "cache")
    assert (report.cycles, report.takes) == (2, 1)
    assert report.lines()[-1].startswith("note: the same cycle in several clips")
    assert make(clips, tmp_path / "cache").notes == report.notes


def test_clips_that_were_prepared_with_other_samples_are_refused(clips, tmp_path):
    prepared = [prepare_clip(clip, samples=32) for clip in clips]
    with pytest.raises(InputError, match=r"^toy: expected clips .* with 64 samples a cycle \(got 32\)"):
        build_cache(ClipSource(prepared, "toy", {}, "1"), tmp_path / "cache")
    assert not (tmp_path / "cache").exists()


def test_cycles_from_one_camera_are_counted_in_the_report_the_cache_and_the_results(clips, tmp_path):
    clips[0], clips[3] = with_quality(clips[0], "camera"), with_quality(clips[3], "camera")
    report = make(clips, tmp_path / "cache")
    line = "from one camera: 3 of 7 cycles; depth is guessed there, so whatever rests on it is less sure"
    assert report.lines()[2] == line
    assert make(clips, tmp_path / "cache").lines()[2] == line
    store = open_store(tmp_path / "cache")
    assert store.from_camera.tolist() == [True, True, False, False, True, False, False]
    assert describe_cycles(store)["from_camera"] == {"subjects": 2, "cycles": 3}
    assert "from_camera" not in describe_cycles(store.select(np.array([2, 3, 5])))
