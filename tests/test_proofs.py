"""Proofs: each line equal to the next, for several shapes; each printed equation true of the given network."""

from __future__ import annotations

import math
import re
from functools import reduce
from itertools import pairwise

import numpy as np
import pytest
import sympy as sp

import chalkgrad
from chalkgrad.catalogue.languages import language_names
from chalkgrad.catalogue.notations import notation_names
from chalkgrad.derivation import collapse
from chalkgrad.document.model import Equations
from chalkgrad.markup import nodes
from chalkgrad.quantities import Partial, Role
from chalkgrad.render.formats import format_names

# --- linear layers, in letters -----------------------------------------------------------------------------------

SHAPES = [(True,), (False,), (True, True), (True, False), (False, True), (False, False), (True, False, True)]


def noncommutative(line, biased, *, columns):
    """A line with letters that do not commute; M and c stand for what the page says they are."""
    letters = {s: sp.Symbol(s.name, commutative=False) for s in line.free_symbols}
    matrix, vector = collapse.remaining(biased, columns=columns)
    known = {collapse.MAP: product(matrix), collapse.SHIFT: product(vector) if vector is not None else 0}
    for layer, has_bias in enumerate(biased, 1):
        before = collapse.INPUT if layer == 1 else collapse.weighted_sum(layer - 1)
        pair = (collapse.weight(layer), before) if columns else (before, collapse.weight(layer))
        made = reduce(lambda a, b: a * b, (known.get(s, sp.Symbol(s.name, commutative=False)) for s in pair))
        if has_bias:
            made += sp.Symbol(collapse.bias(layer).name, commutative=False)
        known[collapse.weighted_sum(layer)] = made
    return sp.expand(product(line, {**letters, **known}))


def product(e, letters=None):
    """The expression with its factors multiplied in the order in which they stand."""
    letters = letters or {}
    if e.is_Add:
        return sum(product(term, letters) for term in e.args)
    if e.is_Mul:
        return reduce(lambda a, b: a * b, (product(factor, letters) for factor in e.args))
    return letters.get(e, sp.Symbol(e.name, commutative=False))


@pytest.mark.parametrize("biased", SHAPES, ids=str)
@pytest.mark.parametrize("columns", [True, False])
def test_every_line_of_the_collapse_is_proved_for_matrices(biased, columns):
    lines = [move.result for move in collapse.collapse(biased, columns=columns)]
    for before, after in pairwise(lines):
        assert noncommutative(before, biased, columns=columns) == noncommutative(after, biased, columns=columns)
    assert lines[-1].has(collapse.MAP)


def test_matrices_do_not_commute_in_that_proof():
    one, other = collapse.weight(1), collapse.weight(2)
    assert product(sp.Mul(one, other, evaluate=False)) != product(sp.Mul(other, one, evaluate=False))


# --- linear layers, in numbers -----------------------------------------------------------------------------------


def linear(sizes, biases, seed=3):
    """A spec of linear layers with small whole numbers, and its matrices."""
    rng = np.random.default_rng(seed)
    layers, matrices = [], []
    for before, units, kind in zip(sizes, sizes[1:], biases, strict=False):
        weights = rng.integers(-3, 4, (units, before)).tolist()
        own = rng.integers(-3, 4, units).tolist()
        bias = {"unit": own, "shared": {"shared": own[0]}, "none": "none"}[kind]
        vector = {"unit": own, "shared": [own[0]] * units, "none": [0] * units}[kind]
        layers.append({"units": units, "activation": "identity", "weights": weights, "bias": bias})
        matrices.append((np.array(weights), np.array(vector)))
    x = rng.integers(-3, 4, (2, sizes[0])).tolist()
    spec = {
        "proofs": "collapse",
        "network": {"layers": layers, "loss": "half_squared_error"},
        "data": {"x": x, "y": [[0] * sizes[-1]] * 2},
    }
    return spec, matrices, np.array(x)


CASES = [
    ((2, 3, 1), ("unit", "unit")),
    ((2, 2, 2), ("none", "none")),
    ((3, 2, 2), ("shared", "unit")),
    ((2, 3, 2), ("none", "unit")),
    ((2, 2, 3, 1), ("unit", "none", "unit")),
    ((1, 11, 1), ("unit", "shared")),
]


