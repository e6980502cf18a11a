"""The command-line tools: arguments in, lines of text and an exit code out. ``tools/*.py`` call these."""

__all__: list[str] = []
