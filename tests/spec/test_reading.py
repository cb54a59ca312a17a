"""What a spec says is read as it was written: numbers exactly, words as words."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalkgrad.spec.judge import read_spec
from chalkgrad.spec.source import Entries, Items, Scalar, read_text


def one_weight(number: object) -> Fraction:
    """What a single weight, given as Python data, is read as."""
    return read_spec(neuron(weights=[[number]])).lesson.network.layers[0].weights[0][0]


def neuron(**layer: object) -> dict[str, object]:
    """The smallest spec: one input, one unit, no training."""
    return {
        "network": {
            "layers": [{"units": 1, "activation": "identity", "weights": [[1]], **layer}],
            "loss": "squared_error",
        },
        "data": {"x": [[1]], "y": [[1]]},
    }


def in_file(write_spec, number: str) -> Fraction:
    text = f"""\
network:
  layers: [{{units: 1, activation: identity, weights: [[{number}]]}}]
  loss: squared_error
data: {{x: [[1]], y: [[1]]}}
"""
    return read_spec(write_spec(text)).lesson.network.layers[0].weights[0][0]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("0.1", Fraction(1, 10)),
        ("0.20", Fraction(1, 5)),
        ("-2", Fraction(-2)),
        ("+3", Fraction(3)),
        (".5", Fraction(1, 2)),
        ("5.", Fraction(5)),
        ("1e-3", Fraction(1, 1000)),
        ("-2.5E+2", Fraction(-250)),
        ("007", Fraction(7)),  # YAML 1.1 would say octal
        ("012", Fraction(12)),  # and ten
        ('"0.1"', Fraction(1, 10)),
        ('"1/3"', Fraction(1, 3)),
        ("1/3", Fraction(1, 3)),
        ('"-2 / 6"', Fraction(-1, 3)),
        ("0.30000000000000000001", Fraction(30000000000000000001, 10**20)),
        ("123456789012345678901234567890", Fraction(123456789012345678901234567890)),
    ],
)
def test_numbers_of_a_file_are_exact(write_spec, written, meant):
    assert in_file(write_spec, written) == meant


@given(st.fractions(min_value=-1000, max_value=1000, max_denominator=10**9))
def test_every_fraction_is_read_exactly(value):
    assert one_weight(f"{value.numerator}/{value.denominator}") == value
    assert one_weight(value) == value


@given(st.decimals(min_value=-(10**6), max_value=10**6, places=8))
def test_every_decimal_is_read_exactly(value):
    assert one_weight(f"{value:f}") == Fraction(value)


@pytest.mark.parametrize(
    ("number", "meant"),
    [
        (0.1, Fraction(1, 10)),
        (0.7, Fraction(7, 10)),
        (1e-7, Fraction(1, 10**7)),
        (1e22, Fraction(10**22)),
        (3, Fraction(3)),
    ],
)
def test_a_python_float_means_what_python_prints(number, meant):
    assert one_weight(number) == meant


@given(st.floats(min_value=-1e20, max_value=1e20).filter(lambda f: f == 0 or abs(f) > 1e-20))
def test_any_python_float_means_what_python_prints(number):
    assert one_weight(number) == Fraction(Decimal(repr(number)))


def test_numpy_arrays_and_numbers_are_taken():
    data = neuron(units=np.int64(2), weights=np.array([[0.1, 0.2], [0.3, 0.4]]), bias=np.array([0.5, -0.25]))
    data["data"] = {"x": np.array([[1.0, 2.0]]), "y": np.eye(1, 2)}
    spec = read_spec(data)
    assert spec.lesson.network.layers[0].weights == (
        (Fraction(1, 10), Fraction(1, 5)),
        (Fraction(3, 10), Fraction(2, 5)),
    )
    assert spec.lesson.network.layers[0].bias == (Fraction(1, 2), Fraction(-1, 4))
    assert spec.lesson.x == ((1, 2),)
    assert spec.lesson.y == ((1, 0),)


def test_tuples_are_lists():
    assert one_weight(0.5) == read_spec(neuron(weights=((0.5,),))).lesson.network.layers[0].weights[0][0]


def test_anchors_and_aliases_say_a_thing_once(write_spec):
    text = """\
