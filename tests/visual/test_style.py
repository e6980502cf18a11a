from pathlib import Path

import pytest

from stgcn_affect.errors import InputError
from stgcn_affect.visual.style import (
    OKABE_ITO,
    file_name,
    lighter,
    name_colours,
    new_figure,
    save_figure,
)


def test_emotions_keep_their_colour_in_any_company() -> None:
    some, all_four = name_colours(["sad", "angry"]), name_colours(["angry", "happy", "neutral", "sad"])
    assert some["sad"] == all_four["sad"]
    assert len(set(all_four.values())) == 4


def test_other_names_take_what_is_left() -> None:
    colours = name_colours(["bored", "sad", "proud"])
    assert set(colours) == {"bored", "sad", "proud"}
    assert len(set(colours.values())) == 3
    assert set(name_colours([f"w{i}" for i in range(20)]).values()) == set(OKABE_ITO)


def test_lighter_by_hand() -> None:
    assert lighter("#000000", by=0.2) == "#333333"
    assert lighter("#123456", by=1.0) == "#ffffff"


@pytest.mark.parametrize(("name", "start"), [("a.png", b"\x89PNG"), ("a.SVG", b"<?xml")])
def test_writes_by_the_ending_and_makes_folders(tmp_path: Path, name: str, start: bytes) -> None:
    path = save_figure(new_figure(width_in=1, height_in=1), path=tmp_path / "new" / name)
    assert path.read_bytes().startswith(start)
    assert [p.name for p in path.parent.iterdir()] == [name]


@pytest.mark.parametrize("kind", ["png", "svg"])
def test_the_same_figure_gives_the_same_bytes(tmp_path: Path, kind: str) -> None:
    written = []
    for i in range(2):
        figure = new_figure(width_in=1, height_in=1)
        figure.add_subplot().plot([0, 1], [0, 1])
        written.append(save_figure(figure, path=tmp_path / f"{i}.{kind}").read_bytes())
    assert written[0] == written[1]


def test_another_ending_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"a\.gif: a figure is written as \.png or \.svg \(got '\.gif'\)"):
        save_figure(new_figure(width_in=1, height_in=1), path=tmp_path / "a.gif")
    assert not list(tmp_path.iterdir())


def test_file_names_hold_no_folders() -> None:
    assert file_name("transfer", "../ana b", "", "é") == "transfer-.._ana_b-é"
