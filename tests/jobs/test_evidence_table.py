from stgcn_affect.jobs.evidence_table import evidence_table

LIMITS = [0.1, 0.9]


def results(*, hidden):
    known = {"chance": 0.25} | {
        release: {"accuracy": worst, "ci95": LIMITS}
        for release, worst in (("raw", 0.95), ("z_identity", 0.9), ("probabilities", 0.3), ("z_emotion", 0.35))
    }
    unseen = {release: {"auc": 0.6, "ci95": {"auc": LIMITS}} for release in ("raw", "probabilities", "z_emotion")}
    return {
        "emotion": {"balanced_accuracy": 0.75, "ci95": LIMITS, "chance": 0.25},
        "comparison": {
            "best_baseline_scores": {"balanced_accuracy": 0.8, "ci95": LIMITS},
            "difference": -0.05,
            "ci95": [-0.2, 0.1],
            "p": 0.4321,
        },
        "privacy": {
            "seen_subjects": known,
            "unseen_subjects": unseen,
            "verdict": {"hidden": hidden, "reasons": ["holds: one", "fails: two"]},
        },
    }


def test_every_claim_stands_beside_its_limits_and_chance():
    lines = evidence_table(results(hidden=False)).splitlines()
    assert lines[0].endswith(" 0.750 (0.100 to 0.900)  chance 0.250")
    assert lines[1].endswith(" 0.800 (0.100 to 0.900)")
    assert lines[2].endswith("-0.050 (-0.200 to +0.100)  p 0.432")
    assert "seen subjects from raw            0.950 (0.100 to 0.900)  chance 0.250" in lines
    assert lines[-3:] == ["verdict: z_emotion is not shown to be hidden", "  holds: one", "  fails: two"]


def test_scores_stand_below_each_other():
    lines = evidence_table(results(hidden=False)).splitlines()[:-3]
    assert len({line.index("(") for line in lines}) == 1


def test_it_is_hidden_only_by_the_verdict():
    assert "verdict: z_emotion is hidden" in evidence_table(results(hidden=True))


def test_attributes_are_shown_where_they_were_attacked():
    found = results(hidden=False)
    releases = {release: {"accuracy": 0.7, "ci95": LIMITS} for release in ("raw", "probabilities", "z_emotion")}
    found["privacy"]["attributes"] = {"age_group": {"chance": 0.333, **releases}}
    lines = evidence_table(found).splitlines()[:-3]
    assert "age_group from z_emotion          0.700 (0.100 to 0.900)  chance 0.333" in lines
    assert len({line.index("(") for line in lines}) == 1
