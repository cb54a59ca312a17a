"""Two thousand papers of one exam, every one read back from its text and checked by others.

Paper, solution and key agree; answers are those of PyTorch, or of autograd where that is not installed; what the
spec demands holds, told by plain floats; no two papers are the same, whatever the order of their hidden units.
"""

from __future__ import annotations

import csv
import io
import json
import re
from decimal import Decimal

import autograd
import autograd.numpy as anp
import numpy as np
import pytest

import chalkgrad

PAPERS = 2000
NUMBER = r"(-?[0-9]+(?:\.[0-9]+)?)"
NAMES = {
    # as the paper writes it in the notation of the exam, and the id
    **{rf"a^{{1}} _{{{k}}}": f"x[{k}]" for k in (1, 2)},
    "y _{1}": "y[1]",
    **{rf"w^{{2}} _{{{j}{k}}}": f"W1[{j},{k}]" for j in (1, 2) for k in (1, 2)},
    **{rf"b^{{2}} _{{{j}}}": f"b1[{j}]" for j in (1, 2)},
    **{rf"w^{{3}} _{{1{k}}}": f"W2[1,{k}]" for k in (1, 2)},
    "b^{3} _{1}": "b2[1]",
    r"\eta": "eta",
}
ASKED = ["a2[1]", "delta2[1]", "dJ/dW1[1,2]", "W1[1,2]'"]


def read_given(text: str) -> dict[str, str]:
    """The given numbers of a paper, read from what is printed."""
    found = {}
    for name, id in NAMES.items():
        values = set(re.findall(re.escape(name) + " = " + NUMBER, text))
        assert len(values) == 1, (name, values)
        found[id] = values.pop()
    return found


def read_boxes(text: str) -> list[str]:
    """The numbers in boxes, by the letters beside them."""
    boxes = re.findall(r"\\boxed\{" + NUMBER + r"\} \\enspace \{\\color\{gray\} \\text\{([a-z])\)", text)
    return [number for number, _ in sorted(boxes, key=lambda box: box[1])]


@pytest.fixture(scope="module")
def run():
    """Papers, solutions and both keys."""
    exam = chalkgrad.exam("backpropagation", variants=PAPERS)
    papers, solutions, rows, records = [], [], [], []
    for start in range(1, PAPERS + 1, 500):
        numbers = range(start, start + 500)
        papers += exam.sheets("md", numbers, solved=False)
        solutions += exam.sheets("md", numbers, solved=True)
        pieces = exam.recorded(numbers, ())
        rows.append(pieces["key.csv"])
        records.append(pieces["key.json"])
    table = list(csv.reader(io.StringIO("".join(rows))))
    data = json.loads('{"papers": [' + "".join(records).rstrip().removesuffix(",") + "]}")["papers"]
    return papers, solutions, table, data


@pytest.fixture(scope="module")
def given(run):
    """The given numbers of every paper, as floats, by id: from the papers' texts."""
    papers, *_ = run
    read = [read_given(text) for text in papers]
    return {id: np.array([float(row[id]) for row in read]) for id in read[0]}


def test_paper_and_key_give_the_same_numbers(run):
    papers, _, _, data = run
    assert [record["paper"] for record in data] == list(range(1, PAPERS + 1))
    for text, record in zip(papers, data, strict=True):
        assert read_given(text) == record["given"]


def test_solution_and_keys_give_the_same_answers(run):
    _, solutions, table, data = run
    assert len(table) == 4 * PAPERS
    for number, (text, record) in enumerate(zip(solutions, data, strict=True)):
        answers = record["answers"]
        assert [answer["id"] for answer in answers] == ASKED
        assert read_boxes(text) == [answer["shown"] for answer in answers]
        for row, answer in zip(table[4 * number : 4 * number + 4], answers, strict=True):
            paper, _, question, id, value, shown, low, high, points, *_ = row
            assert (int(paper), question, id, shown) == (number + 1, "abcd"[ASKED.index(id)], id, answer["shown"])
            assert (float(value), float(low), float(high)) == (answer["value"], answer["low"], answer["high"])
            assert float(points) == answer["points"]


