"""The player's HTML, and what a browser makes of it where one is installed."""

import json
import re
import shutil
import subprocess
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from stgcn_affect.errors import InputError
from stgcn_affect.skeleton.layout import Layout
from stgcn_affect.visual.player import player_fragment, player_page
from stgcn_affect.visual.relevance_scale import RelevanceScale

CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")

FRAMES = "<script>window.requestAnimationFrame = (f) => setTimeout(() => f(performance.now()), 16);</script></head>"
"""Without a screen a browser draws next to no frames, so a timer stands in for them."""

PLAYS = """
<script>
"use strict";
const figure = document.querySelector(".walk-player"), said = [];
const look = (what) => {
  const canvas = figure.querySelector("canvas");
  const drawn = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data;
  let sum = 0;
  for (let i = 0; i < drawn.length; i++) sum = (31 * sum + drawn[i]) % 1000003;
  said.push([what, figure.dataset.phase, figure.querySelector("button").textContent, sum]);
};
window.onerror = (message) => said.push(["error", message]);
look("start");
const scrub = figure.querySelector("input[type=range]");
scrub.value = 50;
scrub.dispatchEvent(new Event("input"));
look("scrubbed");
figure.querySelector("button").click();
setTimeout(() => {
  look("playing");
  figure.querySelector("button").click();
  look("paused");
  document.title = JSON.stringify(said);
}, 300);
</script>
"""


def data(fragment: str) -> dict:
    (content,) = re.findall(r'<script type="application/json">(.*?)</script>', fragment, flags=re.DOTALL)
    return json.loads(content)


def test_positions_and_stride_times_stand_in_the_page(layout: Layout, cycle: npt.NDArray[np.float64]) -> None:
    found = data(
        player_fragment(
            {"sad": cycle, "</script>": cycle}, layout=layout, caption="a", stride_time_s={"sad": 1.4, "</script>": 1}
        )
    )
    assert (found["frames"], found["joints"], len(found["bones"])) == (8, 16, 15)
    assert [(walk["name"], walk["seconds"]) for walk in found["walks"]] == [("sad", 1.4), ("</script>", 1)]
    path = np.array(found["walks"][0]["path"]).reshape(cycle.shape) / 1000
    np.testing.assert_allclose(path, cycle, atol=0.0006)
    assert found["right"] == [joint.startswith("r_") for joint in layout.joints]
    assert "level" not in found["walks"][0]


def test_relevance_is_on_its_scale(layout: Layout, cycle: npt.NDArray[np.float64]) -> None:
    relevance = np.zeros(cycle.shape[:2])
    relevance[2, 3], relevance[4, 5] = 0.5, -9.0
    fragment = player_fragment(
        {"sad": cycle},
        layout=layout,
        caption="",
        relevance={"sad": relevance},
        scale=RelevanceScale(limit=1.0, signed=True),
        meaning="for & against",
    )
    found = data(fragment)
    level = np.array(found["walks"][0]["level"]).reshape(relevance.shape)
    assert (level[4, 5], level[2, 3]) == (0, round(63 * 0.75))
    assert len(found["shades"]) == len(found["sizes"]) == 64
    assert found["sizes"][0] == found["sizes"][-1] == 1.0 > found["sizes"][32]
    assert "for &amp; against" in fragment


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.addresses: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.addresses += [value or "" for name, value in attrs if name in ("src", "href")]


def test_a_page_needs_no_network_and_escapes_words(layout: Layout, cycle: npt.NDArray[np.float64]) -> None:
    page = player_page(player_fragment({"a": cycle}, layout=layout, caption="x < y"), title="<b>")
    tags = _Tags()
    tags.feed(page)
    assert not tags.addresses
    assert not re.findall(r"https?://|@import|fetch\(|XMLHttpRequest", page)
    assert "<h1>&lt;b&gt;</h1>" in page
    assert "<figcaption>x &lt; y</figcaption>" in page


def test_mistakes_are_named(layout: Layout, cycle: npt.NDArray[np.float64]) -> None:
    def make(cycles: dict[str, npt.NDArray[np.float64]], **more: object) -> None:
        player_fragment(cycles, layout=layout, caption="", **more)  # type: ignore[arg-type]

    with pytest.raises(InputError, match=r"\[T, 16, 3\] \(got \[\]\)"):
        make({})
    with pytest.raises(InputError, match=r"cycles of one shape .* \(got \[\[4, 16, 3\], \[8, 16, 3\]\]\)"):
        make({"a": cycle, "b": cycle[:4]})
    with pytest.raises(InputError, match=r"'a' needs a stride time above 0 \(got None\)"):
        make({"a": cycle}, stride_time_s={})
    with pytest.raises(InputError, match=r"'a' needs a map of its cycle's shape \[8, 16\] \(got \[16\]\)"):
        make({"a": cycle}, relevance={"a": np.zeros(16)})


@pytest.mark.tool
@pytest.mark.skipif(CHROMIUM is None, reason="needs chromium")
def test_it_plays_pauses_and_scrubs_in_a_browser(
    layout: Layout, cycle: npt.NDArray[np.float64], tmp_path: Path
) -> None:
    fragment = player_fragment(
        {"a": cycle, "b": cycle}, layout=layout, caption="", relevance={"a": cycle[..., 2], "b": cycle[..., 1]}
    )
    page = player_page(fragment, title="walks").replace("</body>", PLAYS + "</body>").replace("</head>", FRAMES)
    (tmp_path / "page.html").write_text(page, encoding="utf-8")
    done = subprocess.run(
        [
            *(str(CHROMIUM), "--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={tmp_path / 'profile'}"),
            *("--virtual-time-budget=3000", "--dump-dom", (tmp_path / "page.html").as_uri()),
        ],
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    (title,) = re.findall(r"<title>(.*?)</title>", done.stdout)
    start, scrubbed, playing, paused = json.loads(title)
    assert start[:3] == ["start", "0", "Play"]
    assert scrubbed[:3] == ["scrubbed", "50", "Play"]
    assert (playing[0], playing[2]) == ("playing", "Pause")
    assert playing[1] != "50"
    assert paused[1:] == [playing[1], "Play", playing[3]]
    assert len({start[3], scrubbed[3], playing[3]}) == 3
