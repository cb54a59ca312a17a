"""The printed schema is valid JSON Schema, takes what chalkgrad takes, and refuses what it refuses."""

from __future__ import annotations

import copy
import json

import pytest
import yaml
from jsonschema import Draft202012Validator

from chalkgrad import SpecError, resources
from chalkgrad.cli import main
from chalkgrad.spec.judge import read_spec


@pytest.fixture
def schema(capsys):
    """What `chalkgrad schema` prints."""
    assert main(["schema"]) == 0
    return json.loads(capsys.readouterr().out)


def test_it_is_a_valid_schema(schema):
    Draft202012Validator.check_schema(schema)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"


def test_every_key_has_a_meaning_to_show(schema):
    def undescribed(node, path):
        for name, inner in node.get("properties", {}).items():
            if name not in ("name", "alpha", "formula") and not inner.get("description"):
                yield f"{path}.{name}"
            yield from undescribed(inner, f"{path}.{name}")
        if "items" in node:
            yield from undescribed(node["items"], f"{path}[]")

    assert list(undescribed(schema, "")) == []


@pytest.mark.parametrize("name", resources.example_names())
def test_it_takes_every_example(schema, name):
    spec = yaml.safe_load(resources.example(name).read_text("utf-8"))
    Draft202012Validator(schema).validate(spec)


def test_it_takes_the_starter(schema, tmp_path):
    Draft202012Validator(schema).validate(yaml.safe_load(resources.starter()))
    (tmp_path / "net.yaml").write_text(resources.starter(), encoding="utf-8")
    assert read_spec(tmp_path / "net.yaml").title("en") == "My first walk-through"


GOOD = {
    "title": {"en": "Small"},
    "network": {
        "layers": [
            {
                "units": 2,
                "activation": {"name": "elu", "alpha": 1},
                "weights": [["1/3", 0.2], [1, 2]],
                "bias": [1, "-1/2"],
            },
            {"units": 1, "activation": {"formula": "z*sigmoid(z)"}, "weights": [[1, 2]], "bias": {"shared": 0.35}},
            {"units": 1, "activation": "swish", "weights": [[1]], "bias": "none"},
        ],
        "loss": "half_squared_error",
        "reduction": "sum",
    },
    "data": {"x": [[1, 2]], "y": [[1]]},
    "train": {
        "optimizer": {"name": "sgd", "learning_rate": 0.5},
        "freeze": ["b1"],
        "steps": 2,
        "update": "sequential",
    },
    "show": {
        "notation": "mazur",
        "significant": 5,
        "views": ["scalar", "matrix"],
        "code": ["numpy", "pytorch"],
        "carry": "shown",
    },
}


def test_it_takes_every_form(schema):
    Draft202012Validator(schema).validate(GOOD)
    assert read_spec(GOOD).lesson.network.layers[1].shared_bias


WRONG = {
    "unknown key": (("titel",), "x"),
    "unknown key of a layer": (("network", "layers", 0, "wieghts"), [[1]]),
    "misspelt activation": (("network", "layers", 2, "activation"), "sigmiod"),
    "activation without a name": (("network", "layers", 2, "activation"), {"alpha": 1}),
    "activation of both kinds": (("network", "layers", 2, "activation"), {"name": "tanh", "formula": "z"}),
    "misspelt loss": (("network", "loss"), "mse"),
    "no layers": (("network", "layers"), []),
    "half a unit": (("network", "layers", 2, "units"), 1.5),
    "no units": (("network", "layers", 2, "units"), 0),
    "weights as a vector": (("network", "layers", 2, "weights"), [1]),
    "weights as words": (("network", "layers", 2, "weights"), [["one"]]),
    "bias as a number": (("network", "layers", 2, "bias"), 0.5),
    "bias as a word": (("network", "layers", 2, "bias"), "all"),
    "inputs as a vector": (("data", "x"), [1, 2]),
    "rate of zero": (("train", "optimizer", "learning_rate"), 0),
    "unknown optimizer": (("train", "optimizer", "name"), "sdg"),
    "steps without end": (("train", "steps"), 51),
    "freeze as a word": (("train", "freeze"), "b1"),
    "too many digits": (("show", "significant"), 16),
    "unknown notation": (("show", "notation"), "thta"),
    "views as a word": (("show", "views"), "matrix"),
    "title in an unknown language": (("title", "xx"), "x"),
}


@pytest.mark.parametrize("name", WRONG)
def test_it_refuses_what_the_judge_refuses(schema, name):
    path, value = WRONG[name]
    wrong = copy.deepcopy(GOOD)
    node = wrong
    for key in path[:-1]:
        node = node[key]
    node[path[-1]] = value
    assert not Draft202012Validator(schema).is_valid(wrong)
    with pytest.raises(SpecError):
        read_spec(wrong)


@pytest.mark.parametrize(
    "path",
    [
        ("network",),
        ("data",),
        ("network", "layers"),
        ("network", "loss"),
        ("data", "x"),
        ("data", "y"),
        ("train", "optimizer"),
    ],
    ids=".".join,
)
def test_it_refuses_what_lacks_a_key(schema, path):
    wrong = copy.deepcopy(GOOD)
    node = wrong
    for key in path[:-1]:
        node = node[key]
    del node[path[-1]]
    assert not Draft202012Validator(schema).is_valid(wrong)
    with pytest.raises(SpecError):
        read_spec(wrong)
