"""``tools/report.py`` on a run with its evaluation and a small explanation, and what a browser makes of the page."""

import html
import json
import re
import shutil
import subprocess

import numpy as np
import pytest
from PIL import Image

from stgcn_affect.cli.report import main
from stgcn_affect.data.averages import emotion_cycles
from stgcn_affect.data.store import open_store
from stgcn_affect.reporting.explanation_files import write_maps

pytestmark = pytest.mark.tool

CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")
browser = pytest.mark.skipif(CHROMIUM is None, reason="needs chromium")

FRAMES = "<script>window.requestAnimationFrame = (f) => setTimeout(() => f(performance.now()), 16);</script></head>"
"""Without a screen a browser draws next to no frames, so a timer stands in for them."""

PLAYS = """
<script>
const figure = document.querySelector(".walk-player"), button = figure.querySelector("button"), said = [];
const look = () => {
  said.push([figure.dataset.phase, button.textContent, figure.querySelector("canvas").toDataURL()]);
};
look();
button.click();
setTimeout(() => {
  button.click();
  look();
  document.body.dataset.said = JSON.stringify(said);
}, 400);
</script></body>
"""

WIDTHS = """
<script>
addEventListener("load", () => {
  const said = [...document.querySelectorAll("iframe")].map((frame) => {
    const inside = frame.contentDocument;
    const over = [...inside.querySelectorAll("main *:not(.box *):not(pre *):not(svg *)")]
      .filter((node) => node.getBoundingClientRect().right > frame.width).map((node) => node.outerHTML.slice(0, 80));
    return [inside.documentElement.scrollWidth, over, inside.querySelectorAll("canvas").length];
  });
  document.body.dataset.said = JSON.stringify(said);
});
</script>
"""


def run(*arguments):
    return int(main([str(argument) for argument in arguments]))


