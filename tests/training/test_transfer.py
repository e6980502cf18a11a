import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn

from stgcn_affect.data.batch import CycleBatch
from stgcn_affect.nn.network import Latents
from stgcn_affect.training.losses import Target, latent_error, pose_error
from stgcn_affect.training.transfer import TransferPlan, TransferSampler, frozen_statistics, transfer_terms

LABELS = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=1, max_size=20)


def sampler(pairs):
    emotion, subject = np.array(pairs, np.int64).T
    return TransferSampler(emotion, subject), emotion, subject


@settings(deadline=None, max_examples=100)
@given(LABELS, st.integers(0, 100))
def test_every_plan_keeps_the_promises(pairs, seed):
    made, emotion, subject = sampler(pairs)
    plan = made.draw(30, np.random.default_rng(seed))
    possible = {e for e in emotion if len(set(subject[emotion == e])) > 1}
    possible |= {e for e in emotion if set(subject[emotion == e]) != set(subject)}
    assert (plan.target.size > 0) == bool(possible)
    for donor, identity, target in zip(*plan, strict=True):
        assert 0 <= donor < len(pairs)
        assert 0 <= identity < len(pairs)
        assert -1 <= target < len(pairs)
        e, s = emotion[donor], subject[identity]
        assert subject[donor] != s, "the emotion came from the subject who is rebuilt"
        cell = np.flatnonzero((emotion == e) & (subject == s))
        assert (target == -1) == (cell.size == 0), "no target exactly where the cell is empty"
        assert target == -1 or target in cell
        if (emotion[subject == s] != e).any():
            assert emotion[identity] != e, "the identity came from the emotion that is rebuilt"


def test_the_cells_by_hand():
    # Subject 0 is angry (0) twice and sad (1) once, subject 1 sad only.
    made, _, _ = sampler([(0, 0), (0, 0), (1, 0), (1, 1)])
    plan = made.draw(200, np.random.default_rng(0))
    rows = {tuple(int(i) for i in row) for row in zip(*plan, strict=True)}
    sad_of_0 = {(3, i, 2) for i in (0, 1)}
    angry_of_1 = {(i, 3, -1) for i in (0, 1)}
    sad_of_1 = {(2, 3, 3)}  # subject 1 has no other emotion to lend its identity
    assert rows == sad_of_0 | angry_of_1 | sad_of_1  # nobody can lend subject 0 an anger


def test_cells_are_drawn_uniformly_whatever_the_number_of_their_takes():
    made, emotion, subject = sampler([(0, 0)] * 8 + [(0, 1), (1, 0), (1, 1)])
    plan = made.draw(2000, np.random.default_rng(0))
    cells = 2 * emotion[plan.target] + subject[plan.target]
    np.testing.assert_allclose(np.bincount(cells) / 2000, 0.25, atol=0.04)


def test_the_same_generator_draws_the_same_plan():
    made, _, _ = sampler([(e, s) for e in range(3) for s in range(4)])
    one, other = (made.draw(10, np.random.default_rng(5)) for _ in range(2))
    for a, b in zip(one, other, strict=True):
        np.testing.assert_array_equal(a, b)


def test_a_single_subject_has_no_plan_and_no_terms(toy_network, toy_cycles):
    made, _, _ = sampler([(0, 0), (1, 0)])
    plan = made.draw(5, np.random.default_rng(0))
    assert all(part.shape == (0,) for part in plan)
    assert transfer_terms(toy_network(), toy_cycles(), plan, samples=8) == {}


@pytest.fixture
def fitted(toy_network, toy_cycles):
    """A network whose statistics are those of the toy's cycles; cycle 4 s + 2 e + take is of subject s and emotion
    e.
    """
    network, cycles = toy_network(), toy_cycles()
    network.fit_statistics(cycles.positions, cycles.stride_time_s)
    return network, cycles


def plan_of(*rows):
    return TransferPlan(*np.array(rows, np.int64).T)


def test_terms_where_there_are_targets(fitted):
    network, cycles = fitted
    terms = transfer_terms(network, cycles, plan_of((4, 2, 1), (10, 4, 7)), samples=8)
    assert set(terms) == {"reconstruction", "transfer"}
    given = cycles.positions, cycles.stride_time_s
    z_emotion, z_identity = network.encode(*given)
    goal = Target(*(part[[1, 7]] for part in given))
    lent = network.decode(z_emotion[[4, 10]], z_identity[[2, 4]], 8)
    own = network.decode(z_emotion[[4, 10]], z_identity[[1, 7]], 8)
    torch.testing.assert_close(terms["transfer"], pose_error(lent, goal, network))
    torch.testing.assert_close(terms["reconstruction"], pose_error(own, goal, network))


def test_latent_consistency_stands_in_where_the_cell_is_empty(fitted):
    network, cycles = fitted
    terms = transfer_terms(network, cycles, plan_of((4, 2, -1), (10, 4, -1)), samples=8)
    assert set(terms) == {"consistency"}
    z_emotion, z_identity = network.encode(cycles.positions, cycles.stride_time_s)
    asked = Latents(z_emotion[[4, 10]], z_identity[[2, 4]])
    whole = network.decode(*asked)
    again = network.encode(whole.positions, whole.stride_time_s)
    torch.testing.assert_close(terms["consistency"], latent_error(again, asked))


