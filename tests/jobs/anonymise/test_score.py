from functools import partial
from pathlib import Path

import numpy as np
import pytest

from stgcn_affect.errors import InputError
from stgcn_affect.evaluation.other_mechanisms import OTHER_MECHANISMS
from stgcn_affect.jobs.anonymise import score
from stgcn_affect.jobs.anonymise.inputs import labelled_walks, model_of, walks_data
from stgcn_affect.jobs.anonymise.kept import keep_scores, passed_before
from stgcn_affect.release.card import Mechanism
from stgcn_affect.release.motion_files import write_motion
from stgcn_affect.reporting.anonymised_tables import anonymised_tables, anonymised_text
from stgcn_affect.synthetic.walkers import synthetic_walkers


@pytest.fixture(scope="module")
def manifest(tmp_path_factory):
    """The six walkers of the model in two emotions, as files."""
    folder = tmp_path_factory.mktemp("walks")
    rows = ["path,subject,emotion,take"]
    for clip in synthetic_walkers(walkers=6, takes=1, seed=3).clips:
        if clip.emotion in ("happy", "sad"):
            name = f"{clip.subject}-{clip.emotion}.npz"
            write_motion(clip, folder / name)
            rows.append(f"{name},{clip.subject},{clip.emotion},1")
    (folder / "manifest.csv").write_text("\n".join(rows) + "\n")
    return folder / "manifest.csv"


def test_subjects_of_the_model_are_seen_and_all_others_are_not(model_file, manifest):
    model = model_of(model_file)
    walks, left_out = labelled_walks(model, manifest, None, None)
    data = walks_data(model, walks, name="walks")
    assert len(walks) == 12
    assert left_out == []
    assert data.parts["train"] == ["walker_01", "walker_02", "walker_03"]
    assert data.parts["test"] == ["walker_04", "walker_05", "walker_06"]
    assert len(np.unique(data.cycles.take_ids)) == 12


def test_what_cannot_be_judged_is_left_out_with_its_reason(model_file, manifest, tmp_path):
    (tmp_path / "bad.npz").write_bytes(b"no motion")
    folder = manifest.parent
    lines = [f"{folder / 'walker_01-happy.npz'},walker_01,happy,1", f"{folder / 'walker_01-sad.npz'},walker_01,bored,1"]
    few = tmp_path / "few.csv"
    few.write_text("\n".join(["path,subject,emotion,take", *lines, "bad.npz,eva,sad,1"]) + "\n")
    walks, left_out = labelled_walks(model_of(model_file), few, None, None)
    assert [walk.clip.emotion for walk in walks] == ["happy"]
    assert [Path(source).name for source, _ in left_out] == ["walker_01-sad.npz", "bad.npz"]
    assert left_out[0][1] == "expected a subject and one of angry, happy, neutral, sad (got 'walker_01' and 'bored')"


@pytest.mark.tool
def test_every_mechanism_is_written_read_and_judged(model_file, manifest, monkeypatch):
    quick = partial(score.judge_written, attackers=("logistic_regression", "nearest_neighbour"))
    monkeypatch.setattr(score, "judge_written", quick)
    found = score.score_anonymised(model_file, manifest, kind="csv", permutations=20)
    assert list(found["mechanisms"]) == ["anonymised", *OTHER_MECHANISMS]
    assert found["data"]["parts"] == {"train": 3, "validation": 0, "test": 3}
    method = found["mechanisms"]["anonymised"]
    assert method["unreadable"] == 0
    assert method["plausibility"]["bone_drift_cm"] < 0.01
    assert method["plausibility"]["penetration_cm"] == pytest.approx(0.0, abs=1e-3)
    own = {name: of["plausibility"]["mpjpe_own_cm"] for name, of in found["mechanisms"].items()}
    assert own["retargeted"] < own["mean_walk"]
    tables = anonymised_tables(found)
    assert [row[0] for row in tables["identity"].rows[1:3]] == ["raw recordings", "the method"]
    assert all(len(row) == len(table.rows[0]) for table in tables.values() for row in table.rows)
    assert "positive control" in anonymised_text(found)
    found["data"]["left_out"] = [("a.bvh", "no gait cycle")]
    assert anonymised_text(found).endswith("a.bvh: left out: no gait cycle")
    assert passed_before(model_file, Mechanism()) is method["verdict"]["hidden"]
    assert passed_before(model_file, Mechanism("random")) is None


def test_scores_are_kept_by_mechanism_and_a_later_one_takes_the_place_of_an_older(model_file, tmp_path):
    path = tmp_path / "model.pt"
    path.write_bytes(model_file.read_bytes())
    assert passed_before(path, Mechanism()) is None

    def scored(hidden, digest=""):
        verdict = {"anonymised": {"verdict": {"hidden": hidden}}}
        return {"mechanism": Mechanism()._asdict(), "digest": digest, "mechanisms": verdict}

    for hidden, digest in ((False, ""), (True, ""), (False, "another model")):
        keep_scores(path, scored(hidden, digest))
    assert passed_before(path, Mechanism()) is True
    assert passed_before(path, Mechanism(cadence="keep")) is None


def test_what_cannot_be_scored_is_told(model_file, manifest, tmp_path):
    with pytest.raises(InputError, match=r"can be read back, bvh, c3d, csv, npz \(got 'gif'\)"):
        score.score_anonymised(model_file, manifest, kind="gif")
    lines = [line for line in manifest.read_text().splitlines() if "walker_04" not in line and "walker_05" not in line]
    fewer = manifest.with_name("fewer.csv")
    fewer.write_text("\n".join(lines) + "\n")
    with pytest.raises(InputError, match="expected two or more unseen subjects"):
        score.score_anonymised(model_file, fewer)
    others = manifest.with_name("others.csv")
    others.write_text(manifest.read_text().replace(",sad,", ",bored,").replace(",happy,", ",glum,"))
    with pytest.raises(InputError, match="expected recordings with a subject"):
        score.score_anonymised(model_file, others)
