"""The files that ``tools/evaluate.py`` leaves."""

import csv
import json

import pytest

from stgcn_affect.evaluation import attackers
from stgcn_affect.evaluation import baselines as classifiers
from stgcn_affect.evaluation.results import ADAPTED, JUDGED
from stgcn_affect.reporting.tables import METHODS, release_name

pytestmark = pytest.mark.tool

RELEASES = {"raw", "retargeted", "bone_ratios", "hand_made", "z_identity", "z_emotion", "logits", "probabilities"}
RELEASES |= {"decoded", "relevance_maps", "released_maps", "anonymised"}
STATIC = {"decoded", "anonymised", "retargeted"}
EMOTION = {"balanced_accuracy", "macro_f1", "accuracy", "ci95", "chance", "majority", "n_cycles", "n_subjects"}
EMOTION |= {"per_class_recall", "confusion", "seeds"}


def results(folder):
    return json.loads((folder / "results.json").read_text())


def test_the_results_keep_their_contract(evaluation):
    found = results(evaluation[0])
    assert found["dataset"].items() >= {"name": "synthetic", "subjects": 10, "takes": 30}.items()
    assert found["protocol"] == {"kind": "grouped", "subject_baseline": "", "folds": 2, "seeds": [0]}
    assert set(found["emotion"]) >= EMOTION
    assert (found["emotion"]["n_subjects"], found["emotion"]["n_cycles"]) == (10, found["dataset"]["cycles"])
    inputs = (
        "raw",
        "bone_normalised",
        "harmonics",
        "hand_made",
        "bone_ratios",
        "stride_time",
        "mean_pose_and_stride_time",
    )
    swapped = ("bone_normalised_swapped", "harmonics_swapped", "mean_pose_and_stride_time_swapped")
    expected = {f"{name} on {source}" for name in classifiers.CLASSIFIERS for source in (*inputs, *swapped)}
    networks = {"plain_stgcn", "disentangled_on_hand_made", "disentangled_on_both", "disentangled_vote"}
    networks |= set(ADAPTED.values())
    assert set(found["baselines"]) == expected | networks | {"majority"}
    for block in found["baselines"].values():
        assert set(block) >= EMOTION
        assert block["ci95"][0] <= block["balanced_accuracy"] <= block["ci95"][1]
        assert block["n_cycles"] == found["emotion"]["n_cycles"]  # all on the same folds
    comparison = found["comparison"]
    assert {"best_baseline", "difference", "ci95", "p"} <= set(comparison)
    for other in ("best_by_test_score", "best_swap_trained", "plain_stgcn"):
        assert {"difference", "ci95", "p"} <= set(comparison[other])
    assert comparison["best_by_test_score"]["name"].split(" on ")[1] in inputs
    assert comparison["best_swap_trained"]["name"].split(" on ")[1] in swapped
    assert found["failures"] == []
    assert found["seconds"] > 0
    assert "torch" in found["versions"]


def test_privacy_keeps_its_contract(evaluation):
    privacy = results(evaluation[0])["privacy"]
    known, unseen = privacy["seen_subjects"], privacy["unseen_subjects"]
    assert {name for name, block in known.items() if isinstance(block, dict) and "accuracy" in block} == RELEASES
    assert known["chance"] == 1 / 4  # 10 subjects, less 5 unseen and 1 to validate
    for release in RELEASES:
        assert set(known[release]["attackers"]) == set(attackers.ALL_ATTACKERS)
        assert known[release]["ci95"][0] <= known[release]["accuracy"] <= known[release]["ci95"][1]
    assert set(known["static"]) == STATIC
    assert set(known["static"]["decoded"]) == {"accuracy", "attackers", "ci95"}
    assert "held_out_takes" not in known  # one take each
    one_take = {name for name, block in unseen["one_take"].items() if isinstance(block, dict)}
    assert one_take == RELEASES | {f"{release}_minus_probabilities" for release in JUDGED}
    assert "attributes" not in privacy  # synthetic walkers have no gender
    assert set(known["z_emotion_minus_probabilities"]) == {"difference", "ci95"}
    assert 0 < known["p"] <= 1
    assert {name for name, block in unseen.items() if isinstance(block, dict) and "rank1" in block} == RELEASES
    assert unseen["chance"] == pytest.approx(1 / 5)
    for release in RELEASES:
        assert set(unseen[release]) == {"rank1", "eer", "auc", "tar_at_far_1pct", "ci95"}
        assert set(unseen[release]["ci95"]) == {"rank1", "eer", "auc", "tar_at_far_1pct"}
    assert set(privacy["verdict"]) == {"hidden", "reasons"}
    assert len(privacy["verdict"]["reasons"]) == 4
    assert known["raw"]["accuracy"] > 0.9


