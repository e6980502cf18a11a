import pytest
import torch

from stgcn_affect.data.batch import StoredCycles
from stgcn_affect.errors import InputError
from stgcn_affect.settings import TrainConfig
from stgcn_affect.training import losses
from stgcn_affect.training.checkpoint import load_safely, save_atomically
from stgcn_affect.training.trainer import Trainer


def snapshot(training):
    return {name: value.clone() for name, value in training.network.state_dict().items()}


def assert_same_bits(one, other):
    assert set(one) == set(other)
    for name, value in one.items():
        assert value.equal(other[name]), name


def numbers(report):
    """All of a report that can be compared."""
    return {key: value.tolist() if hasattr(value, "tolist") else value for key, value in vars(report).items()}


def run(training):
    """Reports and weights, one of each an epoch."""
    return [(numbers(report), snapshot(training)) for report in training.epochs()]


def test_the_same_seed_gives_the_same_bits(prepare):
    one = prepare(seed=3)
    first = run(one)
    other = prepare(seed=3)
    for (report, weights), (again, same) in zip(first, run(other), strict=True):
        assert report == again
        assert_same_bits(weights, same)
    assert_same_bits(snapshot(one), snapshot(other))
    assert run(prepare(seed=4))[-1][0]["terms"] != first[-1][0]["terms"]


@pytest.mark.tool
@pytest.mark.parametrize("stop", [1, 2, 3, 4])
def test_a_resumed_training_equals_an_uninterrupted_one_bit_for_bit(prepare, tmp_path, stop):
    weights = dict.fromkeys(losses.TERMS, 1.0)
    kind = {"reversal_schedule": "ganin", "average_from": 0.5, "choose_from": 0.25, "weights": weights}
    whole = prepare(**kind)
    expected = run(whole)
    interrupted = prepare(**kind)
    epochs = interrupted.epochs()
    for _ in range(stop):
        next(epochs)
    save_atomically(tmp_path / "last.pt", interrupted.state_dict())
    torch.manual_seed(99)
    resumed = prepare(init=1, **kind)
    torch.rand(5)
    resumed.load_state_dict(load_safely(tmp_path / "last.pt"))
    assert resumed.epoch == stop
    for (report, weights), (again, same) in zip(expected[stop:], run(resumed), strict=True):
        assert report == again
        assert_same_bits(weights, same)
    assert_same_bits(snapshot(whole), snapshot(resumed))
    assert (resumed.best_epoch, resumed.best_loss) == (whole.best_epoch, whole.best_loss)
    assert not resumed.network.training


def test_a_state_is_not_changed_by_what_follows(prepare):
    training = prepare()
    epochs = training.epochs()
    next(epochs)
    best = {name: value.clone() for name, value in training.state_dict()["best_weights"].items()}
    taken = training.state_dict()["best_weights"]
    next(epochs)
    assert_same_bits(taken, best)


def test_validation_subjects_never_enter_the_gradients(prepare, others):
    stranger = others._replace(
        positions=torch.randn(others.positions.shape),
        stride_time_s=3 * others.stride_time_s,
        emotion=1 - others.emotion,
    )
    nobody = others.take(torch.zeros(0, dtype=torch.int64))
    first = run(prepare())
    for validation in (stranger, nobody):
        for (report, weights), (again, same) in zip(first, run(prepare(validation=validation)), strict=True):
            assert report["terms"] == again["terms"]
            assert_same_bits(weights, same)


def test_statistics_are_those_of_the_training_cycles(prepare, toy_network, toy_cycles):
    training = prepare()
    expected, cycles = toy_network(), toy_cycles()
    expected.fit_statistics(cycles.positions, cycles.stride_time_s)
    for _ in training.epochs():
        pass
    for part in ("emotion_channels", "identity_channels", "anthropometrics"):
        assert_same_bits(getattr(training.network, part).state_dict(), getattr(expected, part).state_dict())
    assert training.network.decoder.mean.equal(expected.decoder.mean)


def test_the_best_weights_are_left_in_the_network(prepare, others):
    # The validation's labels are wrong: the better the network learns, the worse it does there.
    training = prepare(validation=others._replace(emotion=1 - others.emotion), epochs=8)
    reports = run(training)
    losses_of = [report["validation_loss"] for report, _ in reports]
    best = losses_of.index(min(losses_of))
    assert training.best_epoch == best + 1 < 8
    assert [report["epoch"] for report, _ in reports] == list(range(1, 9))
    marked = [i for i, (report, _) in enumerate(reports) if report["best"]]
    assert marked == [i for i, loss in enumerate(losses_of) if loss < min(losses_of[:i], default=float("inf"))]
    assert_same_bits(snapshot(training), reports[best][1])
    assert not any(module.training for module in training.network.modules())


