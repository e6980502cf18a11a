import numpy as np
import pytest

from stgcn_affect.data.splits import grouped_folds
from stgcn_affect.errors import InputError
from stgcn_affect.evaluation.attackers import predict_subjects
from stgcn_affect.evaluation.baselines import CLASSIFIERS
from stgcn_affect.motion.cycles import cut_cycles
from stgcn_affect.stats import balanced_accuracy
from stgcn_affect.synthetic.walkers import GENERATOR_VERSION, synthetic_walkers

FEET = [12, 15]


class Cycles:
    """Raw cycles of generated walkers as shallow classifiers get them."""

    def __init__(self, **settings):
        cycles = [cycle for clip in synthetic_walkers(**settings).clips for cycle in cut_cycles(clip)[0]]
        poses = np.stack([cycle.positions[::4].ravel() for cycle in cycles])
        log_time = np.log([cycle.stride_time_s for cycle in cycles])[:, None]
        self.features = np.concatenate([poses, log_time], axis=1)
        self.walker = np.array([cycle.clip.subject for cycle in cycles])
        self.emotion = np.array([cycle.clip.emotion for cycle in cycles])

    def emotion_score(self, name, **setting):
        """Balanced accuracy on walkers left out, in four folds."""
        codes = np.unique(self.emotion, return_inverse=True)[1]
        said = np.full(len(codes), -1)
        for split in grouped_folds(self.walker, folds=4, validation_subjects=0, seed=0):
            fitted = CLASSIFIERS[name].make(**setting).fit(self.features[split.train], codes[split.train])
            said[split.test] = fitted.predict(self.features[split.test])
        return balanced_accuracy(codes, said)

    def identity_score(self):
        """1-NN names the walker in sad walks from the others."""
        last = self.emotion == "sad"
        said = predict_subjects("nearest_neighbour", self.features[~last], self.walker[~last], self.features[last])
        return float((said == self.walker[last]).mean())


@pytest.fixture(scope="module")
def default():
    return Cycles()


@pytest.mark.tool
def test_every_clip_gives_cycles_and_every_label_its_takes(default):
    made = synthetic_walkers(walkers=3, takes=2, seed=4)
    assert len(made.clips) == 3 * 4 * 2
    assert all(len(cut_cycles(clip)[0]) >= 1 for clip in made.clips)
    assert {clip.subject for clip in made.clips} == {"walker_01", "walker_02", "walker_03"} == set(made.identity)
    assert len(default.walker) == 2 * 32 * 4 * 3


@pytest.mark.tool
def test_the_frozen_shallow_scores(default):
    # A change here is a scientific change: raise GENERATOR_VERSION and run every table again.
    assert GENERATOR_VERSION == "1"
    assert default.emotion_score("svm_rbf", C=10.0) == pytest.approx(0.776, abs=0.015)
    assert default.emotion_score("logistic_regression", C=0.01) == pytest.approx(0.757, abs=0.015)
    assert default.identity_score() > 0.9


def test_the_same_seed_gives_the_same_bits_and_another_does_not():
    first, again, other = (synthetic_walkers(walkers=2, takes=1, seed=seed) for seed in (1, 1, 2))
    assert all(np.array_equal(a.positions, b.positions) for a, b in zip(first.clips, again.clips, strict=True))
    assert not np.array_equal(first.clips[0].positions[:60], other.clips[0].positions[:60])


def test_more_walkers_leave_the_first_ones_as_they_were():
    few, many = (synthetic_walkers(walkers=number, takes=1) for number in (2, 3))
    assert all(np.array_equal(a.positions, b.positions) for a, b in zip(few.clips, many.clips, strict=False))


@pytest.mark.tool
def test_without_identity_factors_nobody_can_be_told():
    cycles = Cycles(walkers=12, takes=2, identity_factors=())
    assert cycles.identity_score() < 3 / 12
    assert cycles.emotion_score("logistic_regression", C=0.01) > 0.9  # nothing else disturbs


@pytest.mark.tool
def test_without_emotion_factors_no_emotion_can_be_told():
    cycles = Cycles(walkers=12, takes=2, emotion_factors=())
    assert cycles.emotion_score("logistic_regression", C=0.01) == pytest.approx(0.25, abs=0.12)
    assert cycles.identity_score() > 0.9


def test_a_factor_switched_off_leaves_the_others_as_they_were():
    every = synthetic_walkers(walkers=2, takes=1).identity
    fewer = synthetic_walkers(walkers=2, takes=1, identity_factors=["height_m", "trunk_lean_deg"]).identity
    for subject, values in fewer.items():
        assert values["height_m"] == every[subject]["height_m"]
        assert values["trunk_lean_deg"] == every[subject]["trunk_lean_deg"]
    assert len({values["thigh_length_ratio"] for values in fewer.values()}) == 1


def test_feet_neither_slide_nor_sink():
    for clip in synthetic_walkers(walkers=3, takes=1).clips:
        height = clip.positions[:, FEET, 1]
        assert height.min() > 0.03  # the foot joint is the ankle, some 6 to 8 cm above the ground
        assert height.min(axis=1).max() < 0.10
        for foot in FEET:
            track = clip.positions[:, foot]
            steps = np.linalg.norm(np.diff(track[:, [0, 2]], axis=0), axis=1)
            standing = track[:, 1] < np.quantile(track[:, 1], 0.05) + 0.01
            still = standing[1:] & standing[:-1]
            assert np.median(steps[still]) < 0.25 * np.median(steps[~still])


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"walkers": 0}, r"walkers: expected 1 or more \(got 0\)"),
        ({"takes": 0}, r"takes: expected 1 or more \(got 0\)"),
        ({"emotions": ["bored"]}, r"emotion: expected one of angry, .* \(got 'bored'\)"),
        ({"identity_factors": ["beard"]}, r"identity factor: .* \(got 'beard'\)"),
        ({"emotion_factors": ["smile"]}, r"emotion factor: .* \(got 'smile'\)"),
    ],
)
def test_mistakes_are_named(settings, said):
    with pytest.raises(InputError, match=said):
        synthetic_walkers(**settings)


def test_elbows_do_not_bend_backwards():
    for clip in synthetic_walkers(walkers=24, takes=1, seed=3).clips:
        joints = clip.positions[:, [clip.layout.index(f"l_{part}") for part in ("shoulder", "elbow", "hand")]]
        upper, lower = np.diff(joints, axis=1).transpose(1, 0, 2)
        travel = clip.positions[-1, 0] - clip.positions[0, 0]
        forward = np.array([travel[0], 0.0, travel[2]]) / np.hypot(travel[0], travel[2])
        along = [np.degrees(np.arctan2(bone @ forward, -bone[:, 1])) for bone in (upper, lower)]
        assert (along[1] - along[0]).min() > -2.0  # measurement noise included
