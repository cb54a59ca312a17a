"""Two independent ways to the numbers of a spec: HIPS autograd and PyTorch, both in float64.

Written from the mathematics and from the spec dict alone; nothing here knows the program under test.  Each
oracle returns a `Walk`: the numbers by id, as the ids are laid down for users.  PyTorch uses its own
activations, losses and optimizer wherever it has them.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cache
from types import CodeType
from typing import Any

import autograd.numpy as anp
import numpy as np
from autograd import grad, jacobian
from autograd.extend import defvjp, primitive
from autograd.tracer import isbox

ALIASES = {"logistic": "sigmoid", "swish": "silu"}
DEFAULT_ALPHA = {"leaky_relu": 0.01, "prelu": 0.25, "elu": 1.0}


@dataclass
class Walk:
    """What an oracle found."""

    values: dict[str, float] = field(default_factory=dict)
    nearest_kink: float = math.inf
    """How near any case distinction (of a rectifier, an absolute value, a maximum) came to its switch."""

    @property
    def largest(self) -> float:
        """The largest magnitude of the walk; infinite where there is anything that is no number."""
        sizes = [abs(value) for value in self.values.values()]
        return max(sizes) if all(map(math.isfinite, sizes)) else math.inf


@dataclass(frozen=True)
class Layer:
    """One layer, as floats."""

    number: int
    activation: str
    alpha: float | None
    formula: str
    weights: np.ndarray
    bias: np.ndarray | None
    """One a unit; one number, without dimensions, where it is shared."""

    @property
    def shared(self) -> bool:
        """Whether there is one bias for all units."""
        return self.bias is not None and self.bias.ndim == 0


@dataclass(frozen=True)
class Problem:
    """A spec dict, as floats."""

    x: np.ndarray
    y: np.ndarray
    layers: list[Layer]
    loss: str
    mean: bool
    rate: float
    steps: int
    frozen: frozenset[str]

    @property
    def samples(self) -> int:
        """How many rows x has."""
        return len(self.x)

    def id(self, name: str, time: int, sample: int | None = None) -> str:
        """The full id of something at a moment, and for a sample (from 0) where there are several."""
        at = f"@{sample + 1}" if sample is not None and self.samples > 1 else ""
        return f"{name}{at}{ {0: '', 1: chr(39)}.get(time, f'#{time}') }"


def number(text: Any) -> float:
    """A decimal or a fraction, correctly rounded to a float."""
    return float(Fraction(str(text)))


def read(spec: dict[str, Any]) -> Problem:
    """A spec dict as floats."""
    layers = []
    for index, layer in enumerate(spec["network"]["layers"], 1):
        wish = layer["activation"]
        wish = {"name": wish} if isinstance(wish, str) else wish
        name = ALIASES.get(wish.get("name", ""), wish.get("name", ""))
        alpha = number(wish["alpha"]) if "alpha" in wish else DEFAULT_ALPHA.get(name)
        bias = layer.get("bias", "none")
        if isinstance(bias, dict):
            offset = np.array(number(bias["shared"]))
        else:
            offset = None if bias == "none" else np.array([number(b) for b in bias])
        layers.append(Layer(index, name, alpha, wish.get("formula", ""), matrix(layer["weights"]), offset))
    train = spec.get("train")
    return Problem(
        matrix(spec["data"]["x"]),
        matrix(spec["data"]["y"]),
        layers,
        spec["network"]["loss"],
        spec["network"].get("reduction", "mean") == "mean",
        number(train["optimizer"]["learning_rate"]) if train else 0.0,
        train.get("steps", 1) if train else 0,
        frozenset(train.get("freeze", ())) if train else frozenset(),
    )


def matrix(rows: list[list[Any]]) -> np.ndarray:
    """Rows of numbers."""
    return np.array([[number(entry) for entry in row] for row in rows])


@cache
def formula_code(text: str) -> CodeType:
    """A formula, read by Python's own grammar."""
    return compile(text, "<formula>", "eval")


