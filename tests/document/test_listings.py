"""The listings are run; what they print is what the page says they print, and what its numbers are."""

from __future__ import annotations

import io
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from importlib.util import find_spec
from typing import Any, NamedTuple

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

import chalkgrad
from kinds import LISTED, RUNS
from oracles import autograd_walk, comparable
from strategies import LOSSES, PLAIN, SLOPED, Spec, specs, thorough
from test_gradients import small

NO_TORCH = find_spec("torch") is None and not os.environ.get("CI")
"""In CI the second library must not go missing unnoticed."""
LIBRARIES = [
    "numpy",
    pytest.param("pytorch", marks=pytest.mark.skipif(NO_TORCH, reason="PyTorch is not installed")),
]
libraries = pytest.mark.parametrize("library", LIBRARIES)
notations = pytest.mark.parametrize("notation", ["theta", "nielsen"])
"""Samples in rows, samples in columns."""
EXAMPLES = LISTED
BOTH = ["numpy", "pytorch"]
LAST_PLACE = 1.5e-10
"""One unit of the last of ten digits, where a number lies just between two."""


class Page(NamedTuple):
    """What a page has of code."""

    listings: list[str]
    rows: list[tuple[str, str, str]]
    """Name in the code, what is said to be printed, the page's own number."""

    @property
    def printed(self) -> list[tuple[str, str]]:
        return [row[:2] for row in self.rows]


def page_of(example: chalkgrad.Example) -> Page:
    return read(example.to_markdown())


def read(text: str) -> Page:
    listings = re.findall(r"^```python\n(.*?)^```$", text, re.M | re.S)
    rows = re.findall(r"^\| `([^`]+)` \| `([^`]+)` \| .*? \| ([^|]*) \|$", text, re.M)
    return Page(listings, rows)


def solved(spec: Any, code: Any = "numpy", **show: Any) -> Page:
    return page_of(chalkgrad.solve(spec, code=code, **show))


def run(listing: str) -> list[tuple[str, str]]:
    """What a listing really prints, as pairs of name and value."""
    output = io.StringIO()
    with redirect_stdout(output), _default_dtype_kept(listing):
        exec(compile(listing, "<listing>", "exec"), {"__name__": "__main__"})
    return [tuple(line.split(" = ")) for line in output.getvalue().splitlines()]  # type: ignore[misc]


@contextmanager
def _default_dtype_kept(listing: str) -> Iterator[None]:
    if "import torch" not in listing:
        yield
        return
    import torch

    before = torch.get_default_dtype()
    try:
        yield
    finally:
        torch.set_default_dtype(before)


def agree(page: Page) -> None:
    """Assert that every listing prints what the page says, but for a last digit."""
    assert page.listings
    for listing in page.listings:
        found = run(listing)
        assert [name for name, _ in found] == [name for name, _ in page.printed]
        off = [
            (said, value)
            for said, (_, value) in zip(page.printed, found, strict=True)
            if abs(float(said[1]) - float(value)) > LAST_PLACE * max(1, abs(float(value)))
        ]
        assert not off


# --- examples ---------------------------------------------------------------------------------------------------


@libraries
@notations
@pytest.mark.parametrize("name", EXAMPLES)
def test_an_example_prints_what_its_page_says(name: str, notation: str, library: str) -> None:
    page = solved(name, library, notation=notation)
    if name == "calculator" and library == "pytorch":  # it updates layer by layer
        assert not page.listings
        return
    (listing,) = page.listings
    assert run(listing) == page.printed


