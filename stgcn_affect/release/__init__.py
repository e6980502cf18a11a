"""Release: what may be handed on; this folder writes it, and ``evaluation`` judges what was written."""

from typing import TYPE_CHECKING

from stgcn_affect.lazy import load_when_used

if TYPE_CHECKING:
    from stgcn_affect.release.anonymise import TargetBody, anonymise_walk, target_body
    from stgcn_affect.release.bvh import bvh_text
    from stgcn_affect.release.encoder_branch import EmotionBranch
    from stgcn_affect.release.encoder_check import EncoderCheck, check_encoder
    from stgcn_affect.release.encoder_files import export_encoder
    from stgcn_affect.release.ground import walk_of_cycle
    from stgcn_affect.release.motion_files import WRITERS, write_motion
    from stgcn_affect.release.released import ReleasedEncoder, load_released

__all__ = [
    "WRITERS",
    "EmotionBranch",
    "EncoderCheck",
    "ReleasedEncoder",
    "TargetBody",
    "anonymise_walk",
    "bvh_text",
    "check_encoder",
    "export_encoder",
    "load_released",
    "target_body",
    "walk_of_cycle",
    "write_motion",
]

load_when_used(__name__)
