import pytest

from stgcn_affect.data.guess.emotions import SHORT, WORDS, emotion_word, letters


@pytest.mark.parametrize(
    ("token", "emotion"),
    [("Angry", "angry"), ("anger03", "angry"), ("JOY", "happy"), ("fearful", "afraid"), ("an", ""), ("sadie", "")],
)
def test_words_for_emotions(token, emotion):
    assert emotion_word(token) == emotion


def test_numbers_at_the_end_are_no_letters():
    assert (letters("Sad12"), letters("12"), letters("S1a")) == ("sad", "", "s1a")


def test_abbreviations_begin_the_word_and_mean_an_emotion_that_has_one():
    assert set(SHORT.values()) <= set(WORDS.values())
    assert all(short not in WORDS for short in SHORT)
    assert all(SHORT[short][0] == short[0] for short in SHORT if short not in ("nor", "fea", "fe", "f"))