def test_disentanglement_and_curve_keep_their_contract(evaluation):
    found = results(evaluation[0])
    table = found["disentanglement"]
    for what in ("emotion", "walker"):
        for latent in ("z_emotion", "z_identity"):
            assert 0 <= table[f"{what}_from_{latent}"] <= 1
            assert 0 <= table[f"{what}_nats_from_{latent}"] <= table[f"entropy_{what}_nats"]
        lower, upper = table[f"swap_{what}_ci95"]
        assert 0 <= lower <= table[f"swap_{what}"] <= upper <= 1
    assert 0 <= table["cka"] <= 1
    points = found["curve"]["points"]
    others = ["adapted", "anonymised", "decoded", "leace", "noise-1", "plain", "retargeted"]
    assert [point["name"] for point in points] == [*others, "reversal-0", "reversal-0.2"]
    assert all(point["models"] == 2 for point in points)
    assert 0 <= found["curve"]["area"] <= 1


def numbers(block):
    return f"{block['ci95'][0]:.3f} to {block['ci95'][1]:.3f}"


def table(folder, name):
    with (folder / f"{name}.csv").open(newline="") as file:
        head, *rows = csv.reader(file)
    return {row[0]: dict(zip(head, row, strict=True)) for row in rows}


def test_tables_hold_the_numbers_of_the_results(evaluation):
    folder, found = evaluation[0], results(evaluation[0])
    rows = table(folder, "emotion")
    for name, block in found["baselines"].items():
        row = rows[METHODS.get(name, name)]
        assert (row["balanced accuracy"], row["95 % limits"]) == (f"{block['balanced_accuracy']:.3f}", numbers(block))
        assert (row["chance"], row["cycles"]) == (f"{block['chance']:.3f}", str(block["n_cycles"]))
    rows, known = table(folder, "seen_subjects"), found["privacy"]["seen_subjects"]
    static = {f"{release_name(release)} (static)" for release in STATIC}
    assert set(rows) == {release_name(release) for release in RELEASES} | static
    for release in RELEASES:
        row = rows[release_name(release)]
        assert (row["re-identified"], row["95 % limits"]) == (
            f"{known[release]['accuracy']:.3f}",
            numbers(known[release]),
        )
        assert row["nearest neighbour"] == f"{known[release]['attackers']['nearest_neighbour']:.3f}"
    rows, unseen = table(folder, "unseen_subjects"), found["privacy"]["unseen_subjects"]
    for release in RELEASES:
        assert rows[release_name(release)]["AUC, 95 % limits"].startswith(f"{unseen[release]['auc']:.3f} (")
    row = table(folder, "comparison")["best traditional baseline, chosen inside"]
    assert row["difference"] == f"{found['comparison']['difference']:+.3f}"
    rows = table(folder, "curve")
    assert {name: row["emotion"] for name, row in rows.items()} == {
        point["name"]: f"{point['emotion']:.3f}" for point in found["curve"]["points"]
    }
    assert (
        table(folder, "disentanglement")["CKA of both latents"]["z_emotion"] == f"{found['disentanglement']['cka']:.3f}"
    )


def test_the_report_holds_every_table_and_picture(evaluation):
    folder = evaluation[0]
    text = (folder / "report.md").read_text()
    for name in ("emotion", "comparison", "seen_subjects", "unseen_subjects", "disentanglement", "curve", "ablation"):
        with (folder / f"{name}.csv").open(newline="") as file:
            for row in csv.reader(file):
                assert f"| {' | '.join(row)} |" in text
    for name in ("confusion", "curve"):
        assert f"({name}.png)" in text
        assert (folder / f"{name}.png").stat().st_size > 5000
