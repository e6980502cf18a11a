from stgcn_affect.reporting.text import aligned, evaluation_table, training_table


def test_first_columns_are_flush_left_and_others_flush_right():
    assert aligned([("a", "b"), ("long", "12")]) == ["a      b", "long  12"]
    assert aligned([("a", "b"), ("long", "12")], left=(0, 1)) == ["a     b", "long  12"]


def test_every_claim_stands_beside_its_limits_and_chance(results):
    lines = evaluation_table(results).splitlines()
    cells = next(line for line in lines if line.startswith("emotion: the method ")).split("  ")
    numbers = ["0.750", "0.100 to 0.900", "0.500", "1.5"]
    assert [cell.strip() for cell in cells if cell] == ["emotion: the method", *numbers]
    assert any(line.endswith("+0.050  -0.100 to +0.300  p 0.0432") for line in lines)
    assert any(line.startswith("seen subjects re-identified from z_emotion ") for line in lines)
    assert any(line.startswith("unseen subjects, verification AUC, raw cycles ") for line in lines)
    assert lines[-3:] == ["Verdict: z_emotion is not shown to be hidden.", "  holds: one", "  fails: two"]


def test_a_lead_stands_beside_the_best_by_test_score_and_the_plain_network(results):
    names = [line.split("  ")[0] for line in evaluation_table(results).splitlines()]
    assert names[names.index("emotion: the method") :][1:7] == [
        "emotion: best traditional baseline, chosen inside",
        "the method minus the best traditional baseline, chosen inside",
        "emotion: best traditional baseline by test score (svm on raw)",
        "emotion: best swap-trained baseline (lda on harmonics_swapped)",
        "emotion: plain ST-GCN",
        "the method minus the plain ST-GCN",
    ]


def test_scores_stand_below_each_other(all_attacked):
    lines = [line for line in evaluation_table(all_attacked).splitlines() if "0.900" in line]
    assert len({line.rindex(" to ") for line in lines}) == 1


def test_it_is_hidden_only_by_the_verdict(results):
    results["privacy"]["verdict"]["hidden"] = True
    assert "Verdict: z_emotion is hidden." in evaluation_table(results)


def test_attributes_are_shown_where_they_were_attacked(all_attacked):
    (line,) = [
        x for x in evaluation_table(all_attacked).splitlines() if x.startswith("age group of unseen subjects, from z")
    ]
    assert line.split()[-6:] == ["0.600", "0.100", "to", "0.900", "0.333", "1.8"]


def test_a_run_is_a_table_below_its_data(trained):
    caption, rule, head, _, *lines, last = training_table(trained).splitlines()
    assert caption == (
        "toy: 8 subjects, 16 takes, 32 cycles; 1 subject tested by models that never saw them (fixed split, 1 model);"
        " 12 s"
    )
    assert rule == last == "-" * len(lines[0])
    assert head.split() == ["score", "95", "%", "limits", "chance", "times", "chance"]
    assert lines[-1].startswith("seen subjects re-identified from z_emotion ")
    assert lines[-1].split()[-5:] == ["0.100", "to", "0.900", "0.200", "1.5"]


def test_poses_from_one_camera_are_flagged(results, trained):
    for table, found in ((evaluation_table, results), (training_table, trained)):
        assert "one camera" not in table(found)
        found["dataset"]["from_camera"] = {"subjects": 1, "cycles": 5}
        assert table(found).splitlines()[-1].startswith("5 of ")
        assert "poses from one camera: depth is guessed" in table(found)
