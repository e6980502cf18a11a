"""Relevance maps of gait cycles, their averages, and rankings of joints."""
