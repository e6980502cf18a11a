"""Tasks on privacy, and their truth on synthetic walkers whose factors are known."""

import json
from dataclasses import replace

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression

from stgcn_affect.data.fold import fold_data
from stgcn_affect.evaluation import releases
from stgcn_affect.evaluation.attacks import STATIC, FoldAttacks, attack_attributes
from stgcn_affect.evaluation.inputs import baseline_input
from stgcn_affect.evaluation.mechanisms import MechanismFold, score_mechanism
from stgcn_affect.evaluation.privacy import privacy_block
from stgcn_affect.evaluation.seen_scores import seen_subjects_block
from stgcn_affect.jobs import privacy_tasks
from stgcn_affect.jobs.privacy_tasks import attacks_task, mechanism_task
from stgcn_affect.jobs.train_fold import fit_model

RELEASES = [
    *("raw", "retargeted", "bone_ratios", "hand_made", "z_identity", "z_emotion", "logits", "probabilities"),
    *("decoded", "relevance_maps", "released_maps", "anonymised"),
]
CHANCE, THREE_SD = 1 / 7, 3 * np.sqrt(1 / 7 * 6 / 7 / 28)  # 7 seen subjects, attacked in 4 emotions each


@pytest.fixture(autouse=True)
def _quick_attackers(monkeypatch):
    monkeypatch.setattr(privacy_tasks, "ALL_ATTACKERS", ("nearest_neighbour", "lda", "svm"))


@pytest.fixture
def opened(monkeypatch):
    """Tasks get these cycles, whatever the cache."""

    def use(cycles):
        monkeypatch.setattr(privacy_tasks, "open_run_cycles", lambda config, cache: cycles)
        return cycles

    return use


@pytest.fixture
def few(opened, synthetic_cycles):
    """Six subjects in three emotions."""
    return opened(synthetic_cycles(walkers=6, takes=1, emotions=("happy", "neutral", "sad")))


@pytest.mark.tool
def test_a_privacy_fold_is_json_and_the_same_again(few, small, halves, tmp_path):
    split = halves(few)[0]
    found = attacks_task(small(), tmp_path, split, seed=0)
    assert set(found) == {"attacks", "emotion", "disentanglement", "swap", "adapted"}
    assert json.loads(json.dumps(found)) == found
    attacks = FoldAttacks.from_dict(found["attacks"])
    assert found["disentanglement"]["swap_emotion_chance"] == pytest.approx(1 / 3)
    assert found["disentanglement"]["swap_walker_chance"] == 1 / len(set(attacks.seen.subjects))
    assert list(attacks.seen.predictions) == RELEASES
    adapted = MechanismFold.from_dict(found["adapted"])
    assert (adapted.name, adapted.strength) == ("adapted", None)
    assert "reflected_lda" in adapted.attack.inner["released"]  # takes about their mean point away from each other
    for way in ("emotions", "one_take"):
        assert list(attacks.unseen[way].pairs) == RELEASES
        for rounds in attacks.unseen[way].pairs.values():
            assert all(set(pairs.gallery) == set(few.subject[split.test]) for pairs in rounds)
    assert set(attacks.seen.subjects) == set(few.subject[split.train])  # no validation subject among the seen ones
    assert attacks.seen.chance == 1 / len(np.unique(few.subject[split.train]))
    assert attacks_task(small(), tmp_path, split, seed=0) == found


@pytest.mark.tool
def test_attackers_of_raw_cycles_are_tried_on_decoded_ones(few, small, halves, tmp_path, monkeypatch):
    split = halves(few)[0]
    raw = baseline_input("raw", few, split.train)
    for rows, alike in ((raw, True), (raw[::-1], False)):
        monkeypatch.setattr(releases, "decoded", lambda model, z_emotion, z_identity, rows=rows: rows[: len(z_emotion)])
        found = attacks_task(small(), tmp_path, split, seed=0)["attacks"]
        assert (found["static"]["predictions"]["decoded"] == found["seen"]["predictions"]["raw"]) is alike
        assert found["static"]["inner"] == dict.fromkeys(STATIC, found["seen"]["inner"]["raw"])


