"""Properties: a planted fault of a joint with a role costs the cycles that it lies in, and no others; one of any other
joint costs none; and every cycle that comes back is that of the figure without the fault."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import assume, given, note, settings
from hypothesis import strategies as st

from stgcn_affect.motion.bones import joints_with_role
from stgcn_affect.motion.cycles import cut_cycles
from stgcn_affect.motion.quality import check_clip
from walking_figure import drifting, frozen, missing, moved, walking_figure

NOISE = 0.08
"""Body heights: what a sensor of 5 mm may be off by, at most, at a joint of a cycle."""

WALKS = [
    walking_figure(layout, seconds=5.9, fps_hz=fps_hz, noise_m=noise_m)
    for layout, fps_hz, noise_m in (("kinect25", 30, 0.005), ("bandai21", 60, 0.0), ("plug_in_gait18", 100, 0.001))
]
CLEAN = [cut_cycles(clip)[0] for clip in WALKS]
STRIKES = 1.1 * np.arange(1, 6)


PAIRS = list(pairwise(STRIKES))
KINDS = st.sampled_from(["missing", "frozen", "moved"])
START, SECONDS = st.floats(0.3, 4.2), st.floats(0.14, 1.0)
FAR_M = st.tuples(*[st.floats(-1, 1)] * 3).filter(lambda shift: 0.5 < np.linalg.norm(shift) < 1.0)
SHIFT_M = st.tuples(*[st.floats(-2, 2)] * 3).filter(lambda shift: np.linalg.norm(shift) > 0.3)


def planted(number, kind, joint, start, seconds, shift):
    """A walk with a fault of a joint, which is the given share of a list of joints."""
    clip, end = WALKS[number], start + seconds
    if kind == "moved":
        return moved(clip, [joint], start, end, shift)
    return (missing if kind == "missing" else frozen)(clip, [joint], start, end)


def of_role(number, role, share):
    """A joint of a walk, with or without a role."""
    layout = WALKS[number].layout
    chosen = [j for j, own in zip(layout.joints, joints_with_role(layout), strict=True) if own == role]
    return chosen[int(share * len(chosen))]


def off_by(cycle, clean, roles):
    """The largest distance of the joints with a role between two cycles."""
    return float(np.linalg.norm(cycle.positions[:, roles] - clean.positions[:, roles], axis=-1).max())


@settings(max_examples=60, derandomize=True)
@given(st.integers(0, 2), KINDS, st.floats(0, 0.999), START, SECONDS, SHIFT_M)
def test_a_fault_costs_the_cycles_that_it_lies_in_and_no_others(number, kind, share, start, seconds, shift):
    joint, end = of_role(number, True, share), start + seconds
    note(joint)
    faulty = planted(number, kind, joint, start, seconds, shift)
    difference = faulty.positions - WALKS[number].positions
    assume(np.isnan(difference).any() or np.linalg.norm(difference, axis=-1).max() > 0.2)
    checked, findings = check_clip(faulty)
    note(findings)
    cycles = [] if checked is None else cut_cycles(checked)[0]
    near = sum(a < end + 0.3 and start - 0.3 < b for a, b in PAIRS)
    touched = sum(a < end - 0.05 and start + 0.05 < b for a, b in PAIRS)
    assert len(PAIRS) - near <= len(cycles) <= len(PAIRS) - touched
    roles = joints_with_role(WALKS[number].layout)
    for cycle in cycles:
        assert min(off_by(cycle, clean, roles) for clean in CLEAN[number]) < NOISE


@settings(max_examples=60, derandomize=True)
@given(st.integers(0, 2), st.floats(0, 0.999), START, st.floats(0.14, 2.0), FAR_M, st.booleans())
def test_a_slow_fault_costs_the_cycles_that_it_lies_in_and_no_others(number, share, start, seconds, shift, back):
    """It must be far: a hand, a head or a foot that drifts less may as well turn about the joint above."""
    joint, end = of_role(number, True, share), start + seconds if back else np.inf
    note(joint)
    checked, findings = check_clip(drifting(WALKS[number], [joint], start, start + seconds, shift, back=back))
    note(findings)
    cycles = [] if checked is None else cut_cycles(checked)[0]
    near = sum(a < end + 0.4 and start - 0.4 < b for a, b in PAIRS)
    assert len(cycles) >= len(PAIRS) - near
    roles = joints_with_role(WALKS[number].layout)
    for cycle in cycles:
        assert min(off_by(cycle, clean, roles) for clean in CLEAN[number]) < NOISE


@settings(max_examples=40, derandomize=True)
@given(st.integers(0, 1), KINDS, st.floats(0, 0.999), START, SECONDS, SHIFT_M)
def test_a_fault_of_a_joint_without_a_role_costs_nothing(number, kind, share, start, seconds, shift):
    joint = of_role(number, False, share)
    note(joint)
    checked, findings = check_clip(planted(number, kind, joint, start, seconds, shift))
    note(findings)
    cycles, _ = cut_cycles(checked)
    roles = joints_with_role(WALKS[number].layout)
    times = [clean.stride_time_s for clean in CLEAN[number]]
    assert [cycle.stride_time_s for cycle in cycles] == pytest.approx(times, abs=1e-6)
    for cycle, clean in zip(cycles, CLEAN[number], strict=True):
        assert np.isfinite(cycle.positions).all()
        assert off_by(cycle, clean, roles) < 0.01  # the body height takes in the joints between
