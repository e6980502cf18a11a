"""Names of markers: prefixes of people, spellings, what stands for a missing marker, and which points are no markers.

Sources of the names: Vicon's Plug-in Gait and its outputs, the Conventional Gait Model 1 and 2 (pyCGM2), Motion
Analysis' Helen Hayes set and the same in OpenSim's models, Motek's Human Body Model, Qualisys' CAST and IOR sets,
OptiTrack's sets, the Oxford Foot Model.
"""

import re
from collections.abc import Mapping

from stgcn_affect.motion.guess_layout import SIDES

_WORD = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+|\d+")
_SEPARATOR = re.compile(r"[:|/._\- ]+")

_SIDED: dict[str, tuple[str, ...]] = {
    "asi": ("asis", "ias", "sias", "waistfront", "frontwaist"),
    "psi": ("psis", "ips", "sips", "waistback", "backwaist"),
    "kne": (
        *("knee", "kneelateral", "kneelat", "lateralknee", "latknee", "kneeout", "knl"),
        *("fle", "lek", "lke", "lfe", "lfc"),
    ),
    "ank": (
        *(
            "ankle",
            "anklelateral",
            "anklelat",
            "lateralankle",
            "latankle",
            "ankleout",
            "fal",
            "lm",
            "lma",
            "lmal",
            "mal",
        ),
        *("mall", "malleolus", "lateralmalleolus", "malleoluslateral", "latmal", "latmall"),
    ),
    "toe": (
        *("toes", "smh", "mt2", "fm2", "fmt2", "2mt", "2ndmt", "mth2", "forefoot2", "met2", "mtp2", "mh2", "2nd"),
        *("met", "toetip", "hlx", "hallux"),
    ),
    "mt1": ("fmh", "fm1", "fmt1", "1mt", "mth1", "met1", "mtp1", "mh1", "1st", "d1m"),
    "mt5": ("vmh", "fm5", "fmt5", "5mt", "mth5", "forefoot5", "met5", "mtp5", "mh5", "5th", "d5m"),
    "sho": ("shoulder", "acr", "acromion", "acromium", "acrom", "sae", "shoulderacromion", "shouldertop"),
    "elb": ("elbow", "elbowlateral", "elbowlat", "lateralelbow", "latelbow", "elbowout", "hle", "lee", "lel"),
    "wri": ("wrist", "wrs"),
    "wra": ("rsp", "radius", "rad", "wristradius", "wristradial", "wristlateral", "wristlat", "wristin", "lw"),
    "wrb": ("usp", "ulna", "uln", "wristulna", "wristulnar", "wristmedial", "wristmed", "wristout", "mw"),
    "fhd": ("fronthead", "headfront"),
    "bhd": ("backhead", "headback", "rearhead", "headrear"),
    "head": ("headside", "sidehead"),
}
_MIDDLE: dict[str, tuple[str, ...]] = {
    "sacr": (
        *("sacrum", "sacral", "vsacral", "vsacrum", "vsac", "sac", "msac", "msacr", "midsacrum", "mpsi", "mpsis"),
        *("midpsi", "midpsis", "psimid", "vmidpsis"),
    ),
    "c7": ("cv7", "cerv7", "cervical7", "spinec7"),
    "t10": ("tv10", "th10", "thoracic10", "spinet10"),
    "t8": ("tv8", "th8"),
    "clav": ("clavicle", "sme", "ijn", "suprasternale", "sternalnotch", "suprasternalnotch", "jugularnotch", "jug"),
    "strn": ("sternum", "xiph", "xyph", "xiphoid", "xyphoid", "xiphoidprocess", "xpro", "sxs"),
    "fhead": ("fronthead", "headfront", "sgl"),
    "bhead": ("rearhead", "headrear", "backhead", "headback"),
    "thead": ("tophead", "headtop", "vertex"),
}

SPELLINGS: dict[str, tuple[str, ...]] = _MIDDLE | {
    f"{side}{core}": tuple(f"{side}{name}" for name in names) for core, names in _SIDED.items() for side in "lr"
}
"""Plug-in Gait's name of each marker, in small letters, and what other marker sets call it; the likeliest first."""

_KEYS = {spelling: name for name, spellings in SPELLINGS.items() for spelling in spellings}

