"""The gallery: every example as it comes out of chalkgrad, in `output/gallery`.

`python tests/gallery.py` writes it.  Pictures of first pages are those of their PDFs.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import chalkgrad
from chalkgrad import resources
from chalkgrad.render import pdf_typst
from chalkgrad.render.files import write_all

GALLERY = Path(__file__).parent.parent / "output" / "gallery"
FORMATS = {"md": ".md", "tex": ".tex"}
PICTURES = ("mazur", "softmax", "batch")


def pages() -> Iterator[tuple[Path, str]]:
    """Every page of the gallery: where it lies, and its text."""
    for name in resources.example_names():
        example = chalkgrad.solve(name)
        for form, ending in FORMATS.items():
            yield GALLERY / f"{name}{ending}", example.text(form)


def pictures() -> Iterator[tuple[Path, bytes]]:
    """A picture of each of the first two pages of some examples."""
    for name in PICTURES:
        pages = pdf_typst.pictures(chalkgrad.solve(name).text("pdf"))
        for number, page in enumerate(pages[:2], 1):
            yield GALLERY / f"{name}-{number}.png", page


def main() -> int:
    """Write the gallery again, and remove pages of examples that are gone."""
    files = dict(pages())
    write_all(files)
    for old in GALLERY.iterdir():
        if old.suffix in FORMATS.values() and old not in files:
            old.unlink()
    write_all(dict(pictures()))
    print(f"{len(files)} pages in {GALLERY}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
