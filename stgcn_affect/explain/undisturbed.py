"""Look at a network and leave no trace."""

from collections.abc import Iterator
from contextlib import contextmanager

import torch
from torch import nn


@contextmanager
def undisturbed(network: nn.Module) -> Iterator[None]:
    """Evaluation mode without gradients of weights while it lasts; afterwards every module and weight is as before.

    Gradients with respect to activations can be taken within, whatever mode the caller is in.
    """
    modes = [(module, module.training) for module in network.modules()]
    needs = [(parameter, parameter.requires_grad) for parameter in network.parameters()]
    with torch.inference_mode(False), torch.enable_grad():
        try:
            network.eval().requires_grad_(False)
            yield
        finally:
            for module, training in modes:
                module.training = training
            for parameter, needed in needs:
                parameter.requires_grad_(needed)
