"""Guess a manifest: how recordings are read, and their subjects, emotions and takes."""

from stgcn_affect.data.guess.contents import Contents, guess_contents
from stgcn_affect.data.guess.emotions import guess_emotions
from stgcn_affect.data.guess.guess import Guess
from stgcn_affect.data.guess.proposal import Proposal, find_recordings, guess_labels, propose, write_proposal
from stgcn_affect.data.guess.subjects import guess_subjects

__all__ = [
    "Contents",
    "Guess",
    "Proposal",
    "find_recordings",
    "guess_contents",
    "guess_emotions",
    "guess_labels",
    "guess_subjects",
    "propose",
    "write_proposal",
]
