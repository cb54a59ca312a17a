"""Sheets of an exam: what stands on a paper, what must not, and files of many sheets in every format."""

from __future__ import annotations

import html
import re
from fractions import Fraction
from functools import cache
from html.parser import HTMLParser

import pytest

import pdf_reader
from chalkgrad import resources
from chalkgrad.document.exam.asked import marks, points_text
from chalkgrad.document.exam.effort import FEWEST, MOST, Effort
from chalkgrad.errors import ResourceError
from chalkgrad.evaluation.rounding import Shown
from chalkgrad.exam import sheets
from chalkgrad.exam.attending import Attending
from chalkgrad.exam.exam import Exam
from chalkgrad.exam.exercise import Exercise
from chalkgrad.exam.roster import Student
from chalkgrad.example import Example
from chalkgrad.pipeline import exam, solve
from chalkgrad.quantities import At
from chalkgrad.render import pdf_typst
from chalkgrad.render.sheets import sheet_formats
from chalkgrad.spec.exam import read_exam
from chalkgrad.spec.source import read_file
from typesetting import compiled, complaints

FORMATS = ("html", "md", "pdf", "tex")
ENGINES = [pytest.param(name, marks=pytest.mark.needs(name)) for name in ("pdflatex", "lualatex")]
HOSTILE = 'O\'Brien & \\input{x} <b> $1 %2 #3 ~4 _5 ^6 {7} "8" [9](a) *10* `11` | @12 = - +'
PLAIN = "José María Ñandú-Ünal"

NETWORK = {
    "title": "Midterm",
    "exam": {
        "seed": "secret-of-the-teacher",
        "header": {"course": "Neural Networks & 50% more", "date": "2026-12-18"},
        "instructions": "Write down every step.",
        "formulas": True,
        "work_with": 6,
        "ask": [
            {"find": "a1[*]", "points": 2, "as": "table"},
            {"find": "a2[1]", "points": "3/2"},
            {"find": "delta2[1]", "points": 2, "as": "choice", "choices": 4},
            {"find": ["delta1[1]", "delta1[2]"], "points": 3, "as": "number"},
            {"find": "W1[1,2]'", "points": 1, "text": "Where does the weight move, in $ & %?"},
        ],
    },
    "network": {
        "layers": [
            {
                "units": 2,
                "activation": "tanh",
                "weights": {"draw": "uniform", "low": -1, "high": 1, "step": 0.01, "not": 0},
                "bias": [0.1, -0.2],
            },
            {"units": 1, "activation": "sigmoid", "weights": [[0.7, -0.3]], "bias": [0.3]},
        ],
        "loss": "half_squared_error",
    },
    "data": {"x": [[0.35, -1]], "y": [[1]]},
    "train": {"optimizer": {"name": "sgd", "learning_rate": 0.5}},
    "show": {"decimals": 6, "notation": "theta"},
}
SEVERAL = {
    "title": "Final",
    "exam": {"seed": "s", "exercises": [NETWORK | {"title": "one"}, NETWORK | {"title": "two"}]},
}


def attended(spec, *names, **show):
    """An exam that students with these names write."""
    students = tuple(Student(name, f"id{number}") for number, name in enumerate(names, 1))
    found = exam(spec, variants=len(names), **show)
    return Exam(found.spec, Attending(len(names), students))


OPEN = NETWORK | {
    "exam": NETWORK["exam"] | {"ask": [q for q in NETWORK["exam"]["ask"] if q.get("as") != "choice"]}
}
"""The same without a question that offers its answer among others."""


@cache
def built(name, count=2, *, solved=False, several=False, student=HOSTILE):
    """A file of some papers or solutions, before it is a PDF."""
    made = attended(SEVERAL if several else NETWORK, *[student] * 3)
    return made.shell(name, solved=solved).file(made.sheets(name, range(1, count + 1), solved=solved))


@cache
def pages_of(**how):
    return pdf_reader.pages(pdf_typst.pdf(built("pdf", **how)))


def numbers_of_the_first():
    """The given and the computed numbers of a paper, as they are shown, by id."""
    (part,) = attended(OPEN, PLAIN).chunk([1]).parts
    example = part.working.solution
    (numbers,) = part.worked.variants.each()
    given, computed = {}, {}
    for id in example.ids():
        at = example.at(id)
        is_given = at.quantity in example.network.given and at.time == 0
        (given if is_given else computed)[id] = numbers.shown(at).text
    return given, computed


# ---- what stands on a paper ----------------------------------------------------------------------


def test_there_are_the_formats_that_were_promised():
    assert sheet_formats() == FORMATS


def test_a_paper_shows_every_given_number():
    text = " ".join(pdf_reader.pages(attended(OPEN, PLAIN)[1].to_pdf())).replace("−", "-").replace("- ", "-")
    given, _ = numbers_of_the_first()
    drawn = [value for id, value in given.items() if id.startswith("W1")]
    assert len(set(drawn)) == 4
    for value in given.values():
        assert re.search(rf"(?<![\d.]){re.escape(value)}(?![\d.])", text), value


