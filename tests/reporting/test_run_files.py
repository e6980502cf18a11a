import pytest

from stgcn_affect.errors import InputError
from stgcn_affect.reporting.run_files import read_run


def test_mistakes_are_named(tmp_path):
    with pytest.raises(
        InputError, match=r"expected the folder of a run of stgcn-affect train, with config.yaml \(got none"
    ):
        read_run(tmp_path)
    (tmp_path / "config.yaml").write_text("seed: 3\n")
    (tmp_path / "results.json").write_text("{")
    with pytest.raises(InputError, match=r"results.json: expected JSON \(got "):
        read_run(tmp_path)
    (tmp_path / "results.json").write_text("[]")
    with pytest.raises(InputError, match=r"expected an object of results \(got list\)"):
        read_run(tmp_path)
    (tmp_path / "results.json").unlink()
    (tmp_path / "explanations").mkdir()
    (tmp_path / "explanations" / "maps.npz").write_bytes(b"no")
    with pytest.raises(InputError, match=r"maps.npz: expected the maps of stgcn-affect explain \(got "):
        read_run(tmp_path)


def test_an_explanation_of_something_else_is_not_the_runs(tmp_path):
    (tmp_path / "config.yaml").write_text("seed: 3\n")
    (tmp_path / "explanations").mkdir()
    (tmp_path / "explanations" / "results.json").write_text('{"file": "walk.bvh"}')
    assert read_run(tmp_path).explained is None
