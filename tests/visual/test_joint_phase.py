import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from stgcn_affect.errors import InputError
from stgcn_affect.skeleton.layout import Layout, layout_names, load_layout
from stgcn_affect.visual.joint_phase import draw_joint_phase, joint_phase_figure, limb_rows, update_joint_phase
from stgcn_affect.visual.relevance_scale import RelevanceScale
from stgcn_affect.visual.style import new_figure

EVENTS = {"LHS": 0.0, "RTO": 11.0, "RHS": 50.0, "LTO": 52.0}
SCALE = RelevanceScale(limit=1.0, signed=True)


def draw(layout: Layout, relevance: np.ndarray, **more: object) -> Axes:
    axes = new_figure(width_in=5, height_in=4).add_subplot()
    draw_joint_phase(axes, relevance=relevance, layout=layout, scale=SCALE, **more)
    return axes


def test_rows_are_sorted_by_limb_from_the_top_of_the_body(layout: Layout) -> None:
    rows = limb_rows(layout)
    assert list(rows) == ["head", "trunk", "left_arm", "right_arm", "left_leg", "right_leg"]
    assert rows["trunk"] == ("neck", "spine", "root")
    assert rows["left_leg"] == ("l_hip", "l_knee", "l_foot")


def test_a_number_stands_in_the_row_of_its_joint_at_its_phase(layout: Layout) -> None:
    relevance = np.zeros((10, 16))
    relevance[3, layout.index("spine")] = 1.0
    axes = draw(layout, relevance)
    image = axes.images[0]
    assert axes.get_yticklabels()[2].get_text() == "spine"
    shown = image.get_array()
    assert np.argwhere(shown).tolist() == [[2, 3]]
    left, right, bottom, top = image.get_extent()
    width = (right - left) / shown.shape[1]
    assert left + 3.5 * width == pytest.approx(30.0)
    assert (bottom, top) == (15.5, -0.5)


def test_the_cycle_closes(layout: Layout) -> None:
    relevance = np.zeros((10, 16))
    relevance[0] = 1.0
    axes = draw(layout, relevance)
    shown = axes.images[0].get_array()
    np.testing.assert_allclose(shown[:, -1], shown[:, 0])
    assert axes.get_xlim() == (0, 100)
    assert axes.images[0].get_extent()[1] >= 100


def test_events_are_lines_dashed_on_the_right_and_their_names_move_apart(layout: Layout) -> None:
    axes = draw(layout, np.zeros((4, 16)), events=EVENTS)
    lines = {float(line.get_xdata()[0]): line for line in axes.lines if list(line.get_ydata()) == [0, 1]}
    assert {x: line.is_dashed() for x, line in lines.items()} == {0.0: False, 11.0: True, 50.0: True, 52.0: False}
    labels = {text.get_text(): text.get_position()[0] for text in axes.texts if text.get_text() in EVENTS}
    assert labels["RTO"] == 11.0
    assert labels["LTO"] - labels["RHS"] >= 7.9


@pytest.mark.parametrize("name", layout_names())
def test_limbs_are_named_and_separated(name: str) -> None:
    layout = load_layout(name)
    axes = draw(layout, np.zeros((4, layout.num_joints)), title="sad")
    groups = limb_rows(layout)
    assert [text.get_text() for text in axes.texts] == [limb.replace("_", " ") for limb in groups]
    strong = [float(line.get_ydata()[0]) for line in axes.lines if line.get_linewidth() == 0.9]
    assert strong == (np.cumsum([len(joints) for joints in groups.values()])[:-1] - 0.5).tolist()
    assert axes.get_title() == "sad"


def test_limb_names_stand_left_of_joint_names() -> None:
    layout = load_layout("kinect25")
    axes = draw(layout, np.zeros((4, 25)))
    axes.figure.draw_without_rendering()
    joints = min(label.get_window_extent().x0 for label in axes.get_yticklabels())
    limbs = [text.get_window_extent() for text in axes.texts]
    assert max(box.x1 for box in limbs) < joints
    assert min(box.x0 for box in limbs) >= 0


def test_panels_share_a_symmetric_scale_and_only_the_left_ones_have_names(layout: Layout) -> None:
    maps = {"angry": np.full((4, 16), 0.5), "sad": np.full((4, 16), -2.0), "happy": np.zeros((4, 16))}
    figure = joint_phase_figure(maps, layout=layout, events={"sad": EVENTS}, meaning="points of the logit", title="all")
    panels, bar = figure.axes[:4], figure.axes[4]
    assert [panel.get_title() for panel in panels[:3]] == ["angry", "sad", "happy"]
    assert {(panel.images[0].norm.vmin, panel.images[0].norm.vmax) for panel in panels[:3]} == {(-2.0, 2.0)}
    assert [bool(panel.get_yticks().size and panel.get_yticklabels()[0].get_text()) for panel in panels[:3]] == [
        True,
        False,
        True,
    ]
    assert not panels[3].axison
    assert bar.get_ylabel() == "points of the logit"
    assert {text.get_text() for text in panels[1].texts} == set(EVENTS)
    assert figure.get_size_inches()[0] == 9.0


def test_other_maps_in_a_drawn_figure_look_as_in_a_new_one(layout: Layout) -> None:
    random = np.random.default_rng(0)
    first, second = ({name: random.uniform(-1, 1, (4, 16)) for name in ("angry", "sad")} for _ in range(2))
    scale = RelevanceScale(limit=1.0, signed=True)
    drawn = joint_phase_figure(first, layout=layout, scale=scale, title="epoch 10")
    before = pixels(drawn)
    update_joint_phase(drawn, second, layout=layout, title="epoch 20")
    after = pixels(drawn)
    assert np.array_equal(after, pixels(joint_phase_figure(second, layout=layout, scale=scale, title="epoch 20")))
    assert not np.array_equal(after, before)


def pixels(figure: Figure) -> np.ndarray:
    figure.canvas.draw()
    return np.array(figure.canvas.buffer_rgba())


def test_what_does_not_fit_is_an_error(layout: Layout) -> None:
    with pytest.raises(InputError, match=r"at least one map \(got none\)"):
        joint_phase_figure({}, layout=layout)
    with pytest.raises(InputError, match=r"\[T, 16\] \(got \[16, 64\]\)"):
        joint_phase_figure({"sad": np.zeros((16, 64))}, layout=layout)
