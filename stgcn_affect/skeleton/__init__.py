"""Skeletons: joints, bones, mirror pairs, roles, and the graph made of them."""
