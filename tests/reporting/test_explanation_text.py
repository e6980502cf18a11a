from stgcn_affect.reporting.explanation_text import file_table, identity_table, run_table

RANKED = [{"joint": name, "mean": mean, "ci95": None} for name, mean in (("head", 0.9), ("l_hand", 0.5), ("hip", 0.1))]
FILE = {
    "identifies_subject": ["maps.npz"],
    "file": "walk.bvh",
    "cycles": 4,
    "compared_with": [],
    "notes": ["joints estimated"],
    "probabilities": {"angry": 0.25, "sad": 0.75},
    "calibrated_on": {"subjects": 2, "cycles": 48, "temperatures": [1.0]},
    "unlike_training": {"cycles": 0, "farthest_over_border": 0.8},
    "explained": {"target": "sad", "method": "gradcam"},
    "ranking": RANKED,
    "stride_time_share": 0.125,
}


def test_a_recording_in_lines():
    assert file_table(FILE).splitlines() == [
        "walk.bvh: 4 cycles",
        "note: joints estimated",
        "sad         0.750",
        "angry       0.250",
        "(temperature-scaled on 48 cycles of 2 validation subjects; acted emotion, not what the subject felt)",
        "for sad, by gradcam: head 0.90, l_hand 0.50, hip 0.10; stride time 12%",
        "all files here identify the subject, as the map of a single walk does; --release writes what does not",
    ]


def test_a_released_explanation_says_how_and_nothing_of_the_recording():
    about = {"target": "sad", "method": "gradcam", "released_by": "class_mean", "training_subjects": 22}
    kept = ("probabilities", "calibrated_on", "ranking")
    released = {name: FILE[name] for name in kept} | {"identifies_subject": [], "explained": about}
    lines = file_table(released).splitlines()
    assert lines[:2] == ["sad         0.750", "angry       0.250"]
    assert lines[-1] == (
        "for sad, by gradcam: head 0.90, l_hand 0.50, hip 0.10 (released by class_mean of 22 training subjects' maps)"
    )


def test_poses_from_one_camera_are_flagged():
    lines = file_table(FILE | {"from_camera": True}).splitlines()
    assert lines[2] == "from one camera: depth is guessed there, so whatever rests on it is less sure"


def test_it_says_what_it_does_not_know():
    text = file_table(FILE | {"calibrated_on": None, "unlike_training": {"cycles": 3, "farthest_over_border": 2.5}})
    assert "(not temperature-scaled, as the run has no validation subjects; acted emotion" in text
    assert "unlike the training data: 3 of 4 cycles" in text
    assert "up to 2.50 times the threshold: do not trust" in text


def test_what_a_recording_was_compared_with_is_said():
    lines = file_table(FILE | {"compared_with": ["a.bvh", "b.bvh"]}).splitlines()
    assert lines[1] == "compared with a.bvh, b.bvh"


def test_a_run_in_lines():
    scores = dict.fromkeys(("deletion_auc", "random_auc", "energy_auc", "sanity_spearman", "stability"), 0.5)
    methods = {"gradcam": scores | {"block": 1, "ground_truth_auc": 0.875}}
    methods["gradient"] = scores | {"block": None, "ground_truth_auc": None}
    results = {
        "dataset": {"cycles": 20, "from_camera": {"cycles": 8, "subjects": 1}},
        "methods": methods,
        "trusted": {"method": "gradcam", "block": 1, "why": "it is true"},
        "explained": {"method": "gradcam", "cycles": 8, "subjects": 2, "decided_right": 7},
        "ranking": {"sad": RANKED},
        "tempo": {"sad": {"mean": 0.25, "speaks": "for"}},
    }
    lines = run_table(results).splitlines()
    assert lines[1].split() == ["gradcam", "1", "0.875", *["0.500"] * 5]
    assert lines[2].split() == ["gradient", *["0.500"] * 5]
    assert lines[3] == "trusted: gradcam, block 1: it is true"
    assert lines[4] == "explained by gradcam: 8 cycles of 2 unseen subjects, 7 of them predicted rightly"
    assert lines[5] == "sad         head 0.90, l_hand 0.50, hip 0.10; stride time 0.25 for it"
    assert lines[6].startswith("8 of 20 cycles, of 1 subject, are poses from one camera: depth is guessed")


def test_identity_in_lines():
    about = {"method": "gradcam", "cycles": 8, "subjects": 3}
    assert identity_table({"explained": about, "ranking": {"identity": RANKED}}).splitlines() == [
        "explained by gradcam: 8 cycles of 3 training subjects",
        "joints that identify them: head 0.90, l_hand 0.50, hip 0.10",
    ]
