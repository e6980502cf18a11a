"""The comparison with the field's forms: outputs checked, then time, FLOP, bytes and peak memory at every size."""

import os
import platform
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import torch
from torch import Tensor

from stgcn_affect.jobs.peers.counters import count
from stgcn_affect.jobs.peers.networks import (
    Peer,
    TemporalNetwork,
    benchmark_layout,
    message_network,
    original_network,
    our_network,
)
from stgcn_affect.jobs.peers.timing import Ratio, alternate, measure_roof, pairwise_ratio
from stgcn_affect.jobs.run_data import Progress
from stgcn_affect.jobs.train import versions
from stgcn_affect.settings import BlockSize, block_sizes
from stgcn_affect.skeleton.graph import PARTITIONS, SkeletonGraph

TOLERANCE = 1e-4
"""Most that outputs of the same arithmetic may differ, as a share of the largest output."""

SAME = ("original", "messages")
"""Peers that compute the same as ours from the same weights."""

TEN_BLOCKS = block_sizes(channels=(64,) * 4 + (128,) * 3 + (256,) * 3, strides=(1, 1, 1, 1, 2, 1, 1, 2, 1, 1))
"""ST-GCN's ten blocks (Yan et al., AAAI 2018, section 4.1)."""


class Size(NamedTuple):
    """A size of network and input.

    Args:
        joints: V.
        in_channels: C of the first block.
        blocks: channels and stride of each block.
        samples: T.
        kernel: width of the temporal convolutions.
        batch: B.
        repeats: rounds of measurement.
    """

    joints: int
    in_channels: int
    blocks: tuple[BlockSize, ...]
    samples: int
    kernel: int
    batch: int
    repeats: int


