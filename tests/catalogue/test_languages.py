"""Every language says everything that English says, and the code asks for nothing else."""

from __future__ import annotations

import ast
import re
import string
from collections.abc import Iterator
from dataclasses import replace
from itertools import chain, product
from pathlib import Path

import polib
import pytest

import chalkgrad
from chalkgrad import resources
from chalkgrad.algebra.differentiation import Rule
from chalkgrad.catalogue import learning_rules
from chalkgrad.catalogue.activations import ACTIVATIONS
from chalkgrad.catalogue.descents import WAYS as DESCENT_ROWS
from chalkgrad.catalogue.languages import Language, language_names, load_language
from chalkgrad.catalogue.losses import LOSSES
from chalkgrad.catalogue.misconceptions import MISCONCEPTIONS, SLIPS
from chalkgrad.catalogue.notations import WORDS
from chalkgrad.catalogue.optimizers import OPTIMIZERS
from chalkgrad.document import mistakes
from chalkgrad.document.sentences import Sentences
from chalkgrad.errors import ResourceError
from chalkgrad.exam import report, sheets
from chalkgrad.exam.exercise import Exercise
from chalkgrad.exam.report import OWN as BOUNDS
from chalkgrad.exam.statistics import MEASURES
from chalkgrad.resources import catalogue, example_names, templates
from chalkgrad.spec.exam import read_exam
from chalkgrad.spec.grammar import CARRIES, FADES, ROUNDINGS
from chalkgrad.spec.lessons import network as network_lesson
from chalkgrad.spec.lessons.proofs import PROOFS

LANGUAGES = language_names()
OTHERS = [code for code in LANGUAGES if code != "en"]
COUNTS = (2, 3, 5, 11, 21, 100)
"""Numbers that no form made for one alone may serve."""


def entries(code: str) -> dict[str, polib.POEntry]:
    """A language's entries by key; a key that stands twice is an error of polib's."""
    po = polib.pofile(str(catalogue("languages") / f"{code}.po"), encoding="utf-8", check_for_duplicates=True)
    return {entry.msgid: entry for entry in po}


def forms(entry: polib.POEntry) -> list[str]:
    """The sentences of an entry: one, or one for each plural form."""
    return [text for _, text in sorted(entry.msgstr_plural.items())] if entry.msgid_plural else [entry.msgstr]


def places(sentence: str) -> list[str]:
    """The places of a sentence, sorted; one that stands twice is told twice."""
    return sorted(name for _, name, _, _ in string.Formatter().parse(sentence) if name is not None)


ENGLISH = entries("en")
ENTRIES = {code: entries(code) for code in LANGUAGES}
PLURALS = sorted(key for key, entry in ENGLISH.items() if entry.msgid_plural)


# --- the catalogues side by side -------------------------------------------------------------------------------


def test_there_are_the_languages_that_were_promised():
    assert {"en", "es", "pt_BR"} <= set(LANGUAGES)


@pytest.mark.parametrize("code", OTHERS)
def test_every_language_has_the_keys_of_english_in_the_same_order(code):
    assert list(ENTRIES[code]) == list(ENGLISH)
    assert {k: e.msgid_plural for k, e in ENTRIES[code].items()} == {k: e.msgid_plural for k, e in ENGLISH.items()}


@pytest.mark.parametrize("code", LANGUAGES)
def test_every_sentence_is_finished(code):
    for key, entry in ENTRIES[code].items():
        assert not entry.fuzzy, f"{key} is fuzzy, so it would be left out"
        assert not entry.obsolete
        assert all(text.strip() for text in forms(entry)), key
        if entry.msgid_plural:
            assert entry.msgid_plural == f"{key}.many"


@pytest.mark.parametrize("code", LANGUAGES)
def test_the_header_speaks_of_this_language(code):
    metadata = polib.pofile(str(catalogue("languages") / f"{code}.po")).metadata
    assert metadata["Language"] == code
    assert metadata["Content-Type"] == "text/plain; charset=UTF-8"
    count = int(re.match(r"nplurals=(\d+); plural=.+;$", metadata["Plural-Forms"])[1])
    assert {len(forms(ENTRIES[code][key])) for key in PLURALS} == {count}