def browse(page, *options):
    """Open a page; what it left in ``data-said`` of its body, and what the console said."""
    done = subprocess.run(
        [
            *(str(CHROMIUM), "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--mute-audio"),
            *(f"--user-data-dir={page.parent / 'profile'}", "--enable-logging=stderr", "--virtual-time-budget=4000"),
            *(*options, page.as_uri()),
        ],
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    said = re.search(r'data-said="([^"]*)"', done.stdout)
    console = [line for line in done.stderr.splitlines() if "CONSOLE" in line]
    return json.loads(html.unescape(said[1])) if said else None, console


@pytest.fixture(scope="module")
def whole_run(trained_run, evaluation, tmp_path_factory):
    """A copy of the run with its evaluation, and an explanation made up on its own average cycles."""
    folder = tmp_path_factory.mktemp("report") / "run"
    shutil.copytree(trained_run[0], folder, ignore=shutil.ignore_patterns("tasks", "events*", "*.gif"))
    cycles = open_store(folder / "cache")
    averages, layout = emotion_cycles(cycles), cycles.layout
    phase = 2 * np.pi * np.arange(64) / 64
    maps = {name: np.outer(np.cos(phase + i), np.linspace(-1, 1, 16)) for i, name in enumerate(averages)}
    out = folder / "explanations"
    write_maps(out, maps=maps, cycles=averages, layout=layout, scale=1.0)
    rows = [{"joint": joint, "mean": 0.5, "ci95": [0.25, 0.75]} for joint in layout.joints]
    made_up = {
        "dataset": json.loads((folder / "results.json").read_text())["dataset"],
        "explained": {"method": "gradcam", "block": 0, "target": "each cycle's own emotion"}
        | {"subjects": 10, "cycles": 60, "decided_right": 30},
        "methods": {"gradcam": {"block": 0, "deletion_auc": 0.375}},
        "trusted": {"method": "gradcam", "block": 0, "why": "it is the only one"},
        "ranking": dict.fromkeys(averages, rows),
        "tempo": {name: {"mean": 0.125, "ci95": [0.0, 0.25], "speaks": "for"} for name in averages},
        "events": {name: {"LHS": 0.0, "RHS": 50.0} for name in averages},
        "summary": {name: {"head": {"cycle": 0.5}} for name in averages},
    }
    (out / "results.json").write_text(json.dumps(made_up))
    assert run(folder) == 0
    return folder


def test_the_page_lies_in_the_run_and_shows_its_numbers(whole_run):
    text = (whole_run / "report.html").read_text(encoding="utf-8")
    trained, evaluated = (
        json.loads((whole_run / of).read_text()) for of in ("results.json", "evaluation/results.json")
    )
    z_emotion = evaluated["privacy"]["seen_subjects"]["z_emotion"]
    for value in (
        trained["emotion"]["balanced_accuracy"],
        trained["privacy"]["seen_subjects"]["z_emotion"]["accuracy"],
        evaluated["emotion"]["balanced_accuracy"],
        z_emotion["accuracy"],
        max(z_emotion["attackers"].values()),
        evaluated["disentanglement"]["cka"],
        evaluated["curve"]["area"],
    ):
        assert f"{value:.3f}" in text
    assert evaluated["dataset"]["digest"] in text
    assert "made with other settings than the run" in text, "the evaluation was a quick one"
    assert text.count('<svg role="img"') == 1 + 2 * len(trained["dataset"]["emotions"])


def test_a_run_alone_says_what_is_missing(trained_run, tmp_path, capsys):
    page = tmp_path / "page.html"
    shutil.copytree(trained_run[0], tmp_path / "run", ignore=shutil.ignore_patterns("evaluation", "events*"))
    assert run(tmp_path / "run", "--out", page) == 0
    assert capsys.readouterr().out == f"report: {page}\n"
    text = page.read_text(encoding="utf-8")
    assert text.count("Missing: ") == 2 + 4 + 3
    assert f"stgcn-affect evaluate {tmp_path / 'run'}" in text


def test_another_folder_is_a_mistake(tmp_path, capsys):
    assert run(tmp_path) == 2
    assert capsys.readouterr().err.startswith(f"report.py: {tmp_path}: expected the folder of a run")


@browser
def test_a_browser_plays_it_and_has_nothing_to_complain_of(whole_run, tmp_path):
    text = (whole_run / "report.html").read_text(encoding="utf-8")
    page = tmp_path / "page.html"
    page.write_text(text.replace("</head>", FRAMES).replace("</body>", PLAYS), encoding="utf-8")
    (before, after), console = browse(page, "--dump-dom")
    assert before[:2] == ["0", "Play"], "nothing moves before it is asked to"
    assert after[0] != "0"
    assert after[2] != before[2]
    assert console == []


@browser
def test_the_console_is_listened_to(tmp_path):
    page = tmp_path / "page.html"
    page.write_text("<script>nothing.like.this()</script>", encoding="utf-8")
    assert "nothing is not defined" in browse(page, "--dump-dom")[1][0]


@browser
def test_it_fits_a_phone_and_a_desk(whole_run, tmp_path):
    text = html.escape((whole_run / "report.html").read_text(encoding="utf-8"))
    frames = "".join(
        f'<iframe width="{width}" height="900" style="border: 0" srcdoc="{text}"></iframe>' for width in (390, 1200)
    )
    page = tmp_path / "page.html"
    page.write_text(f"<!DOCTYPE html><body>{frames}{WIDTHS}</body>", encoding="utf-8")
    said, _ = browse(page, "--dump-dom")
    assert said == [[390, [], 3], [1200, [], 3]]


@browser
@pytest.mark.parametrize("width", [390, 1200])
def test_a_picture_of_it_has_ink_and_nothing_at_its_right_edge(whole_run, tmp_path, width):
    text = html.escape((whole_run / "report.html").read_text(encoding="utf-8"))
    page, picture = tmp_path / "page.html", tmp_path / "picture.png"
    frame = f'<iframe width="{width}" height="6000" style="border: 0; display: block" srcdoc="{text}"></iframe>'
    page.write_text(f'<!DOCTYPE html><body style="margin: 0">{frame}</body>', encoding="utf-8")
    browse(page, f"--screenshot={picture}", "--window-size=1300,6000")
    pixels = np.asarray(Image.open(picture).convert("L"))[:, :width]
    assert pixels.shape == (6000, width)
    assert 0.02 < (pixels < 128).mean() < 0.3
    assert (pixels[:, -8:] == 255).all()


@browser
def test_paper_shows_the_folded_parts_and_the_subjects(whole_run, tmp_path):
    printed = tmp_path / "page.pdf"
    page = tmp_path / "page.html"
    shutil.copy(whole_run / "report.html", page)
    browse(page, f"--print-to-pdf={printed}")
    shut = tmp_path / "shut.pdf"
    text = page.read_text(encoding="utf-8").replace("part.open = true", "0")
    page.write_text(text, encoding="utf-8")
    browse(page, f"--print-to-pdf={shut}")
    pages = [len(re.findall(rb"/Type\s*/Page\b", path.read_bytes())) for path in (printed, shut)]
    assert pages[0] > pages[1] > 3
