import numpy as np
import pytest

from stgcn_affect.visual.curve import privacy_utility_figure


def point(name: str, identity: float, emotion: float) -> dict:
    return {
        "name": name,
        "identity": identity,
        "emotion": emotion,
        "identity_ci95": [identity - 0.1, identity + 0.2],
        "identity_chance": 0.125,
    }


POINTS = [point("reversal-0", 0.8, 0.7), point("reversal-0.5", 0.4, 0.6), point("leace", 0.2, 0.5)]


def test_points_stand_where_they_were_measured_and_a_kind_is_one_line() -> None:
    axes = privacy_utility_figure(POINTS, chance=0.25, title="hiding").axes[0]
    lines = [container.lines[0] for container in axes.containers]
    assert [line.get_xydata().tolist() for line in lines] == [[[0.8, 0.7], [0.4, 0.6]], [[0.2, 0.5]]]
    assert [text.get_text() for text in axes.texts] == ["0", "0.5"]
    assert axes.get_title() == "hiding"


def test_limits_lie_to_the_left_and_right() -> None:
    axes = privacy_utility_figure(POINTS[2:], chance=0.25).axes[0]
    bars = axes.containers[0].lines[2][0].get_segments()
    np.testing.assert_allclose(bars, [[[0.1, 0.5], [0.4, 0.5]]])


def test_limits_that_leave_out_the_point_are_drawn_up_to_it() -> None:
    odd = point("leace", 0.2, 0.5) | {"identity_ci95": [0.25, 0.3]}
    bars = privacy_utility_figure([odd], chance=0.25).axes[0].containers[0].lines[2][0].get_segments()
    np.testing.assert_allclose(bars, [[[0.2, 0.5], [0.3, 0.5]]])


def test_both_chance_levels_are_dotted_lines() -> None:
    axes = privacy_utility_figure(POINTS, chance=0.25).axes[0]
    dotted = [line.get_xydata().tolist() for line in axes.lines if line.get_linestyle() == ":"]
    assert dotted == [[[0.0, 0.25], [1.0, 0.25]], [[0.125, 0.0], [0.125, 1.0]]]


def test_every_kind_is_named_beside_the_axes() -> None:
    figure = privacy_utility_figure(POINTS, chance=0.25)
    assert [text.get_text() for text in figure.legends[0].get_texts()] == ["reversal", "leace"]
    figure.canvas.draw()
    assert figure.legends[0].get_window_extent().x0 >= figure.axes[0].get_window_extent().x1


@pytest.mark.parametrize("points", [[], POINTS[:1]])
def test_few_points_or_none_are_drawn_too(points: list) -> None:
    privacy_utility_figure(points, chance=0.25).canvas.draw()


def test_strengths_of_points_close_together_are_written_apart() -> None:
    crowd = [point(f"reversal-{s}", 0.2 + 0.005 * i, 0.47 - 0.004 * i) for i, s in enumerate((0, 0.1, 0.2, 0.5, 1))]
    figure = privacy_utility_figure([*crowd, point("leace", 0.21, 0.455), point("plain", 0.9, 0.3)], chance=0.25)
    figure.canvas.draw()
    boxes = [text.get_window_extent() for text in figure.axes[0].texts]
    assert len(boxes) == 5
    for i, box in enumerate(boxes):
        assert not any(box.overlaps(other) for other in boxes[i + 1 :])
