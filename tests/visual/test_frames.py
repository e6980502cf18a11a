import numpy as np
import pytest
from matplotlib.figure import Figure

from stgcn_affect.visual.frames import Frames
from stgcn_affect.visual.style import new_figure


@pytest.fixture
def figure() -> Figure:
    made = new_figure(width_in=1.0, height_in=0.5)
    made.set_layout_engine("none")
    axes = made.add_axes((0.0, 0.0, 1.0, 1.0))
    axes.set(xlim=(0, 1), ylim=(0, 1))
    axes.set_axis_off()
    axes.axvspan(0.0, 0.5, color="red")
    return made


def test_what_moves_is_drawn_on_what_stands_still_and_taken_away_again(figure: Figure) -> None:
    (axes,) = figure.axes
    frames = Frames(figure, dpi=100)

    def bar(left: float) -> None:
        axes.axvspan(left, left + 0.1, color="blue")

    first, second, third = (
        np.array(frames.picture([(axes, lambda left=left: bar(left))]))
        for left in (0.1, 0.8, 0.1)  # type: ignore[misc]
    )
    assert first.shape == (50, 100, 3)
    at = {
        name: tuple(map(int, picture[25, column]))
        for name, picture, column in [
            ("moved", first, 15),
            ("still", first, 40),
            ("paper", first, 85),
            ("gone", second, 15),
            ("new", second, 85),
        ]
    }
    assert at == {
        "moved": (0, 0, 255),
        "still": (255, 0, 0),
        "paper": (255, 255, 255),
        "gone": (255, 0, 0),
        "new": (0, 0, 255),
    }
    np.testing.assert_array_equal(first, third)
    assert len(axes.patches) == 1


def test_an_artist_that_stays_is_drawn_as_it_is_now(figure: Figure) -> None:
    text = figure.text(0.6, 0.4, "")
    frames = Frames(figure, dpi=100)
    dark = []
    for words in ("", "75 %"):
        text.set_text(words)
        dark.append(int((np.array(frames.picture([], [text]))[:, 60:].max(axis=2) < 128).sum()))
    assert dark[0] == 0 < dark[1]
