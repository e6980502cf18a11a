import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stgcn_affect.visual.labels import draw_column, label_lines, label_points, spread
from stgcn_affect.visual.style import new_figure

NUMBERS = st.lists(st.floats(-10, 10), max_size=12)


def test_two_that_meet_move_apart_evenly() -> None:
    np.testing.assert_allclose(spread([1.0, 1.0, 5.0], gap=1.0), [0.5, 1.5, 5.0])


def test_order_of_the_input_is_kept() -> None:
    np.testing.assert_allclose(spread([5.0, 1.2, 1.0], gap=1.0), [5.0, 1.6, 0.6])


@given(NUMBERS)
def test_all_are_apart_and_in_order(wanted: list[float]) -> None:
    placed = spread(wanted, gap=0.5)
    order = np.argsort(wanted, kind="stable")
    assert (np.diff(placed[order]) >= 0.5 - 1e-9).all()


@given(NUMBERS)
def test_the_mean_stays(wanted: list[float]) -> None:
    if wanted:
        np.testing.assert_allclose(spread(wanted, gap=0.5).mean(), np.mean(wanted), atol=1e-9)


def test_column_writes_away_from_the_points() -> None:
    axes = new_figure(width_in=1, height_in=1).add_subplot()
    draw_column(axes, points={"a": (0.0, 0.0), "b": (0.0, 0.0)}, at=-1.0, gap=0.2)
    draw_column(axes, points={"c": (0.0, 0.0)}, at=1.0, gap=0.2)
    assert [(t.get_text(), t.get_ha()) for t in axes.texts] == [("a", "right"), ("b", "right"), ("c", "left")]
    assert axes.texts[0].get_position()[1] != axes.texts[1].get_position()[1]


X = np.linspace(0, 1, 11)
COLOURS = {"flat": "red", "rising": "blue", "high": "green"}


def place(lines: dict[str, np.ndarray], **more: object):
    figure = new_figure(width_in=4, height_in=3)
    axes = figure.add_subplot()
    axes.set_xlim(0, 1)
    axes.set_ylim(0, 1)
    for y in lines.values():
        axes.plot(X, y)
    label_lines(axes, {name: (X, y) for name, y in lines.items()}, colours=COLOURS, **more)
    return axes, {text.get_text(): text.get_window_extent() for text in axes.texts}


def test_names_have_their_colours_and_do_not_meet() -> None:
    axes, boxes = place({"flat": 0 * X + 0.3, "rising": 0.2 + 0.6 * X, "high": 0 * X + 0.8})
    assert {text.get_text(): text.get_color() for text in axes.texts} == COLOURS
    found = list(boxes.values())
    assert not any(box.overlaps(other) for i, box in enumerate(found) for other in found[:i])


def test_a_name_is_nearer_to_its_own_line_than_to_any_other() -> None:
    lines = {"flat": 0 * X + 0.3, "rising": 0.2 + 0.6 * X, "high": 0 * X + 0.8}
    axes, _ = place(lines)
    for text in axes.texts:
        x, y = text.get_position()
        away = {name: abs(y - np.interp(x, X, line)) for name, line in lines.items()}
        assert min(away, key=lambda name: away[name]) == text.get_text()


def test_lines_that_are_close_carry_their_names() -> None:
    lines = {"flat": 0 * X + 0.5, "rising": 0 * X + 0.53}
    axes, boxes = place(lines)
    for text in axes.texts:
        assert abs(text.get_position()[1] - lines[text.get_text()][0]) < 0.08
    assert not boxes["flat"].overlaps(boxes["rising"])


def test_names_stay_inside_and_off_what_is_to_be_avoided() -> None:
    axes, boxes = place({"flat": 0 * X + 0.97}, avoid=[(X, 0 * X + 0.9)])
    frame = axes.get_window_extent()
    box = boxes["flat"]
    assert frame.x0 < box.x0
    assert box.x1 < frame.x1
    avoided = axes.transData.transform((0.5, 0.9))[1]
    assert not box.y0 < avoided < box.y1


def test_no_lines_no_names() -> None:
    assert place({})[1] == {}


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
