import pytest

from stgcn_affect.errors import InputError
from stgcn_affect.visual.confusion import confusion_figure


def test_cells_have_row_percentages_and_counts() -> None:
    axes = confusion_figure([[3, 1], [0, 0]], names=["happy", "sad"], title="walks").axes[0]
    assert [t.get_text() for t in axes.texts] == ["75 %", "3", "25 %", "1", "-", "0", "-", "0"]
    assert [t.get_text() for t in axes.get_yticklabels()][:2] == ["happy (4)", "sad (0)"]
    assert [t.get_text() for t in axes.get_xticklabels()][:2] == ["happy", "sad"]
    assert axes.get_title() == "walks"


def test_names_must_fit() -> None:
    with pytest.raises(InputError, match=r"2 names need counts \[2, 2\] \(got \[1, 2\]\)"):
        confusion_figure([[1, 2]], names=["a", "b"])
