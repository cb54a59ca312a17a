"""Whatever is wrong in a spec is told with its place, all problems at once, and nothing is written.

In the table below `‹` marks the places at which problems are told; it is taken out before the spec is read,
so the line and the column expected are those at which a person sees the mistake.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalkgrad import SpecError, resources, solve
from chalkgrad.cli import main
from chalkgrad.spec.judge import read_spec

SPEC = """\
title: Small
network:
  layers:
    - units: 2
      activation: tanh
      weights: [[0.1, -0.2], [0.3, 0.4]]
      bias: [0.11, -0.12]
    - units: 1
      activation: sigmoid
      weights: [[0.5, -0.6]]
      bias: {shared: 0.2}
  loss: half_squared_error
  reduction: mean
data:
  x: [[1, 0.5]]
  y: [[0.75]]
train:
  optimizer: {name: sgd, learning_rate: 0.05}
show: {decimals: 4}
"""


def but(*changes: tuple[str, str]) -> str:
    """The spec above with some words replaced."""
    text = SPEC
    for old, new in changes:
        assert text.count(old) == 1, f"{old!r} must stand once in the spec"
        text = text.replace(old, new)
    return text


@dataclass(frozen=True)
class Told:
    """One problem as it must be told: what was found, part of what was expected, part of the way out."""

    found: str
    expected: str
    hint: str = ""


def told(found: str, expected: str, hint: str = "") -> Told:
    return Told(found, expected, hint)


A_NUMBER = "a number such as 0.15, -2, 1e-3 or 1/3"
FINITE = "a network is worked by hand with finite numbers"

MISTAKES: dict[str, tuple[str, list[Told]]] = {
    # --- keys and words
    "unknown key": (
        but(("  loss:", "  ‹los: half_squared_error\n  loss:")),
        [told('the key "los"', "a network: layers, loss, reduction", 'did you mean "loss"?')],
    ),
    "unknown key at the top": (
        but(("title:", "‹titel:")),
        [told('the key "titel"', "a spec: title, note, network, data, train, show", 'did you mean "title"?')],
    ),
    "unknown key of an activation": (
        but(("activation: tanh", "activation: {name: elu, ‹alhpa: 2}")),
        [told('the key "alhpa"', "alpha", 'did you mean "alpha"?')],
    ),
    "missing keys": (
        "‹title: Small\nnetwork: ‹{layers: ‹[]}\n",
        [
            told('no "data"', "a spec with data"),
            told('no "loss"', "a network with loss"),
            told("an empty list", "a list of layers"),
        ],
    ),
    "key twice": (
        but(("data:", "‹network: {}\ndata:")),
        [told('the key "network" a second time', "each key once")],
    ),
    "key twice, deeper": (
        but(("      bias: [0.11, -0.12]", "      bias: [0.11, -0.12]\n      ‹units: 2")),
        [told('the key "units" a second time', "each key once")],
    ),
    "misspelt activation": (
        but(("activation: sigmoid", "activation: ‹sigmiod")),
        [told('"sigmiod"', "an activation: identity, step, sigmoid", 'did you mean "sigmoid"?')],
    ),
    "wrong case": (
        but(("activation: tanh", "activation: ‹TanH")),
        [told('"TanH"', "an activation", 'did you mean "tanh"?')],
    ),
    "misspelt loss": (
        but(("loss: half_squared_error", "loss: ‹half_square_error")),
        [told('"half_square_error"', "a loss: half_squared_error", 'did you mean "half_squared_error"?')],
    ),
    "misspelt reduction": (
        but(("reduction: mean", "reduction: ‹maen")),
        [told('"maen"', "a reduction: mean, sum", 'did you mean "mean"?')],
    ),
    "misspelt optimizer": (
        but(("name: sgd", "name: ‹sdg")),
        [told('"sdg"', "an optimizer: sgd", 'did you mean "sgd"?')],
    ),
    "misspelt notation, with the digits wrong too": (
        but(("{decimals: 4}", "{notation: ‹mazru, decimals: ‹99}")),
        [
            told('"mazru"', "a notation:", 'did you mean "mazur"?'),
            told('"99"', "a whole number from 0 to 15"),
        ],
    ),
    "misspelt language": (
        but(("{decimals: 4}", "{language: ‹pt-BR}")),
        [told('"pt-BR"', "a language:", 'did you mean "pt_BR"?')],
    ),
    "misspelt view": (
        but(("{decimals: 4}", "{views: [scalar, ‹matrx]}")),
        [told('"matrx"', "a view: scalar, matrix", 'did you mean "matrix"?')],
    ),
    "a view that is no list": (
        but(("{decimals: 4}", "{views: ‹matrix}")),
        [told('"matrix"', "a list of views")],
    ),
    "title in an unknown language": (
        but(("title: Small", "title: {‹pt-BR: Pequena}")),
        [told('the key "pt-BR"', "titles by language: en", 'did you mean "pt_BR"?')],
    ),
    "title that is a list": (but(("Small", "‹[Small]")), [told("a list of 1", "a title, or one a language")]),
    "title too long": (but(("Small", "‹" + "x" * 2001)), [told("a text of 2,001 characters", "at most 2,000")]),
    "value missing": (
        but(("{shared: 0.2}", "‹")).replace("bias: ‹\n", "bias:‹\n"),
        [told("nothing", "a list with one bias a unit, {shared: 0.35} or none")],
    ),
    # --- numbers
    "NaN": (but(("0.4]]", "‹.nan]]")), [told('".nan"', A_NUMBER, FINITE)]),
    "NaN as Python writes it": (but(("0.4]]", "‹NaN]]")), [told('"NaN"', A_NUMBER, FINITE)]),
    "infinity": (but(("0.4]]", "‹-.inf]]")), [told('"-.inf"', A_NUMBER, FINITE)]),
    "infinity in words": (but(("0.4]]", "‹Infinity]]")), [told('"Infinity"', A_NUMBER, FINITE)]),
    "no number": (but(("0.4]]", "‹abc]]")), [told('"abc"', A_NUMBER)]),
    "no number but true": (but(("0.4]]", "‹true]]")), [told('"true"', A_NUMBER)]),
    "number with underscore": (but(("0.4]]", "‹1_000]]")), [told('"1_000"', A_NUMBER)]),
    "hexadecimal": (but(("0.4]]", "‹0x1F]]")), [told('"0x1F"', A_NUMBER)]),
    "number that Python would compute": (
        but(("0.4]]", '‹"__import__(\'os\')"]]')),
        [told("\"__import__('os')\"", A_NUMBER)],
    ),
    "digits of another script": (but(("0.4]]", "‹٣.٤]]")), [told('"٣.٤"', A_NUMBER)]),
    "raised digit as a count": (
        but(("units: 1", "units: ‹²")),
        [told('"²"', "a whole number from 1 to 10000")],
    ),
    "over zero": (but(("0.4]]", '‹"1/0"]]')), [told('"1/0"', A_NUMBER, "a fraction over zero has no value")]),
    "exponent beyond reason": (
        but(("0.4]]", "‹1e400]]")),
        [told('"1e400"', A_NUMBER, "exponents beyond 30 are not taken")],
    ),
    "decimal of 200 digits": (
        but(("0.4]]", "‹0." + "3" * 200 + "]]")),
        [told('"0.' + "3" * 58 + '…"', A_NUMBER)],
    ),
    "fraction of 200 digits": (
        but(("0.4]]", '‹"1/' + "3" * 200 + '"]]')),
        [told('"1/' + "3" * 58 + '…"', A_NUMBER)],
    ),
    "decimal comma": (
        but(("{name: sgd, learning_rate: 0.05}", "\n    name: sgd\n    learning_rate: ‹0,55")),
        [told('"0,55"', "a number above 0", "write the decimal mark as a point: 0.55")],
    ),
    "decimal comma in a list, where YAML sees two numbers": (
        but(("[0.11, -0.12]", "‹[0,11, -0.12]")),
        [told("3 biases", "2, one for each unit of layer 1")],
    ),
    "decimal comma in a matrix": (
        but(("[0.3, 0.4]", "‹[0,3, 0.4]")),
        [told("a row of 3 (row 2)", "2 numbers, as many as in the first row")],
    ),
    "rate of zero": (but(("0.05", "‹0")), [told('"0"', "a number above 0")]),
    "rate below zero": (but(("0.05", "‹-0.1")), [told('"-0.1"', "a number above 0")]),
    "half a unit": (but(("units: 1", "units: ‹1.5")), [told('"1.5"', "a whole number from 1 to 10000")]),
    "steps without end": (
        but(("0.05}", "0.05}\n  steps: ‹1000")),
        [told('"1000"', "a whole number from 1 to 50")],
    ),
    "a list where a number belongs": (but(("0.4]]", "‹[0.4]]]")), [told("a list of 1", A_NUMBER)]),
    "no significant digits": (
        but(("{decimals: 4}", "{significant: ‹0}")),
        [told('"0"', "a whole number from 1 to 15")],
    ),
    "decimals and significant": (
        but(("{decimals: 4}", "{decimals: 4, significant: ‹6}")),
        [told("both decimals and significant", "one of them")],
    ),
    # --- shapes
    "ragged matrix": (
        but(("[0.3, 0.4]", "‹[0.3]")),
        [told("a row of 1 (row 2)", "2 numbers, as many as in the first row")],
    ),
    "ragged inputs": (
        but(("[[1, 0.5]]", "[[1, 0.5], ‹[1]]"), ("[[0.75]]", "[[0.75], [0.5]]")),
        [told("a row of 1 (row 2)", "2 numbers, as many as in the first row")],
    ),
    "a vector where a matrix belongs": (
        but(("[[0.5, -0.6]]", "[‹0.5, -0.6]")),
        [told('"0.5"', "rows of numbers", "each row is a list of its own")],
    ),
    "an empty matrix": (but(("[[0.5, -0.6]]", "‹[]")), [told("an empty list", "rows of numbers")]),
    "rows of weights and units": (
        but(("[[0.1, -0.2], [0.3, 0.4]]", "‹[[0.1, -0.2]]")),
        [told("1 row of weights", "2, one for each unit of layer 1")],
    ),
    "columns of weights and inputs": (
        but(("[[1, 0.5]]", "[[1, 0.5, 2]]"), ("[[0.1,", "[‹[0.1,")),
        [told("2 weights a row", "3, one for each input")],
    ),
    "columns of weights and units before": (
        but(("[[0.5, -0.6]]", "[‹[0.5, -0.6, 0.7]]")),
        [told("3 weights a row", "2, one for each unit of layer 1")],
    ),
    "biases and units": (
        but(("[0.11, -0.12]", "‹[0.11]")),
        [told("1 bias", "2, one for each unit of layer 1", "or {shared: …}")],
    ),
    "targets and outputs": (
        but(("[[0.75]]", "[‹[0.75, 0.5]]")),
        [told("2 targets a sample", "1, one for each output unit")],
    ),
    "targets and samples": (
        but(("[[0.75]]", "‹[[0.75], [0.5]]")),
        [told("targets for 2 samples", "1, one row for each row of x")],
    ),
    "every shape wrong at once": (
        but(
            ("[[0.1, -0.2], [0.3, 0.4]]", "‹[‹[0.1, -0.2, 9]]"),
            ("[0.11, -0.12]", "‹[1, 2, 3]"),
            ("[[0.5, -0.6]]", "[‹[0.5]]"),
            ("[[0.75]]", "‹[‹[1, 2], [1, 2]]"),
        ),
        [
            told("1 row of weights", "2, one for each unit of layer 1"),
            told("3 weights a row", "2, one for each input"),
            told("3 biases", "2, one for each unit of layer 1"),
            told("1 weight a row", "2, one for each unit of layer 1"),
            told("targets for 2 samples", "1, one row for each row of x"),
            told("2 targets a sample", "1, one for each output unit"),
        ],
    ),
    # --- what does not go together
    "target that is no probability": (
        but(("half_squared_error", "binary_cross_entropy"), ("[[0.75]]", "[[‹1.3]]")),
        [told("the target 1.3", "a number from 0 to 1, as binary_cross_entropy needs")],
    ),
    "targets that do not sum to 1": (
        but(
            ("units: 1\n", "units: 2\n"),
            ("activation: sigmoid", "activation: softmax"),
            ("[[0.5, -0.6]]", "[[0.5, -0.6], [0.7, 0.8]]"),
            ("half_squared_error", "cross_entropy"),
            ("[[1, 0.5]]", "[[1, 0.5], [1, 2], [0, 1]]"),
            ("[[0.75]]", "[[1, 0], ‹[0.5, 0.4], [‹-1, ‹2]]"),
        ),
        [
            told("targets that add up to 0.9", "a sum of 1, as cross_entropy needs"),
            told("the target -1", "a number from 0 to 1, as cross_entropy needs"),
            told("the target 2", "a number from 0 to 1, as cross_entropy needs"),
        ],
    ),
    "cross-entropy of a single output": (
        but(("half_squared_error", "cross_entropy"), ("[[0.75]]", "[‹[0.75]]")),
        [told("targets that add up to 0.75", "a sum of 1", "take binary_cross_entropy")],
    ),
    "gradient through a step": (
        but(("activation: tanh", "activation: ‹step")),
        [told('"step"', "an activation with a derivative", "leave train out to see the forward pass alone")],
    ),
    "unknown frozen parameter": (
        but(("0.05}", "0.05}\n  freeze: [W1, ‹w2, ‹b3]")),
        [
            told('"w2"', "a parameter: W1, b1, W2, b2", 'did you mean "W2"?'),
            told('"b3"', "a parameter: W1, b1, W2, b2"),
        ],
    ),
    "frozen bias that is not there": (
        but(("bias: {shared: 0.2}", "bias: none"), ("0.05}", "0.05}\n  freeze: [‹b2]")),
        [told('"b2"', "a parameter: W1, b1, W2")],
    ),
    "everything frozen": (
        but(("0.05}", "0.05}\n  freeze: ‹[W1, b1, W2, b2]")),
        [told("every parameter frozen", "at least one that may move", "leave train out to see the gradients")],
    ),
    # --- formulas
    "formula with an unknown function": (
        but(("activation: tanh", 'activation: {formula: "z*‹sigmod(z)"}')),
        [told('a formula that does not read ("sigmod" is', "an expression in z", "")],
    ),
    "formula without quotes": (
        but(("activation: tanh", "activation: {formula: z*‹sigmod(z)}")),
        [told('a formula that does not read ("sigmod" is', "an expression in z", "")],
    ),
    "formula that breaks off": (
        but(("activation: tanh", "activation: {formula: 'tanh(z‹'}")),
        [told('a formula that does not read (found "the end" where ")" was', "an expression in z")],
    ),
    "formula with Python in it": (
        but(("activation: tanh", "activation: {formula: 'z‹.__class__'}")),
        [told('a formula that does not read (the character "." has no meaning', "an expression in z")],
    ),
    "formula in another variable": (
        but(("activation: tanh", 'activation: {formula: "1 + ‹x"}')),
        [told('a formula that does not read ("x" is', "an expression in z")],
    ),
    # --- text that is no YAML, or no spec
    "open bracket": (
        "title: [1, 2\nnetwork‹: 3\n",
        [told("YAML that does not parse", "a YAML mapping")],
    ),
    "closing bracket that fits nothing": (
        but(("[[0.5, -0.6]]", "[[0.5, -0.6]‹}")),
        [told("YAML that does not parse", "a YAML mapping")],
    ),
    "tab for indentation": (
        but(("  reduction", "‹\treduction")),
        [told("YAML that does not parse", "a YAML mapping", "indent with spaces, not tabs")],
    ),
    "two documents": (but(("data:", "‹---\ndata:")), [told("YAML that does not parse", "a YAML mapping")]),
    "unknown alias": ("title: ‹*nobody\n", [told("YAML that does not parse", "a YAML mapping")]),
    "empty file": ("‹", [told("an empty file", "a spec; `chalkgrad new` writes one to start from")]),
    "comments alone": ("‹# to do\n\n", [told("an empty file", "a spec")]),
    "a word": ("‹hello\n", [told('"hello"', "a spec")]),
    "a list": ("‹- 1\n- 2\n", [told("a list of 2", "a spec")]),
    "a list as a key": ("‹[a, b]: 1\n", [told("a list or mapping as a key", "a word as a key")]),
    "control character": ("title: a‹\x07b\n", [told("the character #x0007", "printable text")]),
    "control character after letters of several bytes": (
        but(("Small", "Größe ‹\x1b!")),
        [told("the character #x001b", "printable text")],
    ),
    "control character on a later line": (
        but(("tanh", "ta‹\x1bnh")),
        [told("the character #x001b", "printable text")],
    ),
    "alias inside itself": ("title: ‹&a [1, *a]\n", [told("an alias inside itself", "a spec")]),
    "nested too deep": ("title: " + "[" * 49 + "‹[" + "[" * 41 + "]" * 91, [told("nested", "a spec")]),
    # --- several kinds in one file
    "one of everything": (
        "‹titel: Bad\n"
        "network:\n"
        "  layers:\n"
        "    - {units: 2, activation: ‹sigmiod, weights: [[0.15, 0.20], ‹[0.25]], bias: {shared: 0.35}}\n"
        "    - {units: 2, activation: {formula: \"z*‹sigmod(z)\"}, weights: [[1, ‹nan], [2, 3]], bias: ‹[1]}\n"
        "  loss: half_squared_error\n"
        "data:\n"
        "  x: [[0.05, ‹abc]]\n"
        "  y: [[0.01, 0.99]]\n"
        "show: {notation: ‹thta, decimals: ‹99}\n",
        [
            told('the key "titel"', "a spec", 'did you mean "title"?'),
            told('"sigmiod"', "an activation", 'did you mean "sigmoid"?'),
            told("a row of 1 (row 2)", "2 numbers"),
            told("a formula that does not read", "an expression in z"),
            told('"nan"', A_NUMBER, FINITE),
            told("1", "2 biases, one a unit"),
            told('"abc"', A_NUMBER),
            told('"thta"', "a notation", 'did you mean "theta"?'),
            told('"99"', "a whole number from 0 to 15"),
        ],
    ),
}  # fmt: skip


def unmarked(text: str) -> tuple[str, list[tuple[int, int]]]:
    """The text without its marks, and the line and column of each."""
    places = []
    clean = ""
    for character in text:
        if character == "‹":
            places.append((clean.count("\n") + 1, len(clean) - clean.rfind("\n")))
        else:
            clean += character
    return clean, places


@pytest.mark.parametrize("name", MISTAKES)
def test_every_problem_is_told_at_its_place(name, tmp_path, monkeypatch, capsys):
    marked, expected = MISTAKES[name]
    text, places = unmarked(marked)
    (tmp_path / "net.yaml").write_text(text, encoding="utf-8", newline="")
    monkeypatch.chdir(tmp_path)

    with pytest.raises(SpecError) as caught:
        read_spec(Path("net.yaml"))
    problems = caught.value.problems
    assert [(p.place.line, p.place.column) for p in problems] == places, str(caught.value)
    assert len(problems) == len(expected)
    for problem, words in zip(problems, expected, strict=True):
        assert problem.found.startswith(words.found)
        assert words.expected in problem.expected
        assert words.hint in problem.hint

    status = main(["solve", "net.yaml", "-o", "pages"])
    out, err = capsys.readouterr()
    assert (status, out) == (2, "")
    lines = err.rstrip("\n").split("\n")
    assert len(lines) == len(problems)
    for line, problem, (row, column) in zip(lines, problems, places, strict=True):
        assert line.startswith(f"net.yaml:{row}:{column}: found {problem.found}, expected {problem.expected}")
        assert line.endswith(problem.hint)
    assert [p.name for p in tmp_path.iterdir()] == ["net.yaml"], "something was written"


def test_the_base_of_the_table_solves(tmp_path):
    # else the table would prove nothing
    path = tmp_path / "net.yaml"
    path.write_text(SPEC, encoding="utf-8")
    assert read_spec(path).lesson.network.shape == (2, 2, 1)


# --- files that are no text ------------------------------------------------------------------------------------


def refused(path: Path, capsys) -> str:
    """The one line that is said of a file that cannot be a spec."""
    before = sorted(path.parent.iterdir())
    status = main(["solve", str(path), "-o", str(path.parent / "pages")])
    out, err = capsys.readouterr()
    assert (status, out) == (2, "")
    assert sorted(path.parent.iterdir()) == before
    assert "Traceback" not in err
    (line,) = err.splitlines()
    assert line.startswith(str(path))
    return line.removeprefix(str(path))


def test_a_missing_file(tmp_path, capsys):
    said = refused(tmp_path / "nobody.yaml", capsys)
    assert said == ": found no such file, expected a spec file, or the name of an example"


def test_a_misspelt_example_is_guessed(tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert main(["solve", "mazru"]) == 2
    assert 'did you mean "mazur"?' in capsys.readouterr().err


def test_a_folder(tmp_path, capsys):
    (tmp_path / "specs").mkdir()
    said = refused(tmp_path / "specs", capsys)
    assert said.startswith(": found a folder, expected a spec file; give one of its files, such as ")


def test_a_file_of_ten_megabytes(tmp_path, capsys):
    path = tmp_path / "net.yaml"
    path.write_bytes(b"# " + b"x" * 10_000_000)
    said = refused(path, capsys)
    assert said == ": found a file of 10,000,002 bytes, expected a spec of at most 4,000,000 bytes"


def test_bytes_that_are_not_utf8(tmp_path, capsys):
    path = tmp_path / "net.yaml"
    path.write_bytes("title: one\nnetwork: Größe\n".encode("latin-1"))
    said = refused(path, capsys)
    # "network: Gr" has eleven characters; the byte that is wrong is the twelfth of line 2
    assert said.startswith(":2:12: found bytes that are not UTF-8")
    assert said.endswith("expected UTF-8 text")


def test_a_binary_file(tmp_path, capsys):
    path = tmp_path / "net.yaml"
    path.write_bytes(bytes(range(256)) * 40)
    assert "UTF-8" in refused(path, capsys)


def test_a_file_of_zero_bytes_that_claims_to_be_text(tmp_path, capsys):
    path = tmp_path / "net.yaml"
    path.write_bytes(b"\0" * 100)
    assert refused(path, capsys) == ":1:1: found the character #x0000, expected printable text"


def test_utf16_is_named_as_what_it_is_not(tmp_path, capsys):
    path = tmp_path / "net.yaml"
    path.write_text(SPEC, encoding="utf-16")
    assert "UTF-8" in refused(path, capsys)


def test_a_billion_laughs(tmp_path, capsys):
    lines = ["a: &a [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]"]
    for name, before in zip("bcdefghi", "abcdefgh", strict=True):
        lines.append(f"{name}: &{name} [{', '.join([f'*{before}'] * 10)}]")
    path = tmp_path / "net.yaml"
    path.write_text("\n".join(lines), encoding="utf-8")
    said = refused(path, capsys)
    assert re.match(r":\d+:\d+: found more than 500,000 values once every alias is written out", said)
    assert "write the numbers out instead of using YAML aliases" in said


@pytest.mark.parametrize(
    "text", ["[" * 200_000 + "]" * 200_000, "- " * 200_000, "{a: " * 100_000], ids=["lists", "dashes", "mappings"]
)
def test_nesting_without_end_does_not_bring_python_down(text, tmp_path):
    # in a process of its own: what must not happen is a crash
    (tmp_path / "net.yaml").write_text(text, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "chalkgrad", "solve", "net.yaml", "-o", "pages"],
        cwd=tmp_path,
        check=False,
        capture_output=True,
        text=True,
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert "nested" in done.stderr
    assert not (tmp_path / "pages").exists()


def test_deep_nesting_is_not_blamed_on_aliases(tmp_path, capsys):
    path = tmp_path / "net.yaml"
    path.write_text("title: " + "[" * 100 + "]" * 100, encoding="utf-8")
    assert "alias" not in refused(path, capsys)


# --- size ------------------------------------------------------------------------------------------------------


def wide(units: int) -> str:
    """A network with a hidden layer of so many units over four inputs."""
    rows = ", ".join(["[0.1, 0.2, -0.1, 0.3]"] * units)
    back = ", ".join(["0.1"] * units)
    return f"""\
