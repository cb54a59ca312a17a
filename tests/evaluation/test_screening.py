"""Numbers of many candidates lie where FLINT finds those of one; only what is wanted is computed."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from flint import arb, ctx

from chalkgrad import solve
from chalkgrad.evaluation.alone import Alone
from chalkgrad.evaluation.columns import Column
from chalkgrad.evaluation.floats import FloatBall
from chalkgrad.evaluation.grids import Grid
from chalkgrad.evaluation.screening import CHUNK, Screening, ball_of, needed
from chalkgrad.quantities import At

ACTIVATIONS = ["sigmoid", "tanh", "arctan", "softplus", "elu", "gelu", "silu", "relu", "softmax"]


def network(activation, **more):
    wide = activation == "softmax"
    layers = [
        {"units": 2, "activation": "tanh", "weights": [[0.5, -0.3], [0.1, 0.8]], "bias": [0.2, -0.4]},
        {"units": 2, "activation": activation, "weights": [[0.7, -0.9], [0.2, 0.3]], "bias": [0.3, 0.1]},
    ]
    loss = "cross_entropy" if wide else "half_squared_error"
    data = {"x": [[0.5, -1]], "y": [[1, 0]]}
    return solve({"network": {"layers": layers, "loss": loss}, "data": data, **more})


def columns_of(example, ids, count, seed=3):
    rng = np.random.default_rng(seed)
    table = tuple(Fraction(n, 10) for n in range(-30, 31))
    columns = {example.at(id): Column(table, rng.integers(0, len(table), count)) for id in ids}
    return {example.program.register(at): column for at, column in columns.items()}


IDS = ["x[1]", "x[2]", "W1[1,1]", "W1[2,2]", "W2[1,1]", "W2[2,1]", "b2[1]"]


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_every_ball_holds_its_number(activation):
    example = network(activation)
    program = example.program
    wanted = [i for at, i in program.registers.items() if "~" not in at.id(1)]
    columns = columns_of(example, IDS, 12)
    (chunk,) = Screening(program.given, program.instructions, wanted).chunks(columns, 12)
    makers = {instruction.register: instruction for instruction in program.instructions}
    tight = 0
    for row in range(12):
        drawn = {place: column.table[column.picks[row]] for place, column in columns.items()}
        one = Alone({**program.given, **drawn}, makers)
        with ctx.workprec(200):
            for place in wanted:
                ball = ball_of(chunk.numbers[place])
                mid, rad = (float(np.broadcast_to(part, (12,))[row]) for part in ball)
                true = one.value(place).as_ball()
                assert abs(true - arb(mid)) <= arb(rad), program.registers
                if isinstance(chunk.numbers[place], Grid):
                    above, below = (np.broadcast_to(part, (12,))[row] for part in chunk.numbers[place][:2])
                    assert one.value(place).exact * int(below) == int(above)
                tight += rad <= 1e-12 * max(1, abs(mid))
    assert tight > 11 * len(wanted), "else the balls prove little"


def test_numbers_too_small_for_a_float_are_not_0():
    example = solve(
        {"circuit": {"inputs": {"a": 1}, "steps": {"u": "exp(-a)", "v": "u*u", "x": "v + a"}, "output": "x"}}
    )
    program = example.program
    place = program.register(example.at("v"))
    column = {program.register(example.at("a")): Column.of([Fraction(0), Fraction(400), Fraction(800)])}
    (chunk,) = Screening(program.given, program.instructions, [place]).chunks(column, 3)
    ball = chunk.numbers[place]
    assert isinstance(ball, FloatBall)
    assert (ball.rad > 0).all()
    makers = {instruction.register: instruction for instruction in program.instructions}
    assert Alone({**program.given, next(iter(column)): Fraction(800)}, makers).sign(place) == 1


def test_only_what_is_wanted_is_computed():
    example = network("sigmoid", train={"optimizer": {"name": "sgd", "learning_rate": 0.1}})
    program = example.program
    a1 = program.register(example.at("a1[1]"))
    assert [str(one.at.id(1)) for one in needed(program.instructions, [a1])] == ["z1[1]", "a1[1]"]
    assert needed(program.instructions, [program.register(example.at("x[1]"))]) == []
    (chunk,) = Screening(program.given, program.instructions, [a1]).chunks({}, 1)
    assert set(chunk.numbers) == {a1}, "what was made on the way is not kept"


def test_chunks_are_of_one_size_whatever_their_number():
    example = network("sigmoid")
    program = example.program
    place = program.register(example.at("J"))
    columns = columns_of(example, IDS, 2 * CHUNK + 5)
    sizes = [
        (chunk.start, chunk.size, np.shape(ball_of(chunk.numbers[place]).mid))
        for chunk in Screening(program.given, program.instructions, [place]).chunks(columns, 2 * CHUNK + 5)
    ]
    assert sizes == [(0, CHUNK, (CHUNK,)), (CHUNK, CHUNK, (CHUNK,)), (2 * CHUNK, 5, (5,))]


def test_a_given_number_alone():
    example = network("sigmoid")
    place = example.program.register(At(example.at("x[1]").quantity))
    (chunk,) = Screening(example.program.given, example.program.instructions, [place]).chunks({}, 3)
    assert ball_of(chunk.numbers[place]).mid == 0.5