def test_a_mixed_plan_has_all_terms_each_of_its_own_cells(fitted):
    network, cycles = fitted
    rows = (4, 2, 1), (10, 4, -1), (6, 0, 3), (0, 6, -1)
    mixed = transfer_terms(network, cycles, plan_of(*rows), samples=8)
    known = transfer_terms(network, cycles, plan_of(rows[0], rows[2]), samples=8)
    empty = transfer_terms(network, cycles, plan_of(rows[1], rows[3]), samples=8)
    assert set(mixed) == {"reconstruction", "transfer", "consistency"}
    for name, value in {**known, **empty}.items():
        torch.testing.assert_close(mixed[name], value)


def test_the_subjects_own_emotion_never_enters(fitted):
    # The target's z_emotion would be paid for carrying the subject: another target of the subject has the same inputs.
    network, cycles = fitted
    seen = []
    read_emotion = network.read_emotion
    network.read_emotion = lambda x: seen.append(x) or read_emotion(x)
    transfer_terms(network, cycles, plan_of((4, 2, 1), (10, 4, 7)), samples=8)
    assert len(seen) == 1
    assert seen[0].equal(network.emotion_input(cycles.positions[[4, 10]], cycles.stride_time_s[[4, 10]]))


def test_inputs_that_are_kept_give_the_same_terms(fitted):
    network, cycles = fitted
    plan = plan_of((4, 2, 1), (10, 4, -1))
    with torch.no_grad():
        kept = network.inputs(cycles.positions, cycles.stride_time_s)
    fresh = transfer_terms(network, cycles, plan, samples=8)
    for name, value in transfer_terms(network, cycles, plan, samples=8, inputs=kept).items():
        torch.testing.assert_close(value, fresh[name])


def test_terms_teach_both_encoders_and_the_decoder(fitted):
    network, cycles = fitted
    terms = transfer_terms(network, cycles, plan_of((4, 2, 1), (10, 4, -1)), samples=8)
    for name, term in terms.items():
        network.zero_grad()
        term.backward(retain_graph=True)
        for part in (network.emotion_encoder, network.identity_encoder, network.decoder):
            gradients = [parameter.grad for parameter in part.parameters()]
            assert any(gradient is not None and gradient.any() for gradient in gradients), name


def test_validation_subjects_are_no_targets_because_indices_point_into_the_training_part(fitted):
    network, cycles = fitted
    half = CycleBatch(*(column[:8] for column in cycles))
    made = TransferSampler(half.emotion.numpy(), half.subject.numpy())
    plan = made.draw(100, np.random.default_rng(0))
    assert all(part.max() < 8 for part in plan)
    assert all(value.isfinite() for value in transfer_terms(network, half, plan, samples=16).values())


def buffers(network):
    return {name: buffer.clone() for name, buffer in network.named_buffers()}


def modes(network):
    return [module.training for module in network.modules()]


def test_frozen_statistics_leave_buffers_and_modes_as_they_were(fitted):
    network, cycles = fitted
    network.train()
    network.emotion_encoder.blocks[0].spatial_norm.eval()  # one that someone froze for good
    before, mode = buffers(network), modes(network)
    with frozen_statistics(network):
        one, other = (network.encode(cycles.positions, cycles.stride_time_s) for _ in range(2))
        assert one.z_emotion.equal(other.z_emotion), "dropout was on"
    assert modes(network) == mode
    for name, buffer in network.named_buffers():
        assert buffer.equal(before[name]), name
    network.encode(cycles.positions, cycles.stride_time_s)
    assert any(not buffer.equal(before[name]) for name, buffer in network.named_buffers()), (
        "the test sees no statistics"
    )


def test_frozen_statistics_restore_the_modes_after_an_exception():
    network = nn.Sequential(nn.BatchNorm2d(2), nn.Dropout2d(), nn.ReLU()).train()

    def fail():
        with frozen_statistics(network):
            assert modes(network) == [True, False, False, True]
            raise RuntimeError("on purpose")

    with pytest.raises(RuntimeError, match="on purpose"):
        fail()
    assert all(modes(network))


def test_decoded_cycles_do_not_move_the_running_means(fitted):
    network, cycles = fitted
    network.train()
    plan = plan_of((4, 2, -1), (10, 4, -1))
    torch.manual_seed(0)
    transfer_terms(network, cycles, plan, samples=8)
    counts = {name: int(buffer) for name, buffer in network.named_buffers() if name.endswith("num_batches_tracked")}
    assert set(counts.values()) == {1}, "each encoder saw its donors once and no decoded cycle"


def test_a_cycle_that_is_not_in_the_plan_has_no_influence(toy_network, toy_cycles):
    # An empty cell's target is -1, which must not be read as the last cycle: batch norm would see it.
    cycles, plan = toy_cycles(), plan_of((4, 2, 1), (10, 4, -1))
    terms = []
    for scale in (1.0, 3.0):
        changed = cycles.positions.clone()
        changed[-1] *= scale
        network = toy_network(dropout=0.0).train()
        terms.append(transfer_terms(network, cycles._replace(positions=changed), plan, samples=8))
    assert terms[0] == terms[1]
