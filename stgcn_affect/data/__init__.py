"""Data sets of gait cycles: from recordings to a cache, a PyG dataset, and splits by subject.

``guess`` proposes a manifest for a folder of recordings.
"""

from typing import TYPE_CHECKING

from stgcn_affect.lazy import load_when_used

if TYPE_CHECKING:
    from stgcn_affect.data.augment import Augmentation
    from stgcn_affect.data.averages import emotion_cycles, stride_times, subject_cycles
    from stgcn_affect.data.batch import CycleBatch, StoredCycles
    from stgcn_affect.data.collection import Collection, open_collection
    from stgcn_affect.data.dataset import GaitDataset
    from stgcn_affect.data.deduplicate import PreparedSet, copied_takes, deduplicate
    from stgcn_affect.data.fold import FoldData, fold_data
    from stgcn_affect.data.labelled import open_labelled
    from stgcn_affect.data.manifest import ManifestRow, read_manifest
    from stgcn_affect.data.prediction import Prediction, probabilities
    from stgcn_affect.data.prepare import (
        CacheReport,
        ClipSource,
        build_cache,
        collection_source,
        prepare_files,
        prepare_store,
    )
    from stgcn_affect.data.prepare_clip import PreparedClip, prepare_clip
    from stgcn_affect.data.random_cycles import random_cycles
    from stgcn_affect.data.splits import (
        Split,
        fixed_split,
        grouped_folds,
        hold_out_take,
        leave_one_subject_out,
        protocol_splits,
        subject_holdout,
        take_ids,
    )
    from stgcn_affect.data.store import CycleStore, open_store, write_store
    from stgcn_affect.data.subject_baseline import (
        OTHER_TAKES,
        Strides,
        average_baseline,
        mean_over_groups,
        relative_to_baseline,
        replace_baseline,
        with_baselines,
    )
    from stgcn_affect.data.synthetic_cache import synthetic_source
    from stgcn_affect.data.walk import Walk, read_walk

__all__ = [
    "OTHER_TAKES",
    "Augmentation",
    "CacheReport",
    "ClipSource",
    "Collection",
    "CycleBatch",
    "CycleStore",
    "FoldData",
    "GaitDataset",
    "ManifestRow",
    "Prediction",
    "PreparedClip",
    "PreparedSet",
    "Split",
    "StoredCycles",
    "Strides",
    "Walk",
    "average_baseline",
    "build_cache",
    "collection_source",
    "copied_takes",
    "deduplicate",
    "emotion_cycles",
    "fixed_split",
    "fold_data",
    "grouped_folds",
    "hold_out_take",
    "leave_one_subject_out",
    "mean_over_groups",
    "open_collection",
    "open_labelled",
    "open_store",
    "prepare_clip",
    "prepare_files",
    "prepare_store",
    "probabilities",
    "protocol_splits",
    "random_cycles",
    "read_manifest",
    "read_walk",
    "relative_to_baseline",
    "replace_baseline",
    "stride_times",
    "subject_cycles",
    "subject_holdout",
    "synthetic_source",
    "take_ids",
    "with_baselines",
    "write_store",
]

load_when_used(__name__)
