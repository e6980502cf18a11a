"""``tools/benchmark.py`` from its arguments to its file; how fast anything is, is no matter here."""

import json
import math

import pytest
import torch

from stgcn_affect.cli.benchmark import main

pytestmark = pytest.mark.tool


def test_everything_is_measured_printed_and_kept(tmp_path, capsys):
    threads = torch.get_num_threads()
    assert main(["--quick", "--out", str(tmp_path / "new" / "speed.json")]) == 0
    assert torch.get_num_threads() == threads
    found = json.loads((tmp_path / "new" / "speed.json").read_text())
    values = {name: row["value"] for name, row in found["results"].items()}
    assert all(math.isfinite(value) and value > 0 for value in values.values())
    assert {"skeleton_conv_gain", "maps_over_forward", "training_step_ms", "encode_cycles_per_s"} <= set(values)
    assert values["read_bvh_mb_per_s"] > 0
    assert values["walk_cold_ms"] > values["walk_warm_ms"] > 0
    assert values["cycles_per_s_batch_256"] > values["cycles_per_s_batch_1"] > 0
    fused, messages = (values[f"skeleton_conv_{path}_ms"] for path in ("fused", "messages"))
    assert values["skeleton_conv_gain"] == pytest.approx(messages / fused)
    assert values["maps_over_forward"] == pytest.approx(values["maps_ms"] / values["forward_ms"])
    assert found["machine"]["threads"] == 1
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines] == list(values)


def test_a_mistake_is_one_line_and_code_2(capsys):
    assert main(["--threads", "0"]) == 2
    assert capsys.readouterr().err == "benchmark.py: --threads: expected 1 or more (got 0)\n"


def test_the_block_is_compared_with_its_peers(tmp_path, capsys):
    assert main(["--suite", "peers", "--quick", "--out", str(tmp_path / "peers.json")]) == 0
    found = json.loads((tmp_path / "peers.json").read_text())
    assert len(found["rows"]) == 2 * 5 * 2
    assert all(row["flop"] > 0 and row["peak_bytes"] > 0 and row["cpu_ms"] > 0 for row in found["rows"])
    assert all(0 < row["difference"] < 1e-4 for row in found["rows"])
    assert {row["time_ratio"] for row in found["rows"] if row["network"] == "ours"} == {1.0}
    assert (tmp_path / "peers.png").read_bytes().startswith(b"\x89PNG")
    assert (tmp_path / "peers.md").read_text().count("| geometric mean |") == 4
    said = capsys.readouterr().out
    assert said.count("geometric mean") == 4
    assert f"roofline: {tmp_path / 'peers.png'}" in said


def test_growth_is_measured_printed_drawn_and_kept(tmp_path, capsys):
    where = ["--folder", str(tmp_path), "--out", str(tmp_path / "growth.json")]
    assert main(["--suite", "growth", "--quick", *where]) == 0
    found = json.loads((tmp_path / "growth.json").read_text())
    assert [case["varied"] for case in found["cases"]] == ["cycles", "cycles", "joints", "joints"]
    assert all(case["step_ms"] > 0 and 0 < case["feeding"] < 1 for case in found["cases"])
    assert all(case["rss_anon_mb"] > case["rss_anon_before_mb"] for case in found["cases"])
    assert set(found["exponents"]) == {"cycles", "joints"}
    assert (tmp_path / "growth.png").read_bytes().startswith(b"\x89PNG")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["growth.json", "growth.png"]
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines if line] == [
        *("cycles", "200", "400", "exponent"),
        *("joints", "16", "18", "exponent", "figure:"),
    ]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--figure", "a.png"], "--figure: only --suite peers and growth draw one (got --suite package)"),
        (["--suite", "peers", "--figure", "a.jpg"], "--figure: a figure is written as .png or .svg (got a.jpg)"),
        (["--folder", "."], "--folder: goes with --suite growth (got --suite package)"),
        (["--suite", "growth", "--folder", "none"], "--folder: expected a folder (got none)"),
        (["--suite", "peers", "--out", "a.md"], "--out: the numbers are written as JSON (got a.md)"),
    ],
)
def test_files_that_cannot_be_written_are_refused_at_once(arguments, words, capsys):
    assert main(arguments) == 2
    assert capsys.readouterr().err == f"benchmark.py: {words}\n"
