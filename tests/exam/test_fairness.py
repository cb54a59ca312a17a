"""Fairness: what is counted is what one counts by hand, and bounds hold or are told."""

from __future__ import annotations

import json
import random
from collections import Counter

import numpy as np
import pytest

from chalkgrad.errors import SpecError, TooFewPapers
from chalkgrad.exam.fairness import Fairness
from chalkgrad.exam.records import FAIRNESS
from chalkgrad.exam.report import complaints
from chalkgrad.exam.statistics import MOST_KEPT, AnswerSummary, Distinct, median
from chalkgrad.pipeline import exam

LINEAR = {
    "title": "Line",
    "exam": {"seed": "s", "variants": 40, "ask": [{"find": "z1[1]"}, {"find": "J"}]},
    "network": {
        "layers": [
            {
                "units": 1,
                "activation": "identity",
                "weights": [
                    [{"draw": "integer", "low": -3, "high": 3}, {"draw": "integer", "low": -3, "high": 3}]
                ],
                "bias": [{"draw": "choice", "from": ["-0.25", 0, "1.5"]}],
            }
        ],
        "loss": "squared_error",
    },
    "data": {"x": [[2, -5]], "y": [[{"draw": "integer", "low": 0, "high": 4}]]},
    "train": {"optimizer": {"name": "sgd", "learning_rate": "0.1"}},
    "show": {"decimals": 3},
}


def fair(**bounds):
    return {**LINEAR, "exam": {**LINEAR["exam"], "fair": bounds}}


def columns_of(structure, count, seed=1):
    rng = np.random.default_rng(seed)
    sizes = {v.draw: len(v.table) for v in structure.varied}
    picks = np.zeros((count, max(sizes) + 1), dtype=np.intp)
    for draw, size in sizes.items():
        picks[:, draw] = rng.integers(0, size, count)
    return structure.columns(picks)


def by_hand(w1, w2, b, y):
    """Operations and negative numbers on the way to z = 2w₁ − 5w₂ + b and to J = (y − z)², as one does them."""
    products = [(w, x, w * x) for w, x in ((w1, 2), (w2, -5))]
    operations = sum(abs(w) not in (0, 1) for w, _, _ in products)
    partial = products[0][2] + products[1][2]
    operations += (products[0][2] != 0 and products[1][2] != 0) + (partial != 0 and b != 0)
    z = partial + b
    operations += y != 0 and z != 0
    operations += abs(y - z) not in (0, 1)
    return operations, sum(number < 0 for number in (w1, w2, -5, b, z))


def test_operations_and_signs_are_those_one_counts():
    (exercise,) = exam(LINEAR).exercises
    structure = exercise.structure([0] * len(exercise.sizes))
    columns = columns_of(structure, 300)
    found = Fairness(structure).measures(structure.example.variants(columns, 300))
    by_id = {at.id(1): [float(value) for value in column.values()] for at, column in columns.items()}
    for i in range(300):
        w1, w2, b, y = (by_id[id][i] for id in ("W1[1,1]", "W1[1,2]", "b1[1]", "y[1]"))
        operations, signs = by_hand(w1, w2, b, y)
        assert (found.operations[i], found.signs[i]) == (operations, signs), (w1, w2, b, y)
        assert found.negatives[i] == sum(n < 0 for n in (w1, w2, b, -5))
        # x: 2 and 5, the learning rate: 1; a weight and the target have one digit each
        assert found.digits[i] == 3 + 3 + {-0.25: 2, 0: 1, 1.5: 2}[b]
        assert found.difficulty[i] == operations + signs


def test_bounds_of_one_paper_are_conditions():
    made = exam(fair(negatives=2, digits=8, difficulty="0.4"))
    chunk = made.chunk(range(1, 41))
    for part in chunk.parts:
        fairness = part.working.fairness
        found = fairness.measures(part.worked.variants)
        assert found.negatives.max() <= 2
        assert found.digits.max() <= 8
        assert (abs(found.difficulty - fairness.usual) <= 0.4 * fairness.usual).all()
        assert sum(int(counts.sum()) for name, counts in part.tally.first.items() if name.startswith("fair.")) > 0


def test_what_is_usual_does_not_depend_on_papers():
    first, second = (
        Fairness(exercise.structure([0] * len(exercise.sizes))).usual
        for exercise in (exam(LINEAR, variants=n).exercises[0] for n in (3, 40))
    )
    assert first == second > 0