def without_number(names: list[str]) -> list[str]:
    return [name for name in names if name != "count"]


@pytest.mark.parametrize("code", LANGUAGES)
def test_the_same_places_are_filled(code):
    for key, entry in ENTRIES[code].items():
        english = places(forms(ENGLISH[key])[-1])
        if not entry.msgid_plural:
            assert places(entry.msgstr) == english, key
            continue
        for sentence in forms(entry):  # the form for one may name the number, or say "one"
            assert without_number(places(sentence)) == without_number(english), key


@pytest.mark.parametrize("code", LANGUAGES)
def test_places_are_plain_names(code):
    for key, entry in ENTRIES[code].items():
        for sentence in forms(entry):
            for _, name, spec, conversion in string.Formatter().parse(sentence):
                assert name is None or (name.isidentifier() and not spec and not conversion), key


@pytest.mark.parametrize("code", LANGUAGES)
def test_a_number_is_said_wherever_it_is_not_one(code):
    for key in PLURALS:
        names = places(forms(ENGLISH[key])[-1])
        for count in COUNTS:
            said = load_language(code).sentence(key, count).format(**dict.fromkeys(names, "…") | {"count": count})
            assert (str(count) in said.split()) == ("count" in names), key


@pytest.mark.parametrize("code", LANGUAGES)
def test_no_decimals_are_not_called_one(code):
    """`show.decimals: 0` is allowed, and some languages put 0 into the singular."""
    assert load_language(code).sentence("digits.decimals", 0).format(count=0).split()[0] == "0"
    assert load_language(code).sentence("digits.decimals", 1).format(count=1).split()[0] != "0"


@pytest.mark.parametrize("code", LANGUAGES)
def test_emphasis_is_opened_and_closed_as_in_english(code):
    for key, entry in ENTRIES[code].items():
        expected = forms(ENGLISH[key])[0].count("*")
        for sentence in forms(entry):
            assert sentence.count("*") == expected, key
            assert expected % 2 == 0, key
            assert all(stressed and stressed == stressed.strip() for stressed in sentence.split("*")[1::2]), key


def edges(sentence: str) -> tuple[str, str, str]:
    """The spaces around a sentence, and the mark it ends with."""
    core = sentence.strip()
    before, after = sentence.split(core)
    return before, core[-1] if core[-1] in ".:?*" else "", after


@pytest.mark.parametrize("code", OTHERS)
def test_a_sentence_begins_and_ends_as_in_english(code):
    """A colon leads to a formula; a leading space stands between a formula and the words after it."""
    for key, entry in ENTRIES[code].items():
        if not key.startswith("language."):
            found = {edges(sentence) for sentence in forms(entry)}
            assert found == {edges(sentence) for sentence in forms(ENGLISH[key])}, key
            assert not [sentence for sentence in forms(entry) if "  " in sentence], key


INTERNATIONAL = (
    {
        f"activation.{name}"
        for name in ("tanh", "arctan", "relu", "leaky_relu", "prelu", "elu", "softplus", "softmax", "gelu", "silu")
    }
    | {"sheet.leaky_relu", "sheet.softplus", "sheet.softmax", "rule.softplus", "rule.variable", "word.no"}
    | {"optimizer.adagrad", "optimizer.rmsprop", "optimizer.adam", "optimizer.adamw"}
    | {"exam.total", "exam.deltas"}
)


@pytest.mark.parametrize("code", OTHERS)
def test_nothing_is_left_in_english(code):
    same = {key for key, entry in ENTRIES[code].items() if set(forms(entry)) & set(forms(ENGLISH[key]))}
    assert same <= INTERNATIONAL


def test_spanish_and_stands_before_no_i():
    """`y` becomes `e` before the sound of i, and lists of activations are joined by one word."""
    assert load_language("es").sentence("word.and") == "y"
    names = [load_language("es").sentence(key) for key in ENGLISH if key.startswith("activation.")]
    assert not [name for name in names if re.match(r"h?[ií]", name, re.IGNORECASE)]


