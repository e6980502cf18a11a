import pytest

from stgcn_affect.data.emotion_factors import EMOTION_FACTORS
from stgcn_affect.data.store import open_store
from stgcn_affect.errors import InputError
from stgcn_affect.jobs.run_data import prepare_synthetic
from stgcn_affect.settings import SyntheticConfig


def test_emotions_may_differ_in_one_factor_only(tmp_path):
    one = SyntheticConfig(walkers=1, takes=1, emotions=["happy", "neutral"], emotion_factors=["knee_yield_deg"])
    prepare_synthetic(one, tmp_path / "one")
    happy = EMOTION_FACTORS["knee_yield_deg"].changes["happy"]
    assert open_store(tmp_path / "one").truth["emotion_factors"] == {"happy": {"knee_yield_deg": happy}, "neutral": {}}


def test_no_factors_named_are_all_of_them(tmp_path):
    prepare_synthetic(SyntheticConfig(walkers=1, takes=1, emotions=["happy", "neutral"]), tmp_path / "all")
    factors = open_store(tmp_path / "all").truth["emotion_factors"]["happy"]
    assert factors == {
        name: about.changes["happy"] for name, about in EMOTION_FACTORS.items() if "happy" in about.changes
    }


def test_an_unknown_factor_is_named(tmp_path):
    with pytest.raises(InputError, match=r"emotion factor: expected one of .* \(got 'wings'\)"):
        prepare_synthetic(SyntheticConfig(walkers=1, takes=1, emotion_factors=["wings"]), tmp_path / "x")
