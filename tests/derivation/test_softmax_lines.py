"""The lines about softmax are each equal to the next, for several sizes and units."""

from __future__ import annotations

from itertools import pairwise

import pytest
import sympy as sp

from chalkgrad.algebra.differentiation import prime
from chalkgrad.algebra.proofs import proved_equal
from chalkgrad.derivation.softmax import (
    TOTAL,
    cross_entropy,
    exponentials,
    jacobian,
    outputs,
    shifted,
    sums,
    targets,
)

SIZES = (2, 3, 4)


def probabilities(size):
    total = sum(sp.exp(z) for z in sums(size))
    return {a: sp.exp(z) / total for a, z in zip(outputs(size), sums(size), strict=True)}


def plain(line, size):
    """A line in the weighted sums alone; a derivative still to be taken is SymPy's."""
    line = line.replace(prime, lambda u, v: sp.diff(u.subs(TOTAL, exponentials(size)).doit(), v))
    return line.subs(TOTAL, exponentials(size)).subs(probabilities(size)).doit()


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("by", [1, 2])
def test_every_line_of_the_jacobian_is_proved(size, by):
    lines = [plain(move.result, size) for move in jacobian(size, 1, by)]
    expected = sp.diff(probabilities(size)[outputs(size)[0]], sums(size)[by - 1])
    for before, after in pairwise(lines):
        assert proved_equal(before, after)
    assert proved_equal(lines[-1], expected)
    assert len(lines) > 5
    assert all(move.rules for move in jacobian(size, 1, by)[1:])


@pytest.mark.parametrize("size", SIZES)
def test_every_line_of_the_shift_is_proved(size):
    lines = [plain(move.result, size) for move in shifted(size, 2)]
    for before, after in pairwise(lines):
        assert proved_equal(before, after)
    assert proved_equal(lines[-1], probabilities(size)[outputs(size)[1]])


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("unit", [1, 2])
def test_every_line_of_softmax_under_cross_entropy_is_proved(size, unit):
    y, a = targets(size), outputs(size)
    loss = -sum(target * sp.log(output) for target, output in zip(y, a, strict=True))
    z = sums(size)[unit - 1]
    factors = {}
    for i, output in enumerate(a):
        factors[sp.Symbol(f"f{2 * i + 1}", real=True)] = sp.diff(loss, output)
        factors[sp.Symbol(f"f{2 * i + 2}", real=True)] = sp.diff(probabilities(size)[output], z)
    lines = [plain(move.result.subs(factors), size) for move in cross_entropy(size, unit)]
    for before, after in pairwise(lines[:-1]):
        assert proved_equal(before, after)
    one = {y[-1]: 1 - sum(y[:-1])}
    assert proved_equal(lines[-2].subs(one), lines[-1].subs(one))
    assert not proved_equal(lines[-2], lines[-1]), "only because the targets sum to 1"
    assert proved_equal(lines[0], sp.diff(loss.subs(probabilities(size)), z))