def test_the_names_of_the_languages():
    names = {"en": "English", "es": "Español", "pt_BR": "Português (Brasil)"}
    assert {code: load_language(code).name for code in names} == names
    assert {code: load_language(code).decimal_mark for code in names} == {"en": ".", "es": ",", "pt_BR": ","}


# --- the keys in the code --------------------------------------------------------------------------------------

PACKAGE = Path(chalkgrad.__file__).parent
GROUPS = {key.partition(".")[0] for key in ENGLISH}
ASKING = {"say", "sentence", "words", "label"}

FILLINGS = {  # what the f-strings of the code are filled with
    "activation.": [*(row.name for row in ACTIVATIONS), "formula"],
    "loss.": [row.name for row in LOSSES],
    "optimizer.": [row.name for row in OPTIMIZERS],
    "learner.": list(learning_rules.BY_NAME),
    "carry.": CARRIES,
    "rounding.": [name for name in ROUNDINGS if name != "half_up"],  # the usual one is not spoken of
    "heading.": network_lesson.KIND.views,
    "fade.": [name for name in FADES if name != "none"],
    "sheet.": [*(row.name for row in ACTIVATIONS), "formula"],
    "use.": [row.name for row in ACTIVATIONS],
    "fair.": MEASURES,
    "fair.condition_": [name.removeprefix("fair.") for name in BOUNDS],
    "rule.": [rule.name.lower() for rule in Rule],
    "proof.": PROOFS,
    "method.": [row.name for row in DESCENT_ROWS],
    "mistake.": [row.name for row in MISCONCEPTIONS],
    "slip.": [row.name for row in SLIPS],
    "turn.": [kind + alone for kind in ("bowl", "hill", "singular") for alone in ("", "_alone")]
    + ["saddle", "rises"],
    "name.": [word for word in WORDS if word != "derivative"],  # which is no name
}


def trees() -> Iterator[ast.Module]:
    for path in sorted(PACKAGE.rglob("*.py")):
        yield ast.parse(path.read_text(encoding="utf-8"), str(path))


NODES = [node for tree in trees() for node in ast.walk(tree)]
CALLS = [
    node
    for node in NODES
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in ASKING
]


def literals(node: ast.AST) -> set[str]:
    """The texts an expression may be: a literal, or either branch of a condition."""
    if isinstance(node, ast.IfExp):
        return literals(node.body) | literals(node.orelse)
    return {node.value} if isinstance(node, ast.Constant) and isinstance(node.value, str) else set()


def beginning(node: ast.JoinedStr) -> str:
    """`heading.` of `f"heading.{view}"`; nothing where it begins with something filled in."""
    return str(node.values[0].value) if isinstance(node.values[0], ast.Constant) else ""


SPOKEN = {
    node.value
    for node in NODES
    if isinstance(node, ast.Constant)
    and isinstance(node.value, str)
    and re.fullmatch(r"[a-z]+\.[a-z_]+", node.value)
    and node.value.partition(".")[0] in GROUPS
}
"""Every text of the code that looks like a key, wherever it stands: some reach `say` by way of a variable."""
SPOKEN |= {
    key
    for path in templates().rglob("*.*")
    for key in re.findall(r'<<[^>]*\bsentence\("([a-z.]+)"\)', path.read_text(encoding="utf-8"))
}


def test_the_code_is_found():
    assert len(CALLS) > 80
    assert len(SPOKEN) > 80


def test_every_key_in_the_code_has_a_sentence():
    said = set(chain.from_iterable(literals(call.args[0]) for call in CALLS))
    assert said <= set(ENGLISH)
    others = {
        "matrix.delta",
        "matrix.weight",
        "matrix.slopes",
        "fair.condition_",
        "page.tex",
        "page.log",
        "page.pdf",
        "plot.svg",
    }  # symbols, files and the beginning of keys
    assert set(ENGLISH) >= SPOKEN - others


