"""The job of tools/explain.py."""

__all__: list[str] = []
