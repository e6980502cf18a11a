from copy import deepcopy

import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import nn

from stgcn_affect.release.encoder_branch import EmotionBranch, folded
from stgcn_affect.training.confidence import outlier_score
from stgcn_affect.training.predict import emotion_logits, encode


def test_the_branch_computes_what_predictions_are_made_of(untrained_model, some_cycles):
    model = untrained_model
    logits, z_emotion, score = EmotionBranch(model.network, model.layout)(
        some_cycles.positions, some_cycles.stride_time_s
    )
    close = {"atol": 1e-5, "rtol": 0}
    wanted = emotion_logits(model.network, some_cycles, model.layout)
    torch.testing.assert_close(logits, torch.from_numpy(wanted), **close)
    encoded = encode(model.network, some_cycles, model.layout)
    torch.testing.assert_close(z_emotion, torch.from_numpy(encoded.z_emotion), **close)
    torch.testing.assert_close(score, torch.from_numpy(outlier_score(model.network, some_cycles)), **close)


def test_it_holds_the_emotion_branch_alone_and_nothing_of_the_network_changes(untrained_model):
    network = untrained_model.network
    before = {name: tensor.clone() for name, tensor in network.state_dict().items()}
    branch = EmotionBranch(network, untrained_model.layout)
    assert not [module for module in branch.modules() if isinstance(module, nn.modules.batchnorm._BatchNorm)]
    parts = {name.split(".")[0] for name in branch.state_dict()}
    assert parts == {"channels", "encoder", "clip", "head"}
    branch.head.weight.zero_()
    branch.channels.mean.zero_()
    assert all(tensor.equal(before[name]) for name, tensor in network.state_dict().items())


@given(seed=st.integers(0, 1000))
def test_folding_keeps_the_output_whatever_the_statistics(untrained_model, seed):
    random = torch.Generator().manual_seed(seed)
    encoder = deepcopy(untrained_model.network.emotion_encoder)
    for block in encoder.blocks:
        for norm in (block.spatial_norm, block.temporal_norm):
            norm.running_mean.copy_(torch.randn(norm.num_features, generator=random))
            norm.running_var.copy_(torch.rand(norm.num_features, generator=random) + 0.1)
    x = torch.randn(2, 10, 8, 16, generator=random)
    with torch.no_grad():
        torch.testing.assert_close(folded(encoder)(x).features, encoder(x).features, atol=1e-5, rtol=1e-5)
