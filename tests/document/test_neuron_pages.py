"""What the page of a neuron says, and that it says it where it is true."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Any

import pytest

from chalkgrad import solve
from chalkgrad.document.model import Heading
from chalkgrad.document.plot import Curve, HalfPlane, Plot, Points, Straight
from chalkgrad.quantities import At, Role

CORNERS = [[0, 0], [0, 1], [1, 0], [1, 1]]


def spec(rule: str = "perceptron", **changes: Any) -> dict[str, Any]:
    neuron = {"rule": rule, "weights": [0, 0], "bias": 0} | changes.pop("neuron", {})
    data = {"x": CORNERS, "y": [0, 0, 0, 1]} | changes.pop("data", {})
    train = {"learning_rate": "0.5", "max_epochs": 20} | changes.pop("train", {})
    show = {"notation": "neuron", "decimals": 4} | changes.pop("show", {})
    return {"neuron": neuron, "data": data, "train": train, "show": show, **changes}


def page(*args: Any, **changes: Any) -> str:
    return solve(spec(*args, **changes)).to_markdown()


def plots(example: Any) -> dict[str, Plot]:
    return {block.name: block for block in example.document.blocks if isinstance(block, Plot)}


# --- updates ---------------------------------------------------------------------------------------------------


def test_a_sample_without_an_error_updates_nothing():
    text = page().partition("Epoch 1")[2].partition("at a glance")[0]
    samples = re.split(r"\*Sample (\d)\*", text)[1:]
    for number, worked in zip(samples[::2], samples[1::2], strict=True):
        error = re.search(rf"e _\{{{number}\}} &.* = (-?\d)", worked)[1]
        assert ("*no update*" in worked) == (error == "0")
        assert ("\\lambda" in worked) == (error != "0")


def test_of_a_batch_nothing_is_said_of_single_updates():
    text = page(train={"order": "batch"})
    assert "*no update*" not in text
    assert "Now the parameters move, once" in text
    assert r"w _{1} + \lambda (e _{1} x _{1,1} + e _{2} x _{2,1} + e _{3} x _{3,1} + e _{4} x _{4,1})" in text


def test_the_mean_of_a_logistic_batch_is_written():
    text = page("logistic", train={"order": "batch", "max_epochs": 1})
    assert r"w _{k} & \leftarrow w _{k} + \frac{1}{4} \lambda \sum _{n} e _{n} x _{n,k}" in text
    assert r"\frac{\partial  J}{\partial  b} & = - \frac{1}{4} \sum _{n} e _{n}" in text


# --- the rule --------------------------------------------------------------------------------------------------


def test_the_square_is_differentiated_line_by_line():
    text = page("adaline", train={"max_epochs": 1})
    (line,) = re.findall(r"\\frac\{\\partial  L _\{n\}\}\{\\partial  w _\{k\}\} & (.*?)\\end", text, re.S)
    operator, miss = r"\frac{\partial }{\partial  w _{k}}", r"(y _{n} - \hat{y} _{n})"
    assert [step.replace(r"\cr", "").strip(" \n&") for step in line.split("=")][1:] == [
        rf"{operator} \frac{{1}}{{2}} {{{miss}}}^{{2}}",
        rf"\frac{{1}}{{2}} \cdot 2 {miss} \cdot {operator} {miss}",
        rf"{miss} \left(- \frac{{\partial  \hat{{y}} _{{n}}}}{{\partial  w _{{k}}}}\right)",
        f"-{miss} x _{{n,k}}",
        "-e _{n} x _{n,k}",
    ]


def test_the_cross_entropy_of_the_four_extremes():
    text = page("logistic", train={"max_epochs": 1})
    rows = [
        line.strip("| ").split(" | ") for line in text.splitlines() if re.match(r"\| \$[01]\$ \| \$[01]\$", line)
    ]
    plain = [[cell.strip("$ ") for cell in row] for row in rows]
    assert plain == [
        ["0", "0", "0", "0", "0", "0"],
        ["0", "1", "1", r"- \infty", "0", r"\infty"],
        ["1", "0", "-1", "0", r"- \infty", r"\infty"],
        ["1", "1", "0", "0", "0", "0"],
    ]
    assert r"$0 \ln(0)$ counts as 0, its limit: $p \ln p \to 0$ as $p \to 0$" in text


def test_other_rules_have_no_cross_entropy():
    assert "\\ln" not in page() + page("adaline", train={"max_epochs": 1})


# --- how it ended ----------------------------------------------------------------------------------------------


def test_convergence_is_said_with_its_epoch_and_its_corrections():
    # by hand: mistakes 2, 3, 3, 2, 1, 0
    assert (
        "In epoch 6 no sample is misjudged, so nothing moves any more: the rule has converged, after 11" in page()
    )


def test_weights_that_were_right_from_the_start():
    text = page(neuron={"weights": [1, 1], "bias": "-1.5"})
    assert "In epoch 1 no sample is misjudged: the weights were right from the start" in text
    assert "Later epochs" not in text


def test_too_few_epochs_are_told_from_what_cannot_be():
    text = page(train={"max_epochs": 2})
    assert "*not converged* within the 2 epochs" in text
    assert "$w _{1} = 2$, $w _{2} = 2$ and $b = -3$" in text
    assert "at most 51 corrections" in text
    assert "*cannot*" not in text


def test_the_bound_holds_for_samples_in_turn_only():
    assert "Novikoff" not in page(train={"max_epochs": 1, "order": "batch"})


def test_xor_is_refuted_by_adding_up_what_the_samples_ask_for():
    text = page(data={"y": [0, 1, 1, 0]})
    assert "it *cannot* converge" in text
    for asked in (r"$b \lt 0$", r"$w _{2} + b \ge 0$", r"$w _{1} + b \ge 0$", r"$w _{1} + w _{2} + b \lt 0$"):
        assert asked in text
    assert r"w _{1} + w _{2} + 2 b & \ge 0" in text
    assert r"w _{1} + w _{2} + 2 b & \lt 0" in text
    assert "times" not in text.partition("it asks for")[2]


def test_multiples_are_counted_where_one_of_each_is_not_enough():
    # the middle of two points, of the other class: twice it is their sum
    text = page(data={"x": [[0, 0], [1, 1], [2, 2]], "y": [1, 0, 1]}, train={"max_epochs": 3})
    asked = text.partition("it asks for")[2].partition("add up")[0]
    assert re.findall(r"\| \$(\d)\$ \|\n", asked) == ["1", "2", "1"]
    assert r"2 w _{1} + 2 w _{2} + 2 b & \ge 0" in text
    assert r"2 w _{1} + 2 w _{2} + 2 b & \lt 0" in text


def test_a_circle_is_told_where_the_parameters_return():
    text = page(data={"y": [0, 1, 1, 0]}, train={"learning_rate": 1, "max_epochs": 6})
    assert "after epoch 3 the parameters are exactly those after epoch 2" in text
    assert "round in circles" not in page(train={"max_epochs": 2})


def test_a_correction_that_rounding_swallows_is_no_convergence():
    # exactly, corrections never cancel: each moves the sum over misjudged samples to the right side
    show = {"carry": "shown", "decimals": 1}
    text = page(neuron={"bias": 9}, train={"learning_rate": "0.01", "order": "batch"}, show=show)
    assert "corrections are lost in the rounding" in text
    assert "has converged" not in text


def test_a_linear_neuron_may_come_to_rest_beside_its_targets():
    data = {"x": [[1], [1]], "y": [-1, 1]}
    text = page("adaline", data=data, train={"order": "batch"}, neuron={"weights": [0]})
    assert "every correction was exactly 0" in text


def test_the_least_cost_is_where_the_normal_equations_say():
    text = page(
        "adaline",
        data={"x": [[0], [1], [2], [3]], "y": [1, 2, 2, 4]},
        neuron={"weights": [0]},
        train={"max_epochs": 1},
    )
    assert r"least at $w _{1} = \frac{9}{10}$ and $b = \frac{9}{10}$" in text


# --- pictures --------------------------------------------------------------------------------------------------


def test_the_line_of_every_epoch_is_drawn():
    example = solve(spec())
    plot = plots(example)["decision"]
    lines = [part for part in plot.parts if isinstance(part, Straight)]
    assert [line.label for line in lines] == [("1",), ("2",), ("3",), ("4",), ("5",)]  # there is none at 0, 0
    ends = [tuple(Fraction(example.evaluation.shown(at).text) for at in (s.a, s.b, s.c)) for s in lines]
    half = Fraction(1, 2)
    assert ends[0] == (half, half, 0)
    assert ends[-1] == (1, half, Fraction(-3, 2))
    marks = {part.shape: len(part.spots) for part in plot.parts if isinstance(part, Points)}
    assert marks == {"ring": 3, "disc": 1}
    (side,) = (part for part in plot.parts if isinstance(part, HalfPlane))
    assert (side.a, side.b, side.c) == (lines[-1].a, lines[-1].b, lines[-1].c)


def test_a_circle_is_drawn_sample_by_sample():
    example = solve("perceptron_xor")
    lines = [part for part in plots(example)["decision"].parts if isinstance(part, Straight)]
    assert [line.label for line in lines] == [("1",), ("2",), ("3",), ("4",)]


def test_a_line_through_samples_is_drawn_where_there_is_one_input():
    example = solve("adaline_batch")
    assert set(plots(example)) == {"fit", "comparison"}
    lines = [part for part in plots(example)["fit"].parts if isinstance(part, Straight)]
    assert {line.b for line in lines} == {-1}


@pytest.mark.parametrize(
    ("rule", "inputs", "targets", "expected"),
    [
        ("perceptron", 3, [0, 1], set()),
        ("logistic", 1, [0, 1], set()),
        ("logistic", 2, ["0.3", 1], set()),
        ("adaline", 2, [0, 1], set()),  # which number parts the classes is nowhere said
        ("adaline", 2, [-1, 1], {"decision"}),
        ("adaline", 1, [5, 7], {"fit"}),
    ],
)
def test_only_what_can_be_seen_is_drawn(rule, inputs, targets, expected):
    rows = [list(range(inputs)), [1] * inputs]
    data = {"x": rows, "y": targets}
    example = solve(spec(rule, neuron={"weights": [1] * inputs}, data=data, train={"max_epochs": 1}))
    assert set(plots(example)) == expected


def test_every_run_has_a_curve_as_long_as_it_was_trained():
    example = solve("perceptron_and")
    curves = [part for part in plots(example)["comparison"].parts if isinstance(part, Curve)]
    table = example.to_markdown().partition("Run 1 is the one")[2]
    (epochs,) = re.findall(r"\| epochs \| \$(\d+)\$ \| \$(\d+)\$ \| \$(\d+)\$ \|", table)
    assert [len(curve.points) - 1 for curve in curves] == list(map(int, epochs))
    for curve in curves:
        assert all(isinstance(at, At) and at.quantity.role is Role.COST for _, at in curve.points)
        assert example.evaluation.shown(curve.points[-1][1]).text == "0", "a run that converged is right at last"
    assert "only stretches all weights" in table


# --- worksheets ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("fade", ["backward", "forward"])
def test_a_worksheet_gives_no_answer_away(fade):
    example = solve(spec(show={"fade": fade}, compare=[{"learning_rate": 1}]))
    text = example.to_markdown()
    assert "*no update*" not in text, "whether there is an update is for the student to see"
    (plot,) = plots(example).values()
    assert all(part.is_left_out for part in plot.parts if isinstance(part, Straight | HalfPlane))


# --- everywhere ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["pt_BR", "es"])
@pytest.mark.parametrize("name", ["perceptron_xor", "adaline", "logistic_neuron"])
def test_another_language_has_the_same_mathematics(name, language):
    def formulas(text: str) -> list[str]:
        found = re.findall(r"\$\$.*?\$\$", text, re.S)
        return [re.sub(r"\{,\}", ".", formula) for formula in found]

    english, other = solve(name), solve(name, language=language)
    assert formulas(english.to_markdown()) == formulas(other.to_markdown())
    titles = [[h.number for h in e.document.blocks if isinstance(h, Heading)] for e in (english, other)]
    assert titles[0] == titles[1]


def test_details():
    full, short = (page(show={"detail": detail}) for detail in ("full", "summary"))
    assert full.count(r"w _{1} x _{1,1}") == 1
    assert full.count(r"w _{1} x _{2,1}") == 1
    assert "*Sample 1*" not in short
    assert "*Epoch 2*" not in short
    assert "after each epoch" in short
