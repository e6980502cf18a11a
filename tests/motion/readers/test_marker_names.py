import pytest

from stgcn_affect.motion.readers.marker_names import SPELLINGS, is_marker, marker_key, plain_marker, readings, suffixed


@pytest.mark.parametrize(
    ("label", "plain", "key"),
    [
        ("LKNE", "lkne", "lkne"),
        ("L.Knee", "lknee", "lkne"),
        ("L.Knee.Lateral", "lkneelateral", "lkne"),
        ("L.Knee.Medial", "lkneemedial", "lkneemedial"),
        ("LKNM", "lknm", "lknm"),
        ("LMED", "lmed", "lmed"),
        ("Left_Knee", "lknee", "lkne"),
        ("KneeOut_R", "rkneeout", "rkne"),
        ("RASIS", "rasis", "rasi"),
        ("R.Asis", "rasis", "rasi"),
        ("R_IAS", "rias", "rasi"),
        ("V.Sacral", "vsacral", "sacr"),
        ("SACRUM", "sacrum", "sacr"),
        *((name, name.lower().replace(".", ""), "sacr") for name in ("SACR", "VSAC", "V.Sacrum", "MSAC", "MPSI")),
        ("MidPSIS", "midpsis", "sacr"),
        ("LSIAS", "lsias", "lasi"),
        ("WaistRBack", "rwaistback", "rpsi"),
        ("LLEK", "llek", "lkne"),
        ("L_Lat_Knee", "llatknee", "lkne"),
        ("RLMA", "rlma", "rank"),
        ("R.Mall", "rmall", "rank"),
        ("L2ND", "l2nd", "ltoe"),
        ("LMET", "lmet", "ltoe"),
        ("R.Toe.Tip", "rtoetip", "rtoe"),
        ("LD5M", "ld5m", "lmt5"),
        ("LLM", "llm", "lank"),
        ("L_FAL", "lfal", "lank"),
        ("L_FM2", "lfm2", "ltoe"),
        ("LSMH", "lsmh", "ltoe"),
        ("LFMH", "lfmh", "lmt1"),
        ("CV7", "cv7", "c7"),
        ("T10", "t10", "t10"),
        ("Front.Head", "fronthead", "fhead"),
        ("Left Front Head", "lfronthead", "lfhd"),
    ],
)
def test_other_marker_sets_are_spellings_of_plug_in_gait(label, plain, key):
    assert plain_marker(label) == plain
    assert marker_key(label) == key


def test_no_name_is_spelled_as_two_markers():
    spellings = [spelling for spelled in SPELLINGS.values() for spelling in spelled]
    assert len(set(spellings)) == len(spellings)
    assert not set(spellings) & set(SPELLINGS)
    assert all(name == plain_marker(name.upper()) for name in SPELLINGS)


def test_what_precedes_a_sign_may_be_a_person():
    assert readings("LASI") == [("", "LASI")]
    assert readings("Skeleton 001:LASI") == [
        ("", "Skeleton 001:LASI"),
        ("Skeleton", "001:LASI"),
        ("Skeleton 001", "LASI"),
    ]
    assert readings("*110") == [("", "*110")]
    assert readings(":LASI") == [("", ":LASI")]


@pytest.mark.parametrize("label", ["LASI", "Ana:C7", "T10", "LTHI", "V.Sacral", "L.Heel", "LTIAP", "LKNM", "CLAV"])
def test_markers(label):
    assert is_marker(label)


@pytest.mark.parametrize(
    "label",
    [
        *("", "*110", "Ana:*3", "U12", "uname*4", "unlabeled_7"),
        *("LHipAngles", "RKneeMoment", "LAnklePower", "LGroundReactionForce", "LNormalisedGRF"),
        *("Ana:LFEO", "PELA", "TRXP", "HEDL", "LHJC", "RKJC", "CentreOfMass", "V_R.Hip_JC", "V_Mid_ASIS"),
    ],
)
def test_points_that_are_no_markers(label):
    assert not is_marker(label)


def test_a_person_may_stand_behind_a_marker():
    assert suffixed("LKNE_Ana") == [("Ana", "LKNE")]
    assert suffixed("C7:Patient 1") == [("Patient 1", "C7")]
    assert suffixed("LKNE2") == [("2", "LKNE")]
    assert suffixed("C71") == [("1", "C7")]
    assert suffixed("T1002") == [("02", "T10")]
    assert suffixed("LMT1") == suffixed("T10") == suffixed("LTH2") == []
    assert suffixed("ASI_L") == suffixed("LKNE") == suffixed("Ana_hat") == []
