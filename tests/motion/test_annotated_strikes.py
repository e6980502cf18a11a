"""Heel strikes against annotated ones of real walks in a laboratory."""

import csv
import json
import os
from pathlib import Path

import numpy as np
import pytest

from stgcn_affect.motion.clip import Clip
from stgcn_affect.motion.cycles import cut_cycles
from stgcn_affect.motion.gait_events import heel_strikes
from stgcn_affect.motion.normalise import heading
from stgcn_affect.skeleton.layout import Layout

FOLDER = Path(os.environ.get("STGCN_AFFECT_DATA", "")) / "clinical-gait"
pytestmark = pytest.mark.skipif(
    "STGCN_AFFECT_DATA" not in os.environ or not FOLDER.is_dir(), reason="needs clinical-gait in STGCN_AFFECT_DATA"
)

LEGS = ("hip", "knee", "ankle", "toe")
SIDES = {"l": "left", "r": "right"}
ANNOTATED = [("healthy", "r"), ("parkinson", "l"), ("parkinson", "r")]
"""The annotations of the healthy subject's left foot contradict each other."""


def _walk(name, facts):
    """The legs, with the middle of the hips as pelvis; the hips also stand in for shoulders, arms and head."""
    with (FOLDER / f"{name}.csv").open() as file:
        titles, *rows = csv.reader(file)
    values = np.array(rows, float)[:, 1:].reshape(len(rows), -1, 3) / 1000
    column = {title[:-2]: i for i, title in enumerate(titles[1::3])}
    joints = [f"{side}_{part}" for side in SIDES.values() for part in LEGS]
    hips = ["left_hip", "right_hip"]
    positions = np.concatenate(
        [values[:, [column[joint] for joint in hips]].mean(axis=1)[:, None], values[:, [column[j] for j in joints]]],
        axis=1,
    )
    above = {"hip": "pelvis", "knee": "hip", "ankle": "knee", "toe": "ankle"}
    parents = {j: "pelvis" if j in hips else j.replace(p, above[p]) for p in LEGS for j in joints if j.endswith(p)}
    roles = {"pelvis": "pelvis", "neck": "pelvis", "head": "pelvis"}
    roles |= {f"{s}_{part}": f"{side}_hip" for s, side in SIDES.items() for part in ("shoulder", "elbow", "wrist")}
    roles |= {f"{s}_{part}": f"{side}_{part}" for s, side in SIDES.items() for part in LEGS}
    tree = {"pelvis": None, **{joint: parents[joint] for joint in joints}}
    mirror = [[f"left_{part}", f"right_{part}"] for part in LEGS]
    layout = Layout.from_dict({"name": "legs", "joints": tree, "roles": roles, "mirror": mirror})
    return Clip(positions, fps_hz=facts["fps_hz"], layout=layout, source=name)


@pytest.fixture(scope="module")
def events():
    return json.loads((FOLDER / "events.json").read_text())


def _strikes(clip, side, first=0, last=None):
    """In frames of the whole recording."""
    positions = clip.positions[first:last]
    ahead = np.broadcast_to(heading(clip.positions, clip.layout).mean(axis=0), (len(positions), 3))
    return first + heel_strikes(positions, clip.layout, fps_hz=clip.fps_hz, side=side, forward=ahead)


def _errors_ms(found, annotated, fps_hz):
    return np.array(
        [1000 / fps_hz * found[np.argmin(np.abs(found - frame))] - 1000 / fps_hz * frame for frame in annotated]
    )


@pytest.mark.parametrize("name", ["healthy", "parkinson"])
def test_strikes_are_within_60_ms_and_half_of_them_within_30(name, events):
    clip = _walk(name, events[name])
    errors = np.concatenate(
        [
            _errors_ms(_strikes(clip, side), events[name]["heel_strike_frames"][SIDES[side]], clip.fps_hz)
            for of, side in ANNOTATED
            if of == name
        ]
    )
    assert np.median(np.abs(errors)) <= 30
    assert np.abs(errors).max() <= 60


@pytest.mark.parametrize(("name", "side"), ANNOTATED)
def test_stride_times_are_within_3_percent(name, side, events):
    clip = _walk(name, events[name])
    annotated = np.array(events[name]["heel_strike_frames"][SIDES[side]])
    found = annotated + _errors_ms(_strikes(clip, side), annotated, clip.fps_hz) * clip.fps_hz / 1000
    assert np.diff(found) == pytest.approx(np.diff(annotated), rel=0.03)
    if side == "l":
        times = [cycle.stride_time_s for cycle in cut_cycles(clip)[0]]
        assert times == pytest.approx(np.diff(annotated) / clip.fps_hz, rel=0.03)


@pytest.mark.parametrize(("name", "side"), ANNOTATED)
def test_no_strike_is_missed_that_lies_0_15_s_inside(name, side, events):
    clip = _walk(name, events[name])
    inside = round(0.15 * clip.fps_hz)
    for frame in events[name]["heel_strike_frames"][SIDES[side]]:
        for first, last in ((max(frame - inside, 0), None), (0, frame + inside + 1)):
            (error,) = _errors_ms(_strikes(clip, side, first, last), [frame], clip.fps_hz)
            assert abs(error) <= 60
