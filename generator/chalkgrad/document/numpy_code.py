"""The page as NumPy code: forward, cost, deltas, gradients, update, layer by layer in matrices."""

from __future__ import annotations

import re
from collections.abc import Iterator

from sympy import Symbol

from chalkgrad.algebra.ops import formal
from chalkgrad.catalogue.activations import Z, activation_op
from chalkgrad.catalogue.losses import A, collapse_op, loss_op
from chalkgrad.catalogue.optimizers import COUNT, GRADIENTS, RATE, G, W, name_in_code, new
from chalkgrad.document.code import EMPTY, Coder, incoming
from chalkgrad.document.model import CodeLine, Listing
from chalkgrad.document.program_text import statement
from chalkgrad.document.scribe import Scribe
from chalkgrad.markup.python import NUMPY, Strength
from chalkgrad.network.model import Layer

_FUNCTIONS = (
    ("erf", ("erf = np.vectorize(math.erf)",)),
    ("sigmoid", ("def sigmoid(z):", "    return 1 / (1 + np.exp(-z))")),
    ("Phi", ("def Phi(z):", "    return (1 + erf(z / np.sqrt(2))) / 2")),
    ("phi", ("def phi(z):", "    return np.exp(-(z**2) / 2) / np.sqrt(2 * np.pi)")),
    (
        "softmax",
        (
            "def softmax(z, axis):",
            "    e = np.exp(z - z.max(axis, keepdims=True))",
            "    return e / e.sum(axis, keepdims=True)",
        ),
    ),
)
"""What NumPy lacks, defined at the top of a listing that uses it."""


def listing(scribe: Scribe, *, everything: bool = False) -> Listing:
    """The whole program; `everything` has it print the steps on the way too."""
    return Listing("python", tuple(_Writer(scribe, everything=everything).lines()))