def report_of(made, papers, folder):
    piece = folder / "piece"
    piece.write_text(made.recorded(papers, ())[FAIRNESS], encoding="utf-8")
    return made.record(FAIRNESS, [piece], ())


def test_bounds_of_all_papers_are_told(tmp_path):
    made = exam(fair(distinct=1, caught="0.01"))
    report = report_of(made, range(1, 41), tmp_path)
    answers = [paper.answers[0].shown for paper in made.keys(range(1, 41))]
    share = 100 * len(set(answers)) / 40
    assert share < 100
    missed = complaints(report, "en")
    assert f"{share:.1f}".removesuffix(".0") + " %" in missed[0]
    assert not complaints(report_of(exam(LINEAR), range(1, 41), tmp_path), "en")


@pytest.mark.parametrize("language", ["en", "pt_BR", "es"])
def test_the_report_counts_right_in_every_language(language, tmp_path):
    made = exam(LINEAR, language=language)
    report = report_of(made, range(1, 41), tmp_path)
    keys = made.keys(range(1, 41))
    shown = Counter(paper.answers[1].value for paper in keys)
    assert f"| {len(shown)} (" in report
    # each histogram has every paper once
    bars = [[cell.strip() for cell in line.split("|")] for line in report.splitlines() if " … " in line]
    assert sum(int(row[2]) for row in bars if row[2].isdigit()) == 2 * 40
    assert "msgid" not in report
    assert "fair." not in report


def test_pieces_may_be_cut_anywhere(tmp_path):
    made = exam(LINEAR)
    whole = report_of(made, range(1, 41), tmp_path)
    paths = []
    for i, papers in enumerate((range(1, 8), range(8, 9), range(9, 41))):
        paths.append(tmp_path / str(i))
        paths[-1].write_text(made.recorded(papers, ())[FAIRNESS], encoding="utf-8")
    assert made.record(FAIRNESS, paths, ()) == whole


def test_a_median_of_counts_is_that_of_the_numbers():
    rng = random.Random(2)
    for size in (1, 2, 7, 50):
        numbers = [rng.randint(0, 9) for _ in range(size)]
        assert median(Counter(numbers)) == float(np.median(numbers))


def test_many_different_answers_are_counted_by_a_sample():
    few, many = Distinct(), Distinct()
    few.add(str(i % 1000) for i in range(5000))
    assert few.count == 1000
    total = 8 * MOST_KEPT
    for start in range(0, total, 10_000):
        many.add(str(i) for i in range(start, start + 10_000))
    assert len(many.kept) <= MOST_KEPT
    assert abs(many.count - total) < 0.03 * total


def test_bins_hold_every_answer_between_round_numbers():
    rng = random.Random(4)
    texts = [f"{rng.gauss(0, 3):.4f}" for _ in range(500)] + ["1/3", "2.1e-5"]
    one = AnswerSummary("a", "J")
    for start in (0, 200):
        one.see(texts[start : start + 200 if start == 0 else None])
    one.sort(texts[:100])
    one.sort(texts[100:])
    assert sum(one.bins) == len(texts)
    assert one.edges[0] <= one.low <= one.high <= one.edges[-1]
    assert 5 <= len(one.bins) <= 15
    assert one.negative == sum(text.startswith("-") and float(text) < 0 for text in texts)


@pytest.mark.parametrize(
    ("bounds", "expected"),
    [
        ({"distinct": "1.5"}, "a share above 0 and at most 1"),
        ({"caught": 0}, "a number above 0"),
        ({"negatives": "-1"}, "a whole number from 0"),
        ({"negatives": "2.5"}, "a whole number from 0"),
        ({"difficulty": "easy"}, "a number above 0"),
        ({"dificulty": "0.2"}, "difficulty"),
    ],
)
def test_what_is_wrong_with_bounds_is_told(bounds, expected):
    with pytest.raises(SpecError) as caught:
        exam(fair(**bounds))
    (problem,) = caught.value.problems
    assert "exam.fair" in problem.place.path
    assert expected in f"{problem.expected} {problem.hint}"


def test_impossible_bounds_say_which_one_rejects_how_much():
    with pytest.raises(TooFewPapers, match=r'of (\d+) draws "fair.negatives" rejects \1'):
        exam(fair(negatives=0))  # an input is negative in every paper


def test_statistics_are_lines_of_json():
    piece = exam(LINEAR).recorded(range(1, 4), ())[FAIRNESS]
    (line,) = piece.splitlines()
    assert json.loads(line)["papers"] == 3
