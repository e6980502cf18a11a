"""Marker files of a walking figure, as motion capture laboratories write them."""

import numpy as np
import pytest

from stgcn_affect.errors import InputError
from stgcn_affect.motion.cycles import cut_cycles
from stgcn_affect.motion.quality import check_clip
from stgcn_affect.motion.readers.c3d import c3d_markers, read_c3d
from stgcn_affect.motion.readers.marker_person import MarkerPoints
from stgcn_affect.motion.readers.markers import fewer_joints, marker_joints
from stgcn_affect.skeleton.layout import Layout, load_layout
from walking_figure import markers, walking_figure, write_c3d

ezc3d = pytest.importorskip("ezc3d")
PLUG_IN = load_layout("plug_in_gait18")


def figure(seconds=4.0, stride_time_s=1.1):
    """Labels and places ``[T, 26, 3]`` of Plug-in Gait's markers; heads are 16 cm wide and 20 cm long."""
    labels, places = markers(walking_figure(PLUG_IN, seconds=seconds, stride_time_s=stride_time_s, fps_hz=100))
    for v, label in enumerate(labels):
        if label.endswith("HD"):
            places[:, v] += (0.08 if label[0] == "L" else -0.08, 0, 0.1 if label[1] == "F" else -0.1)
        elif label.endswith(("ASI", "PSI")):
            places[:, v] += (0.1 if label[0] == "L" else -0.1, 0, 0.09 if label[1] == "A" else -0.09)
    return labels, places


def without(labels, places, *gone):
    kept = [v for v, label in enumerate(labels) if label not in gone]
    return [labels[v] for v in kept], places[:, kept]


def renamed(labels, names):
    return [names.get(label, label) for label in labels]


def strides(clip):
    mended, _ = check_clip(clip)
    return [cycle.stride_time_s for cycle in cut_cycles(mended)[0]]


def layout_with(change):
    content = PLUG_IN.to_dict() | {"name": "own"}
    content["markers"] = {joint: change(joint, list(names)) for joint, names in PLUG_IN.markers.items()}
    return Layout.from_dict(content)


def described(path, texts, **parameters):
    """Add POINT:DESCRIPTIONS and other lists of labels to a C3D."""
    file = ezc3d.c3d(str(path))
    for key, value in {"DESCRIPTIONS": texts, **parameters}.items():
        file.add_parameter("POINT", key, value)
    file.write(str(path))
    return path


@pytest.mark.parametrize("empty_first", [False, True])
def test_an_empty_twin_of_a_label_gives_way(tmp_path, empty_first):
    labels, places = figure()
    twins = ["LKNE", "LANK", "RKNE", "RANK"]
    nothing = np.full((len(places), 4, 3), np.nan)
    both = [twins, labels] if empty_first else [labels, twins]
    parts = [nothing, places] if empty_first else [places, nothing]
    clip = read_c3d(write_c3d(tmp_path / "w.c3d", both[0] + both[1], np.concatenate(parts, axis=1)))
    assert strides(clip) == pytest.approx([1.1, 1.1], abs=0.01)
    assert clip.remarks == ()


def test_of_twins_with_data_the_layout_says_which(tmp_path):
    labels, places = figure()
    medial = places[:, [labels.index("LKNE")]] - (0.1, 0, 0)
    path = write_c3d(tmp_path / "w.c3d", [*labels, "LKNE"], np.concatenate([places, medial], axis=1))
    with pytest.raises(
        InputError, match=r"w\.c3d: expected one marker 'LKNE' with data .*points? \d+.*LKNE#1.*"
    ) as told:
        read_c3d(path)
    assert "description" not in str(told.value)
    described(path, [*renamed(labels, {"LKNE": "L.Knee"}), "L.Knee.Medial"])
    with pytest.raises(InputError, match=r"L\.Knee, point 27 L\.Knee\.Medial.*or its description does"):
        read_c3d(path)
    knee = PLUG_IN.index("l_knee")
    for name, off in (("LKNE#1", 0.0), ("LKNE#2", 0.1), ("l.knee", 0.0), ("L.Knee.Medial", 0.1)):
        clip = read_c3d(path, layout=layout_with(lambda j, own, name=name: [name] if j == "l_knee" else own))
        inwards = np.abs(clip.positions[:, knee] - places[:, labels.index("LKNE")][:, [2, 1, 0]] * [1, 1, -1])
        assert inwards == pytest.approx(np.tile([0, 0, off], (len(places), 1)), abs=1e-3), name
    with pytest.raises(InputError, match=r"missing: LKNE#3\)"):
        read_c3d(path, layout=layout_with(lambda j, own: ["LKNE#3"] if j == "l_knee" else own))


