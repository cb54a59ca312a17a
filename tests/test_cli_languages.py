"""The command line in every language: help, errors, lists, the spec to start from."""

from __future__ import annotations

import argparse
import json
import re
from pathlib import Path

import pytest
import yaml

from chalkgrad import resources
from chalkgrad.arguments import Parser
from chalkgrad.catalogue.languages import language_names
from chalkgrad.catalogue.wording import load_wording
from chalkgrad.cli import main
from chalkgrad.messages import Message
from chalkgrad.render.formats import format_names
from test_cli import helped

OTHERS = [code for code in language_names() if code != "en"]
VERBS = [[], ["solve"], ["exam"], ["new"], ["list"], ["schema"]]


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def flat(text: str) -> str:
    return " ".join(text.split())


ENGLISH = re.compile(
    r"\b(the|and|with|show|this|message|usage|options|examples|write|print|several|commas|folder|file|spec|how|"
    r"default|positional|arguments?|language|pages?|digits|after|choose|from|of|invalid|required|unrecognized|"
    r"expected|allowed|choice|value|number)\b",
    re.IGNORECASE,
)
WRITTEN_SO = re.compile(r"--?[\w-]+|\{[^}]*\}|chalkgrad \S+( \S+)*|\S+\.\w+|\S+/|'[^']*'|JSON")
"""Flags, choices, commands and files."""


@pytest.mark.parametrize("verb", VERBS, ids=lambda v: " ".join(v) or "chalkgrad")
@pytest.mark.parametrize("code", OTHERS)
def test_help_speaks_the_language(code, verb, capsys):
    english = helped(capsys, *verb)
    said = helped(capsys, *verb, "--language", code)
    assert said.startswith("uso: chalkgrad")
    flags = r"--\w+"
    assert re.findall(flags, said) == re.findall(flags, english)
    words = "\n".join(re.sub(r"^  chalkgrad .*?(  +|$)|chalkgrad( \w+)?", "", line) for line in said.splitlines())
    assert not ENGLISH.findall(WRITTEN_SO.sub("", words))
    untold = re.sub(r"^  chalkgrad .*?(  +|$)|chalkgrad( \w+)?", "", english, flags=re.MULTILINE)
    assert len(ENGLISH.findall(WRITTEN_SO.sub("", untold))) > 5, "else it would prove nothing"


@pytest.mark.parametrize("verb", VERBS, ids=lambda v: " ".join(v) or "chalkgrad")
def test_the_environment_asks_like_the_flag(verb, capsys, monkeypatch):
    flagged = helped(capsys, *verb, "--language=pt_BR")
    assert helped(capsys, "--language", "pt_BR", *verb) == flagged
    monkeypatch.setenv("LANG", "pt_BR.UTF-8")
    assert helped(capsys, *verb) == flagged
    assert helped(capsys, *verb, "--language", "en").startswith("usage: ")


ERRORS = {
    ("--decimals", "x"): ("argumento --decimals: valor inválido para um número inteiro: 'x'",
                          "argumento --decimals: valor no válido para un número entero: 'x'"),
    ("--decimals",): ("argumento --decimals: falta o valor", "argumento --decimals: falta el valor"),
    ("--nonsense",): ("argumentos desconhecidos: --nonsense", "argumentos desconocidos: --nonsense"),
    ("--de", "4"): ("opção ambígua: --de pode ser --decimals, --detail",
                    "opción ambigua: --de puede ser --decimals, --detail"),
    ("--decimals", "3", "--significant", "3"): (
        "argumento --significant: não pode vir junto com o argumento --decimals",
        "argumento --significant: no puede acompañar al argumento --decimals"),
    ("--help=x",): ("argumento -h/--help: não recebe valor, mas veio com 'x'",
                    "argumento -h/--help: no recibe ningún valor, pero lleva 'x'"),
}  # fmt: skip


def refused(capsys, *arguments: str) -> str:
    with pytest.raises(SystemExit) as left:
        main(arguments)
    assert left.value.code == 2
    usage, *_, error = capsys.readouterr().err.splitlines()
    assert usage.startswith("uso: ")
    return error


@pytest.mark.parametrize("arguments", ERRORS, ids=" ".join)
@pytest.mark.parametrize("code", OTHERS)
def test_errors_of_the_command_line(code, arguments, capsys):
    portuguese, spanish = ERRORS[arguments]
    said = {"pt_BR": f"erro: {portuguese}", "es": f"error: {spanish}"}[code]
    error = refused(capsys, "solve", "mazur", "--language", code, *arguments)
    assert error.removeprefix("chalkgrad").removeprefix(" solve") == f": {said}"


def test_what_must_be_given_and_what_may_be_chosen(capsys):
    assert refused(capsys, "--language", "es").endswith("faltan argumentos obligatorios: VERBO")
    assert refused(capsys, "solve", "--language", "pt_BR").endswith("faltam argumentos obrigatórios: ESPEC")
    said = refused(capsys, "--language", "pt_BR", "sovle")
    assert "argumento VERBO: opção inválida: 'sovle' (escolha entre " in said
    said = refused(capsys, "solve", "--language", "es", "mazur", "--detail", "ful")
    assert "argumento --detail: opción no válida: 'ful' (elija entre " in said


def test_an_unknown_language_is_refused_in_that_of_the_environment(capsys, monkeypatch):
    monkeypatch.setenv("LANGUAGE", "es")
    assert "argumento --language: opción no válida: 'xx'" in refused(capsys, "list", "--language", "xx")


def test_a_new_sentence_of_argparse_is_left_as_it_is(capsys):
    parser = Parser(
        prog="chalkgrad", wording=load_wording("es"), about=Message("a spec"), examples=[("x", Message("y"))]
    )
    with pytest.raises(SystemExit):
        parser.error("something nobody foresaw")
    assert capsys.readouterr().err.endswith("chalkgrad: error: something nobody foresaw\n")


