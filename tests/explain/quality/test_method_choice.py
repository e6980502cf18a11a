import pytest

from stgcn_affect.errors import InputError
from stgcn_affect.explain.attribution.methods import DEFAULT_BLOCK, DEFAULT_METHOD, METHODS, MethodChoice
from stgcn_affect.explain.quality import method_choice
from stgcn_affect.explain.quality.method_choice import (
    ScoredMethod,
    candidates,
    choose,
    methods_block,
    score_candidate,
    trusted,
)

TABLE = {
    "trusted": {"method": "guided_gradcam", "block": 0, "why": ""},
    "methods": {"guided_gradcam": {"block": 0}, "gradcam": {"block": 1}, "gradient": {"block": None}},
}


def scored(method, block=0, *, truth=0.9, sanity=0.1, deletion=0.4, random=0.5, energy=0.6, truth_all=None):
    row = {"ground_truth_auc": truth, "sanity_spearman": sanity, "deletion_auc": 0.0}
    validation = {"map": deletion, "random": random, "energy": energy}
    return ScoredMethod(MethodChoice(method, block), row, validation, truth_all=truth_all and {"auc": truth_all})


def test_every_method_on_every_block_that_it_takes():
    taking = [name for name, about in METHODS.items() if about.takes_block]
    found = candidates(3)
    assert len(found) == 3 * len(taking) + len(METHODS) - len(taking)
    assert {choice.block for choice in found if choice.method == "gradcam"} == {0, 1, 2}
    assert [choice.block for choice in found if choice.method == "gradient"] == [0]
    assert [choice.block for choice in candidates(3, last_only=True) if choice.method == "gradcam"] == [2]


def test_of_maps_that_know_the_model_and_delete_fast_the_truest_is_trusted():
    found = [
        scored("gradcam", 1, truth=0.92),
        scored("guided_gradcam", 2, truth=0.99, sanity=0.31),  # it shows the input
        scored("gradient", truth=0.98, deletion=0.55),  # chance deletes faster
        scored("gradient_x_input", truth=0.98, deletion=0.45, random=0.7, energy=0.44),  # motion does
        scored("lrp", 2, truth=0.95),
    ]
    verdict = trusted(found)
    assert (verdict["method"], verdict["block"]) == ("lrp", 2)
    assert verdict["why"].startswith("4 of 5 maps change with the weights and 2 of these delete faster")
    assert "ROC AUC of 0.950" in verdict["why"]


def test_among_equally_true_maps_the_one_that_deletes_fastest():
    found = [scored("gradcam", 0, truth=0.953), scored("gradcam", 1, truth=0.947, deletion=0.3)]
    assert trusted(found)["block"] == 1
    assert methods_block(found)["gradcam"]["block"] == 1


def test_without_truth_deletion_on_validation_subjects_decides():
    found = [scored("gradcam", 0, truth=None), scored("integrated_gradients", truth=None, deletion=0.2)]
    verdict = trusted(found)
    assert (verdict["method"], verdict["block"]) == ("integrated_gradients", None)
    assert "ROC AUC" not in verdict["why"]


def test_without_validation_subjects_nothing_is_said_of_them():
    found = [ScoredMethod(MethodChoice("gradcam", 1), {"ground_truth_auc": 0.9, "sanity_spearman": 0.2}, {})]
    assert "validation" not in trusted(found)["why"]


def test_where_no_map_passes_the_truest_is_taken_and_the_words_say_so():
    found = [scored("gradcam", truth=0.6, sanity=0.5), scored("gradient", truth=0.7, sanity=0.6)]
    verdict = trusted(found)
    assert verdict["method"] == "gradient"
    assert verdict["why"].startswith("0 of 2 maps change")


def test_a_method_has_the_scores_of_its_best_block_and_those_of_all():
    found = [scored("gradcam", 0, truth=0.8), scored("gradcam", 1, truth=0.9, truth_all=0.7), scored("gradient")]
    block = methods_block(found)
    assert list(block) == ["gradcam", "gradient"]
    assert block["gradcam"]["block"] == 1
    assert block["gradcam"]["ground_truth_auc"] == 0.9
    assert block["gradcam"]["ground_truth_all_auc"] == 0.7
    assert {number: row["ground_truth_auc"] for number, row in block["gradcam"]["blocks"].items()} == {
        "0": 0.8,
        "1": 0.9,
    }
    assert block["gradient"]["block"] is None
    assert "blocks" not in block["gradient"]


def test_unseen_subjects_do_not_choose(monkeypatch):
    """Two maps that differ on unseen subjects only, the other way round than on validation subjects."""
    areas = {("gradcam", "unseen"): 0.1, ("gradcam", "validation"): 0.4, ("gradient", "unseen"): 0.3}
    areas["gradient", "validation"] = 0.2

    def deletion(models, choice, *, seed):
        return {
            "deletion": {"map": {"mean": areas[choice.method, models[0]]}}
            | {key: {"mean": 0.5} for key in ("random", "energy")}
        }

    def row(models, choice, *, ground_truth, seed):
        area = deletion(models, choice, seed=seed)["deletion"]["map"]["mean"]
        return {"ground_truth_auc": ground_truth["auc"], "sanity_spearman": 0.0, "deletion_auc": area}

    monkeypatch.setattr(method_choice, "deletion_scores", deletion)
    monkeypatch.setattr(method_choice, "score_method", row)
    found = [
        score_candidate(
            MethodChoice(name),
            ["unseen"],
            ["validation"],
            truth=lambda choice: {"auc": 0.9},
            truth_all=lambda choice: {"auc": 0.8, "method": choice.method},
            seed=0,
        )
        for name in ("gradcam", "gradient")
    ]
    assert [(one.truth["auc"], one.truth_all["method"]) for one in found] == [(0.9, "gradcam"), (0.9, "gradient")]
    assert [one.row["deletion_auc"] for one in found] == [0.1, 0.3]
    assert trusted(found)["method"] == "gradient"
    assert found[0].validation == pytest.approx({"map": 0.4, "random": 0.5, "energy": 0.5})


def test_without_a_table_the_default_method_is_chosen_as_far_as_there_are_blocks():
    assert choose(None, blocks=2) == (DEFAULT_METHOD, min(DEFAULT_BLOCK, 1))
    assert choose(None, blocks=1) == (DEFAULT_METHOD, 0)
    assert choose(None, blocks=2, method="gradcam", block=0) == ("gradcam", 0)


@pytest.mark.parametrize(
    ("given", "chosen"),
    [
        ((None, None), ("guided_gradcam", 0)),
        ((None, 1), ("guided_gradcam", 1)),
        (("gradcam", None), ("gradcam", 1)),
        (("gradcam", 0), ("gradcam", 0)),
        (("lrp", None), ("lrp", min(DEFAULT_BLOCK, 1))),
    ],
)
def test_the_table_comes_before_the_default_and_arguments_before_the_table(given, chosen):
    assert choose(TABLE, blocks=2, method=given[0], block=given[1]) == chosen


@pytest.mark.parametrize(
    "table",
    [[], {}, {"trusted": {"method": "magic"}, "methods": {}}, TABLE | {"methods": {"guided_gradcam": {"block": 7}}}],
)
def test_another_table_is_refused(table):
    with pytest.raises(InputError, match=r"^expected .* \(got .*\)$"):
        choose(table, blocks=2)


def test_a_method_without_blocks_uses_none():
    assert MethodChoice("gradcam", 1).used_block == 1
    assert MethodChoice("gradient", 1).used_block is None