@pytest.mark.parametrize("first", [False, True])
def test_a_twin_with_a_few_frames_of_data_gives_way(tmp_path, first):
    labels, places = figure()
    knee = labels.index("LKNE")
    other = places[:, [knee]] + (0.3, 0, 0)
    other[39:] = np.nan
    parts = [other, places] if first else [places, other]
    names = ["LKNE", *labels] if first else [*labels, "LKNE"]
    clip = read_c3d(write_c3d(tmp_path / "w.c3d", names, np.concatenate(parts, axis=1)))
    assert strides(clip) == pytest.approx([1.1, 1.1], abs=0.01)
    assert clip.remarks == ("LKNE: of 2 points of that name the one with data in 400 frames is read, not that with 39",)
    parts[0 if first else 1][:41] = places[:41, [knee]] + (0.3, 0, 0)
    with pytest.raises(InputError, match="expected one marker 'LKNE' with data"):
        read_c3d(write_c3d(tmp_path / "v.c3d", names, np.concatenate(parts, axis=1)))


def test_twins_that_hold_the_same_are_one(tmp_path):
    labels, places = figure()
    path = write_c3d(tmp_path / "w.c3d", [*labels, "C7"], places[:, [*range(26), labels.index("C7")]])
    assert strides(read_c3d(path)) == pytest.approx([1.1, 1.1], abs=0.01)


def test_of_twins_that_hold_the_same_with_gaps_the_fullest_is_read(tmp_path):
    labels, places = figure()
    again = places[:, [labels.index("C7")]].copy()
    again[100:250] = np.nan
    for first in (False, True):
        parts, names = ([again, places], ["C7", *labels]) if first else ([places, again], [*labels, "C7"])
        clip = read_c3d(write_c3d(tmp_path / "w.c3d", names, np.concatenate(parts, axis=1)))
        assert clip.remarks == (
            "C7: of 2 points of that name the one with data in 400 frames is read, not that with 250",
        )
    places[200:, labels.index("LKNE")] = again[:200] = np.nan  # never seen together: two markers, or one in two parts
    with pytest.raises(InputError, match="expected one marker 'LKNE' with data"):
        read_c3d(write_c3d(tmp_path / "v.c3d", [*labels, "LKNE"], np.concatenate([places, again], axis=1)))


def test_a_sacral_marker_stands_for_both_of_the_back(tmp_path):
    labels, places = figure()
    middle = places[:, [labels.index("LPSI"), labels.index("RPSI")]].mean(axis=1, keepdims=True)
    wanted = read_c3d(write_c3d(tmp_path / "all.c3d", labels, places))
    kept, there = without(labels, np.concatenate([places], axis=1), "LPSI", "RPSI")
    for name in ("SACR", "V.Sacral", "Sacrum", "MPSI", "VSAC"):
        path = write_c3d(tmp_path / "w.c3d", [*kept, name], np.concatenate([there, middle], axis=1))
        clip = read_c3d(path)
        assert strides(clip) == pytest.approx([1.1, 1.1], abs=0.01)
        assert clip.remarks == ("SACR in place of LPSI", "SACR in place of RPSI")
        pelvis = PLUG_IN.index("pelvis")
        assert clip.positions[:, pelvis] == pytest.approx(wanted.positions[:, pelvis], abs=1e-4)
        own = layout_with(lambda j, names: [n.replace("LPSI", "SACR").replace("RPSI", "SACR") for n in names])
        assert read_c3d(path, layout=own).positions == pytest.approx(clip.positions, abs=1e-5)
        assert read_c3d(path, layout=own).remarks == ()


