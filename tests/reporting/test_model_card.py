import re
from pathlib import Path

import pytest

from stgcn_affect.release.encoder_check import EncoderCheck
from stgcn_affect.reporting.model_card import UNTESTED, CardFacts, model_card, released_lines

FACTS = {
    "member": "fold-02",
    "members": 3,
    "parts": {"train": 4, "validation": 1, "test": 1},
    "synthetic": False,
    "temperature": 1.25,
    "layout": "bvh21, 21 joints",
    "mean_rest": True,
    "files": {"encoder.pt2": "the program"},
    "weights": 7166,
}
SIGNAL = {"auc": 0.5625, "ci95": [0.4, 0.7]}


@pytest.fixture
def membership():
    """The attack on the walks of held-out takes, by one signal."""
    about = {"chance": 0.5, "members": 4, "non_members": 6, "models": 3, "strongest": "loss", **SIGNAL}
    return {"of held-out takes": {**about, "attacks": {"loss": SIGNAL, "confidence": {"auc": 0.25, "ci95": None}}}}


def test_the_card_shows_scores_with_limits_beside_chance(trained, results, membership):
    card = model_card(CardFacts(**FACTS), trained=trained, evaluated=results, membership=membership)
    assert "Member `fold-02` of a run with 3 models" in card
    assert "Its rest pose is the mean pose" in card
    assert "4 in train, 1 in validation, 1 in test" in card
    assert "| emotion: the method | 0.750 (0.100 to 0.900) | 0.500 |" in card
    assert "| seen subjects re-identified from z_emotion | 0.300 (0.100 to 0.900) | 0.250 |" in card
    assert "Verdict: z_emotion is not shown to be hidden.\n\n- holds: one\n- fails: two" in card
    assert "| of held-out takes | likelihood of the true emotion | 0.562 (0.400 to 0.700) | 0.500 | 4 | 6 |" in card
    assert "| of held-out takes | largest probability | 0.250 (too few subjects for limits) | 0.500 | 4 | 6 |" in card
    assert "synthetic walkers only" not in card
    assert not re.search(r"\bNone\b|\{|\(\)", card)


def test_it_says_what_was_not_tested_and_what_is_synthetic(trained):
    facts = CardFacts(**FACTS | {"synthetic": True, "temperature": None, "mean_rest": False})
    card = model_card(facts, trained=trained, evaluated=None, membership={})
    assert card.split("\n")[2].startswith("**It knows synthetic walkers only and says nothing of people.**")
    assert UNTESTED in card
    assert "(was this subject in the training?) was not tried" in card
    assert "Temperature 1 (not fitted)" in card


def test_the_lines_of_the_tool(membership):
    check = EncoderCheck(("README.md", "encoder.pt2"), size=1234, tensors=56, names=6, quoted=2)
    lines = list(released_lines(Path("out"), "fold-02", check, membership))
    assert lines == [
        "released: member fold-02, README.md, encoder.pt2",
        "checked: 56 tensors are those of the emotion branch; none of 6 names (2 of them short or numbers: as quoted"
        " words) in 1234 bytes",
        "membership, walks of held-out takes: AUC 0.562 (0.400 to 0.700), chance 0.500, by likelihood of the true"
        " emotion",
        "folder: out; its card: out/README.md",
    ]
