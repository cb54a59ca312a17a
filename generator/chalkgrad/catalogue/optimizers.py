"""Optimizers: how a parameter moves, given its gradient and what was remembered of earlier steps.

Sources: momentum as in Sutskever et al. (2013) in the form that PyTorch uses; Nesterov (1983), the same;
AdaGrad as in Duchi, Hazan and Singer (2011); RMSProp as in Hinton's lecture 6e (2012); Adam as in Kingma and
Ba (2015), algorithm 1; AdamW as in Loshchilov and Hutter (2019), algorithm 2, with the decay multiplied by the
rate.  The small number epsilon stands outside the root, as in torch.optim.  Clipping as in Pascanu, Mikolov and
Bengio (2013), algorithm 1.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cache

import sympy as sp
from sympy import Expr, Rational, Symbol

from chalkgrad.algebra.functions import maximum, minimum
from chalkgrad.algebra.ops import Op, formal
from chalkgrad.algebra.order import add, call, cases, minus, mul, over, power
from chalkgrad.messages import Message

W, G = formal("w"), formal("g")
RATE = formal("eta")
CLIPPED, PENALISED = "ghat", "g"
GRADIENTS = (CLIPPED, PENALISED)
"""What rules make that change the gradient before the others use it."""
DECAY, LASSO, CLIP, START = "lambda", "lambda1", "c", "eta_0"
"""Weight decay (L2), the L1 penalty, the bound of clipping, and the rate that a schedule starts from."""
SQUARES, LENGTH, EXCESS, SHARE = "Q", "N", "R", "kappa"
"""Of the whole gradient: the sum of its squares, its length, by how much it is too long, and the share of it that
clipping leaves."""
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
    """`w` for the parameter itself, `g` or `ghat` for the changed gradient, else the letter of a state such as
    `v`; of what all parameters share `eta` for the rate of the step, else its letter."""
    formula: Expr
    """In w, g, eta, t, the settings, the states as remembered (`v`) and those already made (`v_new`)."""
    summed: bool = False
    """Whether it is the sum of the formula over all parameters that move."""


@dataclass(frozen=True)
class Coefficient:
    """A number that an optimizer needs, such as how much of the past is kept."""

    default: Fraction
    meaning: Message
    positive: bool = False
    """Whether it must not be 0."""
    below: int | None = 1
    """It must be smaller: what keeps all of the past never moves; None where there is no bound."""
    whole: bool = False
    """Whether it counts steps."""
    key: str = ""
    """What a spec calls it, where that is not its letter."""


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
    pytorch_scheduler: str = ""
    """What of `torch.optim.lr_scheduler` changes its rate; empty where that stays."""
    shared: tuple[Rule, ...] = ()
    """What is made once a step, for all parameters: the rate, the length of the gradient."""

    @property
    def states(self) -> tuple[str, ...]:
        """What is remembered from step to step, 0 at first: made by a rule and used by one before it is made."""
        used = {str(symbol) for rule in self.rules for symbol in rule.formula.free_symbols}
        return tuple(r.makes for r in self.rules if r.makes not in ("w", *GRADIENTS) and r.makes in used)

    def penalised(self, names: Collection[str]) -> Optimizer:
        """The same, with multiples of the parameter (`lambda`, weight decay) and of its sign (`lambda1`, the L1
        penalty) added to its gradient first: `g ← g + λ w + λ₁ sgn(w)`.

        Where decay is decoupled it stands in the last rule already.
        """
        pulls = {DECAY: W, LASSO: call(sp.sign, W)}
        inside = [name for name in pulls if name in names and name not in self.coefficients]
        if not inside:
            return self
        told = ("weight_decay=weight_decay",) if DECAY in inside else ()
        return replace(
            self,
            rules=(Rule(PENALISED, add(G, *(mul(formal(name), pulls[name]) for name in inside))), *self.rules),
            pytorch_settings=", ".join((*filter(None, (self.pytorch_settings,)), *told)),
            coefficients={**self.coefficients, **{name: OUTSIDE[name] for name in inside}},
        )

    def clipped(self, *, by_norm: bool) -> Optimizer:
        """The same, with every derivative brought into −c … c first, or the whole gradient to a length of c.

        The share that is left is min(1, c/N), with a value where the gradient is 0.
        """
        bound, squares, length = formal(CLIP), formal(SQUARES), formal(LENGTH)
        shared = (
            Rule(SQUARES, power(G, 2), summed=True),
            Rule(LENGTH, _root(squares)),
            Rule(EXCESS, add(length, minus(bound))),
            Rule(SHARE, cases(formal(EXCESS), over(bound, length), 1)),
        )
        value = call(minimum, bound, call(maximum, minus(bound), G))
        return replace(
            self,
            shared=(*self.shared, *(shared if by_norm else ())),
            rules=(Rule(CLIPPED, mul(formal(SHARE), G) if by_norm else value), *self.rules),
            coefficients={**self.coefficients, CLIP: OUTSIDE[CLIP]},
        )

    def scheduled(self, rate: Expr, coefficients: Mapping[str, Coefficient], pytorch: str) -> Optimizer:
        """The same, with a rate that is made anew for every step from the one at the start."""
        return replace(
            self,
            pytorch_scheduler=pytorch,
            shared=(Rule(str(RATE), rate), *self.shared),
            coefficients={START: OUTSIDE[START], **coefficients, **self.coefficients},
        )

    @property
    def decays_beside(self) -> bool:
        """Whether weight decay draws on the parameter itself, not through its gradient."""
        return formal(DECAY) in self.rules[-1].formula.free_symbols

    @property
    def shared_names(self) -> frozenset[str]:
        """What is made once a step."""
        return frozenset(rule.makes for rule in self.shared)

    @property
    def counts(self) -> bool:
        """Whether the number of the step matters."""
        return any(COUNT in rule.formula.free_symbols for rule in (*self.rules, *self.shared))


def _root(symbol: Expr) -> Expr:
    return power(symbol, Rational(1, 2))


def _remembered(name: str, share: Symbol, what: Expr) -> Rule:
    """An average that forgets: `v ← β v + (1 − β) g`."""
    return Rule(name, add(mul(share, formal(name)), mul(add(1, minus(share)), what)))


def _corrected(name: str, of: str, share: Symbol) -> Rule:
    """Without the pull towards the 0 it began with: `m / (1 − βᵗ)`."""
    return Rule(name, over(new(of), add(1, minus(power(share, COUNT)))))


def _step(step: Expr, size: Expr) -> Expr:
    return over(step, add(_root(size), EPSILON))


def _moved(step: Expr) -> Rule:
    return Rule("w", add(W, minus(mul(RATE, step))))


def _scaled(step: Expr, size: Expr) -> Rule:
    return _moved(_step(step, size))


OUTSIDE = {
    DECAY: Coefficient(
        Fraction(0),
        Message("weight decay: how strongly every parameter is drawn towards 0"),
        positive=True,
        below=None,
        key="weight_decay",
    ),
    LASSO: Coefficient(
        Fraction(0),
        Message("the L1 penalty: a pull towards 0 that is equally strong at every distance"),
        positive=True,
        below=None,
        key="l1",
    ),
    CLIP: Coefficient(Fraction(1), Message("the bound of the gradient"), positive=True, below=None),
    START: Coefficient(Fraction(1), Message("the learning rate at the start"), positive=True, below=None),
}
"""The coefficients that any optimizer may be given beside its own."""
_KEPT = Message("how much of the past is kept")
_SMALL = Message("a small number against division by 0")
_MOMENTUM = Rule("v", add(mul(BETA, formal("v")), G))
_MOMENTS = (
    _remembered("m", BETA1, G),
    _remembered("v", BETA2, power(G, 2)),
    _corrected("mhat", "m", BETA1),
    _corrected("vhat", "v", BETA2),
)
_ADAM = {
    "beta1": Coefficient(Fraction(9, 10), _KEPT),
    "beta2": Coefficient(Fraction(999, 1000), Message("how much of the past is kept, of the squares")),
    "epsilon": Coefficient(Fraction(1, 10**8), _SMALL, positive=True, below=None),
}

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
        (*_MOMENTS, _scaled(new("mhat"), new("vhat"))),
        "Adam",
        "betas=(beta1, beta2), eps=epsilon",
        _ADAM,
        note=Message("momentum and RMSProp, with both averages corrected for their start at 0"),
    ),
    Optimizer(
        "adamw",
        (
            *_MOMENTS,
            _moved(add(_step(new("mhat"), new("vhat")), mul(formal(DECAY), W))),
        ),
        "AdamW",
        "betas=(beta1, beta2), eps=epsilon, weight_decay=weight_decay",
        {**_ADAM, DECAY: replace(OUTSIDE[DECAY], default=Fraction(1, 100))},
        note=Message("Adam with a weight decay that is not divided by the root"),
    ),
)

BY_NAME: dict[str, Optimizer] = {row.name: row for row in OPTIMIZERS}


@cache
def rule_op(rule: Rule) -> Op:
    """A rule as an op of everything it uses."""
    inputs = sorted(rule.formula.free_symbols, key=lambda symbol: symbol.name)
    return Op(rule.makes, tuple(inputs), rule.formula, output=new(rule.makes))


@cache
def over_all(rule: Rule, count: int) -> Op:
    """A rule that adds up over so many parameters, as an op of their gradients."""
    gradients = sp.symbols(f"g1:{count + 1}", real=True)
    terms = [rule.formula.xreplace({G: gradient}) for gradient in gradients]
    return Op(rule.makes, tuple(gradients), add(*terms), output=formal(rule.makes))


def name_in_code(coefficient: str) -> str:
    """What a listing calls a coefficient: `lambda` is a word of Python."""
    return {DECAY: "weight_decay", LASSO: "l1"}.get(coefficient, coefficient)
