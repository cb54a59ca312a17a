"""The only code that writes to disk: files are written whole or not at all."""

from __future__ import annotations

import errno
import os
import tempfile
from collections.abc import Mapping
from pathlib import Path

from chalkgrad.errors import OutputError
from chalkgrad.messages import Message


def write_all(files: Mapping[Path, str | bytes]) -> None:
    """Write files, each through a temporary neighbour that takes its name only when all are complete.

    Raises `OutputError` with the operating system's reason; what stood there before then still stands.
    """
    waiting: list[tuple[Path, Path]] = []
    kept: dict[Path, Path | None] = {}
    try:
        for path, content in files.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            _refuse_folder(path)
            waiting.append((_written(path, content), path))
        for part, path in waiting:
            kept[path] = _aside(path)
            part.replace(path)
    except OSError as error:
        _restore(kept)
        where = str(error.filename) if error.filename else Message("the pages")
        reason = Message(error.strerror or str(error))
        raise OutputError(Message("cannot write {path}: {reason}", path=where, reason=reason)) from error
    except BaseException:
        _restore(kept)
        raise
    finally:
        for leftover in (*(part for part, _ in waiting), *(old for old in kept.values() if old)):
            leftover.unlink(missing_ok=True)


def _refuse_folder(path: Path) -> None:
    if path.is_dir():
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))


def _written(path: Path, content: str | bytes) -> Path:
    """The content in a temporary file beside where it belongs."""
    handle, name = tempfile.mkstemp(prefix=f".{path.name[:50]}.", suffix=".part", dir=path.parent)
    part = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content.encode() if isinstance(content, str) else content)
            file.flush()
            os.fsync(file.fileno())
        part.chmod(0o666 & ~_umask())
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    return part


def _aside(path: Path) -> Path | None:
    """What stands at a path, under another name, until all is done."""
    if not path.exists():
        return None
    handle, name = tempfile.mkstemp(prefix=f".{path.name[:50]}.", suffix=".old", dir=path.parent)
    os.close(handle)
    old = Path(name)
    path.replace(old)
    return old


def _restore(kept: Mapping[Path, Path | None]) -> None:
    """Put back what stood there before."""
    for path, old in kept.items():
        if old is None:
            path.unlink(missing_ok=True)
        elif old.exists():
            old.replace(path)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
