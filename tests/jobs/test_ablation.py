from stgcn_affect.jobs.ablation import ablation_rows

LIMITS = [0.1, 0.9]


def test_the_table_shows_the_method_and_then_each_part_taken_away():
    def found(worst):
        return {"accuracy": worst, "ci95": LIMITS}

    results = {
        "emotion": {"balanced_accuracy": 0.6, "ci95": LIMITS},
        "privacy": {"seen_subjects": {"z_emotion": found(0.3), "chance": 0.125}},
        "ablation": {
            "no_within_class_variance": {
                "emotion": {"balanced_accuracy": 0.65, "ci95": LIMITS},
                "difference": -0.05,
                "ci95": [-0.1, 0.0],
                "identity": found(0.5) | {"chance": 0.125, "models": 2},
            }
        },
    }
    head, method, part = ablation_rows(results)
    assert len(head) == len(method) == len(part)
    span = "0.100 to 0.900"
    assert method == ("the method", "0.600", span, "", "", "0.300", span, "0.125")
    assert part == ("no within class variance", "0.650", span, "-0.050", "-0.100 to 0.000", "0.500", span, "0.125")