def parameters(layer: Layer, weights: Any, bias: Any) -> Iterator[tuple[str, str, Any]]:
    """(the name that `freeze` knows, the id, the number) of each parameter of a layer."""
    n = layer.number
    for j, row in enumerate(weights, 1):
        for k, weight in enumerate(row, 1):
            yield f"W{n}", f"W{n}[{j},{k}]", weight
    if layer.shared:
        yield f"b{n}", f"b{n}", bias
    elif layer.bias is not None:
        for j, offset in enumerate(bias, 1):
            yield f"b{n}", f"b{n}[{j}]", offset


# ---- HIPS autograd ------------------------------------------------------------------------------------------


@primitive
def erf(u: Any) -> Any:
    """The error function; autograd has it only with SciPy."""
    return np.vectorize(math.erf, otypes=[float])(u)


defvjp(erf, lambda ans, u: lambda g: g * 2 / math.sqrt(math.pi) * anp.exp(-(u**2)))


class Plain:
    """Activations in autograd's NumPy.  Notes how near each case distinction comes to its switch."""

    def __init__(self) -> None:
        self.nearest_kink = math.inf
        self.names: dict[str, Any] = {
            "pi": math.pi,
            "exp": anp.exp,
            "log": anp.log,
            "sqrt": anp.sqrt,
            "sin": anp.sin,
            "cos": anp.cos,
            "tanh": anp.tanh,
            "arctan": anp.arctan,
            "erf": erf,
            "sigmoid": self.sigmoid,
            "softplus": self.softplus,
            "relu": lambda u: anp.where(self.switch(u) > 0, u, 0.0 * u),
            "abs": lambda u: anp.where(self.switch(u) > 0, u, -u),
            "max": lambda u, v: anp.where(self.switch(u - v) > 0, u, v),
            "min": lambda u, v: anp.where(self.switch(u - v) > 0, v, u),
        }

    def switch(self, u: Any) -> Any:
        """Note how near to 0 a number is on whose sign a case hangs."""
        if not isbox(u):
            self.nearest_kink = min(self.nearest_kink, float(np.min(np.abs(u))))
        return u

    @staticmethod
    def sigmoid(u: Any) -> Any:
        return 1 / (1 + anp.exp(-u))

    @staticmethod
    def softplus(u: Any) -> Any:
        return anp.logaddexp(0.0, u)

    def activate(self, layer: Layer, z: Any) -> Any:
        """The outputs of a layer."""
        name, alpha = layer.activation, layer.alpha
        if layer.formula:
            # 0 z: also a formula that comes down to a constant must count as depending on z
            return eval(formula_code(layer.formula), {"__builtins__": {}, **self.names, "z": z}) + 0 * z
        if name in ("leaky_relu", "prelu"):
            return anp.where(self.switch(z) > 0, z, alpha * z)
        if name == "elu":
            return anp.where(self.switch(z) > 0, z, alpha * (anp.exp(anp.minimum(z, 0.0)) - 1))
        if name == "softmax":
            powers = anp.exp(z - anp.max(z))
            return powers / anp.sum(powers)
        if name == "gelu":
            return z * (1 + erf(z / math.sqrt(2))) / 2
        if name == "silu":
            return z * self.sigmoid(z)
        return z if name == "identity" else self.names[name](z)


def shares(loss: str, a: Any, y: Any) -> Any:
    """What each output adds to the loss of a sample."""
    if loss == "half_squared_error":
        return (y - a) ** 2 / 2
    if loss == "squared_error":
        return (y - a) ** 2
    if loss == "mean_squared_error":
        return (y - a) ** 2 / len(y)
    if loss == "binary_cross_entropy":
        return -(y * anp.log(a) + (1 - y) * anp.log(1 - a))
    return -(y * anp.log(a))


