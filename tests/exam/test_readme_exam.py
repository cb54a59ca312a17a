"""The exam that the README shows can be given."""

from __future__ import annotations

import re
from pathlib import Path

import yaml

import chalkgrad

README = Path(__file__).parent.parent.parent / "README.md"


def test_the_exam_of_the_readme_can_be_given():
    section = README.read_text("utf-8").partition("\n## Exams\n")[2]
    shown = re.search(r"```yaml\n(.*?)```", section, re.DOTALL)
    assert shown is not None
    exam = chalkgrad.exam(yaml.safe_load(shown[1]), variants=2)
    assert [question.ask.form for question in exam.exercises[0].structure([0] * 20).questions] == [
        "number",
        "table",
        "choice",
    ]
    assert exam[1].given != exam[2].given
