"""What can be handed on: written here, judged in ``evaluation``."""

from typing import TYPE_CHECKING

from stgcn_affect.lazy import load_when_used

if TYPE_CHECKING:
    from stgcn_affect.release.encoder_branch import EmotionBranch
    from stgcn_affect.release.encoder_check import EncoderCheck, check_encoder
    from stgcn_affect.release.encoder_files import export_encoder
    from stgcn_affect.release.released import ReleasedEncoder, load_released

__all__ = ["EmotionBranch", "EncoderCheck", "ReleasedEncoder", "check_encoder", "export_encoder", "load_released"]

load_when_used(__name__)
