from stgcn_affect.jobs.visualise import subject_groups


def test_subjects_of_one_model_by_part_and_of_several_by_who_never_saw_them():
    one = {"train": ["b", "a"], "validation": [], "test": ["c"]}
    assert subject_groups({"": one}) == {"training": ["a", "b"], "unseen": ["c"]}
    other = {"train": ["c"], "validation": ["a"], "test": ["b"]}
    assert subject_groups({"fold-00": one, "fold-01": other}) == {
        "unseen in fold-00": ["c"],
        "unseen in fold-01": ["b"],
    }