@pytest.mark.parametrize("name", FORMATS)
def test_no_answer_is_in_a_paper_nor_in_what_it_is_made_from(name):
    given, computed = numbers_of_the_first()
    source = attended(OPEN, PLAIN)[1].text(name).replace("#comma;", ",").replace("{,}", ",")
    telling = {value.lstrip("-") for value in computed.values()} - {value.lstrip("-") for value in given.values()}
    telling = {value for value in telling if len(value) > 5}
    assert len(telling) > 15
    for mark in (".", ","):
        assert not [value for value in telling if value.replace(".", mark) in source]
    assert "secret-of-the-teacher" not in source


class OnlyGiven:
    """Numbers that nobody has computed: whoever asks for another than a given one is told off."""

    def __init__(self, example: Example) -> None:
        self.example = example

    def _seen(self, at: At) -> None:
        derivation = self.example.derivation
        step = derivation.by_quantity.get((at.quantity, 0))
        if step is not None and step.expression.is_Symbol:  # another name of a given number
            at = At(step.bindings[0][1].quantity)
        elif step is not None and step.expression.is_Rational:  # a number for good
            return
        assert at.quantity in derivation.network.given, at
        assert not (at.time and at.quantity in derivation.moving), at

    def shown(self, at):
        self._seen(at)
        return Shown("0.5", True)

    def is_exact(self, at):
        self._seen(at)
        return True

    def double(self, at):
        self._seen(at)
        return 0.5


ASKED = {
    "mazur": ["a2[1]", "W1[1,1]'", "J'"],
    "batch": ["J", "dJ/dW1[1,1]"],
    "softmax": ["a1[1]", "delta1[*]"],
    "adam": ["W1[1,1]'"],
    "mini_batches": ["W1[1,1]#3"],
    "relu": ["a1[1]"],
    "circuit_micrograd": ["dg/da", "dg/da~error"],
    "perceptron_and": ["w[1]@2'"],
    "newton": ["x[1]#2"],
    "matrices": ["z1[1]@1"],
}


@pytest.mark.parametrize("name", sorted(ASKED))
def test_nothing_on_a_paper_depends_on_what_is_asked(name):
    example = solve(name)
    ids = [id for id in ASKED[name] if "*" in id or id in example.ids()] or [example.ids()[-1]]
    spec = plain(read_file(resources.example(name)))
    spec["exam"] = {"seed": "s", "formulas": True, "ask": [{"find": id, "points": 1} for id in ids]}
    structure = structure_of(spec)
    own = {text: values[0] for text, values in sheets.part_texts(structure, [1], [1]).items()}
    for form in FORMATS:
        page = structure.example.part(form, sheets.posed(structure))
        text = page.fill(OnlyGiven(structure.example), own)
        assert "0.5" in text
        assert structure.questions[0].label + ")" in text


def structure_of(spec):
    """The only structure of an exam of one exercise."""
    (exercise,) = read_exam(spec).exercises
    return Exercise(exercise, None, "typst").structure([0] * len(exercise.draws))


def plain(node):
    """A tree as plain data."""
    if hasattr(node, "entries"):
        return {key.text: plain(value) for key, value in node.entries}
    return [plain(item) for item in node.items] if hasattr(node, "items") else node.text


@pytest.mark.parametrize("name", FORMATS)
def test_a_question_has_its_words_its_points_and_its_room(name):
    text = built(name, count=1)
    for said in ("Compute the output", "1.5 points", "Which of these numbers", "2 points", "1 point"):
        assert said in text.replace("\\", "")
    assert "Where does the weight move" in text


def test_room_grows_with_the_work_and_nobody_works_twice():
    scribe = solve("mazur").unworked
    output, gradient = (
        At(scribe.network.layers[-1].outputs()[0]),
        At(scribe.derivation.gradient(scribe.network.layers[0].weights()[0][0])),
    )
    whole = Effort(scribe).lines([gradient])
    effort = Effort(scribe)
    first, rest = effort.lines([output]), effort.lines([gradient])
    assert FEWEST <= rest < whole <= MOST
    assert first > FEWEST
    assert effort.lines([output, gradient]) == FEWEST


@pytest.mark.parametrize(
    ("code", "points", "said"),
    [
        ("en", 1, "1 point"),
        ("en", Fraction(1, 2), "0.5 points"),
        ("en", 2, "2 points"),
        ("es", Fraction(3, 2), "1,5 puntos"),
        ("pt_BR", Fraction(1, 2), "0,5 ponto"),
        ("pt_BR", Fraction(3, 2), "1,5 ponto"),
        ("pt_BR", Fraction(5, 2), "2,5 pontos"),
    ],
)
def test_points_are_said_as_the_language_says_them(code, points, said):
    assert points_text(solve("mazur", language=code).unworked, Fraction(points)) == said