def test_nothing_of_argparse_itself_is_changed(capsys):
    helped(capsys, "solve", "--language", "es")
    plain = argparse.ArgumentParser(prog="other").format_help()
    assert plain.startswith("usage: other")
    assert "show this help message and exit" in plain


SAID = [
    (["solve", "mazur", "--to", "jsn"],
     'chalkgrad: nenhum formato se chama "jsn"; existem: {formats}; você quis dizer "json"?',
     'chalkgrad: ningún formato se llama "jsn"; existen: {formats}; ¿quiso decir "json"?'),
    (["solve", "mazur", "-o", "-"],
     "chalkgrad: -o - imprime um só formato de uma só especificação: diga qual com --to md",
     "chalkgrad: -o - imprime un solo formato de una sola especificación: diga cuál con --to md"),
    (["solve", "mazur", "mazur"],
     "chalkgrad: duas especificações têm o mesmo nome, e suas páginas ocupariam o mesmo lugar",
     "chalkgrad: dos especificaciones tienen el mismo nombre, y sus páginas ocuparían el mismo lugar"),
    (["solve", "mazru"],
     "mazru: há um nome de arquivo que não existe onde deveria haver um arquivo de especificação ou o nome de um "
     'exemplo; você quis dizer "mazur"?',
     "mazru: hay un nombre de archivo que no existe donde debería haber un archivo de especificación o el nombre "
     'de un ejemplo; ¿quiso decir "mazur"?'),
    (["new", "mine"],
     "chalkgrad: mine.yaml já existe; escolha outro nome, ou apague-o antes",
     "chalkgrad: mine.yaml ya existe; elija otro nombre, o bórrelo antes"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("arguments", "portuguese", "spanish"), SAID, ids=lambda a: " ".join(a) if isinstance(a, list) else ""
)
def test_what_the_command_says(arguments, portuguese, spanish, capsys):
    Path("mine.yaml").write_text("my own work")
    formats = ", ".join(format_names())
    for code, said in (("pt_BR", portuguese), ("es", spanish)):
        assert main([*arguments, "--language", code]) == 2
        assert flat(capsys.readouterr().err).startswith(said.replace("{formats}", formats))


def test_reasons_of_the_system_are_told_too(capsys):
    Path("pages/mazur/mazur.md/inside").mkdir(parents=True)
    assert main(["solve", "mazur", "--to", "md", "-o", "pages", "--language", "es"]) == 1
    assert capsys.readouterr().err == "chalkgrad: no se pudo escribir pages/mazur/mazur.md: es una carpeta\n"


# --- list, schema, new -----------------------------------------------------------------------------------------


def listed(capsys, code: str) -> list[str]:
    assert main(["list", "--language", code]) == 0
    return capsys.readouterr().out.splitlines()


@pytest.mark.parametrize("code", OTHERS)
def test_the_list_is_in_the_language(code, capsys):
    english, said = listed(capsys, "en"), listed(capsys, code)
    assert [line.split()[0] for line in said if line.startswith("  ")] == [
        line.split()[0] for line in english if line.startswith("  ")
    ]
    same = {line for line in said if line and line in english}
    notes = {line.split(maxsplit=1)[1] for line in same if line.startswith("  ")}
    assert all(
        re.fullmatch(r"f\(z\) = z|logistic\s+1/\(1 \+ e\^-z\)|ln\(1 \+ e\^z\)|swish\s+z sigma\(z\)", note)
        or note in ("English", "Español", "Português (Brasil)")
        for note in notes
    ), notes
    assert not [line for line in same if not line.startswith("  ")], "a heading in English"


@pytest.mark.parametrize("code", OTHERS)
def test_the_schema_is_described_in_the_language(code, capsys):
    schemas = {}
    for name in ("en", code):
        assert main(["schema", "--language", name]) == 0
        schemas[name] = json.loads(capsys.readouterr().out)

    def described(node: dict) -> list[str]:
        inner = [*node.get("properties", {}).values(), *node.get("anyOf", [])]
        inner += [node["items"]] if "items" in node else []
        return [node.get("description", ""), *(text for child in inner for text in described(child))]

    english, said = described(schemas["en"]), described(schemas[code])
    assert len(said) == len(english)
    assert [a for a, b in zip(english, said, strict=True) if a and a == b] == []


def comments(text: str) -> list[str]:
    return [line.rpartition("# ")[2] for line in text.splitlines() if "# " in line]


@pytest.mark.parametrize("code", OTHERS)
def test_the_spec_to_start_from_is_commented_in_the_language(code, capsys):
    assert main(["new", "mine", "--language", code]) == 0
    text, english = Path("mine.yaml").read_text("utf-8"), resources.starter("en")
    ours, theirs = yaml.safe_load(text), yaml.safe_load(english)
    assert ours["show"].pop("language") == code
    assert theirs["show"].pop("language") == "en"
    assert ours.pop("title") != theirs.pop("title")
    assert ours == theirs
    assert len(text.splitlines()) == len(english.splitlines())
    assert len(comments(text)) == len(comments(english)) > 20
    same = [ours for ours, theirs in zip(comments(text), comments(english), strict=True) if ours == theirs]
    assert all(
        re.fullmatch(r"[\w|{}:.,*()\" ]+", line) and not re.search(r"\b(the|of|a|or)\b", line) for line in same
    )
    advice = capsys.readouterr().out.splitlines()[1]
    assert re.search(r"chalkgrad (solve mine\.yaml)$", advice)
    assert main(["solve", "mine.yaml", "--to", "md", "-o", "pages"]) == 0
