from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image

from stgcn_affect.skeleton.layout import Layout, layout_names, load_layout
from stgcn_affect.visual.explanation import explanation_figure
from stgcn_affect.visual.save import save_figure

TEMPO = {"mean": 0.3, "ci95": [0.25, 0.4]}


def rows(values: npt.NDArray[np.float64], layout: Layout) -> list[dict]:
    means = values.mean(axis=0)
    return [
        {"joint": joint, "mean": mean, "ci95": [mean - 1, mean + 1]}
        for joint, mean in zip(layout.joints, means, strict=True)
    ]


@pytest.mark.parametrize("name", layout_names())
def test_all_parts_are_there_and_fit_900_pixels(name: str, tmp_path: Path) -> None:
    layout = load_layout(name)
    walk = np.repeat(np.asarray(layout.rest, dtype=float)[None], 8, axis=0)
    values = np.linspace(-1.0, 2.0, 8 * layout.num_joints).reshape(8, -1)
    figure = explanation_figure(
        walk,
        values,
        layout=layout,
        name="sad",
        ranking=rows(values, layout),
        tempo=TEMPO,
        events={"LHS": 0, "RHS": 50},
        top=6,
    )
    joint_phase, bodies, strip, ranking = (axes for axes in figure.axes if axes.get_label() != "<colorbar>")
    assert joint_phase.images[0].norm.vmax == pytest.approx(2.0)
    assert {"LHS", "RHS", "left arm"} <= {text.get_text() for text in joint_phase.texts}
    assert len(bodies.collections) == 2
    assert [text.get_text() for text in strip.texts if "%" not in text.get_text()] == ["sad"]
    assert len(ranking.get_yticks()) == 7
    assert figure.get_suptitle() == "sad"
    assert Image.open(save_figure(figure, path=tmp_path / "sad.png", dpi=100)).width == 900


def test_parts_stand_in_their_rows(layout: Layout, cycle: npt.NDArray[np.float64]) -> None:
    values = np.linspace(0.0, 1.0, 8 * 16).reshape(8, 16)
    figure = explanation_figure(cycle, values, layout=layout, name="sad", ranking=rows(values, layout), title="why")
    figure.draw_without_rendering()
    parts = [axes.get_window_extent() for axes in figure.axes if axes.get_label() != "<colorbar>"]
    joint_phase, bodies, strip, ranking = parts
    assert joint_phase.x1 < bodies.x0
    assert min(joint_phase.y0, bodies.y0) > strip.y1
    assert strip.y0 > ranking.y1
    assert figure.get_suptitle() == "why"


def test_the_body_shows_the_walking_pose_and_the_mean_over_the_cycle(
    layout: Layout, cycle: npt.NDArray[np.float64]
) -> None:
    values = np.zeros((8, 16))
    values[:, 4], values[0, 5] = 1.0, 4.0  # means 1 and 1/2
    figure = explanation_figure(cycle, values, layout=layout, name="sad", ranking=rows(values, layout))
    dots = [axes for axes in figure.axes if axes.get_label() != "<colorbar>"][1].collections[0]
    sizes = dots.get_sizes()
    assert np.argsort(-sizes)[:2].tolist() == [4, 5]
    low, half, high = sizes[0], sizes[5], sizes[4]
    assert half == pytest.approx((low + high) / 2)
    heights = np.asarray(dots.get_offsets())[:, 1]
    np.testing.assert_allclose(heights, cycle[2, :, 1])
