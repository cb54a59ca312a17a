"""The JSON schema of spec files, for completion in editors."""

from __future__ import annotations

from typing import Any

from chalkgrad.messages import Message
from chalkgrad.spec.draws import DRAW
from chalkgrad.spec.exam import EXAM
from chalkgrad.spec.grammar import spec_record
from chalkgrad.spec.lessons.kinds import KINDS

A_DRAW = {"$ref": "#/$defs/draw"}
THE_EXAM = {"$ref": "#/$defs/exam"}


def json_schema() -> dict[str, Any]:
    """What a spec may hold: a lesson, a lesson with draws and an exam, or an exam of several exercises."""
    lessons = [spec_record(kind).schema() for kind in KINDS]
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "chalkgrad spec",
        "$defs": {"draw": DRAW.schema(), "exam": _with_draws(EXAM.schema())},
        "anyOf": [*lessons, *map(_of_exam, lessons), _of_several(lessons[0])],
    }


def _of_exam(lesson: dict[str, Any]) -> dict[str, Any]:
    """A lesson with draws in it, and questions."""
    opened = _with_draws(lesson)
    meaning = Message("what papers ask, and how they are made")
    return {
        **opened,
        "properties": {**opened["properties"], "exam": {**THE_EXAM, "description": meaning}},
        "required": [*opened.get("required", ()), "exam"],
    }


def _of_several(lesson: dict[str, Any]) -> dict[str, Any]:
    """An exam whose exercises are specs themselves."""
    kept = {name: lesson["properties"][name] for name in ("title", "show")}
    exam = {**THE_EXAM, "description": Message("what papers ask, and how they are made")}
    return {
        "type": "object",
        "properties": {**kept, "exam": exam},
        "additionalProperties": False,
        "required": ["exam"],
    }


def _with_draws(schema: Any) -> Any:
    """The same with a draw in the place of any value."""
    if isinstance(schema, list):
        return [_with_draws(inner) for inner in schema]
    if not isinstance(schema, dict):
        return schema
    opened = {key: _with_draws(value) if key in ("anyOf", "oneOf") else value for key, value in schema.items()}
    if "properties" in schema:
        opened["properties"] = {name: _or_drawn(inner) for name, inner in schema["properties"].items()}
    for key in ("items", "additionalProperties"):
        if isinstance(schema.get(key), dict):
            opened[key] = _or_drawn(schema[key])
    return opened


def _or_drawn(schema: dict[str, Any]) -> dict[str, Any]:
    opened = _with_draws(schema)
    meaning = {"description": opened.pop("description")} if "description" in opened else {}
    return {"anyOf": [opened, A_DRAW], **meaning}
