import pytest

from stgcn_affect.errors import InputError
from stgcn_affect.jobs import evaluate_sets as job
from stgcn_affect.jobs.evaluate_sets import configured_sets, evaluate_sets

MARKS = "<!-- results: {0} -->\nold\n<!-- end of results: {0} -->\n"


@pytest.fixture
def benchmark(tmp_path, monkeypatch):
    """A configuration of two sets, one of which needs data; evaluations are made up of their settings."""
    monkeypatch.delenv("STGCN_AFFECT_DATA", raising=False)
    folder = tmp_path / "configs"
    folder.mkdir()
    (folder / "one.yaml").write_text("train: {epochs: 5}\n")
    (folder / "two.yaml").write_text("protocol: {kind: loso}\nevaluate: {seeds: [9]}\n")
    sets = "sets: {one: one.yaml, two: two.yaml}\n  folders: {two: sub}\n  document: ../README.md"
    (folder / "all.yaml").write_text(f"benchmark:\n  {sets}\nevaluate: {{seeds: [3, 4]}}\n")
    (tmp_path / "README.md").write_text(MARKS.format("one") + MARKS.format("two"))
    monkeypatch.setattr(job, "results_section", lambda found, shows: f"epochs {found['epochs']} seeds {found['seeds']}")

    def evaluated(config, out, *, jobs, backend, progress):
        out.mkdir(parents=True)
        return {"epochs": config.train.epochs, "seeds": config.evaluate.seeds, "jobs": jobs, "root": config.data.root}

    monkeypatch.setattr(job, "evaluate", evaluated)
    return folder / "all.yaml"


def test_a_sets_own_file_comes_first_and_overrides_last(benchmark):
    found = configured_sets(benchmark, ["train.batch_size=7"])
    assert list(found) == ["one"]
    assert found["one"].train.epochs == 5
    assert found["one"].train.batch_size == 7
    assert found["one"].evaluate.seeds == [3, 4]


def test_real_sets_are_below_the_folder_that_the_variable_names(benchmark, monkeypatch, tmp_path):
    monkeypatch.setenv("STGCN_AFFECT_DATA", str(tmp_path))
    found = configured_sets(benchmark)
    assert found["two"].data.root == str(tmp_path / "sub")
    assert found["two"].protocol.kind == "loso"
    assert found["two"].evaluate.seeds == [3, 4]
    assert found["one"].data.root == ""


def test_a_set_that_is_left_out_is_named_and_its_section_stays(benchmark, tmp_path, caplog):
    results = evaluate_sets(benchmark, [], tmp_path / "out", jobs=2)
    assert results == {"one": {"epochs": 5, "seeds": [3, 4], "jobs": 2, "root": ""}}
    assert "two is left out: STGCN_AFFECT_DATA does not name" in caplog.text
    expected = MARKS.format("one").replace("old", "epochs 5 seeds [3, 4]") + MARKS.format("two")
    assert (tmp_path / "README.md").read_text() == expected
    assert (tmp_path / "out" / "one" / "section.md").read_text() == "epochs 5 seeds [3, 4]\n"


def test_data_of_ones_own_need_no_variable_and_leave_the_document_alone(benchmark, tmp_path):
    before = (tmp_path / "README.md").read_text()
    results = evaluate_sets(benchmark, ["data.root=mine"], tmp_path / "out")
    assert {name: found["root"] for name, found in results.items()} == {"one": "mine", "two": "mine"}
    assert (tmp_path / "README.md").read_text() == before
    assert (tmp_path / "out" / "two" / "section.md").is_file()


def test_a_section_shows_what_is_wanted(benchmark, tmp_path, monkeypatch):
    monkeypatch.setattr(job, "results_section", lambda found, shows: " and ".join(shows))
    evaluate_sets(benchmark, ["benchmark.shows=[ablation,scores]"], tmp_path / "out")
    assert (tmp_path / "out" / "one" / "section.md").read_text() == "ablation and scores\n"


