from dataclasses import replace

import numpy as np
import pytest
import torch

from stgcn_affect.data.subject_baseline import Strides
from stgcn_affect.data.walk import Walk
from stgcn_affect.errors import InputError
from stgcn_affect.motion.clip import Clip
from stgcn_affect.motion.cycles import Cycle
from stgcn_affect.motion.normalise import bone_lengths
from stgcn_affect.release.anonymise import anonymise_walk, subject_identity, target_body
from stgcn_affect.release.ground import DURATION_S, FPS_HZ
from stgcn_affect.training.identity import identity_statistics
from stgcn_affect.training.predict import encode


@pytest.fixture
def explained(toy_explained):
    found = toy_explained()
    train = found.batch(found.train)
    kept = identity_statistics(found.model.network, train, found.model.layout)
    return replace(found, model=replace(found.model, identity=kept))


def walk_of(found, rows, *, stride_time_s=None):
    """The cycles at ``rows`` as one walk, named."""
    clip = Clip(np.zeros((2, 3, 3)), 60.0, found.model.layout, subject="ana", source="ana.bvh", take="1")
    batch = found.batch(np.array(rows))
    times = batch.stride_time_s.tolist() if stride_time_s is None else stride_time_s
    cycles = [Cycle(positions, time, 1.5, clip) for positions, time in zip(batch.positions.numpy(), times, strict=True)]
    return Walk(clip, tuple(cycles))


def test_a_clip_holds_the_decoded_cycle_and_no_name(explained):
    model = explained.model
    walk, body = walk_of(explained, [0, 1]), target_body(model)
    clip = anonymise_walk(model, walk, body)
    assert (clip.subject, clip.emotion, clip.take, clip.source, clip.remarks) == ("", "", "", "", ())
    assert (clip.num_frames, clip.fps_hz) == (DURATION_S * FPS_HZ, FPS_HZ)
    z = encode(model.network, walk.batch(), model.layout).z_emotion.mean(axis=0, keepdims=True)
    with torch.no_grad():
        decoded = model.network.decode(torch.from_numpy(z), torch.from_numpy(body.z_identity)[None])
    assert clip.attributes == {"stride_time_s": f"{float(decoded.stride_time_s):.4f}"}
    assert bone_lengths(clip.positions, clip.layout) == pytest.approx(1.53 * body.lengths, rel=1e-4)


def test_neither_the_number_of_cycles_nor_their_stride_time_is_in_the_clip(explained):
    body = target_body(explained.model)
    once = anonymise_walk(explained.model, walk_of(explained, [0]), body)
    thrice = anonymise_walk(explained.model, walk_of(explained, [0, 0, 0]), body)
    assert once.positions == pytest.approx(thrice.positions, abs=1e-5)


def test_kept_cadence_is_the_geometric_mean_of_the_walks_own(explained):
    walk = walk_of(explained, [0, 1], stride_time_s=[1.0, 1.21])
    clip = anonymise_walk(explained.model, walk, target_body(explained.model), cadence="keep")
    assert clip.attributes["stride_time_s"] == "1.1000"


def test_another_identity_gives_another_body(explained):
    model = explained.model
    own = subject_identity(model, explained.batch(np.flatnonzero(explained.cycles.subject == "w4")))
    body = target_body(model, own)
    assert body.z_identity.tolist() == own.tolist()
    assert not np.allclose(body.lengths, target_body(model).lengths)


def test_what_cannot_be_anonymised_is_refused(explained):
    model, walk = explained.model, walk_of(explained, [0])
    body = target_body(model)
    with pytest.raises(InputError, match="cadence: expected mean or keep"):
        anonymise_walk(model, walk, body, cadence="slow")
    with pytest.raises(InputError, match="subject baseline"):
        anonymise_walk(replace(model, average_baseline=Strides(np.zeros(1), np.ones(1))), walk, body)
    with pytest.raises(InputError, match="train it again"):
        target_body(replace(model, identity=None))
