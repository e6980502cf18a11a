import pytest
import torch

from stgcn_affect.jobs.peers.counters import TensorBytes, count, tensor_bytes


@pytest.fixture
def a():
    return torch.ones(4, 8)


@pytest.fixture
def b():
    return torch.ones(8, 2)


def moved(run) -> int:
    with TensorBytes() as counted:
        run()
    return counted.moved_bytes


def peak(run) -> int:
    with TensorBytes() as counted:
        run()
    return counted.peak_bytes


def test_a_matrix_product_by_hand(a, b):
    counts = count(lambda: a @ b)
    assert counts.flop == 2 * 4 * 8 * 2
    assert counts.moved_bytes == 4 * (4 * 8 + 8 * 2 + 4 * 2)
    assert counts.peak_bytes == 4 * 4 * 2


def test_products_into_memory_that_is_there_count_too(a, b):
    out = torch.zeros(4, 2)
    assert count(lambda: torch.mm(a, b, out=out)) == (128, 4 * (32 + 16 + 8), 0)
    assert count(lambda: out.addmm_(a, b)) == (128, 4 * (32 + 16 + 2 * 8), 0)
    stacked = torch.zeros(1, 4, 2)
    assert count(lambda: stacked.baddbmm_(a[None], b[None])).flop == 128


def test_a_convolution_by_hand():
    x, weight = torch.ones(1, 2, 10, 3), torch.ones(5, 2, 3, 1)
    counts = count(lambda: torch.nn.functional.conv2d(x, weight))
    assert counts.flop == 2 * (5 * 2 * 3) * (8 * 3)
    assert counts.moved_bytes == 4 * (60 + 30 + 5 * 8 * 3)


def test_a_training_step_has_three_products(b):
    layer = torch.nn.Linear(8, 2, bias=False)
    x = torch.ones(4, 8, requires_grad=True)

    def step() -> None:
        layer(x).sum().backward()
        layer.weight.grad = x.grad = None

    assert count(step).flop == 3 * 128


@pytest.mark.parametrize(
    "view",
    [
        lambda a: a.t(),
        lambda a: a.view(2, 16),
        lambda a: a[1:, ::2],
        lambda a: a.expand(3, 4, 8),
        lambda a: a.detach(),
        lambda a: torch.ops.aten._unsafe_view(a, [32]),
        lambda a: torch.empty_like(a),
    ],
)
def test_views_and_uninitialised_memory_move_nothing(a, view):
    assert moved(lambda: view(a)) == 0


def test_what_is_changed_in_place_is_read_and_written(a):
    assert moved(lambda: a.add_(1.0)) == 2 * 128
    assert moved(lambda: torch._foreach_add_([a, a.clone()], 1.0)) == 2 * 128 + 4 * 128
    assert peak(lambda: a.add_(1.0)) == 0


def test_a_broadcast_dimension_counts_once(a):
    wide = a[:, None].expand(4, 100, 8)
    assert tensor_bytes(wide) == 128
    assert moved(lambda: wide.sum(dim=1)) == 128 + 128
    assert tensor_bytes(torch.ones(0, 3)) == 0


def test_the_peak_is_where_most_is_alive(a):
    def run() -> None:
        first = a + 1  # 128 bytes
        second = torch.cat([first, first])  # and 256 more
        del first
        third = second[:2].clone()  # 64, where 128 are free again
        del second, third

    assert peak(run) == 128 + 256
    with TensorBytes() as counted:
        run()
    assert counted.alive_bytes == 0


def test_tensors_that_only_the_graph_of_autograd_keeps_are_alive(a):
    x = a.clone().requires_grad_()

    def forward() -> torch.Tensor:
        return x.exp().exp().sum()  # each exp saves its result, the sum saves nothing

    with TensorBytes() as counted:
        loss = forward()
        assert counted.alive_bytes == 2 * 128 + 4
        loss.backward()
        assert counted.alive_bytes == 128 + 4, "the gradient of x and the loss"
