"""What all tests share: programs they may need, how deep the property tests dig, and one small spec."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

IN_CI = bool(os.environ.get("CI"))

# No deadlines: how long one example takes depends on the machine, and a slow one is no wrong one.
_QUIET = [HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
settings.register_profile(
    "default", max_examples=40, deadline=None, derandomize=True, suppress_health_check=_QUIET
)
settings.register_profile("ci", max_examples=100, deadline=None, print_blob=True, suppress_health_check=_QUIET)
settings.load_profile("ci" if IN_CI else "default")

SMALL = """\
title: Small
network:
  layers:
    - units: 2
      activation: sigmoid
      weights: [[0.1, -0.2], [0.3, 0.4]]
      bias: [0.1, -0.1]
    - units: 1
      activation: sigmoid
      weights: [[0.5, -0.6]]
      bias: {shared: 0.2}
  loss: half_squared_error
data:
  x: [[1, 0.5]]
  y: [[1]]
train:
  optimizer: {name: sgd, learning_rate: 0.5}
show: {decimals: 4}
"""


def pytest_configure(config: pytest.Config) -> None:
    """Name the marks that are used beside those of pyproject.toml; messages are English unless a test asks."""
    for variable in ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        os.environ.pop(variable, None)
    config.addinivalue_line("markers", "slow: takes seconds; run by default, left out with -m 'not slow'")


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip what needs a program that is not here; in CI everything must be here."""
    for mark in item.iter_markers("needs"):
        missing = [program for program in mark.args if shutil.which(program) is None]
        if missing and IN_CI:
            pytest.fail(f"CI must have {', '.join(missing)}", pytrace=False)
        if missing:
            pytest.skip(f"{', '.join(missing)} is not installed")


@pytest.fixture
def small() -> str:
    """A 2-2-1 network with one sample and one step of training, as YAML."""
    return SMALL


@pytest.fixture
def write_spec(tmp_path: Path) -> Callable[..., Path]:
    """Writes a spec into the test's own folder."""

    def write(text: str = SMALL, name: str = "net.yaml") -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="")
        return path

    return write
