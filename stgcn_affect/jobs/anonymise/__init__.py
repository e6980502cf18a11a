"""The job of stgcn-affect anonymise."""

__all__: list[str] = []
