import numpy as np
import pytest

from stgcn_affect.errors import InputError
from stgcn_affect.visual.scores import confusion_figure, deletion_figure, privacy_utility_figure


def test_cells_have_row_percentages_and_counts() -> None:
    axes = confusion_figure([[3, 1], [0, 0]], names=["happy", "sad"], title="walks").axes[0]
    assert [t.get_text() for t in axes.texts] == ["75 %", "3", "25 %", "1", "-", "0", "-", "0"]
    assert [t.get_text() for t in axes.get_yticklabels()][:2] == ["happy (4)", "sad (0)"]
    assert [t.get_text() for t in axes.get_xticklabels()][:2] == ["happy", "sad"]
    assert axes.get_title() == "walks"


def test_names_must_fit() -> None:
    with pytest.raises(InputError, match=r"2 names need counts \[2, 2\] \(got \[1, 2\]\)"):
        confusion_figure([[1, 2]], names=["a", "b"])


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


SHARES = np.array([0.0, 0.5, 1.0])


def curve(*means: float) -> np.ndarray:
    return np.stack([np.array(means) + shift for shift in (0.0, -0.05, 0.05)])


DELETION = {"map": curve(0.9, 0.3, 0.25), "random": curve(0.9, 0.6, 0.25), "motion energy": curve(0.9, 0.45, 0.25)}
INSERTION = {"map": curve(0.25, 0.8, 0.9), "random": curve(0.25, 0.5, 0.9)}


def test_curves_and_limits_are_where_they_were_measured() -> None:
    axes = deletion_figure(SHARES, deletion=DELETION, chance=0.25).axes[0]
    drawn = [line.get_xydata().tolist() for line in axes.lines if len(line.get_xdata()) == 3]
    assert [[0.0, 0.9], [50.0, 0.3], [100.0, 0.25]] in drawn
    assert len(drawn) == len(axes.collections) == 3
    corners = axes.collections[-1].get_paths()[0].vertices  # the map is drawn last, over the others
    np.testing.assert_allclose([corners[:, 1].min(), corners[:, 1].max()], [0.2, 0.95])


def test_the_map_stands_out_and_no_two_orders_look_alike() -> None:
    axes = deletion_figure(SHARES, deletion=DELETION | {"mine": curve(0.9, 0.5, 0.25)}, chance=0.25).axes[0]
    lines = [line for line in axes.lines if len(line.get_xdata()) == 3]
    assert np.argmax([line.get_linewidth() for line in lines]) == len(lines) - 1
    assert len({line.get_color() for line in lines}) == 4
    assert sum(line.is_dashed() for line in lines) == 2


def test_every_curve_is_named_on_itself_and_chance_is_a_line() -> None:
    figure = deletion_figure(SHARES, deletion=DELETION, insertion=INSERTION, chance=0.25, unit="bins", title="sad")
    left, right = figure.axes
    assert {text.get_text().strip() for text in left.texts} == {"chance", *DELETION}
    assert {text.get_text().strip() for text in right.texts} == {"chance", *INSERTION}
    assert (left.get_xlabel(), right.get_xlabel()) == ("bins removed (%)", "bins put back (%)")
    for axes, corner in ((left, 0.0), (right, 100.0)):
        dotted = [line for line in axes.lines if line.get_linestyle() == ":"]
        assert [list(line.get_ydata()) for line in dotted] == [[0.25, 0.25]]
        assert [t.get_position()[0] for t in axes.texts if "chance" in t.get_text()] == [corner], "away from the curves"
    assert not figure.legends
    assert left.get_ylim() == right.get_ylim() == (0, 1)
    assert figure.get_suptitle() == "sad"


def test_a_curve_of_another_shape_is_an_error() -> None:
    with pytest.raises(InputError, match=r"'map' \(removed\) needs .* at 3 shares, \[3, 3\] \(got \[2, 3\]\)"):
        deletion_figure(SHARES, deletion={"map": curve(0, 0, 0)[:2]}, chance=0.25)
    with pytest.raises(InputError, match=r"'map' \(put back\) needs"):
        deletion_figure(SHARES, deletion=DELETION, insertion={"map": curve(0, 0)}, chance=0.25)