def test_results_in_small_leave_the_document_alone(benchmark, tmp_path):
    before = (tmp_path / "README.md").read_text()
    results = evaluate_sets(benchmark, ["train.epochs=100"], tmp_path / "out", small=True)
    assert results["one"]["epochs"] == 8
    assert (tmp_path / "README.md").read_text() == before


def test_missing_marks_are_found_before_anything_is_trained(benchmark, tmp_path):
    (tmp_path / "README.md").write_text("no marks")
    with pytest.raises(InputError, match=r"README\.md: expected the marks <!-- results: one -->"):
        evaluate_sets(benchmark, [], tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_a_document_that_does_not_exist_is_named_and_left_out(benchmark, tmp_path, caplog):
    """As beside an installed copy of the configurations."""
    (tmp_path / "README.md").unlink()
    evaluate_sets(benchmark, [], tmp_path / "out")
    assert "README.md does not exist: the results go to the output folder only" in caplog.text
    assert not (tmp_path / "README.md").exists()
    assert (tmp_path / "out" / "one" / "section.md").read_text() == "epochs 5 seeds [3, 4]\n"


@pytest.fixture
def headline(benchmark, tmp_path, monkeypatch):
    """The overrides that ask for a headline table in another document, which shows the names of the sets in it."""
    monkeypatch.setattr(job, "headline_table", lambda found: " and ".join(found))
    (tmp_path / "front.md").write_text(MARKS.format("headline"))
    return ["benchmark.headline=../front.md", "benchmark.headline_sets=[two,one]"]


def test_the_headline_table_is_rebuilt_in_its_own_document(benchmark, headline, tmp_path, monkeypatch):
    monkeypatch.setenv("STGCN_AFFECT_DATA", str(tmp_path))
    evaluate_sets(benchmark, headline, tmp_path / "out")
    assert (tmp_path / "front.md").read_text() == MARKS.format("headline").replace("old", "two and one")
    assert (tmp_path / "out" / "headline.md").read_text() == "two and one\n"
    assert "headline" not in (tmp_path / "README.md").read_text()


def test_the_headline_table_stays_where_a_set_is_left_out(benchmark, headline, tmp_path):
    evaluate_sets(benchmark, headline, tmp_path / "out")
    assert (tmp_path / "front.md").read_text() == MARKS.format("headline")
    assert not (tmp_path / "out" / "headline.md").exists()


@pytest.mark.parametrize("small", [True, False])
def test_the_headline_table_of_no_published_results_goes_to_the_folder_only(
    benchmark, headline, tmp_path, small, monkeypatch
):
    monkeypatch.setenv("STGCN_AFFECT_DATA", str(tmp_path))
    own = [] if small else ["data.root=mine"]
    evaluate_sets(benchmark, [*headline, *own], tmp_path / "out", small=small)
    assert (tmp_path / "front.md").read_text() == MARKS.format("headline")
    assert (tmp_path / "out" / "headline.md").read_text() == "two and one\n"


def test_a_missing_mark_of_the_headline_is_found_before_anything_is_trained(benchmark, headline, tmp_path, monkeypatch):
    monkeypatch.setenv("STGCN_AFFECT_DATA", str(tmp_path))
    (tmp_path / "front.md").write_text("no marks")
    with pytest.raises(InputError, match=r"front\.md: expected the marks <!-- results: headline -->"):
        evaluate_sets(benchmark, headline, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_a_folder_or_column_of_no_set_is_named(benchmark):
    with pytest.raises(InputError, match=r"benchmark.folders: expected names of benchmark.sets \(got 'three'\)"):
        configured_sets(benchmark, ["benchmark.folders.three=x"])
    with pytest.raises(InputError, match=r"benchmark.headline_sets: expected names of benchmark.sets \(got 'three'\)"):
        configured_sets(benchmark, ["benchmark.headline_sets=[one,three]"])
