"""Readers of motion files: a file for each format, and ``formats``, which lists them and reads any of them."""

from stgcn_affect.motion.readers.array import read_array
from stgcn_affect.motion.readers.bvh import Bvh, parse_bvh, read_bvh
from stgcn_affect.motion.readers.c3d import read_c3d
from stgcn_affect.motion.readers.emotion_gait import read_emotion_gait
from stgcn_affect.motion.readers.formats import FORMATS, Format, Recording, open_recording, read_clips
from stgcn_affect.motion.readers.plain_pickle import load_plain_pickle
from stgcn_affect.motion.readers.pyskl import read_pyskl
from stgcn_affect.motion.readers.table import read_table

__all__ = [
    "FORMATS",
    "Bvh",
    "Format",
    "Recording",
    "load_plain_pickle",
    "open_recording",
    "parse_bvh",
    "read_array",
    "read_bvh",
    "read_c3d",
    "read_clips",
    "read_emotion_gait",
    "read_pyskl",
    "read_table",
]
