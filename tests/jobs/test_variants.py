import pytest

from stgcn_affect.config import load_config
from stgcn_affect.jobs.variants import VARIANTS, variant


def test_the_method_is_the_settings_as_they_are():
    config = load_config(None, ["loss.scatter=0.3"])
    assert variant(config, "disentangled") == config
    assert variant(config, "disentangled") is not config


def test_the_plain_network_learns_the_emotion_and_nothing_else():
    config = load_config(None, ["train.epochs=7", "loss.emotion=0.5"])
    plain = variant(config, "plain_stgcn")
    weights = {name: getattr(plain.loss, name) for name in plain.loss.__dataclass_fields__}
    assert weights == {name: 1.0 if name == "emotion" else 0.0 for name in weights}
    assert plain.train.reversal == 0.0
    assert plain.network == config.network  # the same encoder
    assert plain.train.epochs == 7
    assert config == load_config(None, ["train.epochs=7", "loss.emotion=0.5"])  # a copy was changed


@pytest.mark.parametrize("name", VARIANTS)
def test_the_reversal_can_be_set_on_top(name):
    assert variant(load_config(), name, reversal=0.7).train.reversal == 0.7


def test_an_unknown_variant_is_an_error():
    with pytest.raises(KeyError, match="magic"):
        variant(load_config(), "magic")
