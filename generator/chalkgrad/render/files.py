"""The only code that writes to disk: files are written whole or not at all."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping
from pathlib import Path

from chalkgrad.errors import OutputError


def write_all(files: Mapping[Path, str]) -> None:
    """Write files, each through a temporary neighbour that takes its name only when it is complete.

    Raises `OutputError` with the operating system's reason; what stood there before then still stands.
    """
    waiting: list[tuple[Path, Path]] = []
    try:
        for path, text in files.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".part", dir=path.parent)
            waiting.append((Path(name), path))
            with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            Path(name).chmod(0o666 & ~_umask())
        for part, path in waiting:
            part.replace(path)
    except OSError as error:
        raise OutputError(f"cannot write {error.filename or 'the pages'}: {error.strerror}") from error
    finally:
        for part, _ in waiting:
            part.unlink(missing_ok=True)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
