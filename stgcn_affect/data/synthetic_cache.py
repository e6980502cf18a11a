"""The cache of the synthetic walkers."""

import hashlib
import json
from collections.abc import Iterator, Sequence
from functools import cache as cache_once
from pathlib import Path

from stgcn_affect.data.prepare import CacheReport, build_cache
from stgcn_affect.motion.clip import Clip
from stgcn_affect.synthetic.emotion_factors import EMOTION_FACTORS
from stgcn_affect.synthetic.walkers import GENERATOR_VERSION, SyntheticWalkers, synthetic_walkers


def build_synthetic_cache(
    cache: str | Path,
    *,
    walkers: int,
    takes: int,
    seed: int,
    emotions: Sequence[str],
    emotion_factors: Sequence[str] = (),
) -> CacheReport:
    """Build the cache of synthetic walkers, or find that it is there already.

    Args:
        cache: its folder.
        walkers: how many.
        takes: of each walker and emotion.
        seed: of the walkers.
        emotions: names.
        emotion_factors: in which emotions differ; all where none is named.

    Raises:
        InputError: an unknown emotion or factor.
    """
    made_of = {
        "walkers": walkers,
        "takes": takes,
        "seed": seed,
        "emotions": list(emotions),
        "emotion_factors": list(emotion_factors),
        "generator_version": GENERATOR_VERSION,
    }

    @cache_once
    def made() -> SyntheticWalkers:
        return synthetic_walkers(
            walkers=walkers,
            takes=takes,
            seed=seed,
            emotions=tuple(emotions),
            emotion_factors=tuple(emotion_factors or EMOTION_FACTORS),
        )

    def clips() -> Iterator[Clip]:
        yield from made().clips

    return build_cache(
        clips(),
        Path(cache),
        name="synthetic",
        settings=made_of,
        inputs_digest=hashlib.sha256(json.dumps(made_of, sort_keys=True).encode()).hexdigest(),
        truth=lambda: {
            "generator_version": GENERATOR_VERSION,
            "identity": made().identity,
            "emotion_factors": made().emotion_factors,
        },
    )
