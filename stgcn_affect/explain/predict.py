"""What the released decision says of cycles: the emotion branch alone, averaged over a cycle and its mirror image."""

import numpy as np
import numpy.typing as npt
import torch

from stgcn_affect.data.augment import mirror
from stgcn_affect.data.batch import CycleBatch
from stgcn_affect.explain.undisturbed import undisturbed
from stgcn_affect.nn.network import DisentangledGaitNetwork
from stgcn_affect.skeleton.layout import Layout


def emotion_logits(
    network: DisentangledGaitNetwork, cycles: CycleBatch, layout: Layout, *, batch: int = 1024
) -> npt.NDArray[np.float32]:
    """Logits ``[N, Q]`` of N cycles, those behind ``encode``'s probabilities; the network is afterwards as it was."""
    device = next(network.parameters()).device
    parts = []
    with undisturbed(network), torch.no_grad():
        for start in range(0, len(cycles.emotion), batch):
            part = CycleBatch(*(column[start : start + batch] for column in cycles)).to(device)
            image = mirror(part, layout, torch.ones_like(part.emotion, dtype=torch.bool))
            latents = [network.encode_emotion(one.positions, one.stride_time_s) for one in (part, image)]
            parts.append(network.emotion_head((latents[0] + latents[1]) / 2))
    return np.asarray(torch.cat(parts).cpu().numpy(), np.float32)


def emotion_probabilities(
    network: DisentangledGaitNetwork, cycles: CycleBatch, layout: Layout, *, batch: int = 1024
) -> npt.NDArray[np.float32]:
    """Probabilities ``[N, Q]`` of N cycles, not calibrated."""
    logits = torch.from_numpy(emotion_logits(network, cycles, layout, batch=batch))
    return np.asarray(logits.softmax(dim=1).numpy(), np.float32)