def affine(weights: Any, bias: Any, before: Any) -> Any:
    """The weighted sums of a layer."""
    return anp.dot(weights, before) + bias


def autograd_walk(spec: dict[str, Any]) -> Walk:
    """Every number of a spec that is not given, by HIPS autograd."""
    problem, functions, walk = read(spec), Plain(), Walk()
    # autograd differentiates by arrays only: where there is no bias, a 0 stands that never moves
    moved = [(layer.weights, np.array(0.0) if layer.bias is None else layer.bias) for layer in problem.layers]
    with np.errstate(all="ignore"):  # what overflows is infinite or no number, and seen in `largest`
        for time in range(problem.steps + 1):
            last = time == problem.steps > 0
            _forward(problem, functions, moved, time, walk)
            if not last:
                gradients = _backward(problem, functions, moved, time, walk)
            if problem.steps and not last:
                moved = _updated(problem, moved, gradients, time, walk)
    walk.nearest_kink = functions.nearest_kink
    return walk


def _run(problem: Problem, functions: Plain, moved: Any, nudges: Any, x: Any) -> Iterator[tuple[Any, Any]]:
    """z and a of each layer; a nudge is added to each of them, so that one can differentiate by it."""
    before = x
    for layer, (weights, bias), (dz, da) in zip(problem.layers, moved, nudges, strict=True):
        z = affine(weights, bias, before) + dz
        before = functions.activate(layer, z) + da
        yield z, before


def _no_nudges(problem: Problem) -> list[tuple[np.ndarray, np.ndarray]]:
    return [(np.zeros(len(layer.weights)), np.zeros(len(layer.weights))) for layer in problem.layers]


def _sample_cost(problem: Problem, functions: Plain, moved: Any, nudges: Any, n: int) -> Any:
    *_, (_, outputs) = _run(problem, functions, moved, nudges, problem.x[n])
    return anp.sum(shares(problem.loss, outputs, problem.y[n]))


def _cost(problem: Problem, functions: Plain, moved: Any) -> Any:
    still = _no_nudges(problem)
    total = sum(_sample_cost(problem, functions, moved, still, n) for n in range(problem.samples))
    return total / problem.samples if problem.mean else total


def _forward(problem: Problem, functions: Plain, moved: Any, time: int, walk: Walk) -> None:
    still, out = _no_nudges(problem), walk.values
    for n, x in enumerate(problem.x):
        outputs = x
        for layer, (z, a) in zip(problem.layers, _run(problem, functions, moved, still, x), strict=True):
            for j in range(len(z)):
                out[problem.id(f"z{layer.number}[{j + 1}]", time, n)] = float(z[j])
                out[problem.id(f"a{layer.number}[{j + 1}]", time, n)] = float(a[j])
            outputs = a
        parts = shares(problem.loss, outputs, problem.y[n])
        if len(parts) > 1:
            for j, part in enumerate(parts, 1):
                out[problem.id(f"J[{j}]", time, n)] = float(part)
        out[problem.id("J", time, n)] = float(sum(parts))
    out[problem.id("J", time)] = float(_cost(problem, functions, moved))


def _backward(problem: Problem, functions: Plain, moved: Any, time: int, walk: Walk) -> Any:
    still, out = _no_nudges(problem), walk.values
    for n, x in enumerate(problem.x):
        by_nudge = grad(lambda nudges, n=n: _sample_cost(problem, functions, moved, nudges, n))(still)
        by_parameter = grad(lambda where, n=n: _sample_cost(problem, functions, where, still, n))(moved)
        for layer, (dz, da), gradient in zip(problem.layers, by_nudge, by_parameter, strict=True):
            for j in range(len(dz)):
                out[problem.id(f"delta{layer.number}[{j + 1}]", time, n)] = float(dz[j])
                out[problem.id(f"dJ/da{layer.number}[{j + 1}]", time, n)] = float(da[j])
            for _, id, value in parameters(layer, *gradient):
                out[problem.id(f"dJ/d{id}", time, n)] = float(value)
        _links(problem, functions, moved, time, n, x, out)
    gradients = grad(lambda where: _cost(problem, functions, where))(moved)
    for layer, gradient in zip(problem.layers, gradients, strict=True):
        for _, id, value in parameters(layer, *gradient):
            out[problem.id(f"dJ/d{id}", time)] = float(value)
    return gradients


