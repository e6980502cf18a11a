"""The job of stgcn-affect explain."""

__all__: list[str] = []