def test_points_that_are_no_short_decimal_stay_fractions():
    scribe = solve("mazur").unworked
    assert [marks(scribe, p) for p in (Fraction(1, 3), Fraction(1, 4), Fraction(10))] == ["1/3", "0.25", "10"]


# ---- pages ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("solved", [False, True])
def test_every_sheet_counts_its_own_pages(solved):
    pages = pages_of(count=3, solved=solved)
    found = [re.search(r"aper (\d+) . page (\d+) of (\d+)", page).groups() for page in pages]
    feet = [tuple(map(int, foot)) for foot in found]
    for paper in (1, 2, 3):
        own = [(page, of) for number, page, of in feet if number == paper]
        assert own == [(i, len(own)) for i in range(1, len(own) + 1)]
    assert [number for number, _, _ in feet] == sorted(number for number, _, _ in feet)


def test_a_sheet_is_the_same_in_a_file_of_its_own_and_among_others():
    assert pages_of(count=1) == pages_of(count=3)[: len(pages_of(count=1))]


def test_the_file_is_the_same_bytes_in_every_run_and_has_no_date():
    first, again = pdf_typst.pdf(built("pdf")), pdf_typst.pdf(built("pdf"))
    assert first == again
    assert b"CreationDate" not in first


@pytest.mark.parametrize("engine", ENGINES)
def test_latex_sets_many_sheets_without_complaint(engine, tmp_path):
    log = compiled(built("tex", solved=engine == "lualatex", several=True), engine, tmp_path)
    assert complaints(log) == []


@pytest.fixture(scope="module")
def set_by_latex(tmp_path_factory):
    """What LaTeX's pages of some papers say."""
    folder = tmp_path_factory.mktemp("latex")
    assert complaints(compiled(built("tex"), "pdflatex", folder)) == []
    return " ".join(pdf_reader.pages((folder / "page.pdf").read_bytes()))


@pytest.mark.needs("pdflatex")
def test_latex_and_typst_say_the_same(set_by_latex):
    ours = " ".join(pages_of())
    assert pdf_reader.decimals(set_by_latex) == pdf_reader.decimals(ours)
    for said in ("Neural Networks & 50% more", "Write down every step.", "page 1 of"):
        assert said in " ".join(set_by_latex.split())
        assert said in " ".join(ours.split())


# ---- texts of strangers --------------------------------------------------------------------------


def squeezed(text):
    """Letters and signs without spaces; quotes and dashes as they are typed."""
    return re.sub(r"\s", "", text).translate(str.maketrans("‘’“”−–⋅", '`\'""--·'))


def test_a_name_is_printed_as_it_is_by_typst():
    assert squeezed(HOSTILE) in squeezed(" ".join(pages_of()))
    assert squeezed(PLAIN) in squeezed(" ".join(pages_of(student=PLAIN)))


@pytest.mark.needs("pdflatex")
def test_a_name_is_printed_as_it_is_by_latex(set_by_latex):
    assert squeezed(HOSTILE) in squeezed(set_by_latex)


class _Reader(HTMLParser):
    def __init__(self):
        super().__init__()
        self.ids, self.links, self.words, self.tags = [], [], [], []

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.ids += [value for key, value in attrs if key == "id"]
        self.links += [value[1:] for key, value in attrs if key == "href"]

    def handle_data(self, data):
        self.words.append(data)


def read(text):
    reader = _Reader()
    reader.feed(text)
    return reader


def test_a_name_is_text_in_html():
    reader = read(built("html"))
    assert HOSTILE in reader.words
    assert "b" not in set(read(built("html", student=PLAIN)).tags) ^ set(reader.tags)
    assert "script" not in reader.tags


def test_a_name_is_text_in_markdown():
    text = built("md")
    assert html.escape("<b>") not in text
    assert "<b>" not in text.replace("\\<b\\>", "")
    assert "\\[9\\](a)" in text


def test_anchors_of_a_file_with_many_solutions_are_all_different():
    reader = read(built("html", solved=True, several=True))
    assert len(reader.ids) == len(set(reader.ids)) > 10
    assert reader.links
    assert set(reader.links) <= set(reader.ids)
    markdown = re.findall(r'<a id="([^"]+)"', built("md", solved=True, several=True))
    assert len(markdown) == len(set(markdown)) > 10


def test_a_format_without_exams_is_told():
    made = attended(NETWORK, PLAIN)
    with pytest.raises(ResourceError, match=r"beamer.*html, md, pdf, tex"):
        made.shell("beamer", solved=False)


def test_a_head_of_ones_own_stands_on_every_sheet(tmp_path):
    blocks = tmp_path / "md" / "blocks"
    blocks.mkdir(parents=True)
    (blocks / "examhead.md").write_text("<< inline(block.title) >> @@@\n")
    made = exam(OPEN, variants=2, templates=tmp_path)
    text = made.shell("md", solved=False).file(made.sheets("md", [1, 2], solved=False))
    assert text.count("Midterm @@@") == 2
    assert "Compute the output" in text