def _links(
    problem: Problem, functions: Plain, moved: Any, time: int, n: int, x: Any, out: dict[str, float]
) -> None:
    """The single factors of the chain rule: Jacobians of one layer's sums and of its activation."""
    before = x
    passes = list(_run(problem, functions, moved, _no_nudges(problem), x))
    for layer, (weights, bias), (z, a) in zip(problem.layers, moved, passes, strict=True):
        number, units = layer.number, range(len(z))
        slopes = jacobian(lambda u, layer=layer: functions.activate(layer, u))(z)
        for i in units:
            for j in units if layer.activation == "softmax" else (i,):
                out[problem.id(f"da{number}[{i + 1}]/dz{number}[{j + 1}]", time, n)] = float(slopes[i, j])
        by_weight = jacobian(affine, 0)(weights, bias, before)
        by_input = jacobian(affine, 2)(weights, bias, before)
        by_bias = jacobian(affine, 1)(weights, bias, before)
        for j in units:
            for k in range(len(before)):
                sums = f"dz{number}[{j + 1}]"
                out[problem.id(f"{sums}/dW{number}[{j + 1},{k + 1}]", time, n)] = float(by_weight[j, j, k])
                if number > 1:
                    out[problem.id(f"{sums}/da{number - 1}[{k + 1}]", time, n)] = float(by_input[j, k])
            if layer.shared:
                out[problem.id(f"dz{number}[{j + 1}]/db{number}", time, n)] = float(by_bias[j])
            elif layer.bias is not None:
                out[problem.id(f"dz{number}[{j + 1}]/db{number}[{j + 1}]", time, n)] = float(by_bias[j, j])
        before = a


def _updated(problem: Problem, moved: Any, gradients: Any, time: int, walk: Walk) -> Any:
    """Gradient descent: w minus the learning rate times the gradient, except where frozen."""
    following = []
    for layer, (weights, bias), (by_weights, by_bias) in zip(problem.layers, moved, gradients, strict=True):
        if f"W{layer.number}" not in problem.frozen:
            weights = weights - problem.rate * by_weights  # noqa: PLW2901 (another array; the old one stays)
        if layer.bias is not None and f"b{layer.number}" not in problem.frozen:
            bias = bias - problem.rate * by_bias  # noqa: PLW2901
        following.append((weights, bias))
        for name, id, value in parameters(layer, weights, bias):
            if name not in problem.frozen:
                walk.values[problem.id(id, time + 1)] = float(value)
    return following


# ---- PyTorch ------------------------------------------------------------------------------------------------