@pytest.mark.parametrize("name", ["mazur", "batch"])
def test_a_listing_runs_as_it_stands(name: str) -> None:
    page = solved(name)
    (listing,) = page.listings
    done = subprocess.run(
        [sys.executable, "-W", "error", "-"], input=listing, capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines() == [f"{code} = {value}" for code, value in page.printed]


SEVERAL_STEPS = ("adam", "calculator", "momentum", "schedule", "three_layers", *RUNS)
"""Their costs and parameters are printed again and again."""


def id_of(code: str, *, columns: bool, samples: int, after: bool) -> str:
    """The id of what a listing calls `dW1[0][1]`."""
    word, layer, places = re.fullmatch(r"([A-Za-z]+)(\d*)((?:\[\d+\])*)", code).groups()  # type: ignore[union-attr]
    indices = [int(i) + 1 for i in re.findall(r"\d+", places)]
    if word == "a":
        unit, sample = indices if columns else reversed(indices)
        return f"a{layer}[{unit}]" + (f"@{sample}" if samples > 1 else "")
    if word in ("b", "db"):
        indices = indices[:1]
    inside = f"[{','.join(map(str, indices))}]" if indices else ""
    if word.startswith("d"):
        return f"dJ/{word}{layer}{inside}"
    return f"{word}{layer}{inside}" + ("'" if after else "")


@libraries
@notations
@pytest.mark.parametrize("name", [name for name in EXAMPLES if name not in SEVERAL_STEPS])
def test_what_is_printed_are_the_numbers_of_the_data(name: str, notation: str, library: str) -> None:
    example = chalkgrad.solve(name, notation=notation, code=library)
    values = {step["id"]: step["value"] for step in example.data()["steps"]}
    samples, columns = example.network.samples, notation == "nielsen"
    (listing,) = page_of(example).listings
    seen: set[str] = set()
    for code, value in run(listing):
        after = code in seen or code[0] in "Wb"
        seen.add(code)
        id = id_of(code, columns=columns, samples=samples, after=after)
        assert float(value) == pytest.approx(values[id], abs=1e-9)


@pytest.mark.parametrize("language", ["pt_BR", "es"])
def test_comments_are_in_the_language_of_the_page(language: str) -> None:
    english, other = (solved("mazur", BOTH, language=code) for code in ("en", language))
    for here, there in zip(english.listings, other.listings, strict=True):
        comments = [re.findall(r"# .*", text) for text in (here, there)]
        assert not set(comments[0]) & set(comments[1])
        assert re.sub(r"# .*", "", here) == re.sub(r"# .*", "", there)
    assert english.printed == other.printed


def test_a_page_that_carries_rounded_numbers_says_what_the_code_prints() -> None:
    page = solved("mazur", carry="shown", decimals=3)
    agree(page)
    assert ("0.2983711088", "0.299") in [row[1:] for row in page.rows]


# --- everything a spec may ask for ------------------------------------------------------------------------------


@thorough
@given(specs(), st.sampled_from(["theta", "nielsen"]))
def test_random_networks(spec: Spec, notation: str) -> None:
    assume(comparable(autograd_walk(spec)))
    page = solved(spec, "numpy" if NO_TORCH else BOTH, notation=notation)
    assume(page.listings)
    agree(page)


def one_step(*arguments: Any, **network: Any) -> Spec:
    """`small`, of which a listing prints the gradients too."""
    spec = small(*arguments, **network)
    spec["train"]["steps"] = 1
    return spec


@libraries
@notations
@pytest.mark.parametrize("reduction", ["mean", "sum"])
@pytest.mark.parametrize("loss", LOSSES)
def test_every_loss(loss: str, reduction: str, notation: str, library: str) -> None:
    agree(solved(one_step("sigmoid", loss, reduction=reduction), library, notation=notation))


@libraries
@notations
@pytest.mark.parametrize("activation", [*PLAIN, *({"name": name, "alpha": "2/7"} for name in SLOPED)], ids=str)
def test_every_activation(activation: Any, notation: str, library: str) -> None:
    agree(solved(one_step(activation), library, notation=notation))


def tiny(activation: Any, *, loss: str = "half_squared_error", **more: Any) -> Spec:
    """1-2-1; the weighted sum of the first unit is 0."""
    hidden = {"units": 2, "activation": activation, "weights": [[0.5], [2]], "bias": [-1, 0.25]}
    last = {"units": 1, "activation": "identity", "weights": [["1/3", -1]], "bias": {"shared": 0.5}}
    train = {"optimizer": {"name": "sgd", "learning_rate": 0.5}, **more}
    return {
        "network": {"layers": [hidden, last], "loss": loss},
        "data": {"x": [[2]], "y": [[-1]]},
        "train": train,
    }


@libraries
@pytest.mark.parametrize(
    "activation",
    [
        "relu",
        "leaky_relu",
        {"name": "elu", "alpha": 0.5},
        {"formula": "abs(z)"},
        {"formula": "max(z, 2*z)"},
        {"formula": "min(z, 2*z)"},
        {"formula": "relu(z) + 3*relu(-z)"},
        {"formula": "min(max(z, -1), 1)"},
    ],
    ids=str,
)
def test_exactly_at_the_kink(activation: Any, library: str) -> None:
    agree(solved(tiny(activation), library))


@libraries
@pytest.mark.parametrize(
    "formula",
    [
        "2",
        "sqrt(2)*z + exp(1) + sigmoid(0.3)",
        "max(2, 3)*z",
        "pi*z",
        "z/(1/3)",
        "-z/(-3)",
        "2 - -z",
        "(z + 1)**-2",
    ],
)
def test_constants_in_formulas(formula: str, library: str) -> None:
    agree(solved(tiny({"formula": formula}), library))


@libraries
@pytest.mark.parametrize(
    "more", [{"freeze": ["b1", "W2"]}, {"freeze": ["W1", "b1"]}, {"freeze": ["b2"]}, {"steps": 3}], ids=str
)
def test_training(more: dict[str, Any], library: str) -> None:
    agree(solved(tiny("tanh", **more), library))


OPTIMIZERS = [
    {"name": "momentum", "beta": 0.5},
    {"name": "nesterov", "beta": 0.8},
    {"name": "adagrad"},
    {"name": "rmsprop", "rho": 0.9, "epsilon": 0.001},
    {"name": "adam", "beta1": 0.8, "beta2": 0.95, "epsilon": "1/7"},
]


@libraries
@notations
@pytest.mark.parametrize("steps", [1, 4])
@pytest.mark.parametrize("optimizer", OPTIMIZERS, ids=lambda optimizer: str(optimizer["name"]))
def test_every_optimizer(optimizer: dict[str, Any], steps: int, notation: str, library: str) -> None:
    optimizer = {**optimizer, "learning_rate": 0.1}
    agree(solved(tiny("tanh", optimizer=optimizer, steps=steps), library, notation=notation))


@libraries
@pytest.mark.parametrize("optimizer", [{"name": "sgd"}, *OPTIMIZERS], ids=lambda optimizer: str(optimizer["name"]))
def test_every_optimizer_with_weight_decay(optimizer: dict[str, Any], library: str) -> None:
    optimizer = {**optimizer, "learning_rate": 0.1}
    agree(solved(tiny("tanh", optimizer=optimizer, steps=3, weight_decay=0.25), library))


@pytest.mark.parametrize("freeze", [[], ["b1", "W2"]], ids=str)
def test_what_is_remembered_layer_by_layer(freeze: list[str]) -> None:
    adam = {"name": "adam", "learning_rate": 0.1}
    agree(solved(tiny("tanh", optimizer=adam, update="sequential", steps=3, freeze=freeze)))


def test_updates_layer_by_layer_are_numpy_s() -> None:
    spec = tiny("tanh", update="sequential", steps=2)
    agree(solved(spec))
    text = chalkgrad.solve(spec, code=BOTH).to_markdown()
    assert "There is no listing for PyTorch" in text
    agree(read(text))


def untrained(activation: Any) -> Spec:
    spec = small(activation)
    del spec["train"]
    return spec


@libraries
def test_without_training_there_are_gradients(library: str) -> None:
    page = solved(untrained("tanh"), library)
    agree(page)
    assert any(name.startswith("dW1") for name, _ in page.printed)


@libraries
@notations
def test_a_step_goes_forward_only(notation: str, library: str) -> None:
    page = solved(untrained("step"), library, notation=notation)
    agree(page)
    assert not any(name.startswith("d") for name, _ in page.printed)


@pytest.mark.parametrize("place", range(0, 30, 2))
def test_a_changed_digit_is_found(place: int) -> None:
    """In a given number, in a formula, in what is said to be printed: nothing may stand there unchecked."""
    text = chalkgrad.solve("batch", code="numpy").to_markdown()
    start = text.index("```python")
    digits = [found.end() - 1 for found in re.finditer(r"(?<![\w.:])\d\.\d+", text) if found.start() > start]
    at = digits[place]
    tampered = text[:at] + ("1" if text[at] != "1" else "2") + text[at + 1 :]
    true, page = read(text), read(tampered)
    assert run(true.listings[0]) == true.printed
    if (page.listings, page.printed) != (
        true.listings,
        true.printed,
    ):  # the page's own numbers are checked elsewhere
        assert run(page.listings[0]) != page.printed


# --- variants ---------------------------------------------------------------------------------------------------


@libraries
def test_every_variant_has_its_own_listing(library: str) -> None:
    example = chalkgrad.solve("batch", code=library)
    variants = [{"x[1]@1": f"{n}/7", "W1[1,1]": f"-0.{n}"} for n in range(1, 6)]
    pages = [read(text) for text in example.fill("md", variants)]
    for page in pages:
        agree(page)
    assert len({page.listings[0] for page in pages}) == 5


def test_a_variant_without_a_listing() -> None:
    """Where floating point goes astray for one variant, the others keep theirs."""
    example = chalkgrad.solve(small("sigmoid", "binary_cross_entropy"), code="numpy")
    pages = [read(text) for text in example.fill("md", [{}, {"b2": "60"}])]
    assert [len(page.listings) for page in pages] == [1, 0]


# --- where there is none ----------------------------------------------------------------------------------------


def large(inputs: int) -> Spec:
    spec = one_step("sigmoid")
    weights = [[round(0.01 * (k % 9), 2) for k in range(inputs)] for _ in range(3)]
    spec["network"]["layers"][0]["weights"] = weights
    spec["data"]["x"] = [[round(0.1 * (k % 5), 1) for k in range(inputs)] for _ in range(2)]
    return spec


@libraries
def test_of_large_matrices_the_corners_are_compared(library: str) -> None:
    page = solved(large(20), library)
    (listing,) = page.listings
    found = run(listing)
    assert len(found) > len(page.printed) > 20
    assert set(page.printed) <= set(found)


def test_a_very_large_network_has_no_listing() -> None:
    text = chalkgrad.solve(large(120), code=BOTH, views=["matrix"]).to_markdown()
    assert "There is no listing: with the 615 given numbers" in text
    assert not read(text).listings


@pytest.mark.parametrize(
    ("bias", "weight", "activation"),
    [
        (60, 1, "sigmoid"),  # 1 − a is 0 in float64
        (-1, 1, {"formula": "z - 1 + 1"}),
    ],
)
def test_no_listing_where_floating_point_goes_astray(bias: float, weight: float, activation: Any) -> None:
    layer = {"units": 1, "activation": activation, "weights": [[weight]], "bias": [bias]}
    spec = {
        "network": {"layers": [layer], "loss": "binary_cross_entropy"},
        "data": {"x": [[1]], "y": [[0]]},
    }
    text = chalkgrad.solve(spec, code="numpy").to_markdown()
    assert "There is no listing" in text
    assert not read(text).listings


# --- the code as code -------------------------------------------------------------------------------------------


def wide() -> Spec:
    """Numbers and formulas that do not fit on a line."""
    spec = small(
        {"formula": "log(1 + exp(sin(z)**2 + cos(z)**3)) * tanh(softplus(z)) / (2 + cos(sigmoid(z) * z))"}
    )
    for layer in spec["network"]["layers"]:
        layer["weights"] = [[f"-0.123456789{k}" for k in range(len(row))] for row in layer["weights"]]
    return spec


CODE = [
    *EXAMPLES,
    tiny("tanh", optimizer={"name": "adam", "learning_rate": 1}, steps=2),
    small("gelu"),
    untrained("step"),
    wide(),
    large(20),
    tiny("softplus", steps=2),
]


@notations
@pytest.mark.parametrize("spec", CODE, ids=lambda spec: spec if isinstance(spec, str) else "spec")
def test_lines_are_short_and_ruff_is_content(spec: Any, notation: str) -> None:
    for listing in solved(spec, BOTH, notation=notation).listings:
        assert max(map(len, listing.splitlines())) <= 79
        assert not re.search(r" $", listing, re.M)
        done = subprocess.run(
            [sys.executable, "-m", "ruff", "check", "--isolated", "-"],
            input=listing,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout


@libraries
def test_wide_code_runs_too(library: str) -> None:
    agree(solved(wide(), library))
