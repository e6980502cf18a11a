"""Tests of relevance maps: faithfulness, sanity, properties, ground truth, and the choice of a method."""