class TorchFunctions:
    """Activations by PyTorch's own functions.  Notes how near each case distinction comes to its switch."""

    def __init__(self) -> None:
        import torch

        self.torch = torch
        self.nearest_kink = math.inf
        names: dict[str, Callable[..., Any]] = {
            "exp": torch.exp,
            "log": torch.log,
            "sqrt": torch.sqrt,
            "sin": torch.sin,
            "cos": torch.cos,
            "tanh": torch.tanh,
            "arctan": torch.arctan,
            "erf": torch.erf,
            "sigmoid": torch.sigmoid,
            "softplus": self.softplus,
            "relu": lambda u: torch.relu(self.switch(u)),
            "abs": lambda u: torch.abs(self.switch(u)),
            "max": lambda u, v: torch.maximum(self.switch(u, v), v),
            "min": lambda u, v: torch.minimum(self.switch(u, v), v),
        }
        self.names: dict[str, Any] = {name: self.lifted(function) for name, function in names.items()}
        self.names["pi"] = math.pi

    def lifted(self, function: Callable[..., Any]) -> Callable[..., Any]:
        """Also for the plain numbers in a formula, which PyTorch does not take."""
        return lambda *args: function(*(self.torch.as_tensor(u, dtype=self.torch.float64) for u in args))

    def switch(self, u: Any, v: Any = 0.0) -> Any:
        """Note how near two numbers are of which the greater is taken."""
        self.nearest_kink = min(self.nearest_kink, float((u - v).detach().abs().min()))
        return u

    def softplus(self, u: Any) -> Any:
        # Beyond its threshold PyTorch takes z for ln(1 + e^z): at the default of 20 that is 2e-9 off.
        return self.torch.nn.functional.softplus(u, threshold=50)

    def activate(self, layer: Layer, z: Any) -> Any:
        """The outputs of a layer."""
        functional, name = self.torch.nn.functional, layer.activation
        if layer.formula:
            return eval(formula_code(layer.formula), {"__builtins__": {}, **self.names, "z": z}) + 0 * z
        if name in ("leaky_relu", "prelu"):
            return functional.leaky_relu(self.switch(z), layer.alpha)
        if name == "elu":
            return functional.elu(self.switch(z), layer.alpha)
        if name == "softmax":
            return functional.softmax(z, dim=0)
        if name in ("gelu", "silu"):
            return getattr(functional, name)(z)
        return z if name == "identity" else self.names[name](z)

    def loss(self, loss: str, a: Any, y: Any) -> Any:
        """The loss of one sample, by PyTorch's own losses where it has them."""
        functional = self.torch.nn.functional
        if loss == "cross_entropy":  # PyTorch's takes logits, this one probabilities
            return -self.torch.sum(y * self.torch.log(a))
        if loss == "binary_cross_entropy":
            return functional.binary_cross_entropy(a, y, reduction="sum")
        error = functional.mse_loss(a, y, reduction="mean" if loss == "mean_squared_error" else "sum")
        return error / 2 if loss == "half_squared_error" else error


def torch_walk(spec: dict[str, Any]) -> Walk:
    """The numbers of a spec by PyTorch: sums, activations, costs, gradients, slopes, updates."""
    functions = TorchFunctions()
    torch, problem, walk = functions.torch, read(spec), Walk()
    tensors = []
    for layer in problem.layers:
        weights = torch.tensor(layer.weights, dtype=torch.float64, requires_grad=True)
        bias = None if layer.bias is None else torch.tensor(layer.bias, dtype=torch.float64, requires_grad=True)
        tensors.append((weights, bias))
    free = [
        tensor
        for layer, pair in zip(problem.layers, tensors, strict=True)
        for letter, tensor in zip("Wb", pair, strict=True)
        if tensor is not None and f"{letter}{layer.number}" not in problem.frozen
    ]
    optimizer = torch.optim.SGD(free, lr=problem.rate)
    for time in range(problem.steps + 1):
        last = time == problem.steps > 0
        optimizer.zero_grad()
        costs = [_torch_sample(problem, functions, tensors, time, n, walk, last) for n in range(problem.samples)]
        cost = torch.stack(costs).mean() if problem.mean else torch.stack(costs).sum()
        walk.values[problem.id("J", time)] = cost.item()
        if last:
            break
        for pair in tensors:  # also the frozen ones: the per-sample passes left their gradients there
            for tensor in pair:
                if tensor is not None:
                    tensor.grad = None
        cost.backward()
        _torch_gradients(problem, tensors, walk, time)
        if problem.steps:
            optimizer.step()
            for layer, pair in zip(problem.layers, tensors, strict=True):
                numbers = [None if tensor is None else tensor.detach().numpy() for tensor in pair]
                for name, id, value in parameters(layer, *numbers):
                    if name not in problem.frozen:
                        walk.values[problem.id(id, time + 1)] = float(value)
    walk.nearest_kink = functions.nearest_kink
    return walk


