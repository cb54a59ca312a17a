"""Letters and notations of one's own: they reach the page, and whatever is wrong with them is told kindly."""

from __future__ import annotations

import re
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import chalkgrad
from chalkgrad import SpecError
from chalkgrad.cli import main
from chalkgrad.spec.judge import read_spec

SPEC = """\
network:
  layers:
    - {units: 2, activation: {name: elu, alpha: 0.5}, weights: [[0.1, -0.2], [0.3, 0.4]], bias: [0.5, 0.25]}
    - {units: 1, activation: sigmoid, weights: [[0.5, -0.6]], bias: {shared: 0.2}}
  loss: half_squared_error
data: {x: [[1, 0.5], [0.25, -1]], y: [[0.75], [0.5]]}
train: {optimizer: {name: sgd, learning_rate: 0.05}}
"""


def written(folder: Path, show: str, school: str | None = None) -> Path:
    """A spec file, and beside it a notation file."""
    path = folder / "net.yaml"
    path.write_text(f"{SPEC}show: {show}\n", encoding="utf-8")
    if school is not None:
        (folder / "my-school.toml").write_text(school, encoding="utf-8")
    return path


def problems(path: Path, **show: object) -> list[str]:
    """What is told, without the folder."""
    with pytest.raises(SpecError) as told:
        chalkgrad.solve(path, **show)
    return [str(problem).replace(f"{path.parent}/", "") for problem in told.value.problems]


# --- letters ---------------------------------------------------------------------------------------------------


def test_letters_of_ones_own(tmp_path):
    show = "{symbols: {rate: λ, weight: w, matrix.weight: W, delta: zeta, target: yhat}, views: [scalar, matrix]}"
    text = chalkgrad.solve(written(tmp_path, show)).to_markdown()
    assert r"\lambda = 0.05" in text
    assert r"w^{(1)} _{12}" in text
    assert r"(W^{(1)})^{\mathsf T}" in text
    assert r"\zeta^{(2)} _{1,1}" in text
    assert r"\hat{y} _{1}" in text
    assert r"\theta" not in text
    assert r"\eta =" not in text


def test_a_bold_symbol_keeps_its_weight(tmp_path):
    text = chalkgrad.solve(written(tmp_path, "{notation: ufv, symbols: {matrix.weight: θ}}"), views=["matrix"])
    assert r"\boldsymbol{\theta}^{0}" in text.to_markdown()


def test_letters_from_python():
    assert r"\kappa" in chalkgrad.solve("chain", symbols={"rate": "kappa"}).to_markdown()


LETTERS = {
    "a misspelt role": ("{symbols: {wieght: w}}", ["net.yaml:8:18", 'the key "wieght"', 'did you mean "weight"?']),
    "markup": (r"{symbols: {rate: '\input{x}'}}", ["net.yaml:8:24", "a letter (w, θ, theta, ŷ, ℒ)"]),
    "indices": ("{symbols: {rate: w_1}}", ["net.yaml:8:24", "a letter"]),
    "a list": ("{symbols: [w]}", ["net.yaml:8:17", "letters of one's own"]),
    "no letter for it": ("{notation: ufv, symbols: {delta: d}}", ['the key "delta"', "what ufv has a symbol for"]),
    "a letter twice": ("{symbols: {rate: J}}", ["one and the same symbol for", "a symbol of its own"]),
    "two matrices": ("{symbols: {matrix.input: Y}}", ["one and the same symbol for x and y"]),
}


@pytest.mark.parametrize("case", LETTERS)
def test_a_letter_that_cannot_be(tmp_path, case):
    show, told = LETTERS[case]
    (problem,) = problems(written(tmp_path, show))
    assert all(words in problem for words in told), problem


# --- files -----------------------------------------------------------------------------------------------------

OWN = """\
extends = "theta"
samples = "columns"
weights = "from_to"
words = "derivative"
index_base = 0

[symbols]
weight = { base = "β", sub = ["{k}→{j}"], sup = ["{l}"] }
delta = false

[matrices]
weight = { base = "B", bold = true, sup = ["{l}"] }
delta = false
""".replace("→", "-")


def test_a_school_of_ones_own(tmp_path):
    path = written(tmp_path, "{notation: ./my-school.toml, views: [scalar, matrix]}", OWN)
    text = chalkgrad.solve(path).to_markdown()
    assert r"\beta^{1} _{1-0}" in text
    assert r"\underset{{\color{gray} 2\times 2}}{(\mathbf{B}^{1})^{\mathsf T}}" in text
    assert "transposed weight matrix from the left" in text
    assert "Derivatives at the outputs" in text
    assert read_spec(path).show.notation.endswith("my-school.toml")


def test_the_school_in_the_readme_is_one(tmp_path):
    readme = (Path(__file__).parents[2] / "README.md").read_text("utf-8")
    (school,) = [block for block in re.findall(r"```toml\n(.*?)```", readme, re.DOTALL) if "extends" in block]
    (tmp_path / "my-school.toml").write_text(school, encoding="utf-8")
    text = chalkgrad.solve("mazur", notation=str(tmp_path / "my-school.toml")).to_markdown()
    assert r"$\alpha = 0.5$" in text
    assert "Output sensitivities" in text


