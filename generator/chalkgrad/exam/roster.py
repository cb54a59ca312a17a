"""A list of students: who writes which paper.

The first student gets paper 1.  A list is a CSV file as any office program or learning platform writes it; its
columns are found by their heads, in any of the languages, else names come first and ids second.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from chalkgrad.errors import Place, Problem, SpecError
from chalkgrad.exam.delimited import Cell, Open, rows
from chalkgrad.messages import NOTHING, Message
from chalkgrad.spec.model import plain
from chalkgrad.spec.source import LONGEST_QUOTE, be_printable, decoded, quoted

MAX_BYTES = 10_000_000
MOST_STUDENTS = 100_000
LONGEST_NAME = 200
LONGEST_ID = 64

HEADS = {
    "name": "name full_name student student_name nome nome_completo aluno aluna estudante nombre nombre_completo "
    "nombre_y_apellido nombre_y_apellidos apellidos_y_nombre alumno alumna estudiante",
    "given": "first_name given_name forename primeiro_nome primer_nombre nombres",
    "family": "last_name family_name surname sobrenome apellido apellidos apellido_s",
    "id": "id student_id id_number identifier student_number number matriculation matriculation_number matricula "
    "numero_de_matricula numero_de_identificacao registro registro_academico ra numero codigo "
    "numero_de_id numero_de_identificacion dni legajo carne carnet cedula documento",
}
"""What the columns are called, without accents, by what they hold; a name may stand in two columns."""

SHAPE = Message("a list of students with the columns name and id")


@dataclass(frozen=True)
class Student:
    """Somebody who writes a paper."""

    name: str
    id: str
    """Tells students apart; their numbers follow from it, wherever in the list they stand."""


@dataclass(frozen=True)
class Columns:
    """Where a list has names and ids, counted from 0."""

    names: tuple[int, ...]
    """One column, or one of given and one of family names."""
    id: int


HEADLESS = Columns((0,), 1)
"""Where they are looked for in a list without heads."""
HEADS_HELP = Message("give the columns heads: {heads}", heads="name, id")


def read_roster(path: Path) -> tuple[Student, ...]:
    """The students of a CSV file, in its order.

    Raises `SpecError` with everything that is wrong, each problem with its line and column.
    """
    file = str(path)
    text = _text(path)
    be_printable(text, file)
    try:
        table = rows(text)
    except Open as error:
        place = Place(file, error.line, error.column)
        found = Message("a quotation mark that nothing closes")
        raise SpecError([Problem(place, found, Message("quotation marks in pairs"))]) from None
    if not table:
        raise _refused(Place(file, 1, 1), Message("no students"), SHAPE)
    heads = table[0] if (headed := _columns(table[0])) else None
    body = table[1:] if heads else table
    if not body:
        raise _refused(Place(file, table[0][0].line, 1), Message("no students"), Message("a row for each of them"))
    if len(body) > MOST_STUDENTS:
        found = Message("{count:,} students", count=len(body))
        raise _refused(Place(file), found, Message("at most {most:,}", most=MOST_STUDENTS))
    reading = _Reading(file, _known(headed, heads, file) if heads else HEADLESS)
    return reading.students(body)


def _refused(place: Place, found: Message, expected: Message, hint: Message = NOTHING) -> SpecError:
    return SpecError([Problem(place, found, expected, hint)])


def _text(path: Path) -> str:
    """The text of the file."""
    file = str(path)
    try:
        size = path.stat().st_size
        if size > MAX_BYTES:
            found = Message("a file of {size:,} bytes", size=size)
            raise _refused(Place(file), found, Message("a list of at most {most:,} bytes", most=MAX_BYTES))
        data = path.read_bytes()
    except FileNotFoundError:
        raise _refused(Place(file), Message("no such file"), Message("a CSV file of students")) from None
    except OSError as error:
        reason = Message(error.strerror or str(error))
        found = Message("a file that cannot be read ({reason})", reason=reason)
        raise _refused(Place(file), found, Message("a CSV file of students")) from None
    return decoded(data, file, Message("save the list as CSV in UTF-8"))


def _columns(row: Sequence[Cell]) -> dict[str, int]:
    """Where the columns stand, by what they hold; empty where the row has no heads."""
    heads = [_folded(cell.text) for cell in row]
    found: dict[str, int] = {}
    for kind, words in HEADS.items():
        # the words in their order: a list may have both `student` and `name`
        places = [heads.index(word) for word in words.split() if word in heads]
        if places:
            found[kind] = places[0]
    return found


def _known(found: Mapping[str, int], heads: Sequence[Cell], file: str) -> Columns:
    """The columns of names and ids among those that have heads.  Raises `SpecError` where one is missing."""
    if "id" not in found:
        expected = Message("a column of ids, headed {head}", head="id")
    elif "name" in found:  # in Portuguese and Spanish the same word heads full names and given names
        split = "family" in found and "given" not in found
        return Columns((found["name"], found["family"]) if split else (found["name"],), found["id"])
    elif names := tuple(found[kind] for kind in ("given", "family") if kind in found):
        return Columns(names, found["id"])
    else:
        expected = Message("a column of names, headed {head}", head="name")
    words = Message("the heads {heads}", heads=quoted(", ".join(cell.text for cell in heads)))
    raise _refused(Place(file, heads[0].line, heads[0].column), words, expected)


def _folded(head: str) -> str:
    """A head without case, accents and marks: `Apellido(s)` becomes `apellido_s`."""
    bare = "".join(c for c in unicodedata.normalize("NFKD", head.lower()) if not unicodedata.combining(c))
    return "_".join(re.findall(r"[a-z0-9]+", bare))


class _Reading:
    """Rows as students; all problems are told at once."""

    def __init__(self, file: str, columns: Columns) -> None:
        self.file = file
        self.columns = columns
        self.problems: list[Problem] = []

    def students(self, body: Sequence[Sequence[Cell]]) -> tuple[Student, ...]:
        """A student a row."""
        found: dict[str, Student] = {}
        lines: dict[str, int] = {}
        for row in body:
            student = Student(self._name(row), self._id(row))
            if not student.id:
                continue
            if student.id in found:
                again = Message("the id {id} a second time", id=quoted(student.id))
                first = Message("an id of each student's own; line {line} has it", line=lines[student.id])
                self._add(_cell(row, self.columns.id), again, first)
            found[student.id] = student
            lines.setdefault(student.id, row[0].line)
        if self.problems:
            raise SpecError(self.problems)
        return tuple(found.values())

    def _name(self, row: Sequence[Cell]) -> str:
        cells = [_cell(row, place) for place in self.columns.names]
        name = _clean(" ".join(cell.text for cell in cells))
        if not any(c.isalpha() for c in name):
            hint = HEADS_HELP if self.columns is HEADLESS else NOTHING
            self._add(
                cells[0], quoted(name) if name else Message("no name"), Message("the name of a student"), hint
            )
        self._check(cells[0], name, LONGEST_NAME)
        return name

    def _id(self, row: Sequence[Cell]) -> str:
        cell = _cell(row, self.columns.id)
        id = _clean(cell.text)
        if not id:
            self._add(cell, Message("no id"), Message("an id of each student's own"))
        self._check(cell, id, LONGEST_ID)
        return id

    def _check(self, cell: Cell, text: str, longest: int) -> None:
        if len(text) > longest:
            found = Message("a text of {size:,} characters", size=len(text))
            self._add(cell, found, Message("at most {most:,}", most=longest))
        elif text.startswith(("=", "+", "-", "@")):
            self._add(
                cell, quoted(text[:LONGEST_QUOTE]), Message("a text that no spreadsheet takes for a formula")
            )

    def _add(self, cell: Cell, found: Message, expected: Message, hint: Message = NOTHING) -> None:
        self.problems.append(Problem(Place(self.file, cell.line, cell.column), found, expected, hint))


def _cell(row: Sequence[Cell], place: int) -> Cell:
    """A cell of a row; where the row is too short, an empty one at its end."""
    return row[place] if place < len(row) else Cell("", row[-1].line, row[-1].column + len(row[-1].text))


def _clean(text: str) -> str:
    """A stranger's text on one line, the same whether accents were typed as one character or as two."""
    return plain(unicodedata.normalize("NFC", text))