def test_patience_runs_out(prepare, others):
    training = prepare(validation=others._replace(emotion=1 - others.emotion), epochs=30, patience=3)
    reports = run(training)
    assert len(reports) == training.best_epoch + 3 < 30
    assert training.finished
    assert list(training.epochs()) == []


def test_without_validation_the_last_epoch_is_the_best(prepare, others):
    training = prepare(validation=others.take(torch.zeros(0, dtype=torch.int64)), patience=1)
    reports = run(training)
    assert len(reports) == 4
    assert_same_bits(snapshot(training), reports[-1][1])
    assert reports[-1][0]["validation_predicted"] == []
    assert not training.network.training


def test_the_validation_scores_are_those_of_the_weights_of_the_epoch(prepare, others, toy_network):
    training = prepare()
    for report in training.epochs():
        network = toy_network()
        network.load_state_dict(training.network.state_dict())
        logits = network(others.positions, others.stride_time_s).emotion_logits
        loss = torch.nn.functional.cross_entropy(logits, others.emotion).item()
        assert report.validation_loss == pytest.approx(loss, rel=1e-5)
        assert report.validation_predicted.tolist() == logits.argmax(dim=1).tolist()


def test_every_cycle_is_seen_once_an_epoch_augmented_in_equal_batches(prepare, toy_cycles):
    seen, read = [], []

    def watch(batch, generator):
        seen.append((batch, torch.rand((), generator=generator)))
        return batch

    training = prepare(augmentation=watch, batch_size=5, epochs=2)
    of_network = training.network.read

    def watch_network(inputs):
        read.append(inputs.emotion)
        return of_network(inputs)

    training.network.read = watch_network
    for _ in training.epochs():
        pass
    assert [len(batch.emotion) for batch, _ in seen] == [12, 12]  # augmented at once
    assert [len(x) for x in read] == [6, 6] * 2
    assert len({float(drawn) for _, drawn in seen}) == 2
    whole = sorted(toy_cycles().stride_time_s.tolist())
    orders = [batch.stride_time_s.tolist() for batch, _ in seen]
    assert all(sorted(order) == whole for order in orders)
    assert orders[0] != orders[1]
    for i, (batch, _) in enumerate(seen):
        expected = training.network.emotion_input(batch.positions, batch.stride_time_s)
        torch.testing.assert_close(torch.cat(read[2 * i : 2 * i + 2]), expected)


def test_batches_are_prepared_in_parts_where_there_are_many(prepare, toy_cycles, monkeypatch):
    sizes = []
    monkeypatch.setattr("stgcn_affect.training.trainer._PREPARED", 6)
    training = prepare(augmentation=lambda batch, _: (sizes.append(batch.size), batch)[1], batch_size=3, epochs=1)
    list(training.epochs())
    assert sizes == [6, 6]


def test_reports_name_the_terms_and_the_accuracies(prepare):
    reports = [report for report, _ in run(prepare(epochs=2, transfer_every=3, reversal=0.3))]
    always = {"emotion", "identity", "adversary_identity", "adversary_emotion", "within_class_variance"}
    for report in reports:
        assert always <= set(report["terms"]) <= set(losses.TERMS)
        assert {"reconstruction", "transfer"} <= set(report["terms"])  # steps 0 and 3 decode, one an epoch
        assert set(report["accuracy"]) == always - {"within_class_variance"}
        assert all(0 <= value <= 1 for value in report["accuracy"].values())
        assert report["reversal"] == 0.3
    rare = [report for report, _ in run(prepare(epochs=2, transfer_every=4))]
    assert "transfer" in rare[0]["terms"]
    assert "transfer" not in rare[1]["terms"]


def test_the_reversal_follows_its_schedule(prepare):
    strengths = [report["reversal"] for report, _ in run(prepare(reversal=2.0, reversal_schedule="ganin"))]
    assert strengths[0] == 0.0
    assert strengths == sorted(strengths)
    assert strengths[-1] == pytest.approx(2 * (2 / (1 + 2.718281828 ** (-7.5)) - 1), rel=1e-6)


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("batch_size", 4),
        ("learning_rate", 0.02),
        ("weight_decay", 0.5),
        ("clip_norm", 0.01),
        ("label_smoothing", 0.4),
        ("reversal", 0.9),
        ("transfer_every", 1),
        ("decoded_samples", 4),
    ],
)
def test_every_setting_has_its_say(prepare, setting, value):
    assert getattr(prepare().config, setting) != value
    one, other = (run(prepare(epochs=1, **changed))[0][1] for changed in ({}, {setting: value}))
    assert any(not weight.equal(other[name]) for name, weight in one.items())


