"""The committed gallery is what chalkgrad makes today."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

_spec = importlib.util.spec_from_file_location("gallery", Path(__file__).parent / "gallery.py")
assert _spec is not None
assert _spec.loader is not None
gallery = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(gallery)


@pytest.fixture(scope="module")
def made() -> dict[Path, str]:
    return dict(gallery.pages())


def test_no_page_is_stale(made: dict[Path, str]) -> None:
    stale = [path.name for path, text in made.items() if not path.exists() or path.read_text("utf-8") != text]
    assert not stale, f"run `make gallery`: {', '.join(stale)}"


def test_no_page_is_left_over(made: dict[Path, str]) -> None:
    left = {path for path in gallery.GALLERY.iterdir() if path.suffix in gallery.FORMATS.values()} - set(made)
    assert not left
