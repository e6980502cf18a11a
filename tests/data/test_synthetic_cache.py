import pytest

from stgcn_affect.data.store import open_store
from stgcn_affect.data.synthetic_cache import build_synthetic_cache
from stgcn_affect.errors import InputError
from stgcn_affect.synthetic.emotion_factors import EMOTION_FACTORS

ONE = {"walkers": 1, "takes": 1, "seed": 0, "emotions": ["happy", "neutral"]}


def test_emotions_may_differ_in_one_factor_only(tmp_path):
    build_synthetic_cache(tmp_path / "one", **ONE, emotion_factors=["knee_yield_deg"])
    happy = EMOTION_FACTORS["knee_yield_deg"].changes["happy"]
    assert open_store(tmp_path / "one").truth["emotion_factors"] == {"happy": {"knee_yield_deg": happy}, "neutral": {}}


def test_no_factors_named_are_all_of_them(tmp_path):
    build_synthetic_cache(tmp_path / "all", **ONE)
    factors = open_store(tmp_path / "all").truth["emotion_factors"]["happy"]
    assert factors == {
        name: about.changes["happy"] for name, about in EMOTION_FACTORS.items() if "happy" in about.changes
    }


def test_an_unknown_factor_is_named(tmp_path):
    with pytest.raises(InputError, match=r"emotion factor: expected one of .* \(got 'wings'\)"):
        build_synthetic_cache(tmp_path / "x", **ONE, emotion_factors=["wings"])


def test_the_cache_is_made_once_for_the_same_walkers(tmp_path):
    assert build_synthetic_cache(tmp_path / "cache", **ONE).reused is False
    assert build_synthetic_cache(tmp_path / "cache", **ONE).reused is True
    other = open_store(tmp_path / "cache").digest
    build_synthetic_cache(tmp_path / "cache", **{**ONE, "seed": 1})
    assert open_store(tmp_path / "cache").digest != other