@pytest.mark.parametrize("name", ["emotion", "within_class_variance", "transfer", "risk_variance", "group_dro"])
def test_a_weight_decides_what_is_learned(prepare, name):
    alone = dict.fromkeys(losses.TERMS, 0.0)
    without, with_it = (
        run(prepare(epochs=1, weights=alone | {name: weight}, weight_decay=0.0))[0][1] for weight in (0.0, 1.0)
    )
    parameters = dict(prepare().network.named_parameters())
    learned = {key.split(".")[0] for key in parameters if not without[key].equal(with_it[key])}
    expected = {
        "emotion": {"emotion_encoder", "emotion_head"},
        "within_class_variance": {"emotion_encoder"},
        "transfer": {"emotion_encoder", "identity_encoder", "decoder"},
        "risk_variance": {"emotion_encoder", "emotion_head"},
        "group_dro": {"emotion_encoder", "emotion_head"},
    }
    assert learned == expected[name]


def test_terms_over_subjects_are_not_computed_unless_they_have_a_weight(prepare, monkeypatch):
    before = run(prepare(epochs=2))
    monkeypatch.setattr(losses, "subject_risks", None)
    training = prepare(epochs=2)
    for (report, weights), (again, same) in zip(before, run(training), strict=True):
        assert report == again
        assert_same_bits(weights, same)
        assert not {"risk_variance", "group_dro"} & set(report["terms"])
    assert training.subject_weights.tolist() == pytest.approx([1 / 3] * 3)


def test_group_dro_alone_gives_the_subjects_other_weights_and_keeps_them_for_a_resumed_training(prepare):
    weights = {"emotion": 0.0, "group_dro": 1.0}
    whole = prepare(weights=weights, group_dro_step=0.5)
    run(whole)
    assert whole.subject_weights.sum() == pytest.approx(1.0)
    assert whole.subject_weights.max() > 1 / 3 + 0.01
    first = prepare(weights=weights, group_dro_step=0.5)
    next(first.epochs())
    state = first.state_dict()
    resumed = prepare(weights=weights, group_dro_step=0.5)
    resumed.load_state_dict(state)
    run(resumed)
    assert_same_bits(snapshot(whole), snapshot(resumed))
    assert resumed.subject_weights.equal(whole.subject_weights)


@pytest.mark.tool
def test_the_input_gradient_penalty_makes_the_logits_less_steep(prepare, toy_cycles):
    def steepness(weight):
        weights = dict.fromkeys(losses.TERMS, 0.0) | {"emotion": 1.0, "input_gradient_penalty": weight}
        training = prepare(
            sizes={"width": 8, "dropout": 0.0},
            augmentation=lambda batch, _: batch,
            weights=weights,
            epochs=40,
            learning_rate=0.02,
            choose_from=1.0,
        )
        reports = list(training.epochs())
        assert ("input_gradient_penalty" in reports[0].terms) == bool(weight)
        network, cycles = training.network, toy_cycles()
        x = network.emotion_input(cycles.positions, cycles.stride_time_s).detach().requires_grad_()
        logits = network.emotion_head(network.read_emotion(x))
        return losses.input_gradient_penalty(logits, x, torch.eye(logits.shape[1])[:1].expand_as(logits)).item()

    steep, flat = steepness(0.0), steepness(100.0)
    assert flat < 0.2 * steep, (flat, steep)


@pytest.mark.tool
def test_a_toy_is_learned(prepare, others):
    sizes = {"width": 8, "dropout": 0.0}
    training = prepare(sizes=sizes, augmentation=lambda batch, _: batch, epochs=40, learning_rate=0.02)
    reports = [report for report, _ in run(training)]
    assert reports[-1]["accuracy"]["emotion"] == 1.0
    assert reports[-1]["terms"]["transfer"] < 0.5 * reports[0]["terms"]["transfer"]
    best = reports[training.best_epoch - 1]
    assert best["validation_predicted"] == others.emotion.tolist()


def test_the_last_step_leaves_the_plane_of_the_emotions_means_in_z_emotion(prepare, toy_cycles):
    def spread(training):
        run(training)
        cycles = toy_cycles()
        z = training.network.encode_emotion(cycles.positions, cycles.stride_time_s)
        size = torch.linalg.svdvals(z - z.mean(dim=0))
        return int((size > 1e-4 * size[0]).sum())

    emotions = int(toy_cycles().emotion.max()) + 1
    assert spread(prepare()) > emotions - 1
    assert spread(prepare(project_emotion=True)) == emotions - 1