network:
  layers:
    - {{units: {units}, activation: tanh, weights: [{rows}], bias: {{shared: 0.1}}}}
    - {{units: 1, activation: sigmoid, weights: [[{back}]], bias: none}}
  loss: half_squared_error
data: {{x: [[1, 2, 3, 4]], y: [[1]]}}
"""


def test_a_network_too_large_for_a_page_is_told_what_would_work(write_spec, capsys, monkeypatch):
    path = write_spec(wide(130))
    monkeypatch.chdir(path.parent)
    assert main(["solve", "net.yaml", "-o", "pages"]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    # 130 units with 4 weights each, and 130 weights of the output: the list of layers begins in line 3, column 5
    assert err == (
        "net.yaml:3:5: found 650 weights, expected at most 600 in the scalar view; "
        "ask for the matrix view: --view matrix, or views: [matrix]\n"
    )
    assert not Path("pages").exists()


def test_what_the_message_advises_works(write_spec, capsys, monkeypatch):
    path = write_spec(wide(130))
    monkeypatch.chdir(path.parent)
    assert main(["solve", "net.yaml", "-o", "pages", "--to", "json", "--view", "matrix"]) == 0
    assert Path("pages/net/net.json").stat().st_size > 0
    capsys.readouterr()


def test_samples_count_towards_the_size(write_spec):
    rows = ", ".join(["[1, 0.5]"] * 150)
    targets = ", ".join(["[0.75]"] * 150)
    path = write_spec(but(("[[1, 0.5]]", f"[{rows}]"), ("[[0.75]]", f"[{targets}]")))
    with pytest.raises(SpecError, match=r"6 weights × 150 samples, expected at most 600 in the scalar view"):
        read_spec(path)


# --- options and Python data -----------------------------------------------------------------------------------


def test_options_have_no_line_but_a_name(write_spec):
    with pytest.raises(SpecError) as caught:
        read_spec(write_spec(), decimals=99)
    assert str(caught.value) == 'options: decimals: found "99", expected a whole number from 0 to 15'


def test_problems_of_file_and_options_are_told_together(write_spec, monkeypatch):
    path = write_spec(but(("activation: tanh", "activation: thn")), "options")
    monkeypatch.chdir(path.parent)
    with pytest.raises(SpecError) as caught:
        read_spec(Path("options"), decimals=99)
    assert len(caught.value.problems) == 2


def test_python_data_is_told_by_its_path():
    data = {
        "network": {
            "layers": [{"units": 1, "activation": "sigmoid", "weights": [[float("nan"), 0.2]], "bias": [0.1]}],
            "loss": "squared_eror",
        },
        "data": {"x": [[1, 2]], "y": [[1]]},
    }
    with pytest.raises(SpecError) as caught:
        read_spec(data)
    assert [p.place.path for p in caught.value.problems] == ["network.layers[0].weights[0][0]", "network.loss"]
    assert 'did you mean "squared_error"?' in str(caught.value)


def test_python_data_inside_itself():
    data: dict[str, object] = {}
    data["network"] = data
    with pytest.raises(SpecError):
        read_spec(data)


@pytest.mark.parametrize("thing", [1j, {1, 2}, b"text", object()], ids=["complex", "set", "bytes", "object"])
def test_python_data_of_a_kind_nobody_knows(thing):
    with pytest.raises(SpecError):
        read_spec({"title": thing})


def test_a_name_too_long_for_the_file_system(capsys):
    assert main(["solve", "a" * 300]) == 2
    assert capsys.readouterr().err.startswith("a" * 300)


def test_overflow_is_told_as_a_problem(write_spec):
    # numbers whose digits cannot be written down are the spec's doing, and are told like anything else
    path = write_spec(but(("activation: tanh", 'activation: {formula: "exp(exp(exp(exp(z*10))))"}')))
    assert solved_or_refused(path.read_text("utf-8"), path.parent)


# --- whatever is written ---------------------------------------------------------------------------------------

BASES = [SPEC, *((resources.example(name)).read_text("utf-8") for name in ("mazur", "softmax", "custom", "relu"))]
SCRAPS = [
    "[", "]", "{", "}", ":", ",", "-", "- ", "&a ", "*a", "!!python/object:os.system ", "|", ">", "'", '"', "#",
    "\t", "\n", "\n  ", "0", "1e30", "-1e-30", "1/3", "0/7", "nan", "null", "~", "true", "²", "٣", "\ue0000\ue001",
    "softmax", "step", "relu", "{formula: 'z**2'}", "cross_entropy", "none", "{shared: 1}", "W1", "b2", "[]", "{}",
    "matrix", "summary", "shown", "truncate", "significant: 3", "sequential", "\u202e", "é", "\x85", "\u2028",
    "\ufeff",
]  # fmt: skip


@st.composite
def mutated(draw: st.DrawFn) -> str:
    """A valid spec with one to four random wounds."""
    text = draw(st.sampled_from(BASES))
    for _ in range(draw(st.integers(1, 4))):
        kind = draw(st.sampled_from(["insert", "delete", "replace", "line twice", "lines swapped", "line out"]))
        if kind in ("insert", "delete", "replace"):
            at = draw(st.integers(0, len(text)))
            length = 0 if kind == "insert" else draw(st.integers(1, 12))
            scrap = "" if kind == "delete" else draw(st.sampled_from(SCRAPS))
            text = text[:at] + scrap + text[at + length :]
            continue
        lines = text.split("\n")
        i, j = (draw(st.integers(0, len(lines) - 1)) for _ in range(2))
        if kind == "line twice":
            lines.insert(j, lines[i])
        elif kind == "lines swapped":
            lines[i], lines[j] = lines[j], lines[i]
        else:
            del lines[i]
        text = "\n".join(lines)
    return text


@st.composite
def renumbered(draw: st.DrawFn) -> str:
    """A valid spec with some of its numbers and words exchanged for others, so that it mostly reads."""
    text = draw(st.sampled_from(BASES))
    spans = [
        m.span() for m in re.finditer(r"(?<![\w.])-?\d+(\.\d+)?(?![\w.])|sigmoid|tanh|relu|identity|softmax", text)
    ]
    numbers = st.one_of(
        st.sampled_from(["0", "1", "-1", "1e30", "-1e-30", "1/3", "0.5", "1000", "1e-9", "-50"]),
        st.decimals(-20, 20, places=3).map(str),
    )
    words = st.sampled_from(
        [
            "sigmoid",
            "tanh",
            "relu",
            "identity",
            "softmax",
            "softplus",
            "elu",
            "gelu",
            "silu",
            "arctan",
            "leaky_relu",
        ]
    )
    chosen = draw(st.lists(st.sampled_from(spans), min_size=1, max_size=3, unique=True))
    for start, end in sorted(chosen, reverse=True):
        is_word = text[start].isalpha()
        text = text[:start] + draw(words if is_word else numbers) + text[end:]
    return text


def page_or_problems(text: str, folder: Path) -> str:
    """The page of a spec, or what is said of it; anything else that is raised is a failure."""
    path = folder / "net.yaml"
    path.write_bytes(text.encode("utf-8", "surrogatepass"))
    try:
        return solve(path, language="en").to_markdown()
    except SpecError as error:
        return str(error)


def solved_or_refused(text: str, folder: Path) -> bool:
    """Whether there is a page, or each line names the file or the options and what was found there."""
    said = page_or_problems(text, folder)
    lines = said.splitlines()
    return said.startswith("# ") or (bool(lines) and all(": found " in line for line in lines))


@given(mutated())
def test_a_wounded_spec_is_solved_or_refused(tmp_path, text):
    assert solved_or_refused(text, tmp_path)


@settings(max_examples=100 if os.environ.get("CI") else 30)
@given(renumbered())
def test_a_spec_with_other_numbers_is_solved_or_refused(tmp_path, text):
    assert solved_or_refused(text, tmp_path)


@given(st.text(max_size=200))
def test_any_text_is_refused(tmp_path, text):
    path = tmp_path / "net.yaml"
    path.write_bytes(text.encode("utf-8", "surrogatepass"))
    with pytest.raises(SpecError):
        read_spec(path)


@given(st.binary(max_size=200))
def test_any_bytes_are_refused(tmp_path, data):
    path = tmp_path / "net.yaml"
    path.write_bytes(data)
    with pytest.raises(SpecError):
        read_spec(path)
