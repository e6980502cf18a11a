import pytest
import torch
from torch.nn.functional import cross_entropy

from stgcn_affect.data.batch import CycleBatch
from stgcn_affect.nn.feature_network import FeatureDecoder, feature_network
from stgcn_affect.training.losses import classification_terms

TIMES = torch.tensor([1.0, 1.1, 1.2, 1.3])


def made(features=5, *, seed=0, **sizes):
    """A small network in evaluation mode; the same arguments give the same weights."""
    with torch.random.fork_rng(devices=()):
        torch.manual_seed(seed)
        network = feature_network(features, emotions=2, subjects=3, hidden=8, emotion_dim=3, identity_dim=4, **sizes)
    return network.eval()


def rows(count=4, features=5, seed=0):
    return torch.randn(count, features, generator=torch.Generator().manual_seed(seed))


def labelled(subjects=3, takes=6):
    """Cycles as rows with the subject in the first columns and the emotion in the last ones."""
    subject, emotion, _ = torch.meshgrid(torch.arange(subjects), torch.arange(2), torch.arange(takes), indexing="ij")
    subject, emotion = subject.flatten(), emotion.flatten()
    marked = torch.cat([torch.eye(3)[subject], torch.eye(2)[emotion]], dim=1)
    noise = 0.05 * rows(len(marked))
    return CycleBatch(marked + noise, torch.ones(len(marked)), emotion, subject)


def test_shapes():
    out = made()(rows(), TIMES)
    shapes = {name: tuple(value.shape) for name, value in out._asdict().items()}
    assert shapes == {
        "z_emotion": (4, 3),
        "z_identity": (4, 4),
        "emotion_logits": (4, 2),
        "identity_logits": (4, 3),
        "adversary_identity_logits": (4, 3),
        "adversary_emotion_logits": (4, 2),
    }
    decoded = made().decode(out.z_emotion, out.z_identity, 16)
    assert decoded.positions.shape == (4, 5)
    assert decoded.stride_time_s.shape == (4,)
    assert (decoded.stride_time_s > 0).all()


def test_forward_and_encode_agree():
    network = made()
    out, latents = network(rows(), TIMES), network.encode(rows(), TIMES)
    assert out.z_emotion.equal(latents.z_emotion)
    assert out.z_identity.equal(latents.z_identity)


def test_the_unit_of_a_feature_does_not_matter():
    unit, shift = torch.tensor([1.0, 1e3, 1e-3, 60.0, 2.0]), torch.tensor([0.0, 5e3, 1.0, -7.0, 0.0])
    plain, other = made(), made()
    plain.fit_statistics(rows(9), torch.ones(9))
    other.fit_statistics(rows(9) * unit + shift, torch.ones(9))
    torch.testing.assert_close(
        plain.encode(rows(), TIMES), other.encode(rows() * unit + shift, TIMES), atol=1e-3, rtol=1e-3
    )


def test_a_feature_that_never_varies_is_no_trouble():
    network, still = made(), rows(9)
    still[:, 2] = 7.0
    network.fit_statistics(still, torch.ones(9))
    assert all(latent.isfinite().all() for latent in network.encode(still, torch.ones(9)))


def test_the_decoder_starts_from_the_mean_by_hand():
    decoder = FeatureDecoder(2, 1, 2, hidden=4)
    decoder.fit(torch.tensor([[1.0, 10.0], [3.0, 50.0]]), torch.tensor([1.0, 4.0]))
    assert decoder.mean.tolist() == [2.0, 30.0]
    torch.testing.assert_close(decoder.scale, torch.tensor([2.0**0.5, 800.0**0.5]))
    torch.testing.assert_close(decoder.stride_time[0], torch.tensor(2.0).log())
    with torch.no_grad():
        for parameter in decoder.parameters():
            parameter.zero_()
        decoder.net[-1].bias.copy_(torch.tensor([1.0, -1.0]))
    decoded = decoder(torch.zeros(1, 2), torch.zeros(1, 1))
    torch.testing.assert_close(decoded.positions, torch.tensor([[2.0 + 2.0**0.5, 30.0 - 800.0**0.5]]))
    torch.testing.assert_close(decoded.stride_time_s, torch.tensor([2.0]))


@pytest.mark.parametrize(
    ("encoder", "logits", "labels"),
    [
        ("emotion_encoder", "adversary_identity_logits", [0, 1, 2, 0]),
        ("identity_encoder", "adversary_emotion_logits", [0, 1, 1, 0]),
    ],
)
def test_adversaries_push_the_encoder_the_other_way(encoder, logits, labels):
    def gradient(reversal):
        network = made()
        out = network(rows(), TIMES, reversal=reversal)
        cross_entropy(getattr(out, logits), torch.tensor(labels)).backward()
        return next(getattr(network, encoder).parameters()).grad

    torch.testing.assert_close(gradient(0.5), -0.5 * gradient(-1.0))
    assert gradient(1.0).abs().sum() > 0
    assert gradient(0.0).abs().sum() == 0


def test_it_learns_emotions_whoever_walks():
    network, cycles = made(dropout=0.0), labelled()
    network.fit_statistics(cycles.positions, cycles.stride_time_s)
    optimiser = torch.optim.Adam(network.parameters(), lr=0.02)
    for _ in range(40):
        out = network(cycles.positions, cycles.stride_time_s, reversal=0.2)
        terms = classification_terms(out, cycles.emotion, cycles.subject, label_smoothing=0.0)
        optimiser.zero_grad()
        sum(terms.values()).backward()
        optimiser.step()
    others = torch.cat([torch.zeros(2, 3), torch.eye(2)], dim=1)  # nobody that it knows
    assert network(others, torch.ones(2)).emotion_logits.argmax(dim=1).tolist() == [0, 1]
    assert (network(cycles.positions, cycles.stride_time_s).identity_logits.argmax(dim=1) == cycles.subject).all()