@pytest.mark.tool
def test_takes_held_out_of_the_encoder_are_attacked_in_emotions_that_attackers_learn(
    opened, synthetic_cycles, small, halves
):
    cycles = opened(synthetic_cycles(walkers=6, takes=2, emotions=("happy", "sad")))
    split = halves(cycles)[0]
    attacks = FoldAttacks.from_dict(attacks_task(small(), None, split, seed=0)["attacks"])
    attacked = attacks.held_out_takes
    assert list(attacked.predictions) == RELEASES
    index = fold_data(cycles, split, hold_out_take=True, seed=0).attackable
    cells = len({(cycles.subject[i], cycles.emotion[i]) for i in index})
    assert len(attacked.subjects) == cells * (len(index) // cells // 2)  # a half of each subject's cycles
    assert attacked.hits["raw"]["svm"].mean() > 0.9
    block = privacy_block([attacks], permutations=9, seed=0)["seen_subjects"]
    assert block["held_out_takes"]["raw"]["accuracy"] > 0.9
    without = attacks_task(small("protocol.hold_out_take=false"), None, split, seed=0)["attacks"]
    assert without["held_out_takes"] is None
    block = privacy_block([FoldAttacks.from_dict(without)], permutations=9, seed=0)["seen_subjects"]
    assert "held_out_takes" not in block


@pytest.mark.tool
def test_a_planted_attribute_is_found_where_it_stands_and_nowhere_else(
    opened, synthetic_cycles, small, halves, monkeypatch
):
    """Subjects who differ in nothing; half of them wear a code, which only one of the released things shows."""
    alike = synthetic_cycles(walkers=16, takes=1, identity_factors=())
    names = np.unique(alike.subject)
    wearers = np.random.default_rng(0).permutation(names)[:8]
    worn = np.isin(alike.subject, wearers)
    facts = {
        source: {"gender": "f" if worn[i] else "m", "perceived_emotion": "sad"} for i, source in enumerate(alike.source)
    }
    cycles = opened(replace(alike, attributes=facts))

    def wearing(network, batch, layout):
        found = encode(network, batch, layout)
        return found._replace(z_emotion=found.z_emotion + 5.0 * found.z_emotion.std() * worn[:, None])

    encode = releases.encode
    monkeypatch.setattr(releases, "encode", wearing)
    monkeypatch.setattr(privacy_tasks, "ALL_ATTACKERS", ("nearest_neighbour", "lda"))
    folds = [attacks_task(small(), None, split, seed=0)["attacks"] for split in halves(cycles)]
    attributes = privacy_block([FoldAttacks.from_dict(fold) for fold in folds], permutations=9, seed=0)["attributes"]
    assert set(attributes) == {"gender"}  # what others perceive is no attribute of the subject
    block = attributes["gender"]
    assert (block["chance"], block["values"], block["models"]) == (0.5, {"f": 8, "m": 8}, 2)
    assert block["z_emotion"]["accuracy"] > 0.9
    assert block["z_emotion"]["ci95"][0] > 0.8
    for release in ("raw", "bone_ratios", "hand_made", "probabilities"):
        lower, upper = block[release]["ci95"]
        assert lower <= 0.5 <= upper
    assert attack_attributes({}, alike, halves(alike)[0], attackers=()) == {}


POINTS = {
    "reversal": ((0.5,), [("reversal", 0.5)]),
    "plain": ((0.0, 1.0), [("plain", None), ("noise", 0.0), ("noise", 1.0)]),
    "leace": ((), [("leace", None)]),
}


@pytest.mark.parametrize("name", POINTS)
def test_points_of_the_curve_are_json(name, few, small, halves, tmp_path):
    if name == "leace":
        pytest.importorskip("concept_erasure")
    strengths, points = POINTS[name]
    found = mechanism_task(small(), tmp_path, halves(few)[0], kind="mechanism", name=name, strengths=strengths, seed=0)
    assert json.loads(json.dumps(found)) == found
    assert [(point["kind"], point["strength"]) for point in found] == points
    for point in found:
        assert list(point["attack"]["predictions"]) == ["released"]
        assert 0 <= point["emotion"] <= 1


@pytest.mark.tool
def test_each_mechanism_does_what_it_says(few, small, halves, tmp_path, monkeypatch):
    pytest.importorskip("concept_erasure")
    latents, settings = [], {}

    def watched(kind, strength, release, data, *, attackers):
        latents.append(release)
        return score_mechanism(kind, strength, release, data, attackers=attackers)

    def fitted(config, data, *, seed):
        settings[name] = config
        return fit_model(config, data, seed=seed)

    monkeypatch.setattr(privacy_tasks, "score_mechanism", watched)
    monkeypatch.setattr(privacy_tasks, "fit_model", fitted)
    split = halves(few)[0]
    for name, (strengths, _) in POINTS.items():
        mechanism_task(small(), tmp_path, split, kind="mechanism", name=name, strengths=strengths, seed=0)
    assert settings["reversal"].train.reversal == 0.5
    assert settings["reversal"].loss == small().loss
    assert settings["plain"].loss.adversary_identity == 0.0
    _, plain, without_noise, noisy, erased = latents
    np.testing.assert_array_equal(without_noise, plain)
    assert (noisy != plain).all()
    assert erased.shape[1] == privacy_tasks.WIDE
    subjects = few.subject[split.train]
    erased = erased[split.train]
    reader = LogisticRegression(max_iter=2000).fit(erased, subjects)
    np.testing.assert_allclose(reader.predict_proba(erased), 1 / len(np.unique(subjects)), atol=0.02)  # at chance


def judged_on(cycles, opened, small, halves):
    """The block of a privacy fold with 7 seen and 8 unseen subjects."""
    found = attacks_task(small(), None, halves(opened(cycles))[0], seed=0)
    return privacy_block([FoldAttacks.from_dict(found["attacks"])], permutations=99, seed=0)


@pytest.mark.tool
def test_synthetic_walkers_are_found_by_what_makes_them_who_they_are(opened, synthetic_cycles, small, halves):
    block = judged_on(synthetic_cycles(walkers=16, takes=1), opened, small, halves)
    known, unseen = block["seen_subjects"], block["unseen_subjects"]
    assert known["chance"] == pytest.approx(CHANCE)
    assert unseen["chance"] == 1 / 8
    for release in ("raw", "bone_ratios", "z_identity"):
        assert known[release]["accuracy"] > 0.9
        assert unseen[release]["auc"] > 0.9
    assert "holds: positive control" in block["verdict"]["reasons"][3]


@pytest.mark.tool
class TestWithoutIdentityFactors:
    """Subjects who differ in nothing, and a latent that tells them apart all the same."""

    @pytest.fixture
    def alike(self, synthetic_cycles):
        return synthetic_cycles(walkers=16, takes=1, identity_factors=())

    def test_attackers_are_near_chance(self, alike, opened, small, halves):
        block = judged_on(alike, opened, small, halves)
        for release in RELEASES:
            assert block["seen_subjects"][release]["accuracy"] < CHANCE + THREE_SD
            assert abs(block["unseen_subjects"][release]["auc"] - 0.5) < 0.2
        assert block["seen_subjects"]["p"] > 0.05
        assert block["verdict"]["hidden"] is False  # an attack that finds nobody in raw cycles proves nothing
        assert [reason.split(":")[0] for reason in block["verdict"]["reasons"]][3] == "fails"

    def test_a_subjects_code_in_the_latent_is_caught(self, alike, opened, small, halves, monkeypatch):
        faces = 3.0 * np.random.default_rng(0).normal(size=(16, 8)).astype(np.float32)

        def leaking(network, cycles, layout):
            encoded = encode(network, cycles, layout)
            spread = encoded.z_emotion.std(axis=0)
            return encoded._replace(z_emotion=encoded.z_emotion + spread * faces[cycles.subject.numpy()])

        encode = releases.encode
        monkeypatch.setattr(releases, "encode", leaking)
        block = judged_on(alike, opened, small, halves)
        known, unseen = block["seen_subjects"], block["unseen_subjects"]
        assert known["z_emotion"]["accuracy"] > 0.9
        assert unseen["z_emotion"]["auc"] > 0.9
        assert unseen["z_emotion"]["rank1"] > 0.8
        assert known["probabilities"]["accuracy"] < CHANCE + THREE_SD
        assert known["z_emotion_minus_probabilities"]["ci95"][0] > 0.3
        assert known["p"] == 0.01
        assert block["verdict"]["hidden"] is False
        assert [reason.split(":")[0] for reason in block["verdict"]["reasons"]][:3] == ["fails"] * 3


@pytest.mark.tool
def test_without_emotion_factors_subjects_are_found_still(opened, synthetic_cycles, small, halves):
    cycles = opened(synthetic_cycles(walkers=16, takes=1, emotion_factors=()))
    (found,) = mechanism_task(small(), None, halves(cycles)[0], kind="mechanism", name="plain", strengths=(), seed=0)
    plain = MechanismFold.from_dict(found)
    assert seen_subjects_block([plain.attack])["released"]["accuracy"] > 0.5
    assert abs(plain.emotion - 0.25) < 3 * np.sqrt(0.25 * 0.75 / 32)
