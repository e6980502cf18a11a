"""Sanity checks: maps must change when weights are made random, or when training had random labels."""

from collections.abc import Callable, Sequence
from copy import deepcopy
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import torch
from torch import nn

from stgcn_affect.data.batch import CycleBatch
from stgcn_affect.explain.maps.cycle_maps import MapMaker, Maps
from stgcn_affect.explain.quality.map_properties import spearman
from stgcn_affect.nn.graph_conv import SkeletonConv
from stgcn_affect.nn.network import DisentangledSTGCN


class Likeness(NamedTuple):
    """Spearman's correlation between two maps of each cycle, ``[N]``: of their magnitudes, and with their signs."""

    absolute: npt.NDArray[np.float64]
    signed: npt.NDArray[np.float64]


def likeness(before: Maps, after: Maps) -> Likeness:
    """Compare two maps ``[N, T, V]`` of the same cycles."""
    return Likeness(spearman(np.abs(before), np.abs(after)), spearman(before, after))


def emotion_layers(network: DisentangledSTGCN) -> tuple[str, ...]:
    """Names of the layers between the joints and the emotion, from the head down to the first block."""
    blocks = reversed(range(len(network.emotion_encoder.blocks)))
    return ("emotion_head", "emotion_encoder.readout", *(f"emotion_encoder.blocks.{i}" for i in blocks))


def cascading_randomisation(
    network: DisentangledSTGCN,
    map_maker: Callable[[DisentangledSTGCN], MapMaker],
    cycles: CycleBatch,
    *,
    layers: Sequence[str] | None = None,
    watched: Sequence[str] | None = None,
    draws: int = 3,
    seed: int = 0,
) -> dict[str, Likeness]:
    """Compare a model's maps with those of copies whose layers are made random, one after another.

    Source: Adebayo et al., "Sanity checks for saliency maps", NeurIPS 2018, cascading randomisation. The likeness
    should fall towards 0; a map that stays the same shows the input and not the model. Random weights are those of a
    new network, and so are the statistics of batch normalisation.

    Args:
        network: trained; it is not changed.
        map_maker: a network to its map maker. The target must be the same for all, so fixed outside: the class that
            the trained network predicts, not the copy's.
        cycles: N cycles.
        layers: dotted names, the first is made random first; ``emotion_layers`` by default.
        watched: those after which maps are compared; all by default.
        draws: copies with other random weights, over which the likeness is averaged.
        seed: the seed of the weights.

    Returns:
        layer to likeness once it, and all before it, are random.

    Raises:
        ValueError: a layer with parameters but without ``reset_parameters``.
    """
    names = emotion_layers(network) if layers is None else tuple(layers)
    before = map_maker(network)(cycles)
    found: dict[str, list[Likeness]] = {name: [] for name in names if watched is None or name in watched}
    for draw in range(draws):
        copy = deepcopy(network)
        for number, name in enumerate(names):
            reinitialise(copy.get_submodule(name), seed=seed + draw * len(names) + number)
            if name in found:
                found[name].append(likeness(before, map_maker(copy)(cycles)))
    return {
        name: Likeness(*(np.mean([getattr(one, field) for one in seen], axis=0) for field in Likeness._fields))
        for name, seen in found.items()
    }


def random_labels(trained: MapMaker, random_label: MapMaker, cycles: CycleBatch) -> Likeness:
    """Compare the maps of a model with those of a random-label model: trained likewise, on labels in random order.

    Args:
        trained: makes the model's maps.
        random_label: makes those of the random-label model, for the same targets.
        cycles: N cycles.
    """
    return likeness(trained(cycles), random_label(cycles))


def reinitialise(module: nn.Module, *, seed: int) -> None:
    """Give a module and all inside it new random weights, in place; torch's random state is as before afterwards.

    Raises:
        ValueError: a part with parameters but without ``reset_parameters``.
    """
    with torch.random.fork_rng(devices=()):
        torch.manual_seed(seed)
        for part in module.modules():
            if isinstance(part, SkeletonConv):
                nn.init.ones_(part.importance)
            elif any(True for _ in part.parameters(recurse=False)):
                reset = getattr(part, "reset_parameters", None)
                if reset is None:
                    raise ValueError(f"expected layers with reset_parameters (got {type(part).__name__})")
                reset()
