"""The job of tools/explain.py."""
