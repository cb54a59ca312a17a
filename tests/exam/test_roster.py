"""Lists of students: as office programs and learning platforms write them, and with mistakes in them."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalkgrad.catalogue.languages import language_names
from chalkgrad.catalogue.wording import load_wording
from chalkgrad.errors import SpecError
from chalkgrad.exam import roster
from chalkgrad.exam.roster import Student, read_roster

ANA, ZE = Student("Ana Núñez", "12"), Student("Sá, José", "B-7")


@pytest.fixture
def listed(tmp_path):
    def write(text: str | bytes) -> Path:
        path = tmp_path / "class.csv"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    return write


@pytest.mark.parametrize(
    "text",
    [
        'name,id\nAna Núñez,12\n"Sá, José",B-7\n',
        "name;id\nAna Núñez;12\nSá, José;B-7\n",
        "name\tid\nAna Núñez\t12\nSá, José\tB-7",
        "sep=;\nname;id\nAna Núñez;12\nSá, José;B-7\n",
        'name,id\r\nAna Núñez,12\r\n"Sá, José",B-7\r\n',
        'name,id\rAna Núñez,12\r"Sá, José",B-7\r',
        "Ana Núñez;12\nSá, José;B-7\n",
        'Ana Núñez,12,a@example.org\n"Sá, José",B-7\n',
        "\nname;id\n\n;\nAna Núñez;12\n  ;  \nSá, José;B-7\n\n",
        "id;group;Full name\n12;A;Ana Núñez\nB-7;;Sá, José\n",
        "Matrícula;Nome\n12;Ana Núñez\nB-7;Sá, José\n",
        "NOME COMPLETO;RA\nAna Núñez;12\nSá, José;B-7\n",
        "Nombre completo;Número de identificación\nAna Núñez;12\nSá, José;B-7\n",
        "Nombre;Apellido(s);Número de ID;Dirección de correo\nAna;Núñez;12;a@b.c\nSá,;José;B-7;\n",
        "First name;Surname;ID number\nAna;Núñez;12\nSá,;José;B-7\n",
        'name,id\n  "Ana Núñez" , 12 \n"Sá,\nJosé","B-7"\n',
        "name;id\nAna\u202e Núñez\u200b;12\nSá, José;B-7\n",
    ],
)
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"], ids=["plain", "bom"])
def test_a_list_is_read(text, mark, listed):
    assert read_roster(listed(mark + text.encode())) == (ANA, ZE)


def test_accents_are_the_same_however_they_were_typed(listed):
    assert read_roster(listed("name,id\nAna Nu\u0301n\u0303ez,A\u0301\n")) == (Student("Ana Núñez", "Á"),)


def test_two_students_may_have_one_name(listed):
    assert [s.id for s in read_roster(listed("name,id\nAna,1\nAna,2\n"))] == ["1", "2"]


CELLS = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1).map("a{}".format)


def own_id(row):
    """What tells students apart."""
    return roster._clean(row[1])


@given(
    st.lists(st.tuples(CELLS, CELLS), min_size=1, unique_by=own_id),
    st.sampled_from(";,\t"),
)
def test_what_a_csv_writer_writes_is_read(tmp_path_factory, pairs, delimiter):
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, quoting=csv.QUOTE_ALL).writerows([("name", "id"), *pairs])
    path = tmp_path_factory.mktemp("r") / "class.csv"
    path.write_bytes(out.getvalue().encode())
    clean = roster._clean
    assert [(s.name, s.id) for s in read_roster(path)] == [(clean(name), clean(id)) for name, id in pairs]


SHAPE = "a list of students with the columns name and id"
NOT_UTF8 = "UTF-8 text; save the list as CSV in UTF-8"
# name: text, and for each problem its line and column, what was found and what was expected
MISTAKES = {
    "no file content": ("", [(1, 1, "no students", SHAPE)]),
    "blank lines alone": ("\n;;\n\n", [(1, 1, "no students", SHAPE)]),
    "heads alone": ("\nname,id\n\n", [(2, 1, "no students", "a row for each of them")]),
    "no ids": ("name,mail\nAna,a@b\n", [(1, 1, 'the heads "name, mail"', "a column of ids, headed id")]),
    "no names": ("id,mail\n1,a@b\n", [(1, 1, 'the heads "id, mail"', "a column of names, headed name")]),
    "ids before names": ("12,Ana\n", [(1, 1, '"12"', "the name of a student; give the columns heads: name, id")]),
    "everything at once": (
        'id;name\n1;Ana\n\n1;"Zé"\n;Eva\n4;\n5\n4;Rui\n',
        [
            (4, 1, 'the id "1" a second time', "an id of each student's own; line 2 has it"),
            (5, 1, "no id", "an id of each student's own"),
            (6, 3, "no name", "the name of a student"),
            (7, 2, "no name", "the name of a student"),
            (8, 1, 'the id "4" a second time', "an id of each student's own; line 6 has it"),
        ],
    ),
    "a mark left open": (
        'name,id\nAna,1\nZé, "2\n',
        [(3, 5, "a quotation mark that nothing closes", "quotation marks in pairs")],
    ),
    "a formula": (
        "name,id\n=cmd(),1\nAna,-1\n@b,+2\n",
        [
            (line, column, f'"{text}"', "a text that no spreadsheet takes for a formula")
            for line, column, text in [(2, 1, "=cmd()"), (3, 5, "-1"), (4, 1, "@b"), (4, 4, "+2")]
        ],
    ),
    "a control character": ("name,id\nAna\x07,1\n", [(2, 4, "the character #x0007", "printable text")]),
    "a byte of nothing": ("name,id\nA\0,1\n", [(2, 2, "the character #x0000", "printable text")]),
    "another encoding": (b"name,id\nJos\xe9,1\n", [(2, 4, "bytes that are not UTF-8 (#xe9)", NOT_UTF8)]),
    "two bytes a character": (
        "name,id\nAna,1\n".encode("utf-16"),
        [(1, 1, "bytes that are not UTF-8 (#xff)", NOT_UTF8)],
    ),
    "long": (
        f"name,id\n{'a' * 201},{'b' * 65}\n",
        [(2, 1, "a text of 201 characters", "at most 200"), (2, 203, "a text of 65 characters", "at most 64")],
    ),
}


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_is_told_with_its_place(name, listed):
    text, problems = MISTAKES[name]
    path = listed(text)
    with pytest.raises(SpecError) as caught:
        read_roster(path)
    assert str(caught.value).splitlines() == [
        f"{path}:{line}:{column}: found {found}, expected {expected}" for line, column, found, expected in problems
    ]


@pytest.mark.parametrize("code", [code for code in language_names() if code != "en"])
@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_is_told_in_the_language(name, code, listed):
    with pytest.raises(SpecError) as caught:
        read_roster(listed(MISTAKES[name][0]))
    for problem in caught.value.problems:
        words = re.sub(r'"[^"]*"|: \w+, \w+', "", problem.told(load_wording(code)).partition(": ")[2])
        assert not re.search(r"\b(found|expected|the|of|each|with|student)\b", words), words


def test_a_missing_file(tmp_path):
    with pytest.raises(SpecError, match=r"gone\.csv: found no such file, expected a CSV file of students"):
        read_roster(tmp_path / "gone.csv")


def test_a_folder_is_no_list(tmp_path):
    with pytest.raises(SpecError, match="found a file that cannot be read"):
        read_roster(tmp_path)


def test_what_is_too_large(listed, monkeypatch):
    path = listed("name,id\nA,1\nB,2\nC,3\n")
    monkeypatch.setattr(roster, "MOST_STUDENTS", 2)
    with pytest.raises(SpecError, match="found 3 students, expected at most 2"):
        read_roster(path)
    monkeypatch.setattr(roster, "MAX_BYTES", 10)
    with pytest.raises(SpecError, match="found a file of 20 bytes, expected a list of at most 10 bytes"):
        read_roster(path)


@pytest.mark.parametrize("text", ['"' * 200_001, " " * 200_000, ' "' * 100_000, ",a" * 50_000])
def test_a_malicious_list_takes_no_time(text, listed):
    with pytest.raises(SpecError):
        read_roster(listed(text))
