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
    fused, messages = (values[f"skeleton_conv_{path}_ms"] for path in ("fused", "messages"))
    assert values["skeleton_conv_gain"] == pytest.approx(messages / fused)
    assert values["maps_over_forward"] == pytest.approx(values["maps_ms"] / values["forward_ms"])
    assert found["machine"]["threads"] == 1
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines] == list(values)


def test_a_mistake_is_one_line_and_code_2(capsys):
    assert main(["--threads", "0"]) == 2
    assert capsys.readouterr().err == "benchmark.py: --threads: expected 1 or more (got 0)\n"
