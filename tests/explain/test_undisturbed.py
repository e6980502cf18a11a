import pytest
import torch

from stgcn_affect.explain.undisturbed import undisturbed


def test_every_module_and_weight_is_as_before_even_after_an_error():
    network = torch.nn.Sequential(torch.nn.Linear(2, 2), torch.nn.Dropout(), torch.nn.Linear(2, 1))
    network.train()
    network[1].eval()
    network[0].bias.requires_grad_(False)
    network[2].weight.grad = torch.ones(1, 2)
    with undisturbed(network):
        assert not any(module.training for module in network.modules())
        assert not any(parameter.requires_grad for parameter in network.parameters())
    with pytest.raises(RuntimeError, match="shapes"), undisturbed(network):
        network(torch.ones(1, 3))
    assert [module.training for module in network.modules()] == [True, True, False, True]
    assert [p.requires_grad for p in network.parameters()] == [True, False, True, True]
    torch.testing.assert_close(network[2].weight.grad, torch.ones(1, 2))


@pytest.mark.parametrize("mode", [torch.no_grad, torch.inference_mode])
def test_gradients_can_be_taken_whatever_the_caller_is_in(mode):
    network = torch.nn.Linear(1, 1)
    with mode():
        with undisturbed(network):
            x = torch.ones(1, requires_grad=True)
            (slope,) = torch.autograd.grad((3 * x).sum(), x)
        assert not torch.is_grad_enabled()
    assert slope.item() == 3
