import numpy as np
import pytest

from stgcn_affect.visual.point_labels import label_points
from stgcn_affect.visual.style import new_figure


@pytest.fixture
def axes():
    made = new_figure(width_in=4.0, height_in=3.0).add_subplot()
    made.set(xlim=(0, 1), ylim=(0, 1))
    return made


def boxes(texts):
    return [text.get_window_extent() for text in texts]


CROWD = np.array([[0.5, 0.5], [0.51, 0.5], [0.5, 0.52], [0.52, 0.51], [0.49, 0.48]])


def test_names_of_a_crowd_cover_neither_each_other_nor_a_point(axes) -> None:
    texts = label_points(axes, ["0", "0.1", "0.2", "0.5", "1"], CROWD, colours=["#000000"] * 5)
    assert [text.get_text() for text in texts] == ["0", "0.1", "0.2", "0.5", "1"]
    found = boxes(texts)
    for i, box in enumerate(found):
        assert not any(box.overlaps(other) for other in found[i + 1 :])
        assert not any(box.contains(*spot) for spot in axes.transData.transform(CROWD))


def test_lines_are_kept_clear(axes) -> None:
    line = np.stack([np.linspace(0, 1, 200), np.full(200, 0.5)], axis=1)
    (text,) = label_points(axes, ["here"], [(0.5, 0.5)], colours=["#000000"], avoid=line)
    box = boxes([text])[0]
    assert not any(box.contains(*spot) for spot in axes.transData.transform(line))


@pytest.mark.parametrize("corner", [(0, 0), (0, 1), (1, 0), (1, 1)])
def test_names_stay_in_the_frame(axes, corner) -> None:
    (box,) = boxes(label_points(axes, ["corner"], [corner], colours=["#000000"]))
    frame = axes.get_window_extent()
    assert frame.x0 <= box.x0
    assert box.x1 <= frame.x1
    assert frame.y0 <= box.y0
    assert box.y1 <= frame.y1


def test_a_point_alone_has_its_name_at_its_side_and_no_line(axes) -> None:
    (text,) = label_points(axes, ["a"], [(0.5, 0.5)], colours=["#ff0000"])
    away = axes.transData.transform(text.get_position()) - axes.transData.transform((0.5, 0.5))
    assert np.hypot(*away) == pytest.approx(12.0)
    assert text.get_color() == "#ff0000"
    assert len(axes.lines) == 0


def test_a_name_that_had_to_move_is_joined_to_its_point(axes) -> None:
    ring = 15 / axes.get_window_extent().width
    turns = np.linspace(0, 2 * np.pi, 60)
    around = 0.5 + ring * np.stack([np.cos(turns), np.sin(turns) * 4 / 3], axis=1)
    (text,) = label_points(axes, ["far"], [(0.5, 0.5)], colours=["#0000ff"], avoid=around)
    (line,) = axes.lines
    np.testing.assert_allclose(line.get_xydata(), [(0.5, 0.5), text.get_position()])
    assert line.get_color() == "#0000ff"


def test_points_without_a_name_are_only_kept_clear(axes) -> None:
    texts = label_points(axes, ["a", ""], [(0.5, 0.5), (0.52, 0.52)], colours=["#000000"] * 2)
    assert [text.get_text() for text in axes.texts] == ["a"]
    assert not boxes(texts)[0].contains(*axes.transData.transform((0.52, 0.52)))
    assert label_points(axes, ["", ""], [(0.1, 0.1), (0.2, 0.2)], colours=["#000000"] * 2) == []
    assert label_points(axes, [], [], colours=[]) == []
