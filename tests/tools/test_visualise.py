"""``tools/visualise.py`` from its arguments to its files, on a run of two folds."""

import json
import os
import shutil
import xml.etree.ElementTree as ET
from pathlib import Path

import networkx as nx
import numpy as np
import pydot
import pytest
import torch
from PIL import Image

from stgcn_affect.cli.visualise import main
from stgcn_affect.skeleton.graph import SkeletonGraph
from stgcn_affect.skeleton.layout import load_layout
from stgcn_affect.training.checkpoint import read_model

pytestmark = pytest.mark.tool


def run(*arguments):
    return int(main([str(argument) for argument in arguments]))


def made(capsys):
    """The files that the tool names, which must be there and be what their ending says."""
    paths = [Path(line) for line in capsys.readouterr().out.splitlines()]
    for path in paths:
        if path.suffix == ".svg":
            assert ET.parse(path).getroot().tag == "{http://www.w3.org/2000/svg}svg"
        elif path.suffix in (".png", ".gif"):
            image = Image.open(path)
            assert image.format == path.suffix[1:].upper()
            assert getattr(image, "n_frames", 1) > (path.suffix == ".gif")
    return {path.name: path for path in paths}


def words(path):
    return "\n".join(text for text in ET.parse(path).getroot().itertext() if text.strip())


def test_layout_draws_names_and_roles(tmp_path, capsys):
    layout = load_layout("bandai21")
    own = tmp_path / "mine.yaml"
    own.write_text(json.dumps(layout.to_dict() | {"name": "mine"}))  # JSON is YAML too
    assert run("layout", own, "--out", tmp_path / "out") == 0
    files = made(capsys)
    assert set(files) == {"layout-mine.png", "layout-mine.svg"}
    said = words(files["layout-mine.svg"])
    assert all(joint in said for joint in layout.joints)
    assert "l_knee" in said


def test_graph_of_a_run_has_what_was_learned_in_every_format(trained_run, tmp_path, capsys):
    folder = trained_run[0]
    models = [read_model(folder / f"fold-{i:02d}" / "model.pt") for i in range(2)]
    with torch.no_grad():
        learned = {
            column: torch.stack(
                [block.spatial.importance for m in models for block in getattr(m.network, f"{branch}_encoder").blocks]
            ).mean(0)
            for branch, column in (("emotion", "importance"), ("identity", "importance_identity"))
        }
    assert (learned["importance"] - 1).abs().max() > 1e-4, "nothing was learned, so this test would see nothing"
    assert run("graph", folder, "--out", tmp_path) == 0
    files = made(capsys)
    assert {"skeleton.png", "skeleton.svg", "edge_importance.png", "edge_importance.svg"} <= set(files)
    graph = SkeletonGraph(models[0].layout)
    edges, joints = graph.partition_edges(), models[0].layout.joints
    (dot,) = pydot.graph_from_dot_file(str(files["skeleton.dot"]))
    pairs = {
        (json.loads(e.get_source()), json.loads(e.get_destination())): {
            key: json.loads(value) for key, value in e.get_attributes().items()
        }
        for e in dot.get_edges()
    }
    readers = {
        "graphml": nx.read_graphml(files["skeleton.graphml"]).edges,
        "gexf": nx.read_gexf(files["skeleton.gexf"]).edges,
        "json": nx.node_link_graph(json.loads(files["skeleton.json"].read_text()), edges="edges").edges,
        "dot": pairs,
    }
    for found in readers.values():
        assert len(found) == len(edges.partition)
        for e, (source, target) in enumerate(edges.edge_index.T):
            about = found[joints[source], joints[target]]
            for column, values in learned.items():
                assert float(about[column]) == pytest.approx(float(values[e]), abs=1e-6)


def test_graph_of_a_layout_claims_nothing_learned(tmp_path, capsys):
    assert run("graph", "coco17", "--out", tmp_path) == 0
    files = made(capsys)
    assert {path.suffix for path in files.values()} == {".png", ".svg", ".graphml", ".gexf", ".dot", ".json"}
    assert "importance" not in files["skeleton.json"].read_text()


def test_body_of_a_run_and_of_a_file(trained_run, tmp_path, walk, capsys):
    assert run("body", trained_run[0], "--out", tmp_path) == 0
    assert "neutral" in words(made(capsys)["body.svg"])
    np.savez(tmp_path / "walk.npz", positions=walk().positions, fps_hz=60.0)
    assert run("body", tmp_path / "walk.npz", "--layout", "emotion_gait16", "--out", tmp_path / "file") == 0
    assert "walk.npz" in words(made(capsys)["body.svg"])


