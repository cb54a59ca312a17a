"""Wrong answers of whole exams: against students in NumPy who make the mistake in every paper."""

from __future__ import annotations

import math
from collections import Counter
from typing import Any, NamedTuple

import numpy as np
import pytest

from chalkgrad.catalogue.misconceptions import SLIPS
from chalkgrad.evaluation.columns import Columns
from chalkgrad.evaluation.variants import Variants
from chalkgrad.evaluation.wrong_answers import WrongAnswers
from chalkgrad.exam.distractors import OPTIONS as LETTERS
from chalkgrad.exam.distractors import choices
from chalkgrad.exam.mistakes import alike, all_outside, answers_of, caught, landing, landings, numbers_of, values
from chalkgrad.exam.structure import Structure
from chalkgrad.pipeline import exam
from chalkgrad.quantities import At
from mistaken_students import STUDENTS, Net, Student

PAPERS = 60
ASKED = ["a2[1]", "delta2[1]", "dJ/dW1[1,2]", "W1[1,2]'", "b1[1]'"]


def draw(low: float, high: float, step: float, **rest: Any) -> dict[str, Any]:
    return {"draw": "uniform", "low": low, "high": high, "step": step, **rest}


def spec(ask: list[Any], **layer: Any) -> dict[str, Any]:
    hidden = {"units": 2, "activation": "sigmoid", "weights": draw(-1, 1, 0.1, **{"not": 0})}
    return {
        "exam": {"seed": "s", "variants": 1, "ask": ask},
        "network": {
            "layers": [
                {**hidden, "bias": draw(-0.5, 0.5, 0.1), **layer},
                {"units": 1, "activation": "tanh", "weights": draw(-1, 1, 0.1), "bias": [0.2]},
            ],
            "loss": "half_squared_error",
        },
        "data": {"x": [[draw(0.5, 2, 0.5), -1]], "y": [[{"draw": "choice", "from": [0, 1]}]]},
        "train": {"optimizer": {"name": "sgd", "learning_rate": {"draw": "choice", "from": [0.1, 0.5]}}},
        "show": {"decimals": 4},
    }


class Drawn(NamedTuple):
    structure: Structure
    columns: Columns
    answers: WrongAnswers
    variants: Variants

    def net(self, paper: int) -> Net:
        """The network of one paper, read off what was drawn."""
        samples = self.structure.example.network.samples
        given = {at.id(samples): float(values[0]) for at, values in self._given(paper).items()}

        def matrix(layer: int, units: int, inputs: int) -> np.ndarray:
            return np.array([[given[f"W{layer}[{j + 1},{k + 1}]"] for k in range(inputs)] for j in range(units)])

        return Net(
            [matrix(1, 2, 2), matrix(2, 1, 2)],
            [np.array([given["b1[1]"], given["b1[2]"]]), np.array([given["b2[1]"]])],
            [layer.activation.name for layer in self.structure.example.network.layers],
            "half_squared_error",
            True,
            np.array([[given["x[1]"], given["x[2]"]]]),
            np.array([[given["y[1]"]]]),
            given["eta"],
        )

    def _given(self, paper: int) -> dict[Any, Any]:
        network = self.structure.example.network
        given = {At(quantity): values for quantity, values in network.given.items()}
        return given | {at: (column.values()[paper],) for at, column in self.columns.items()}


def drawn(data: dict[str, Any], papers: int = PAPERS) -> Drawn:
    """Papers drawn without any condition; the first ones are the same, however many there are."""
    (exercise,) = exam(data).exercises
    dice = np.random.default_rng(7).integers(0, 1 << 30, (papers, len(exercise.sizes)))
    picks = dice % np.array(exercise.sizes, dtype=np.int64) if exercise.sizes else dice
    ((structure, rows),) = exercise.shapes(picks)
    answers = answers_of(structure)
    columns = structure.columns(picks[rows])
    return Drawn(structure, columns, answers, numbers_of(structure, answers, columns, papers))


class Bounds(NamedTuple):
    low: np.ndarray
    high: np.ndarray


def around(found: Drawn, reach: float) -> dict[Any, Bounds]:
    columns = {at: np.array(found.variants.double_column(at)) for at in found.answers.asked}
    return {at: Bounds(column - reach, column + reach) for at, column in columns.items()}


@pytest.fixture(scope="module")
def usual() -> Drawn:
    return drawn(spec([{"find": id} for id in ASKED]))


@pytest.fixture(scope="module")
def walks(usual: Drawn) -> list[dict[str, dict[str, float]]]:
    """What each student finds in each paper; nobody is called ''."""
    names = ("", *(mistake.id for mistake in usual.answers.mistakes))
    return [
        {name: STUDENTS.get(name, Student)(usual.net(paper)).walk() for name in names} for paper in range(PAPERS)
    ]


