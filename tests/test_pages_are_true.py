"""Everything printed is true: each page is read back from its text and reckoned again, without chalkgrad.

`page_reader` and `latex_math` are the pupil with pencil and calculator; chalkgrad is asked for text alone.
"""

from __future__ import annotations

import json
import math
import random
import re
from functools import cache
from itertools import cycle

import pytest

import chalkgrad
from kinds import NETWORKS, RUNS
from latex_math import BigSum, Num, Power, Unreadable, read, walk
from page_reader import Reading, Verdict, carried_check, cell_number, pocket_check
from schools import SCHOOLS

EXAMPLES = [name for name in NETWORKS if name not in RUNS]
NOTATIONS = tuple(SCHOOLS)
SCALAR, MATRIX, BOTH = ["scalar"], ["matrix"], ["scalar", "matrix"]


@cache
def texts(name: str, notation: str, views: tuple[str, ...], carry: str, detail: str) -> dict[str, str]:
    """The pages of an example in three formats."""
    example = chalkgrad.solve(
        name, notation=notation, views=list(views), carry=carry, detail=detail, language="en"
    )
    return {"md": example.to_markdown(), "tex": example.to_latex(), "json": json.dumps(example.data())}


def page(
    name: str, notation: str = "theta", *, views: list[str] = BOTH, carry: str = "full", detail: str = "siblings"
) -> str:
    return texts(name, notation, tuple(views), carry, detail)["md"]


def is_true(verdict: Verdict, at_least: int) -> None:
    assert not verdict.objections, f"{len(verdict.objections)} untrue:\n" + "\n".join(verdict.objections[:8])
    assert verdict.checks >= at_least, f"only {verdict.checks} checks"


# ------------------------------------------------------------------------------------------------ whole pages


ROTATING = [(name, NOTATIONS[at % len(NOTATIONS)]) for at, name in enumerate(EXAMPLES)]
"""Each example in one notation, where all of them would only take longer."""
ROUND = [
    (name, NOTATIONS[(at + shift) % len(NOTATIONS)]) for at, name in enumerate(EXAMPLES) for shift in (1, 4, 6)
]
"""Each example in three notations, and so each notation for some six of the examples."""


@pytest.mark.parametrize(("name", "notation"), ROUND)
def test_what_is_printed_follows_from_what_is_printed(name: str, notation: str) -> None:
    is_true(pocket_check(Reading(page(name, notation, detail="full"))), 60)


@pytest.mark.parametrize(("name", "notation"), ROTATING)
def test_the_latex_page_says_the_same(name: str, notation: str) -> None:
    pages = texts(name, notation, tuple(BOTH), "full", "full")
    markdown, latex = (pocket_check(Reading(pages[form])) for form in ("md", "tex"))
    is_true(latex, 60)
    assert latex.checks == markdown.checks


@pytest.mark.parametrize("views", [SCALAR, MATRIX], ids=str)
@pytest.mark.parametrize(("name", "notation"), ROTATING)
def test_one_view_alone_is_true(name: str, notation: str, views: list[str]) -> None:
    is_true(pocket_check(Reading(page(name, notation, views=views))), 25)


@pytest.mark.parametrize(("name", "notation"), ROUND)
def test_all_digits_from_the_given_numbers_alone(name: str, notation: str) -> None:
    is_true(carried_check(Reading(page(name, notation, detail="full"))), 35)


@pytest.mark.parametrize(("name", "notation"), ROUND)
def test_a_pocket_calculator_agrees_with_every_line(name: str, notation: str) -> None:
    is_true(pocket_check(Reading(page(name, notation, views=SCALAR, carry="shown"))), 30)


@pytest.mark.parametrize("views", [MATRIX, BOTH], ids=str)
@pytest.mark.parametrize(("name", "notation"), ROTATING)
def test_a_pocket_calculator_agrees_with_every_matrix(name: str, notation: str, views: list[str]) -> None:
    is_true(pocket_check(Reading(page(name, notation, views=views, carry="shown"))), 25)


