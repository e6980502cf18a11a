"""Random cycles in any number, which measure what the machinery costs and say nothing of people."""

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from stgcn_affect.data.store import CycleStore
from stgcn_affect.errors import InputError
from stgcn_affect.settings import CYCLE_SAMPLES
from stgcn_affect.skeleton.layout import Layout, load_layout

EMOTIONS = ("angry", "happy", "neutral", "sad")
_BASE = "emotion_gait16"
_TERMS, _CYCLES_OF_A_TAKE = 5, 4


def random_cycles(
    cycles: int,
    *,
    subjects: int = 100,
    joints: int = 16,
    samples: int = CYCLE_SAMPLES,
    seed: int = 0,
    at_once: int = 2048,
) -> Iterator[CycleStore]:
    """Random cycles as stores of two thousand, one after the other, as ``write_store`` takes them.

    A joint's path is a Fourier series of two harmonics, whose coefficients are a sum of random numbers of the subject,
    of the emotion and of the cycle. Every subject shows four emotions, four cycles to a take.

    Args:
        cycles: N.
        subjects: S; those of a subject follow each other.
        joints: V, even and 16 or more: the layout emotion_gait16 with chains of further joints on its hands.
        samples: T, phase samples of a cycle.
        seed: the seed of all random numbers.
        at_once: cycles of a store.

    Raises:
        InputError: fewer than 16 cycles of a subject, or another number of joints.
    """
    if cycles < 16 * subjects:
        raise InputError(f"random cycles: expected 16 cycles of each of {subjects} subjects or more (got {cycles})")
    layout, rng = _layout(joints), np.random.default_rng(seed)
    phase = 2 * np.pi * np.arange(samples) / samples
    basis = np.stack([np.ones(samples), np.cos(phase), np.sin(phase), np.cos(2 * phase), np.sin(2 * phase)], axis=1)
    basis = basis.astype(np.float32)
    of_subject, of_emotion = (_coefficients(rng, number, joints) for number in (subjects, len(EMOTIONS)))
    for start in range(0, cycles, at_once):
        number = np.arange(start, min(start + at_once, cycles))
        subject = number * subjects // cycles
        place = number - -(-subject * cycles // subjects)
        emotion, take = place % len(EMOTIONS), place // len(EMOTIONS) // _CYCLES_OF_A_TAKE
        series = of_subject[subject] + of_emotion[emotion] + _coefficients(rng, len(number), joints)
        positions = np.matmul(basis, series).reshape(len(number), samples, joints, 3)
        yield CycleStore(
            positions=positions,
            stride_time_s=np.exp(0.05 * rng.standard_normal(len(number))).astype(np.float32),
            height_m=np.full(len(number), 1.7, np.float32),
            subject=np.char.mod("subject_%05d", subject),
            emotion=np.array(EMOTIONS)[emotion],
            take=np.char.mod("%d", take),
            source=np.full(len(number), "random"),
            layout=layout,
            name="random cycles",
        )


def _coefficients(rng: np.random.Generator, number: int, joints: int) -> npt.NDArray[np.float32]:
    """``[number, terms, V * 3]``, a tenth of a body height; the root, the first joint, stays at the origin."""
    drawn = 0.1 * rng.standard_normal((number, _TERMS, joints, 3), np.float32)
    drawn[:, :, 0] = 0.0
    return drawn.reshape(number, _TERMS, joints * 3)


def _layout(joints: int) -> Layout:
    base = load_layout(_BASE)
    if joints < base.num_joints or joints % 2:
        raise InputError(f"random cycles: expected {base.num_joints} joints or more, an even number (got {joints})")
    about = base.to_dict()
    about.pop("rest", None)
    ends = ["l_hand", "r_hand"]
    for number in range((joints - base.num_joints) // 2):
        for side in (0, 1):
            name = f"{'lr'[side]}_further_{number}"
            about["joints"][name], ends[side] = ends[side], name
        about["mirror"] = [*about["mirror"], list(ends)]
    return Layout.from_dict({**about, "name": f"random{joints}"}, "random cycles")
