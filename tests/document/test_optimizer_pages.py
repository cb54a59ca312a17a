"""What a page says of an optimizer: its rules as its publication writes them, and all that it remembers."""

from __future__ import annotations

import re
from typing import Any

import pytest

import chalkgrad
from chalkgrad.errors import SpecError

RULES = {
    "momentum": [r"v & \leftarrow \beta v + g", r"w & \leftarrow w - \eta v"],
    "nesterov": [r"v & \leftarrow \beta v + g", r"w & \leftarrow w - \eta \left(g + \beta v\right)"],
    "adagrad": [r"s & \leftarrow s + g^{2}", r"w & \leftarrow w - \eta \frac{g}{\sqrt{s} + \epsilon}"],
    "rmsprop": [
        r"s & \leftarrow \rho s + (1 - \rho) g^{2}",
        r"w & \leftarrow w - \eta \frac{g}{\sqrt{s} + \epsilon}",
    ],
    "adam": [
        r"m & \leftarrow \beta _{1} m + (1 - \beta _{1}) g",
        r"v & \leftarrow \beta _{2} v + (1 - \beta _{2}) g^{2}",
        r"\hat{m} & \leftarrow \frac{m}{1 - {\beta _{1}}^{t}}",
        r"\hat{v} & \leftarrow \frac{v}{1 - {\beta _{2}}^{t}}",
        r"w & \leftarrow w - \eta \frac{\hat{m}}{\sqrt{\hat{v}} + \epsilon}",
    ],
}
"""The lines of the publications, g for the gradient, written down by hand."""
RULES["adamw"] = [
    *RULES["adam"][:-1],
    r"w & \leftarrow w - \eta \left(\frac{\hat{m}}{\sqrt{\hat{v}} + \epsilon} + \lambda w\right)",
]
MOMENTS = "m, v, mhat, vhat"
REMEMBERED = {"momentum": "v", "nesterov": "v", "adagrad": "s", "rmsprop": "s", "adam": MOMENTS, "adamw": MOMENTS}


def spec(optimizer: str, *, steps: int = 2, **more: Any) -> dict[str, Any]:
    layer = {"units": 1, "activation": "sigmoid", "weights": [[0.4, -0.3]], "bias": [0.1]}
    return {
        "network": {"layers": [layer], "loss": "binary_cross_entropy"},
        "data": {"x": [[1, 2]], "y": [[1]]},
        "train": {"optimizer": {"name": optimizer, "learning_rate": 0.1, **more}, "steps": steps},
        "show": {"notation": "theta", "decimals": 6, "views": ["scalar"]},
    }


@pytest.mark.parametrize("optimizer", RULES)
def test_the_rules_are_those_of_the_publication(optimizer: str) -> None:
    text = chalkgrad.solve(spec(optimizer)).to_markdown()
    lines = [line.removesuffix(r" \cr").strip() for line in text.splitlines() if r"& \leftarrow" in line]
    gradient = r"\frac{\partial J}{\partial \theta}"
    squared = rf"{{\left({gradient}\right)}}^{{2}}"
    thin = "\\thinspace "  # before the bar of a fraction
    plain = [
        line.replace(thin, "").replace(squared, "g^{2}").replace(gradient, "g").replace(r"\theta", "w")
        for line in lines
    ]
    assert plain == RULES[optimizer]


@pytest.mark.parametrize("optimizer", RULES)
def test_a_later_step_shows_what_is_remembered(optimizer: str) -> None:
    example = chalkgrad.solve(spec(optimizer))
    text = example.to_markdown().partition("Step 2")[2].partition("Check")[0]
    head, _, *rows = [line.strip("| ").split(" | ") for line in text.splitlines() if line.startswith("|")][-5:]
    letters = REMEMBERED[optimizer].split(", ")
    assert [re.sub(r"\\hat\{(\w)\}", r"\1hat", title).strip("$ ") for title in head[3:-1]] == letters
    for parameter, row in zip(("W1[1,1]", "W1[1,2]", "b1[1]"), rows, strict=True):
        found = [cell.strip().replace("−", "-") for cell in row[3:-1]]
        expected = [example[f"{letter}{parameter}#2"].value for letter in letters]
        assert [float(cell) for cell in found if "·" not in cell] == pytest.approx(
            [value for value, cell in zip(expected, found, strict=True) if "·" not in cell], abs=5e-7
        )


def test_the_count_goes_on() -> None:
    made = spec("adam", steps=3)
    made["show"]["detail"] = "full"
    text = chalkgrad.solve(made).to_markdown()
    assert re.findall(r"here \$t = (\d)\$", text) == ["1", "2", "3"]
    assert [n for n in "123" if rf"{{0.9}}^{{{n}}}" in text] == ["1", "2", "3"]


@pytest.mark.parametrize("optimizer", RULES)
def test_a_worksheet_leaves_blank_what_is_remembered(optimizer: str) -> None:
    text = chalkgrad.solve(spec(optimizer, steps=1), fade="backward", key="none").to_markdown()
    update = text.partition("Update\n")[2].partition("Check")[0]
    states = [line for line in update.splitlines() if "prime" in line]
    assert len(states) == 3 * len(RULES[optimizer])
    assert all(r"\underline" in line.rpartition(r"\approx")[2].rpartition("= ")[2] for line in states)


