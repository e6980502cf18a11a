"""Files that appear whole or not at all."""

import os
import tempfile
from pathlib import Path


def write_whole(content: bytes | str, *, path: str | Path) -> Path:
    """Write by way of a file beside the target, so that a reader never sees half of it; folders are made.

    Args:
        content: bytes, or text that becomes UTF-8.
        path: of the file; an older one is replaced.
    """
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content.encode("utf-8") if isinstance(content, str) else content)
        Path(name).chmod(0o644)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    return path
