"""The synthetic walkers as a source of clips, and their cache."""

import hashlib
import json
from collections.abc import Iterator, Sequence
from functools import cache as cache_once
from pathlib import Path
from typing import Any

from stgcn_affect.data.prepare import CacheReport, ClipSource, build_cache
from stgcn_affect.motion.clip import Clip
from stgcn_affect.settings import SyntheticConfig
from stgcn_affect.synthetic.emotion_factors import EMOTION_FACTORS, EMOTIONS
from stgcn_affect.synthetic.walkers import GENERATOR_VERSION, SyntheticWalkers, synthetic_walkers


def synthetic_source(
    *,
    walkers: int = SyntheticConfig.walkers,
    takes: int = SyntheticConfig.takes,
    seed: int = SyntheticConfig.seed,
    emotions: Sequence[str] = EMOTIONS,
    emotion_factors: Sequence[str] = (),
) -> ClipSource:
    """The clips of synthetic walkers, which are generated when they are asked for.

    Args:
        walkers: the number of walkers.
        takes: the number of takes of each walker and emotion.
        seed: the seed of the walkers.
        emotions: names.
        emotion_factors: in which emotions differ; all where none is named.

    Raises:
        InputError: an unknown emotion or factor, when the clips are asked for.
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

    return ClipSource(
        clips(),
        name="synthetic",
        settings=made_of,
        inputs_digest=hashlib.sha256(json.dumps(made_of, sort_keys=True).encode()).hexdigest(),
        truth=lambda: {
            "generator_version": GENERATOR_VERSION,
            "identity": made().identity,
            "emotion_factors": made().emotion_factors,
        },
    )


def build_synthetic_cache(cache: str | Path, **about: Any) -> CacheReport:
    """Build the cache of synthetic walkers, or find that it is there already.

    Args:
        cache: its folder.
        about: the arguments of ``synthetic_source``.

    Raises:
        InputError: an unknown emotion or factor.
    """
    return build_cache(synthetic_source(**about), cache)