def test_on_the_command_line_a_path_is_taken_from_here(tmp_path, capsys, monkeypatch):
    (tmp_path / "elsewhere").mkdir()
    path = written(tmp_path / "elsewhere", "{notation: theta}")
    (tmp_path / "mine.toml").write_text('extends = "theta"\n[symbols]\nrate = { base = "γ" }\n', encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert main(["solve", str(path), "--notation", "mine.toml", "--to", "md", "-o", "-"]) == 0
    assert r"\gamma" in capsys.readouterr().out
    assert main(["solve", str(path), "--notation", "theat", "--to", "md", "-o", "-"]) == 2
    assert 'did you mean "theta"?' in capsys.readouterr().err


def test_a_whole_file_without_extends(tmp_path):
    source = Path(chalkgrad.__file__).parent / "catalogue" / "notations" / "mazur.toml"
    path = written(tmp_path, "{notation: my-school.toml}", source.read_text("utf-8"))
    assert chalkgrad.solve(path).to_markdown() == chalkgrad.solve(path, notation="mazur").to_markdown()


@pytest.mark.parametrize("name", chalkgrad.catalogue.notations.notation_names())
def test_every_bundled_notation_is_a_file_that_anyone_could_have_written(tmp_path, name):
    source = Path(chalkgrad.__file__).parent / "catalogue" / "notations" / f"{name}.toml"
    path = written(tmp_path, "{notation: my-school.toml}", source.read_text("utf-8"))
    own, bundled = read_spec(path).show.school, read_spec(path, notation=name).show.school
    assert (own.symbols, own.indices, own.units) == (bundled.symbols, bundled.indices, bundled.units)


SCHOOLS = {
    "not TOML": ("extends = theta\n", ["my-school.toml:1:11", "TOML that does not parse"]),
    "not finished": ("[symbols\nrate = 1", ["my-school.toml:1:9", "TOML that does not parse"]),
    "an unknown key": ('extends = "theta"\nsampels = "rows"\n', ['the key "sampels"', 'did you mean "samples"?']),
    "an unknown role": (
        'extends = "theta"\n[symbols]\nrates = { base = "r" }\n',
        ["my-school.toml: symbols.rates", 'did you mean "rate"?'],
    ),
    "an unknown word": ('extends = "theta"\nsamples = "colums"\n', ["samples:", 'did you mean "columns"?']),
    "an unknown notation": ('extends = "teta"\n', ["my-school.toml: extends", 'did you mean "theta"?']),
    "a number for a letter": (
        'extends = "theta"\n[symbols]\nrate = { base = 3 }\n',
        ["symbols.rate.base", "a letter"],
    ),
    "a text for a symbol": ('extends = "theta"\n[symbols]\nrate = "r"\n', ["symbols.rate", "a symbol in braces"]),
    "no base": ('extends = "theta"\n[symbols]\nrate = { sub = ["{j}"] }\n', ["symbols.rate", 'no "base"']),
    "a bad place": (
        'extends = "theta"\n[symbols]\nrate = { base = "r", sub = ["{x}"] }\n',
        ['the place "{x}"', "one of {l}, {j}, {k}"],
    ),
    "an open brace": ('extends = "theta"\n[symbols]\nrate = { base = "r", sub = ["{j"] }\n', ['the place "{j"']),
    "markup in an index": (
        'extends = "theta"\n[symbols]\nrate = { base = "r", sup = ["\\\\input"] }\n',
        ["symbols.rate.sup[0]", "letters, digits"],
    ),
    "no list": (
        'extends = "theta"\n[symbols]\nrate = { base = "r", sub = "{j}" }\n',
        ["rate.sub", "a list of indices"],
    ),
    "a bad number": ('extends = "theta"\nlayer_offset = 7\n', ["layer_offset", "a whole number from -1 to 1"]),
    "a symbol is missing": ('extends = "theta"\n[symbols]\nrate = false\n', ['no "rate" in [symbols]']),
    "half a delta": ('extends = "theta"\n[matrices]\ndelta = false\n', ["delta in only one of"]),
    "a delta without words": (
        'extends = "theta"\nwords = "derivative"\n',
        ['words "derivative" with a symbol for delta'],
    ),
    "one letter for two units": ('extends = "theta"\n[indices]\ni = "j"\n', ['the index letter "j" twice']),
    "two things alike": (
        'extends = "theta"\n[symbols]\nactivation = { base = "z", sub = ["{j}"], sup = ["({l})"] }\n',
        ["net: show.notation", "one and the same symbol for z1[1]@1 and a1[1]@1"],
    ),
}


@pytest.mark.parametrize("case", SCHOOLS)
def test_a_school_that_cannot_be(tmp_path, case):
    school, told = SCHOOLS[case]
    (problem,) = problems(written(tmp_path, "{notation: my-school.toml}", school))
    assert all(words in problem for words in told), problem


def test_all_that_is_missing_is_told_at_once(tmp_path):
    found = problems(written(tmp_path, "{notation: my-school.toml}", 'summary = "mine"\n'))
    assert len(found) > 15
    assert any('no "samples"' in problem for problem in found)


def test_a_file_that_is_not_there(tmp_path):
    (problem,) = problems(written(tmp_path, "{notation: ./other.toml}"))
    assert problem.startswith("net.yaml:8:18: found no file other.toml, expected a notation file")


@pytest.mark.parametrize(
    "content", [b"\xff\xfe", b"#" * 200_000, b"a = " + b"[" * 90_000], ids=["bytes", "long", "deep"]
)
def test_a_file_that_is_no_text(tmp_path, content):
    path = written(tmp_path, "{notation: my-school.toml}")
    (tmp_path / "my-school.toml").write_bytes(content)
    assert problems(path)
    assert main(["solve", str(path), "-o", "-", "--to", "md"]) == 2


@settings(max_examples=60, deadline=None)
@given(
    st.dictionaries(
        st.text(max_size=8), st.recursive(st.text(max_size=8) | st.booleans() | st.integers(), st.lists)
    )
)
def test_whatever_a_letter_is_said_to_be_it_is_told_or_taken(symbols):
    with suppress(SpecError):
        chalkgrad.solve("chain", symbols=symbols)