@pytest.mark.parametrize("views", [SCALAR, MATRIX], ids=str)
@pytest.mark.parametrize(("number", "name"), list(enumerate(RUNS)))
def test_the_first_update_of_a_run_is_true(number: int, name: str, views: list[str]) -> None:
    """What comes before the tables of the epochs."""
    notation = NOTATIONS[(2 * number + (views == MATRIX)) % len(NOTATIONS)]
    for carry in ("full", "shown"):
        written = page(name, notation, views=views, carry=carry)
        before = re.split(r"^## .*Epoch by epoch$", written, flags=re.MULTILINE)[0]
        assert len(before) < len(written)
        is_true(pocket_check(Reading(before)), 10)


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_example_as_it_is_bundled(name: str) -> None:
    example = chalkgrad.solve(name, language="en")
    markdown, latex = pocket_check(Reading(example.to_markdown())), pocket_check(Reading(example.to_latex()))
    is_true(markdown, 30)
    is_true(latex, 30)
    assert markdown.checks == latex.checks


# ------------------------------------------------------------------------------------------------ every school


def school_network(samples: int, bias: object, notation: str, **show: object) -> dict[str, object]:
    """2-3-2 of which no two sizes that meet in a product are alike."""
    layers = [
        {"units": 3, "activation": "tanh", "weights": [[0.5, -0.25], [0.125, 0.75], [-0.5, 1.5]], "bias": bias},
        {"units": 2, "activation": "sigmoid", "weights": [[1.25, -0.5, 0.5], [-1, 0.25, 0.75]], "bias": "none"},
    ]
    x, y = [[0.5, -1], [1.5, 0.25], [-0.75, 0.5], [1, 2]], [[1, 0], [0, 1], [0.5, 0.25], [0, 0]]
    return {
        "network": {"layers": layers, "loss": "squared_error"},
        "data": {"x": x[:samples], "y": y[:samples]},
        "train": {"optimizer": {"name": "sgd", "learning_rate": 0.5}},
        "show": {"language": "en", "decimals": 5, "notation": notation, **show},
    }


@pytest.mark.parametrize("notation", NOTATIONS)
@pytest.mark.parametrize("samples", [1, 4])
@pytest.mark.parametrize("bias", [[0.25, -0.5, 0.125], {"shared": 0.25}], ids=["own", "shared"])
def test_every_school_in_matrices(notation: str, samples: int, bias: object) -> None:
    """Every product of matrices is multiplied out, in names and in numbers: shapes fit, and the numbers agree."""
    text = chalkgrad.solve(school_network(samples, bias, notation, views=["matrix"])).to_markdown()
    verdict = pocket_check(Reading(text))
    is_true(verdict, 100)
    assert not [line for line in verdict.skipped if "matrix" in line or "underset" in line]
    assert ("\\times 4}" in text) == (samples == 4)


@pytest.mark.parametrize("notation", NOTATIONS)
@pytest.mark.parametrize("samples", [1, 4])
def test_every_school_unit_by_unit(notation: str, samples: int) -> None:
    text = chalkgrad.solve(school_network(samples, [0.25, -0.5, 0.125], notation, detail="full")).to_markdown()
    is_true(pocket_check(Reading(text)), 120)
    is_true(carried_check(Reading(text)), 120)


@pytest.mark.parametrize("notation", NOTATIONS)
@pytest.mark.parametrize("samples", [1, 4])
def test_every_school_with_the_digits_shown(notation: str, samples: int) -> None:
    spec = school_network(samples, [0.25, -0.5, 0.125], notation, carry="shown", views=["matrix"])
    is_true(pocket_check(Reading(chalkgrad.solve(spec).to_markdown())), 80)


OPTIMIZERS = ("sgd", "momentum", "nesterov", "adagrad", "rmsprop", "adam", "adamw")


def trained(optimizer: str, notation: str, train: dict[str, object] | None = None, **show: object) -> str:
    """A page of two steps by an optimizer."""
    spec = school_network(1, [0.25, -0.5, 0.125], notation, **show)
    spec["train"] = {"optimizer": {"name": optimizer, "learning_rate": 0.5}, "steps": 2, **(train or {})}
    return chalkgrad.solve(spec).to_markdown()


@pytest.mark.parametrize("notation", NOTATIONS)
@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_every_optimizer_in_every_school(optimizer: str, notation: str) -> None:
    """From the given numbers and a memory of 0, by the formulas of the page alone, through both steps."""
    reading = Reading(trained(optimizer, notation, detail="full", views=BOTH))
    is_true(pocket_check(reading), 1000)
    is_true(carried_check(reading), 500)
    assert len(reading.states) == {"sgd": 0, "adam": 2, "adamw": 2}.get(optimizer, 1)