def test_an_empty_back_gives_way_to_the_sacral_marker_and_the_other_way_round(tmp_path):
    labels, places = figure()
    back = [labels.index("LPSI"), labels.index("RPSI")]
    middle = places[:, back].mean(axis=1, keepdims=True)
    hidden = places.copy()
    hidden[:, back] = np.nan
    clip = read_c3d(write_c3d(tmp_path / "w.c3d", [*labels, "SACR"], np.concatenate([hidden, middle], axis=1)))
    assert clip.remarks == ("SACR in place of LPSI", "SACR in place of RPSI")
    clip = read_c3d(write_c3d(tmp_path / "v.c3d", [*labels, "SACR"], np.concatenate([places, middle * np.nan], axis=1)))
    assert clip.remarks == ()


def test_missing_markers_are_named_alone(tmp_path):
    labels, places = without(*figure(), "LPSI", "RPSI", "LTOE")
    outputs = [f"{side}{bone}{end}" for side in "LR" for bone in ("FE", "TI", "FO") for end in "OALP"] * 30
    unnamed = [f"*{n}" for n in range(110, 150)]
    many = np.concatenate([places, places[:, [0] * (len(outputs) + len(unnamed))]], axis=1)
    path = write_c3d(tmp_path / "w.c3d", [*labels, *outputs, *unnamed], many)
    with pytest.raises(InputError, match=r"\(missing: LPSI, RPSI, LTOE\)$") as told:
        read_c3d(path)
    assert len(str(told.value)) < 300 + len(str(path))
    assert sorted(c3d_markers(path)) == sorted(labels)


PREFIXES = ["A:{}", "Patient1:{}", "A_{}", "Skeleton 001:{}", "Ana-{}", "lab.Ana.{}", "L_{}", "a|{}"]
SUFFIXES = ["{}_A", "{}:Patient1", "{}-2", "{}1", "{}02"]


@pytest.mark.parametrize("prefix", PREFIXES + SUFFIXES)
def test_a_prefix_of_one_person_does_not_count(tmp_path, prefix):
    labels, places = figure()
    path = write_c3d(tmp_path / "w.c3d", [prefix.format(label) for label in labels], places)
    assert strides(read_c3d(path)) == pytest.approx([1.1, 1.1], abs=0.01)
    named = layout_with(lambda j, own: [prefix.format(name) for name in own])
    assert read_c3d(path, layout=named).positions == pytest.approx(read_c3d(path).positions)


def two_people(path, first, second):
    labels, places = figure()
    _, others = figure(stride_time_s=1.0)
    names = [*(first.format(label) for label in labels), *(second.format(label) for label in labels)]
    return write_c3d(path, names, np.concatenate([places, others + np.array((0.8, 0, 0))], axis=1))


@pytest.mark.parametrize(
    ("first", "second"),
    [("A:{}", "B:{}"), ("Patient1:{}", "Patient2:{}"), ("A_{}", "B_{}"), ("{}_A", "{}_B"), ("{}1", "{}2")],
)
def test_two_people_are_told_apart_by_a_layout_that_names_one(tmp_path, first, second):
    path = two_people(tmp_path / "w.c3d", first, second)
    names = [prefix.format("").strip("_:") for prefix in (first, second)]
    with pytest.raises(
        InputError, match=rf"one person, .*'{names[0]}:LASI' \(got two people, {names[0]} and {names[1]}\)"
    ):
        read_c3d(path)
    for prefix, wanted in ((first, 1.1), (second, 1.0)):
        clip = read_c3d(path, layout=layout_with(lambda j, own, p=prefix: [p.format(name) for name in own]))
        assert strides(clip)[:2] == pytest.approx([wanted] * 2, abs=0.01)


