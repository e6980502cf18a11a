"""The page of made-up results, every number of which is another, so that none can stand in for another."""

import re
from dataclasses import replace
from html.parser import HTMLParser
from itertools import count
from pathlib import Path

import numpy as np
import pytest

from stgcn_affect.config import config_dict, flat_settings, load_config
from stgcn_affect.reporting.html.evaluation import verdict_sentence
from stgcn_affect.reporting.html.run_page import run_page
from stgcn_affect.reporting.run_files import RunFiles
from stgcn_affect.skeleton.layout import load_layout

EVIL = "</td><script>alert('x')</script>"
EMOTIONS = ["angry", "sad"]
LATENTS = ("z_emotion", "z_identity")
ATTACKERS = ("svm", "lda")
METHODS = ("gradcam", "gradient")
FACTS = {"units": "joints", "replacement": "mean_path"}
ORDERS = ("map", "random", "reversed", "energy")


@pytest.fixture(scope="module")
def fresh():
    """Gives another number below 1 each time it is asked."""
    numbers = count(101)
    return lambda: next(numbers) / 1000 + 0.00017


def scores(fresh):
    block = {name: fresh() for name in ("balanced_accuracy", "macro_f1", "chance")}
    confusion = [[3, 1], [2, 6]]
    return block | {"ci95": [fresh(), fresh()], "n_subjects": 6, "n_cycles": 12, "seeds": 2, "confusion": confusion}


def gained(fresh, **more):
    return {"difference": -fresh(), "ci95": [-fresh(), fresh()], "p": 0.0421, **more}


def attacked(fresh):
    return {"accuracy": fresh(), "ci95": [fresh(), fresh()], "attackers": {name: fresh() for name in ATTACKERS}}


def verified(fresh):
    names = ("rank1", "eer", "auc", "tar_at_far_1pct")
    return {name: fresh() for name in names} | {"ci95": {name: [fresh(), fresh()] for name in names}}


def trained(fresh):
    data = {"subjects": 7, "takes": 21, "cycles": 42, "emotions": EMOTIONS, "digest": "d" * 64}
    known = {release: attacked(fresh) for release in ("raw", *LATENTS)}
    return {
        "dataset": {"name": EVIL, **data, "generator_version": "1"},
        "protocol": {"kind": "grouped", "folds": 3, "seeds": [0]},
        "emotion": scores(fresh),
        "privacy": {"seen_subjects": {"chance": fresh(), **known}},
        "versions": {"torch": "2.13.0"},
        "seconds": 12.0,
    }


def evaluated(fresh):
    releases = ("raw", "retargeted", "probabilities", *LATENTS)
    known = {"chance": fresh(), "models": 4, "subjects": 5, **{release: attacked(fresh) for release in releases}}
    takes = {"chance": fresh(), **{release: attacked(fresh) for release in releases}}
    unseen = {"chance": fresh(), "smallest_far": 0.004, "models": 4, "subjects": 6}
    what = [f"{w}_{of}_{z}" for w in ("emotion", "walker") for of in ("from", "nats_from") for z in LATENTS]
    what += [f"entropy_{w}_nats" for w in ("emotion", "walker")] + ["cka", "swap_emotion", "swap_walker"]
    what += ["swap_emotion_chance", "swap_walker_chance"]
    point = {"name": "reversal-0.2", **{key: fresh() for key in ("emotion", "identity", "identity_chance")}}
    best = {"name": "svm on raw", **gained(fresh)}
    return trained(fresh) | {
        "baselines": {name: scores(fresh) for name in ("svm on raw", "lda on raw_swapped", "plain_stgcn")},
        "comparison": gained(fresh, best_baseline_scores=scores(fresh), best_by_test_score=best)
        | {"best_swap_trained": gained(fresh, name="lda on raw_swapped"), "plain_stgcn": gained(fresh)},
        "privacy": {
            "seen_subjects": known | {"static": {"retargeted": attacked(fresh)}, "held_out_takes": takes},
            "unseen_subjects": unseen | {release: verified(fresh) for release in releases},
            "verdict": {"hidden": False, "reasons": ["holds: one", f"fails: {EVIL}"]},
        },
        "disentanglement": {name: fresh() for name in what}
        | {f"swap_{w}_ci95": [fresh(), fresh()] for w in ("emotion", "walker")},
        "curve": {"points": [point | {"identity_ci95": [fresh(), fresh()], "models": 4}], "area": fresh()},
        "leakage": {"copies": {"emotion": scores(fresh), **gained(fresh)}, "by_subject": {"emotion": scores(fresh)}},
        "failures": [{"about": "fold 2", "subjects": ["ana", EVIL], "error": ""}],
    }


