"""What the listings of every library share: the given numbers, the forward pass, and what is printed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from sympy import Symbol

from chalkgrad.algebra.ops import formal
from chalkgrad.catalogue import activations, losses
from chalkgrad.catalogue.activations import activation_op
from chalkgrad.catalogue.losses import loss_op
from chalkgrad.catalogue.optimizers import name_in_code
from chalkgrad.document import program_text
from chalkgrad.document.model import CodeLine, Literal
from chalkgrad.document.program_text import statement
from chalkgrad.document.scribe import Scribe
from chalkgrad.evaluation.rounding import Digits, show_given
from chalkgrad.evaluation.scalars import exact_fraction
from chalkgrad.markup.python import Library, literal
from chalkgrad.network import training
from chalkgrad.network.model import Layer
from chalkgrad.quantities import At, Quantity

EMPTY: CodeLine = ()


@dataclass(frozen=True)
class Coder:
    """Writes the parts of a listing for one library; the samples lie as the page's notation lays them."""

    scribe: Scribe
    library: Library
    array: str
    """What makes an array of numbers: `np.array`."""
    softmax: str
    """Softmax along an axis, with a place for the sums and one for the axis."""

    @property
    def columns(self) -> bool:
        """Whether each sample is a column."""
        return self.scribe.notation.columns

    @property
    def units(self) -> int:
        """The axis along which the units of a layer lie."""
        return 0 if self.columns else 1

    @cached_property
    def layers(self) -> Sequence[Layer]:
        """The layers."""
        return self.scribe.network.layers

    @cached_property
    def wanted(self) -> list[Quantity]:
        """The parameters whose gradients are computed: those that move, or all where nothing is trained."""
        derivation = self.scribe.derivation
        if not derivation.backward:
            return []
        return [p for p in self.scribe.network.parameters if not derivation.moving or p in derivation.moving]

    @cached_property
    def names(self) -> list[str]:
        """The names of the arrays that hold them, layer by layer: W1, b1, W2."""
        return list(dict.fromkeys(name_of(p) for p in self.wanted))

    @property
    def several(self) -> bool:
        """Whether costs and gradients are divided by the number of samples."""
        return self.scribe.network.samples > 1 and bool(self.scribe.network.mean)

    def comment(self, key: str, depth: int = 0) -> CodeLine:
        """A sentence of the page's language as a comment."""
        return (f"{program_text.INDENT * depth}# {self.scribe.language.sentence(key)}",)

    # ---- what is given ------------------------------------------------------------------------------------

    def given(self, parameter_end: str = "") -> Iterator[CodeLine]:
        """Inputs, targets and parameters; `parameter_end` is said of arrays that are trained."""
        network = self.scribe.network
        yield self.comment("heading.given")
        for name, quantities in (("x", network.inputs()), ("y", network.targets())):
            yield from self._matrix(name, [[At(q, n) for q in quantities] for n in self.scribe.samples])
        if self.several:
            yield (f"n = {'x.shape[1]' if self.columns else 'len(x)'}",)
        for layer in self.layers:
            yield from self._parameters(layer, parameter_end)
            for setting in layer.settings:
                yield from self._scalar(setting.id, setting)
        if self.scribe.spec.train is not None and self.wanted:
            if training.RATE in network.given:
                yield from self._scalar("eta", training.RATE)
            for name in self.scribe.spec.train.optimizer.coefficients:
                yield from self._scalar(name_in_code(name), training.setting(name))

    def _parameters(self, layer: Layer, end: str) -> Iterator[CodeLine]:
        weights = f"W{layer.number}"
        rows = [[At(w) for w in row] for row in layer.weights()]
        ending = f"{end if weights in self.names else ''})"
        yield from program_text.matrix(f"{weights} = {self.array}(", rows, ending, self._width)
        bias = f"b{layer.number}"
        ending = f"{end if bias in self.names else ''})"
        biases = [At(b) for b in layer.biases()]
        if layer.bias == "shared":
            (at,) = biases
            trained = end and bias in self.names
            yield from self._scalar(
                bias, at.quantity, f"{self.array}(" if trained else "", ending if trained else ""
            )
        elif biases and self.columns:
            yield from program_text.matrix(f"{bias} = {self.array}(", [[at] for at in biases], ending, self._width)
        elif biases:
            yield from program_text.vector(f"{bias} = {self.array}(", biases, ending, self._width)

    def _matrix(self, name: str, samples: list[list[At]]) -> Iterator[CodeLine]:
        rows = [list(row) for row in zip(*samples, strict=True)] if self.columns else samples
        yield from program_text.matrix(f"{name} = {self.array}(", rows, ")", self._width)

    def _scalar(self, name: str, quantity: object, before: str = "", after: str = "") -> Iterator[CodeLine]:
        assert isinstance(quantity, Quantity)  # noqa: S101 (parameters and settings are)
        yield (f"{name} = {before}", Literal(At(quantity)), after)

    def _width(self, at: At) -> int:
        assert isinstance(at.quantity, Quantity)  # noqa: S101 (what is given is)
        value = self.scribe.network.given[at.quantity][at.sample - 1]
        return len(literal(show_given(exact_fraction(value), Digits(significant=15)).text))

    # ---- forward ------------------------------------------------------------------------------------------

    def forward(self, results: Sequence[str]) -> Iterator[CodeLine]:
        """The function that goes from the inputs to the cost."""
        yield ("def forward():",)
        for layer in self.layers:
            yield from statement(f"z{layer.number} = {self._weighted_sum(layer)}", 1)
            yield from statement(f"a{layer.number} = {self._activation(layer)}", 1)
        yield from statement(f"J = {self._cost()}", 1)
        yield from statement(f"return {', '.join([*results, 'J'])}", 1)

    def _weighted_sum(self, layer: Layer) -> str:
        before, weights = incoming(layer), f"W{layer.number}"
        product = f"{weights} @ {before}" if self.columns else f"{before} @ {weights}.T"
        return product if layer.bias == "none" else f"{product} + b{layer.number}"

    def _activation(self, layer: Layer) -> str:
        row = layer.activation
        if row.couples:
            return self.softmax.format(f"z{layer.number}", self.units)
        formula = row.called or activation_op(row).formula
        text = self.library.code(formula, self.symbols(layer))
        # a formula without z, too, has a value for every unit and sample
        return text if activations.Z in formula.free_symbols else f"{text} + 0 * z{layer.number}"

    def symbols(self, layer: Layer) -> dict[Symbol, str]:
        """What the formal names of an activation and a loss stand for in the code."""
        number = layer.number
        settings = {formal(q.name): q.id for q in layer.settings}
        return {activations.Z: f"z{number}", activations.A: f"a{number}", losses.Y: "y", **settings}

    def _cost(self) -> str:
        last = self.layers[-1]
        share = loss_op(self.scribe.network.loss, last.units).formula
        negative = share.is_Mul and share.args[0] == -1
        body = self.library.code(share.args[1] if negative else share, self.symbols(last))
        total = f"{'-' if negative else ''}{self.library.module}.sum({body})"
        return f"{total} / n" if self.several else total

    # ---- what is printed ----------------------------------------------------------------------------------

    def show(self) -> Iterator[CodeLine]:
        """The function that prints every entry of an array."""
        yield ("def show(name, value):",)
        yield self.comment("code.show", 1)
        yield ("    if value.ndim:",)
        yield ("        for i, entry in enumerate(value):",)
        yield ('            show(f"{name}[{i}]", entry)',)
        yield ("    else:",)
        yield ('        print(f"{name} = {round(value.item(), 10) + 0:.10g}")',)

    def shown(self, name: str, value: str = "", depth: int = 0) -> CodeLine:
        """A line that prints an array under a name."""
        return (f'{program_text.INDENT * depth}show("{name}", {value or name})',)


def incoming(layer: Layer) -> str:
    """What a layer takes in."""
    return "x" if layer.number == 1 else f"a{layer.number - 1}"


def name_of(parameter: Quantity) -> str:
    """The array that holds a parameter: `W1`."""
    return f"{parameter.role.value}{parameter.layer}"