def test_words_behind_a_few_markers_are_no_person(tmp_path):
    labels, places = figure()
    inner = [label for label in labels if label[1:] in ("KNE", "ANK", "ELB")]
    beside = places[:, [labels.index(label) for label in inner]] + np.array((0.05, 0, 0))
    path = write_c3d(
        tmp_path / "w.c3d", [*labels, *(f"{label}_med" for label in inner)], np.concatenate([places, beside], axis=1)
    )
    clip = read_c3d(path)
    assert clip.remarks == ()
    assert clip.positions == pytest.approx(read_c3d(write_c3d(tmp_path / "v.c3d", labels, places)).positions)


def test_a_person_without_a_prefix_is_the_one_that_a_plain_layout_means(tmp_path):
    path = two_people(tmp_path / "w.c3d", "{}", "B:{}")
    with pytest.raises(InputError, match="two people, one without a prefix and B"):
        read_c3d(path)
    clip = read_c3d(path, layout=PLUG_IN)
    assert strides(clip) == pytest.approx([1.1, 1.1], abs=0.01)
    assert clip.remarks == ("two people, one without a prefix and B, are in the file: who has no prefix is read",)


def test_of_two_people_the_one_with_all_markers_is_read(tmp_path):
    labels, places = figure()
    kept, some = without(*figure(stride_time_s=1.0), "LTOE", "LANK")
    names = [f"A:{label}" for label in labels] + [f"B:{label}" for label in kept]
    clip = read_c3d(
        write_c3d(tmp_path / "w.c3d", names, np.concatenate([places, some + np.array((0.8, 0, 0))], axis=1))
    )
    assert strides(clip) == pytest.approx([1.1, 1.1], abs=0.01)
    assert clip.remarks == ("two people, A and B, are in the file: A is read",)


def test_two_people_who_lack_markers_are_never_made_one(tmp_path):
    labels, places = without(*figure(), "LTOE")
    kept, some = without(*figure(), "RTOE")
    names = [f"A:{label}" for label in labels] + [f"B:{label}" for label in kept]
    with pytest.raises(InputError, match=r"got two people, A and B"):
        read_c3d(write_c3d(tmp_path / "w.c3d", names, np.concatenate([places, some], axis=1)))


def test_prefixes_on_a_part_of_the_markers(tmp_path):
    labels, places = figure()
    names = [f"Ana:{label}" if label[0] in "LR" else label for label in labels]
    assert strides(read_c3d(write_c3d(tmp_path / "w.c3d", names, places))) == pytest.approx([1.1, 1.1], abs=0.01)


@pytest.mark.parametrize("corner", ["LFHD", "RFHD", "LBHD", "RBHD"])
def test_three_of_four_markers_make_a_head(tmp_path, corner):
    labels, places = figure()
    head = PLUG_IN.index("head")
    wanted = read_c3d(write_c3d(tmp_path / "all.c3d", labels, places)).positions[:, head]
    clip = read_c3d(write_c3d(tmp_path / "w.c3d", *without(labels, places, corner)))
    assert clip.positions[:, head] == pytest.approx(wanted, abs=1e-4)
    assert clip.remarks == (f"head: without {corner}, from the other three markers",)
    crooked = places.copy()
    crooked[:, labels.index(corner)] += (0.01, 0.02, 0.0)
    wanted = read_c3d(write_c3d(tmp_path / "crooked.c3d", labels, crooked)).positions[:, head]
    crooked[100:300, labels.index(corner)] = np.nan
    clip = read_c3d(write_c3d(tmp_path / "v.c3d", labels, crooked))
    assert clip.positions[:, head] == pytest.approx(wanted, abs=1e-4)
    assert clip.remarks == ("head: from three of its four markers in 200 of 400 frames",)


