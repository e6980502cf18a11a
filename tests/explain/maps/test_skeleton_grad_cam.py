from dataclasses import replace

import numpy as np
import pytest
import torch
from torch import nn

from stgcn_affect.data.walk import Walk
from stgcn_affect.errors import InputError
from stgcn_affect.explain.attribution.methods import MethodChoice
from stgcn_affect.explain.attribution.target import target_weights
from stgcn_affect.explain.maps.skeleton_grad_cam import RelevanceMaps, SkeletonGradCam
from stgcn_affect.motion.clip import Clip
from stgcn_affect.motion.cycles import Cycle
from stgcn_affect.skeleton.graph import SkeletonGraph
from stgcn_affect.skeleton.layout import load_layout
from stgcn_affect.training.model import Ensemble
from stgcn_affect.training.predict import mean_activations

KINECT = load_layout("kinect20")


class STGCN(nn.Module):
    """A spatial-temporal graph network as the field writes it (Yan et al. 2018): [B, C, T, V] in, logits out."""

    def __init__(self, adjacency):
        super().__init__()
        self.register_buffer("adjacency", adjacency)
        self.spatial = nn.Conv2d(3, 6 * len(adjacency), 1)
        convolution = nn.Conv2d(6, 6, (9, 1), stride=(2, 1), padding=(4, 0))
        self.temporal = nn.Sequential(nn.BatchNorm2d(6), nn.ReLU(), convolution)
        self.relu = nn.ReLU(inplace=True)
        self.head = nn.Linear(6, 4)

    def forward(self, x):
        return self.read(self.convolve(x))

    def convolve(self, x):
        y = self.spatial(x)
        y = y.view(len(x), len(self.adjacency), 6, *y.shape[2:])
        return self.temporal(torch.einsum("bkctv,kvw->bctw", y, self.adjacency))

    def read(self, y):
        return self.head(self.relu(y).mean(dim=(2, 3)))


@pytest.fixture
def stgcn():
    torch.manual_seed(0)
    return STGCN(torch.tensor(np.array(SkeletonGraph(KINECT).adjacency), dtype=torch.float32))


@pytest.fixture
def explained(toy_explained):
    """A model of the toy that has its mean activations, with its cycles."""
    found = toy_explained()
    means = mean_activations(found.model.network, found.training_batch, found.model.layout)
    return replace(found, model=replace(found.model, mean_activations=means))


@pytest.fixture
def walk(explained):
    """The unseen subject's cycles, as a recording."""
    store = explained.cycles.select(explained.test)
    clip = Clip(np.zeros((2, 3, 3), np.float32), 60.0, store.layout, source="walk.bvh")
    cycles = zip(store.positions, store.stride_time_s.tolist(), strict=True)
    return Walk(clip, tuple(Cycle(p, t, 1.7, clip) for p, t in cycles))


def test_any_network_of_graphs_is_explained(stgcn):
    x = torch.randn(5, 3, 16, 20)
    maps = SkeletonGradCam(stgcn, stgcn.temporal, layout=KINECT).attribute(x, target=2)
    assert maps.values.shape == (5, 8, 20)  # the layer halves time
    output = stgcn.eval().convolve(x).detach().requires_grad_()
    (slope,) = torch.autograd.grad(stgcn.read(output.clone())[:, 2].sum(), output)
    expected = (slope.mean(dim=2, keepdim=True) * output).sum(dim=1)
    np.testing.assert_allclose(maps.values, expected.detach(), atol=1e-7)
    assert np.abs(maps.values).max() > 1e-4


def test_the_module_is_afterwards_as_it_was(stgcn):
    stgcn.train()
    before = {name: value.clone() for name, value in stgcn.state_dict().items()}
    SkeletonGradCam(stgcn, stgcn.temporal).attribute(torch.randn(2, 3, 16, 20), target=0)
    assert stgcn.training
    assert all(value.equal(before[name]) for name, value in stgcn.state_dict().items())
    assert not any(module._forward_hooks for module in stgcn.modules())
    assert all(parameter.requires_grad for parameter in stgcn.parameters())


