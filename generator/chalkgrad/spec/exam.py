"""Exams: what a spec says of papers, each with other numbers.

The block `exam:` of a spec has two kinds of keys: what an exercise asks (`ask`, `where`, `work_with`), and how the
papers are made (`seed`, `variants`, `header`).  A spec with a lesson is an exam of one exercise; one with
`exam.exercises` takes several, each a spec with a block of its own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from pathlib import Path
from typing import Any

from chalkgrad import resources
from chalkgrad.errors import Place, SpecError
from chalkgrad.messages import Message
from chalkgrad.spec.conditions import SWITCHES, MisconceptionsReader, Switches
from chalkgrad.spec.draws import Draw, Template, template
from chalkgrad.spec.fair import FAIR, FairSpec
from chalkgrad.spec.grammar import MAX_DIGITS, text_reader
from chalkgrad.spec.judge import by_language, judge, language_of, named
from chalkgrad.spec.lessons.kinds import kind_of
from chalkgrad.spec.model import Spec
from chalkgrad.spec.readers import (
    INVALID,
    ByShape,
    Choice,
    Field,
    Flag,
    ListOf,
    Number,
    Reader,
    Record,
    Report,
    Text,
    entry,
)
from chalkgrad.spec.source import Entries, Items, Node, Scalar, described, from_data, quoted, read_file

FORMS = ("number", "table", "choice")
MOST_PAPERS = 1_000_000
MOST_CHOICES = 8
MOST_PROBES = 200
"""How many fillings of a spec's holes the judge sees before anything is drawn."""


@dataclass(frozen=True)
class Ask:
    """A question: what the student must find."""

    find: tuple[str, ...]
    """Ids as they were written; `*` stands for every index."""
    points: Fraction
    form: str
    """`number`, a `table` to fill in, or a `choice` among several numbers."""
    choices: int
    """Of how many numbers, where the form is a choice."""
    texts: Mapping[str, str]
    """The author's own words, by language; none where the question is worded from what is asked."""
    place: Place


@dataclass(frozen=True)
class Where:
    """A condition that every paper's numbers hold."""

    text: str
    place: Place


@dataclass(frozen=True)
class WorkWith:
    """The digits that a student carries: exactly one of the two is set."""

    decimals: int | None = None
    significant: int | None = None


@dataclass(frozen=True)
class Task:
    """What an exercise asks."""

    ask: tuple[Ask, ...]
    where: tuple[Where, ...]
    switches: Switches
    """Which of the built-in conditions hold."""
    work_with: WorkWith
    fair: FairSpec
    """What fairness is demanded."""
    formulas: bool
    """Whether the paper has a sheet of formulas."""
    mistakes: frozenset[str]
    """The misconceptions whose wrong answers stand at the end of a worked solution."""
    place: Place


@dataclass(frozen=True)
class Header:
    """What stands above a paper."""

    course: Mapping[str, str]
    """By language, as titles are."""
    date: Mapping[str, str]
    fields: tuple[str, ...]
    """Which lines the student fills in: `name`, `id`."""
    instructions: Mapping[str, str]


@dataclass(frozen=True)
class ExerciseSpec:
    """An exercise: a spec with holes."""

    name: str
    """Tells it from the other exercises; its numbers depend on it."""
    template: Template
    show: Mapping[str, Any]
    """What the exam or its caller asks of every exercise's page."""

    @property
    def draws(self) -> tuple[Draw, ...]:
        """The holes, in the order of the spec."""
        return self.template.draws

    def read(self, picks: Sequence[int]) -> tuple[Spec, Task]:
        """The spec and the questions with an alternative in each hole.

        Raises `SpecError` with everything that is wrong.
        """
        root = self.template.filled(picks)
        block = entry(root, "exam")
        assert isinstance(root, Entries) and block is not None  # noqa: S101, PT018 (seen before)
        spec = judge(without_exam(root), self.name, self.show)
        report = Report()
        values = EXAM.read(block, report)
        if values is not INVALID and not values["ask"]:
            report.add(
                block.place, Message("an exam without questions"), Message("ask: what the student must find")
            )
        if report.problems:
            raise SpecError(report.problems, language_of(root))
        return spec, _task(values, spec, block.place)


@dataclass(frozen=True)
class ExamSpec:
    """An exam: exercises, and how papers are made of them."""

    name: str
    titles: Mapping[str, str]
    seed: str
    """The secret from which every draw follows."""
    variants: int | None
    roster: Path | None
    exercises: tuple[ExerciseSpec, ...]
    choose: int
    """How many of the exercises a paper has."""
    shuffle: bool
    """Whether each paper has them in an order of its own."""
    header: Header
    language: str = field(default="en")

    @property
    def is_single(self) -> bool:
        """Whether there is one exercise only, whose questions need no exercise's number."""
        return len(self.exercises) == 1


