"""chalkgrad: autograd that shows its work.

>>> import chalkgrad
>>> example = chalkgrad.solve("mazur")
>>> example["dJ/dW1[1,2]"].shown
'0.000877135'
>>> chalkgrad.exam("backpropagation")[17].answers[0].id
'a2[1]'
"""

from chalkgrad.catalogue.wording import load_wording
from chalkgrad.errors import ChalkgradError, OutputError, Problem, SpecError, TooFewPapers, UnknownId
from chalkgrad.exam.exam import Exam
from chalkgrad.exam.paper import Paper
from chalkgrad.example import Example, Step
from chalkgrad.pipeline import exam, solve
from chalkgrad.version import __version__

__all__ = [
    "ChalkgradError",
    "Exam",
    "Example",
    "OutputError",
    "Paper",
    "Problem",
    "SpecError",
    "Step",
    "TooFewPapers",
    "UnknownId",
    "__version__",
    "exam",
    "load_wording",
    "solve",
]