def test_wrong_answers_are_those_of_students_in_every_paper(usual, walks):
    assert len(usual.answers.mistakes) >= 15
    for at in usual.answers.asked:
        right = usual.variants.double_column(at)
        assert all(math.isclose(right[p], walks[p][""][at.id(1)], abs_tol=1e-12) for p in range(PAPERS))
        for mistake, place in usual.answers.of(at).items():
            found = usual.variants.double_column(place)
            for paper in range(PAPERS):
                expected = walks[paper][mistake][at.id(1)]
                assert math.isclose(found[paper], expected, abs_tol=1e-12), (mistake, at.id(1))


def test_digits_of_wrong_answers_are_rounded_ones(usual):
    for place in usual.answers.places.values():
        shown, values = usual.variants.column(place).texts, usual.variants.double_column(place)
        for text, value in zip(shown, values, strict=True):
            unit = 0.5e-4 if "e" not in text else abs(value) * 0.06
            assert abs(float(text) - value) <= unit * (1 + 1e-9)


def test_a_mistake_that_is_left_out_changes_nothing(usual, walks):
    """Where a mistake has no wrong answer for a number, its student finds the right one."""
    for at in usual.answers.asked:
        for mistake in {m.id for m in usual.answers.mistakes} - set(usual.answers.of(at)):
            for walk in walks:
                assert math.isclose(walk[mistake][at.id(1)], walk[""][at.id(1)], abs_tol=1e-12)


@pytest.mark.parametrize("reach", [1e-4, 5e-3])
def test_who_lands_outside_is_told_as_a_child_would(usual, walks, reach):
    accepted = around(usual, reach)
    found = landings(usual.answers, usual.variants, accepted)
    for (mistake, at), (is_other, is_outside) in found.items():
        for paper in range(PAPERS):
            right, wrong = (walks[paper][name][at.id(1)] for name in ("", mistake))
            if abs(abs(wrong - right) - reach) > 1e-12:
                assert is_other[paper] == (abs(wrong - right) > 1e-12)
                assert is_outside[paper] == (abs(wrong - right) > reach)
    told = {(c.mistake, c.id): c for c in caught(usual.structure, usual.answers, usual.variants, accepted)}
    assert {(mistake, at.id(1)) for mistake, at in found} == set(told)
    for (mistake, at), (is_other, is_outside) in found.items():
        one = told[mistake, at.id(1)]
        assert (one.papers, one.outside) == (sum(is_other), sum(is_outside))
        assert one.share == (one.outside / one.papers if one.papers else 1)
    assert 0 < sum(c.outside for c in told.values()) < sum(c.papers for c in told.values())


def test_a_condition_asks_for_all_answers_of_a_mistake(usual, walks):
    verdicts = all_outside(usual.answers, usual.variants, around(usual, 5e-3))
    assert set(verdicts) == {mistake.misconception.name for mistake in usual.answers.mistakes}
    for name, verdict in verdicts.items():
        for paper, walk in enumerate(walks):
            apart = [abs(walk[name][id] - walk[""][id]) for id in ASKED]
            assert verdict[paper] == all(d > 5e-3 for d in apart if d > 1e-12)


def test_an_answer_on_the_bound_is_accepted():
    """0.15·2 without bias is 0.3: a bound of 0.3, which is no float64, takes it in; one above does not."""
    layers = [{"units": 1, "activation": "identity", "weights": [[0.15]], "bias": [0.25]}]
    data = spec([{"find": "a1[1]"}])
    data["network"]["layers"] = layers
    data["data"] = {"x": [[2]], "y": [[1]]}
    found = drawn(data, papers=3)
    (at,) = found.answers.asked
    wrong = found.answers.of(at)["no_bias"]

    def outside(low: list[float], high: list[float]) -> list[bool]:
        bounds = Bounds(np.array(low), np.array(high))
        return landing(found.variants, at, wrong, bounds).is_outside.tolist()

    assert outside([0.3, 0.3 + 1e-9, 0.1], [1, 1, 1]) == [False, True, False]
    assert outside([0, 0, 0], [0.3, 0.3 - 1e-9, 1]) == [False, True, False]


def test_a_wrong_answer_at_a_kink_is_settled():
    """Without its bias the unit's sum is 0.1·3 − 0.3·1, exactly 0 but not in float64: ReLU and its slope are 0."""
    layers = [{"units": 1, "activation": "relu", "weights": [[0.1, -0.3]], "bias": [0.25]}]
    data = spec([{"find": "a1[1]"}, {"find": "W1[1,1]'"}])
    data["network"]["layers"] = layers
    data["data"] = {"x": [[3, 1]], "y": [[1]]}
    found = drawn(data, papers=2)
    activation, weight = found.answers.asked
    assert values(found.variants, found.answers.of(activation)["no_bias"]).tolist() == [0, 0]
    # the slope at 0 is 0, so that the weight stays
    assert values(found.variants, found.answers.of(weight)["no_bias"]).tolist() == pytest.approx([0.1, 0.1])


