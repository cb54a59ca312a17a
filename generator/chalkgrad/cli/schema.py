"""`chalkgrad schema`: what a spec may say, for editors."""

from __future__ import annotations

import argparse
import json
from typing import Any

from chalkgrad.cli.verbs import Verbs, verb
from chalkgrad.messages import Message, Wording, told
from chalkgrad.spec.schema import json_schema


def add(verbs: Verbs, wording: Wording) -> None:
    """Add the verb."""
    about = Message("print the JSON schema of a spec, for completion in editors")
    example = ("chalkgrad schema > spec.schema.json", Message("a file for the settings of an editor"))
    verb(verbs, "schema", wording, about, [example]).set_defaults(run=_schema)


def _schema(_: argparse.Namespace, wording: Wording) -> int:
    print(json.dumps(_told(json_schema(), wording), indent=1, ensure_ascii=False))
    return 0


def _told(data: Any, wording: Wording) -> Any:
    """Data with its messages told in a language."""
    if isinstance(data, dict):
        return {key: _told(value, wording) for key, value in data.items()}
    if isinstance(data, list):
        return [_told(value, wording) for value in data]
    return told(data, wording) if isinstance(data, str) else data
