"""The doors to the way of the data, on one screen: a spec that is solved, an exam that is given.

spec ──> network ──> derivation ──> evaluation ──> document ──> text ──> files
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from chalkgrad import resources
from chalkgrad.exam.attending import attending
from chalkgrad.exam.exam import Exam
from chalkgrad.example import Example, undisturbed
from chalkgrad.render.makers import PDF_ENGINES
from chalkgrad.spec.exam import read_exam
from chalkgrad.spec.judge import read_spec


def solve(
    spec: str | Path | Mapping[str, Any],
    *,
    templates: str | Path | None = None,
    pdf_engine: str = PDF_ENGINES[0],
    **show: Any,
) -> Example:
    """Solve a spec: a path, the name of a bundled example, or the same as Python data.

    Keyword arguments override what the spec's `show` says: `notation`, `language`, `decimals`, `significant`,
    `views`, `detail`, `drawings`, `rounding`, `carry`, `symbols`, `code`, `fade`, `key`, `check`. `templates`
    names a folder whose files stand in for those of the formats: `templates/tex/page.tex`. `pdf_engine` says
    what makes PDFs: `typst`, or with TeX `latexmk`, `pdflatex`, `lualatex`.

    >>> solve("mazur")["dJ/dW2[1,1]"].shown
    '0.082167041'

    Raises `SpecError` with everything that is wrong with the spec.
    """
    with undisturbed():
        folder = Path(templates) if templates is not None else None
        return Example(read_spec(located(spec), **show), folder, pdf_engine)


def located(spec: str | Path | Mapping[str, Any], kind: str = "example") -> Path | Mapping[str, Any]:
    """The path of a bundled example (or `exam`) where a bare name was given, else what was given.

    A name of the other kind is found too: what reads it says better than "no such file" what it is.
    """
    if isinstance(spec, Mapping):
        return spec
    path = Path(spec)
    for names, find in (_BUNDLED[kind], *_BUNDLED.values()):
        if str(spec) in names() and not path.is_file():
            return find(str(spec))
    return path


_BUNDLED = {
    "example": (resources.example_names, resources.example),
    "exam": (resources.exam_names, resources.exam),
}


def exam(
    spec: str | Path | Mapping[str, Any],
    *,
    variants: int | None = None,
    roster: str | Path | None = None,
    templates: str | Path | None = None,
    pdf_engine: str = PDF_ENGINES[0],
    **show: Any,
) -> Exam:
    """Read an exam: a path, the name of a bundled example, or the same as Python data.

    `variants` or a `roster` of students (a CSV file) say how many papers there are, else the spec does.

    Raises `SpecError` with everything that is wrong with the spec, and `TooFewPapers` where its conditions do
    not leave so many different papers.
    """
    folder = Path(templates) if templates is not None else None
    read = read_exam(located(spec, "exam"), **show)
    found = Exam(read, attending(read, variants, Path(roster) if roster is not None else None), folder, pdf_engine)
    found.require()
    return found
