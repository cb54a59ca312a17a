"""The only code that writes to disk: files are written whole or not at all."""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
import sys
import tempfile
from collections.abc import Container, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TypeAlias

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
        raise _refused(error) from error
    except BaseException:
        _restore(kept)
        raise
    finally:
        for leftover in (*(part for part, _ in waiting), *(old for old in kept.values() if old)):
            leftover.unlink(missing_ok=True)


def _refused(error: OSError) -> OutputError:
    """What the system refuses, in a sentence."""
    name = error.filename2 or error.filename  # of what is renamed, the name that it was to have
    where = str(name) if name else Message("the pages")
    reason = Message(error.strerror or str(error))
    return OutputError(Message("cannot write {path}: {reason}", path=where, reason=reason))


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


Content: TypeAlias = str | bytes | Iterable[str | bytes]
"""What a file holds, whole or piece by piece."""


def digest(path: Path) -> str:
    """The SHA-256 of a file, in hexadecimal digits; empty where there is no file."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return ""


@contextmanager
def _told() -> Iterator[None]:
    """Whatever the system refuses is told as an `OutputError`."""
    try:
        yield
    except OSError as error:
        raise _refused(error) from error


def _locked(lock: int, *, alone: bool) -> bool:
    """Whether a file that says who is at work could be had: by a leader only where nobody is, then by helpers.

    The system gives it back when a process ends, in whatever way.  Where it has no such thing, nobody is asked.
    """
    if sys.platform == "win32":
        return True
    import fcntl  # noqa: PLC0415 (POSIX has it)

    try:
        if alone:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:  # a file system without locks
        return True
    return True


LOCK = "lock"


class Workbench:
    """Where a long run makes its files: a hidden folder inside the one that they are for.

    A file takes its name there only when it is whole, one at a time, so that thousands can be written while what
    is done can be looked at already.  A run that is killed leaves the bench behind, and in it what the next one
    needs to go on; nothing unfinished is ever outside it.  Processes may share a bench: each has a scrap of its
    own.
    """

    def __init__(self, home: Path) -> None:
        """`home` is the folder that the files are for; nothing is made before `open`."""
        self.home = home
        self.folder = home / ".unfinished"
        self._folders: set[str] = set()

    def put(self, name: str, content: Content) -> str:
        """Write a file of the folder, by its name below it; returns its SHA-256 in hexadecimal digits."""
        return self._written(self.home, name, content)

    def keep(self, name: str, content: Content) -> str:
        """Write a file of the bench itself, which goes with it."""
        return self._written(self.folder, name, content)

    def remove(self, names: Iterable[str]) -> None:
        """Remove files of the folder, by name, and the folders that are empty then."""
        paths = [self.home / name for name in names]
        with _told():
            for path in paths:
                path.unlink(missing_ok=True)
            for folder in {path.parent for path in paths} - {self.home}:
                if folder.is_dir() and not any(folder.iterdir()):
                    folder.rmdir()

    @contextmanager
    def open(self, *, alone: bool) -> Iterator[None]:
        """Work at the bench; `alone`: as the one who leads the run, not as one who helps.

        Raises `OutputError` where another run is at work there, be it only the last helper of one that was killed.
        """
        with _told():
            self.folder.mkdir(parents=True, exist_ok=True)
            lock = os.open(self.folder / LOCK, os.O_RDWR | os.O_CREAT, 0o666)
        try:
            if not _locked(lock, alone=alone):
                busy = Message(
                    "another run is writing into {folder}; wait until it is done", folder=str(self.home)
                )
                raise OutputError(busy)
            if alone:
                with _told():
                    for scrap in self.folder.glob("*.part"):
                        scrap.unlink(missing_ok=True)
            yield
        finally:
            os.close(lock)

    def empty(self, but: Container[str] = ()) -> None:
        """Throw away what an earlier run kept, but for files of these names."""
        with _told():
            for path in self.folder.iterdir():
                if path.name not in but and path.name != LOCK:
                    path.unlink()

    def clear(self) -> None:
        """The work is done: the bench goes."""
        with _told():
            shutil.rmtree(self.folder)

    def _written(self, home: Path, name: str, content: Content) -> str:
        # text rather than Path objects: thousands of files are written in a second
        path, scrap = f"{home}/{name}", f"{self.folder}/{os.getpid()}.part"
        found = hashlib.sha256()
        try:
            self._be_there(os.path.dirname(path))  # noqa: PTH120
            with Path(scrap).open("wb") as file:
                for piece in (content,) if isinstance(content, (str, bytes)) else content:
                    data = piece.encode() if isinstance(piece, str) else piece
                    found.update(data)
                    file.write(data)
            os.replace(scrap, path)  # noqa: PTH105
        except OSError as error:
            Path(scrap).unlink(missing_ok=True)
            raise _refused(error) from error
        except BaseException:
            Path(scrap).unlink(missing_ok=True)
            raise
        return found.hexdigest()

    def _be_there(self, folder: str) -> None:
        """Make a folder, once."""
        if folder not in self._folders:
            Path(folder).mkdir(parents=True, exist_ok=True)
            self._folders.add(folder)