class _Writer:
    def __init__(self, scribe: Scribe, *, everything: bool) -> None:
        self.coder = Coder(scribe, NUMPY, "np.array", "softmax({}, axis={})")
        self.scribe = scribe
        self.everything = everything
        self.train = scribe.spec.train if self.coder.wanted else None
        self.several = self.train is not None and self.train.steps > 1
        self.depth = int(self.several)
        """How deep what is repeated is indented."""
        self._in_turn = self.train is not None and self.train.sequential

    def lines(self) -> Iterator[CodeLine]:
        coder = self.coder
        backward = list(self._backward()) if coder.wanted else []
        text = "\n".join(line[0] for line in backward if line and isinstance(line[0], str))
        results = [
            name
            for layer in coder.layers
            for name in (f"z{layer.number}", f"a{layer.number}")
            if self.everything or re.search(rf"\b{name}\b", text) or (layer is coder.layers[-1] and name[0] == "a")
        ]
        forward = list(coder.forward(results))
        text += "".join(str(line[0]) for line in forward)
        yield from self._imports(text)
        yield EMPTY
        yield from coder.given()
        yield from self._remembered()
        for lines in (*self._functions(text), forward, list(coder.show())):
            yield from (EMPTY, EMPTY, *lines)
        yield from (EMPTY, EMPTY)
        yield from self._pass(results, backward)
        if self.train is not None:
            yield from self._after()

    def _imports(self, text: str) -> Iterator[CodeLine]:
        if re.search(r"\b(erf|Phi)\(", text):
            yield ("import math",)
            yield EMPTY
        yield ("import numpy as np",)

    def _remembered(self) -> Iterator[CodeLine]:
        """What the optimizer remembers: nothing yet."""
        if self.train is not None and self.train.optimizer.states:
            yield EMPTY
            yield self.coder.comment("code.remembered")
            for name in self.coder.names:
                for state in self.train.optimizer.states:
                    yield from statement(f"{state}{name} = np.zeros_like({name})")

    def _functions(self, text: str) -> Iterator[list[CodeLine]]:
        for name, lines in _FUNCTIONS:
            if re.search(rf"\b{name}\(", text) or (name == "erf" and "Phi(" in text):
                yield [(line,) for line in lines]

    def _pass(self, results: list[str], backward: list[CodeLine]) -> Iterator[CodeLine]:
        """Forward and backward, once or for every step of training."""
        coder, depth = self.coder, self.depth
        counts = self.train is not None and self.train.optimizer.counts
        if self.train is not None and self.several:
            counted = f"t in range(1, {self.train.steps + 1})" if counts else f"step in range({self.train.steps})"
            yield (f"for {counted}:",)
        elif counts:
            yield ("t = 1",)
        yield coder.comment("heading.forward", depth)
        yield from statement(f"{', '.join([*results, 'J'])} = forward()", depth)
        if self.everything:
            for name in results:
                yield coder.shown(name, depth=depth)
        elif not self.several:
            yield coder.shown(f"a{coder.layers[-1].number}")
        yield coder.shown("J", depth=depth)
        if backward:
            yield EMPTY
            yield from backward

    def _after(self) -> Iterator[CodeLine]:
        coder = self.coder
        yield EMPTY
        yield coder.comment("code.after")
        for name in coder.names:
            yield coder.shown(name)
        yield coder.shown("J", "forward()[-1]")

    # ---- backward -----------------------------------------------------------------------------------------

    def _backward(self) -> Iterator[CodeLine]:
        """Deltas, gradients and updates, from the last layer to the first that learns."""
        coder = self.coder
        first = min(int(p.layer) for p in coder.wanted)
        layers = [layer for layer in reversed(coder.layers) if layer.number >= first]
        if self._in_turn:
            yield from self._shared()
            for layer in layers:
                yield from self._delta(layer)
                yield from self._gradients(layer)
                yield from self._updates(layer)
            yield EMPTY
            yield from self._show_gradients()
            return
        for layer in layers:
            yield from self._delta(layer)
        yield EMPTY
        yield coder.comment("heading.gradients", self.depth)
        for layer in layers:
            yield from self._gradients(layer)
        yield from self._show_gradients()
        if self.train is not None:
            yield EMPTY
            yield coder.comment("heading.update", self.depth)
            yield from self._shared()
            for layer in reversed(layers):
                yield from self._updates(layer)

    def _delta(self, layer: Layer) -> Iterator[CodeLine]:
        yield from self._delta_made(layer)
        if self.everything:
            yield self.coder.shown(f"delta{layer.number}", depth=self.depth)

    def _delta_made(self, layer: Layer) -> Iterator[CodeLine]:
        number, last = layer.number, len(self.coder.layers)
        if number < last and (number == last - 1 or self._in_turn):
            yield EMPTY
            yield self.coder.comment("heading.hidden_deltas", self.depth)
        if number == last:
            yield self.coder.comment("heading.output_deltas", self.depth)
            short = collapse_op(layer.activation.name, self.scribe.loss.name)
            if short is not None:
                yield from statement(
                    f"delta{number} = {NUMPY.code(short.formula, self.coder.symbols(layer))}", self.depth
                )
                return
            slope = loss_op(self.scribe.loss, layer.units).partial(A)
            arriving = NUMPY.code(slope, self.coder.symbols(layer), Strength.NEGATED)
        else:
            delta, weights = f"delta{number + 1}", f"W{number + 1}"
            arriving = f"({weights}.T @ {delta})" if self.coder.columns else f"({delta} @ {weights})"
        yield from self._through(layer, arriving)

    def _through(self, layer: Layer, arriving: str) -> Iterator[CodeLine]:
        """What arrives at the outputs of a layer, times the slopes of its units."""
        number = layer.number
        if layer.activation.couples:
            yield from statement(f"da{number} = {_bare(arriving)}", self.depth)
            total = f"np.sum(da{number} * a{number}, axis={self.coder.units}, keepdims=True)"
            yield from statement(f"delta{number} = a{number} * (da{number} - {total})", self.depth)
            return
        slope = activation_op(layer.activation).partial(Z)
        if slope == 1:
            yield from statement(f"delta{number} = {_bare(arriving)}", self.depth)
            return
        factor = NUMPY.code(slope, self.coder.symbols(layer), Strength.PRODUCT)
        yield from statement(f"delta{number} = {arriving} * {factor}", self.depth)

    def _gradients(self, layer: Layer) -> Iterator[CodeLine]:
        coder, delta, before = self.coder, f"delta{layer.number}", incoming(layer)
        mean = " / n" if coder.several else ""
        weights, bias = f"W{layer.number}", f"b{layer.number}"
        if weights in coder.names:
            product = f"{delta} @ {before}.T" if coder.columns else f"{delta}.T @ {before}"
            yield from statement(f"d{weights} = {product}{mean}", self.depth)
        if bias in coder.names:
            along = ", axis=1, keepdims=True" if coder.columns else ", axis=0"
            yield from statement(
                f"d{bias} = np.sum({delta}{'' if layer.bias == 'shared' else along}){mean}", self.depth
            )

    def _show_gradients(self) -> Iterator[CodeLine]:
        if self.everything or not self.several:
            for name in self.coder.names:
                yield self.coder.shown(f"d{name}", depth=self.depth)

    def _known(self) -> dict[Symbol, str]:
        """What the rules of the optimizer take from elsewhere, whichever parameter they are for."""
        assert self.train is not None  # noqa: S101 (told to the type checker)
        optimizer = self.train.optimizer
        names = {formal(rule.makes): rule.makes for rule in optimizer.shared}
        return {**names, RATE: "eta", COUNT: "t"} | {formal(c): name_in_code(c) for c in optimizer.coefficients}

    def _shared(self) -> Iterator[CodeLine]:
        """What the optimizer makes once a step: the rate, the length of the gradient."""
        assert self.train is not None  # noqa: S101 (told to the type checker)
        for rule in self.train.optimizer.shared:
            made = self._known()[formal(rule.makes)]
            if rule.summed:
                terms = [NUMPY.code(rule.formula, {G: f"d{name}"}) for name in self.coder.names]
                yield from statement(f"{made} = {' + '.join(f'np.sum({term})' for term in terms)}", self.depth)
            else:
                yield from statement(f"{made} = {NUMPY.code(rule.formula, self._known())}", self.depth)

    def _updates(self, layer: Layer) -> Iterator[CodeLine]:
        assert self.train is not None  # noqa: S101 (told to the type checker)
        optimizer = self.train.optimizer
        for name in (f"W{layer.number}", f"b{layer.number}"):
            if name not in self.coder.names:
                continue
            symbols = self._known() | {W: name, G: f"d{name}"}
            for rule in optimizer.rules:
                made = name if rule.makes == "w" else f"{rule.makes}{name}"
                symbols[new(rule.makes)] = made
                if rule.makes in optimizer.states:
                    symbols[formal(rule.makes)] = made
                yield from statement(f"{made} = {NUMPY.code(rule.formula, symbols)}", self.depth)
                if rule.makes in GRADIENTS:
                    symbols[G] = made
            if self.everything and self.several:
                yield self.coder.shown(name, depth=self.depth)


def _bare(code: str) -> str:
    """Without the parentheses that a single factor does not need."""
    return code[1:-1] if code[0] == "(" and code[-1] == ")" and code.count("(") == 1 else code
