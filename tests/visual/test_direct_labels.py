import numpy as np

from stgcn_affect.visual.direct_labels import label_lines
from stgcn_affect.visual.style import new_figure

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
