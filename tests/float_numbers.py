"""What a derivation gives in plain float64, by id."""

from __future__ import annotations

import numpy as np

from chalkgrad.derivation.ids import ids_of
from chalkgrad.derivation.model import Derivation
from chalkgrad.evaluation.doubles import Doubles
from chalkgrad.evaluation.program import unroll


def numbers(derivation: Derivation) -> dict[str, float]:
    """Every number of all its optimisation steps."""
    program = unroll(derivation, updates=derivation.schedule.steps, checked=(), carry_shown=False)
    registers: list[np.ndarray] = [np.array(0.0)] * program.size
    for place, value in program.given.items():
        registers[place] = np.array(float(value))
    with np.errstate(all="ignore"):
        for step in program.instructions:
            registers[step.register] = step.function(Doubles(), [registers[i] for i in step.arguments])
    return {id: float(registers[p]) for at, p in program.registers.items() for id in ids_of(derivation, at)}
