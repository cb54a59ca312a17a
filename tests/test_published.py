"""Numbers that others published, to the digits they printed."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest
import yaml

import chalkgrad
from chalkgrad import resources
from oracles import autograd_walk

# Matt Mazur, "A Step by Step Backpropagation Example" (2015), in the order of his page.
MAZUR = {
    "z1[1]": "0.3775",
    "a1[1]": "0.593269992",
    "a1[2]": "0.596884378",
    "z2[1]": "1.105905967",
    "a2[1]": "0.75136507",
    "a2[2]": "0.772928465",
    "J[1]": "0.274811083",
    "J[2]": "0.023560026",
    "J": "0.298371109",
    "dJ/da2[1]": "0.74136507",
    "da2[1]/dz2[1]": "0.186815602",
    "delta2[1]": "0.138498562",
    "dJ/dW2[1,1]": "0.082167041",
    "W2[1,1]'": "0.35891648",
    "W2[1,2]'": "0.408666186",
    "W2[2,1]'": "0.511301270",
    "W2[2,2]'": "0.561370121",
    "dJ/da1[1]": "0.036350306",
    "da1[1]/dz1[1]": "0.241300709",
    "dJ/dW1[1,1]": "0.000438568",
    "W1[1,1]'": "0.149780716",
}
MAZUR_EIGHT_DECIMALS = {"W1[1,2]'": "0.19956143", "W1[2,1]'": "0.24975114", "W1[2,2]'": "0.29950229"}
"""These he printed with a digit less than the rest."""
MAZUR_LAST_ERROR = "0.291027774"
"""After one update.  His page says 0.291027924, which does not follow from his own weights."""

# A lecture's chain of two sigmoid units without bias, learning y = x: weights -0.5 and 0.5, rate 0.1.
CHAIN = {
    "a2[1]": "0.5470529",
    "J": "0.1025805",
    "dJ/dW2[1,1]": "-0.0423729",
    "dJ/dW1[1,1]": "-0.0131877",
    "W2[1,1]'": "0.5042373",
    "W1[1,1]'": "-0.4986812",
}


def printed(value: float, text: str) -> str:
    """A number with as many decimals as a published one."""
    return f"{value:.{len(text.partition('.')[2])}f}"


@pytest.fixture(scope="module")
def mazur() -> chalkgrad.Example:
    return chalkgrad.solve("mazur")


@pytest.mark.parametrize(("id", "text"), (MAZUR | MAZUR_EIGHT_DECIMALS | {"J'": MAZUR_LAST_ERROR}).items())
def test_mazur(mazur: chalkgrad.Example, id: str, text: str) -> None:
    assert printed(mazur[id].value, text) == text


def test_mazur_at_nine_decimals_shows_his_numbers() -> None:
    steps = json.loads(chalkgrad.solve("mazur", decimals=9).text("json"))["steps"]
    shown = {step["id"]: Decimal(step["shown"]) for step in steps}
    expected = {id: Decimal(text) for id, text in (MAZUR | {"J'": MAZUR_LAST_ERROR}).items()}
    assert {id: shown[id] for id in expected} == expected


def test_mazur_shown_has_nine_decimals(mazur: chalkgrad.Example) -> None:
    """His 0.75136507 is a 0.751365070 whose last digit went missing."""
    assert mazur["a2[1]"].shown == "0.751365070"
    assert mazur["z1[1]"].shown == "0.3775"  # exact, so as it is


def test_mazur_last_total_error_is_a_slip_of_his() -> None:
    """Not of chalkgrad's: an independent oracle says the same."""
    spec = yaml.safe_load(resources.example("mazur").read_text(encoding="utf-8"))
    assert printed(autograd_walk(spec).values["J'"], MAZUR_LAST_ERROR) == MAZUR_LAST_ERROR


def test_mazur_keeps_his_biases(mazur: chalkgrad.Example) -> None:
    assert not {"b1'", "b2'"} & set(mazur.ids())


@pytest.mark.parametrize(("id", "text"), CHAIN.items())
def test_chain(id: str, text: str) -> None:
    assert printed(chalkgrad.solve("chain")[id].value, text) == text


def test_chain_at_seven_decimals() -> None:
    example = chalkgrad.solve("chain", decimals=7, language="en")
    assert {id: example[id].shown for id in CHAIN} == CHAIN