def _torch_gradients(problem: Problem, tensors: Any, walk: Walk, time: int, n: int | None = None) -> None:
    for layer, pair in zip(problem.layers, tensors, strict=True):
        gradients = [None if tensor is None else tensor.grad.numpy() for tensor in pair]
        for _, id, value in parameters(layer, *gradients):
            walk.values[problem.id(f"dJ/d{id}", time, n)] = float(value)


def _torch_sample(
    problem: Problem, functions: Any, tensors: Any, time: int, n: int, walk: Walk, last: bool
) -> Any:
    """Forward and, where the walk goes on, backward for one sample; returns its cost for the batch."""
    torch, out = functions.torch, walk.values
    before = torch.tensor(problem.x[n], dtype=torch.float64)
    kept = []
    for layer, (weights, bias) in zip(problem.layers, tensors, strict=True):
        z = weights @ before if bias is None else weights @ before + bias
        a = functions.activate(layer, z)
        if a is z:  # the identity hands its argument on, but two gradients are wanted
            a = z.clone()
        z.retain_grad()
        a.retain_grad()
        kept.append((layer, z, a))
        before = a
    cost = functions.loss(problem.loss, before, torch.tensor(problem.y[n], dtype=torch.float64))
    out[problem.id("J", time, n)] = cost.item()
    if not last:
        for pair in tensors:
            for tensor in pair:
                if tensor is not None:
                    tensor.grad = None
        cost.backward(retain_graph=True)
        _torch_gradients(problem, tensors, walk, time, n)
    for layer, z, a in kept:
        number = layer.number
        for j in range(len(z)):
            out[problem.id(f"z{number}[{j + 1}]", time, n)] = z[j].item()
            out[problem.id(f"a{number}[{j + 1}]", time, n)] = a[j].item()
            if not last:
                out[problem.id(f"delta{number}[{j + 1}]", time, n)] = z.grad[j].item()
                out[problem.id(f"dJ/da{number}[{j + 1}]", time, n)] = a.grad[j].item()
        if not last:
            slopes = torch.autograd.functional.jacobian(
                lambda u, layer=layer: functions.activate(layer, u), z.detach()
            )
            for i in range(len(z)):
                for j in range(len(z)) if layer.activation == "softmax" else (i,):
                    out[problem.id(f"da{number}[{i + 1}]/dz{number}[{j + 1}]", time, n)] = slopes[i, j].item()
    return cost


# ---- comparing ----------------------------------------------------------------------------------------------

NEAR_A_KINK = 1e-6
"""Specs with a case distinction nearer to its switch are left out: rounding could pick the other side."""
LARGEST = 100.0
"""Specs with larger numbers are left out: no page shows them, and errors of earlier steps grow with them."""
RELATIVE = 1e-10
ABSOLUTE = 1e-13
"""The floor, as a share of the walk's largest number.

A float64 oracle adds up at most some dozens of products; each is off by 2^-53 (1.1e-16) of its own size, and so is
each of the few operations that follow, and what cancels leaves that error behind, however small the result.
The largest seen in hundreds of specs is 3e-15; 1e-13 leaves room for unlucky ones and is far below any mistake.
"""


def comparable(walk: Walk) -> bool:
    """Whether float64 can tell the numbers of a walk to the tolerance."""
    return walk.nearest_kink > NEAR_A_KINK and walk.largest <= LARGEST


def disagreements(value: Callable[[str], float], walk: Walk) -> list[str]:
    """The ids whose value is not the oracle's, with both, as lines of text."""
    floor = ABSOLUTE * max(1.0, walk.largest)
    lines = []
    for id, expected in walk.values.items():
        found = value(id)
        if not abs(found - expected) <= max(floor, RELATIVE * abs(expected)):  # so that nan disagrees, too
            lines.append(f"{id}: found {found!r}, the oracle says {expected!r}")
    return lines