def test_answers_are_shown_rounded_and_accepted(run):
    for record in run[3]:
        for answer in record["answers"]:
            # exact: a float is a number, and so is a decimal
            assert abs(Decimal(answer["value"]) - Decimal(answer["shown"])) <= Decimal("0.00005000000001")
            assert answer["low"] <= answer["value"] <= answer["high"]
            assert answer["low"] <= float(answer["shown"]) <= answer["high"]


def test_papers_say_nothing_of_answers(run):
    papers, _, _, data = run
    for text, record in zip(papers, data, strict=True):
        printed = set(re.findall(NUMBER, text))
        for answer in record["answers"]:
            if answer["shown"] not in record["given"].values():
                assert answer["shown"] not in printed


def arrays(given):
    """x, y, W1, b1, W2, b2 with a row a paper."""
    w1 = np.stack([[given[f"W1[{j},{k}]"] for k in (1, 2)] for j in (1, 2)]).transpose(2, 0, 1)
    w2 = np.stack([given[f"W2[1,{k}]"] for k in (1, 2)], axis=1)
    x, b1 = (np.stack([given[f"{name}[{k}]"] for k in (1, 2)], axis=1) for name in ("x", "b1"))
    return x, given["y[1]"], w1, b1, w2, given["b2[1]"]


def outputs(np_, x, y, w1, b1, w2, b2):
    """The outputs of all papers."""
    hidden = 1 / (1 + np_.exp(-((w1 * x[:, None, :]).sum(2) + b1)))
    return 1 / (1 + np_.exp(-((w2 * hidden).sum(1) + b2)))


def test_answers_are_those_of_autograd(run, given):
    x, y, w1, b1, w2, b2 = arrays(given)

    def cost(w1, b2):
        # every paper has its own numbers: a sum of all costs has the derivatives of each
        return anp.sum(0.5 * (y - outputs(anp, x, y, w1, b1, w2, b2)) ** 2)

    gradient, delta = autograd.grad(cost, (0, 1))(w1, b2)
    compare(run, outputs(np, x, y, w1, b1, w2, b2), delta, gradient[:, 0, 1], w1[:, 0, 1], given["eta"])


def test_answers_are_those_of_pytorch(run, given):
    torch = pytest.importorskip("torch")
    x, y, w1, b1, w2, b2 = (torch.tensor(part, dtype=torch.float64) for part in arrays(given))
    w1.requires_grad_()
    b2.requires_grad_()
    hidden = torch.sigmoid((w1 * x[:, None, :]).sum(2) + b1)
    output = torch.sigmoid((w2 * hidden).sum(1) + b2)
    (0.5 * (y - output) ** 2).sum().backward()
    gradient, delta = w1.grad[:, 0, 1].numpy(), b2.grad.numpy()
    compare(run, output.detach().numpy(), delta, gradient, w1.detach().numpy()[:, 0, 1], given["eta"])


def compare(run, output, delta, gradient, weight, eta):
    """The key's values against another's, to the last digits of a float."""
    expected = np.stack([output, delta, gradient, weight - eta * gradient], axis=1)
    values = np.array([[answer["value"] for answer in record["answers"]] for record in run[3]])
    np.testing.assert_allclose(values, expected, rtol=1e-13, atol=1e-15)


def test_what_the_spec_demands_holds(run):
    for record in run[3]:
        values = {answer["id"]: answer["value"] for answer in record["answers"]}
        assert 0.1 < values["a2[1]"] < 0.9
        assert abs(values["dJ/dW1[1,2]"]) > 0.005


def test_what_every_exam_demands_holds(run, given):
    x, _, w1, b1, w2, b2 = arrays(given)
    sums = (w1 * x[:, None, :]).sum(2) + b1
    assert abs(sums).max() < 4
    hidden = 1 / (1 + np.exp(-sums))
    assert abs((w2 * hidden).sum(1) + b2).max() < 4
    for record in run[3]:
        shown = [answer["shown"] for answer in record["answers"]]
        assert len(set(shown)) == 4
        assert all(len(text.lstrip("-0.").replace(".", "")) >= 2 for text in shown)


def test_no_two_papers_are_the_same(given):
    x, y, w1, b1, w2, b2 = arrays(given)
    seen = set()
    for i in range(PAPERS):
        units = sorted((*w1[i, j], b1[i, j], w2[i, j]) for j in range(2))
        seen.add((tuple(x[i]), y[i], b2[i], given["eta"][i], *units[0], *units[1]))
    assert len(seen) == PAPERS
