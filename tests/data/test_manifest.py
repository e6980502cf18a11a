import pytest

from stgcn_affect.data.manifest import read_manifest
from stgcn_affect.errors import InputError
from stgcn_affect.skeleton.layout import load_layout

HEAD = "path,subject,emotion,take\n"


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "walks").mkdir()
    for name in ("a.bvh", "b.bvh"):
        (tmp_path / "walks" / name).write_text("x")
    return tmp_path


def write(folder, text, encoding="utf-8"):
    path = folder / "manifest.csv"
    path.write_text(text, encoding=encoding)
    return path


def test_rows_are_read_with_paths_from_the_manifests_folder(folder):
    rows = read_manifest(write(folder, HEAD + "walks/a.bvh,ana,sad,1\n\n walks/b.bvh , ben ,,\n", "utf-8-sig"))
    assert [row.path for row in rows] == [folder / "walks" / "a.bvh", folder / "walks" / "b.bvh"]
    assert [(row.subject, row.emotion, row.take) for row in rows] == [("ana", "sad", "1"), ("ben", "", "b")]
    assert rows[0].fps_hz is None
    assert rows[0].layout is None


def test_frame_rate_and_layouts_by_name_and_by_file(folder):
    layout = load_layout("emotion_gait16")
    text = (
        "name: mine\n"
        + "joints: {"
        + ", ".join(
            f"{j}: {layout.joints[p] if p >= 0 else 'null'}" for j, p in zip(layout.joints, layout.parents, strict=True)
        )
    )
    text += "}\nroles: {" + ", ".join(f"{role}: {who[0]}" for role, who in layout.roles.items()) + "}\n"
    (folder / "mine.yaml").write_text(text)
    path = write(
        folder,
        "take,path,subject,emotion,layout,fps_hz\n"
        "1,walks/a.bvh,ana,sad,emotion_gait16,29.97\n"
        "1,walks/b.bvh,ana,happy,mine.yaml,\n",
    )
    first, second = read_manifest(path)
    assert (first.fps_hz, first.layout.name) == (29.97, "emotion_gait16")
    assert (second.fps_hz, second.layout.name) == (None, "mine")


def test_gender_and_age_group_are_facts_of_the_subject(folder):
    (folder / "walks" / "c.bvh").write_text("x")
    (folder / "walks" / "d.bvh").write_text("x")
    path = write(
        folder,
        "path,subject,emotion,take,gender,age_group\n"
        "walks/a.bvh,ana,sad,1,,adult\n"
        "walks/b.bvh,ben,sad,1,,\n"
        "walks/c.bvh,ana,happy,1,female,\n"
        "walks/d.bvh,,happy,1,male,\n",
    )
    said = [row.attributes for row in read_manifest(path)]
    ana = {"gender": "female", "age_group": "adult"}  # each of them said once, in one line or another
    assert said == [ana, {}, ana, {"gender": "male"}]
    assert read_manifest(write(folder, HEAD + "walks/a.bvh,ana,sad,1\n"))[0].attributes == {}


def test_the_quality_of_a_recording_may_be_given(folder):
    path = write(folder, HEAD[:-1] + ",quality\nwalks/a.bvh,ana,sad,1,camera\nwalks/b.bvh,ben,sad,1,\n")
    assert [row.quality for row in read_manifest(path)] == ["camera", ""]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", r"manifest with the columns path, subject, emotion, take \(got an empty file\)"),
        ("path,subject,emotion\n", r"expected the columns .* \(got path, subject, emotion\)"),
        ("path;subject;emotion;take\n", r"separated by commas \(got path;subject;emotion;take\)"),
        (
            "path,subject,emotion,take,fps\n",
            r"fps_hz, layout, quality, gender, age_group, each once.*\(got path, subject, emotion, take, fps\)",
        ),
        (HEAD, r"one line or more below the column names \(got none\)"),
        (HEAD + "walks/a.bvh,ana,sad\n", r"line 2: expected 4 fields \(got 3\)"),
        (HEAD + ",ana,sad,1\n", "line 2, field path: expected the path of a recording"),
        (HEAD + "\nwalks/c.bvh,ana,sad,1\n", r"line 3, field path: expected a file that exists \(got .*c\.bvh\)"),
        (
            HEAD + "walks/a.bvh,ana,sad,1\nwalks/../walks/a.bvh,ana,happy,1\n",
            r"line 3, field path: expected each recording once .* which line 2 lists already",
        ),
        (HEAD[:-1] + ",fps_hz\nwalks/a.bvh,ana,sad,1,fast\n", r"line 2, field fps_hz: .* above 0 \(got fast\)"),
        (HEAD[:-1] + ",fps_hz\nwalks/a.bvh,ana,sad,1,-3\n", r"line 2, field fps_hz"),
        (
            HEAD[:-1] + ",gender\nwalks/a.bvh,ana,sad,1,f\n\nwalks/b.bvh,ana,sad,2,m\n",
            r"line 4, field gender: expected one value for subject ana \(got m, where line 2 says f\)",
        ),
        (
            HEAD[:-1] + ",quality\nwalks/a.bvh,ana,sad,1,good\n",
            r"line 2, field quality: expected camera or mocap, or nothing \(got good\)",
        ),
        (HEAD[:-1] + ",layout\nwalks/a.bvh,ana,sad,1,ant\n", r"line 2, field layout: .*got 'ant'"),
    ],
)
def test_mistakes_name_file_line_and_field(folder, text, words):
    path = write(folder, text)
    with pytest.raises(InputError, match=words) as caught:
        read_manifest(path)
    assert str(caught.value).startswith(str(path))
    assert "\n" not in str(caught.value)


def test_files_that_are_no_text_are_refused(folder):
    (folder / "manifest.csv").write_bytes(b"path,\xff\xfe\x00")
    with pytest.raises(InputError, match="CSV file in UTF-8"):
        read_manifest(folder / "manifest.csv")
    with pytest.raises(InputError, match="that can be read"):
        read_manifest(folder / "other.csv")
