"""Every mistake is told in every language: at the same place, with the user's own words, and not in English."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from test_mistakes import MISTAKES, unmarked

from chalkgrad import SpecError
from chalkgrad.catalogue.languages import language_names
from chalkgrad.catalogue.wording import load_wording
from chalkgrad.cli import main
from chalkgrad.errors import Problem
from chalkgrad.spec.judge import read_spec

OTHERS = [code for code in language_names() if code != "en"]
ENGLISH_ALONE = re.compile(
    r"\b(the|of|and|found|expected|with|such|each|that|not|where|must|is|for|which|only|than|more|from|row|rows|"
    r"list|number|a\s+text|at\s+most|key|one|nothing|weights|samples?|targets?|unit|layer|did|you|line)\b",
    re.IGNORECASE,
)
"""Words of English messages that are words of neither Portuguese nor Spanish."""
KEYS = re.compile(r"\w+_\w+|--\w+ \w+|\bdata\b|: [\w, ]+|\bnone\b")
"""What is written as the spec writes it: names with underscores, options, lists of keys."""


def mistakes(name: str, folder: Path) -> tuple[Problem, ...]:
    path = folder / "net.yaml"
    path.write_text(unmarked(MISTAKES[name][0])[0], encoding="utf-8", newline="")
    with pytest.raises(SpecError) as caught:
        read_spec(path)
    return caught.value.problems


def quoted(text: str) -> list[str]:
    """What stands in quotes, but for the one word of ours that does."""
    return sorted(set(re.findall(r'"[^"]*"', text)) - {'"the end"', '"o fim"', '"el final"'})


def numbers(text: str) -> list[str]:
    return sorted(re.findall(r"\d+", re.sub(r"(?<=\d)[.,](?=\d{3}\b)", "", text)))


@pytest.mark.parametrize("code", OTHERS)
@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_is_told_in_the_language(name, code, tmp_path):
    for problem in mistakes(name, tmp_path):
        english, translated = str(problem), problem.told(load_wording(code))
        place = f"{problem.place}: "
        assert english.startswith(place)
        assert translated.startswith(place)
        assert quoted(translated) == quoted(english)
        assert numbers(translated) == numbers(english)
        own_words = KEYS.sub("", re.sub(r'"[^"]*"|\{[^}]*\}|`[^`]*`', "", translated.removeprefix(place)))
        assert ENGLISH_ALONE.search(own_words) is None, translated


def test_the_sieve_holds_english_back(tmp_path):
    # else the test above would prove nothing: every English message must be caught by it
    for name in MISTAKES:
        for problem in mistakes(name, tmp_path):
            words = KEYS.sub("", re.sub(r'"[^"]*"', "", str(problem).removeprefix(f"{problem.place}: ")))
            assert ENGLISH_ALONE.search(words)


TOLD = {
    "pt_BR": [
        "net.yaml:6:16: há 1 linha de pesos onde deveria haver 2, conforme o número de unidades da camada 1",
        "net.yaml:6:17: há 3 pesos por linha onde deveria haver 2, conforme o número de entradas",
        "net.yaml:7:13: há 3 vieses onde deveria haver 2, conforme o número de unidades da camada 1; "
        "ou {shared: …}",
    ],
    "es": [
        "net.yaml:6:16: hay 1 fila de pesos donde debería haber 2, según el número de unidades de la capa 1",
        "net.yaml:6:17: hay 3 pesos por fila donde debería haber 2, según el número de entradas",
        "net.yaml:7:13: hay 3 sesgos donde debería haber 2, según el número de unidades de la capa 1; "
        "o {shared: …}",
    ],
}


@pytest.mark.parametrize("code", TOLD)
def test_the_command_tells_them_in_the_language_asked(code, tmp_path, monkeypatch, capsys):
    text = unmarked(MISTAKES["every shape wrong at once"][0])[0]
    (tmp_path / "net.yaml").write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert main(["solve", "net.yaml", "--language", code]) == 2
    assert capsys.readouterr().err.splitlines()[:3] == TOLD[code]


SMALL_MISTAKE = "network: {}\ndata: {x: [[1]], y: [[1]]}\n"


@pytest.mark.parametrize(
    ("flag", "own", "environment", "said"),
    [
        ([], "", "", "found no"),
        ([], "", "pt_BR.UTF-8", "há um bloco sem"),
        ([], "show: {language: es}\n", "pt_BR.UTF-8", "hay un bloque sin"),
        ([], "show: {language: en}\n", "pt_BR.UTF-8", "found no"),
        ([], "show: {language: xx}\n", "pt_BR.UTF-8", "há um bloco sem"),
        (["--language", "pt_BR"], "show: {language: es}\n", "", "há um bloco sem"),
        (["--language", "en"], "show: {language: es}\n", "pt_BR.UTF-8", "found no"),
    ],
)
def test_the_flag_goes_before_the_spec_and_the_spec_before_the_environment(
    flag, own, environment, said, tmp_path, monkeypatch, capsys
):
    (tmp_path / "net.yaml").write_text(SMALL_MISTAKE + own, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LANG", environment)
    assert main(["solve", "net.yaml", *flag]) == 2
    lines = capsys.readouterr().err.splitlines()
    assert lines
    assert all(f": {said}" in line for line in lines if '"xx"' not in line)


def test_options_are_named_in_the_language(capsys):
    assert main(["solve", "mazur", "--decimals", "99", "--language", "es"]) == 2
    said = 'opciones: decimals: hay "99" donde debería haber un número entero de 0 a 15\n'
    assert capsys.readouterr().err == said


def test_specs_of_several_languages_are_told_in_the_first(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    for name, code in (("a", "es"), ("b", "pt_BR")):
        Path(f"{name}.yaml").write_text(SMALL_MISTAKE + f"show: {{language: {code}}}\n", encoding="utf-8")
    assert main(["solve", "a.yaml", "b.yaml"]) == 2
    lines = capsys.readouterr().err.splitlines()
    assert {line.partition(":")[0] for line in lines} == {"a.yaml", "b.yaml"}
    assert all(": hay " in line for line in lines)
