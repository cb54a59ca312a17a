"""chalkgrad: autograd that shows its work.

>>> import chalkgrad
>>> example = chalkgrad.solve("mazur")
>>> example["dJ/dW1[1,2]"].shown
'0.000877135'
"""

from chalkgrad.catalogue.wording import load_wording
from chalkgrad.errors import ChalkgradError, OutputError, Problem, SpecError, UnknownId
from chalkgrad.example import Example, Step
from chalkgrad.pipeline import solve

__version__ = "0.1.0"

__all__ = [
    "ChalkgradError",
    "Example",
    "OutputError",
    "Problem",
    "SpecError",
    "Step",
    "UnknownId",
    "__version__",
    "load_wording",
    "solve",
]
