"""Misconceptions: what students do instead, by name.

One row each; the rule that changes a derivation is in `derivation/mistaken/`, and what a grader reads of it is the
sentence `mistake.NAME` of each language.
"""

from __future__ import annotations

from dataclasses import dataclass

from sympy import Expr, Rational

from chalkgrad.algebra.ops import formal
from chalkgrad.algebra.order import add, minus, mul

NETWORK, CIRCUIT, NEURON, DESCENT = "network", "circuit", "neuron", "descent"
"""Kinds of derivations: layers, gates, a single neuron with its rule, steps down a function."""

KINDS = (NETWORK, CIRCUIT, NEURON, DESCENT)


@dataclass(frozen=True)
class Misconception:
    """One thing that is done wrongly, and always so."""

    name: str
    kinds: tuple[str, ...]
    """Where it can be met."""
    is_placed: bool = False
    """Whether it is done at one of several places, which its sentence tells by number."""


MISCONCEPTIONS: tuple[Misconception, ...] = (
    # the forward pass
    Misconception("no_bias", (NETWORK, NEURON)),
    Misconception("took_z", (NETWORK,)),
    Misconception("took_z_output", (NETWORK,)),
    Misconception("from_to", (NETWORK,)),
    # what the cost says
    Misconception("sign", (NETWORK, NEURON)),
    Misconception("error_of_z", (NEURON,)),
    Misconception("forgot_half", (NETWORK,)),
    Misconception("forgot_two", (NETWORK,)),
    Misconception("forgot_share", (NETWORK,)),
    Misconception("summed", (NETWORK, NEURON)),
    Misconception("averaged", (NETWORK, NEURON)),
    # the derivative of the activation
    Misconception("forgot_sigma", (NETWORK,)),
    Misconception("forgot_sigma_hidden", (NETWORK,)),
    Misconception("forgot_sigma_output", (NETWORK,)),
    Misconception("forgot_mask", (NETWORK,)),
    Misconception("sigma_again", (NETWORK,)),
    Misconception("own_output_only", (NETWORK,)),
    Misconception("slope_of_z", (NETWORK,)),
    Misconception("slope_at_a", (NETWORK,)),
    # what goes back through the weights
    Misconception("updated_weights", (NETWORK,)),
    Misconception("old_weights", (NETWORK,)),
    Misconception("transposed", (NETWORK,)),
    Misconception("dropped_path", (NETWORK, CIRCUIT), is_placed=True),
    # gradients
    Misconception("no_input", (NETWORK, NEURON)),
    Misconception("input_of_z", (NETWORK,)),
    # gates
    Misconception("forgot_outer", (CIRCUIT,)),
    Misconception("forgot_inner", (CIRCUIT,)),
    Misconception("forgot_upstream", (CIRCUIT,)),
    Misconception("lost_minus", (CIRCUIT,)),
    Misconception("own_factor", (CIRCUIT,)),
    # updates
    Misconception("target_for_error", (NEURON,)),
    Misconception("kept_bias", (NETWORK, NEURON)),
    Misconception("forgot_rate", KINDS),
    Misconception("ascended", KINDS),
)
"""In the order in which a walk-through meets them."""

BY_NAME: dict[str, Misconception] = {row.name: row for row in MISCONCEPTIONS}


@dataclass(frozen=True)
class Slip:
    """A number near the right one that no method gives: for choices where there are too few mistakes."""

    name: str
    formula: Expr
    """In the right number r."""


R = formal("r")

SLIPS: tuple[Slip, ...] = (
    Slip("negated", minus(R)),
    Slip("doubled", mul(2, R)),
    Slip("halved", mul(Rational(1, 2), R)),
    Slip("tenfold", mul(10, R)),
    Slip("tenth", mul(Rational(1, 10), R)),
    Slip("one_more", add(R, 1)),
    Slip("one_less", add(R, -1)),
)
