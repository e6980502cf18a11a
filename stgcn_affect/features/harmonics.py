"""Fourier harmonics of gait cycles as features."""

import numpy as np

from stgcn_affect.errors import InputError
from stgcn_affect.features.table import TROJE, FeatureTable, Floats, checked_cycles
from stgcn_affect.skeleton.layout import Layout


def fourier_harmonics(positions: Floats, layout: Layout, *, harmonics: int = 3) -> FeatureTable:
    """Mean, cosine and sine amplitudes of every joint and axis: ``[N, T, V, 3]`` to ``[N, (2H+1) V 3]``.

    The path of a joint along an axis at phase p, in cycles, is close to mean + sum over h of cos_h cos(2 pi h p) +
    sin_h sin(2 pi h p), with the amplitudes that fit best. Features ``<joint>.<axis>.mean``, ``.cos<h>`` and
    ``.sin<h>``: all means first, then cosines and sines by harmonic; within each, joints in the layout's order. The
    proportions of the body are in them unless the cycles are retargeted to one body.

    Source: Troje, "Decomposing biological motion", J. Vision 2 (2002).

    Raises:
        InputError: positions of another shape or not finite, or more harmonics than T samples determine.
    """
    cycles = checked_cycles(positions, layout)
    samples = cycles.shape[1]
    most = (samples - 1) // 2
    if not 0 <= harmonics <= most:
        raise InputError(f"harmonics: {samples} samples determine 0 to {most} of them (got {harmonics})")
    spectrum = np.fft.rfft(cycles, axis=1)[:, : harmonics + 1] / samples
    parts = [spectrum[:, 0].real]
    for h in range(1, harmonics + 1):
        parts += [2 * spectrum[:, h].real, -2 * spectrum[:, h].imag]
    kinds = ["mean", *(f"{wave}{h}" for h in range(1, harmonics + 1) for wave in ("cos", "sin"))]
    names = tuple(f"{joint}.{axis}.{kind}" for kind in kinds for joint in layout.joints for axis in "xyz")
    return FeatureTable(
        names=names,
        units=("body heights",) * len(names),
        sources=(TROJE,) * len(names),
        values=np.asarray(np.stack(parts, axis=1).reshape(len(cycles), -1), np.float32),
    )