STAND_INS: Mapping[str, tuple[tuple[str, ...], ...]] = {"sacr": (("lpsi", "rpsi"),)} | {
    f"{side}{marker}": tuple(tuple(name.replace("_", side) for name in names) for names in others)
    for side in "lr"
    for marker, others in {
        "psi": (("sacr",),),
        "toe": (("_mt1", "_mt5"),),
        "wri": (("_wra", "_wrb"),),
        "wra": (("_wri",), ("_wrb",)),
        "wrb": (("_wri",), ("_wra",)),
    }.items()
}
"""For a marker that is not there, markers whose mean stands for it; the better ones first."""

HEAD = ("lfhd", "rfhd", "lbhd", "rbhd")
"""The four corners of the head; each stands diagonally across from the one as far from the other end."""

PELVIS = ("lasi", "rasi", "lpsi", "rpsi")
"""The markers of the pelvis, which every set has."""

JOINT_STAND_INS: Mapping[frozenset[str], tuple[tuple[str, ...], ...]] = {
    frozenset(HEAD): (("lhead", "rhead"), ("fhead", "bhead"), HEAD[:2], HEAD[2:], ("thead",)),
    frozenset(("c7", "clav")): (("lsho", "rsho"),),
    frozenset(("t10", "strn")): (
        (*PELVIS, "c7", "c7", "clav", "clav"),
        (*PELVIS, "lsho", "lsho", "rsho", "rsho"),
    ),
}
"""For a joint of these markers, one of which is not there, markers whose mean stands for the joint: the neck is the
middle of the shoulders, the spine the middle of pelvis and neck."""

_UNLABELLED = re.compile(
    r"[\W_]*\d*|(?:u|m|c|uname|unnamed|unlabell?ed|unidentified|traj|trajectory|marker)[\W_]*\d+", re.I
)
_OUTPUT = re.compile(
    r".*(?:angles?|forces?|moments?|powers?|grf|grm|cop|work|velocity|progress|jc|jointcent(?:er|re))\d*"
    r"|(?:pel|trx|hed|thx|[lr](?:fe|ti|fo|to|hu|ra|hn|cl))[oalp]"
    r"|cent(?:er|re)ofmass.*|com(?:floor)?|v_.*",
    re.IGNORECASE,
)


def plain_marker(name: str) -> str:
    """A name in small letters, its side first: "L.ASIS" and "Left_Asis" to "lasis", "LKNE" to "lkne"."""
    words = [word.lower() for word in _WORD.findall(name)]
    side = next((SIDES[word] for word in words if word in SIDES), "")
    return side + "".join(word for word in words if not side or word not in SIDES)


def marker_key(name: str) -> str:
    """Plug-in Gait's name of a marker, in small letters: "R.Knee" to "rkne"; other names as ``plain_marker``."""
    plain = plain_marker(name)
    return _KEYS.get(plain, plain)


def readings(label: str) -> list[tuple[str, str]]:
    """The ways to read a label as a person and a marker: "Ana_LKNE" as a marker of nobody's, or as LKNE of Ana."""
    cuts = [(cut.start(), cut.end()) for cut in _SEPARATOR.finditer(label)]
    return [("", label)] + [(label[:start].strip(), label[end:]) for start, end in cuts if label[:start].strip()]


def suffixed(label: str) -> list[tuple[str, str]]:
    """The ways to read a label as a known marker and a person behind it: "LKNE_Ana" as LKNE of Ana, "LKNE2" as that of
    a person 2.
    """
    if marker_key(label) in SPELLINGS:
        return []
    cuts = [(label[: cut.start()].strip(), label[cut.end() :].strip()) for cut in _SEPARATOR.finditer(label)]
    letters = len(label.rstrip("0123456789"))
    cuts += [(label[:i], label[i:]) for i in range(letters, len(label))]
    return [(person, name) for name, person in cuts if person and marker_key(name) in SPELLINGS]


def is_marker(label: str) -> bool:
    """False for points that were never named ("*12"), and for a model's angles, forces, moments, powers and centres."""
    own = label.split(":")[-1].strip()
    return marker_key(own) in SPELLINGS or not (_UNLABELLED.fullmatch(own) or _OUTPUT.fullmatch(own))