@pytest.mark.parametrize(("optimizer", "notation"), list(zip(OPTIMIZERS, NOTATIONS, strict=False)))
def test_weight_decay_is_worked_with_every_optimizer(optimizer: str, notation: str) -> None:
    decay: dict[str, object] = {"weight_decay": 0.25}
    reading = Reading(trained(optimizer, notation, decay, detail="full", views=BOTH))
    is_true(pocket_check(reading), 1000)
    is_true(carried_check(reading), 500)
    is_true(pocket_check(Reading(trained(optimizer, notation, decay, views=BOTH))), 500)


CHANGES: list[dict[str, object]] = [
    {"clip": {"value": 0.125}},
    {"clip": {"norm": 0.25}},
    {"l1": 0.0625},
    {"l1": 0.0625, "weight_decay": 0.25, "clip": {"norm": 0.5}},
    {"schedule": {"name": "step", "ratio": 0.5, "every": 1}},
    {"schedule": {"name": "exponential", "ratio": 0.9}},
    {"schedule": {"name": "cosine", "end": 0.125, "over": 5}},
    {"schedule": {"name": "inverse_time", "decay": 0.5}},
    {"schedule": {"name": "linear", "end": 0.125, "over": 3}, "clip": {"value": 0.125}},
]


WORKED = list(zip(CHANGES, cycle(OPTIMIZERS), cycle(NOTATIONS), strict=False))


@pytest.mark.parametrize(("train", "optimizer", "notation"), WORKED)
def test_clipping_penalties_and_schedules_are_worked(
    train: dict[str, object], optimizer: str, notation: str
) -> None:
    reading = Reading(trained(optimizer, notation, train, detail="full", views=BOTH))
    is_true(pocket_check(reading), 1000)
    is_true(carried_check(reading), 500)
    is_true(pocket_check(Reading(trained(optimizer, notation, train, views=BOTH))), 500)


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_every_optimizer_with_the_digits_shown(optimizer: str) -> None:
    is_true(pocket_check(Reading(trained(optimizer, "theta", carry="shown", views=BOTH))), 200)


