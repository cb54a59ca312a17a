"""What is wrong in a spec of sheets or proofs is told with its place, what was found, and what was expected."""

from __future__ import annotations

import pytest

from chalkgrad.errors import SpecError
from chalkgrad.spec.judge import judge
from chalkgrad.spec.source import read_text

NETWORK = """
network:
  layers:
    - {units: 1, activation: %s, weights: [[1]], bias: none}
    - {units: 1, activation: %s, weights: [[1]], bias: none}
  loss: half_squared_error
data: {x: [[1]], y: [[0]]}
"""

MISTAKES = {
    "activations: sigmiod": ['1:14: found "sigmiod", expected all, or an activation', 'did you mean "sigmoid"?'],
    "activations: [sigmoid, tahn]": ['1:24: found "tahn", expected an activation', 'did you mean "tanh"?'],
    "activations: [tanh, tanh]": ['1:21: found "tanh", expected each function once'],
    "activations: []": ["1:14: found an empty list, expected a list of activations"],
    "activations: [{name: elu, beta: 1}]": ['1:27: found the key "beta", expected the activation elu'],
    "activations: [{formula: z*sigmod(z)}]": ['"sigmod" is neither a variable nor a function here'],
    "activations: tanh\nat: []": ["2:5: found an empty list, expected points, such as [-2, -1, 0, 1, 2]"],
    "activations: tanh\nat: [0, 1, 0]": ["2:12: found the point 0 again, expected each point once"],
    "activations: tanh\nat: [one]": ['2:6: found "one", expected a number such as'],
    "activations: tanh\nat: [1e6]": ['2:6: found "1000000", expected a number from -100 to 100'],
    "activations: tanh\nat: [1,2,3,4,5,6,7,8,9,10,11,12,13]": ["2:5: found 13 numbers, expected from 1 to 12"],
    "activations: tanh\nsoftmax_at: [1, 2]": ["2:13: found sums for softmax, expected softmax among the"],
    "activations: softmax\nsoftmax_at: [1]": ["2:13: found 1 number, expected from 2 to 6 numbers"],
    "activations: softmax\nsoftmax: [1]": ['2:1: found the key "softmax"', 'did you mean "softmax_at"?'],
    "activations: tanh\ntrain: {}": ['2:1: found the key "train"'],
    "proofs: colapse": ['1:9: found "colapse", expected all, or a proof', 'did you mean "collapse"?'],
    "proofs: [tanh, tanh]": ['1:16: found "tanh", expected each proof once'],
    "proofs: collapse": [
        '1:9: found no "network", expected the key "network", for the proof collapse is about a network',
        '1:9: found no "data", expected the key "data"',
    ],
    "proofs: collapse" + NETWORK % ("identity", "tanh"): [
        '5:30: found "tanh", expected identity, for only linear layers collapse'
    ],
    "proofs: backpropagation" + NETWORK % ("step", "tanh"): [
        '4:30: found "step", expected an activation with a derivative'
    ],
    "proofs: backpropagation" + NETWORK % ("softmax", "tanh"): [
        '4:30: found "softmax", expected softmax in the last layer alone'
    ],
    "proofs: collapse\nnetwork:\n  layers: [{units: 1, activation: identity, weights: [[1]]}]\n"
    "  loss: half_squared_error\ndata: {x: [[1]], y: [[0]]}": [
        "3:11: found a single layer, expected at least two, to collapse into one"
    ],
    "proofs: collapse" + (NETWORK % ("identity", "identity")).replace("x: [[1]]", "x: [[1, 2]]"): [
        "found 1 weight a row, expected 2, one for each input"
    ],
}


@pytest.mark.parametrize("text", MISTAKES)
def test_a_mistake_is_told_at_its_place(text):
    with pytest.raises(SpecError) as caught:
        judge(read_text(text, "sheet.yaml"), "sheet", {})
    told = str(caught.value)
    for words in MISTAKES[text]:
        assert words in told


def test_a_layer_too_large_for_letters_is_refused():
    row = ", ".join("1" for _ in range(41))
    text = (
        f"proofs: backpropagation\nnetwork:\n  layers: [{{units: 1, activation: tanh, weights: [[{row}]]}}]\n"
        f"  loss: half_squared_error\ndata: {{x: [[{row}]], y: [[0]]}}"
    )
    with pytest.raises(SpecError, match=r"found 41 weights, expected at most 40 in a layer of a proof"):
        judge(read_text(text, "sheet.yaml"), "sheet", {})


def test_all_problems_are_told_at_once():
    with pytest.raises(SpecError) as caught:
        judge(read_text("activations: [tanh, tanh]\nat: [1, 1]\nsoftmax_at: [1]"), "sheet", {})
    assert len(caught.value.problems) == 4