def explained(fresh, joints):
    def estimate():
        return {"mean": fresh(), "ci95": [fresh(), fresh()]}

    def curves(order):
        return {"probability": [0.9, 0.5, 0.3], "ci95": [[0.8, 0.4, 0.2], [1.0, 0.6, 0.4]], "accuracy": [1, 0.5, 0.3]}

    areas = {kind: {order: estimate() for order in ORDERS} for kind in ("deletion", "insertion")}
    drawn = {kind: {order: curves(order) for order in ORDERS} for kind in ("deletion", "insertion")}
    row = ("deletion_auc", "random_auc", "energy_auc", "insertion_auc", "sanity_spearman", "stability")
    truth = {"auc": fresh(), "ci95": None, "bearing": ["head"]}
    return {
        "dataset": trained(fresh)["dataset"],
        "explained": {
            **{"method": "gradcam", "block": 1, "target": "each cycle's own emotion"},
            **{"subjects": 6, "cycles": 12, "decided_right": 9, "models": 1},
        },
        "methods": {
            name: {"block": 1 if name == "gradcam" else None, "ground_truth_auc": None, **{key: fresh() for key in row}}
            for name in METHODS
        },
        "trusted": {"method": "gradcam", "block": 1, "why": "it is"},
        "ground_truth": {"one_factor": {**estimate(), "auc": fresh(), "factors": {"arm_swing": truth}}},
        "ranking": {name: [{"joint": joint, **estimate()} for joint in joints] for name in EMOTIONS},
        "tempo": {name: {**estimate(), "speaks": "for"} for name in EMOTIONS},
        "identity_ranking": [{"joint": joint, "mean": fresh(), "ci95": None} for joint in joints[:2]],
        "events": {name: {"LHS": 0.0, "RTO": 16.0} for name in EMOTIONS},
        "summary": {name: {"left_arm": {"cycle": fresh()}} for name in EMOTIONS},
        "faithfulness": {"joints, mean path": FACTS | {"curves": {"fraction": [0.0, 0.5, 1.0], **drawn}, **areas}},
        "without_stride_time": {"accuracy": fresh(), "ranking": {"sad": [{"joint": "head", **estimate()}]}},
    }


@pytest.fixture(scope="module")
def files(fresh):
    """A run with everything."""
    layout = load_layout("emotion_gait16")
    config = flat_settings(config_dict(load_config(None)))
    rng = np.random.default_rng(0)
    cycle = (np.asarray(layout.rest)[None] + np.zeros((8, 1, 1))).astype(np.float32)
    return RunFiles(
        run=Path("runs") / "a <run>",
        config=config,
        trained=trained(fresh),
        evaluated=evaluated(fresh),
        evaluated_with=dict(config),
        explained=explained(fresh, layout.joints),
        maps={name: rng.uniform(-1, 1, (8, 16)).astype(np.float32) for name in (*EMOTIONS, "angry minus sad")},
        cycles=dict.fromkeys(EMOTIONS, cycle),
        layout=layout,
        cache={"name": "set", "digest": "d" * 64, "notes": [EVIL]}
        | {"counts": {"cycles": 44, "takes": 22, "subjects": 8, "emotions": {"angry": 20, "sad": 20, "": 4}}},
        skipped=((EVIL, "too short"), ("b.bvh", "too short")),
        stride_time_s={"angry": 1.0, "sad": 1.3},
    )


