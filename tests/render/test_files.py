"""Files are written whole or not at all."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from chalkgrad.errors import OutputError
from chalkgrad.render.files import write_all


def everything(folder: Path) -> dict[str, str]:
    """All files below a folder, hidden ones too, with what they hold."""
    return {
        p.relative_to(folder).as_posix(): p.read_text("utf-8") for p in sorted(folder.rglob("*")) if p.is_file()
    }


def test_files_are_written_with_the_folders_they_need(tmp_path):
    write_all({tmp_path / "a" / "b" / "one.md": "1\n", tmp_path / "two.md": "zwei — 2\n"})
    assert everything(tmp_path) == {"a/b/one.md": "1\n", "two.md": "zwei — 2\n"}


def test_what_stood_there_is_replaced(tmp_path):
    (tmp_path / "one.md").write_text("a longer text that was there before")
    write_all({tmp_path / "one.md": "short"})
    assert everything(tmp_path) == {"one.md": "short"}


def test_bytes_are_utf8_with_unix_line_ends(tmp_path):
    write_all({tmp_path / "one.md": "é\nb\r\n"})
    assert (tmp_path / "one.md").read_bytes() == b"\xc3\xa9\nb\r\n"


def test_no_files_are_no_work(tmp_path):
    write_all({})
    assert everything(tmp_path) == {}


@pytest.mark.skipif(os.name != "posix", reason="permissions of POSIX")
@pytest.mark.parametrize(("mask", "mode"), [(0o022, 0o644), (0o077, 0o600), (0o002, 0o664)])
def test_permissions_follow_the_umask(tmp_path, mask, mode):
    before = os.umask(mask)
    try:
        write_all({tmp_path / "one.md": "1"})
        assert os.umask(mask) == mask, "the umask is left as it was"
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "one.md").stat().st_mode) == mode


OLD = {"one.md": "old 1", "two.md": "old 2", "three.md": "old 3"}


@pytest.fixture
def shelf(tmp_path: Path) -> Path:
    """A folder in which three pages stand already."""
    for name, text in OLD.items():
        (tmp_path / name).write_text(text)
    return tmp_path


def write_three(folder: Path) -> None:
    write_all({folder / name: f"new {name}" for name in OLD})


class Fails:
    """Calls through, until the call of that number fails as the operating system would."""

    def __init__(self, real, at: int, code: int) -> None:
        self.real, self.at, self.code, self.calls = real, at, code, 0

    def __call__(self, *args, **kwargs):
        self.calls += 1
        if self.calls == self.at:
            raise OSError(self.code, os.strerror(self.code), "somewhere")
        return self.real(*args, **kwargs)


ENOSPC, EACCES = 28, 13


@pytest.mark.parametrize("at", [1, 2, 3])
def test_a_full_disk_leaves_everything_as_it_was(shelf, monkeypatch, at):
    monkeypatch.setattr(os, "fsync", Fails(os.fsync, at, ENOSPC))
    with pytest.raises(OutputError, match="No space left on device"):
        write_three(shelf)
    assert everything(shelf) == OLD


@pytest.mark.parametrize("at", [1, 2, 3])
def test_a_file_that_cannot_be_begun_leaves_everything_as_it_was(shelf, monkeypatch, at):
    import tempfile

    monkeypatch.setattr(tempfile, "mkstemp", Fails(tempfile.mkstemp, at, EACCES))
    with pytest.raises(OutputError, match="Permission denied"):
        write_three(shelf)
    assert everything(shelf) == OLD


@pytest.mark.parametrize("at", [1, 2, 3])
def test_a_page_that_cannot_take_its_place_leaves_everything_as_it_was(shelf, monkeypatch, at):
    # where a folder stands in the way: no simulation, the system refuses by itself
    name = list(OLD)[at - 1]
    (shelf / name).unlink()
    (shelf / name / "inside").mkdir(parents=True)
    before = everything(shelf)
    with pytest.raises(OutputError):
        write_three(shelf)
    assert everything(shelf) == before


@pytest.mark.parametrize("stop", [KeyboardInterrupt, MemoryError])
def test_an_interruption_leaves_nothing_half_written(shelf, monkeypatch, stop):
    def interrupted(_: int) -> None:
        raise stop

    monkeypatch.setattr(os, "fsync", interrupted)
    with pytest.raises(stop):
        write_three(shelf)
    assert everything(shelf) == OLD


def test_text_that_no_file_can_hold_leaves_everything_as_it_was(shelf):
    with pytest.raises((OutputError, UnicodeEncodeError)):
        write_all({shelf / "one.md": "new", shelf / "two.md": "\ud800"})
    assert everything(shelf) == OLD


def test_a_file_where_a_folder_should_be(tmp_path):
    (tmp_path / "pages").write_text("in the way")
    with pytest.raises(OutputError, match=r"cannot write .*pages"):
        write_all({tmp_path / "pages" / "one.md": "1"})
    assert everything(tmp_path) == {"pages": "in the way"}


def test_the_old_page_stands_until_the_new_one_is_whole(shelf, monkeypatch):
    seen = []
    real = os.fsync

    def looking(handle: int) -> None:
        seen.append((shelf / "one.md").read_text())
        real(handle)

    monkeypatch.setattr(os, "fsync", looking)
    write_three(shelf)
    assert seen == ["old 1"] * 3, "all are made before any is put in place"