def test_two_corners_are_a_gap(tmp_path):
    labels, places = figure()
    places[50:60, labels.index("LFHD")] = places[55:65, labels.index("RFHD")] = np.nan
    clip = read_c3d(write_c3d(tmp_path / "w.c3d", labels, places))
    gone = np.isnan(clip.positions[:, PLUG_IN.index("head")]).any(axis=-1)
    assert np.flatnonzero(gone).tolist() == [55, 56, 57, 58, 59]


HELEN_HAYES = {
    **{f"{s}{old}": f"{s}.{new}" for s in "LR" for old, new in {
        "ASI": "ASIS", "SHO": "Shoulder", "ELB": "Elbow", "WRA": "Wrist", "KNE": "Knee", "ANK": "Ankle", "TOE": "Toe"
    }.items()},
    "LPSI": "V.Sacral", "LFHD": "Top.Head", "RFHD": "Front.Head", "LBHD": "Rear.Head",
}  # fmt: skip
QUALISYS = {
    **{f"{s}{old}": f"{s}_{new}" for s in "LR" for old, new in {
        "ASI": "IAS", "PSI": "IPS", "SHO": "SAE", "ELB": "HLE", "WRA": "RSP", "WRB": "USP", "KNE": "FLE", "ANK": "FAL",
        "TOE": "FM2", "FHD": "HEAD",
    }.items()},
    "C7": "CV7", "T10": "TV10", "CLAV": "SME", "STRN": "SXS",
}  # fmt: skip
BODY_MODEL = {
    **{f"{s}{old}": f"{s}{new}" for s in "LR" for old, new in {
        "ASI": "ASIS", "PSI": "PSIS", "ELB": "LEE", "WRA": "LW", "WRB": "MW", "KNE": "LEK", "ANK": "LM", "FHD": "HEAD"
    }.items()},
    "STRN": "XYPH", "CLAV": "NAVE",
}  # fmt: skip


@pytest.mark.parametrize("names", [HELEN_HAYES, QUALISYS, BODY_MODEL])
def test_other_marker_sets_make_the_same_joints(tmp_path, names):
    labels, places = figure()
    places[:, [labels.index("LFHD"), labels.index("RFHD")]] -= (0, 0, 0.1)
    kept = [v for v, label in enumerate(labels) if label in names or (names is BODY_MODEL and label[1:] in ("7", "10"))]
    kept += [v for v, label in enumerate(labels) if names is BODY_MODEL and label[1:] in ("SHO", "TOE")]
    clip = read_c3d(write_c3d(tmp_path / "w.c3d", renamed([labels[v] for v in kept], names), places[:, kept]))
    assert strides(clip) == pytest.approx([1.1, 1.1], abs=0.01)
    whole = read_c3d(write_c3d(tmp_path / "all.c3d", labels, places))
    for joint in ("l_knee", "r_ankle", "l_toe", "r_elbow"):
        v = PLUG_IN.index(joint)
        assert clip.positions[:, v] == pytest.approx(whole.positions[:, v], abs=1e-4)


def test_a_second_generation_lower_body_and_the_arms_of_the_first(tmp_path):
    labels, places = figure()
    names = {f"{s}TOE": f"{s}SMH" for s in "LR"}
    more = [f"{s}{name}" for s in "LR" for name in ("THI", "THAP", "TIB", "TIAP", "KNM", "MED", "FMH", "VMH", "HEE")]
    whole = np.concatenate([places, places[:, : len(more)]], axis=1)
    clip = read_c3d(write_c3d(tmp_path / "w.c3d", [*renamed(labels, names), *more], whole))
    assert strides(clip) == pytest.approx([1.1, 1.1], abs=0.01)
    assert clip.remarks == ()
    forefoot = {f"{s}TOE": f"{s}FMH" for s in "LR"} | {f"{s}WRB": f"{s}VMH" for s in "LR"}  # heads of metatarsals
    clip = read_c3d(write_c3d(tmp_path / "v.c3d", renamed(labels, forefoot), places))
    assert "LMT1, LMT5 in place of LTOE" in clip.remarks
    assert "LWRA in place of LWRB" in clip.remarks


