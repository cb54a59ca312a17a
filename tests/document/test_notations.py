"""Eight schools: nothing of a network is written like something else, and each school speaks its own words."""

from __future__ import annotations

import re
from itertools import combinations
from typing import Any

import polib
import pytest
from hypothesis import given
from hypothesis import strategies as st

import chalkgrad
from chalkgrad.catalogue import letters
from chalkgrad.catalogue.languages import language_names
from chalkgrad.catalogue.notations import WORDS, load_notation, notation_names
from chalkgrad.markup.latex import LatexPrinter
from chalkgrad.markup.nodes import DeltaName, MatrixName, Name
from chalkgrad.quantities import Partial, Quantity, Role
from chalkgrad.resources import catalogue
from chalkgrad.spec.judge import read_spec
from strategies import thorough

SCHOOLS = ("inatel", "mazur", "neuron", "ng", "nielsen", "rumelhart", "theta", "ufv")


def test_there_are_the_schools_that_were_promised():
    assert set(SCHOOLS) <= set(notation_names())


MAKES = {
    "sgd": [],
    "momentum": ["v"],
    "nesterov": ["v"],
    "adagrad": ["s"],
    "rmsprop": ["s"],
    "adam": ["m", "v", "mhat", "vhat"],
}
"""What each optimizer makes of a parameter before it moves it."""

# --- nothing is written like something else --------------------------------------------------------------------


@st.composite
def shapes(draw: st.DrawFn) -> dict[str, object]:
    """Networks of any shape, with any mixture of biases and slopes, alone or in batches.

    Indices of two digits are where symbols could meet: w of (1, 11) and of (11, 1).  Two neighbours that wide are
    as good as five, at a tenth of the symbols.
    """
    sizes = draw(st.lists(st.sampled_from([1, 2, 3]), min_size=2, max_size=5))
    wide = draw(st.lists(st.sampled_from([11, 12]), max_size=2))
    begin = draw(st.integers(0, len(sizes) - len(wide)))
    sizes[begin : begin + len(wide)] = wide
    layers, before = [], sizes[0]
    for units in sizes[1:]:
        bias = draw(st.sampled_from(["none", {"shared": 1}, [1] * units]))
        activation = draw(st.sampled_from(["tanh", {"name": "elu", "alpha": 2}]))
        weights = [[1] * before] * units
        layers.append({"units": units, "activation": activation, "weights": weights, "bias": bias})
        before = units
    samples = draw(st.sampled_from([1, 2] if len(wide) == 2 else [1, 2, 12]))
    return {
        "network": {"layers": layers, "loss": "squared_error"},
        "data": {"x": [[0] * sizes[0]] * samples, "y": [[1] * sizes[-1]] * samples},
        "train": {
            "optimizer": {"name": draw(st.sampled_from(sorted(MAKES))), "learning_rate": 1},
            "weight_decay": 0.5,
        },
        "show": {"views": ["matrix"]},
    }


def printed(example: chalkgrad.Example) -> dict[str, str]:
    """Everything of a network by its id, as it stands on a page in LaTeX."""
    network, printer = example.network, LatexPrinter(example.naming)
    optimizer = example.spec.train.optimizer.name
    out = {}

    def note(id: str, node: object) -> None:
        out[id] = re.sub(r"\s", "", printer.show(node))

    quantities = {*network.given, *(node.quantity for node in network.nodes), network.batch_cost}
    sums = [z for layer in network.layers for z in layer.sums()]
    deltas = [Partial(network.cost, z, per_sample=True) for z in sums]
    gradients = [Partial(network.cost, p, per_sample=every) for p in network.parameters for every in (True, False)]
    for quantity in (*quantities, *deltas, *(g for g in gradients if g.per_sample or network.samples > 1)):
        for n in range(1, network.samples + 1 if quantity.per_sample else 2):
            note(f"{quantity.id}@{n}{quantity.per_sample}", Name(quantity, n))
    for parameter in network.parameters:
        note(f"{parameter.id}'", Name(parameter, 1, 1))
        for state in ["g", *MAKES[optimizer]]:
            note(f"{state}{parameter.id}'", Name(Quantity(Role.STATE, *parameter[1:3], name=state), 1, 1))
    note("x", MatrixName(Role.INPUT, 0))
    note("y", MatrixName(Role.TARGET, 0))
    for layer in network.layers:
        for role in (Role.WEIGHT, Role.WEIGHTED_SUM, Role.ACTIVATION):
            note(f"{role.value}{layer.number} as a matrix", MatrixName(role, layer.number))
        note(f"delta{layer.number} as a matrix", DeltaName(layer.number))
        note(f"dW{layer.number} as a matrix", MatrixName(Role.WEIGHT, layer.number, gradient=True))
        if layer.bias == "unit":
            note(f"b{layer.number} as a vector", MatrixName(Role.BIAS, layer.number))
            note(f"db{layer.number} as a vector", MatrixName(Role.BIAS, layer.number, gradient=True))
        for state in ["g", *MAKES[optimizer]]:
            for role in (Role.WEIGHT, *([Role.BIAS] if layer.bias == "unit" else [])):
                note(f"{state}{role.value}{layer.number}'", MatrixName(role, layer.number, ahead=1, state=state))
    return out


