from stgcn_affect.data.guess.guess import Guess
from stgcn_affect.data.guess.proposal import FIELDS, Proposal
from stgcn_affect.data.prepare import CacheReport
from stgcn_affect.data.prepare_clip import PreparedClip
from stgcn_affect.reporting.preparation import MOST_LISTED, cache_lines, check_lines, proposal_lines


def test_a_clip_that_cannot_be_read_is_counted():
    lines = check_lines([PreparedClip("a.bvh", left_out="no motion")])
    assert lines[0] == "a.bvh: left out: no motion"
    assert lines[-3].split() == ["not", "readable", "1", "0", "1", "0"]


def test_a_long_list_of_what_is_left_out_is_cut(tmp_path):
    skipped = tuple((f"{i}.bvh", "broken") for i in range(MOST_LISTED + 5))
    report = CacheReport(tmp_path, False, "toy", 2, 1, ("ana",), {"sad": 2}, skipped, ())
    lines = cache_lines(report)
    assert lines[MOST_LISTED] == f"... and 5 more, in {tmp_path}/skipped.csv"
    assert lines[-3:] == [
        "toy: 2 cycles of 1 take, 1 subject x 1 emotion (sad 2)",
        f"left out: {MOST_LISTED + 5} clips ({MOST_LISTED + 5} x broken)",
        f"written: {tmp_path}",
    ]


def test_doubts_about_a_proposal_have_an_example(tmp_path):
    sure = dict.fromkeys(FIELDS, Guess("x", "sure", "it says so"))
    doubtful = sure | {"fps_hz": Guess("", "unknown", "no rate; a stride takes 30 frames")}
    lines = proposal_lines(Proposal(tmp_path / "new.csv", ("a.npy", "b.npy"), (sure, doubtful)))
    assert lines[0] == "2 recordings"
    assert "fps_hz unknown of 1: no rate (such as b.npy: a stride takes 30 frames)" in lines
    assert lines[-1] == f"how sure each guess is, and why: {tmp_path / 'new.guesses.csv'}"