def test_cycle_shows_emotions_and_subjects_and_names_the_unseen(trained_run, tmp_path, capsys):
    assert run("cycle", trained_run[0], "--out", tmp_path) == 0
    files = made(capsys)
    kinds = ("png", "svg", "gif")
    assert set(files) == {f"cycles_by_{what}.{kind}" for what in ("emotion", "subject") for kind in kinds} | {
        "cycles.html"
    }
    assert all(emotion in words(files["cycles_by_emotion.svg"]) for emotion in ("angry", "neutral", "sad"))
    page = files["cycles.html"].read_text()
    for fold in range(2):
        for subject in read_model(trained_run[0] / f"fold-{fold:02d}" / "model.pt").parts["test"]:
            assert subject in words(files["cycles_by_subject.svg"])
            assert f"{subject}, unseen in fold-{fold:02d}" in page


def test_latent_has_the_scores_of_the_results(trained_run, tmp_path, capsys):
    results = json.loads((trained_run[0] / "results.json").read_text())
    assert run("latent", trained_run[0], "--out", tmp_path) == 0
    files = made(capsys)
    assert set(files) == {f"latents-fold-0{i}.{kind}" for i in range(2) for kind in ("png", "svg")}
    said = words(files["latents-fold-01.svg"])
    assert f"emotion of unseen subjects: {results['emotion']['balanced_accuracy']:.3f} (chance 0.333)" in said
    known = results["privacy"]["seen_subjects"]
    for release in ("z_emotion", "z_identity"):
        assert f"seen subjects named from it: {known[release]['accuracy']:.3f} (chance {known['chance']:.3f}" in said


@pytest.mark.parametrize("unseen", [False, True])
def test_compare_shows_transferred_walks_beside_the_originals(trained_run, tmp_path, unseen, capsys):
    subjects = read_model(trained_run[0] / "fold-00" / "model.pt").parts["test" if unseen else "train"]
    assert run("compare", trained_run[0], "--out", tmp_path, *["--unseen"] * unseen) == 0
    files = made(capsys)
    stem = f"transfer-{subjects[0]}-{subjects[-1]}"
    assert set(files) == {f"{stem}.{kind}" for kind in ("png", "svg", "gif")}
    said = words(files[f"{stem}.svg"])
    assert f"A: {subjects[0]} ({'unseen' if unseen else 'training'})" in said
    assert "of body height off B's own" in said
    assert "on body of B" in said


def test_pictures_go_into_the_run_by_default(trained_run, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert run("layout", "coco17") == 0
    assert made(capsys)["layout-coco17.png"].parent == Path("pictures")
    (tmp_path / "run").mkdir()
    shutil.copy(trained_run[0] / "fold-00" / "model.pt", tmp_path / "run")
    assert run("graph", tmp_path / "run") == 0
    assert made(capsys)["skeleton.dot"].parent == tmp_path / "run" / "pictures"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["layout", "nothing"], "layout: expected the path of a .yaml file or one of"),
        (["graph", "{tmp}"], "expected the folder of a finished run"),
        (["body", "{tmp}/none.bvh"], "expected a file (got nothing of that name)"),
        (["cycle", "{tmp}"], "{tmp}"),
        (["latent", "nowhere"], "nowhere"),
        (["compare", "{run}", "--of", "bob"], "--of: expected a subject of synthetic"),
    ],
)
def test_a_mistake_is_one_line_and_code_2(arguments, said, trained_run, tmp_path, capsys):
    places = {"tmp": tmp_path, "run": trained_run[0]}
    assert run(*(argument.format(**places) for argument in arguments), "--out", tmp_path / "out") == 2
    error = capsys.readouterr().err.strip()
    assert error.startswith("visualise.py: ")
    assert said.format(**places) in error
    assert "\n" not in error
    assert not (tmp_path / "out").exists()


@pytest.mark.skipif("STGCN_AFFECT_DATA" not in os.environ, reason="needs STGCN_AFFECT_DATA")
def test_a_real_recording_stands_up(tmp_path, capsys):
    recording = min((Path(os.environ["STGCN_AFFECT_DATA"]) / "bandai-namco").glob("*.bvh"))
    assert run("body", recording, "--out", tmp_path) == 0
    assert recording.name in words(made(capsys)["body.svg"])