def test_every_composed_key_is_of_a_known_family():
    asked = [call.args[0] for call in CALLS if isinstance(call.args[0], ast.JoinedStr)]
    assert {beginning(node) for node in asked} == set(FILLINGS)


@pytest.mark.parametrize("start", FILLINGS)
def test_every_composed_key_has_a_sentence(start):
    assert {start + name for name in FILLINGS[start]} <= set(ENGLISH)


def test_no_sentence_is_never_said():
    composed = {start + name for start, names in FILLINGS.items() for name in names}
    plain = {key.partition("@")[0] for key in ENGLISH}  # what stands after @ is a school's word
    assert plain - SPOKEN - composed == set()


def test_what_the_code_fills_in_is_what_the_sentence_asks_for():
    for call in CALLS:
        given = {keyword.arg for keyword in call.keywords}
        for key in literals(call.args[0]):
            wanted = set(chain.from_iterable(map(places, forms(ENGLISH[key]))))
            assert wanted <= given, key
            assert without_number(sorted(given)) == without_number(sorted(wanted)), key
            assert bool(ENGLISH[key].msgid_plural) == ("count" in given), key


def test_a_sentence_that_nobody_wrote_is_an_error():
    for code in LANGUAGES:
        for count in (None, 1, 2):
            with pytest.raises(ResourceError, match="nobody\\.wrote"):
                load_language(code).sentence("nobody.wrote", count)


# --- whole pages -----------------------------------------------------------------------------------------------


def words_of(page: str) -> str:
    """A Markdown page without its mathematics and its code."""
    page = re.sub(r"^```.*?^```$|`[^`\n]*`", "", page, flags=re.DOTALL | re.MULTILINE)
    return re.sub(r"\$\$.*?\$\$|\$[^$\n]*\$", "", page, flags=re.DOTALL)


def headings(page: str) -> list[str]:
    """The headings below the title, without numbers and anchors."""
    return re.findall(r'^##+ <a id="[^"]*"></a>[\d.]+ (.+)$', page, flags=re.MULTILINE)


ENGLISH_HEADINGS = {load_language("en").sentence(key) for key in ENGLISH if key.startswith("heading.")}


@pytest.mark.parametrize("code", OTHERS)
@pytest.mark.parametrize("name", ["chain", "softmax", "three_layers"])
def test_headings_are_of_the_language(name, code):
    show = {"views": ["scalar", "matrix"], "detail": "full" if name == "three_layers" else "siblings"}
    found = headings(chalkgrad.solve(name, language=code, **show).to_markdown())
    english = headings(chalkgrad.solve(name, language="en", **show).to_markdown())
    assert len(found) == len(english) >= 8
    assert set(english) & ENGLISH_HEADINGS
    assert not set(found) & ENGLISH_HEADINGS
    assert not [heading for heading in found if any(re.search(rf"\b{said}\b", heading) for said in english)]


@pytest.mark.parametrize("code", OTHERS)
@pytest.mark.parametrize("name", example_names())
def test_a_page_holds_no_sentence_of_english_and_no_open_place(name, code):
    page = words_of(chalkgrad.solve(name, language=code).to_markdown())
    body = page.partition("\n\n")[2]  # the title is the author's
    sentences = [s for entry in ENGLISH.values() for form in forms(entry) for s in re.split(r"\{\w+\}|\*", form)]
    long = {s.strip(" .:,;") for s in sentences if len(s.split()) >= 3}
    assert len(long) > 80
    assert not [s for s in long if s in body]
    assert not re.search(r"\{\w+\}|\b[a-z]+\.[a-z_]{3,}\b", body)


def test_numbers_have_the_comma_of_the_language():
    """The chain: weights −0.5 and 0.5, rate 0.1; 4 decimals."""
    for code, mark, typeset in (("en", ".", "0.1"), ("pt_BR", ",", "0{,}1"), ("es", ",", "0{,}1")):
        example = chalkgrad.solve("chain", language=code)
        assert example["W2[1,1]"].shown == f"0{mark}5"
        assert example["z1[1]"].shown.lstrip("-−") == f"0{mark}5"
        assert rf"\eta = {typeset}$" in example.to_markdown()


