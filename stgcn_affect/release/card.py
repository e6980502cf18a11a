"""The card beside anonymised files: what they hold, how they were made, and whether that was tested."""

from typing import NamedTuple

MEAN, RANDOM = "mean", "random"
"""Target bodies that are nobody's; any other name is that of a subject."""


class Mechanism(NamedTuple):
    """How walks are anonymised.

    Args:
        identity: ``MEAN``, ``RANDOM`` or the name of a subject.
        cadence: one of ``CADENCES``.
    """

    identity: str = MEAN
    cadence: str = "mean"

    @property
    def real_body(self) -> bool:
        """Whether the target is a person."""
        return self.identity not in (MEAN, RANDOM)


_BODY = {
    MEAN: "the mean of the model's training subjects",
    RANDOM: "a body of nobody, drawn anew for each recording around the mean of the training subjects",
}

_CADENCE = {
    "mean": "decoded of the emotion and the target body; that of the recording is not in the file",
    "keep": "that of the recording, which helps to identify who walked",
}

_TESTED = {None: "was not tested by the rule", True: "passed the rule", False: "failed the rule"}


def card_text(mechanism: Mechanism, *, passed: bool | None, emotions: tuple[str, ...], joints: int) -> str:
    """The card as Markdown; it says nothing of the recordings, not even how many there are.

    Args:
        mechanism: how the files were made.
        passed: whether it passed the rule when it was scored; None: it was not scored.
        emotions: that the model knows.
        joints: of its skeleton.
    """
    real = mechanism.real_body
    body = "a real person, a subject of the model's data: hand it on only if that person agreed" if real else ""
    lines = [
        "# Anonymised walks",
        "",
        f"Written by a mechanism that **{_TESTED[passed]}** of stgcn_affect's evaluation: what the strongest of eight"
        " attackers gains from these files beyond the predicted emotion.",
        "",
        f"- Emotion: that of the recording as the model encodes it ({', '.join(emotions)}), averaged over its cycles.",
        f"- Body: {body or _BODY[mechanism.identity]}; {joints} joints, one set of bone lengths.",
        f"- Cadence: {_CADENCE[mechanism.cadence]}.",
        "- Length, frame rate and height are the same in every file. Each file repeats one decoded gait cycle.",
        "- What was not kept: names, comments, marker names, takes, times, and what lies between the cycles.",
        "",
        "Decoded motion is no recording: do not measure gait in it. The emotion is what a model read from an acted or"
        " perceived one, not what anybody felt.",
        "",
    ]
    return "\n".join(lines)