class _Where(Reader):
    """A condition, with its place."""

    def read(self, node: Node, report: Report) -> Any:
        """A `Where`; its place is that of its first character."""
        text = Text(longest=400).read(node, report)
        if text is INVALID or not isinstance(node, Scalar):
            return INVALID
        place = node.place
        if node.quoted and place.column is not None:
            place = replace(place, column=place.column + 1)
        return Where(node.text, place)

    def schema(self) -> dict[str, Any]:
        """A string."""
        return {"type": "string"}


class _Ask(Reader):
    """A question, with its place."""

    record = Record(
        {
            "find": Field(
                ByShape(
                    Message('an id such as "a2[1]", or a list of ids'),
                    scalar=Text(),
                    items=ListOf(Text(), Message("a list of ids")),
                ),
                Message("what the student must find: ids, where * stands for every index"),
                required=True,
            ),
            "points": Field(
                Number(Fraction(0), strict=True), Message("points for all of it"), default=Fraction(1)
            ),
            "as": Field(
                Choice(FORMS, Message("a form")),
                Message("a number, a table to fill in, or a choice among numbers"),
                default="",
            ),
            "choices": Field(
                Number(Fraction(2), whole=True, most=MOST_CHOICES), Message("of how many numbers"), default=4
            ),
            "text": Field(
                text_reader(Message("a question, or one a language"), Message("questions by language")),
                Message("the question in your own words"),
                default="",
            ),
        },
        Message("a question"),
    )

    def read(self, node: Node, report: Report) -> Any:
        """An `Ask`."""
        if isinstance(node, Scalar) and node.text:
            node = Entries(((Scalar("find", node.place), node),), node.place)
        values = self.record.read(node, report)
        if values is INVALID:
            return INVALID
        find = values["find"] if isinstance(values["find"], tuple) else (values["find"],)
        several = len(find) > 1 or "*" in find[0]
        form = values["as"] or ("table" if several else "number")
        if several and form == "choice":
            return report.add(node.place, Message("a choice for several numbers"), Message("one id to choose for"))
        place = (entry(node, "find") or node).place
        return Ask(find, values["points"], form, values["choices"], by_language(values["text"]), place)

    def schema(self) -> dict[str, Any]:
        """An id, or a mapping."""
        return {"anyOf": [{"type": "string"}, self.record.schema()]}


class _Exercise(Reader):
    """An exercise of several: a file, or a spec in its place."""

    def read(self, node: Node, report: Report) -> Any:
        """The node; its content is read later."""
        if isinstance(node, Items) or (isinstance(node, Scalar) and not node.text):
            return report.add(node.place, described(node), Message("a spec file, or a spec"))
        return node

    def schema(self) -> dict[str, Any]:
        """A path, or a spec."""
        return {"type": ["string", "object"]}


_DIGITS = Number(Fraction(0), whole=True, most=MAX_DIGITS)
_SIGNIFICANT = Number(Fraction(1), whole=True, most=MAX_DIGITS)