def made(show: dict[str, object], **train: object) -> dict[str, object]:
    """A 1-1-1 network that says the rarer things: frozen groups, few digits, other roundings."""
    layer = {"units": 1, "activation": "sigmoid", "weights": [[0.5]], "bias": [0.25]}
    return {
        "network": {"layers": [layer, layer | {"activation": "identity"}], "loss": "half_squared_error"},
        "data": {"x": [[1]], "y": [[1]]},
        "train": {"optimizer": {"name": "sgd", "learning_rate": 0.5}, **train},
        "show": show,
    }


FROZEN = {
    ("pt_BR", "W1"): "O treino mantém os pesos da camada 1 sem alteração.",
    ("pt_BR", "b2"): "O treino mantém os vieses da camada 2 sem alteração.",
    ("es", "W1"): "El entrenamiento deja los pesos de la capa 1 sin cambios.",
    ("es", "b2"): "El entrenamiento deja los sesgos de la capa 2 sin cambios.",
}


@pytest.mark.parametrize(("code", "group"), FROZEN)
def test_one_frozen_group_is_a_plural_word(code, group):
    page = chalkgrad.solve(made({"language": code}, freeze=[group])).to_markdown()
    assert FROZEN[code, group] in page


def test_lists_are_joined_in_the_language():
    for code, joined in (
        ("en", "logistic (sigmoid) and identity"),
        ("pt_BR", "logística (sigmoide) e identidade"),
        ("es", "logística (sigmoide) y lineal (identidad)"),
    ):
        assert joined in chalkgrad.solve(made({"language": code})).to_markdown()


@pytest.mark.parametrize(
    ("code", "digits", "said"),
    [
        ("pt_BR", {"decimals": 0}, "0 casa decimal"),
        ("pt_BR", {"decimals": 1}, "1 casa decimal"),
        ("pt_BR", {"decimals": 2}, "2 casas decimais"),
        ("es", {"decimals": 0}, "0 decimales"),
        ("es", {"significant": 1}, "1 cifra significativa"),
        ("es", {"significant": 3}, "3 cifras significativas"),
    ],
)
def test_digits_are_counted_in_the_language(code, digits, said):
    assert f"{said}, " in chalkgrad.solve(made({"language": code, **digits})).to_markdown()


# --- every sentence, said --------------------------------------------------------------------------------------


def network(activations: list[object], loss: str, x: list[list[float]], **more: object) -> dict[str, object]:
    """A 2-2-1 network (2-3-3 with softmax), said in both views; `bias` is a row for each layer, or one for all."""
    sizes = (3, 3) if "softmax" in activations else (2, 1)
    bias = more.get("bias", "none")
    biases = bias if isinstance(bias, list) else [bias, bias]
    layers, before = [], len(x[0])
    for activation, units, own in zip(activations, sizes, biases, strict=True):
        weights = [[(0.5 if (j + k) % 2 else -0.25) for k in range(before)] for j in range(units)]
        layers.append({"units": units, "activation": activation, "weights": weights, "bias": own})
        before = units
    targets = [1, 0, 0] if before == 3 else [1]
    spec = {
        "network": {"layers": layers, "loss": loss, "reduction": more.get("reduction", "mean")},
        "data": {"x": x, "y": [targets for _ in x]},
        "show": {"views": ["scalar", "matrix"]} | more.get("show", {}),
    }
    if train := more.get("train"):
        spec["train"] = {"optimizer": {"name": "sgd", "learning_rate": 0.5}} | train
    return spec


def circuit(how: dict[str, object]) -> dict[str, object]:
    """Two inputs and what is made of them, by the definition of the derivative."""
    return {"circuit": {"inputs": {"x": 1, "y": 2}, **how}, "show": {"views": ["limit", "graph"]}}