def test_a_walk_is_explained_as_the_tools_explain_it(explained, walk):
    model = explained.model
    maps = SkeletonGradCam(model, block=1).attribute(walk, target="sad")
    weights = target_weights("sad", walk.batch().emotion, model.emotions)
    expected = explained.map_maker(MethodChoice("gradcam_reference", 1), weights)(walk.batch())
    np.testing.assert_array_equal(maps.values, expected)
    assert (maps.target, maps.joints) == ("sad", model.layout.joints)


def test_without_a_target_the_likeliest_emotion_is_explained(explained, walk):
    maps = SkeletonGradCam(explained.model).attribute(walk)
    assert maps.target == explained.model.predict(walk).emotion
    minus = SkeletonGradCam(explained.model).attribute(walk, target="sad-happy")
    again = SkeletonGradCam(explained.model).attribute(walk, target="happy-sad")
    np.testing.assert_allclose(minus.values, -again.values, atol=1e-7)


def test_an_ensemble_has_the_mean_of_its_members_maps(explained, walk, toy_explained):
    other = replace(toy_explained(seed=1).model)
    other = replace(other, mean_activations=mean_activations(other.network, explained.training_batch, other.layout))
    both = SkeletonGradCam(Ensemble((explained.model, other)), block=0).attribute(walk, target="happy").values
    alone = [SkeletonGradCam(one, block=0).attribute(walk, target="happy").values for one in (explained.model, other)]
    np.testing.assert_allclose(both, np.mean(alone, axis=0), rtol=1e-5, atol=1e-8)


def test_maps_are_averaged_raw_and_ranked(toy_layout):
    values = np.zeros((2, 4, 3), np.float32)
    values[0, :, 1], values[1, :, 2] = 4.0, -1.0
    maps = RelevanceMaps(values, "sad", toy_layout)
    assert maps.average().values.tolist() == values.mean(axis=0, keepdims=True).tolist()
    ranked = maps.rank_joints()
    assert [(row["joint"], row["mean"]) for row in ranked] == [("left", 1.0), ("right", 0.25), ("hip", 0.0)]
    assert repr(maps) == "RelevanceMaps('sad': N, T, V = 2, 4, 3; first joints left, right, hip)"


@pytest.mark.parametrize("ending", ["png", "svg"])
def test_maps_are_drawn(explained, walk, tmp_path, ending):
    maps = SkeletonGradCam(explained.model).attribute(walk, target="sad")
    assert maps.plot(tmp_path / f"sad.{ending}").stat().st_size > 1000
    assert replace(maps, cycles=None).plot(tmp_path / f"flat.{ending}").stat().st_size > 1000
    with pytest.raises(InputError, match=r"sad\.\w+: expected a skeleton to draw on"):
        replace(maps, layout=None).plot(tmp_path / f"sad.{ending}")


def test_input_errors(explained, walk, stgcn, toy_layout):
    x = torch.randn(2, 3, 16, 20)
    with pytest.raises(InputError, match=r"expected a layer of the module STGCN \(got none\)"):
        SkeletonGradCam(stgcn)
    with pytest.raises(InputError, match=r"expected the block of a trained model, as block=1 \(got a layer\)"):
        SkeletonGradCam(explained.model, stgcn.temporal)
    with pytest.raises(InputError, match=r"one of the model's blocks 0 to 1 \(got 2\)"):
        SkeletonGradCam(explained.model, block=2)
    with pytest.raises(InputError, match=r"expected a walk, as read_walk gives it \(got Tensor\)"):
        SkeletonGradCam(explained.model).attribute(x)
    with pytest.raises(InputError, match=r"target: expected .* \(got 'bored'\)"):
        SkeletonGradCam(explained.model).attribute(walk, target="bored")
    with pytest.raises(InputError, match=r"target: expected the name of an emotion \(got 0\)"):
        SkeletonGradCam(explained.model).attribute(walk, target=0)
    with pytest.raises(InputError, match=r"module STGCN: expected tensors and the code .* \(got Tensor and 'sad'\)"):
        SkeletonGradCam(stgcn, stgcn.temporal).attribute(x, target="sad")
    with pytest.raises(InputError, match=r"layer Sequential: expected 3 joints, .* layout toy \(got 20\)"):
        SkeletonGradCam(stgcn, stgcn.temporal, layout=toy_layout).attribute(x, target=0)