@pytest.fixture(scope="module")
def text(files):
    """The page of these files."""
    return run_page(files)


class Page(HTMLParser):
    """Captions to rows of cells; all visible text; every tag; addresses."""

    def __init__(self, text):
        super().__init__()
        self.tables, self.words, self.tags, self.addresses, self._inside = {}, [], [], [], []
        self._rows = []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self._inside.append(tag)
        self.addresses += [value or "" for name, value in attrs if name in ("href", "src", "xlink:href", "action")]
        if tag == "caption":
            self._rows = self.tables.setdefault(len(self.tables), [""])
        elif tag == "tr":
            self._rows.append([])
        elif tag in ("td", "th"):
            self._rows[-1].append("")

    def handle_endtag(self, tag):
        while self._inside and self._inside.pop() != tag:
            pass

    def handle_data(self, data):
        if {"style", "script", "svg"} & set(self._inside):
            return
        self.words.append(data)
        if "caption" in self._inside:
            self._rows[0] += data
        elif self._inside and {"td", "th"} & set(self._inside):
            self._rows[-1][-1] += data

    def table(self, start):
        (found,) = [rows for rows in self.tables.values() if rows[0].startswith(start)]
        return {row[0]: row[1:] for row in found[1:]}

    @property
    def text(self):
        return " ".join(" ".join(self.words).split())


def leaves(value):
    if isinstance(value, dict):
        value = list(value.values())
    return [leaf for one in value for leaf in leaves(one)] if isinstance(value, list) else [value]


def three(value):
    return f"{value:.3f}"


def limits(block):
    return " to ".join(map(three, block["ci95"]))


def test_every_number_of_the_tables_is_one_of_the_results(files, text):
    page = Page(text)
    found = [leaf for results in (files.trained, files.evaluated, files.explained) for leaf in leaves(results)]
    known = {three(abs(value)) for value in found if isinstance(value, int | float)}
    known |= {"0.500"} | set(map(str, files.config.values()))  # the AUC by guessing; the settings
    written = [cell for rows in page.tables.values() for row in rows[1:] for cell in row]
    numbers = [number for cell in written for number in re.findall(r"(?<![\d.])\d\.\d{3}(?!\d)", cell)]
    assert len(set(numbers)) > 250
    assert set(numbers) <= known
    assert set(re.findall(r"(?<![\d.])\d\.\d{3}(?!\d)", page.text)) <= known


def test_emotion_stands_beside_baselines_differences_and_chance(files, text):
    rows, results = Page(text).table("Emotion of unseen subjects"), files.evaluated
    emotion, compared = results["emotion"], results["comparison"]
    counts = ["6", "12", "2"]
    assert rows["emotion: the method"] == [
        *(three(emotion["balanced_accuracy"]), limits(emotion), three(emotion["chance"])),
        f"{emotion['balanced_accuracy'] / emotion['chance']:.1f}",
        *counts,
    ]
    best = compared["best_baseline_scores"]
    assert rows["emotion: best traditional baseline, chosen inside"][:2] == [
        three(best["balanced_accuracy"]),
        limits(best),
    ]
    assert rows["the method minus the best traditional baseline, chosen inside"][0] == three(compared["difference"])
    assert rows["emotion: plain ST-GCN"][0] == three(results["baselines"]["plain_stgcn"]["balanced_accuracy"])
    assert rows["the method minus the plain ST-GCN"][0] == three(compared["plain_stgcn"]["difference"])


def test_leaky_splits_stand_beside_the_split_by_subject_with_a_warning(files, text):
    page, found = Page(text), files.evaluated["leakage"]
    rows = page.table("What a leaky split is worth")
    names = {
        "random clips, copied before the split: mirrored copies of tested clips are in training": "copies",
        "by subject, as every other score here": "by_subject",
    }
    assert {names[name]: row[0] for name, row in rows.items() if name in names} == {
        name: three(block["emotion"]["balanced_accuracy"]) for name, block in found.items()
    }
    assert "The rows above it are no results, whether higher or lower" in page.text