MATRICES = {"x": [[1, 2], [0, 1]], "weights": [[1, -1], [2, 3], [0, 1]], "bias": [1, 2, 3]}
ONE, TWO = [[1, -1]], [[1, -1], [-1, 1]]
IN_CODE = {"code": ["numpy", "pytorch"]}
OWN = ("sin(z) + cos(z) + tanh(2*z)", "arctan(z)**3/3", "erf(z)", "abs(z) + relu(2*z)", "softplus(2*z)")
RARE = [
    network(["step", "arctan"], "squared_error", ONE),
    network(["relu", "relu"], "half_squared_error", TWO, train={"freeze": ["b1"]}, bias=[[0, 0], [1]]),
    network(["relu", "tanh"], "mean_squared_error", [[-1, 1], [-1, 1]], reduction="sum", train={"freeze": ["W2"]}),
    network(["elu", "prelu"], "half_squared_error", ONE, bias={"shared": 0.75}, train={"freeze": ["b1", "b2"]}),
    network(["leaky_relu", "identity"], "half_squared_error", TWO, train={"steps": 2}, bias={"shared": 0}),
    network(
        ["relu", "sigmoid"], "half_squared_error", ONE, train={"update": "sequential", "steps": 2}, show=IN_CODE
    ),
    network(["softmax", "softmax"], "cross_entropy", TWO, show={"views": ["matrix"], "notation": "theta"}),
    network(
        ["softmax", "softmax"], "squared_error", TWO, bias=[[0, 0, 0], [0, 0, 0]], show={"notation": "nielsen"}
    ),
    network(["tanh", "softmax"], "cross_entropy", ONE, show={"rounding": "half_even"}),
    network(["softplus", "gelu"], "half_squared_error", ONE, show={"rounding": "truncate", "views": ["matrix"]}),
    network([{"formula": "z**2"}, "silu"], "half_squared_error", ONE, show={"carry": "shown"} | IN_CODE),
    network(["identity", "relu"], "binary_cross_entropy", [[-1, 1]], show=IN_CODE),  # output 0 for target 1
    network(["identity", "identity"], "binary_cross_entropy", [[-1, 1]]),  # output below 0
    network(["sigmoid", "sigmoid"], "binary_cross_entropy", TWO, train={"steps": 2}, show={"detail": "full"}),
    network(["relu", "sigmoid"], "half_squared_error", ONE, show={"decimals": 2}),
    network(["relu", "identity"], "half_squared_error", [[0, 0]]),  # a kink, hit exactly
    network(["tanh", "identity"], "half_squared_error", ONE, bias=[{"shared": 0.5}, "none"]),
    *(
        network(
            ["tanh", "sigmoid"],
            "half_squared_error",
            ONE,
            train={"optimizer": {"name": row.name, "learning_rate": 1}},
            show=IN_CODE,
        )
        for row in OPTIMIZERS
    ),
    network(
        ["tanh", "sigmoid"],
        "half_squared_error",
        ONE,
        train={"optimizer": {"name": "adam", "learning_rate": 1}, "update": "sequential", "weight_decay": 0.1},
    ),
    network(
        ["tanh", "sigmoid"],
        "half_squared_error",
        ONE,
        train={"clip": {"norm": 0.1}, "l1": 0.1, "schedule": {"name": "exponential", "ratio": 0.5}},
    ),
    network(["tanh", "sigmoid"], "half_squared_error", ONE, train={"clip": {"value": 0.1}}),
    network(["tanh", "identity"], "half_squared_error", [[0.5] * 99], show=IN_CODE | {"views": ["matrix"]}),
    network(["tanh", "identity"], "half_squared_error", ONE, train={"steps": 2}, show={"fade": "backward"}),
    network(["tanh", "sigmoid"], "half_squared_error", ONE, show={"fade": "forward"}),
    {"matrices": MATRICES},
    {"matrices": MATRICES | {"upstream": [[1, 0, -1], [2, 1, 0]]}},
    circuit({"formula": "x*exp(x*y) + tanh(y)", "split": "none"}),
    circuit({"steps": {"s": "x*y", "t": "s*x"}}),
    network(["tanh", "tanh"], "half_squared_error", [*TWO, [1, 1]], train={"epochs": 1, "batch_size": 2}),
    network(["tanh", "tanh"], "half_squared_error", TWO, train={"epochs": 1}),
    *(
        network(["tanh", "tanh"], "half_squared_error", ONE, show={"surface": ["W1[1,1]", "W1[1,2]"]}, **more)
        for more in ({}, {"train": {"steps": 2}})
    ),
    {"proofs": ["sigmoid"]},
    network(["tanh", "tanh"], "half_squared_error", [[1, 1]] * 13, train={"epochs": 20, "batch_size": 1}),
    {"circuit": {"inputs": {"a": 3, "b": 3}, "steps": {"x": "max(a, b)"}, "split": "gates"}},
    {"activations": "all", "at": [1]},
    {"activations": "softmax"},
    *({"activations": {"formula": text}, "at": [1, 2]} for text in OWN),
    {
        "proofs": "all",
        **network(
            ["identity", "identity"], "half_squared_error", ONE, bias=[[1, 0], [1]], show={"views": ["scalar"]}
        ),
    },
]