@pytest.mark.parametrize("optimizer", ["momentum", "adam"])
def test_a_changed_digit_of_what_is_remembered_is_found(optimizer: str) -> None:
    text = trained(optimizer, "theta", detail="full", views=SCALAR)
    start, end = text.index("Update\n"), text.index("</a>8 ")
    places = [found.end() - 1 for found in re.finditer(r"\d\.\d{4,}", text) if start < found.start() < end]
    places = places[:: len(places) // 12]
    missed = [text[place - 40 : place + 2] for place in places if not objections(_tampered(text, place))]
    assert len(places) > 8
    assert len(missed) <= len(places) // 10, missed


SHAPES = {
    "theta": r"\underset{4\times 2}{X} \enspace \underset{2\times 3}{(\Theta^{(1)})^{\mathsf T}}",
    "mazur": r"\underset{3\times 2}{W _{1}} \enspace \underset{2\times 4}{i}",
    "nielsen": r"\underset{3\times 2}{w^{2}} \enspace \underset{2\times 4}{a^{1}}",
    "ufv": r"\underset{4\times 2}{\mathbf{x}} \enspace \underset{2\times 3}{\mathbf{W}^{0}}",
    "inatel": r"\underset{3\times 2}{\mathbf{W}^{1}} \enspace \underset{2\times 4}{\mathbf{x}}",
    "neuron": r"\underset{4\times 2}{X} \enspace \underset{2\times 3}{(W^{(1)})^{\mathsf T}}",
    "rumelhart": r"\underset{3\times 2}{W^{(1)}} \enspace \underset{2\times 4}{Y^{(0)}}",
    "ng": r"\underset{3\times 2}{W^{[1]}} \enspace \underset{2\times 4}{X}",
}
GRADIENTS = {
    "theta": r"\underset{3\times 4}{(\Delta^{(1)})^{\mathsf T}} \enspace \underset{4\times 2}{X}",
    "ufv": r"\underset{2\times 4}{\mathbf{x}^{\mathsf T}} \enspace "
    r"\underset{4\times 3}{\frac{\partial L^{(n)}}{\partial \mathbf{v}^{0}}}",
    "inatel": r"\underset{3\times 4}{\boldsymbol{\delta}^{1}} \enspace "
    r"\underset{4\times 2}{\mathbf{x}^{\mathsf T}}",
    "ng": r"\mathit{dW}^{[1]} & = \frac{1}{4} \underset{3\times 4}{\mathit{dZ}^{[1]}} \enspace "
    r"\underset{4\times 2}{X^{\mathsf T}}",
}


@pytest.mark.parametrize("notation", NOTATIONS)
def test_a_layer_multiplies_as_its_school_writes_it(notation: str) -> None:
    text = chalkgrad.solve(school_network(4, "none", notation, views=["matrix"])).to_markdown()
    text = re.sub(r"\{\\color\{gray\} ([^}]*)\}", r"\1", text)
    assert SHAPES[notation] in text
    assert GRADIENTS.get(notation, "") in text


# ------------------------------------------------------------------------------------------------ trying numbers


def network(hidden: object, **show: object) -> dict[str, object]:
    """2-2-1 with numbers that have more digits than are shown, and thirds."""
    layers = [
        {"units": 2, "activation": hidden, "weights": [["1/3", 1.0693], [-1.2505, "-2/7"]], "bias": [0.1, -0.25]},
        {"units": 1, "activation": "sigmoid", "weights": [["2/3", -0.98765]], "bias": [0.05]},
    ]
    return {
        "network": {"layers": layers, "loss": "half_squared_error", "reduction": "sum"},
        "data": {"x": [[1.5, "-1/3"], [-0.75, 1.23456]], "y": [[1], [0]]},
        "train": {"optimizer": {"name": "sgd", "learning_rate": 0.1}},
        "show": {"language": "en", "decimals": 3, **show},
    }


@pytest.mark.parametrize(
    "hidden", ["sigmoid", "tanh", "arctan", "softplus", "silu", "gelu", "relu", "identity"], ids=str
)
def test_long_given_numbers_and_fractions_with_all_digits(hidden: str) -> None:
    text = chalkgrad.solve(network(hidden, detail="full", views=["scalar", "matrix"])).to_markdown()
    is_true(pocket_check(Reading(text)), 200)
    is_true(carried_check(Reading(text)), 200)


@pytest.mark.parametrize("hidden", ["sigmoid", "tanh", "relu", "identity"], ids=str)
def test_long_given_numbers_and_fractions_on_a_pocket_calculator(hidden: str) -> None:
    is_true(pocket_check(Reading(chalkgrad.solve(network(hidden, carry="shown")).to_markdown())), 100)


@pytest.mark.parametrize(
    "output", ["relu", {"name": "prelu", "alpha": 0.25}, {"name": "leaky_relu", "alpha": 0.1}], ids=str
)
def test_a_slope_that_is_exact_is_not_rounded(output: object) -> None:
    spec = network("sigmoid", detail="full")
    spec["network"]["layers"][1]["activation"] = output  # type: ignore[index]
    is_true(carried_check(Reading(chalkgrad.solve(spec).to_markdown())), 150)


# ------------------------------------------------------------------------------------------------ the same in JSON


@pytest.mark.parametrize("name", EXAMPLES)
def test_every_printed_number_is_a_step_or_part_of_a_formula(name: str) -> None:
    markdown, data = (texts(name, "theta", tuple(BOTH), "full", "siblings")[form] for form in ("md", "json"))
    shown = {_absolute(step["shown"]) for step in json.loads(data)["steps"]}
    shown.discard(None)
    reading = Reading(markdown)
    formula = {0, 1, 2, 10, reading.samples}
    printed = [
        node.value
        for statement in reading.statements
        for node in walk(statement.chain.parts)
        if isinstance(node, Num)
    ]
    cells = [(table, cell) for table in reading.tables for row in table.rows for cell in row[1:]]
    printed += [number[1].value for _, cell in cells if (number := cell_number(cell))]
    strangers = {float(value) for value in printed if value not in shown and value not in formula}
    assert len(printed) > 60
    assert not strangers


def _absolute(text: str) -> object:
    """`-2.1e-5` → 21/1000000; None for what is no number."""
    found = cell_number(re.sub(r"e(-?\d+)$", r" \\cdot 10^{\1}", text))
    return found[1].value if found else None


@pytest.mark.parametrize("language", ["pt_BR", "es"])
def test_a_page_has_the_same_numbers_in_another_language(language: str) -> None:
    def numbers(text: str) -> list[str]:
        return re.findall(r"\d+(?:(?:\.|,|\{,\})\d+)+", text.partition("</a>1 ")[2])

    there = chalkgrad.solve("chain", language=language).to_markdown()
    here = chalkgrad.solve("chain", language="en").to_markdown()
    assert [n.replace("{,}", ".").replace(",", ".") for n in numbers(there)] == numbers(here)
    formulas = re.findall(r"\\begin\{aligned\}(.*?)\\end\{aligned\}", there, re.S)
    assert all(read(row) for formula in formulas for row in re.split(r"\\cr\n", formula))


# ------------------------------------------------------------------------------------------------ by hand


def _logistic(z: float) -> float:
    return 1 / (1 + math.exp(-z))


def _facts(text: str) -> dict[str, float]:
    """`w _{1} = 0.15` in the first section → {"w1": 0.15}."""
    head = text.partition("</a>2 ")[0]
    found = re.findall(r"\$\\displaystyle (\S+) _\{(\w+)\} = (-?[\d.]+)\$", head)
    return {re.sub(r"\\mathit\{(\w+)\}", r"\1", base) + below: float(value) for base, below, value in found}


def test_mazur_by_hand() -> None:
    text = page("mazur", "mazur", views=SCALAR)
    given = _facts(text)

    def cost(w: dict[str, float]) -> float:
        h1 = _logistic(w["w1"] * w["i1"] + w["w2"] * w["i2"] + w["b1"])
        h2 = _logistic(w["w3"] * w["i1"] + w["w4"] * w["i2"] + w["b1"])
        o1 = _logistic(w["w5"] * h1 + w["w6"] * h2 + w["b2"])
        o2 = _logistic(w["w7"] * h1 + w["w8"] * h2 + w["b2"])
        return ((w["targeto1"] - o1) ** 2 + (w["targeto2"] - o2) ** 2) / 2

    weights = [f"w{c}" for c in range(1, 9)]
    slopes = {w: (cost(given | {w: given[w] + 1e-5}) - cost(given | {w: given[w] - 1e-5})) / 2e-5 for w in weights}
    new = given | {w: given[w] - 0.5 * slopes[w] for w in weights}
    assert f"now $E^{{+}} _{{\\mathrm{{total}}}} \\approx {cost(new):.9f}$" in text
    assert f"was $E _{{\\mathrm{{total}}}} \\approx {cost(given):.9f}$" in text
    for c in range(1, 9):
        assert re.search(rf"w\^\{{\+\}} _\{{{c}\}} .*\\approx {new[f'w{c}']:.9f}", text)


def test_regression_by_hand() -> None:
    text = page("regression", "mazur", views=SCALAR)
    given = _facts(text)
    samples = [
        (int(x.replace("−", "-")), int(y)) for x, y in re.findall(r"^\| \d+ \| (−?\d+) *\| (\d+) *\|$", text, re.M)
    ]
    assert len(samples) == 3

    def cost(w: dict[str, float]) -> float:
        def output(x: float) -> float:
            first, second = math.tanh(w["w1"] * x + w["b1"]), math.tanh(w["w2"] * x + w["b2"])
            return w["w3"] * first + w["w4"] * second + w["b3"]

        return sum((y - output(x)) ** 2 for x, y in samples) / 3

    slopes = {w: (cost(given | {w: given[w] + 1e-5}) - cost(given | {w: given[w] - 1e-5})) / 2e-5 for w in given}
    new = given | {w: given[w] - 0.2 * slopes[w] for w in given}
    assert len(given) == 7
    assert f"now $E^{{+}} _{{\\mathrm{{total}}}} \\approx {cost(new):.4f}$" in text
    assert f"was $E _{{\\mathrm{{total}}}} \\approx {cost(given):.4f}$" in text


# ------------------------------------------------------------------------------------------------ the checker


def objections(text: str) -> list[str]:
    """What either check has against a page; a page that cannot be read is objected to as well."""
    try:
        reading = Reading(text)
        found = pocket_check(reading).objections
        return found if found or reading.carry_shown else carried_check(reading).objections
    except (Unreadable, ZeroDivisionError, LookupError, ValueError) as unreadable:
        return [str(unreadable)]


def _tampered(text: str, at: int) -> str:
    """One digit of the page replaced by another."""
    other = random.Random(at).choice([digit for digit in "123456789" if digit != text[at]])
    return text[:at] + other + text[at + 1 :]


def _digits(text: str) -> list[int]:
    """Where the last digits of the decimals stand; those of code are checked by running it."""
    body, code = text.index("</a>2 "), text.index("The same in code")
    return [found.end() - 1 for found in re.finditer(r"\d\.\d+", text) if body < found.start() < code]


@pytest.mark.parametrize(
    ("detail", "carry", "views"),
    [("full", "full", SCALAR), ("siblings", "full", BOTH), ("siblings", "shown", SCALAR)],
)
def test_a_changed_digit_is_found(detail: str, carry: str, views: list[str]) -> None:
    text = page("mazur", "mazur", views=views, carry=carry, detail=detail)
    places = _digits(text)[::12]
    rng = random.Random(1)
    missed = []
    for place in places:
        shift = rng.choice([0, 0, 1, 2, 3])  # the last digit most often: the hardest to notice
        if text[place - shift] == ".":
            shift = 0
        if not objections(_tampered(text, place - shift)):
            missed.append(text[place - 40 : place + 2])
    assert len(places) > 12
    assert len(missed) <= len(places) // 10, missed


@pytest.mark.parametrize(
    ("true", "untrue"),
    [
        (r"+ 0.35 = 0.3775", r"+ 0.35 = 0.3776"),
        (r"\approx 0.593269992 \cr", r"\approx 0.593269993 \cr"),
        (r"e^{-0.3775}", r"e^{0.3775}"),
        (r"{\color{brown} (-0.217071535)}", r"{\color{brown} -0.217071535}"),
        (r"{\color{brown} (-0.217071535)}", r"{\color{brown} 0.217071535}"),
        (r"\approx 0.274811083 + 0.023560026", r"= 0.274811083 + 0.023560026"),
        (r"\mathit{out} _{o1} (1 - \mathit{out} _{o1})", r"\mathit{out} _{o1} (1 + \mathit{out} _{o1})"),
        (r"\delta _{o1} w _{5} + \delta _{o2} w _{7}", r"\delta _{o1} w _{5} + \delta _{o2} w _{8}"),
        ("| 3·10⁻⁸", "| 3·10⁻⁹"),
        (r"3\times 2", r"2\times 3"),
    ],
)
def test_an_untrue_line_is_found(true: str, untrue: str) -> None:
    name = "batch" if "times" in true else "mazur"
    text = page(name, "mazur", detail="siblings")
    assert not pocket_check(Reading(text)).objections
    assert true in text
    assert objections(text.replace(true, untrue, 1))


@pytest.mark.parametrize("cell", ["0.15", "0.000438568", "0.149780716"])
def test_an_untrue_cell_is_found(cell: str) -> None:
    text = page("mazur", "mazur", views=SCALAR)
    row = next(line for line in text.splitlines() if line.startswith("| $w _{1}$"))
    assert f"| {cell}" in row
    assert objections(text.replace(row, row.replace(f"| {cell}", f"| {cell[:-1]}1", 1)))


@pytest.mark.parametrize(
    ("true", "untrue"),
    [
        (r"\approx 0.5744 \cr", r"\approx 0.5745 \cr"),
        (
            r"0.0394} \cdot {\color{steelblue} 0.2139} \approx 0.0084",
            r"0.0394} \cdot {\color{steelblue} 0.2139} \approx 0.0085",
        ),
        (r"\approx 0.1513", r"\approx 0.1512"),  # 0.15125 is a tie: half away from zero
        (r"= -0.3841", r"\approx -0.3841"),
        (r"\approx 0.6295", r"= 0.6295"),
    ],
)
def test_a_pocket_calculator_notices(true: str, untrue: str) -> None:
    text = chalkgrad.solve("calculator", language="en").to_markdown()
    assert true in text
    assert objections(text.replace(true, untrue, 1))


@pytest.mark.parametrize(
    "text",
    [
        r"x = 0.5 \cdot -0.2",
        r"x = 0.5 + -0.2",
        r"x = {\color{brown} -0.5} \cdot 2",
        r"x = 2 \cdot {\color{brown} 0.5 + 1}",
        r"x = 0.5 0.3",
        r"x = a 0.3",
        r"x = {-0.3}^{2}",
        r"x = {0.1 + 0.2}^{2}",
        r"x = {1.5 \cdot 10^{-5}}^{2}",
        r"x = 1 - -0.2",
        r"x = \begin{bmatrix} 1 & 2 \cr 3 \end{bmatrix}",
        r"x = (0.5",
    ],
)
def test_bad_parentheses_are_not_read(text: str) -> None:
    with pytest.raises(Unreadable):
        read(text)


def test_the_reader_reads() -> None:
    (chain,) = read(r"J & = - \sum _{j} \frac{1}{2} {(y _{j} - 0{,}5)}^{2} \approx -2{,}1 \cdot 10^{-5}")
    assert chain.signs == ("=", "≈")
    assert any(isinstance(node, BigSum) for node in walk(chain.parts[1]))
    assert any(isinstance(node, Power) and node.exponent == 2 for node in walk(chain.parts[1]))
    numbers = [float(node.value) for node in walk(chain.parts) if isinstance(node, Num)]
    assert numbers == [1, 2, 0.5, 2.1e-5]