def test_mistakes_with_the_same_numbers_are_together(usual, walks):
    for paper, groups in enumerate(alike(usual.answers, usual.variants)):
        assert groups[0][0] == ""
        assert Counter(id for group in groups for id in group) == Counter(
            ["", *(m.id for m in usual.answers.mistakes)]
        )
        rows = [[walks[paper][id][asked] for asked in ASKED] for group in groups for id in group]
        places = [number for number, group in enumerate(groups) for _ in group]
        for i, one in enumerate(rows):
            for j, other in enumerate(rows[:i]):
                assert (places[i] == places[j]) == np.allclose(one, other, rtol=0, atol=1e-13)


# --- answers to choose from ------------------------------------------------------------------------------------


def bits(papers: range) -> Any:
    """Something like a keyed stream: for each word and paper other bits, whatever other papers there are."""
    return lambda word: np.array(
        [np.random.default_rng([number, *word.encode()]).integers(0, 2**64, dtype=np.uint64) for number in papers]
    )


def offered(find: str, count: int = 4, reach: float | None = 2e-4, papers: int = PAPERS, **layer: Any) -> Any:
    found = drawn(spec([{"find": find, "as": "choice", "choices": count}], **layer), papers)
    (question,) = found.structure.questions
    (at,) = question.ats
    accepted = None if reach is None else around(found, reach)[at]
    digits = found.structure.example.digits
    made = choices(question, found.answers, found.variants, digits, accepted, bits(range(papers)))
    return found, made, at


@pytest.mark.parametrize(("count", "reach"), [(4, 2e-4), (8, 2e-4), (4, None), (3, 0.01)])
def test_choices_are_distinct_beyond_rounding(count, reach):
    found, made = offered("dJ/dW1[1,2]", count, reach)[:2]
    texts, letters = made.texts(found.variants), made.letters()
    assert len(texts) == count
    complete = 0
    for paper in range(PAPERS):
        if not made.is_complete[paper]:
            continue
        complete += 1
        row = made.picks[paper].tolist()
        assert row.count(0) == 1
        assert LETTERS[row.index(0)] == letters[paper]
        values = [found.variants.double_column(made.options[pick].at)[paper] for pick in row]
        gaps = [abs(one - other) for i, one in enumerate(values) for other in values[:i]]
        assert min(gaps) > max(2 * (reach or 0), 1e-4)
        assert len({column[paper] for column in texts}) == count
        reveals = {letter: column[paper] for letter, column in zip(LETTERS, made.mistakes(), strict=False)}
        assert reveals.pop(letters[paper]) == ""
        assert set(reveals) == set(LETTERS[:count]) - {letters[paper]}
        for letter, mistake in reveals.items():
            walk = STUDENTS.get(mistake, Student)(found.net(paper)).walk()
            shown = float(texts[LETTERS.index(letter)][paper])
            if mistake in STUDENTS:
                assert abs(walk["dJ/dW1[1,2]"] - shown) < 1e-4
    assert complete > PAPERS / 2


def test_the_right_letter_tells_nothing():
    _, made, _ = offered("delta1[1]", papers=400)
    counts = Counter(made.letters())
    assert set(counts) == set("ABCD")
    assert max(counts.values()) < 140  # of 400; a hundred each are expected
    assert len({made.options[pick].mistake for row in made.picks for pick in row.tolist()}) > 8


def test_a_paper_has_its_choices_whatever_other_papers_there_are():
    _, few, _ = offered("delta1[1]", papers=20)
    _, many, _ = offered("delta1[1]", papers=60)
    assert (few.picks == many.picks[:20]).all()


def test_slips_stand_in_where_there_are_too_few_mistakes():
    """Without a bias, an output of one layer leaves little to do wrongly."""
    data = spec([{"find": "z1[1]", "as": "choice"}])
    data["network"]["layers"] = [
        {"units": 1, "activation": "sigmoid", "weights": draw(0.2, 1, 0.1), "bias": "none"},
    ]
    data["data"] = {"x": [[draw(0.5, 2, 0.5), 1]], "y": [[1]]}
    found = drawn(data)
    (question,) = found.structure.questions
    made = choices(question, found.answers, found.variants, found.structure.example.digits, None, bits(range(60)))
    assert found.answers.of(question.ats[0]) == {}
    assert made.is_complete.all()
    assert {made.options[p].mistake for p in made.picks.ravel().tolist()} <= {"", *(s.name for s in SLIPS)}


def test_too_wide_a_tolerance_leaves_no_choice():
    _, made, _ = offered("delta1[1]", reach=50.0)
    assert not made.is_complete.any()