@pytest.mark.parametrize(("sizes", "biases"), CASES, ids=str)
def test_the_one_map_is_the_product_of_the_matrices(sizes, biases):
    spec, matrices, x = linear(sizes, biases)
    example = chalkgrad.solve(spec)
    whole, shift = np.eye(sizes[0]), np.zeros(sizes[0])
    for weights, bias in matrices:
        whole, shift = weights @ whole, weights @ shift + bias
    for j in range(sizes[-1]):
        for k in range(sizes[0]):
            assert example[f"m{j + 1}{k + 1}"].value == whole[j, k]
        if set(biases) != {"none"}:
            assert example[f"c{j + 1}"].value == shift[j]
        for n, sample in enumerate(x, 1):
            last = len(biases)
            assert example[f"t{j + 1}@{n}"].value == whole[j] @ sample + shift[j]
            assert example[f"t{j + 1}@{n}"].value == example[f"z{last}[{j + 1}]@{n}"].value
    assert example.to_markdown()


# --- the four equations, true of the network ---------------------------------------------------------------------


def network(activations, sizes=(2, 3, 2), loss="half_squared_error", bias="unit"):
    rng = np.random.default_rng(5)
    layers = []
    for before, units, activation in zip(sizes, sizes[1:], activations, strict=False):
        weights = (rng.integers(-9, 10, (units, before)) / 10).tolist()
        own = {"unit": (rng.integers(-9, 10, units) / 10).tolist(), "shared": {"shared": 0.3}, "none": "none"}
        layers.append({"units": units, "activation": activation, "weights": weights, "bias": own[bias]})
    target = [1.0] + [0.0] * (sizes[-1] - 1)
    return {
        "proofs": "backpropagation",
        "network": {"layers": layers, "loss": loss},
        "data": {"x": [[0.5] * sizes[0]], "y": [target]},
    }


class Reader:
    """Reads what a page says in letters as numbers of the network: an equation has to be true of them."""

    def __init__(self, example):
        self.example = example
        self.notation = example.notation

    def layer(self, number):
        return self.example.network.layers[number - 1]

    def vector(self, quantities):
        values = [self.example[q.id].value for q in quantities]
        return np.array([values]).T if self.notation.columns else np.array([values])

    def matrix(self, rows):
        values = np.array([[self.example[q.id].value for q in row] for row in rows])
        return values if self.notation.to_from else values.T

    def read(self, node):
        return getattr(self, type(node).__name__.lower())(node)

    def name(self, node):
        return self.example[node.quantity.id].value

    def deltaname(self, node):
        found = self.vector([Partial(self.example.network.cost, z) for z in self.layer(node.layer).sums()])
        return found.T if node.transposed else found

    def matrixname(self, node):
        network = self.example.network
        layer = self.layer(node.layer) if node.layer else None
        if layer is None:
            entries = network.inputs()
        else:
            entries = {
                Role.WEIGHT: layer.weights,
                Role.BIAS: layer.biases,
                Role.WEIGHTED_SUM: layer.sums,
                Role.ACTIVATION: layer.outputs,
            }[node.role]()
        if node.gradient:
            cost = network.cost
            by = [[Partial(cost, q) for q in row] for row in entries] if node.role is Role.WEIGHT else entries
            entries = by if node.role is Role.WEIGHT else [Partial(cost, q) for q in entries]
        found = self.matrix(entries) if node.role is Role.WEIGHT else self.vector(entries)
        return found.T if node.transposed else found

    def matrix_node(self, node):
        return np.array([[self.read(entry) for entry in row] for row in node.rows])

    def product(self, node):
        return math.prod(self.read(factor) for factor in node.factors)

    def paren(self, node):
        return self.read(node.body)

    def applied(self, node):
        assert node.prime
        argument = node.argument
        if isinstance(argument, nodes.MatrixName):
            layer = self.layer(argument.layer)
            return self.vector([Partial(a, z) for a, z in zip(layer.outputs(), layer.sums(), strict=True)])
        z = argument.quantity
        return self.example[Partial(z._replace(role=Role.ACTIVATION), z).id].value

    def formula(self, node):
        values = {s: self.read(bound) for s, bound in node.bindings.items()}
        return float(node.expression.subs(values))

    def row(self, node):
        total, factors, joined = 0, [], "@"
        for item in (*node.items, nodes.Sign("+")):
            if isinstance(item, nodes.Sign) and item.sign == "+":
                total, factors = total + reduce(self._times, factors)[1], []
            elif isinstance(item, nodes.Sign) and item.sign == "⊙":
                joined = "*"
            else:
                found = self.matrix_node(item) if isinstance(item, nodes.Matrix) else self.read(item)
                factors.append((joined, found))
                joined = "@"
        return total

    @staticmethod
    def _times(left, right):
        sign, value = right
        return left[0], left[1] * value if sign == "*" or np.isscalar(value) else left[1] @ value


