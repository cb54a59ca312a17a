"""The gallery: every example as it comes out of chalkgrad, in `output/gallery`.

`python tests/gallery.py` writes it: Markdown with its drawings, a PDF and a picture of its first page for each
example, and an index.  Nothing but Python is needed.  Pictures of slides and of HTML pages are made too where
TeX and Chromium are found.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import chalkgrad
from chalkgrad import resources
from chalkgrad.render import pdf_typst
from chalkgrad.render.files import write_all

GALLERY = Path(__file__).parent.parent / "output" / "gallery"
FORMATS = ("md", "pdf")
MORE = {"mazur": ("html",), "chain": ("ipynb",)}
"""Pages in other formats, where one shows what there is to see."""
WORKSHEET = ("chain", "backward")
SHOWN_ELSEWHERE = ("mazur-slides.png", "mazur-html.png")
"""Pictures that need programs, so that no test asks whether they are fresh."""


def pages() -> Iterator[tuple[Path, str | bytes]]:
    """Every file of the gallery: where it lies, and what it holds."""
    index = ["# Gallery", "", "Every example, as `make gallery` makes it.", ""]
    for name in resources.example_names():
        example = chalkgrad.solve(name)
        yield from example.files(GALLERY, (*FORMATS, *MORE.get(name, ()))).items()
        yield GALLERY / name / f"{name}.png", pdf_typst.pictures(example.text("pdf"))[0]
        show = example.spec.show
        links = " · ".join(f"[{ending}]({name}/{name}.{ending})" for ending in (*FORMATS, *MORE.get(name, ())))
        about = f"{example.spec.title(show.language)} ({show.notation}, {show.language})"
        index += [f"## {about}", "", f"[Spec](../../examples/{name}.yaml) · {links}", ""]
        index += [f"[![]({name}/{name}.png)]({name}/{name}.pdf)", ""]
    name, fade = WORKSHEET
    sheet = chalkgrad.solve(name, fade=fade)
    yield GALLERY / name / f"{name}-worksheet.pdf", sheet.content("pdf")
    index += [f"## Worksheet: {sheet.spec.title(sheet.spec.show.language)}", ""]
    index += [f"[pdf]({name}/{name}-worksheet.pdf)", ""]
    yield GALLERY / "README.md", "\n".join(index)


def _slides(folder: Path) -> None:
    """A picture of four frames of Mazur's slides."""
    text = chalkgrad.solve("mazur").text("beamer").replace("\\documentclass[", "\\documentclass[handout,", 1)
    (folder / "slides.tex").write_text(text, encoding="utf-8")
    for _ in range(2):
        subprocess.run(["pdflatex", "-interaction=batchmode", "slides.tex"], cwd=folder, check=True, stdout=-3)
    subprocess.run(["pdftoppm", "-r", "80", "-png", "slides.pdf", "slide"], cwd=folder, check=True)


def main() -> int:
    """Write the gallery again, and remove what no longer belongs to it."""
    files = dict(pages())
    write_all(files)
    kept = {*files, *(GALLERY / name for name in SHOWN_ELSEWHERE)}
    for old in [path for path in GALLERY.rglob("*") if path.is_file() and path not in kept]:
        old.unlink()
    for folder in GALLERY.iterdir():
        if folder.is_dir() and not any(folder.iterdir()):
            folder.rmdir()
    print(f"{len(files)} files in {GALLERY}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
