"""What the command-line tools do: one file or folder for each. Nothing here is public."""

__all__: list[str] = []