def neuron(
    rule: str, x: list[list[float]], y: list[float], start: list[float], show: dict[str, object], **train: object
) -> dict[str, object]:
    """A single neuron that starts from these weights and this bias."""
    *weights, bias = start
    return {
        "neuron": {"rule": rule, "weights": weights, "bias": bias},
        "data": {"x": x, "y": y},
        "train": {"learning_rate": 1, "max_epochs": 3, **train},
        "show": show,
    }


LINE = [[0], [1], [2]]
NEURONS = [
    neuron("perceptron", LINE, [0, 1, 0], [0, 0], {}, max_epochs=12),  # twice the one in the middle; a circle
    neuron("perceptron", [[1], [1]], [0, 1], [0, 0], {}),  # back at the start after an epoch
    neuron("perceptron", [[0, 0], [1, 1]], [0, 1], [1, 1, -1], {}),
    neuron("perceptron", [[0, 0], [1, 1]], [1, 1], [0, 0, 9], {"carry": "shown", "decimals": 1}),
    neuron("perceptron", [[0]], [0], [0, 9], {"carry": "shown", "decimals": 1}, learning_rate=0.01),
    neuron("perceptron", LINE, [0, 0, 1], [0, 0], {}, max_epochs=1),
    neuron("adaline", LINE, [0, 0, 0], [0, 0], {}),
    neuron("adaline", LINE, [0, 0, 0], [0, 0], {"carry": "shown"}),
]


def function(formula, start, *methods, **more):
    """A function, and ways down it."""
    rows = [{"name": name, **({"learning_rate": 0.1} if name == "sgd" else {})} for name in methods]
    region = {"region": {name: [-3, 3] for name in start}}
    return {"function": {"formula": formula, "start": start, **region}, "methods": rows, **more}


DESCENTS = [
    function("x*y", {"x": 1, "y": -0.5}, "random_search", "random_local_search", "sgd", "newton"),
    function("x**2 + y**2", {"x": 1, "y": 1}, "newton", steps=1),
    function("-x**2 - y**2", {"x": 1, "y": 1}, "newton"),
    function("(x + y)**2", {"x": 1, "y": 1}, "newton"),
    function("sqrt(1 + x**2)", {"x": 2}, "newton"),
    function("cos(x)", {"x": 0.1}, "newton"),
    function("x**3", {"x": 0}, "newton"),
]


def asking(spec, *questions, **exam):
    """A spec with questions: ids, forms and points."""
    ask = [{"find": find, "as": form, "points": points} for find, form, points in questions]
    return {**spec, "exam": {"seed": "s", "ask": ask, **exam}}


NUMBERS = [
    ("z1[1]", "number", 1),
    ("a1[1]", "number", "1/2"),
    ("a2[1]", "number", 1),
    ("J", "number", 1),
    ("J'", "number", 1),
    ("delta1[*]", "number", 3),
    ("dJ/dW1[1,2]", "number", 1),
    ("W1[1,2]'", "number", 1),
    ("b1[1]'", "number", 1),
    ("da1[1]/dz1[1]", "number", 1),
    (["z1[1]", "a1[1]"], "number", 1),
    (["z1[1]", "a1[1]"], "table", 1),
    ("a1[1]", "choice", 1),
]
_TRAINED = network(["tanh", "sigmoid"], "half_squared_error", ONE, train={"steps": 1}, bias=[[0, 1], [1]])
EXAMS = [
    asking(_TRAINED, *NUMBERS, formulas=True),
    asking(NEURONS[2], ("e@1'", "number", 1)),
    asking(circuit({"formula": "x*y + 2*x"}), ("df/dx", "number", 1)),
]