class Unworked(chalkgrad.Example):
    """An example whose numbers nobody asks for."""

    def _evaluate(self, given: object = None) -> Any:
        return None


@thorough
@given(shapes(), st.sampled_from(SCHOOLS))
def test_no_two_things_have_one_symbol(spec: dict[str, object], notation: str) -> None:
    symbols = printed(Unworked(read_spec(spec, notation=notation)))
    seen: dict[str, str] = {}
    for id, symbol in symbols.items():
        assert seen.setdefault(symbol, id) == id, f"{symbol} is {seen[symbol]} and {id}"


def test_mazur_shares_a_bias_beside_a_layer_that_does_not():
    """b_1 is shared, b_2 and b_3 are not; the vector of layer 2 is none of them."""
    spec = {
        "network": {
            "layers": [
                {"units": 2, "activation": "tanh", "weights": [[1, 1], [1, 1]], "bias": {"shared": 1}},
                {"units": 2, "activation": "tanh", "weights": [[1, 1], [1, 1]], "bias": [1, 1]},
            ],
            "loss": "squared_error",
        },
        "data": {"x": [[0, 1]], "y": [[1, 0]]},
        "show": {"notation": "mazur", "views": ["matrix"]},
    }
    text = chalkgrad.solve(spec).to_markdown()
    assert r"b _{1} & = 1" in text
    assert r"\mathbf{b} _{2} & =" in text


def test_a_weight_of_the_recursion_has_both_its_units():
    text = chalkgrad.solve("mazur", notation="mazur").to_markdown()
    assert r"\sum _{i} \delta _{i} w _{ij}" in text


# --- what the schools write ------------------------------------------------------------------------------------

WRITTEN = {
    "theta": [r"\theta^{(1)} _{12}", r"\delta^{(2)} _{1}", r"\eta"],
    "ufv": [r"w^{0} _{1,0}", r"v^{0} _{0}", r"\hat{y}^{1} _{0}", r"l _{1}", r"\times"],
    "inatel": [r"w^{1} _{1,2}", r"u^{1} _{1}", r"d _{1}", r"\delta^{2} _{1}", r"\alpha"],
    "neuron": [r"w^{(1)} _{12}", r"\hat{y} _{1}", r"\lambda"],
    "mazur": [r"w _{2}", r"\mathit{net} _{h1}", r"\delta _{o1}", r"E _{\mathrm{total}}"],
    "nielsen": [r"w^{2} _{12}", r"a^{1} _{1}", r"\delta^{3} _{1}", "C _{1}"],
    "rumelhart": [r"w _{32}", r"x _{3}", r"y _{3}", r"d _{5}", r"\frac{\partial E}{\partial x _{5}}", r"\epsilon"],
    "ng": [r"w^{[1]} _{12}", r"\mathit{dz}^{[2]} _{1}", r"\mathit{dw}^{[2]} _{11}", r"\mathit{db}^{[2]} _{1}"],
}


@pytest.mark.parametrize("notation", SCHOOLS)
def test_a_page_has_the_symbols_of_its_school(notation: str) -> None:
    text = chalkgrad.solve("mazur", notation=notation).to_markdown().replace(r"\displaystyle ", "")
    text = re.sub(r"\{\\color\{\w+\} ", "{", text)
    if notation == "ng":
        WRITTEN["ng"][-1] = r"\mathit{dw}^{[1]} _{11}"  # the biases of this example are frozen
    assert not [symbol for symbol in WRITTEN[notation] if symbol not in text]


def test_a_single_neuron_needs_no_indices():
    text = chalkgrad.solve("neuron", notation="neuron", language="en").to_markdown()
    assert r"z & = w _{1} x _{1} + w _{2} x _{2} + b = " in text
    assert r"\hat{y} & = \sigma(z)" in text


