"""How many slow drifts of one joint are left in a cycle: ``PYTHONPATH=tests python tests/motion/planted_drifts.py``.

docs/own-files.md has the numbers. The limits of ``motion/bones.py`` were set on drifts of other seeds.
"""

import sys

import numpy as np
from test_planted_faults import CLEAN, WALKS, off_by

from stgcn_affect.motion.bones import joints_with_role
from stgcn_affect.motion.cycles import cut_cycles
from stgcn_affect.motion.quality import check_clip
from walking_figure import drifting


def worst_left(rng, smallest, largest):
    """Plant a drift of a joint with a role, and give the most that one is off in a cycle that is left, in heights."""
    number = int(rng.integers(len(WALKS)))
    walk = WALKS[number]
    roles = joints_with_role(walk.layout)
    joint = walk.layout.joints[int(rng.choice(np.flatnonzero(roles)))]
    start, seconds, back = rng.uniform(0.3, 4.2), rng.uniform(0.14, 2.0), bool(rng.random() < 0.5)
    way = rng.normal(size=3)
    by_m = way / np.linalg.norm(way) * rng.uniform(smallest, largest) * walk.body_height
    checked, _ = check_clip(drifting(walk, [joint], start, start + seconds, by_m, back=back))
    cycles = [] if checked is None else cut_cycles(checked)[0]
    return max((min(off_by(cycle, clean, roles) for clean in CLEAN[number]) for cycle in cycles), default=0.0)


if __name__ == "__main__":
    for smallest, largest in ((0.03, 0.3), (0.3, 0.6)):
        rng = np.random.default_rng(100)
        left = np.array([worst_left(rng, smallest, largest) for _ in range(1200)])
        sys.stdout.write(
            f"1200 drifts by {smallest} to {largest} body heights: {(left > 0.08).sum()} leave a joint off by more than"
            f" 0.08, {(left > 0.18).sum()} by more than 0.18; {left.max():.3f} at most\n"
        )