def test_privacy_disentanglement_curve_ranking_and_trust(files, text):
    page, results, told = Page(text), files.evaluated, files.explained
    known, unseen = results["privacy"]["seen_subjects"], results["privacy"]["unseen_subjects"]
    assert page.table("Seen subjects re-identified in an emotion")["z_emotion"][:3] == [
        *(three(known["z_emotion"]["accuracy"]), limits(known["z_emotion"]), three(known["chance"])),
    ]
    assert page.table("Unseen subjects: verification AUC")["z_emotion"][0] == three(unseen["z_emotion"]["auc"])
    assert f"they name {three(known['held_out_takes']['z_emotion']['accuracy'])} from z_emotion" in page.text
    takes = page.table("Seen subjects re-identified in held-out takes")
    assert takes["z_emotion"][0] == three(known["held_out_takes"]["z_emotion"]["accuracy"])
    latents = page.table("Emotion and subject, read from either latent")
    assert latents["subject, balanced accuracy"][0] == three(results["disentanglement"]["walker_from_z_emotion"])
    point = results["curve"]["points"][0]
    assert page.table("The points of the curve")["reversal-0.2"][:3:2] == [
        three(point["emotion"]),
        three(point["identity"]),
    ]
    ranked = page.table("sad: joints and the stride time")
    assert len(ranked) == 1 + 16 + 1
    head = next(row for row in told["ranking"]["sad"] if row["joint"] == "head")
    assert ranked["head"][1:] == [three(head["mean"]), limits(head)]
    assert ranked["stride time"][1:] == [three(told["tempo"]["sad"]["mean"]), limits(told["tempo"]["sad"])]
    assert page.table("Every method on unseen subjects")["gradient"][2] == three(
        told["methods"]["gradient"]["deletion_auc"]
    )


def test_the_confusion_counts_cycles(text):
    rows = Page(text).table("Predictions on 6 unseen subjects (evaluation)")
    assert rows["angry (4)"] == ["75 %3", "25 %1"]
    assert rows["sad (8)"] == ["25 %2", "75 %6"]


def test_the_verdict_is_one_sentence_with_the_attacker_that_came_closest():
    z_emotion = {"accuracy": 0.25, "ci95": [0.125, 0.375], "attackers": {"svm": 0.2, "lda": 0.3125}}
    emotion = {"balanced_accuracy": 0.5, "chance": 0.25}
    verdict = {"hidden": False, "reasons": ["holds: this", "fails: that, by 0.2", "fails: more"]}
    privacy = {"seen_subjects": {"chance": 0.125, "z_emotion": z_emotion}, "verdict": verdict}
    sentence = verdict_sentence({"emotion": emotion, "privacy": privacy})
    assert sentence.startswith("z_emotion is not shown to hide the subject (that, by 0.2; more): of 2 fresh attackers")
    assert "LDA, names 0.312 of the seen subjects" in sentence
    assert "guessing names 0.125 (the attackers chosen beforehand 0.250, 95 % limits 0.125 to 0.375)" in sentence
    assert len(re.findall(r"\.(\s|$)", sentence)) == 1
    hidden = {"emotion": emotion, "privacy": privacy | {"verdict": {"hidden": True}}}
    assert verdict_sentence(hidden).startswith("z_emotion passes every condition")


def test_words_of_files_stay_words_and_nothing_comes_from_elsewhere(text):
    page = Page(text)
    assert "<script>alert" not in text
    assert page.text.count("alert('x')") >= 4
    assert all(address.startswith(("#", "data:image/png;base64,")) for address in page.addresses)
    assert not re.findall(r"url\((?!#)", text)
    assert not re.findall(r"""(?:src|href)\s*=\s*["']?https?:""", text)
    ids = re.findall(r'\bid="([^"]+)"', text)
    assert len(ids) == len(set(ids))
    assert {address[1:] for address in page.addresses if address.startswith("#")} <= set(ids)
    assert page.tags.count("h1") == 1


