"""A built wheel works outside of the checkout, and holds what it needs and no tests."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from stgcn_affect.jobs.benchmark import bvh_text
from stgcn_affect.synthetic.walkers import synthetic_walkers

pytestmark = pytest.mark.tool

ROOT = Path(__file__).parents[1]
TINY = (
    *("train.epochs=1", "synthetic.walkers=6", "synthetic.takes=1", "protocol.test_subjects=2"),
    *("protocol.validation_subjects=1", "network.width=4", "network.blocks=1", "network.decoder_width=4"),
)


def build(source, out):
    """The wheel of a folder or of a source distribution, built without network."""
    pip = [sys.executable, "-m", "pip", "-q", "wheel", "--no-deps", "--no-index", "--no-build-isolation"]
    subprocess.run([*pip, "-w", str(out), str(source)], check=True)
    (path,) = out.glob("*.whl")
    return path


@pytest.fixture(scope="module")
def source(tmp_path_factory):
    """A copy of what git holds of the package and its metadata."""
    source = tmp_path_factory.mktemp("source")
    for name in ("setup.py", "setup.cfg", "pyproject.toml", "MANIFEST.in", "README.md", "LICENSE", "configs"):
        (source / name).symlink_to(ROOT / name)
    for path in (ROOT / "stgcn_affect").rglob("*"):
        if path.is_file() and "__pycache__" not in path.parts:
            copy = source / path.relative_to(ROOT)
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_bytes(path.read_bytes())
    return source


@pytest.fixture(scope="module")
def wheel(source, tmp_path_factory):
    """The wheel of the copy."""
    return build(source, tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="module")
def installed(wheel, tmp_path_factory):
    """Runs ``python -m stgcn_affect`` of the installed wheel in a folder that is not the checkout."""
    site, away = tmp_path_factory.mktemp("site"), tmp_path_factory.mktemp("away")
    pip = [sys.executable, "-m", "pip", "-q", "install", "--no-deps", "--no-index", "--target", str(site), str(wheel)]
    subprocess.run(pip, check=True)

    def run(*arguments):
        environment = os.environ | {"PYTHONPATH": str(site)}
        command = [sys.executable, "-m", "stgcn_affect", *map(str, arguments)]
        done = subprocess.run(command, cwd=away, env=environment, capture_output=True, text=True, check=False)
        return done.returncode, done.stdout + done.stderr

    code = "import stgcn_affect; print(stgcn_affect.__file__)"
    place = subprocess.run(
        [sys.executable, "-c", code],
        cwd=away,
        env=os.environ | {"PYTHONPATH": str(site)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert place.stdout.startswith(str(site))
    return run, site, away


def test_the_wheel_holds_data_files_and_no_tests(wheel):
    names = set(zipfile.ZipFile(wheel).namelist())
    wanted = {"stgcn_affect/py.typed"}
    for folder in ("skeleton/layouts", "reporting/html/templates", "demo"):
        wanted |= {
            f"stgcn_affect/{folder}/{path.name}"
            for path in (ROOT / "stgcn_affect" / folder).iterdir()
            if path.is_file()
        }
    wanted |= {f"stgcn_affect/configs/{path.name}" for path in (ROOT / "configs").glob("*.yaml")}
    assert len(wanted) > 15
    assert not wanted - names
    assert {name.split("/")[0].split("-")[0] for name in names} == {"stgcn_affect"}
    assert not [name for name in names if "test" in Path(name).name]
    entry = zipfile.ZipFile(wheel).read(next(name for name in names if name.endswith("entry_points.txt"))).decode()
    assert "stgcn-affect = stgcn_affect.cli.command:main" in entry


def test_a_source_distribution_gives_the_same_wheel(source, wheel, tmp_path):
    code = f"from setuptools import build_meta; build_meta.build_sdist({str(tmp_path)!r})"
    subprocess.run([sys.executable, "-c", code], cwd=source, check=True, capture_output=True)
    (archive,) = tmp_path.glob("*.tar.gz")
    again = build(archive, tmp_path)
    assert set(zipfile.ZipFile(again).namelist()) == set(zipfile.ZipFile(wheel).namelist())


def test_the_command_trains_explains_and_draws_from_any_folder(installed):
    run, site, away = installed
    script = [site / "bin" / "stgcn-affect", "--version"]
    done = subprocess.run(
        script, env=os.environ | {"PYTHONPATH": str(site)}, capture_output=True, text=True, check=True
    )
    assert done.stdout.startswith("stgcn-affect ")
    before = sorted(path for path in site.rglob("*") if "__pycache__" not in path.parts)
    code, said = run("--help")
    assert (code, said.split("\n")[0]) == (0, "usage: stgcn-affect TOOL ...")
    code, said = run("train", "default", *TINY, "--out", "R")
    assert code == 0, said
    assert "balanced accuracy" in said
    clip = synthetic_walkers(walkers=1, takes=1, seed=7).clips[0]
    (away / "walk.bvh").write_text(bvh_text(clip, frames=clip.num_frames))
    code, said = run("predict", "demo", "walk.bvh")
    assert code == 0, said
    assert (away / "predictions_cycles.csv").is_file()
    code, said = run("explain", "R", "walk.bvh")
    assert code == 0, said
    assert (away / "R" / "explanations" / "walk" / "explanation.png").is_file()
    code, said = run("visualise", "layout", "kinect20", "--out", "pictures")
    assert code == 0, said
    assert list((away / "pictures").glob("*.png"))
    code, said = run("report", "R")
    assert code == 0, said
    page = (away / "R" / "report.html").read_text(encoding="utf-8")
    assert "stgcn-affect evaluate R" in page
    assert "tools/" not in page
    code, said = run("evaluate", "benchmark", "train.epochs=none")
    assert code == 2
    assert "stgcn-affect evaluate: setting 'train.epochs=none': train.epochs: " in said
    code, said = run("train", "emotion_gait", "data.root=nowhere", "--out", "E")
    assert code == 2
    assert "stgcn-affect train: nowhere: no data set: " in said
    assert before == sorted(path for path in site.rglob("*") if "__pycache__" not in path.parts)