@pytest.mark.parametrize("format", ["tex", "md", "html", "pdf", "beamer", "ipynb"])
def test_every_format_sets_the_hats(format: str) -> None:
    example = chalkgrad.solve(spec("adam"))
    assert example.content(format)
    if format == "html":
        assert re.search(r"<mover accent=\"true\"><mi>m</mi>", example.text(format))
    if format == "pdf":
        assert "hat(m)" in example.text(format)


@pytest.mark.parametrize(
    ("optimizer", "more", "expected"),
    [
        ("adam", {"beta1": 1}, "a number from 0, and below 1"),
        ("adam", {"beta2": -0.1}, "a number from 0, and below 1"),
        ("rmsprop", {"rho": 1.5}, "a number from 0, and below 1"),
        ("nesterov", {"beta": 0}, "a number above 0 and below 1"),
        ("adagrad", {"epsilon": 0}, "a number above 0"),
        ("sgd", {"beta": 0.9}, "the optimizer sgd: name, learning_rate"),
        ("momentum", {"beta1": 0.9}, 'did you mean "beta"?'),
        ("adan", {}, 'did you mean "adam"?'),
    ],
)
def test_mistakes_are_told(optimizer: str, more: dict[str, Any], expected: str) -> None:
    with pytest.raises(SpecError, match=re.escape(expected)):
        chalkgrad.solve(spec(optimizer, **more))


def test_a_letter_that_an_optimizer_needs_is_refused() -> None:
    made = spec("adam")
    made["show"]["symbols"] = {"target": "t"}
    made["data"] = {"x": [[1, 2]], "y": [[1]]}
    made["show"]["notation"] = "neuron"  # a single output without an index
    with pytest.raises(SpecError, match="one and the same symbol"):
        chalkgrad.solve(made)


def test_what_is_done_to_gradients_and_rates_stands_before_the_rule() -> None:
    made = spec("sgd", steps=2)
    made["train"] |= {
        "clip": {"norm": 0.5},
        "weight_decay": 0.1,
        "l1": 0.2,
        "schedule": {"name": "step", "ratio": 0.5, "every": 2},
    }
    text = chalkgrad.solve(made).to_markdown()
    lines = [line.removesuffix(r" \cr").strip() for line in text.splitlines() if r"& \leftarrow" in line]
    gradient = r"\frac{\partial J}{\partial \theta}"
    plain = [line.replace("\\thinspace ", "").replace(gradient, "g") for line in lines]
    assert [line.replace(r"\theta", "w") for line in plain] == [
        r"\eta _{t} & \leftarrow \eta _{0} {q}^{\left\lfloor \frac{t - 1}{p}\right\rfloor }",
        r"Q & \leftarrow \sum _{w} {\left(g\right)}^{2}",
        r"N & \leftarrow \sqrt{Q}",
        r"R & \leftarrow N - c",
        r"\kappa & \leftarrow \begin{cases} \frac{c}{N} & R \gt 0 \cr 1 & R \le 0 \end{cases}",
        r"\hat{g} & \leftarrow \kappa g",
        r"g & \leftarrow \hat{g} + \lambda w + \lambda _{1} \mathrm{sgn}(w)",
        r"w & \leftarrow w - \eta _{t} g",
    ]


@pytest.mark.parametrize(
    ("train", "expected"),
    [
        ({"clip": {"value": 1, "norm": 1}}, "both value and norm"),
        ({"clip": {}}, "neither value nor norm"),
        ({"clip": {"norm": 0}}, "a number above 0"),
        ({"clip": {"length": 1}}, "a bound of gradients: value, norm"),
        ({"clip": 1}, "a bound, {value: 1} or {norm: 1}"),
        ({"clip": {"norm": 1}, "update": "sequential"}, "every gradient before the first update"),
        ({"l1": 0}, "a number above 0"),
        ({"schedule": "cosine"}, "a schedule, such as {name: exponential, ratio: 0.5}"),
        ({"schedule": {"ratio": 0.5}}, 'no "name"'),
        ({"schedule": {"name": "cosin", "end": 0, "over": 4}}, 'did you mean "cosine"?'),
        (
            {"schedule": {"name": "cosine", "ratio": 0.5, "end": 0, "over": 4}},
            "the schedule cosine: name, end, over",
        ),
        ({"schedule": {"name": "step", "ratio": 0.5, "every": 1.5}}, "a whole number of at least 1"),
        ({"schedule": {"name": "exponential", "ratio": 1}}, "a number above 0 and below 1"),
        ({"schedule": {"name": "linear", "end": -1, "over": 4}}, "of at least 0"),
        ({"optimizer": {"name": "adamw", "learning_rate": 0.1, "weight_decay": 0.1}}, "the optimizer adamw: name"),
    ],
)
def test_mistakes_around_the_optimizer_are_told(train: dict[str, Any], expected: str) -> None:
    made = spec("sgd")
    made["train"] |= train
    with pytest.raises(SpecError, match=re.escape(expected)):
        chalkgrad.solve(made)
