"""Privacy-preserving, explainable emotion recognition from gait, on a spatial-temporal skeleton graph."""

__version__ = "0.1.0"
