"""Optimizers: how a parameter moves, given its gradient and what was remembered of earlier steps.

Sources: momentum as in Sutskever et al. (2013) in the form that PyTorch uses; Nesterov (1983), the same;
AdaGrad as in Duchi, Hazan and Singer (2011); RMSProp as in Hinton's lecture 6e (2012); Adam as in Kingma and
Ba (2015), algorithm 1.  The small number epsilon stands outside the root, as in torch.optim.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cache

from sympy import Expr, Rational, Symbol

from chalkgrad.algebra.ops import Op, formal
from chalkgrad.algebra.order import add, minus, mul, over, power
from chalkgrad.messages import Message

W, G = formal("w"), formal("g")
RATE = formal("eta")
GRADIENT = "g"
"""What a rule makes that changes the gradient before the others use it."""
DECAY = "lambda"
"""The coefficient of weight decay."""
COUNT = formal("t")
"""The number of the step, counted from 1."""
BETA, BETA1, BETA2, RHO, EPSILON = map(formal, ("beta", "beta1", "beta2", "rho", "epsilon"))


def new(name: str) -> Symbol:
    """The formal name of a state after this step's rule for it: `v_new`, where `v` is what was remembered."""
    return formal(f"{name}_new")


@dataclass(frozen=True)
class Rule:
    """One line of an optimizer: what it makes, and from what."""

    makes: str
    """`w` for the parameter itself, `g` for the changed gradient, else the letter of a state such as `v`."""
    formula: Expr
    """In w, g, eta, t, the settings, the states as remembered (`v`) and those already made (`v_new`)."""


@dataclass(frozen=True)
class Coefficient:
    """A number that an optimizer needs, such as how much of the past is kept."""

    default: Fraction
    meaning: Message
    positive: bool = False
    """Whether it must not be 0."""
    below: int | None = 1
    """It must be smaller: what keeps all of the past never moves; None where there is no bound."""


@dataclass(frozen=True)
class Optimizer:
    """The rules of one step, in order; the last makes the parameter."""

    name: str
    rules: tuple[Rule, ...]
    pytorch: str
    """The class of `torch.optim` that does the same."""
    pytorch_settings: str = ""
    """What that class is told of the coefficients: `momentum=beta`."""
    coefficients: Mapping[str, Coefficient] = field(default_factory=dict)
    pulled: bool = False
    """Whether the remembered v is a sum of gradients, which other books keep with the other sign."""
    note: str = ""

    @property
    def states(self) -> tuple[str, ...]:
        """What is remembered from step to step, 0 at first: made by a rule and used by one before it is made."""
        used = {str(symbol) for rule in self.rules for symbol in rule.formula.free_symbols}
        return tuple(rule.makes for rule in self.rules if rule.makes not in ("w", GRADIENT) and rule.makes in used)

    def with_decay(self) -> Optimizer:
        """The same, with a multiple of the parameter added to its gradient first: `g ← g + λ w`."""
        return replace(
            self,
            rules=(Rule(GRADIENT, add(G, mul(formal(DECAY), W))), *self.rules),
            pytorch_settings=", ".join(filter(None, (self.pytorch_settings, "weight_decay=weight_decay"))),
            coefficients={**self.coefficients, DECAY: Coefficient(Fraction(0), DECAYS, below=None)},
        )

    @property
    def counts(self) -> bool:
        """Whether the number of the step matters."""
        return any(COUNT in rule.formula.free_symbols for rule in self.rules)


def _root(symbol: Expr) -> Expr:
    return power(symbol, Rational(1, 2))


def _remembered(name: str, share: Symbol, what: Expr) -> Rule:
    """An average that forgets: `v ← β v + (1 − β) g`."""
    return Rule(name, add(mul(share, formal(name)), mul(add(1, minus(share)), what)))


def _corrected(name: str, of: str, share: Symbol) -> Rule:
    """Without the pull towards the 0 it began with: `m / (1 − βᵗ)`."""
    return Rule(name, over(new(of), add(1, minus(power(share, COUNT)))))


def _scaled(step: Expr, size: Expr) -> Rule:
    return Rule("w", add(W, minus(mul(RATE, over(step, add(_root(size), EPSILON))))))


DECAYS = Message("weight decay: how strongly every parameter is drawn towards 0")
_KEPT = Message("how much of the past is kept")
_SMALL = Message("a small number against division by 0")
_MOMENTUM = Rule("v", add(mul(BETA, formal("v")), G))

OPTIMIZERS: tuple[Optimizer, ...] = (
    Optimizer(
        "sgd",
        (Rule("w", add(W, minus(mul(RATE, G)))),),
        "SGD",
        note=Message("gradient descent: w <- w - rate * gradient"),
    ),
    Optimizer(
        "momentum",
        (_MOMENTUM, Rule("w", add(W, minus(mul(RATE, new("v")))))),
        "SGD",
        "momentum=beta",
        {"beta": Coefficient(Fraction(9, 10), _KEPT)},
        pulled=True,
        note=Message("momentum: v <- beta * v + gradient, w <- w - rate * v"),
    ),
    Optimizer(
        "nesterov",
        (_MOMENTUM, Rule("w", add(W, minus(mul(RATE, add(G, mul(BETA, new("v")))))))),
        "SGD",
        "momentum=beta, nesterov=True",
        # PyTorch takes no look-ahead without momentum
        {"beta": Coefficient(Fraction(9, 10), _KEPT, positive=True)},
        pulled=True,
        note=Message("momentum that looks ahead: w <- w - rate * (gradient + beta * v)"),
    ),
    Optimizer(
        "adagrad",
        (Rule("s", add(formal("s"), power(G, 2))), _scaled(G, new("s"))),
        "Adagrad",
        "eps=epsilon",
        {"epsilon": Coefficient(Fraction(1, 10**10), _SMALL, positive=True, below=None)},
        note=Message("divides by the root of the sum of all squared gradients"),
    ),
    Optimizer(
        "rmsprop",
        (_remembered("s", RHO, power(G, 2)), _scaled(G, new("s"))),
        "RMSprop",
        "alpha=rho, eps=epsilon",
        {
            "rho": Coefficient(Fraction(99, 100), _KEPT),
            "epsilon": Coefficient(Fraction(1, 10**8), _SMALL, positive=True, below=None),
        },
        note=Message("divides by the root of a running average of squared gradients"),
    ),
    Optimizer(
        "adam",
        (
            _remembered("m", BETA1, G),
            _remembered("v", BETA2, power(G, 2)),
            _corrected("mhat", "m", BETA1),
            _corrected("vhat", "v", BETA2),
            _scaled(new("mhat"), new("vhat")),
        ),
        "Adam",
        "betas=(beta1, beta2), eps=epsilon",
        {
            "beta1": Coefficient(Fraction(9, 10), _KEPT),
            "beta2": Coefficient(Fraction(999, 1000), Message("how much of the past is kept, of the squares")),
            "epsilon": Coefficient(Fraction(1, 10**8), _SMALL, positive=True, below=None),
        },
        note=Message("momentum and RMSProp, with both averages corrected for their start at 0"),
    ),
)

BY_NAME: dict[str, Optimizer] = {row.name: row for row in OPTIMIZERS}


@cache
def rule_op(rule: Rule) -> Op:
    """A rule as an op of everything it uses."""
    inputs = sorted(rule.formula.free_symbols, key=lambda symbol: symbol.name)
    return Op(rule.makes, tuple(inputs), rule.formula, output=new(rule.makes))


def name_in_code(coefficient: str) -> str:
    """What a listing calls a coefficient: `lambda` is a word of Python."""
    return "weight_decay" if coefficient == DECAY else coefficient
