"""Every message of the code is worded in every language, and the catalogues hold nothing else."""

from __future__ import annotations

import ast
import errno
import os
import re
import string
import tomllib
from collections.abc import Iterator
from itertools import takewhile
from pathlib import Path

import polib
import pytest
import yaml

import chalkgrad
from chalkgrad import resources
from chalkgrad.arguments import SAYINGS
from chalkgrad.catalogue.languages import language_names
from chalkgrad.catalogue.wording import load_wording
from chalkgrad.errors import ResourceError
from chalkgrad.messages import ENGLISH

PACKAGE = Path(chalkgrad.__file__).parent
OTHERS = [code for code in language_names() if code != "en"]
NODES = [
    (path, node)
    for path in sorted(PACKAGE.rglob("*.py"))
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"), str(path)))
]
CALLS = [
    node
    for _, node in NODES
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Message"
]


def literal(node: ast.AST | None) -> str:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def many(call: ast.Call) -> str:
    return literal(next((k.value for k in call.keywords if k.arg == "many"), None))


def has_words(template: str) -> bool:
    """Whether anything is left to translate once the places are taken out."""
    return bool(re.search(r"[^\W\d_]", re.sub(r"\{[^}]*\}", "", template)))


# --- sentences that come from elsewhere ------------------------------------------------------------------------

BORROWED = {
    'table["summary"]',
    "error.problem",
    "error.strerror or str(error)",
    "template",
    'f"{words[:1].lower()}{words[1:]}"',
    '" ".join((line.removeprefix("#").strip() for line in comment))',
}
"""What may stand in place of a literal: summaries of files, words of YAML, TOML, the system and argparse."""

SYSTEM = {
    os.strerror(number)
    for number in (
        errno.EACCES, errno.ENOSPC, errno.ENOENT, errno.EISDIR, errno.ENOTDIR, errno.EEXIST, errno.ENAMETOOLONG,
        errno.EROFS, errno.EDQUOT, errno.EIO,
    )
}  # fmt: skip

BROKEN_YAML = {
    "a: b: c": "mapping values are not allowed in this context",
    "- a\nb: c": "did not find expected '-' indicator",
    "a: ? b": "mapping keys are not allowed in this context",
    "a: - b": "block sequence entries are not allowed in this context",
    "a: @b": "found character that cannot start any token",
    "a: 'b": "found unexpected end of stream",
    "a: 'b\n---\nc'": "found unexpected document indicator",
    'a: "\\q"': "found unknown escape character",
    "a:\n\tb: 1\n": "found character that cannot start any token",
    "a: |\n\tb": "found a tab character where an indentation space is expected",
    "a:\n  b\n\tc: 1\n": "found a tab character that violates indentation",
    "a: *b": "found undefined alias",
    "a: [&b 1, &b 2]": "second occurrence",
    "a: !b!c 1": "found undefined tag handle",
    "a: 1\n---\nb: 1": "but found another document",
    "a: 'b' c": "did not find expected key",
    "a: [1, 2": "did not find expected ',' or ']'",
    "a: {b: 1": "did not find expected ',' or '}'",
    "a: [,]": "did not find expected node content",
    "%YAML 1.1\na": "did not find expected <document start>",
    "a: !b,c 1": "did not find expected whitespace or line break",
    "a: |b\n": "did not find expected comment or line break",
    "a: & b": "did not find expected alphabetic or numeric character",
    'a: "\\xq"': "did not find expected hexdecimal number",
}
"""Broken YAML, and what libyaml says of it."""

BROKEN_TOML = {
    "a": "expected '=' after a key in a key/value pair",
    "a =": "invalid value",
    "a = 1 b": "expected newline or end of document after a statement",
    "[a": "expected ']' at the end of a table declaration",
    "[[a]": "expected ']]' at the end of an array declaration",
    "a = [1": "unclosed array",
    "a = {b = 1": "unclosed inline table",
    "= 1": "invalid statement",
    "a = 1\na = 2": "cannot overwrite a value",
    'a = """b': "unterminated string",
    'a = "\\q"': "unescaped '\\' in a string",
    'a = "\\uZZ"': "invalid hex value",
}
"""Broken TOML, and what `tomllib` says of it; what has a value in it is told as it is."""


def summaries() -> Iterator[str]:
    for path in (*resources.catalogue("notations").glob("*.toml"), *resources.templates().glob("*/format.toml")):
        yield tomllib.loads(path.read_text("utf-8"))["summary"]
    examples = [resources.example(name) for name in resources.example_names()]
    for path in (*examples, *map(resources.exam, resources.exam_names())):
        lines = path.read_text("utf-8").splitlines()
        yield " ".join(line[1:].strip() for line in takewhile(lambda line: line.startswith("#"), lines))


@pytest.mark.skipif(not yaml.__with_libyaml__, reason="the reader written in Python has other words")
@pytest.mark.parametrize("text", BROKEN_YAML)
def test_the_words_of_the_yaml_reader_are_its_own(text):
    with pytest.raises(yaml.MarkedYAMLError) as caught:
        yaml.compose(text, Loader=yaml.CSafeLoader)
    assert caught.value.problem == BROKEN_YAML[text]


@pytest.mark.parametrize("text", BROKEN_TOML)
def test_the_words_of_the_toml_reader_are_its_own(text):
    with pytest.raises(tomllib.TOMLDecodeError) as caught:
        tomllib.loads(text)
    said = str(caught.value).partition(" (at ")[0]
    assert said[0].lower() + said[1:] == BROKEN_TOML[text]