@pytest.mark.tool
def test_the_same_files_give_the_same_page(files, text):
    assert run_page(files) == text


def test_what_is_missing_is_named_with_the_command_that_makes_it(files):
    nothing = replace(files, trained=None, evaluated=None, explained=None, maps={}, cycles={}, cache=None, skipped=())
    page = Page(run_page(nothing))
    for command in (
        "stgcn-affect train 'runs/a <run>/config.yaml' --out 'runs/a <run>' --resume",
        "stgcn-affect evaluate 'runs/a <run>'",
        "stgcn-affect explain 'runs/a <run>'",
        "stgcn-affect prepare MANIFEST.csv --check",
    ):
        assert f"Make it with {command}" in page.text
    assert "hide the subject:" not in page.text, "no verdict without evidence"
    assert 'class="walk-player"' not in run_page(nothing)


def test_an_evaluation_of_other_settings_is_told_and_can_be_made_again(files, text):
    assert "other settings" not in Page(text).text
    settings = {**files.config, "train.epochs": 8, "evaluate.curve": [0.0]}
    other = replace(files, evaluated_with=settings, maps={}, cycles={})
    page = Page(run_page(other))
    assert page.text.count("made with other settings than the run") == 2
    assert page.table("The settings that differ: 2")["train.epochs"] == ["60", "8"]
    assert "stgcn-affect evaluate 'runs/a <run>' train.epochs=8 'evaluate.curve=[0.0]'" in page.text


def test_data_quality_counts_what_was_left_out(files, text):
    page = Page(text)
    assert page.table("Why clips were left out")["too short"] == ["2"]
    assert page.table("Cycles of each emotion")["unknown"] == ["4"]
    assert "The run used 42 of the cycles" in page.text
    changed = replace(files, cache={**files.cache, "digest": "e" * 64}, maps={}, cycles={})
    assert "The cache is not the one that the run was trained on" in Page(run_page(changed)).text


@pytest.mark.tool
def test_maps_by_another_method_than_the_trusted_one_say_so(files):
    trusted = files.explained["trusted"] | {"method": "gradient"}
    page = Page(run_page(replace(files, explained=files.explained | {"trusted": trusted})))
    assert "the tests trust gradient more" in page.text
    assert "stgcn-affect explain 'runs/a <run>' --method gradcam --block 1" in page.text


@pytest.mark.tool
def test_maps_of_few_subjects_are_said_to_identify_them(files, text):
    few = {"identifies_subject": ["sad", "sad wrong"]}
    page = Page(run_page(replace(files, explained=files.explained | few)))
    assert "Maps of fewer than 3 subjects identify them: sad." in page.text
    assert "identify them" not in text


def test_blocks_of_their_own_channels_and_strides_are_told(files):
    config = flat_settings(config_dict(load_config(None, ["network.channels=[4,8]", "network.strides=[1,2]"])))
    assert "2 blocks, 4, 8 channels wide, strides 1, 2" in run_page(replace(files, config=config))


def test_poses_from_one_camera_are_flagged_with_every_result(files, text):
    assert "one camera" not in text
    camera = {"from_camera": {"subjects": 1, "cycles": 5}}
    names = ("trained", "evaluated", "explained")
    found = {name: getattr(files, name) | {"dataset": getattr(files, name)["dataset"] | camera} for name in names}
    for name, results in found.items():
        words = Page(run_page(replace(files, **{name: results}))).text
        assert "one camera" in words, name
    page = Page(run_page(replace(files, **found)))
    assert page.text.count("of 42 cycles, of 1 subject, are poses from one camera") == 2  # in short, and with the maps
    assert page.table("Data, split and size of the run")["of them from one camera"] == ["5"]
