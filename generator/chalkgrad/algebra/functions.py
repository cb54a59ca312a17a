"""The functions of the field that SymPy lacks, each with its derivative and its definition.

A function keeps its name on the page (σ(z), not 1/(1 + e⁻ᶻ)) and through differentiation; `defined` rewrites
it by elementary functions, which is what proofs do.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import sympy as sp
from sympy import Expr, Function

from chalkgrad.errors import NotDifferentiable


class sigmoid(Function):  # type: ignore[misc]  # noqa: N801 (printed and parsed under this name)
    """The logistic function 1/(1 + e⁻ᶻ)."""

    nargs = 1

    def fdiff(self, argindex: int = 1) -> Expr:
        """σ′ = σ(1 − σ)."""
        return sigmoid(self.args[0]) * (1 - sigmoid(self.args[0]))


class relu(Function):  # type: ignore[misc]  # noqa: N801
    """The rectifier max(0, z)."""

    nargs = 1

    def fdiff(self, argindex: int = 1) -> Expr:
        """1 where z > 0, else 0: at 0 the convention of PyTorch and TensorFlow."""
        return positive(self.args[0])


class positive(Function):  # type: ignore[misc]  # noqa: N801
    """1 where z > 0, else 0: the slope of the rectifier."""

    nargs = 1

    def fdiff(self, argindex: int = 1) -> Expr:
        """0 wherever it exists."""
        return sp.Integer(0)


class step(Function):  # type: ignore[misc]  # noqa: N801
    """The step function: 1 where z ≥ 0, else 0."""

    nargs = 1

    def fdiff(self, argindex: int = 1) -> Expr:
        """Refused: it is 0 everywhere but at the jump, so nothing could be learned through it."""
        raise NotDifferentiable("the step function has no derivative at 0 and the derivative 0 elsewhere")


class maximum(Function):  # type: ignore[misc]  # noqa: N801
    """The larger of two; unlike SymPy's own it keeps the order in which they were written."""

    nargs = 2

    def fdiff(self, argindex: int = 1) -> Expr:
        """1 for the larger, 0 for the other; at a tie half for each, as in PyTorch."""
        u, v = self.args
        return exceeds(u, v) if argindex == 1 else exceeds(v, u)


class minimum(Function):  # type: ignore[misc]  # noqa: N801
    """The smaller of two, in the order in which they were written."""

    nargs = 2

    def fdiff(self, argindex: int = 1) -> Expr:
        """1 for the smaller, 0 for the other; at a tie half for each."""
        u, v = self.args
        return exceeds(v, u) if argindex == 1 else exceeds(u, v)


class exceeds(Function):  # type: ignore[misc]  # noqa: N801
    """1 where u > v, 0 where u < v and a half where they are equal: the slope of the larger of two."""

    nargs = 2

    def fdiff(self, argindex: int = 1) -> Expr:
        """0 wherever it exists."""
        return sp.Integer(0)


class softplus(Function):  # type: ignore[misc]  # noqa: N801
    """ln(1 + eᶻ), the smooth rectifier."""

    nargs = 1

    def fdiff(self, argindex: int = 1) -> Expr:
        """The logistic function."""
        return sigmoid(self.args[0])


class normal_cdf(Function):  # type: ignore[misc]  # noqa: N801
    """Φ(z), the distribution function of the standard normal distribution."""

    nargs = 1

    def fdiff(self, argindex: int = 1) -> Expr:
        """φ(z), its density."""
        return normal_pdf(self.args[0])


class normal_pdf(Function):  # type: ignore[misc]  # noqa: N801
    """φ(z) = e^(−z²/2)/√(2π), the density of the standard normal distribution."""

    nargs = 1

    def fdiff(self, argindex: int = 1) -> Expr:
        """−z φ(z)."""
        return -self.args[0] * normal_pdf(self.args[0])


class cos_pi(Function):  # type: ignore[misc]  # noqa: N801
    """cos(πz), which is a fraction where z is a multiple of 1/2 or 1/3."""

    nargs = 1

    def fdiff(self, argindex: int = 1) -> Expr:
        """−π sin(πz)."""
        return -sp.pi * sp.sin(sp.pi * self.args[0])


DEFINITIONS: dict[Any, Callable[..., Expr]] = {
    sigmoid: lambda z: 1 / (1 + sp.exp(-z)),
    relu: lambda z: sp.Piecewise((z, z > 0), (0, True)),
    positive: lambda z: sp.Piecewise((1, z > 0), (0, True)),
    step: lambda z: sp.Piecewise((1, z >= 0), (0, True)),
    maximum: lambda u, v: sp.Piecewise((u, u > v), (v, True)),
    minimum: lambda u, v: sp.Piecewise((v, u > v), (u, True)),
    exceeds: lambda u, v: sp.Piecewise((1, u > v), (0, u < v), (sp.Rational(1, 2), True)),
    softplus: lambda z: sp.log(1 + sp.exp(z)),
    normal_cdf: lambda z: (1 + sp.erf(z / sp.sqrt(2))) / 2,
    normal_pdf: lambda z: sp.exp(-(z**2) / 2) / sp.sqrt(2 * sp.pi),
    cos_pi: lambda z: sp.cos(sp.pi * z),
}


def defined(expression: Expr) -> Expr:
    """The same expression with every function of this module replaced by its definition."""
    for function, definition in DEFINITIONS.items():
        expression = expression.replace(function, definition)
    return expression
