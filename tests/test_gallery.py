"""The committed gallery is what chalkgrad makes today."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path

import pytest

_spec = importlib.util.spec_from_file_location("gallery", Path(__file__).parent / "gallery.py")
assert _spec is not None
assert _spec.loader is not None
gallery = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(gallery)


@pytest.fixture(scope="module")
def made() -> dict[Path, str | bytes]:
    return dict(gallery.pages())


def as_bytes(content: str | bytes) -> bytes:
    return content.encode() if isinstance(content, str) else content


def test_no_page_is_stale(made: dict[Path, str | bytes]) -> None:
    stale = [path.name for path, new in made.items() if not path.exists() or path.read_bytes() != as_bytes(new)]
    assert not stale, f"run `make gallery`: {', '.join(stale)}"


def test_no_page_is_left_over(made: dict[Path, str | bytes]) -> None:
    kept = {*made, *(gallery.GALLERY / name for name in gallery.BY_PROGRAMS)}
    assert {path for path in gallery.GALLERY.rglob("*") if path.is_file()} <= kept


def test_what_is_linked_is_there(made: dict[Path, str | bytes]) -> None:
    for page in [*(path for path in made if path.suffix == ".md"), gallery.GALLERY.parent.parent / "README.md"]:
        for target in re.findall(r"\]\(([^)#]+)\)", page.read_text("utf-8")):
            assert "://" in target or (page.parent / target).exists(), f"{page.name}: {target}"
