"""Every mistake in a file gives one line below 500 characters, however long its names and its path are."""

import pickle
from pathlib import Path

import h5py
import numpy as np
import pytest

from stgcn_affect.errors import LONGEST_MESSAGE, InputError, shortened
from stgcn_affect.motion.readers.formats import FORMATS, read_clips
from stgcn_affect.skeleton.layout import load_layout
from walking_figure import markers, walking_figure, write_bvh, write_c3d

LONG = "a_very_long_name_of_a_joint_that_somebody_exported_from_a_program"
NAMES = [f"{LONG}_{n}" for n in range(300)]
WALK = walking_figure("kinect25", seconds=1.0)


def c3d(path, labels=None, change=None):
    own, places = markers(walking_figure("plug_in_gait18", seconds=0.5, fps_hz=100))
    places = places if labels is None else places[:, [0] * len(labels)]
    write_c3d(path, labels or own, places)
    if change:
        path.write_bytes(change(path.read_bytes()))


def twins(path):
    own, places = markers(walking_figure("plug_in_gait18", seconds=0.5, fps_hz=100))
    more = np.random.default_rng(0).random((len(places), 99, 3))
    write_c3d(path, [*own, *["LKNE"] * 99], np.concatenate([places, more], axis=1))


def people(path):
    own, places = markers(walking_figure("plug_in_gait18", seconds=0.5, fps_hz=100))
    names = [f"{LONG[:40]}{n}:{label}" for n in range(9) for label in own]
    write_c3d(path, names, np.concatenate([places + n for n in range(9)], axis=1))


def table(path, heading, rows=(("1",) * 3,), separator=","):
    path.write_text("\n".join([separator.join(heading), *(separator.join(map(str, row)) for row in rows)]) + "\n")


def bvh(path, change):
    path.write_text(change(write_bvh(path, WALK).read_text()))


def pkl(path, content):
    path.write_bytes(pickle.dumps(content))


def annotation(**fields):
    return [{"frame_dir": LONG * 20, "keypoint": WALK.positions[None], **fields}]


def h5(path, **values):
    with h5py.File(path, "w") as file:
        for key, value in values.items():
            file[key] = value


XYZ = [f"{name}{axis}" for name in NAMES for axis in "XYZ"]

