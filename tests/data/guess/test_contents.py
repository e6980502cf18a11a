import numpy as np
import pytest

from stgcn_affect.data.guess.contents import guess_contents, no_recording
from stgcn_affect.skeleton.layout import load_layout


def said(path, **how):
    return {field: (guess.value, guess.sure) for field, guess in guess_contents(path, **how).items()}


def test_what_the_file_says_is_sure_and_what_the_body_says_is_likely(tmp_path, walk):
    clip = walk()
    joints = np.array(clip.layout.joints)
    np.savez(tmp_path / "a.npz", positions=clip.positions[..., [2, 0, 1]] * 100, fps_hz=60, joints=joints)
    assert said(tmp_path / "a.npz") == {
        "reader": ("NumPy", "sure"),
        "layout": ("emotion_gait16", "sure"),
        "unit": ("centimetres", "likely"),
        "up_axis": ("+z", "likely"),
        "fps_hz": ("60", "sure"),
    }


def test_a_bare_array_has_a_layout_that_makes_a_body_and_a_hint_at_its_rate(tmp_path, walk):
    clip = walk(strides=3)
    np.save(tmp_path / "a.npy", clip.positions)
    guesses = guess_contents(tmp_path / "a.npy")
    assert (guesses["layout"].value, guesses["layout"].sure) == ("emotion_gait16", "unsure")
    assert (guesses["fps_hz"].value, guesses["fps_hz"].sure) == ("", "unknown")
    assert "a stride takes about 60 frames, 1.20 s at 50, 1.00 s at 60 frames a second" in guesses["fps_hz"].why


def test_an_order_of_joints_that_makes_no_body_is_unknown(tmp_path, walk):
    rng = np.random.default_rng(0)
    np.save(tmp_path / "a.npy", walk().positions[:, rng.permutation(16)])
    assert said(tmp_path / "a.npy")["layout"] == ("", "unknown")
    np.save(tmp_path / "b.npy", rng.normal(size=(50, 13, 3)))
    assert said(tmp_path / "b.npy")["layout"] == ("", "unknown")


def test_a_file_with_more_joints_than_a_layout(tmp_path, walk):
    clip = walk()
    joints = np.array([*clip.layout.joints, "hat"])
    positions = np.concatenate([clip.positions, clip.positions[:, :1]], axis=1)
    np.savez(tmp_path / "a.npz", positions=positions, fps_hz=60, joints=joints)
    guesses = guess_contents(tmp_path / "a.npz")
    assert (guesses["layout"].value, guesses["layout"].sure) == ("emotion_gait16", "likely")
    assert (guesses["fps_hz"].value, guesses["fps_hz"].sure) == ("60", "sure")


def test_a_layout_of_the_users(tmp_path, walk):
    clip = walk()
    np.save(tmp_path / "a.npy", clip.positions)
    found = said(tmp_path / "a.npy", layout=clip.layout)
    assert (found["layout"], found["fps_hz"]) == (("emotion_gait16", "sure"), ("", "unknown"))
    wrong = guess_contents(tmp_path / "a.npy", layout=load_layout("kinect20"))
    assert wrong["layout"].sure == "unknown"
    assert "[T, 20, 3]" in wrong["layout"].why


def test_a_broken_file_says_what_is_wrong(tmp_path):
    (tmp_path / "a.bvh").write_text("broken")
    guess = guess_contents(tmp_path / "a.bvh")["layout"]
    assert (guess.value, guess.sure) == ("", "unknown")
    assert guess.why.startswith("a BVH file has the parts HIERARCHY and MOTION")


def test_emotion_gait(stick_gait):
    found = said(stick_gait / "features.h5")
    assert (found["layout"], found["unit"], found["fps_hz"]) == (
        ("emotion_gait16", "sure"),
        ("relative", "sure"),
        ("30", "sure"),
    )


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("subject,age\nana,3\n", "a table without joints in its columns: subject, age"),
        ("1,2,3\n", "a table of 3 columns without a heading"),
        ("", r"expected a table (got an empty file)"),
        ("frame,joint,x,y,z\n1,head,0,0,0\n", ""),
        ("HipX,HipY,HipZ\n1,2,3\n", ""),
        (",".join(["1"] * 48), ""),
    ],
)
def test_tables_that_are_no_motion(tmp_path, text, words):
    (tmp_path / "a.csv").write_text(text)
    assert no_recording(tmp_path / "a.csv") == words