def test_a_lower_body_alone_is_read_and_what_lacks_is_said(tmp_path):
    labels, places = figure()
    lower = [v for v, label in enumerate(labels) if label[1:] in ("ASI", "PSI", "KNE", "ANK", "TOE")]
    clip = read_c3d(write_c3d(tmp_path / "w.c3d", [labels[v] for v in lower], places[:, lower]))
    assert clip.layout.name == "plug_in_gait9"
    assert clip.layout.joints == tuple(PLUG_IN.joints[v] for v in (0, *range(10, 18)))
    assert clip.remarks == ("the skeleton has no head, neck, arms: features and maps do without",)
    assert strides(clip) == pytest.approx([1.1, 1.1], abs=0.01)


@pytest.mark.parametrize(
    ("gone", "lacking"),
    [(["LELB"], "elbows, wrists"), (["RSHO"], "arms"), (["LTOE"], ""), (["LFHD", "RFHD", "LBHD"], "head")],
)
def test_a_marker_that_lacks_costs_what_hangs_on_it_on_both_sides(gone, lacking):
    fewer = fewer_joints(MarkerPoints(*without(*figure(), *gone)), PLUG_IN)
    assert fewer is not None
    assert fewer.lacking == lacking
    assert fewer.has("l_toe", "r_toe") is (gone != ["LTOE"])


def test_without_the_markers_of_a_leg_there_is_no_layout():
    assert fewer_joints(MarkerPoints(*without(*figure(), "LKNE")), PLUG_IN) is None
    assert fewer_joints(MarkerPoints(*figure()), PLUG_IN) is None


def test_points_that_a_model_computed_are_no_markers(tmp_path):
    labels, places = figure()
    path = write_c3d(tmp_path / "w.c3d", [*labels, "RKNE", "LHipAngles"], places[:, [*range(26), 0, 1]])
    with pytest.raises(InputError, match="expected one marker 'RKNE' with data"):
        read_c3d(path)
    described(path, [], ANGLES=["LHipAngles"], POWERS=["RKNEpower"])
    with pytest.raises(InputError, match="expected one marker 'RKNE' with data"):
        read_c3d(path)


def test_a_layout_may_name_the_centres_that_a_model_computed(tmp_path):
    labels, places = figure()
    centres = places[:, [labels.index("LASI"), labels.index("RASI")]] - (0, 0.06, 0)
    path = write_c3d(tmp_path / "w.c3d", [*labels, "LHJC", "RHJC"], np.concatenate([places, centres], axis=1))
    own = layout_with(lambda j, names: [f"{j[0].upper()}HJC"] if j.endswith("hip") else names)
    clip = read_c3d(path, layout=own)
    below = (clip.positions - read_c3d(path).positions)[:, PLUG_IN.index("l_hip"), 1]
    assert below == pytest.approx(np.full(len(below), -0.06), abs=1e-4)


def test_fewer_labels_than_points(tmp_path):
    labels, places = figure()
    path = write_c3d(tmp_path / "w.c3d", [*labels, "a", "b"], places[:, [*range(26), 0, 1]])
    file = ezc3d.c3d(str(path))
    points = MarkerPoints([*labels, "", ""], file["data"]["points"][:3].transpose(2, 1, 0))
    positions, layout, remarks = marker_joints(points, None, "walk")
    assert (positions.shape, layout.name, remarks) == ((400, 18, 3), "plug_in_gait18", ())


def test_markers_that_are_never_seen_together(tmp_path):
    labels, places = figure()
    places[:200, labels.index("C7")] = places[200:, labels.index("CLAV")] = np.nan
    with pytest.raises(InputError, match=r"all markers of a joint are seen \(got none for neck\)"):
        read_c3d(write_c3d(tmp_path / "w.c3d", labels, places))
