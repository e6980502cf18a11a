import numpy as np
import pytest


@pytest.fixture
def privacy_fold(fold_attacks, probed, swap):
    """Makes the result of a task "attacks": z_emotion is hit as given, probabilities never, raw cycles always."""

    def make(z_emotion):
        return {
            "attacks": fold_attacks(z_emotion).to_dict(),
            "emotion": {"z_emotion": 0.7, "decoded": 0.5, "retargeted": 0.9},
            "disentanglement": probed(float(np.mean(z_emotion))),
            "swap": swap.to_dict(),
        }

    return make
