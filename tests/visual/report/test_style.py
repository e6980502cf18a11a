import re

import pytest

from stgcn_affect.visual.report.style import COLOURS, LINES_ON, TEXT_ON, page_style
from stgcn_affect.visual.report.tables import shade


def luminance(colour: str) -> float:
    """WCAG 2.2, relative luminance."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def test_contrast_is_computed_as_the_standard_says() -> None:
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize(("text", "ground"), TEXT_ON)
def test_text_can_be_read(text: str, ground: str) -> None:
    assert contrast(COLOURS[text], COLOURS[ground]) >= 4.5


@pytest.mark.parametrize(("line", "ground"), LINES_ON)
def test_edges_can_be_seen(line: str, ground: str) -> None:
    assert contrast(COLOURS[line], COLOURS[ground]) >= 3.0


@pytest.mark.parametrize("share", [0.0, 0.25, 0.5, 0.75, 1.0])
def test_every_shade_of_a_confusion_can_be_written_on(share: float) -> None:
    assert contrast(COLOURS["ink"], shade(share)) >= 4.5


def test_the_sheet_takes_its_colours_from_the_list_and_nothing_from_elsewhere() -> None:
    sheet = page_style()
    assert set(re.findall(r"#[0-9A-Fa-f]{6}", sheet)) == set(COLOURS.values())
    used = set(re.findall(r"var\(--([a-z-]+)\)", sheet))
    assert used <= {name.replace("_", "-") for name in COLOURS}
    assert "url(" not in sheet
    assert "@import" not in sheet
    assert sheet.count("{") == sheet.count("}")


def test_motion_only_where_it_is_wanted_and_paper_is_thought_of() -> None:
    sheet = page_style()
    assert re.search(r"prefers-reduced-motion: no-preference\) \{ html \{ scroll-behavior", sheet)
    assert not re.search(r"animation|transition", sheet)
    assert "@media print" in sheet
