"""The gallery: every example as it comes out of chalkgrad, in `output/gallery`.

`python tests/gallery.py` writes it: Markdown with its drawings, a PDF and a picture of its first page for each
example, and an index.  Nothing but Python is needed.  Pictures of slides and of HTML pages are made too where
TeX and Chromium are found.
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
from chalkgrad.render import pdf_typst
from chalkgrad.render.files import write_all
from chalkgrad.spec.lessons.activations import ActivationsLesson
from chalkgrad.spec.lessons.circuit import CircuitLesson
from chalkgrad.spec.lessons.function import FunctionLesson
from chalkgrad.spec.lessons.matrices import MatricesLesson
from chalkgrad.spec.lessons.network import NetworkLesson
from chalkgrad.spec.lessons.neuron import NeuronLesson
from chalkgrad.spec.lessons.proofs import ProofsLesson
from chalkgrad.spec.model import Lesson

GALLERY = Path(__file__).parent.parent / "output" / "gallery"
FORMATS = ("md", "pdf")
MORE = {"mazur": ("html",), "chain": ("ipynb",)}
"""Pages in other formats, where one shows what there is to see."""
LESSONS: dict[type[Lesson], str] = {
    NetworkLesson: "Networks",
    CircuitLesson: "Circuits",
    FunctionLesson: "Functions made smaller",
    NeuronLesson: "Single neurons",
    ActivationsLesson: "Activation functions",
    MatricesLesson: "Gradients of matrices",
    ProofsLesson: "Proofs",
}
WORKSHEET = ("chain", "backward")
EXAMS = {
    "backpropagation": {"language": "en"},
    "rectifier": {"language": "pt_BR"},
    "gates": {"language": "es"},
    "perceptron": {"language": "en"},
    "final": {"language": "en"},
}
"""Exams, each in a language."""
RECORDS = ("key.csv", "fairness.md")
"""What the gallery has of the files about all papers."""


def pages() -> Iterator[tuple[Path, str | bytes]]:
    """Every file of the gallery: where it lies, and what it holds."""
    index = ["# Gallery", "", "Every example, as `make gallery` makes it.", ""]
    examples = {name: chalkgrad.solve(name) for name in resources.example_names()}
    for heading in LESSONS.values():
        index += [f"- [{heading}](#{heading.lower().replace(' ', '-')})"]
    index.append("")
    kinds = list(LESSONS)
    last: type[Lesson] | None = None
    for name, example in sorted(examples.items(), key=lambda item: kinds.index(type(item[1].spec.lesson))):
        lesson = type(example.spec.lesson)
        if lesson is not last:
            index += [f"## {LESSONS[lesson]}", ""]
            last = lesson
        yield from example.files(GALLERY, (*FORMATS, *MORE.get(name, ()))).items()
        yield GALLERY / name / f"{name}.png", pdf_typst.pictures(example.text("pdf"))[0]
        show = example.spec.show
        links = " · ".join(f"[{ending}]({name}/{name}.{ending})" for ending in (*FORMATS, *MORE.get(name, ())))
        about = f"{example.spec.title(show.language)} ({show.notation}, {show.language})"
        index += [f"### {about}", "", f"[Spec](../../examples/{name}.yaml) · {links}", ""]
        index += [f"[![]({name}/{name}.png)]({name}/{name}.pdf)", ""]
    name, fade = WORKSHEET
    sheet = chalkgrad.solve(name, fade=fade)
    yield GALLERY / name / f"{name}-worksheet.pdf", sheet.content("pdf")
    index += ["## Worksheets", "", f"### {sheet.spec.title(sheet.spec.show.language)}", ""]
    index += [f"[pdf]({name}/{name}-worksheet.pdf)", ""]
    index += ["## Exams", "", "Of each the first paper, its solution, the key and the report on fairness.", ""]
    for name, show in EXAMS.items():
        index += [f"### {name}", ""]
        with tempfile.TemporaryDirectory() as folder:
            yield from exam_files(name, show, Path(folder), index)
    yield GALLERY / "README.md", "\n".join(index)


def exam_files(
    name: str, show: dict[str, str], folder: Path, index: list[str]
) -> Iterator[tuple[Path, str | bytes]]:
    """The files of an exam; what leads to them is added to the index."""
    home = GALLERY / "exams" / name
    exam = chalkgrad.exam(name, **show)
    paper = exam[1]
    for kind, sheet in (("paper", paper), ("solution", paper.solution)):
        yield home / f"{kind}.pdf", sheet.content("pdf")
        yield home / f"{kind}.md", sheet.to_markdown()
        yield home / f"{kind}.png", pdf_typst.pictures(sheet.text("pdf"))[0]
    saved = exam.save(folder, ["key"])
    for record in RECORDS:
        yield home / record, (saved / record).read_bytes()
    links = [
        f"[{kind}.{ending}](exams/{name}/{kind}.{ending})" for kind in ("paper", "solution") for ending in FORMATS
    ]
    links += [f"[{record}](exams/{name}/{record})" for record in RECORDS]
    index += [f"[Spec](../../examples/exams/{name}.yaml) · {' · '.join(links)}", ""]
    index += [f"[![](exams/{name}/{kind}.png)](exams/{name}/{kind}.pdf)" for kind in ("paper", "solution")]
    index.append("")


def slides(folder: Path) -> bytes:
    """A picture of one of Mazur's slides, by TeX."""
    text = "\\def\\chalkhandout{}\n" + chalkgrad.solve("mazur").text("beamer")
    (folder / "slides.tex").write_text(text, encoding="utf-8")
    typeset = ["pdflatex", "-interaction=batchmode", "slides.tex"]
    for command in (
        typeset,
        typeset,
        ["pdftoppm", "-r", "70", "-png", "-f", "9", "-l", "9", "slides.pdf", "slide"],
    ):
        subprocess.run(command, cwd=folder, check=True, capture_output=True)
    (made,) = folder.glob("slide-*.png")
    return made.read_bytes()


def html(folder: Path) -> bytes:
    """A picture of Mazur's HTML page, by Chromium."""
    (folder / "page.html").write_text(chalkgrad.solve("mazur").to_html(), encoding="utf-8")
    command = ["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--disable-sync"]
    command += ["--disable-background-networking", f"--user-data-dir={folder / 'profile'}"]
    command += ["--window-size=1100,1400", "--screenshot=page.png", "page.html"]
    subprocess.run(command, cwd=folder, check=True, capture_output=True)
    return (folder / "page.png").read_bytes()


BY_PROGRAMS = {"mazur-slides.png": (slides, ("pdflatex", "pdftoppm")), "mazur-html.png": (html, ("chromium",))}
"""Pictures that need programs, so that no test asks whether they are fresh."""


def main() -> int:
    """Write the gallery again, and remove what no longer belongs to it."""
    files = dict(pages())
    write_all(files)
    kept = {*files, *(GALLERY / name for name in BY_PROGRAMS)}
    for name, (picture, programs) in BY_PROGRAMS.items():
        if all(map(shutil.which, programs)):
            with tempfile.TemporaryDirectory() as folder:
                write_all({GALLERY / name: picture(Path(folder))})
    for old in [path for path in GALLERY.rglob("*") if path.is_file() and path not in kept]:
        old.unlink()
    for folder in [*GALLERY.iterdir(), *(GALLERY / "exams").iterdir()]:
        if folder.is_dir() and not any(folder.iterdir()):
            folder.rmdir()
    print(f"{len(files)} files in {GALLERY}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
