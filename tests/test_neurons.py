"""Single neurons against their rules in plain fractions, written down from the books, and against PyTorch."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from fractions import Fraction
from typing import Any, NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalkgrad import solve
from chalkgrad.errors import UnknownId

CORNERS = [[0, 0], [0, 1], [1, 0], [1, 1]]


class Visit(NamedTuple):
    """What a sample finds, and what it leaves behind."""

    epoch: int
    sample: int
    z: Fraction
    output: Fraction
    error: Fraction
    after: tuple[Fraction, ...]
    """Weights, then the bias."""


def run(spec: dict[str, Any]) -> Iterator[Visit]:
    """Perceptron (Rosenblatt) or Adaline (Widrow and Hoff), sample by sample or an epoch at a time; it stops with
    the first epoch that moves nothing."""
    neuron, data, train = spec["neuron"], spec["data"], spec["train"]
    *w, b = (Fraction(str(value)) for value in (*neuron["weights"], neuron["bias"]))
    rate = Fraction(str(train["learning_rate"]))
    fires = neuron["rule"] == "perceptron"
    online = train.get("order", "online") == "online"
    for epoch in range(1, train.get("max_epochs", 20) + 1):
        moved, visits = False, []
        waiting = [Fraction(0)] * (len(w) + 1)
        for n, (x, y) in enumerate(zip(data["x"], data["y"], strict=True), 1):
            xs = [*(Fraction(str(value)) for value in x), Fraction(1)]
            z = sum((p * value for p, value in zip((*w, b), xs, strict=True)), Fraction(0))
            output = Fraction(int(z >= 0)) if fires else z
            error = Fraction(str(y)) - output
            step = [rate * error * value for value in xs]
            if online:
                *w, b = (p + s for p, s in zip((*w, b), step, strict=True))
                moved |= any(step)
            else:
                waiting = [a + s for a, s in zip(waiting, step, strict=True)]
            visits.append(Visit(epoch, n, z, output, error, (*w, b)))
        if not online:
            *w, b = (p + s for p, s in zip((*w, b), waiting, strict=True))
            moved = any(waiting)
            visits = [visit._replace(after=(*w, b)) for visit in visits]
        yield from visits
        if not moved:
            return


def spec_of(rule: str, order: str = "online", **changes: Any) -> dict[str, Any]:
    neuron = {"rule": rule, "weights": [0, 0], "bias": 0} | changes.pop("neuron", {})
    data = {"x": CORNERS, "y": [0, 0, 0, 1]} | changes.pop("data", {})
    train = {"learning_rate": "0.5", "max_epochs": 8, "order": order} | changes.pop("train", {})
    return {"neuron": neuron, "data": data, "train": train, "show": {"notation": "neuron"}, **changes}


def exact(example: Any, id: str) -> Fraction:
    """A number of an example whose digits are all shown."""
    return Fraction(example[id].shown)


def compare(spec: dict[str, Any]) -> None:
    """Every number of a spec against the rule, by the ids of the design."""
    spec["show"] |= {"significant": 15}
    example = solve(spec)
    visits = list(run(spec))
    online, last = spec["train"]["order"] == "online", len(spec["data"]["x"])
    for visit in visits:
        found = {"z": visit.z, "yhat": visit.output, "e": visit.error}
        for name, value in found.items():
            id = f"{name}@{visit.sample}#{visit.epoch}" if last > 1 else f"{name}#{visit.epoch}"
            assert example[id].value == pytest.approx(float(value), abs=1e-13), id
        names = [*(f"w[{k}]" for k in range(1, len(visit.after))), "b"]
        for name, value in zip(names, visit.after, strict=True):
            if online and last > 1:
                id = f"{name}@{visit.sample}#{visit.epoch}"
                assert example[id].value == pytest.approx(float(value), abs=1e-13), id
            if visit.sample == last:
                assert example[f"{name}#{visit.epoch}"].value == pytest.approx(float(value), abs=1e-13)
    epochs = visits[-1].epoch
    told = {int(id.split("#")[1]) for id in example.ids() if id.startswith("w[1]#")}
    assert max(told, default=1) == epochs, "training is told for as long as something moves"


GATES = [list(ys) for ys in itertools.product((0, 1), repeat=4)]


@pytest.mark.parametrize("order", ["online", "batch"])
@pytest.mark.parametrize("targets", GATES, ids=str)
def test_a_perceptron_on_every_gate(targets, order):
    compare(spec_of("perceptron", order, data={"y": targets}, train={"max_epochs": 7}))


@pytest.mark.parametrize("order", ["online", "batch"])
def test_adaline(order):
    compare(
        spec_of(
            "adaline",
            order,
            neuron={"weights": ["0.2", "-1/3"], "bias": "0.1"},
            data={"y": [-1, "0.5", -1, 1]},
            train={"learning_rate": "0.2", "max_epochs": 4},
        )
    )


NUMBERS = st.integers(-4, 4).map(lambda n: f"{n}/2")


@given(
    st.sampled_from(["perceptron", "adaline"]),
    st.sampled_from(["online", "batch"]),
    st.integers(1, 3),
    st.integers(1, 4),
    st.data(),
)
@settings(max_examples=15, deadline=None)
def test_any_neuron(rule, order, inputs, samples, data):
    row = st.lists(NUMBERS, min_size=inputs, max_size=inputs)
    targets = st.integers(0, 1) if rule == "perceptron" else NUMBERS
    compare(
        spec_of(
            rule,
            order,
            neuron={"weights": data.draw(row), "bias": data.draw(NUMBERS)},
            data={
                "x": data.draw(st.lists(row, min_size=samples, max_size=samples)),
                "y": data.draw(st.lists(targets, min_size=samples, max_size=samples)),
            },
            train={"learning_rate": "1/4", "max_epochs": 3},
        )
    )


@pytest.mark.parametrize("order", ["online", "batch"])
@pytest.mark.parametrize("rule", ["logistic", "adaline"])
def test_descent_is_that_of_pytorch(rule, order):
    torch = pytest.importorskip("torch")
    spec = spec_of(
        rule,
        order,
        neuron={"weights": ["0.5", "-0.25"], "bias": "0.1"},
        train={"max_epochs": 3, "learning_rate": "0.3"},
    )
    example = solve(spec)
    inputs = torch.tensor(spec["data"]["x"], dtype=torch.float64)
    targets = torch.tensor(spec["data"]["y"], dtype=torch.float64)
    w = torch.tensor([0.5, -0.25], dtype=torch.float64, requires_grad=True)
    b = torch.tensor(0.1, dtype=torch.float64, requires_grad=True)
    descent = torch.optim.SGD([w, b], lr=0.3)

    def cost(x: Any, y: Any) -> Any:
        if rule == "logistic":
            return torch.nn.functional.binary_cross_entropy_with_logits(x @ w + b, y)
        return ((y - (x @ w + b)) ** 2).sum() / 2

    for epoch in range(1, 4):
        turns = [slice(n, n + 1) for n in range(4)] if order == "online" else [slice(0, 4)]
        for n, turn in enumerate(turns, 1):
            descent.zero_grad()
            cost(inputs[turn], targets[turn]).backward()
            descent.step()
            if order == "online":
                assert example[f"w[2]@{n}#{epoch}"].value == pytest.approx(w[1].item(), rel=1e-12)
        found = [example[f"{name}#{epoch}"].value for name in ("w[1]", "w[2]", "b", "J")]
        after = [w[0].item(), w[1].item(), b.item(), cost(inputs, targets).item()]
        assert found == pytest.approx(after, rel=1e-12)


def test_after_the_last_sample_is_after_the_epoch():
    example = solve("perceptron_and")
    assert example["w[1]@4#2"].shown == example["w[1]#2"].shown
    assert example["w[1]"].shown == example["w[1]#0"].shown == "0"


def test_nothing_is_told_of_epochs_that_were_not_run():
    example = solve("perceptron_and")
    last = list(run(spec_of("perceptron", train={"max_epochs": 20})))[-1].epoch
    assert example[f"e@1#{last}"].value == 0
    for id in (f"e@1#{last + 1}", f"w[1]#{last + 1}", f"w[1]@1#{last + 1}"):
        with pytest.raises(UnknownId):
            example[id]


def test_other_runs_follow_the_same_rule_from_their_own_start():
    spec = spec_of("perceptron", compare=[{"learning_rate": "0.1"}, {"weights": [-1, "0.5"], "bias": 2}])
    example = solve(spec)
    for number, changes in (
        (2, {"train": {"learning_rate": "0.1"}}),
        (3, {"neuron": {"weights": [-1, "0.5"], "bias": 2}}),
    ):
        for visit in run(spec_of("perceptron", **changes)):
            assert exact(example, f"run{number}.b@{visit.sample}#{visit.epoch}") == visit.after[-1]


def test_the_cost_of_a_perceptron_counts_its_mistakes():
    example = solve(spec_of("perceptron", "batch"))
    for epoch, visits in itertools.groupby(run(spec_of("perceptron", "batch")), lambda visit: visit.epoch):
        before = f"J#{epoch - 1}"
        assert exact(example, before) == sum(1 for visit in visits if visit.error)


def test_variants_are_trained_for_as_long_as_each_of_them_needs():
    spec = spec_of("perceptron", train={"max_epochs": 20})
    starts = ["0", "2", "-3"]
    pages = list(solve(spec).fill("md", [{"w[1]": start} for start in starts]))
    for start, page in zip(starts, pages, strict=True):
        own = spec_of("perceptron", train={"max_epochs": 20}, neuron={"weights": [start, 0]})
        assert page == solve(own).to_markdown()
        last = list(run(own))[-1].epoch
        assert f"*Epoch {min(last, 8)}*" in page
        assert f"*Epoch {last + 1}*" not in page


def test_digits_shown_are_carried_into_the_next_correction():
    spec = spec_of("adaline", train={"learning_rate": "1/3", "max_epochs": 2}, data={"y": [1, 0, 1, 0]})
    spec["show"] = {"carry": "shown", "decimals": 2}
    example = solve(spec)
    before = {name: exact(example, f"{name}@1#1") for name in ("w[1]", "w[2]", "b")}
    z = before["w[2]"] * 1 + before["b"]
    assert exact(example, "z@2#1") == z
    step = (exact(example, "b@2#1") - before["b"]) - exact(example, "e@2#1") / 3
    assert abs(step) <= Fraction(1, 200)