EXAM = Record(
    {
        "ask": Field(
            ListOf(_Ask(), Message("a list of questions")), Message("what the student must find"), default=()
        ),
        "where": Field(
            ListOf(_Where(), Message("a list of conditions"), least=0),
            Message("conditions: a draw that breaks one of them is drawn again"),
            default=(),
        ),
        "conditions": Field(
            SWITCHES,
            Message("conditions that are built in: on, off, or with another bound"),
            default=Switches(),
        ),
        "fair": Field(FAIR, Message("bounds of fairness: of each paper, or of all together"), default=FairSpec()),
        "work_with": Field(
            ByShape(
                Message("how many decimals, or {significant: 4}"),
                scalar=_DIGITS,
                entries=Record(
                    {
                        "decimals": Field(_DIGITS, Message("digits after the decimal mark")),
                        "significant": Field(_SIGNIFICANT, Message("significant digits")),
                    },
                    Message("digits that a student carries"),
                ),
            ),
            Message("the digits that a student carries; tolerances follow from them"),
        ),
        "formulas": Field(Flag(), Message("whether a paper has a sheet of formulas"), default=False),
        "misconceptions": Field(
            MisconceptionsReader(),
            Message("whether worked solutions end with what wrong methods lead to, for graders; or which of them"),
            default=frozenset(),
        ),
        "seed": Field(Text(), Message("a secret from which all draws follow"), default=""),
        "variants": Field(Number(Fraction(1), whole=True, most=MOST_PAPERS), Message("how many papers")),
        "roster": Field(Text(), Message("a CSV file of students, with names and ids")),
        "header": Field(
            Record(
                {
                    "course": Field(
                        text_reader(Message("a course, or one a language"), Message("courses by language")),
                        Message("the course"),
                        default="",
                    ),
                    "date": Field(
                        text_reader(Message("a date, or one a language"), Message("dates by language")),
                        Message("the date, as it is to be printed"),
                        default="",
                    ),
                    "fields": Field(
                        ListOf(Choice(("name", "id"), Message("a field")), Message("a list of fields"), least=0),
                        Message("lines that the student fills in"),
                        default=("name", "id"),
                    ),
                },
                Message("a header"),
            ),
            Message("what stands above a paper"),
        ),
        "instructions": Field(
            text_reader(Message("instructions, or some for each language"), Message("instructions by language")),
            Message("what is said to the students"),
            default="",
        ),
        "exercises": Field(
            ListOf(_Exercise(), Message("a list of exercises")),
            Message("several exercises: spec files, or specs"),
            default=(),
        ),
        "choose": Field(
            Number(Fraction(1), whole=True, most=1000), Message("how many of the exercises a paper has")
        ),
        "shuffle": Field(Flag(), Message("whether each paper has its own order of exercises"), default=False),
    },
    Message("an exam"),
)


def _task(values: Mapping[str, Any], spec: Spec, place: Place) -> Task:
    asked = values["work_with"]
    if asked is None:
        work = WorkWith(spec.show.decimals, spec.show.significant)
    elif isinstance(asked, int):
        work = WorkWith(decimals=asked)
    else:
        work = WorkWith(**asked)
    return Task(
        values["ask"],
        values["where"],
        values["conditions"],
        work,
        values["fair"],
        values["formulas"],
        values["misconceptions"],
        place,
    )


def read_exam(source: Path | Mapping[str, Any], **show: Any) -> ExamSpec:
    """Read and judge an exam; `show` overrides what its specs' `show` says.

    Raises `SpecError` with everything that is wrong.
    """
    is_file = isinstance(source, Path)
    root = read_file(source) if isinstance(source, Path) else from_data(source)
    return _Reading(root, source.parent if isinstance(source, Path) else None, show).exam(
        named(source.stem) if is_file and isinstance(source, Path) else "exam"
    )


def without_exam(root: Entries) -> Entries:
    """The spec of the lesson alone."""
    return Entries(tuple((key, value) for key, value in root.entries if key.text != "exam"), root.place)