def sheets_of(spec, **show):
    """A paper and its solution, in Markdown and in a format with pages."""
    exam = read_exam(spec, **show)
    (exercise,) = exam.exercises
    structure = Exercise(exercise, None, "typst").structure([])
    for name in ("md", "tex"):
        for with_solutions in (False, True):
            sheets.shell(exam, structure, name, with_solutions=with_solutions, with_students=False)
        structure.example.part(name, sheets.posed(structure))
    several = replace(exam, exercises=exam.exercises * 2, choose=2)
    sheets.shell(several, structure, "md", with_solutions=False, with_students=False)


def say_mistakes(code):
    """What is said of mistakes at the end of a solution, and of every one of them."""
    spec = asking(_TRAINED, ("dJ/dW1[1,1]", "choice", 1), variants=1, misconceptions=True)
    made = chalkgrad.pipeline.exam({**spec, "data": {"x": [[1, 1]], "y": [[0.3]]}}, language=code)
    made.sheets("md", [1], solved=True)
    words = Sentences(load_language(code))
    for row in (*MISCONCEPTIONS, *SLIPS):
        said = mistakes.said(words, f"{row.name}[2]" if getattr(row, "is_placed", False) else row.name)
        words.say("mistakes.accepted", mistake=said)


DRAWN = {
    "circuit": {
        "inputs": {name: {"draw": "uniform", "low": -2, "high": 2, "step": 0.5, "not": 0} for name in "xy"},
        "formula": "x*y + x/1000",
    },
    "exam": {
        "ask": [{"find": "df/dx", "points": 2}, {"find": "f"}],
        "fair": {"negatives": 1, "difficulty": 0.5, "distinct": 1, "caught": 1},
        "work_with": 1,  # one path of two is nearly nothing: who drops it is not caught
    },
}


def say_records(code, folder):
    """What is said to graders, and of how fair papers are."""
    several = [{"name": "one", **DRAWN}, {"name": "two", **DRAWN}]
    spec = {"exam": {"seed": "s", "variants": 4, "exercises": several}}
    chalkgrad.pipeline.exam(spec, language=code).save(folder, ["md"])
    words = Sentences(load_language(code))
    for bound in BOUNDS:
        report._condition(words, bound)


@pytest.mark.parametrize("code", LANGUAGES)
def test_every_sentence_can_be_said(code, monkeypatch, tmp_path):
    """Pages that together say everything, in every school's words: each sentence finds what fills its places."""
    own = tmp_path / "own.toml"
    own.write_text('extends = "inatel"\nweights = "from_to"\nrecursion = "entrywise"\n')
    said = set()
    sentence = Language.sentence
    monkeypatch.setattr(
        Language, "sentence", lambda self, key, *rest: (said.add(key), sentence(self, key, *rest))[1]
    )
    schools = (None, "nielsen", "inatel", "ufv", str(own))
    for spec, notation in product(RARE, schools):
        page = chalkgrad.solve(spec, language=code, notation=notation).to_markdown()
        assert not re.search(r"\{[a-z]+\}|\b[a-z]+\.[a-z_]{3,}\b", words_of(page))
    for spec in (*resources.example_names(), *NEURONS, *DESCENTS):
        chalkgrad.solve(spec, language=code).to_markdown()
    for spec, notation in product(EXAMS, schools):
        sheets_of(spec, language=code, notation=notation)
    chalkgrad.solve(RARE[0], language=code).to_html()
    say_mistakes(code)
    say_records(code, tmp_path)
    assert {key for key in ENGLISH if not key.startswith("language.")} - said == set()