network:
  layers:
    - &layer {units: 2, activation: tanh, weights: &w [[0.1, 0.2], [0.3, 0.4]], bias: &b [1, 2]}
    - {units: 2, activation: sigmoid, weights: *w, bias: *b}
    - *layer
  loss: squared_error
data: {x: [[1, 2]], y: [[0, 1]]}
"""
    first, second, third = read_spec(write_spec(text)).lesson.network.layers
    assert first == third
    assert second.weights == first.weights
    assert second.bias == first.bias
    assert second.activation.name == "sigmoid"


# --- titles ----------------------------------------------------------------------------------------------------


def titled(write_spec, title: str, name: str = "net.yaml", **show: object):
    text = f"""\
{title}
network:
  layers: [{{units: 1, activation: identity, weights: [[1]]}}]
  loss: squared_error
data: {{x: [[1]], y: [[1]]}}
"""
    return read_spec(write_spec(text, name), **show)


def test_a_title_may_be_one_text_for_all_languages(write_spec):
    spec = titled(write_spec, "title: One step")
    assert spec.title("en") == spec.title("pt_BR") == "One step"


def test_a_title_may_differ_by_language(write_spec):
    spec = titled(write_spec, "title: {en: One step, pt_BR: Um passo}")
    assert spec.title("en") == "One step"
    assert spec.title("pt_BR") == "Um passo"


def test_a_title_in_another_language_is_better_than_none(write_spec):
    assert titled(write_spec, "title: {en: One step}").title("pt_BR") == "One step"
    assert titled(write_spec, "title: {pt_BR: Um passo}").title("en") == "Um passo"


@pytest.mark.parametrize("title", ["", "title: ''", "title:"])
def test_without_a_title_the_name_of_the_file_is_one(write_spec, title):
    assert titled(write_spec, title, "two_small-layers.yaml").title("en") == "two small layers"


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("no", "no"),
        ("on", "on"),
        ("1.50", "1.50"),
        ("2015-01-02", "2015-01-02"),
        ("0x10", "0x10"),
        ("'a: b'", "a: b"),
        ("~a", "~a"),
    ],
)
def test_words_stay_words(write_spec, written, meant):
    # YAML 1.1 would make False, True, 1.5, a date and 16 of them
    assert titled(write_spec, f"title: {written}").title("en") == meant


def test_what_cannot_be_printed_leaves_a_title(write_spec):
    assert titled(write_spec, r'title: "a\u202eb \ue0003\ue001\tc"').title("en") == "a b 3 c"


# --- defaults and options --------------------------------------------------------------------------------------


def test_what_is_left_out_has_its_default():
    spec = read_spec(neuron())
    assert spec.train is None
    assert spec.lesson.network.mean
    assert spec.lesson.network.layers[0].bias == ()
    assert not spec.lesson.network.layers[0].shared_bias
    show = spec.show
    assert (show.notation, show.language, show.decimals, show.significant) == ("theta", "en", None, 6)
    assert (show.rounding, show.carry, show.views, show.detail, show.code) == (
        "half_up",
        "full",
        ("scalar",),
        "siblings",
        (),
    )
    assert spec.name == "network"


def test_training_left_half_said_has_its_defaults():
    train = read_spec({**neuron(), "train": {"optimizer": {"name": "sgd", "learning_rate": 0.1}}}).train
    assert train is not None
    assert (train.learning_rate, train.freeze, train.steps, train.sequential) == (Fraction(1, 10), (), 1, False)


@pytest.mark.parametrize(
    ("bias", "numbers", "shared"),
    [("none", (), False), ([0.5], (Fraction(1, 2),), False), ({"shared": 0.35}, (Fraction(7, 20),), True)],
)
def test_a_bias_has_three_forms(bias, numbers, shared):
    layer = read_spec(neuron(bias=bias)).lesson.network.layers[0]
    assert (layer.bias, layer.shared_bias) == (numbers, shared)


@pytest.mark.parametrize(
    ("activation", "name", "settings"),
    [
        ("logistic", "sigmoid", {}),
        ("swish", "silu", {}),
        ("leaky_relu", "leaky_relu", {"alpha": Fraction(1, 100)}),
        ({"name": "leaky_relu", "alpha": 0.1}, "leaky_relu", {"alpha": Fraction(1, 10)}),
        ({"name": "elu"}, "elu", {"alpha": Fraction(1)}),
        ({"name": "prelu", "alpha": "1/3"}, "prelu", {"alpha": Fraction(1, 3)}),
        ({"name": "tanh"}, "tanh", {}),
        ({"formula": "z*sigmoid(z)"}, "formula", {}),
    ],
)
def test_an_activation_is_a_word_a_word_with_settings_or_a_formula(activation, name, settings):
    layer = read_spec(neuron(activation=activation)).lesson.network.layers[0]
    assert (layer.activation.name, layer.settings) == (name, settings)


def test_options_override_what_the_spec_says(write_spec, small):
    spec = read_spec(write_spec(small), notation="mazur", views=["matrix"], detail="full")
    assert (spec.show.notation, spec.show.views, spec.show.detail) == ("mazur", ("matrix",), "full")
    assert spec.show.decimals == 4, "what was not asked for stays"


def test_digits_are_one_wish(write_spec, small):
    path = write_spec(small)  # asks for 4 decimals
    asked = read_spec(path, significant=3).show
    assert (asked.decimals, asked.significant) == (None, 3)
    asked = read_spec(path, decimals=0).show
    assert (asked.decimals, asked.significant) == (0, None)


def test_an_option_of_none_asks_for_nothing(write_spec, small):
    path = write_spec(small)
    assert read_spec(path, notation=None, decimals=None) == read_spec(path)


def test_an_option_does_not_hide_a_mistake(write_spec, small):
    from chalkgrad import SpecError

    with pytest.raises(SpecError, match="99"):
        read_spec(write_spec(small.replace("decimals: 4", "decimals: 99")), decimals=3)


# --- the text itself -------------------------------------------------------------------------------------------


def test_a_byte_order_mark_and_windows_line_ends_are_welcome(write_spec, small):
    plain = read_spec(write_spec(small))
    path = write_spec("", "other.yaml")
    path.write_bytes(b"\xef\xbb\xbf" + small.replace("\n", "\r\n").encode())
    other = read_spec(path)
    assert (other.lesson, other.train, other.titles) == (
        plain.lesson, plain.train, plain.titles,
    )  # fmt: skip


def test_json_is_yaml_too(write_spec):
    import json

    assert read_spec(write_spec(json.dumps(neuron()), "net.json")).lesson == read_spec(neuron()).lesson


def test_every_node_knows_its_place():
    root = read_text("a: [1, {b: 'c d'}]\n\nlonger:\n  - x\n", "f.yaml")
    assert isinstance(root, Entries)
    (_, items), (longer, block) = root.entries
    assert isinstance(items, Items)
    inner = items.items[1]
    assert isinstance(inner, Entries)
    key, value = inner.entries[0]
    assert isinstance(block, Items)
    places = [
        (node.place.line, node.place.column)
        for node in (items, items.items[0], inner, key, value, longer, block.items[0])
    ]
    assert places == [(1, 4), (1, 5), (1, 8), (1, 9), (1, 12), (3, 1), (4, 5)]


def test_a_node_knows_whether_it_was_quoted():
    root = read_text("[plain, 'single', \"double\"]")
    assert isinstance(root, Items)
    assert [node.quoted for node in root.items if isinstance(node, Scalar)] == [False, True, True]