@dataclass
class _Reading:
    root: Node
    folder: Path | None
    """Where files of exercises are looked for."""
    show: Mapping[str, Any]

    def exam(self, name: str) -> ExamSpec:
        report = Report()
        block = entry(self.root, "exam")
        if block is None:
            hint = Message(
                "such as {example}", example='exam: {seed: my-secret, ask: [{find: "a2[1]", points: 1}]}'
            )
            report.add(self.root.place, Message("no exam"), Message("a spec with exam: what papers ask"), hint)
            self._refuse(report)
        values = EXAM.read(_outer(block or self.root), report)
        if values is INVALID:
            self._refuse(report)
        assert block is not None  # noqa: S101 (refused above)
        if not values["seed"]:
            expected = Message("seed: a secret of your own, from which all draws follow")
            report.add(block.place, Message("an exam without a seed"), expected)
        exercises = self._exercises(name, values, block, report)
        choose = values["choose"] or len(exercises)
        if values["choose"] and choose > max(len(exercises), 1):
            found = Message("{count} of {size}", count=choose, size=len(exercises))
            where = (entry(block, "choose") or block).place
            report.add(where, found, Message("at most as many as there are exercises"))
        if report.problems:
            self._refuse(report)
        header = values["header"] or {"course": "", "date": "", "fields": ("name", "id")}
        title = entry(self.root, "title")
        titles = _TITLE.read(title, report) if title is not None else ""
        exam = ExamSpec(
            name,
            by_language(titles),
            values["seed"],
            values["variants"],
            (self.folder or Path()) / values["roster"] if values["roster"] else None,
            exercises,
            choose,
            values["shuffle"],
            Header(
                by_language(header["course"]),
                by_language(header["date"]),
                header["fields"],
                by_language(values["instructions"]),
            ),
            self.show.get("language") or language_of(self.root) or "en",
        )
        for exercise in exercises:
            self._probe(exercise, report)
        if report.problems:
            self._refuse(report)
        return exam

    def _refuse(self, report: Report) -> None:
        raise SpecError(report.problems, language_of(self.root))

    def _exercises(
        self, name: str, values: Mapping[str, Any], block: Node, report: Report
    ) -> tuple[ExerciseSpec, ...]:
        bank = entry(block, "exercises")
        if not isinstance(bank, Items) or not values["exercises"]:
            return (self._exercise(name, self.root, self.show, report),)
        self._only(("title", "exam", "show"), report)
        shown = entry(self.root, "show")
        show = {**(_plain(shown) if isinstance(shown, Entries) else {}), **_given(self.show)}
        found: dict[str, ExerciseSpec] = {}
        for number, node in enumerate(bank.items, 1):
            own, root = self._opened(node, number, report)
            if root is None:
                continue
            if own in found:
                again = Message("the exercise {name} a second time", name=quoted(own))
                report.add(node.place, again, Message("exercises with names of their own"))
            found[own] = self._exercise(own, root, show, report)
        return tuple(found.values())

    def _only(self, keys: tuple[str, ...], report: Report) -> None:
        """Refuse keys that a list of exercises has no use for."""
        assert isinstance(self.root, Entries)  # noqa: S101 (it has a block)
        for key, _ in self.root.entries:
            if key.text not in keys:
                expected = Message("beside a list of exercises: {keys}", keys=", ".join(keys))
                report.add(key.place, Message('the key "{key}"', key=key.text), expected)

    def _opened(self, node: Node, number: int, report: Report) -> tuple[str, Node | None]:
        """An exercise's name and its tree."""
        if isinstance(node, Entries):
            name = entry(node, "name")
            rest = tuple((key, value) for key, value in node.entries if key.text != "name")
            own = name.text if isinstance(name, Scalar) and name.text else f"exercise-{number}"
            return own, Entries(rest, node.place)
        assert isinstance(node, Scalar)  # noqa: S101 (seen by the grammar)
        path = (self.folder or Path()) / node.text
        if not path.is_file() and node.text in resources.exam_names():
            path = resources.exam(node.text)
        try:
            return named(path.stem), read_file(path)
        except SpecError as error:
            (problem,) = error.problems
            found = Message("{problem} in {file}", file=node.text, problem=problem.found)
            report.add(node.place, found, problem.expected, problem.hint)
            return "", None

    def _exercise(self, name: str, root: Node, show: Mapping[str, Any], report: Report) -> ExerciseSpec:
        if entry(root, "exam") is None:
            expected = Message("a spec with exam: {ask: …}, what the exercise asks")
            report.add(root.place, Message("an exercise without questions"), expected)
        return ExerciseSpec(name, template(root, kind_of(root).shapes, report), show)

    def _probe(self, exercise: ExerciseSpec, report: Report) -> None:
        """Let the judge see alternatives of every hole, alone and together."""
        for picks in probes(exercise.draws):
            try:
                exercise.read(picks)
            except SpecError as error:
                report.problems += [p for p in error.problems if p not in report.problems]
                if picks == (0,) * len(picks):
                    return


def probes(draws: Sequence[Draw]) -> list[tuple[int, ...]]:
    """Fillings of the holes for the judge: the first alternatives, then one after the other of each draw, then
    some of all draws together."""
    base = (0,) * len(draws)
    found = {base: None}
    for i, draw in enumerate(draws):
        every = range(draw.size) if draw.bell is None and draw.size <= 12 else (draw.size // 2, draw.size - 1)
        for pick in every:
            found[*base[:i], pick, *base[i + 1 :]] = None
            if len(found) > MOST_PROBES:
                break
    for stride in (1, 3, 5, 7, 11, 13, 17, 19):
        found[tuple((stride * (i + 1)) % draw.size for i, draw in enumerate(draws))] = None
        found[tuple(draw.size - 1 - (stride * i) % draw.size for i, draw in enumerate(draws))] = None
    return list(found)


def _outer(block: Node) -> Node:
    """The block with the first alternative in each of its holes: what is drawn there is a matter of questions."""
    opened = template(block, lambda _: {}, Report())
    return opened.filled((0,) * len(opened.draws))


def _plain(node: Node) -> Any:
    """A tree as plain data again."""
    if isinstance(node, Scalar):
        return node.text
    if isinstance(node, Items):
        return [_plain(inner) for inner in node.items]
    return {key.text: _plain(value) for key, value in node.entries}


def _given(show: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in show.items() if value is not None}


_TITLE = text_reader(Message("a title, or one a language"), Message("titles by language"))
