import pytest
import torch

from stgcn_affect.jobs.peers.suite import Size, difference, forward_gflop, peers_of, sizes, summary
from stgcn_affect.settings import block_sizes

BLOCKS = tuple(block_sizes(channels=(8, 16), strides=(1, 2)))
TINY = Size(joints=16, in_channels=3, blocks=BLOCKS, samples=8, kernel=3, batch=2, repeats=1)


def test_the_sizes_that_are_promised_and_their_batches():
    found = sizes()
    assert {one.joints for one in found} == {16, 25, 53}
    assert {one.samples for one in found} == {8, 64}
    assert {(one.in_channels, len(one.blocks), one.blocks[-1].channels) for one in found} == {
        (16, 3, 16),
        (64, 3, 64),
        (3, 10, 256),
    }
    assert len(set(found)) == 18
    assert all(one.batch == 2 or forward_gflop(one) <= 4 for one in found)
    assert all(one.batch == 32 or forward_gflop(one._replace(batch=2 * one.batch)) > 4 for one in found)


def test_flop_of_a_forward_pass_by_hand():
    # 2 x 8 x 16 places, 2 FLOP a weight; three maps of 3 to 8 and of 8 to 16, 3 x 8 x 8 in time, and 3 x 16 x 16 at
    # every second sample.
    assert forward_gflop(TINY) == pytest.approx(2e-9 * 256 * (72 + 192 + 384 + 768 / 2))


def test_networks_of_the_same_arithmetic_agree():
    peers = peers_of(TINY)
    assert 0 < difference(peers) < 1e-5
    assert [peer.x.shape for peer in peers.values()] == [(2, 3, 8, 16)] * 5


def test_networks_that_do_not_agree_are_refused():
    peers = peers_of(TINY)
    with pytest.raises(RuntimeError, match=r"original_zero_padded: outputs in training mode must equal ours to 0.0001"):
        difference(peers, ["original_zero_padded"])
    with torch.no_grad():
        peers["messages"].network[0].spatial.conv.linear.bias.fill_(float("nan"))
    with pytest.raises(RuntimeError, match="messages"):
        difference(peers)


def test_the_summary_is_the_least_ratio_and_the_geometric_mean():
    rows = [
        {"network": network, "kind": "forward", "time_ratio": time, "peak_ratio": peak}
        for network, time, peak in (("ours", 1, 1), ("ours", 1, 1), ("original", 1.0, 2.0), ("original", 4.0, 0.5))
    ]
    expected = {"time_least": 1.0, "time_geometric_mean": 2.0, "peak_least": 0.5, "peak_geometric_mean": 1.0}
    found = summary(rows)
    assert list(found) == ["original"]
    assert found["original"]["forward"] == pytest.approx(expected)
