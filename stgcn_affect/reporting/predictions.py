"""The predictions of many recordings as two tables: a row a recording, and a row a gait cycle."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from stgcn_affect.data.prediction import Prediction
from stgcn_affect.files import write_csv

Row = list[object]


@dataclass(frozen=True, eq=False)
class RecordingPrediction:
    """What was predicted of one recording, or why nothing was.

    Args:
        source: its file, or ``file:key`` for one of several in a file.
        prediction: of its N gait cycles; None where it was left out.
        stride_time_s: of each of the N cycles.
        notes: what was mended and which strides were refused, a sentence each.
        left_out: why there is no prediction; "" where there is one.
        duration_s: the duration, and ``fps_hz`` the frames a second; 0 where it could not be read.
        fps_hz: see ``duration_s``.
        skeleton: the name of the layout that it was recorded on; "" where it could not be read.
        from_camera: whether it holds poses from one camera, of which all is less sure.
    """

    source: str
    prediction: Prediction | None = None
    stride_time_s: tuple[float, ...] = ()
    notes: tuple[str, ...] = ()
    left_out: str = ""
    duration_s: float = 0.0
    fps_hz: float = 0.0
    skeleton: str = ""
    from_camera: bool = False


def cycles_path(out: Path) -> Path:
    """The file with a row a cycle, beside that with a row a recording: "a.csv" to "a_cycles.csv"."""
    return out.with_name(f"{out.stem}_cycles{out.suffix}")


def write_predictions(found: Sequence[RecordingPrediction], emotions: Sequence[str], *, out: Path) -> None:
    """Write ``out``, a row a recording, and ``cycles_path(out)``, a row a gait cycle; an empty field is unknown."""
    write_csv([_recording_header(emotions), *(_recording_row(one, emotions) for one in found)], path=out)
    rows = (row for one in found for row in _cycle_rows(one))
    write_csv([_cycle_header(emotions), *rows], path=cycles_path(out))


def summary_lines(found: Sequence[RecordingPrediction], *, out: Path) -> Iterator[str]:
    """Counts by emotion, the most frequent reasons for leaving recordings out, and the paths of both tables."""
    known = [one.prediction for one in found if one.prediction is not None]
    emotions = Counter(one.emotion for one in known)
    shown = ", ".join(f"{name} {count}" for name, count in sorted(emotions.items()))
    outliers = sum(_mostly(one.is_outlier) for one in known)
    yield f"{len(known)} of {len(found)} recordings predicted: {shown}; {outliers} of them outliers"
    reasons = Counter(one.left_out for one in found if one.prediction is None).most_common()
    yield from (f"left out: {count} x {reason}" for reason, count in reasons[:5])
    if len(reasons) > 5:
        yield f"left out: {sum(count for _, count in reasons[5:])} for other reasons"
    yield f"a row a recording: {out}"
    yield f"a row a cycle: {cycles_path(out)}"


def _recording_header(emotions: Sequence[str]) -> Row:
    scores = ["outlier_score", "is_outlier", "cycles", "outlier_cycles", "stride_time_s"]
    about = ["duration_s", "fps_hz", "skeleton", "from_camera", "left_out", "notes"]
    return ["recording", "emotion", *_columns(emotions), *scores, *about]


def _cycle_header(emotions: Sequence[str]) -> Row:
    return ["recording", "cycle", "emotion", *_columns(emotions), "outlier_score", "is_outlier", "stride_time_s"]


def _recording_row(one: RecordingPrediction, emotions: Sequence[str]) -> Row:
    found = one.prediction
    read = one.fps_hz > 0
    about: Row = [f"{one.duration_s:.3f}" if read else "", f"{one.fps_hz:.6g}" if read else "", one.skeleton]
    about += [_flag(one.from_camera) if read else "", one.left_out, "; ".join(one.notes)]
    if found is None:
        return [one.source, "", *[""] * len(emotions), "", "", 0, 0, "", *about]
    return [
        one.source,
        found.emotion,
        *_numbers(found.probabilities),
        *_numbers([found.outlier_score.mean()]),
        _flag(_mostly(found.is_outlier)),
        len(found.cycles),
        int(found.is_outlier.sum()),
        f"{sum(one.stride_time_s) / len(one.stride_time_s):.4f}",
        *about,
    ]


def _cycle_rows(one: RecordingPrediction) -> Iterator[Row]:
    found = one.prediction
    if found is None:
        return
    for i, (cycle, stride_time_s) in enumerate(zip(found.cycles, one.stride_time_s, strict=True)):
        yield [
            one.source,
            i + 1,
            found.emotions[int(cycle.argmax())],
            *_numbers([*cycle, found.outlier_score[i]]),
            _flag(bool(found.is_outlier[i])),
            f"{stride_time_s:.4f}",
        ]


def _columns(emotions: Sequence[str]) -> list[str]:
    return [f"p_{emotion}" for emotion in emotions]


def _numbers(values: Iterable[float]) -> list[str]:
    return [f"{value:.6f}" for value in values]


def _flag(value: bool) -> str:
    """As both pandas and R read a truth value."""
    return "TRUE" if value else "FALSE"


def _mostly(flags: "Iterable[bool]") -> bool:
    """Whether most cycles are flagged."""
    values = [bool(flag) for flag in flags]
    return sum(values) > len(values) / 2