def equations(example):
    """The lines of the page that speak of layers and units by number."""
    for block in example.document.blocks:
        for line in block.lines if isinstance(block, Equations) else ():
            words = [link for link in line.links if isinstance(link.body, nodes.Words)]
            if not words and line.left != nodes.EMPTY:
                yield line


BP = [
    network(["sigmoid", "sigmoid"]),
    network(["tanh", "relu", "sigmoid"], (2, 2, 3, 1)),
    network(["sigmoid", "softmax"], loss="cross_entropy"),
    network(["elu", "identity"], bias="shared"),
    network(["arctan", "silu"], bias="none"),
]


@pytest.mark.parametrize("notation", notation_names())
@pytest.mark.parametrize("spec", BP, ids=lambda spec: "-".join(x["activation"] for x in spec["network"]["layers"]))
def test_every_equation_for_the_network_is_true_of_its_numbers(spec, notation):
    example = chalkgrad.solve(spec, notation=notation)
    reader, count = Reader(example), 0
    for line in equations(example):
        read = reader.matrix_node if isinstance(line.left, nodes.Matrix) else reader.read
        left = read(line.left)
        for link in line.links:
            body = link.body
            right = reader.matrix_node(body) if isinstance(body, nodes.Matrix) else reader.read(body)
            assert np.shape(left) == np.shape(right)
            assert np.allclose(left, right, rtol=1e-12, atol=1e-14)
            count += 1
    layers = len(spec["network"]["layers"])
    assert count >= 2 * layers + 3


def test_a_wrong_equation_is_noticed():
    example = chalkgrad.solve(BP[0], notation="nielsen")
    line = next(line for line in equations(example) if isinstance(line.left, nodes.DeltaName))
    reader = Reader(example)
    assert not np.allclose(reader.read(nodes.DeltaName(1)), 0)
    first, *_ = line.links
    items = list(first.body.items)
    wrong = nodes.Row((items[0], nodes.Sign("⊙"), items[0]))
    assert not np.allclose(reader.read(line.left), reader.read(wrong))


# --- the page ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["collapse", "proofs"])
@pytest.mark.parametrize("language", language_names())
def test_every_language_has_a_page(name, language):
    page = chalkgrad.solve(name, language=language).to_markdown()
    assert not re.search(r"\b(proof|bp|rule)\.[a-z_]+", page)


@pytest.mark.parametrize("form", [name for name in format_names() if name != "svg"])
def test_every_format_has_a_page(form):
    assert chalkgrad.solve({"proofs": ["sigmoid", "softmax_cross_entropy"]}).content(form)


def test_proofs_without_a_network_need_no_numbers():
    example = chalkgrad.solve({"proofs": ["sigmoid", "tanh", "softmax_cross_entropy"]})
    assert example.ids() == ()
    assert "the targets sum to 1" in example.to_markdown()


def test_softmax_has_as_many_outputs_as_the_network():
    spec = network(["sigmoid", "softmax"], (2, 2, 4), loss="cross_entropy") | {"proofs": "softmax_cross_entropy"}
    page = chalkgrad.solve(spec).to_markdown()
    assert "y _{4}" in page
    assert "y _{5}" not in page
