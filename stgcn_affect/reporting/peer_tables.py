"""Tables and the roofline figure of the comparison of our block with the field's forms."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from matplotlib.figure import Figure

from stgcn_affect.reporting.markdown import markdown_table
from stgcn_affect.reporting.tables import Row, Table
from stgcn_affect.visual.roofline import roofline_figure

NETWORKS = {
    "ours": "ours",
    "original": "ST-GCN's form",
    "original_zero_padded": "zero-padded",
    "messages": "PyG messages",
    "temporal": "TCN",
}
"""The networks, as the columns of tables name them."""

KINDS = {"forward": "Forward pass", "training_step": "Training step"}


def peer_tables(found: Mapping[str, Any]) -> list[Table]:
    """Ratios at every size, a table for time and for peak memory of each kind of run.

    The columns of peers are the peer's cost over ours: above 1 ours is faster, or smaller.

    Args:
        found: the result of the comparison.
    """
    tables = []
    for kind, title in KINDS.items():
        words = f"{title}: CPU time of ours in ms, and of the others as a multiple of it."
        tables.append(_table(found, kind, words, of="time", own=lambda row: f"{row['cpu_ms']:.2f}"))
    for kind, title in KINDS.items():
        words = f"{title}: peak memory of ours in MB, and of the others as a multiple of it."
        tables.append(_table(found, kind, words, of="peak", own=lambda row: f"{row['peak_bytes'] / 1e6:.2f}"))
    return tables


def peer_markdown(found: Mapping[str, Any]) -> str:
    """The tables in Markdown, each under its words.

    Args:
        found: the result of the comparison.
    """
    return "\n\n".join(f"{table.words}\n\n{markdown_table(table.rows)}" for table in peer_tables(found)) + "\n"


def _table(
    found: Mapping[str, Any], kind: str, words: str, *, of: str, own: Callable[[Mapping[str, Any]], str]
) -> Table:
    rows = [row for row in found["rows"] if row["kind"] == kind]
    peers = [name for name in NETWORKS if name != "ours"]
    by_size: dict[Row, dict[str, Mapping[str, Any]]] = {}
    for row in rows:
        by_size.setdefault(_size(row), {})[row["network"]] = row
    lines: list[Row] = [("V", "blocks", "T", "B", *NETWORKS.values())]
    for size, by_name in by_size.items():
        lines.append((*size, own(by_name["ours"]), *(f"{by_name[name][f'{of}_ratio']:.2f}" for name in peers)))
    for name, about in (("least", "least"), ("geometric_mean", "geometric mean")):
        lines.append(
            ("", about, "", "", "", *(f"{found['summary'][peer][kind][f'{of}_{name}']:.2f}" for peer in peers))
        )
    return Table(words, lines)


def _size(row: Mapping[str, Any]) -> Row:
    """Joints, widths, samples and batch; "3 x 16" are three blocks of 16 channels each."""
    widths: Sequence[int] = row["channels"]
    channels = str(widths[0]) if len(set(widths)) == 1 else f"{widths[0]}..{widths[-1]}"
    return (str(row["joints"]), f"{len(widths)} x {channels}", str(row["samples"]), str(row["batch"]))


def peer_roofline(found: Mapping[str, Any]) -> Figure:
    """The rates of all networks at all sizes under the machine's roofs, a panel for each kind of run.

    Args:
        found: the result of the comparison.
    """
    panels: dict[str, dict[str, list[tuple[float, float]]]] = {title: {} for title in KINDS.values()}
    for row in found["rows"]:
        point = (row["flop"] / row["moved_bytes"], 1e-6 * row["flop"] / row["cpu_ms"])
        panels[KINDS[row["kind"]]].setdefault(NETWORKS[row["network"]], []).append(point)
    roof = found["roof"]
    bandwidths = {"memory": roof["memory_gb_per_s"], "cache": roof["cache_gb_per_s"]}
    return roofline_figure(panels, peak_gflop_per_s=roof["gflop_per_s"], gb_per_s=bandwidths)
