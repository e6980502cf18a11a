"""Synthetic walkers: a kinematic gait model whose identity and emotion factors are known."""
