"""Random exams: a paper is what its numbers make when they are solved alone, conditions hold, none is twice."""

from __future__ import annotations

import os
from fractions import Fraction

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

import chalkgrad
from chalkgrad import SpecError, TooFewPapers
from chalkgrad.example import Example

PAPERS = 6

few = settings(
    max_examples=25 if os.environ.get("CI") else 8,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much],
)


@st.composite
def draws(draw):
    """A draw of single numbers."""
    kind = draw(st.sampled_from(["uniform", "integer", "choice", "normal"]))
    if kind == "uniform":
        step = draw(st.sampled_from(["0.1", "0.25", "0.5"]))
        steps = draw(st.integers(2, 8))
        low = Fraction(step) * draw(st.integers(-8, 2))
        found = {"low": str(float(low)), "high": str(float(low + steps * Fraction(step))), "step": step}
    elif kind == "integer":
        low = draw(st.integers(-3, 0))
        found = {"low": low, "high": low + draw(st.integers(1, 4))}
    elif kind == "choice":
        values = ["-1", "-0.4", "0.3", "1/3", "0.75", "1.5", "2"]
        return {"draw": kind, "from": draw(st.lists(st.sampled_from(values), min_size=2, max_size=5, unique=True))}
    else:
        found = {"mean": draw(st.sampled_from([0, "0.5"])), "sd": "0.5", "step": "0.25"}
    return {"draw": kind, **found} | ({"not": 0} if draw(st.booleans()) else {})


@st.composite
def exams(draw):
    """A small network with draws for its numbers, now and then for its activation and what is asked."""
    inputs, hidden, outputs = draw(st.integers(1, 2)), draw(st.integers(1, 3)), draw(st.integers(1, 2))
    word = st.sampled_from(["sigmoid", "tanh", "relu", "identity", {"name": "leaky_relu", "alpha": "0.1"}])
    activation = draw(word)
    if draw(st.booleans()):
        activation = {"draw": "choice", "from": [activation, "softplus"]}
    asked = [f"a2[{outputs}]", f"delta1[{hidden}]", f"dJ/dW1[1,{inputs}]", "J", "dJ/dW2[1,*]"]
    ask = draw(st.lists(st.sampled_from(asked), min_size=1, max_size=3, unique=True))
    spec = {
        "network": {
            "layers": [
                {"units": hidden, "activation": activation, "weights": draw(draws()), "bias": draw(draws())},
                {
                    "units": outputs,
                    "activation": draw(st.sampled_from(["identity", "sigmoid"])),
                    "weights": draw(draws()),
                    "bias": draw(st.sampled_from(["none", {"shared": "0.2"}])),
                },
            ],
            "loss": draw(st.sampled_from(["half_squared_error", "squared_error"])),
        },
        "data": {"x": {**draw(draws()), "shape": [1, inputs]}, "y": [["1"] * outputs]},
        "show": {"decimals": draw(st.integers(3, 5))},
        "exam": {
            "seed": draw(st.text(min_size=1, max_size=8, alphabet="abcdefgh")),
            "variants": PAPERS,
            "ask": ask,
            "where": draw(st.sampled_from([[], ["J > 0.001"], ["all(abs(z1[*]) < 3)", "J < 20"]])),
            "work_with": draw(st.integers(3, 6)),
            "conditions": {"equal_answers": False},
        },
    }
    if draw(st.booleans()):
        spec["train"] = {"optimizer": {"name": "sgd", "learning_rate": draw(draws())}}
        spec["train"]["optimizer"]["learning_rate"] = {"draw": "choice", "from": ["0.1", "0.5"]}
        ask.append("W2[1,1]'")
    return spec


def made(spec):
    """The exam, where there are enough papers."""
    try:
        return chalkgrad.exam(spec)
    except TooFewPapers:
        assume(False)
    except SpecError as error:
        # a draw of an activation may leave a question without its number; nothing else may be wrong
        raise AssertionError(str(error)) from None


def alone(exam, paper):
    """The same paper, solved as a spec of its own."""
    (exercise,) = exam.exercises
    (drawing,) = exam.drawings
    picks = drawing.chooser.chosen([exam.numbers[paper - 1]]).picks[0]
    spec, _ = exercise.spec.read([int(pick) for pick in picks])
    return Example(spec)


@few
@given(exams())
def test_every_paper_is_what_its_numbers_make(spec):
    exam = made(spec)
    seen = set()
    for paper in exam:
        own = alone(exam, paper.number)
        assert {id: own[id].shown for id in paper.given} == dict(paper.given)
        for answer in paper.answers:
            step = own[answer.id]
            assert step.shown == answer.shown
            assert abs(step.value - answer.value) <= 1e-12 * max(1, abs(step.value))
            assert float(answer.low) <= step.value <= float(answer.high)
        if "J > 0.001" in spec["exam"]["where"]:
            assert own["J"].value > 0.001
        activation = own.network.layers[0].activation.name
        seen.add((activation, *paper.given.items(), *(answer.id for answer in paper.answers)))
    assert len(seen) == PAPERS


@few
@given(exams())
def test_other_papers_change_nothing(spec):
    exam = made(spec)
    more = chalkgrad.exam(spec, variants=PAPERS - 2)
    together = exam.sheets("md", range(1, PAPERS + 1), solved=True)
    assert together[: PAPERS - 2] == more.sheets("md", range(1, PAPERS - 1), solved=True)
    assert exam.sheets("md", [3], solved=True) == [together[2]]


@few
@given(exams())
def test_another_secret_gives_other_papers(spec):
    papers = [dict(paper.given) for paper in made(spec)]
    other = spec | {"exam": spec["exam"] | {"seed": spec["exam"]["seed"] + "!"}}
    assert [dict(paper.given) for paper in made(other)] != papers
