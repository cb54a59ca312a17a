"""A walk-through as data: every step with its value, its digits, its formula and its factors."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

from chalkgrad.derivation.ids import ids_of
from chalkgrad.derivation.model import Kind, Ref, Step
from chalkgrad.document.scribe import Scribe
from chalkgrad.evaluation.runner import Evaluation
from chalkgrad.markup.latex import LatexPrinter
from chalkgrad.markup.naming import Naming
from chalkgrad.markup.nodes import Math
from chalkgrad.network.training import COUNT, RATE
from chalkgrad.quantities import AnyQuantity, At, Partial, Quantity, Role
from chalkgrad.render.fill import Filler

CHECKS = (Role.DIFFERENCE, Role.DIFFERENCE_ERROR)


def written(data: Any) -> Any:
    """The same as JSON can say it: an infinite or undefined value is null, its `shown` says which."""
    if isinstance(data, dict):
        return {key: written(value) for key, value in data.items()}
    if isinstance(data, list):
        return [written(item) for item in data]
    return None if isinstance(data, float) and not math.isfinite(data) else data


class Records:
    """Makes the records of an example, one id at a time or all of them."""

    def __init__(self, scribe: Scribe, evaluation: Evaluation, naming: Naming, filler: Filler) -> None:
        self.scribe = scribe
        self.evaluation = evaluation
        self.printer = LatexPrinter(naming, separator=scribe.language.separator)
        self.filler = filler
        self.samples = scribe.network.samples

    def places(self) -> Iterator[tuple[str, str, At]]:
        """Every id with its section, in the order of the page."""
        updates, outline = self.evaluation.updates, self.scribe.outline
        for at in self.evaluation.values:
            section = self._section(at.quantity, at.time, updates)
            if section is not None and not outline.is_past(at, self.scribe.derivation.schedule):
                yield from ((id, section, at) for id in ids_of(self.scribe.derivation, at))

    def _section(self, quantity: AnyQuantity, time: int, updates: int) -> str | None:
        """Where a step belongs; None for what an earlier moment already told."""
        derivation = self.scribe.derivation
        if isinstance(quantity, Quantity) and quantity.role in CHECKS:
            return "check"
        if isinstance(quantity, Quantity) and (
            quantity.role is Role.SHARED or (quantity.role is Role.STATE and time)
        ):
            return "update"
        if quantity == RATE and quantity not in derivation.network.given:
            return "update"
        if quantity in derivation.network.given:
            if time == 0 or quantity == COUNT or quantity in derivation.network.series:
                return "given"
            return "update" if quantity in derivation.moving else None
        if time and time == updates:
            return "check"
        if isinstance(quantity, Partial):
            return "backward"
        return "loss" if quantity.role is Role.COST else "forward"

    def record(self, id: str, section: str, at: At) -> dict[str, Any]:
        """One step."""
        shown = self.evaluation.shown(at)
        symbolic, substituted, factors = self._formulas(section, at)
        return {
            "id": id,
            "section": section,
            "value": self.evaluation.value(at).as_float(),
            "shown": shown.text.replace(".", self.scribe.language.decimal_mark),
            "symbol": self._latex(self._name(at)),
            "symbolic": symbolic,
            "substituted": substituted,
            "factors": [self._factor(factor) for factor in factors],
        }

    def _factor(self, at: At) -> dict[str, Any]:
        shown = self.evaluation.shown(at)
        return {
            "id": at.id(self.samples),
            "value": self.evaluation.value(at).as_float(),
            "shown": shown.text.replace(".", self.scribe.language.decimal_mark),
        }

    def _name(self, at: At) -> Math:
        quantity = at.quantity
        if isinstance(quantity, Quantity) and quantity.role in CHECKS:
            quantity = self._checked(quantity)
        derivation = self.scribe.derivation
        moved = at.quantity in derivation.moving
        after = at.quantity == derivation.network.batch_cost and self.evaluation.updates == 1  # J′, as on the page
        ahead = int(at.time > 0 and (moved or after))
        return self.scribe.name(Ref(quantity, ahead), at.sample)

    def _checked(self, quantity: Quantity) -> Partial:
        """The gradient that a central difference stands beside."""
        derivation = self.scribe.derivation
        return next(g for p in derivation.network.parameters if (g := derivation.gradient(p)).id == quantity.name)

    def _latex(self, node: Math) -> str:
        return self.filler.fill(self.printer.show(node), self.printer.slots, self.evaluation)

    def _step(self, at: At) -> tuple[Step | None, int]:
        """The step that makes a quantity, and the moment whose reading of the derivation made it."""
        by_quantity = self.scribe.derivation.by_quantity
        if at.time and (step := by_quantity.get((at.quantity, 1))):
            return step, at.time - 1
        return by_quantity.get((at.quantity, 0)), at.time

    def _formulas(self, section: str, at: At) -> tuple[str, str, list[At]]:
        step, time = self._step(at)
        if step is None:
            text = self.filler.style.write(self.evaluation.shown(at).text)
            return (self._latex(self._name(at)), text, []) if section == "given" else ("", text, [])
        scribe = self.scribe.at_time(time)
        step = scribe.of_batch(step)
        symbolic = self._latex(scribe.symbols(step, at.sample))
        substituted = self._latex(scribe.numbers(self._traced(step), at.sample))
        return symbolic, substituted, self._factors(step, scribe, at.sample)

    def _traced(self, step: Step) -> Step:
        """A chain with each link that merely copies a number traced to it: 3/7, not the digits of its copy."""
        if step.kind is not Kind.CHAIN:
            return step
        return step._replace(bindings=tuple((symbol, self._source(ref)) for symbol, ref in step.bindings))

    def _source(self, ref: Ref) -> Ref:
        made = self.scribe.derivation.by_quantity.get((ref.quantity, 0))
        copies = made is not None and made.kind is Kind.LOCAL and made.expression.is_Symbol
        return made.bindings[0][1] if made is not None and copies else ref

    def _factors(self, step: Step, scribe: Scribe, sample: int) -> list[At]:
        """The links of a chain; a delta with a single path is opened, so that a weight shows all of its links."""
        if step.kind is not Kind.CHAIN:
            return []
        out: list[At] = []
        refs = [ref for _, ref in step.bindings]
        for ref in refs:
            inner = scribe.derivation.by_quantity.get((ref.quantity, 0))
            opened = (
                len(refs) == 2
                and inner is not None
                and inner.kind is Kind.CHAIN
                and isinstance(ref.quantity, Partial)
                and ref.quantity.is_delta
                and len(scribe.derivation.paths[ref.quantity]) == 1
            )
            if opened and inner is not None:
                out += [scribe.at(r, sample) for _, r in inner.bindings]
            else:
                out.append(scribe.at(ref, sample))
        return out
