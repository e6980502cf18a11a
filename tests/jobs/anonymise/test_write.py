import numpy as np
import pytest

from stgcn_affect.errors import InputError
from stgcn_affect.jobs.anonymise.inputs import mechanism_bodies, model_of, recordings
from stgcn_affect.jobs.anonymise.write import anonymise
from stgcn_affect.motion.readers.formats import read_clips
from stgcn_affect.release.card import Mechanism, card_text
from stgcn_affect.release.motion_files import write_motion


@pytest.fixture
def folder(tmp_path, walk):
    """Three walks of named people, one file that is no walk, and one that is none of ours."""
    raw = tmp_path / "raw"
    for number, name in enumerate(("ana", "ben", "zoe")):
        write_motion(walk(swing=0.4 + 0.1 * number), raw / f"{name}_sad.npz")
    (raw / "broken.csv").write_text("nothing\n")
    (raw / "notes.docx").write_text("ana, ben and zoe\n")
    return raw


def files(folder):
    return sorted(path.name for path in folder.iterdir())


def test_a_folder_gets_neutral_names_in_random_order_and_a_key_apart(model_file, folder, tmp_path):
    made = anonymise(model_file, folder, tmp_path / "out", kind="csv", seed=1)
    assert files(tmp_path / "out") == ["card.md", "walk_1.csv", "walk_2.csv", "walk_3.csv"]
    key = (tmp_path / "out.key.csv").read_text().splitlines()
    assert [row.split(",")[0] for row in key[1:]] == ["walk_1.csv", "walk_2.csv", "walk_3.csv"]
    assert [source for source, _ in made.left_out] == [str(folder / "broken.csv")]
    for path in (tmp_path / "out").iterdir():
        content = path.read_bytes()
        assert not any(name in content for name in (b"ana", b"ben", b"zoe", b"/raw"))
    orders = set()
    for seed in range(6):
        anonymise(model_file, folder, tmp_path / f"out{seed}", kind="csv", seed=seed)
        orders.add((tmp_path / f"out{seed}.key.csv").read_text())
    assert len(orders) > 1


def test_a_file_gives_a_file_in_the_format_of_its_ending_and_a_card(model_file, folder, tmp_path):
    made = anonymise(model_file, folder / "ana_sad.npz", tmp_path / "new" / "x.bvh")
    assert files(tmp_path / "new") == ["x.bvh", "x.card.md"]
    assert "was not tested by the rule" in (tmp_path / "new" / "x.card.md").read_text()
    (clip,) = read_clips(tmp_path / "new" / "x.bvh", layout=model_of(model_file).layout)
    assert (clip.num_frames, clip.fps_hz) == (480, 60)
    assert any("between cycles" in line for line in made.lines())


def test_a_manifest_gives_the_walks_that_it_names(model_file, folder, tmp_path):
    manifest = folder / "manifest.csv"
    manifest.write_text("path,subject,emotion,take\nana_sad.npz,Ana,sad,1\nzoe_sad.npz,Zoe,sad,1\n")
    made = anonymise(model_file, manifest, tmp_path / "out", seed=0)
    assert sorted(one.walk.clip.subject for one in made.sources) == ["Ana", "Zoe"]
    assert [row.subject for row in recordings(folder).rows] == ["Ana", "Zoe"]  # found by the folder's manifest, too


def test_a_key_of_earlier_walks_is_not_overwritten(model_file, folder, tmp_path):
    (tmp_path / "out.key.csv").write_text("which is which\n")
    with pytest.raises(InputError, match="no key of earlier walks"):
        anonymise(model_file, folder, tmp_path / "out")
    assert (tmp_path / "out.key.csv").read_text() == "which is which\n"


def test_random_bodies_differ_and_the_mean_body_is_one(model_file):
    _, drawn = mechanism_bodies(model_file, Mechanism("random"), np.random.default_rng(0))
    first, second = next(drawn), next(drawn)
    assert not np.allclose(first.lengths, second.lengths)
    _, mean = mechanism_bodies(model_file, Mechanism(), np.random.default_rng(0))
    assert next(mean) is next(mean)


@pytest.mark.parametrize(
    ("source", "out", "chosen", "words"),
    [
        ("raw", "out.bvh", {}, "expected a folder for the walks of the folder"),
        ("raw", "raw", {}, "expected a new file or a new or empty folder"),
        ("raw", "out", {"kind": "fbx"}, "--format: expected one of bvh"),
        ("raw/ana_sad.npz", "out.bvh", {"kind": "csv"}, r"a name ending in \.csv"),
        ("raw/broken.csv", "out.bvh", {}, "expected a walk with a gait cycle"),
        ("nowhere", "out", {}, "got nothing there"),
        ("raw/ana_sad.npz", "out.bvh", {"mechanism": Mechanism("ana")}, "keeps no subject's body"),
    ],
)
def test_mistakes_are_told(model_file, folder, tmp_path, source, out, chosen, words):
    with pytest.raises(InputError, match=words):
        anonymise(model_file, tmp_path / source, tmp_path / out, **chosen)


def test_a_card_says_whether_the_mechanism_was_tested_and_whose_body_it_is():
    about = {"emotions": ("happy", "sad"), "joints": 16}
    cards = [card_text(Mechanism(), passed=passed, **about) for passed in (None, True, False)]
    for words, card in zip(("was not tested", "passed", "failed"), cards, strict=True):
        assert f"a mechanism that **{words}" in card
    real = card_text(Mechanism("Ana Maria"), passed=None, **about)
    assert "a real person" in real
    assert "Ana" not in real