def test_layers_are_numbered_in_words_as_in_symbols():
    for notation, first in (("theta", 1), ("ufv", 0), ("nielsen", 2)):
        assert f"*Layer {first}*" in chalkgrad.solve("mazur", notation=notation).to_markdown()


def test_ng_tells_a_sample_from_the_batch():
    text = chalkgrad.solve("vectorised", views=["scalar"]).to_markdown()
    assert r"J = \frac{1}{3} \sum _{i} \mathcal{L}^{(i)}" in text
    assert r"\mathit{dz}^{[2] (1)} _{1}" in text
    assert "[2](1)" not in text  # to Markdown that is a link


@pytest.mark.parametrize("notation", SCHOOLS)
def test_other_books_letters_are_told_but_not_ones_own(notation: str) -> None:
    text = chalkgrad.solve("mazur", notation=notation, language="en").to_markdown()
    rates = {r"\eta", r"\alpha", r"\lambda", r"\epsilon"}
    remark = re.search(r"learning rate \$(.*?)\$, other books write (.*)\.", text)
    assert remark is not None
    assert set(re.findall(r"\\[a-z]+", remark[2])) == rates - {remark[1]}
    line = next(line for line in text.splitlines() if line.startswith("> Other books"))
    words = set(re.findall(r"the \*(delta|error|sensitivity)\*", line))
    assert words == {"delta", "error", "sensitivity"} - {load_notation(notation).words}


# --- words -----------------------------------------------------------------------------------------------------

DELTA = re.compile(r"\bdeltas?\b(?! _)", re.IGNORECASE)


@pytest.mark.parametrize("code", language_names())
def test_whatever_says_delta_is_said_in_every_schools_words(code: str) -> None:
    po = {entry.msgid: entry for entry in polib.pofile(str(catalogue("languages") / f"{code}.po"))}
    plain = {
        key
        for key, entry in po.items()
        if "@" not in key and not key.startswith("name.") and DELTA.search(re.sub(r"\{\w+\}", "", entry.msgstr))
    }
    assert len(plain) >= 9
    for key in plain:
        said = [po[f"{key}@{word}"].msgstr for word in WORDS if word != "delta"]
        assert not [sentence for sentence in said if DELTA.search(re.sub(r"\{\w+\}", "", sentence))]
        assert all(a != b for a, b in combinations([po[key].msgstr, *said], 2))
        places = [sorted(re.findall(r"\{\w+\}", sentence)) for sentence in (po[key].msgstr, *said)]
        assert all(found == places[0] for found in places)
    assert all(key.partition("@")[0] in po and key.partition("@")[2] in WORDS for key in po if "@" in key)


HEADINGS = {
    "en": ("Output deltas", "Output errors", "Output sensitivities", "Derivatives at the outputs"),
    "pt_BR": ("Deltas da", "Erros da", "Sensibilidades da", "Derivadas na"),
    "es": ("Deltas de", "Errores de", "Sensibilidades de", "Derivadas en"),
}


@pytest.mark.parametrize("code", HEADINGS)
def test_headings_are_in_the_words_of_the_school(code: str) -> None:
    for notation, heading in zip(("theta", "nielsen", "inatel", "ufv"), HEADINGS[code], strict=True):
        text = chalkgrad.solve("chain", notation=notation, language=code).to_markdown()
        assert f"</a>4 {heading}" in text
        assert not [other for other in HEADINGS[code] if other != heading and f"</a>4 {other}" in text]


# --- letters ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "found"),
    [
        *[(letter, letter) for letter in ("w", "W", "theta", "Theta", "net", "h1", "ŷ", "ℒ")],
        *[("θ", "theta"), ("Θ", "Theta"), ("yhat", "ŷ"), ("y\u0302", "ŷ"), ("𝓛", "ℒ"), (" λ ", "lambda")],
        *[(bad, "") for bad in ("", "w_1", "\\input", "a b", "w^2", "{", "$", "1", "ж", "é", "x" * 17, "w\n\n")],
    ][:-1],
)
def test_letters_have_one_spelling(text: str, found: str) -> None:
    assert letters.letter(text) == found


def test_bold_letters_come_apart_again():
    for base in ("w", "W", "delta", "Theta"):
        assert letters.taken_apart(letters.bold(base)) == ("bold", base)
    assert letters.taken_apart(letters.bold("ŷ")) == ("hat", letters.bold("y"))
    assert letters.taken_apart("w") == ("", "w")


def test_what_other_books_say_is_said_once() -> None:
    page = chalkgrad.solve("adam").to_markdown()
    assert page.count("Other books") == page.count("other books") == 1
