"""Activation functions: a row is a formula and the derivative that teachers write.

Sources of the textbook forms: the logistic function and tanh as in Goodfellow, Bengio and Courville (2016),
6.3.2; ELU as in Clevert et al. (2016), eq. 15; GELU as in Hendrycks and Gimpel (2016); SiLU as in Elfwing
et al. (2018); softmax as in Bishop (2006), eq. 4.106.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cache

import sympy as sp
from sympy import Expr

from chalkgrad.algebra.functions import normal_cdf, normal_pdf, positive, relu, sigmoid, step
from chalkgrad.algebra.ops import OUTPUT, Op, formal
from chalkgrad.algebra.order import add, call, cases, minus, mul, over, power
from chalkgrad.algebra.parsing import parse
from chalkgrad.messages import Message

Z = formal("z")
A = OUTPUT
ALPHA = formal("alpha")


@dataclass(frozen=True)
class Setting:
    """A number that an activation needs, such as a slope."""

    default: Fraction | None
    """None where the user must say it."""
    meaning: Message


@dataclass(frozen=True)
class Activation:
    """A function of the weighted sum z, applied to each unit."""

    name: str
    symbol: str
    """The function's name on a page; a Greek letter is spelled out (`sigma`)."""
    formula: Expr | None
    """In z and the settings; None where the units of a layer act on each other (softmax)."""
    derivative: Expr | None = None
    """The textbook form, in z, the output a and the settings; None where SymPy's own is used."""
    settings: Mapping[str, Setting] = field(default_factory=dict)
    differentiable: bool = True
    aliases: tuple[str, ...] = ()
    note: str = ""
    """What `chalkgrad list` says of it."""
    called: Expr | None = None
    """The same as a function that listings call by its name; None where they write the formula out."""

    @property
    def couples(self) -> bool:
        """Whether each output depends on every weighted sum of the layer."""
        return self.formula is None


_SLOPE = Message("slope for negative z")

ACTIVATIONS: tuple[Activation, ...] = (
    Activation("identity", "id", Z, sp.Integer(1), note="f(z) = z"),
    Activation(
        "step",
        "step",
        call(step, Z),
        differentiable=False,
        note=Message("1 where z >= 0, else 0; has no useful derivative"),
    ),
    Activation(
        "sigmoid",
        "sigma",
        over(1, add(1, call(sp.exp, minus(Z)))),
        mul(A, add(1, minus(A))),
        aliases=("logistic",),
        note="1/(1 + e^-z)",
        called=call(sigmoid, Z),
    ),
    Activation("tanh", "tanh", call(sp.tanh, Z), add(1, minus(power(A, 2))), note=Message("hyperbolic tangent")),
    Activation(
        "arctan", "arctan", call(sp.atan, Z), over(1, add(1, power(Z, 2))), note=Message("inverse tangent")
    ),
    Activation("relu", "ReLU", call(relu, Z), call(positive, Z), note=Message("max(0, z); derivative 0 at z = 0")),
    Activation(
        "leaky_relu",
        "LReLU",
        cases(Z, Z, mul(ALPHA, Z)),
        cases(Z, 1, ALPHA),
        settings={"alpha": Setting(Fraction(1, 100), _SLOPE)},
        note=Message("z where z > 0, else alpha z; derivative alpha at z = 0"),
    ),
    Activation(
        "prelu",
        "PReLU",
        cases(Z, Z, mul(ALPHA, Z)),
        cases(Z, 1, ALPHA),
        settings={"alpha": Setting(Fraction(1, 4), _SLOPE)},
        note=Message("leaky ReLU whose slope is thought of as learnt; held fixed here"),
    ),
    Activation(
        "elu",
        "ELU",
        cases(Z, Z, mul(ALPHA, add(call(sp.exp, Z), -1))),
        cases(Z, 1, add(A, ALPHA)),
        settings={"alpha": Setting(Fraction(1), Message("value reached far to the left, negated"))},
        note=Message("z where z > 0, else alpha (e^z - 1); derivative alpha at z = 0"),
    ),
    Activation(
        "softplus",
        "softplus",
        call(sp.log, add(1, call(sp.exp, Z))),
        over(1, add(1, call(sp.exp, minus(Z)))),
        note="ln(1 + e^z)",
    ),
    Activation(
        "softmax", "softmax", None, note=Message("e^z_i over the sum of all e^z_k; derivative: its full Jacobian")
    ),
    Activation(
        "gelu",
        "GELU",
        mul(Z, call(normal_cdf, Z)),
        add(call(normal_cdf, Z), mul(Z, call(normal_pdf, Z))),
        note=Message("z Phi(z), exact"),
    ),
    Activation(
        "silu",
        "SiLU",
        mul(Z, call(sigmoid, Z)),
        add(call(sigmoid, Z), mul(Z, call(sigmoid, Z), add(1, minus(call(sigmoid, Z))))),
        aliases=("swish",),
        note="z sigma(z)",
    ),
)

BY_NAME: dict[str, Activation] = {name: row for row in ACTIVATIONS for name in (row.name, *row.aliases)}


def custom(formula: str) -> Activation:
    """An activation that a user wrote as an expression in z; its derivative is SymPy's."""
    return Activation("formula", "f", parse(formula, ["z"]), note=formula)


def activation_op(row: Activation) -> Op:
    """The op of one unit: inputs z and the settings."""
    return _op(row.name, row.formula, row.derivative, tuple(row.settings), row.differentiable)


@cache
def _op(name: str, formula: Expr, derivative: Expr | None, settings: tuple[str, ...], smooth: bool) -> Op:
    textbook = {} if derivative is None else {Z: derivative}
    return Op(name, (Z, *map(formal, settings)), formula, textbook, differentiable=smooth)


@cache
def softmax_op(size: int, unit: int) -> Op:
    """Output `unit` (from 1) of a softmax over `size` units: inputs z_1…z_n, companions a_1…a_n."""
    sums = sp.symbols(f"z1:{size + 1}", real=True)
    outputs = sp.symbols(f"a1:{size + 1}", real=True)
    own = outputs[unit - 1]
    formula = over(call(sp.exp, sums[unit - 1]), add(*(call(sp.exp, z) for z in sums)))
    textbook = {
        z: mul(own, add(1, minus(own))) if i == unit - 1 else minus(mul(own, a))
        for i, (z, a) in enumerate(zip(sums, outputs, strict=True))
    }
    return Op("softmax", tuple(sums), formula, textbook, output=own, companions=tuple(outputs))
