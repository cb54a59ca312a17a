"""chalkgrad from Python: a solved spec is a book of numbers by id, with its pages."""

from __future__ import annotations

import json
import math
from pathlib import Path

import numpy as np
import pytest

import chalkgrad
from chalkgrad import Example, SpecError, Step, UnknownId


@pytest.fixture(scope="module")
def mazur() -> Example:
    """Matt Mazur's example, whose numbers are published."""
    return chalkgrad.solve("mazur")


@pytest.fixture(scope="module")
def batch() -> Example:
    """Two samples."""
    return chalkgrad.solve("batch")


# Mazur (2015), "A Step by Step Backpropagation Example": his names, our ids, his digits
PUBLISHED = {
    "z1[1]": "0.3775",  # net h1
    "a1[1]": "0.593269992",  # out h1
    "a1[2]": "0.596884378",  # out h2
    "z2[1]": "1.105905967",  # net o1
    "a2[1]": "0.751365070",  # out o1
    "a2[2]": "0.772928465",  # out o2
    "J": "0.298371109",  # E total
    "dJ/dW2[1,1]": "0.082167041",  # dE/dw5
    "W2[1,1]'": "0.35891648",  # w5+
    "W2[1,2]'": "0.408666186",  # w6+
    "W2[2,1]'": "0.511301270",  # w7+
    "W2[2,2]'": "0.561370121",  # w8+
    "dJ/dW1[1,1]": "0.000438568",  # dE/dw1
    "W1[1,1]'": "0.149780716",  # w1+
    "W1[1,2]'": "0.19956143",  # w2+
    "W1[2,1]'": "0.24975114",  # w3+
    "W1[2,2]'": "0.29950229",  # w4+
}


@pytest.mark.parametrize("id", PUBLISHED)
def test_a_number_by_its_id(mazur, id):
    published = PUBLISHED[id]
    decimals = len(published.partition(".")[2])
    assert abs(mazur[id].value - float(published)) <= 0.51 * 10**-decimals
    assert mazur[id].id == id


def test_a_step_says_where_it_comes_from(mazur):
    step = mazur["dJ/dW1[1,2]"]
    assert isinstance(step, Step)
    assert step.section == "backward"
    assert isinstance(step.value, float)
    assert step.shown == f"{step.value:.9f}"
    for text in (step.symbol, step.symbolic, step.substituted):
        assert text
        assert text.count("{") == text.count("}")
    product = math.prod(factor["value"] for factor in step.factors)
    assert math.isclose(product, step.value, rel_tol=1e-12), (
        "the factors of a single path multiply to the gradient"
    )
    assert "0.593" not in step.symbolic
    assert any(factor["shown"] in step.substituted for factor in step.factors)


@pytest.mark.parametrize(
    ("asked", "kept"),
    [
        ("W1[1,1]#0", "W1[1,1]"),
        ("W1[1,1]#1", "W1[1,1]'"),
        ("J#1", "J'"),
        ("J#0", "J"),
        ("dJ/dW1[1, 2]", "dJ/dW1[1,2]"),
        ("J@1", "J"),
        ("a1[2]@1", "a1[2]"),
        ("J@1#1", "J'"),
        ("delta2[1]@1#0", "delta2[1]"),
    ],
)
def test_an_id_may_be_written_in_several_ways(mazur, asked, kept):
    assert mazur[asked] == mazur[kept]
    assert mazur[asked].id == kept


def test_ids_are_all_there_and_once(mazur):
    ids = mazur.ids()
    assert len(ids) == len(set(ids)) == len(mazur)
    expected = {
        *(f"x[{k}]" for k in (1, 2)), *(f"y[{k}]" for k in (1, 2)), "b1", "b2", "J", "J'",
        *(f"{letter}{layer}[{j}]" for letter in ("z", "a", "delta") for layer in (1, 2) for j in (1, 2)),
        *(f"W{layer}[{j},{k}]" for layer in (1, 2) for j in (1, 2) for k in (1, 2)),
        *(f"dJ/dW{layer}[{j},{k}]" for layer in (1, 2) for j in (1, 2) for k in (1, 2)),
        *(f"W{layer}[{j},{k}]'" for layer in (1, 2) for j in (1, 2) for k in (1, 2)),
        *(f"da{layer}[{j}]/dz{layer}[{j}]" for layer in (1, 2) for j in (1, 2)),
        *(f"dz2[{i}]/da1[{j}]" for i in (1, 2) for j in (1, 2)),
        *(f"dJ/da{layer}[{j}]" for layer in (1, 2) for j in (1, 2)),
    }  # fmt: skip
    assert expected - set(ids) == set()
    assert "b1'" not in ids, "frozen"


