"""The gallery: every example as it comes out of chalkgrad, in `output/gallery`.

`python tests/gallery.py` writes it.  Pictures of first pages are made too where pdflatex and pdftoppm are found.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import chalkgrad
from chalkgrad import resources
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


def picture(tex: Path) -> None:
    """A picture of each of the first two pages of a LaTeX file."""
    with tempfile.TemporaryDirectory() as folder:
        for _ in range(3):
            subprocess.run(
                ["pdflatex", "-interaction=batchmode", f"-output-directory={folder}", str(tex)],
                check=True,
                stdout=subprocess.DEVNULL,
            )
        pdf = Path(folder) / f"{tex.stem}.pdf"
        subprocess.run(
            ["pdftoppm", "-r", "90", "-png", "-l", "2", str(pdf), str(Path(folder) / tex.stem)], check=True
        )
        for number, page in enumerate(sorted(Path(folder).glob("*.png")), 1):
            shutil.copy(page, GALLERY / f"{tex.stem}-{number}.png")


def main() -> int:
    """Write the gallery again, and remove pages of examples that are gone."""
    files = dict(pages())
    write_all(files)
    for old in GALLERY.iterdir():
        if old.suffix in FORMATS.values() and old not in files:
            old.unlink()
    if shutil.which("pdflatex") and shutil.which("pdftoppm"):
        for name in PICTURES:
            picture(GALLERY / f"{name}.tex")
    print(f"{len(files)} pages in {GALLERY}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
