"""Students who do one thing wrongly, in plain NumPy: each written from what the mistake is said to be.

A student works one sample after the other, then the batch, then one step of gradient descent, and notes every
number by its id.  Nothing here knows the program under test.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

FUNCTIONS = {
    "identity": lambda z: z,
    "sigmoid": lambda z: 1 / (1 + np.exp(-z)),
    "tanh": np.tanh,
    "arctan": np.arctan,
    "softplus": lambda z: np.log(1 + np.exp(z)),
    "relu": lambda z: np.maximum(z, 0),
    "leaky_relu": lambda z: np.where(z > 0, z, 0.01 * z),
}
SLOPES_FROM_Z = {
    "identity": np.ones_like,
    "sigmoid": lambda z: FUNCTIONS["sigmoid"](z) * (1 - FUNCTIONS["sigmoid"](z)),
    "tanh": lambda z: 1 - np.tanh(z) ** 2,
    "arctan": lambda z: 1 / (1 + z**2),
    "softplus": FUNCTIONS["sigmoid"],
    "relu": lambda z: np.where(z > 0, 1.0, 0.0),
    "leaky_relu": lambda z: np.where(z > 0, 1.0, 0.01),
}
RECTIFIERS = ("relu", "leaky_relu")


@dataclass
class Net:
    """A network with its numbers."""

    weights: list[np.ndarray]
    biases: list[np.ndarray | None]
    activations: list[str]
    loss: str
    mean: bool
    x: np.ndarray
    y: np.ndarray
    rate: float

    def spec(self) -> dict[str, Any]:
        """The same as a spec."""
        layers = [
            {
                "units": len(w),
                "activation": f,
                "weights": [[str(v) for v in row] for row in w.tolist()],
                "bias": "none" if b is None else [str(v) for v in b.tolist()],
            }
            for w, b, f in zip(self.weights, self.biases, self.activations, strict=True)
        ]
        return {
            "network": {"layers": layers, "loss": self.loss, "reduction": "mean" if self.mean else "sum"},
            "data": {"x": self.x.tolist(), "y": self.y.tolist()},
            "train": {"optimizer": {"name": "sgd", "learning_rate": self.rate}},
        }


def random_net(rng: np.random.Generator, activations: list[str], loss: str, *, square: bool = False) -> Net:
    """A network of a random shape with numbers of two decimals, none of them 0."""

    def draw(*shape: int) -> np.ndarray:
        return np.round(rng.uniform(0.05, 1.2, shape) * rng.choice([-1, 1], shape), 2)

    widths = (
        [2] * (len(activations) + 1) if square else [int(rng.integers(1, 4)) for _ in range(len(activations) + 1)]
    )
    samples = int(rng.integers(1, 4))
    weights = [draw(units, inputs) for inputs, units in pairwise(widths)]
    biases = [draw(units) if rng.random() < 0.8 else None for units in widths[1:]]
    y = np.round(rng.uniform(0.05, 0.95, (samples, widths[-1])), 2)
    if activations[-1] == "softmax":
        y = np.eye(widths[-1])[rng.integers(0, widths[-1], samples)]
    mean = bool(rng.integers(0, 2))
    return Net(
        weights, biases, activations, loss, mean, draw(samples, widths[0]), y, float(rng.choice([0.1, 0.5]))
    )


class Student:
    """One who makes no mistake; each method is a thing that can be done wrongly."""

    def __init__(self, net: Net) -> None:
        self.net = net
        self.last = len(net.weights) - 1
        self.mean = net.mean

    # forward
    def weighted(self, layer: int, w: np.ndarray, b: np.ndarray | None, before: np.ndarray) -> np.ndarray:
        return w @ before + (0 if b is None else b)

    def activated(self, layer: int, z: np.ndarray) -> np.ndarray:
        name = self.net.activations[layer]
        if name == "softmax":
            return np.exp(z) / np.exp(z).sum()
        return FUNCTIONS[name](z)

    def cost(self, a: np.ndarray, y: np.ndarray) -> float:
        match self.net.loss:
            case "half_squared_error":
                return float(((y - a) ** 2).sum() / 2)
            case "squared_error":
                return float(((y - a) ** 2).sum())
            case "mean_squared_error":
                return float(((y - a) ** 2).sum() / len(a))
            case "binary_cross_entropy":
                return float(-(y * np.log(a) + (1 - y) * np.log(1 - a)).sum())
        return float(-(y * np.log(a)).sum())

    # backward
    def cost_slope(self, a: np.ndarray, y: np.ndarray) -> np.ndarray:
        match self.net.loss:
            case "half_squared_error":
                return a - y
            case "squared_error":
                return 2 * (a - y)
            case "mean_squared_error":
                return 2 * (a - y) / len(a)
            case "binary_cross_entropy":
                return -y / a + (1 - y) / (1 - a)
        return -y / a

    def slope(self, layer: int, z: np.ndarray, a: np.ndarray) -> np.ndarray:
        return SLOPES_FROM_Z[self.net.activations[layer]](z)

    def jacobian(self, layer: int, z: np.ndarray, a: np.ndarray) -> np.ndarray:
        if self.net.activations[layer] == "softmax":
            return np.diag(a) - np.outer(a, a)
        return np.diag(self.slope(layer, z, a))

    def delta(self, layer: int, arriving: np.ndarray, z: np.ndarray, a: np.ndarray, y: np.ndarray) -> np.ndarray:
        return self.jacobian(layer, z, a).T @ arriving

    def back(self, layer: int, w: np.ndarray, delta: np.ndarray) -> np.ndarray:
        """dJ/da of the layer before, through these weights."""
        return w.T @ delta

    def weight_gradient(self, layer: int, delta: np.ndarray, before: np.ndarray, z_before: Any) -> np.ndarray:
        return np.outer(delta, before)

    # batch and update
    def reduced(self, parts: list[Any]) -> Any:
        return sum(parts) / len(parts) if self.mean else sum(parts)

    def moved(self, w: np.ndarray, gradient: np.ndarray) -> np.ndarray:
        return w - self.net.rate * gradient

    def moved_bias(self, b: np.ndarray, gradient: np.ndarray) -> np.ndarray:
        return self.moved(b, gradient)

    # the walk
    def forward(self, weights: list[Any], biases: list[Any], x: np.ndarray) -> tuple[list[Any], list[Any]]:
        sums, outputs = [], [x]
        for layer, (w, b) in enumerate(zip(weights, biases, strict=True)):
            sums.append(self.weighted(layer, w, b, outputs[-1]))
            outputs.append(self.activated(layer, sums[-1]))
        return sums, outputs

    def walk(self) -> dict[str, float]:
        """Every number by its id; what is no number is nan."""
        with np.errstate(all="ignore"):
            return self._walk()

    def _walk(self) -> dict[str, float]:
        net, found = self.net, {}
        several = len(net.x) > 1
        passes = [self.forward(net.weights, net.biases, x) for x in net.x]
        for n, (sums, outputs) in enumerate(passes, 1):
            at = f"@{n}" if several else ""
            for layer, (z, a) in enumerate(zip(sums, outputs[1:], strict=True), 1):
                for j in range(len(z)):
                    found[f"z{layer}[{j + 1}]{at}"] = z[j]
                    found[f"a{layer}[{j + 1}]{at}"] = a[j]
        found["J"] = self.reduced([self.cost(p[1][-1], y) for p, y in zip(passes, net.y, strict=True)])

        weights, biases = list(net.weights), list(net.biases)
        arriving = [self.cost_slope(p[1][-1], y) for p, y in zip(passes, net.y, strict=True)]
        for layer in range(self.last, -1, -1):
            deltas = [
                self.delta(layer, c, p[0][layer], p[1][layer + 1], y)
                for c, p, y in zip(arriving, passes, net.y, strict=True)
            ]
            for n, (delta, c) in enumerate(zip(deltas, arriving, strict=True), 1):
                at = f"@{n}" if several else ""
                for j in range(len(delta)):
                    found[f"delta{layer + 1}[{j + 1}]{at}"] = delta[j]
                    found[f"dJ/da{layer + 1}[{j + 1}]{at}"] = c[j]
            gradient = self.reduced(
                [
                    self.weight_gradient(layer, d, p[1][layer], p[0][layer - 1] if layer else None)
                    for d, p in zip(deltas, passes, strict=True)
                ]
            )
            weights[layer] = self.moved(net.weights[layer], gradient)
            for j, row in enumerate(gradient, 1):
                for k, value in enumerate(row, 1):
                    found[f"dJ/dW{layer + 1}[{j},{k}]"] = value
                    found[f"W{layer + 1}[{j},{k}]'"] = weights[layer][j - 1, k - 1]
            if (b := net.biases[layer]) is not None:
                slopes = self.reduced(deltas)
                biases[layer] = self.moved_bias(b, slopes)
                for j, value in enumerate(slopes, 1):
                    found[f"dJ/db{layer + 1}[{j}]"] = value
                    found[f"b{layer + 1}[{j}]'"] = biases[layer][j - 1]
            used = self.back_weights(layer, net.weights[layer], weights[layer])
            arriving = [self.back(layer, used, delta) for delta in deltas]
        after = [self.forward(weights, biases, x) for x in net.x]
        found["J'"] = self.reduced([self.cost(p[1][-1], y) for p, y in zip(after, net.y, strict=True)])
        return {id: float(value) for id, value in found.items()}

    def back_weights(self, layer: int, old: np.ndarray, new: np.ndarray) -> np.ndarray:
        return old


class NoBias(Student):
    """Leaves the bias out of every weighted sum."""

    def weighted(self, layer, w, b, before):
        return w @ before


class TookZ(Student):
    """Hands the weighted sums of hidden units on instead of their activations."""

    def activated(self, layer, z):
        return super().activated(layer, z) if layer == self.last else z

    def slope(self, layer, z, a):
        return slope_from_output(self.net.activations[layer], z, a)


class TookZOutput(TookZ):
    """Takes the weighted sums of the outputs for the outputs."""

    def activated(self, layer, z):
        return z if layer == self.last else Student.activated(self, layer, z)


def slope_from_output(name: str, z: np.ndarray, a: np.ndarray) -> np.ndarray:
    """The slope as it is written on a board: in the output where that is short."""
    if name == "sigmoid":
        return a * (1 - a)
    if name == "tanh":
        return 1 - a**2
    return SLOPES_FROM_Z[name](z)


class FromTo(Student):
    """Takes the first index of a square matrix for the unit that a weight comes from."""

    def _read(self, w):
        return w.T if w.shape[0] == w.shape[1] else w

    def weighted(self, layer, w, b, before):
        return super().weighted(layer, self._read(w), b, before)

    def back(self, layer, w, delta):
        return super().back(layer, self._read(w), delta)

    def weight_gradient(self, layer, delta, before, z_before):
        return self._read(super().weight_gradient(layer, delta, before, z_before))


class Sign(Student):
    """Takes the error the other way round."""

    def cost_slope(self, a, y):
        return -super().cost_slope(a, y)


class ForgotHalf(Student):
    """Differentiates ½(y − a)² as if the ½ were not there."""

    def cost_slope(self, a, y):
        return 2 * (a - y)


class ForgotTwo(Student):
    """Does not bring the exponent down."""

    def cost_slope(self, a, y):
        match self.net.loss:
            case "half_squared_error":
                return (a - y) / 2
            case "squared_error":
                return a - y
        return (a - y) / len(a)


class ForgotShare(Student):
    """Differentiates the mean over outputs as their sum."""

    def cost_slope(self, a, y):
        return 2 * (a - y)


class Summed(Student):
    """Adds the samples up."""

    def reduced(self, parts):
        return sum(parts)


class Averaged(Student):
    """Takes the mean of the samples."""

    def reduced(self, parts):
        return sum(parts) / len(parts)


class ForgotSigma(Student):
    """Leaves the derivative of the activation out (that of rectifiers is another matter)."""

    layers = "all"

    def jacobian(self, layer, z, a):
        meant = {"all": True, "hidden": layer < self.last, "output": layer == self.last}[self.layers]
        if meant and self.net.activations[layer] not in RECTIFIERS:
            return np.eye(len(z))
        return super().jacobian(layer, z, a)


class ForgotSigmaHidden(ForgotSigma):
    """Only in hidden layers."""

    layers = "hidden"


class ForgotSigmaOutput(ForgotSigma):
    """Only at the outputs."""

    layers = "output"


class ForgotMask(Student):
    """Lets everything through a rectifier on the way back."""

    def jacobian(self, layer, z, a):
        if self.net.activations[layer] in RECTIFIERS:
            return np.eye(len(z))
        return super().jacobian(layer, z, a)


class SigmaAgain(Student):
    """Knows that the output delta is a − y, and multiplies by the derivative nevertheless."""

    def delta(self, layer, arriving, z, a, y):
        if layer < self.last:
            return super().delta(layer, arriving, z, a, y)
        return (a - y) * a * (1 - a)


class OwnOutputOnly(Student):
    """Differentiates each softmax output by its own weighted sum alone."""

    def jacobian(self, layer, z, a):
        return np.diag(np.diag(super().jacobian(layer, z, a)))


class SlopeOfZ(Student):
    """Puts z where the derivative has a."""

    def slope(self, layer, z, a):
        return slope_from_output(self.net.activations[layer], z, z)

    def jacobian(self, layer, z, a):
        if self.net.activations[layer] == "softmax":
            return np.diag(z) - np.outer(z, z)
        return super().jacobian(layer, z, a)


class SlopeAtA(Student):
    """Takes the derivative at a, where it is to be taken at z."""

    def slope(self, layer, z, a):
        return SLOPES_FROM_Z[self.net.activations[layer]](a)


class UpdatedWeights(Student):
    """Sends deltas back through weights that have been updated already."""

    def back_weights(self, layer, old, new):
        return new


class Transposed(Student):
    """Forgets to transpose a square matrix on the way back."""

    def back(self, layer, w, delta):
        return w @ delta if w.shape[0] == w.shape[1] else w.T @ delta


class DroppedPath(Student):
    """Leaves out one of several units that a hidden unit feeds."""

    place = 1

    def back(self, layer, w, delta):
        kept = [j for j in range(len(delta)) if j != self.place - 1 or len(delta) == 1]
        return w[kept].T @ delta[kept]


class DroppedSecondPath(DroppedPath):
    """The second of them."""

    place = 2


class NoInput(Student):
    """Takes the delta for the gradient of a weight."""

    def weight_gradient(self, layer, delta, before, z_before):
        return np.outer(delta, np.ones_like(before))


class InputOfZ(Student):
    """Multiplies the delta by the weighted sum of the unit before."""

    def weight_gradient(self, layer, delta, before, z_before):
        return np.outer(delta, before if z_before is None else z_before)


class KeptBias(Student):
    """Updates weights only."""

    def moved_bias(self, b, gradient):
        return b


class ForgotRate(Student):
    """Takes the whole gradient for the step."""

    def moved(self, w, gradient):
        return w - gradient


class Ascended(Student):
    """Walks uphill."""

    def moved(self, w, gradient):
        return w + self.net.rate * gradient


STUDENTS: dict[str, type[Student]] = {
    "no_bias": NoBias,
    "took_z": TookZ,
    "took_z_output": TookZOutput,
    "from_to": FromTo,
    "sign": Sign,
    "forgot_half": ForgotHalf,
    "forgot_two": ForgotTwo,
    "forgot_share": ForgotShare,
    "summed": Summed,
    "averaged": Averaged,
    "forgot_sigma": ForgotSigma,
    "forgot_sigma_hidden": ForgotSigmaHidden,
    "forgot_sigma_output": ForgotSigmaOutput,
    "forgot_mask": ForgotMask,
    "sigma_again": SigmaAgain,
    "own_output_only": OwnOutputOnly,
    "slope_of_z": SlopeOfZ,
    "slope_at_a": SlopeAtA,
    "updated_weights": UpdatedWeights,
    "transposed": Transposed,
    "dropped_path[1]": DroppedPath,
    "dropped_path[2]": DroppedSecondPath,
    "no_input": NoInput,
    "input_of_z": InputOfZ,
    "kept_bias": KeptBias,
    "forgot_rate": ForgotRate,
    "ascended": Ascended,
}


def agree(a: float, b: float) -> bool:
    """Whether two float64 tell the same number."""
    return math.isclose(a, b, rel_tol=1e-9, abs_tol=1e-9)