def test_iteration_gives_every_number_in_the_order_of_the_page(mazur):
    steps = list(mazur)
    assert tuple(step.id for step in steps) == mazur.ids()
    assert all(isinstance(step, Step) for step in steps)
    assert all(math.isfinite(step.value) for step in steps)
    sections = list(dict.fromkeys(step.section for step in steps))
    assert sections == [s for s in ("given", "forward", "loss", "backward", "update", "check") if s in sections]
    assert {"given", "forward", "loss", "backward", "update"} <= set(sections)


def test_the_json_holds_the_same(mazur):
    data = json.loads(mazur.text("json"))
    assert data == json.loads(json.dumps(mazur.data()))
    assert [record["id"] for record in data["steps"]] == list(mazur.ids())
    keys = {"id", "section", "value", "shown", "symbolic", "substituted", "factors"}
    for record, step in zip(data["steps"], mazur, strict=True):
        assert keys <= set(record)
        assert (record["value"], record["shown"]) == (step.value, step.shown)
        for factor in record["factors"]:
            assert {"id", "value", "shown"} <= set(factor)
            assert mazur[factor["id"]].value == factor["value"]


@pytest.mark.parametrize(
    ("asked", "meant"),
    [
        ("dJ/dW1[1,3]", "dJ/dW1[1,"),
        ("dj/dw1[1,2]", "dJ/dW1[1,2]"),
        ("delta3[1]", "delta"),
        ("W1[1,1]''", "W1[1,1]'"),
    ],
)
def test_an_unknown_id_is_told_with_the_nearest(mazur, asked, meant):
    with pytest.raises(UnknownId) as caught:
        mazur[asked]
    message = str(caught.value)
    assert message.startswith(f'no number has the id "{asked}"; did you mean "{meant}')
    with pytest.raises(KeyError):
        mazur[asked]


def test_an_id_near_nothing_is_just_unknown(mazur):
    with pytest.raises(UnknownId) as caught:
        mazur["quartz"]
    assert str(caught.value) == 'no number has the id "quartz"'


def test_asking_whether_an_id_is_there(mazur):
    assert "J" in mazur.ids()
    assert "dJ/dW9[1,1]" not in mazur.ids()


# --- batches ---------------------------------------------------------------------------------------------------


def test_a_batch_has_numbers_of_each_sample_and_of_all(batch):
    ids = batch.ids()
    assert {
        "z1[1]@1",
        "z1[1]@2",
        "a2[1]@1",
        "J@1",
        "J@2",
        "J",
        "dJ/dW1[1,1]@1",
        "dJ/dW1[1,1]@2",
        "dJ/dW1[1,1]",
    } <= set(ids)
    assert "z1[1]" not in ids
    assert "W1[1,1]@1" not in ids
    # by hand: z1[1] = 0.5·0.5 + 0.2·0.1 and 0.5·0.2 + 0.2·0.6
    assert batch["z1[1]@1"].value == 0.27
    assert batch["z1[1]@2"].value == 0.22


def test_the_gradient_of_a_sum_is_the_sum_of_gradients(batch):
    for id in ("dJ/dW1[1,1]", "dJ/dW2[1,3]", "J"):
        assert math.isclose(batch[id].value, batch[f"{id}@1"].value + batch[f"{id}@2"].value, rel_tol=1e-12)


def test_a_sample_that_must_be_said_is_asked_for(batch):
    with pytest.raises(UnknownId, match=r'did you mean "z1\[1\]@'):
        batch["z1[1]"]


# --- specs as Python data --------------------------------------------------------------------------------------

DATA = {
    "network": {
        "layers": [
            {"units": 2, "activation": "relu", "weights": [[0.5, 1], [-1, 0.5]], "bias": [0, -1]},
            {"units": 1, "activation": "identity", "weights": [[1, -2]], "bias": "none"},
        ],
        "loss": "half_squared_error",
    },
    "data": {"x": [[1, 0.4]], "y": [[1]]},
    "train": {"optimizer": {"name": "sgd", "learning_rate": 0.1}},
}


def test_a_network_from_plain_lists():
    example = chalkgrad.solve(DATA)
    # by hand: z = 0.5 + 0.4 = 0.9 and −1 + 0.2 − 1 = −1.8; a = 0.9 and 0; output 0.9; J = 0.1²/2
    assert [example[id].value for id in ("z1[1]", "z1[2]", "a1[1]", "a1[2]", "a2[1]", "J")] == [
        0.9,
        -1.8,
        0.9,
        0.0,
        0.9,
        0.005,
    ]
    # dJ/da = −0.1; dJ/dW2 = −0.1·0.9 = −0.09; W2' = 1 + 0.009; dJ/dW1[1,2] = −0.1·1·0.4
    assert example["dJ/dW2[1,1]"].shown == "-0.09"
    assert example["W2[1,1]'"].value == 1.009
    assert example["dJ/dW1[1,2]"].value == -0.04
    assert example["dJ/dW1[2,1]"].value == 0
    assert example.spec.name == "network"