def sizes(*, quick: bool = False) -> list[Size]:
    """All sizes that are compared.

    The batch is 32, halved down to 2 while a forward pass takes more than 4 GFLOP; where 2 take more, rounds are fewer.
    """
    if quick:
        small = tuple(block_sizes(channels=(8, 16), strides=(1, 2)))
        return [Size(16, 8, small[:1] * 2, 8, 3, 2, 2), Size(53, 3, small, 8, 3, 2, 2)]
    found = []
    for in_channels, blocks in (
        (16, block_sizes(width=16, blocks=3)),
        (64, block_sizes(width=64, blocks=3)),
        (3, TEN_BLOCKS),
    ):
        for samples, kernel in ((8, 3), (64, 9)):
            for joints in (16, 25, 53):
                one = Size(joints, in_channels, tuple(blocks), samples, kernel, 32, 9)
                while one.batch > 2 and forward_gflop(one) > 4:
                    one = one._replace(batch=one.batch // 2)
                found.append(one._replace(repeats=9 if forward_gflop(one) <= 4 else 5))
    return found


def forward_gflop(size: Size) -> float:
    """GFLOP of the convolutions of a forward pass in the original form, without aggregation and shortcuts."""
    channels, samples, weights = size.in_channels, size.samples, 0
    for out, stride in size.blocks:
        weights += len(PARTITIONS) * channels * out * samples
        samples //= stride
        weights += size.kernel * out * out * samples
        channels = out
    return 2e-9 * size.batch * size.joints * weights


def compare(*, quick: bool = False, threads: int = 1, progress: Progress | None = None) -> dict[str, Any]:
    """Compare our block with its peers at every size, with random weights.

    A network is a stack of blocks without read-out or dropout; a training step is the forward pass in training mode,
    the mean of the squared outputs as loss, the backward pass and a step of fused AdamW. Ratios are the peer's over
    ours, so that above 1 ours is faster, or smaller: of CPU times, the median of pairwise ratios of measurements in
    turns.

    Args:
        quick: in small, to try it out; such numbers say little.
        threads: the threads of torch; CPU time adds up over threads.
        progress: watches sizes go by.

    Returns:
        suite, machine, versions, roof; ``rows``, one for each size, network and kind of run; and ``summary``, the least
        ratio and the geometric mean of each network and kind.

    Raises:
        RuntimeError: two networks that should compute the same do not.
    """
    todo = sizes(quick=quick)
    before = torch.get_num_threads()
    torch.set_num_threads(threads)
    try:
        roof = measure_roof(small=quick)
        watched = todo if progress is None else progress(todo, len(todo), "sizes")
        rows = [row for size in watched for row in _compare_at(size, least_s=0.001 if quick else 0.05)]
    finally:
        torch.set_num_threads(before)
    machine = {"processor": platform.machine(), "cores": os.cpu_count(), "threads": threads}
    return {
        "suite": "peers",
        "machine": machine,
        "versions": versions(),
        "roof": roof._asdict(),
        "rows": rows,
        "summary": summary(rows),
    }


def peers_of(size: Size, *, seed: int = 0) -> dict[str, Peer]:
    """Every network of the comparison at a size, ours first, with the same weights where the arithmetic is the same."""
    graph = SkeletonGraph(benchmark_layout(size.joints))
    shape = (size.batch, size.in_channels, size.samples, size.joints)
    with torch.random.fork_rng(devices=()):
        torch.manual_seed(seed)
        x = torch.randn(shape)
        ours = our_network(size.in_channels, size.blocks, graph, kernel=size.kernel)
        temporal = TemporalNetwork(size.in_channels, size.joints, size.blocks, kernel=size.kernel)
    channels_last = x.contiguous(memory_format=torch.channels_last)
    return {
        "ours": Peer(ours, channels_last),
        "original": Peer(original_network(ours, graph), x),
        "original_zero_padded": Peer(original_network(ours, graph, circular=False), x),
        "messages": Peer(message_network(ours), channels_last),
        "temporal": Peer(temporal, x),
    }


def difference(peers: Mapping[str, Peer], names: Sequence[str] = SAME) -> float:
    """The largest difference to our outputs, as a share of the largest output, in training and in evaluation mode.

    Raises:
        RuntimeError: it is above ``TOLERANCE``.
    """
    worst = 0.0
    for training in (True, False):
        ours = _output(peers["ours"], training)
        for name in names:
            share = float((_output(peers[name], training) - ours).abs().max() / ours.abs().max())
            if not share <= TOLERANCE:
                mode = "training" if training else "evaluation"
                raise RuntimeError(f"{name}: outputs in {mode} mode must equal ours to {TOLERANCE:g} (got {share:.2g})")
            worst = max(worst, share)
    return worst


def summary(rows: Sequence[Mapping[str, Any]]) -> dict[str, dict[str, dict[str, float]]]:
    """Network to kind of run to the least and the geometric mean of its ratios, of time and of peak memory."""
    found: dict[str, dict[str, dict[str, float]]] = {}
    for network in dict.fromkeys(row["network"] for row in rows if row["network"] != "ours"):
        found[network] = {}
        for kind in dict.fromkeys(row["kind"] for row in rows):
            mine = [row for row in rows if (row["network"], row["kind"]) == (network, kind)]
            found[network][kind] = {
                f"{of}_{name}": float(measure([row[f"{of}_ratio"] for row in mine]))
                for of in ("time", "peak")
                for name, measure in (("least", np.min), ("geometric_mean", _geometric_mean))
            }
    return found


def _geometric_mean(values: Sequence[float]) -> float:
    return float(np.exp(np.mean(np.log(values))))


def _output(peer: Peer, training: bool) -> Tensor:
    with torch.no_grad():
        return peer.network.train(training)(peer.x)  # type: ignore[no-any-return]


def _compare_at(size: Size, *, least_s: float) -> list[dict[str, Any]]:
    """Rows of one size: each network, forward pass and training step."""
    peers = peers_of(size)
    channels, strides = zip(*size.blocks, strict=True)
    about = {**size._asdict(), "blocks": len(size.blocks), "channels": channels, "strides": strides}
    about["difference"] = difference(peers)
    rows = []
    for kind, made in (("forward", _forward), ("training_step", _training_step)):
        runs = {name: made(peer) for name, peer in peers.items()}
        times = alternate(runs, repeats=size.repeats, least_s=least_s)
        counts = {name: count(run) for name, run in runs.items()}
        for name in peers:
            ratio = pairwise_ratio(times[name], times["ours"])
            rows.append(
                {
                    **about,
                    "network": name,
                    "kind": kind,
                    "cpu_ms": 1e3 * float(np.median(times[name])),
                    **{f"time_{key}": value for key, value in _named(ratio).items()},
                    **counts[name]._asdict(),
                    "peak_ratio": counts[name].peak_bytes / counts["ours"].peak_bytes,
                }
            )
    return rows


def _named(ratio: Ratio) -> dict[str, float]:
    return {"ratio": ratio.value, "ratio_low": ratio.low, "ratio_high": ratio.high}


def _forward(peer: Peer) -> Callable[[], None]:
    peer.network.eval()

    def run() -> None:
        with torch.no_grad():
            peer.network(peer.x)

    return run


def _training_step(peer: Peer) -> Callable[[], None]:
    network = peer.network.train()
    optimiser = torch.optim.AdamW(network.parameters(), fused=True)

    def run() -> None:
        loss: Tensor = network(peer.x).square().mean()
        loss.backward()  # type: ignore[no-untyped-call]
        optimiser.step()
        optimiser.zero_grad()

    return run
