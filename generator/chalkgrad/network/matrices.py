"""A product of matrices as a layer that merely adds up, and a cost with the derivatives that arrive at it.

Whatever comes after the product, near these numbers only its derivatives count: the cost here is the sum of each
entry of the product times the derivative that arrives there.
"""

from __future__ import annotations

from fractions import Fraction

from chalkgrad.algebra.ops import total, weighted_sum
from chalkgrad.catalogue import activations
from chalkgrad.network.model import Layer, Network, Node
from chalkgrad.quantities import Quantity, Role
from chalkgrad.spec.lessons.matrices import MatricesLesson
from chalkgrad.spec.model import Spec


def build(spec: Spec) -> Network:
    """The product, entry by entry, as a network of one layer without an activation."""
    lesson = spec.lesson
    assert isinstance(lesson, MatricesLesson)  # noqa: S101 (what this module is for)
    units, inputs = len(lesson.weights), len(lesson.x[0])
    bias = "unit" if lesson.bias else "none"
    layer = Layer(1, units, inputs, activations.BY_NAME["identity"], bias=bias)
    values = [Quantity(Role.INPUT, 0, (k,), per_sample=True) for k in range(1, inputs + 1)]
    given: dict[Quantity, tuple[Fraction, ...]] = dict(zip(values, zip(*lesson.x, strict=True), strict=True))
    for weights, numbers in zip(layer.weights(), lesson.weights, strict=True):
        given.update((weight, (number,)) for weight, number in zip(weights, numbers, strict=True))
    given.update((quantity, (number,)) for quantity, number in zip(layer.biases(), lesson.bias, strict=True))
    op, sums = weighted_sum(inputs, bias=bool(lesson.bias)), layer.sums()
    nodes = [
        Node(z, op, (*weights, *values, *(b for b in [layer.bias_of(j)] if b)))
        for j, (z, weights) in enumerate(zip(sums, layer.weights(), strict=True), 1)
    ]
    cost = Quantity(Role.COST, per_sample=True)
    if lesson.upstream:
        arriving = [upstream(j) for j in range(1, units + 1)]
        given.update(zip(arriving, zip(*lesson.upstream, strict=True), strict=True))
        nodes.append(Node(cost, weighted_sum(units, bias=False), (*arriving, *sums)))
    else:
        nodes.append(Node(cost, total(units), tuple(sums)))
    parameters = tuple(layer.parameters())
    return Network(
        tuple(nodes),
        given,
        parameters,
        cost,
        ((*sums, *parameters, *values),),
        samples=len(lesson.x),
        mean=False,
        layers=(layer,),
    )


def upstream(unit: int) -> Quantity:
    """The derivative of the cost that arrives at a unit: `g_1`."""
    return Quantity(Role.WIRE, per_sample=True, name=f"g_{unit}")
