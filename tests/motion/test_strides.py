import numpy as np
import pytest

from stgcn_affect.motion.strides import StrideLimits, stride_fault, unlikely_rate

PHASE = np.linspace(0, 2 * np.pi, 61)
SOUND = {
    "seconds": 1.2,
    "yaw": np.zeros(61),
    "travel": np.stack([np.cos(PHASE), -np.cos(PHASE)]) * 0.25,
    "right_strikes": 1,
    "gap": 0.02,
}


def test_a_sound_stride_has_no_fault():
    assert stride_fault(**SOUND) == ""


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"seconds": 0.5}, "it lasts 0.50 s (between 0.6 and 2.4 s expected)"),
        ({"seconds": 2.5}, "it lasts 2.50 s (between 0.6 and 2.4 s expected)"),
        ({"seconds": 1.8, "travel": SOUND["travel"] * 0.1}, "standing still for 1.8 s of it"),
        (
            {"travel": SOUND["travel"] * [[1.0], [0.1]]},
            "standing: a foot swings through 0.05 body heights only (at least 0.1 expected)",
        ),
        ({"yaw": np.linspace(0, np.pi / 6, 61)}, "turning by 30 degrees (at most 20)"),
        ({"right_strikes": 0}, "expected one right heel strike within it (got 0)"),
        ({"gap": 0.2}, "its end misses its start by 0.20 body heights (at most 0.15)"),
    ],
)
def test_faults_in_words(change, words):
    assert stride_fault(**SOUND | change) == words


@pytest.mark.parametrize("seconds", [0.6, 2.4])
def test_limits_of_duration_are_within(seconds):
    assert stride_fault(**SOUND | {"seconds": seconds}) == ""


def test_limits_are_those_of_the_recording():
    turned = SOUND | {"yaw": np.linspace(0, np.pi / 6, 61), "gap": 0.18}
    assert stride_fault(**turned, limits=StrideLimits(turn_deg=40, gap=0.2)) == ""
    assert stride_fault(**turned, limits=StrideLimits(turn_deg=25, gap=0.2)) == "turning by 30 degrees (at most 25)"


@pytest.mark.parametrize(
    ("strides", "guess"),
    [
        ([(1.1, 0.44)] * 3, ""),
        ([(2.2, 0.27)] * 3, ""),  # slow walking: short steps
        ([(1.7, 0.45)] * 3, ""),
        ([(0.75, 0.45)] * 3, ""),
        ([], ""),
        ([(2.2, 0.44)] * 3, "strides last 2.20 s, yet their steps are long (0.44 body heights): the frame rate of 15 "),
        (
            [(0.65, 0.44)] * 3,
            "strides last 0.65 s, quicker than adults walk: the frame rate of 15 a second may be wrong",
        ),
        ([(1.1, 0.44)] * 2 + [(0.65, 0.44)], ""),  # one odd stride is none
    ],
)
def test_a_rate_that_is_half_or_twice_the_true_one(strides, guess):
    assert unlikely_rate(strides, 15).startswith(guess)
    assert bool(unlikely_rate(strides, 15)) == bool(guess)
