"""How fast chalkgrad is, beside a peer in the same run.  `make benchmark` prints the figures; nothing is asserted.

What to look for: a warm page below 50 ms, and below handcalcs' time for typing the same formulas out without
deriving them; the cold command line within 1.5 times the bare imports; more than 2,000 variants a second;
784-30-10 below 3 s.
"""

from __future__ import annotations

import os
import random
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest

import chalkgrad
from chalkgrad import resources

VARIANTS = 10_000
# compiled modules are kept between runs, as on any user's machine
ENVIRONMENT = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}


def test_one_page_from_text_to_latex_and_markdown(benchmark: Any) -> None:
    text = resources.example("mazur")

    def page() -> int:
        example = chalkgrad.solve(text)
        return len(example.to_latex()) + len(example.to_markdown())

    page()
    assert benchmark.pedantic(page, rounds=20, warmup_rounds=2) > 1000


def typed_out() -> Callable[[], Any]:
    """The formulas of a page, typed into handcalcs by hand."""
    handcalcs = pytest.importorskip("handcalcs.decorator")

    def formulas(render: Callable[..., Any]) -> Any:
        @render(jupyter_display=False, precision=9)
        def step() -> Any:
            i_1, i_2, t_1, t_2, eta = 0.05, 0.10, 0.01, 0.99, 0.5
            w_1, w_2, w_3, w_4, b_1 = 0.15, 0.20, 0.25, 0.30, 0.35
            w_5, w_6, w_7, w_8, b_2 = 0.40, 0.45, 0.50, 0.55, 0.60
            e = 2.718281828459045
            n_1 = w_1 * i_1 + w_2 * i_2 + b_1
            n_2 = w_3 * i_1 + w_4 * i_2 + b_1
            h_1 = 1 / (1 + e ** (-n_1))
            h_2 = 1 / (1 + e ** (-n_2))
            m_1 = w_5 * h_1 + w_6 * h_2 + b_2
            m_2 = w_7 * h_1 + w_8 * h_2 + b_2
            o_1 = 1 / (1 + e ** (-m_1))
            o_2 = 1 / (1 + e ** (-m_2))
            E_1 = (t_1 - o_1) ** 2 / 2
            E_2 = (t_2 - o_2) ** 2 / 2
            E = E_1 + E_2
            d_1 = (o_1 - t_1) * o_1 * (1 - o_1)
            d_2 = (o_2 - t_2) * o_2 * (1 - o_2)
            g_5 = d_1 * h_1
            g_6 = d_1 * h_2
            g_7 = d_2 * h_1
            g_8 = d_2 * h_2
            c_1 = (d_1 * w_5 + d_2 * w_7) * h_1 * (1 - h_1)
            c_2 = (d_1 * w_6 + d_2 * w_8) * h_2 * (1 - h_2)
            g_1 = c_1 * i_1
            g_2 = c_1 * i_2
            g_3 = c_2 * i_1
            g_4 = c_2 * i_2
            v_1 = w_1 - eta * g_1
            v_2 = w_2 - eta * g_2
            v_3 = w_3 - eta * g_3
            v_4 = w_4 - eta * g_4
            v_5 = w_5 - eta * g_5
            v_6 = w_6 - eta * g_6
            v_7 = w_7 - eta * g_7
            v_8 = w_8 - eta * g_8
            return E, v_1, v_2, v_3, v_4, v_5, v_6, v_7, v_8

        return step

    return formulas(handcalcs.handcalc)  # type: ignore[no-any-return]


@pytest.mark.filterwarnings("ignore")
def test_the_same_formulas_typed_into_handcalcs(benchmark: Any) -> None:
    latex, numbers = benchmark.pedantic(typed_out(), rounds=5, warmup_rounds=1)
    assert abs(numbers[0] - 0.298371109) < 1e-9
    assert len(latex) > 1000


def test_bare_imports_cold(benchmark: Any) -> None:
    command = [sys.executable, "-c", "import sympy, jinja2, numpy"]
    benchmark.pedantic(lambda: subprocess.run(command, check=True, env=ENVIRONMENT), rounds=7, warmup_rounds=1)


def test_command_line_cold(benchmark: Any, tmp_path: Any) -> None:
    command = [sys.executable, "-m", "chalkgrad", "solve", "mazur", "-o", str(tmp_path)]

    def run() -> None:
        subprocess.run(command, check=True, env=ENVIRONMENT, stdout=subprocess.DEVNULL)

    benchmark.pedantic(run, rounds=7, warmup_rounds=1)


def test_ten_thousand_variants(benchmark: Any) -> None:
    example = chalkgrad.solve("mazur")
    drawn = random.Random(1)
    ids = [step.id for step in example if step.section == "given" and step.id[0] in "Wbx"]
    variants = [{id: f"{drawn.randint(-100, 100) / 100}" for id in ids} for _ in range(VARIANTS)]
    next(example.fill("tex", variants[:1]))
    count = benchmark.pedantic(lambda: sum(1 for _ in example.fill("tex", variants)), rounds=1)
    print(f"\n{VARIANTS / benchmark.stats.stats.min:,.0f} variants a second")
    assert count == VARIANTS


def test_784_30_10_in_matrices(benchmark: Any) -> None:
    spec = _digits_network()
    text = benchmark.pedantic(lambda: chalkgrad.solve(spec).to_latex(), rounds=2)
    assert r"30\times 784" in text


def _digits_network() -> dict[str, Any]:
    drawn = random.Random(0)

    def matrix(rows: int, columns: int, size: float) -> list[list[str]]:
        return [[f"{drawn.uniform(-size, size):.3f}" for _ in range(columns)] for _ in range(rows)]

    return {
        "network": {
            "layers": [
                {
                    "units": 30,
                    "activation": "sigmoid",
                    "weights": matrix(30, 784, 0.1),
                    "bias": matrix(1, 30, 0.1)[0],
                },
                {
                    "units": 10,
                    "activation": "softmax",
                    "weights": matrix(10, 30, 0.5),
                    "bias": matrix(1, 10, 0.1)[0],
                },
            ],
            "loss": "cross_entropy",
        },
        "data": {"x": matrix(1, 784, 1), "y": [[0, 0, 0, 1, 0, 0, 0, 0, 0, 0]]},
        "train": {"optimizer": {"name": "sgd", "learning_rate": 0.5}},
        "show": {"views": ["matrix"], "decimals": 4},
    }
