import pytest
import torch

from stgcn_affect.errors import InputError
from stgcn_affect.explain.attribution.methods import METHODS, AttributionInput, method_named

# An average over joints gives relevance to joints that the read-out does not read.
GRAPH_AWARE = [name for name in METHODS if name != "gradcam_captum"]


@pytest.mark.parametrize("joint", [0, 1, 2])
@pytest.mark.parametrize("method", GRAPH_AWARE)
def test_a_planted_joint_is_found_by_every_method(planted, method, joint):
    decision = planted(joint)
    torch.manual_seed(1)
    x = torch.randn(5, 2, 8, 3)
    reference = decision.up_to(1, torch.randn(9, 2, 8, 3)).mean(dim=0).detach()
    joints = (
        METHODS[method].relevance(AttributionInput(decision, x, 1, 1, reference=reference)).joints.abs().sum(dim=(0, 1))
    )
    others = joints.sum() - joints[joint]
    assert joints[joint] > 1e-4
    # LRP divides by magnitudes that are never exactly zero.
    assert others <= 1e-4 * joints[joint]


def test_captums_own_average_names_joints_that_are_not_read(planted):
    torch.manual_seed(1)
    given = AttributionInput(planted(1), torch.randn(5, 2, 8, 3), 1, 1)
    joints = METHODS["gradcam_captum"].relevance(given).joints.abs().sum(dim=(0, 1))
    assert joints[0] + joints[2] > 0.1 * joints[1]


def test_methods_say_what_they_take(planted):
    torch.manual_seed(1)
    decision, x = planted(1), torch.randn(5, 2, 8, 3)
    for name, method in METHODS.items():
        maps = []
        for block in (0, 1):
            reference = decision.up_to(block, x).mean(dim=0).detach() if method.takes_reference else None
            maps.append(method.relevance(AttributionInput(decision, x, 1, block, reference=reference)).joints)
        assert torch.equal(*maps) != method.takes_block, name


def test_an_unknown_method_is_an_input_error():
    with pytest.raises(InputError, match=r"method: expected one of gradcam, .*gradient.* \(got 'lime'\)"):
        method_named("lime")