BROKEN = {
    ".c3d": [
        lambda p: c3d(p, NAMES),
        lambda p: c3d(p, ["LASI", "RASI", *NAMES]),
        lambda p: c3d(p, change=lambda data: data[:3000]),
        lambda p: p.write_bytes(b"x" * 5000),
        lambda p: p.write_bytes(b""),
        twins,
        people,
    ],
    ".csv": [
        lambda p: p.write_bytes(b"\xff\xfe" * 900),
        lambda p: p.write_text(""),
        lambda p: table(p, NAMES),
        lambda p: table(p, XYZ, [["1"] * 900]),
        lambda p: table(p, ["time", *XYZ[:75]], [["x" * 2000] * 76]),
        lambda p: table(p, ["frame", "joint", "x", "y", "z"], [[1, name, 0, 0, 0] for name in NAMES]),
        lambda p: table(p, ["frame", "joint", "x", "y", "z"], [["f" * 999, "Head", 0, 0, 0]]),
        lambda p: table(p, ["joint", "x", "y", "z", *NAMES], [["Head"] * 304]),
        lambda p: table(p, ["1"] * 75, [["1"] * 74]),
        lambda p: table(p, ["1"] * 1000, [["1"] * 1000]),
        lambda p: p.write_text('"' + "q" * 200000 + "\n"),
        lambda p: p.write_text("Trajectories\n100\n,," + ",,,".join(NAMES) + "\n"),
        lambda p: p.write_text("Model Outputs\n100\n,," + ",,,".join(NAMES) + "\nFrame,Sub Frame,X,Y,Z\n"),
        lambda p: p.write_text("Format Version,1.2,Take Name," + LONG * 9 + "\nFrame,Time,X,Y,Z\n"),
    ],
    ".tsv": [
        lambda p: p.write_text("NO_OF_FRAMES\t9\nDATA_INCLUDED\t6D\nBODY_NAMES\t" + "\t".join(NAMES) + "\n"),
        lambda p: p.write_text("NO_OF_FRAMES\t9\nDATA_INCLUDED\t" + LONG * 9 + "\n"),
        lambda p: p.write_text("NO_OF_FRAMES\t9\nMARKER_NAMES\t" + "\t".join(NAMES) + "\n"),
        lambda p: p.write_text("NO_OF_FRAMES\t9\nMARKER_NAMES\t" + "\t".join(NAMES) + "\n" + "1\t" * 900 + "\n"),
        lambda p: table(p, NAMES, separator="\t"),
    ],
    ".txt": [
        lambda p: p.write_text("words, words and words\n" * 900),
        lambda p: table(p, NAMES),
    ],
    ".trc": [
        lambda p: p.write_text("PathFileType\t4\t(X/Y/Z)\t" + LONG * 9 + "\n"),
        lambda p: p.write_text("PathFileType\t4\nFrame#\tTime\t" + "\t\t\t".join(NAMES) + "\n"),
        lambda p: p.write_text("PathFileType\t4\nFrame#\tTime\t" + "\t\t\t".join(NAMES) + "\n1\t0.1\t5\n" * 9),
        lambda p: p.write_text("PathFileType 4\nFrame# Time " + " ".join(NAMES) + "\n1 0.1 5\n" * 9),
    ],
    ".bvh": [
        lambda p: p.write_text("no BVH " * 300),
        lambda p: bvh(p, lambda text: text.replace("OFFSET", "OFFSET " + "9 " * 900)),
        lambda p: bvh(p, lambda text: text.replace("MOTION", "MOTION " + "m" * 900)),
        lambda p: bvh(p, lambda text: text + "word" * 999),
        lambda p: bvh(p, lambda text: text.replace("Frame Time: 0.033333", "Frame Time: -1")),
        lambda p: bvh(p, lambda text: text.replace("KneeLeft", LONG * 20)),
        lambda p: bvh(p, lambda text: text.replace("HipLeft", LONG * 20)),
    ],
    ".npy": [
        lambda p: p.write_bytes(b"x" * 2000),
        lambda p: np.save(p, np.zeros((2, 2, 2, 2))),
        lambda p: np.save(p, np.array([{}] * 9, dtype=object)),
        lambda p: np.save(p, np.array(["x" * 900])),
    ],
    ".npz": [
        lambda p: p.write_bytes(b"PK" * 2000),
        lambda p: np.savez(p, **{name: np.zeros(3) for name in NAMES}),
        lambda p: np.savez(p, positions=np.zeros((5, 300, 3)), joints=np.array(NAMES)),
        lambda p: np.savez(p, positions=WALK.positions, joints=np.array(WALK.layout.joints)),
        lambda p: np.savez(p, positions=WALK.positions, joints=np.array(WALK.layout.joints), fps=np.arange(900)),
        lambda p: np.savez(
            p, positions=WALK.positions, joints=np.array(WALK.layout.joints), fps=30, subject=np.array(NAMES)
        ),
    ],
    ".h5": [
        lambda p: p.write_bytes(b"x" * 2000),
        lambda p: h5(p),
        lambda p: h5(p, **{LONG * 9: np.zeros((75, 5))}),
        lambda p: h5(p, **{f"{LONG}/{LONG}": np.zeros((75, 48))}),
    ],
    ".pkl": [
        lambda p: p.write_bytes(b"x" * 2000),
        lambda p: pkl(p, dict.fromkeys(NAMES)),
        lambda p: pkl(p, [1] * 999),
        lambda p: pkl(p, annotation()),
        lambda p: pkl(p, annotation(keypoint=NAMES)),
        lambda p: pkl(p, annotation(keypoint=np.zeros((1, 5, 17, 2)))),
        lambda p: pkl(p, annotation(keypoint=np.zeros((1, 5, 25, 3)))),
        lambda p: pkl(p, annotation(keypoint=np.ones((1, 5, 99, 3)))),
        lambda p: pkl(p, annotation(fps="fast" * 300)),
        lambda p: pkl(p, Path(LONG * 20)),
    ],
}  # fmt: skip

CASES = [(suffix, number) for suffix, broken in BROKEN.items() for number in range(len(broken))]


def test_every_format_is_tried():
    assert set(BROKEN) == set(FORMATS)


@pytest.mark.parametrize("depth", [0, 6])
@pytest.mark.parametrize(("suffix", "number"), CASES, ids=[f"{suffix[1:]}{number}" for suffix, number in CASES])
def test_messages_are_short_lines(tmp_path, suffix, number, depth):
    if suffix == ".c3d":
        pytest.importorskip("ezc3d")
    folder = tmp_path.joinpath(*["a folder with a long name, one of many"] * depth)
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"walk{suffix}"
    BROKEN[suffix][number](path)
    for layout in (None, load_layout("kinect20")):
        with pytest.raises(InputError) as told:
            read_clips(path, layout=layout)
        message = str(told.value)
        assert len(message) < 500
        assert "\n" not in message
        assert message.startswith(str(path)[:250])
        if not depth:
            assert str(path) in message
            assert "(got" in message or "(missing" in message or "got:" in message


def test_what_is_too_long_loses_its_middle():
    text = "".join(chr(65 + n % 26) for n in range(900))
    short = shortened(text)
    assert len(short) == LONGEST_MESSAGE == len(str(InputError(text)))
    start, end = short.split(" ... ")
    assert text.startswith(start)
    assert text.endswith(end)
    assert len(start) > len(end) > 150
    assert shortened("short") == "short"
    assert str(pickle.loads(pickle.dumps(InputError(text)))) == short