LITERALS = {(literal(call.args[0]), many(call)) for call in CALLS if literal(call.args[0])}
WANTED = {pair for pair in LITERALS if has_words(pair[0])} | {
    (text, "")
    for text in (*SAYINGS, *SYSTEM, *BROKEN_YAML.values(), *BROKEN_TOML.values(), *summaries(), ",")
    if text == "," or has_words(text)
}


# --- the code --------------------------------------------------------------------------------------------------


def test_the_code_is_found():
    assert len(CALLS) > 150
    assert len(LITERALS) > 150


def test_templates_are_literals_so_that_they_can_be_found():
    composed = {ast.unparse(call.args[0]).replace("'", '"') for call in CALLS if not literal(call.args[0])}
    assert composed - {'""'} == BORROWED


def test_what_the_code_fills_in_is_what_the_template_asks_for():
    for call in CALLS:
        given = {k.arg for k in call.keywords} - {"many"}
        for template in filter(None, (literal(call.args[0]), many(call))):
            if given and None not in given:
                assert {name for _, name, _, _ in string.Formatter().parse(template) if name} == given, template
        assert ("count" in given) >= bool(many(call)), ast.unparse(call)


USERS = {"SpecError", "FormulaError", "UnknownId", "Unproven", "OutputError", "ResourceError"}
BUGS = {"the language {self.code} has no sentence {key}"}
"""What only a mistake of our own can raise."""


def test_no_error_for_a_user_is_plain_english():
    plain = {
        ast.unparse(node.args[0])[2:-1]
        for _, node in NODES
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id in USERS
        and node.args
        and isinstance(node.args[0], (ast.Constant, ast.JoinedStr))
    }
    assert plain == BUGS


# --- the catalogues --------------------------------------------------------------------------------------------


def entries(code: str) -> dict[tuple[str, str], polib.POEntry]:
    po = polib.pofile(str(resources.catalogue("messages") / f"{code}.po"), check_for_duplicates=True)
    return {(entry.msgid, entry.msgid_plural or ""): entry for entry in po}


def forms(entry: polib.POEntry) -> list[str]:
    return [text for _, text in sorted(entry.msgstr_plural.items())] if entry.msgid_plural else [entry.msgstr]


ENTRIES = {code: entries(code) for code in OTHERS}


def test_there_is_a_catalogue_for_every_language_but_english():
    assert sorted(path.stem for path in resources.catalogue("messages").glob("*.po")) == OTHERS


@pytest.mark.parametrize("code", OTHERS)
def test_every_message_is_worded_and_nothing_else(code):
    assert WANTED - set(ENTRIES[code]) == set(), "without a translation"
    assert set(ENTRIES[code]) - WANTED == set(), "never said"


@pytest.mark.parametrize("code", OTHERS)
def test_the_messages_stand_in_one_order(code):
    assert list(ENTRIES[code]) == list(ENTRIES[OTHERS[0]])


@pytest.mark.parametrize("code", OTHERS)
def test_every_message_is_finished(code):
    po = polib.pofile(str(resources.catalogue("messages") / f"{code}.po"))
    count = int(re.match(r"nplurals=(\d+); plural=.+;$", po.metadata["Plural-Forms"])[1])
    assert po.metadata["Language"] == code
    for entry in ENTRIES[code].values():
        assert not entry.fuzzy
        assert not entry.obsolete
        assert len(forms(entry)) == (count if entry.msgid_plural else 1)
        assert all(text.strip() for text in forms(entry)), entry.msgid


def holes(template: str) -> list[str]:
    """Places, and braces that are meant as such."""
    return sorted(re.findall(r"\{[^}]*\}", template))


@pytest.mark.parametrize("code", OTHERS)
def test_places_agree(code):
    for entry in ENTRIES[code].values():
        for text in forms(entry):
            assert holes(text) == holes(entry.msgid), entry.msgid
            assert text.count('"') == entry.msgid.count('"'), entry.msgid
            assert text.count("`") == entry.msgid.count("`"), entry.msgid
            assert (text[-1] in ": ") == (entry.msgid[-1] in ": "), entry.msgid
            assert text == text.lstrip(), entry.msgid
            assert "%" not in text, "argparse would fill it in"


SAME = {"es": {"{program}: error: {problem}"}, "pt_BR": set()}
"""What is written as in English."""


@pytest.mark.parametrize("code", OTHERS)
def test_nothing_is_left_in_english(code):
    same = {
        entry.msgid for entry in ENTRIES[code].values() if set(forms(entry)) & {entry.msgid, entry.msgid_plural}
    }
    assert same == SAME[code]


@pytest.mark.parametrize("code", OTHERS)
def test_plurals_follow_the_language(code):
    wording = load_wording(code)
    for (one, more), entry in ENTRIES[code].items():
        if more:
            assert wording.template(one, more, 1) == forms(entry)[0] != forms(entry)[1]
            assert wording.template(one, more, 3) == forms(entry)[1]


def test_a_message_nobody_has_worded_is_said_in_english():
    assert load_wording("es").template("nobody wrote this", "", None) == "nobody wrote this"


def test_english_needs_no_catalogue():
    assert load_wording("en") is ENGLISH


def test_a_language_nobody_has_written_is_refused():
    with pytest.raises(ResourceError, match='no language is called "pt-BR"; did you mean "pt_BR"'):
        load_wording("pt-BR")
