import numpy as np

from stgcn_affect.features.role_points import role_points
from stgcn_affect.skeleton.layout import ROLES, load_layout


def test_every_required_role_and_the_spine():
    layout = load_layout("emotion_gait16")
    rest = np.asarray(layout.rest, float)
    points = role_points(rest, layout)
    assert set(points) == {*ROLES, "spine"}
    assert points["spine"].tolist() == rest[layout.index("spine")].tolist()
    assert points["l_wrist"].tolist() == rest[layout.index("l_hand")].tolist()


def test_the_middle_stands_in_for_a_spine_that_is_not_there():
    coco = load_layout("coco17")
    rest = np.asarray(coco.rest, float)
    points = role_points(rest, coco)
    assert "spine" not in coco.roles
    # hips at a height of 0.91 and shoulders at 1.38
    np.testing.assert_allclose(points["spine"], [0, 1.145, 0], atol=1e-6)
