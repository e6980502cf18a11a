from stgcn_affect.reporting.model_figures import probe_words

RESULTS = {
    "emotion": {"balanced_accuracy": 0.9, "chance": 0.25},
    "privacy": {"seen_subjects": {"chance": 0.125, "z_emotion": {"accuracy": 0.2}, "z_identity": {"accuracy": 1.0}}},
}
EVALUATION = {"emotion": {"chance": 0.25}, "disentanglement": {"emotion_from_z_identity": 0.3}}


def test_scores_are_those_of_the_results():
    assert probe_words(RESULTS, EVALUATION, models=1) == {
        "z_emotion": {
            "emotion": "emotion of unseen subjects: 0.900 (chance 0.250)",
            "subject": "seen subjects named from it: 0.200 (chance 0.125)",
        },
        "z_identity": {
            "emotion": "emotion by a linear probe: 0.300 (chance 0.250; models of the evaluation)",
            "subject": "seen subjects named from it: 1.000 (chance 0.125)",
        },
    }


def test_what_was_not_measured_is_not_said():
    assert probe_words({}, {}, models=1) == {"z_emotion": {}, "z_identity": {}}
    unattacked = probe_words({**RESULTS, "privacy": {}}, {}, models=1)
    assert unattacked["z_emotion"].keys() == {"emotion"}
    assert not unattacked["z_identity"]


def test_means_over_models_are_called_that():
    assert "mean of 5 models" in probe_words(RESULTS, {}, models=5)["z_identity"]["subject"]
