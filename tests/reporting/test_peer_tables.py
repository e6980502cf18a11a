from stgcn_affect.reporting.peer_tables import NETWORKS, peer_markdown, peer_roofline, peer_tables


def row(network: str, kind: str, *, cpu_ms: float, ratio: float, widths: tuple[int, ...] = (16, 16)) -> dict:
    size = {"joints": 25, "channels": widths, "samples": 8, "batch": 32}
    costs = {"flop": 4_000_000, "moved_bytes": 2_000_000, "peak_bytes": 1_500_000, "peak_ratio": 2 * ratio}
    return {**size, **costs, "network": network, "kind": kind, "cpu_ms": cpu_ms, "time_ratio": ratio}


def found(**size) -> dict:
    rows = [row(name, kind, cpu_ms=2.0, ratio=1 + i / 2, **size) for kind in KINDS for i, name in enumerate(NETWORKS)]
    scores = {"time_least": 0.5, "time_geometric_mean": 0.75, "peak_least": 1.25, "peak_geometric_mean": 1.5}
    roof = {"gflop_per_s": 100.0, "memory_gb_per_s": 10.0, "cache_gb_per_s": 40.0}
    return {"rows": rows, "summary": {name: dict.fromkeys(KINDS, scores) for name in NETWORKS}, "roof": roof}


KINDS = ("forward", "training_step")


def test_ours_stands_with_its_cost_and_the_others_as_multiples():
    time, _, peak, _ = peer_tables(found())
    assert time.rows == [
        ("V", "blocks", "T", "B", "ours", "ST-GCN's form", "zero-padded", "PyG messages", "TCN"),
        ("25", "2 x 16", "8", "32", "2.00", "1.50", "2.00", "2.50", "3.00"),
        ("", "least", "", "", "", *["0.50"] * 4),
        ("", "geometric mean", "", "", "", *["0.75"] * 4),
    ]
    assert peak.rows[1][4:] == ("1.50", "3.00", "4.00", "5.00", "6.00")
    assert peak.rows[-1][5:] == ("1.50",) * 4
    assert time.words == "Forward pass: CPU time of ours in ms, and of the others as a multiple of it."


def test_every_table_stands_under_its_words_in_markdown():
    lines = peer_markdown(found()).splitlines()
    assert [line for line in lines if line and not line.startswith("|")] == [
        table.words for table in peer_tables(found())
    ]
    assert lines.count("| 25 | 2 x 16 | 8 | 32 | 2.00 | 1.50 | 2.00 | 2.50 | 3.00 |") == 2


def test_widths_that_grow_are_named_by_the_first_and_the_last():
    assert peer_tables(found(widths=(64, 128, 256)))[0].rows[1][1] == "3 x 64..256"


def test_the_roofline_shows_flop_a_byte_and_gflop_a_second():
    axes = peer_roofline(found()).axes
    assert [one.get_title() for one in axes] == ["Forward pass", "Training step"]
    assert axes[0].collections[0].get_offsets().tolist() == [[2.0, 2.0]]