def test_arrays_make_the_same_network():
    layers = [{**layer, "weights": np.array(layer["weights"])} for layer in DATA["network"]["layers"]]  # type: ignore[index]
    arrays = {
        **DATA,
        "network": {**DATA["network"], "layers": layers},
        "data": {"x": np.array([[1, 0.4]]), "y": np.array([[1]])},
    }  # type: ignore[dict-item]
    assert chalkgrad.solve(arrays).data() == chalkgrad.solve(DATA).data()


def test_a_path_may_be_a_text_or_a_path(write_spec):
    path = write_spec()
    assert chalkgrad.solve(path).data() == chalkgrad.solve(str(path)).data()
    assert chalkgrad.solve(path).spec.name == "net"


def test_options_by_keyword(write_spec):
    path = write_spec()
    assert chalkgrad.solve(path, decimals=2)["a1[1]"].shown == "0.52"  # 0.52497918…
    assert chalkgrad.solve(path, significant=8)["a1[1]"].shown == "0.52497919"
    matrix = chalkgrad.solve(path, views=["matrix"], notation="nielsen").to_markdown()
    assert "matrix}" in matrix


def test_an_option_that_is_none_is_told(write_spec):
    with pytest.raises(SpecError, match=r'options: decimal: found the key "decimal".*did you mean "decimals"'):
        chalkgrad.solve(write_spec(), decimal=3)


def test_python_data_is_not_changed():
    import copy

    before = copy.deepcopy(DATA)
    chalkgrad.solve(DATA, decimals=3)
    assert before == DATA


# --- pages -----------------------------------------------------------------------------------------------------


def test_pages_as_text(mazur):
    assert mazur.to_markdown() == mazur.text("md")
    assert mazur.to_latex() == mazur.text("tex")
    assert mazur.to_html() == mazur.text("html")
    assert mazur.to_markdown().startswith("# A step by step backpropagation example\n")
    assert mazur.to_latex().startswith("\\documentclass")
    assert mazur.to_html().startswith("<!DOCTYPE html>")


def test_jupyter_shows_markdown(mazur):
    assert mazur._repr_markdown_() == mazur.to_markdown()


def test_saving(mazur, tmp_path):
    paths = mazur.save(tmp_path / "pages", ["tex", "json"])
    assert paths == [tmp_path / "pages" / "mazur" / f"mazur.{extension}" for extension in ("tex", "json")]
    assert [path.read_text("utf-8") for path in paths] == [mazur.text("tex"), mazur.text("json")]
    assert sorted(tmp_path.rglob("*.*")) == sorted(paths)


def test_saving_says_the_formats_by_itself(mazur, tmp_path):
    assert {"mazur.md", "mazur.tex", "mazur.json"} <= {path.name for path in mazur.save(str(tmp_path))}


def test_saving_an_unknown_format_writes_nothing(mazur, tmp_path):
    with pytest.raises(chalkgrad.ChalkgradError, match='no format is called "docx"'):
        mazur.save(tmp_path, ["md", "docx"])
    assert list(tmp_path.iterdir()) == []


def test_saving_where_nothing_can_be_written(mazur, tmp_path):
    (tmp_path / "pages").write_text("in the way")
    with pytest.raises(chalkgrad.OutputError):
        mazur.save(tmp_path / "pages")


def test_solving_twice_gives_the_same(write_spec):
    path = write_spec()
    first, second = chalkgrad.solve(path), chalkgrad.solve(path)
    for name in ("md", "tex", "json"):
        assert first.text(name) == second.text(name) == first.text(name)


def test_the_example_of_the_readme_page_works():
    # the first lines that a reader tries: those of the package's own docstring
    import doctest

    failed, tried = doctest.testmod(chalkgrad)
    assert (failed, tried > 0) == (0, True)


def test_a_missing_file_is_a_problem_of_the_spec():
    with pytest.raises(SpecError, match="no such file"):
        chalkgrad.solve(Path("nobody.yaml"))


def test_an_error_says_itself_in_the_language_asked():
    with pytest.raises(chalkgrad.SpecError) as caught:
        chalkgrad.solve({"network": {}})
    told = caught.value.told(chalkgrad.load_wording("pt_BR"))
    assert "deveria haver uma rede com loss: a perda de uma amostra" in told
    assert "expected a network with loss: the loss of one sample" in str(caught.value)