def test_a_clipped_latent_is_twice_as_far_out_but_no_farther_than_the_mean_was(prepare, toy_cycles):
    def distances(stretch):
        training = prepare(project_emotion=True, clip_latent=stretch)
        run(training)
        cycles = toy_cycles()
        z = training.network.encode_emotion(cycles.positions, cycles.stride_time_s)
        centre = torch.stack([z[cycles.emotion == code].mean(dim=0) for code in (0, 1)]).mean(dim=0)
        return (z - centre).norm(dim=1), training.network.emotion_radial_clip, z

    free, unfitted, _ = distances(0.0)
    assert unfitted.curvature == 0
    _, clip, z = distances(2.0)
    assert 1 / clip.curvature == pytest.approx(free.mean().item(), rel=1e-4)
    found = (z - clip.centre).norm(dim=1)
    assert torch.allclose(found, (2 * free).clamp_max(free.mean()), rtol=1e-3)


def test_a_finished_training_taken_up_again_is_projected_too(prepare):
    whole = prepare(project_emotion=True, clip_latent=2.0)
    run(whole)
    again = prepare(init=1, project_emotion=True, clip_latent=2.0)
    again.load_state_dict(whole.state_dict())
    assert run(again) == []
    assert_same_bits(snapshot(whole), snapshot(again))


def test_no_epoch_is_chosen_before_its_time(prepare, others):
    # The validation's labels are wrong: the first epoch is the best one, but it comes too early.
    wrong = others._replace(emotion=1 - others.emotion)
    training = prepare(validation=wrong, epochs=10, patience=2, choose_from=0.5)
    reports = run(training)
    assert training.best_epoch >= 6
    assert not any(report["best"] for report, _ in reports[:5])
    assert len(reports) == min(10, training.best_epoch + 2)


def test_what_is_judged_and_kept_is_the_average_of_the_late_weights(prepare, others):
    nobody = others.take(torch.zeros(0, dtype=torch.int64))
    plain = prepare(validation=nobody)
    weight, steps = "emotion_head.weight", []
    step = plain._step

    def watch(loss):
        step(loss)
        steps.append(plain.network.state_dict()[weight].clone())

    plain._step = watch
    run(plain)
    averaged = prepare(validation=nobody, average_from=0.5)
    run(averaged)
    late = torch.stack(steps[len(steps) // 2 :])
    torch.testing.assert_close(averaged.network.state_dict()[weight], late.mean(dim=0))
    assert plain.network.state_dict()[weight].equal(steps[-1])


@pytest.mark.parametrize("device", ["tpu", "cuda:x", "cuda:99", "cpu:1"])
def test_a_device_that_is_not_here_is_told(device):
    with pytest.raises(InputError, match=r"setting train.device: expected cpu or one of \d+ cuda devices \(got"):
        Trainer(TrainConfig(device=device))


def test_a_training_that_diverges_says_so(prepare):
    training = prepare(augmentation=lambda batch, generator: batch._replace(positions=batch.positions * float("nan")))
    with pytest.raises(InputError, match=r"diverged in epoch 1: expected a finite \w+ loss.*\(got nan\)"):
        next(training.epochs())


@pytest.fixture
def stored(toy_cycles):
    """The toy's cycles, to be read when they are taken, in an order of their own on the disk."""
    batch = toy_cycles()
    order = torch.randperm(batch.size, generator=torch.Generator().manual_seed(0))
    whole = batch.take(order)
    rows = order.argsort().numpy()
    return StoredCycles(whole.positions.numpy(), rows, batch.stride_time_s, batch.emotion.int(), batch.subject.int())


def weights_after(trainer):
    for _ in trainer.epochs():
        pass
    return trainer.network.state_dict()


@pytest.mark.parametrize("kept", [4, 4096])
def test_cycles_that_are_read_when_they_are_taken_train_the_same(prepare, toy_network, stored, monkeypatch, kept):
    """Where they do not fit, statistics are of some of them, and inputs are not kept: both forms do the same again."""
    monkeypatch.setattr("stgcn_affect.training.trainer._KEPT", kept)
    expected = weights_after(prepare(project_emotion=True, clip_latent=2.0))
    trainer = prepare(project_emotion=True, clip_latent=2.0)
    trainer.start(toy_network(seed=0), stored, trainer.validation, augmentation=trainer.augmentation)
    found = weights_after(trainer)
    assert all(found[name].equal(value) for name, value in expected.items())
