import pytest

from stgcn_affect.config import load_config
from stgcn_affect.errors import InputError
from stgcn_affect.jobs.variants import ABLATIONS, VARIANTS, check_ablation, variant


def test_the_method_is_the_settings_as_they_are():
    config = load_config(None, ["loss.within_class_variance=0.3"])
    assert variant(config, "disentangled") == config
    assert variant(config, "disentangled") is not config


def test_the_plain_network_learns_the_emotion_and_nothing_else():
    chosen = ["train.epochs=7", "loss.emotion=0.5", "loss.input_gradient_penalty=0.25", "train.project_emotion=true"]
    chosen += ["loss.risk_variance=2", "loss.group_dro=3"]
    config = load_config(None, chosen)
    plain = variant(config, "plain_stgcn")
    weights = {name: getattr(plain.loss, name) for name in plain.loss.__dataclass_fields__}
    # How the emotion is learned is the encoder's own: the price of the other terms is to be seen, not that of a tool.
    assert weights == dict.fromkeys(weights, 0.0) | {"emotion": 0.5, "input_gradient_penalty": 0.25} | {
        "risk_variance": 2,
        "group_dro": 3,
    }
    assert plain.train.reversal == 0.0
    assert not plain.train.project_emotion
    assert plain.network == config.network  # the same encoder
    assert plain.train.epochs == 7
    assert config == load_config(None, chosen)  # a copy was changed


@pytest.mark.parametrize("name", VARIANTS)
def test_the_reversal_can_be_set_on_top(name):
    assert variant(load_config(), name, reversal=0.7).train.reversal == 0.7


@pytest.mark.parametrize("name", ABLATIONS)
def test_a_part_taken_away_changes_its_own_settings_only(name):
    whole = load_config(
        None, ["loss.input_gradient_penalty=1", "network.phase_readout=true", "train.project_emotion=true"]
    )
    before, after = (vars(one) for one in (whole, variant(whole, name)))
    changed = {section for section in before if before[section] != after[section]}
    of_the_network = ("no_retargeting", "no_stride_time", "no_phase_readout")
    expected = {"no_augmentation": "augment", "no_projection": "train", **dict.fromkeys(of_the_network, "network")}
    assert changed == {expected.get(name, "loss")}
    assert after["loss"].emotion == 1.0


def test_what_each_part_is_by_hand():
    whole = load_config()
    no_branch = variant(whole, "no_identity_branch").loss
    assert (no_branch.identity, no_branch.reconstruction, no_branch.transfer, no_branch.consistency) == (0, 0, 0, 0)
    assert no_branch.adversary_identity == whole.loss.adversary_identity
    assert variant(whole, "no_transfer").loss.reconstruction == whole.loss.reconstruction
    assert set(vars(variant(whole, "no_augmentation").augment).values()) == {0.0}
    assert variant(whole, "no_retargeting").network.retarget is False
    assert variant(whole, "no_stride_time").network.stride_time is False


def test_parts_are_taken_away_together():
    whole = load_config(None, ["train.project_emotion=true"])
    both = variant(whole, "no_reversal+no_projection")
    assert both.train.project_emotion is False
    assert (both.loss.adversary_identity, both.loss.adversary_emotion, both.loss.transfer) == (
        0,
        0,
        whole.loss.transfer,
    )
    check_ablation(["no_reversal+no_projection"])
    with pytest.raises(InputError, match=r"got 'no_reversal\+no_magic'"):
        check_ablation(["no_reversal+no_magic"])


def test_a_part_that_there_is_not_is_named():
    check_ablation(ABLATIONS)
    with pytest.raises(InputError, match=r"evaluate.ablation: expected names of no_transfer, .* \(got 'no_magic'\)"):
        check_ablation(["no_magic"])


def test_an_unknown_variant_is_an_error():
    with pytest.raises(KeyError, match="magic"):
        variant(load_config(), "magic")
