"""Notebooks are valid, and running their cells prints every number of the page."""

from __future__ import annotations

import base64
import json
import re
import subprocess
import sys
import xml.etree.ElementTree as ET
from functools import cache
from pathlib import Path
from typing import Any

import nbformat
import pytest

import chalkgrad
from kinds import LISTED

EXAMPLES = LISTED
PRINTED = re.compile(r"(\w+?)(?:\[(\d+)\])?(?:\[(\d+)\])? = (\S+)")


@cache
def notebook(name: str) -> Any:
    return nbformat.reads(chalkgrad.solve(name).content("ipynb"), as_version=4)


def cells(name: str, kind: str) -> list[str]:
    return [cell.source for cell in notebook(name).cells if cell.cell_type == kind]


def run(code: str) -> list[tuple[str, float]]:
    """What a cell prints: names and numbers."""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    lines = [PRINTED.fullmatch(line) for line in done.stdout.splitlines()]
    assert all(lines)
    return [(line[0].partition(" = ")[0], float(line[4])) for line in lines if line]


def expected(name: str) -> dict[str, float]:
    """What JSON says of everything that a program prints, by what the program calls it, before any update."""
    example = chalkgrad.solve(name, carry="full")  # as a program does
    columns, samples = example.notation.columns, example.network.samples
    found: dict[str, float] = {}
    for step in example:
        if "#" in step.id or "'" in step.id or "~" in step.id:
            continue
        match = re.fullmatch(r"(dJ/d)?(W|b|z|a|delta|J)(\d*)(?:\[(\d+)(?:,(\d+))?\])?(?:@(\d+))?", step.id)
        if match is None or (match[1] and (match[2] not in "Wb" or match[6])) or (match[2] == "J" and match[4]):
            continue
        base, j, k = f"{'d' if match[1] else ''}{match[2]}{match[3]}", match[4], match[5]
        if match[2] in ("z", "a", "delta"):
            unit, sample = int(j) - 1, int(match[6] or 1) - 1
            place = f"[{unit}][{sample}]" if columns else f"[{sample}][{unit}]"
        elif match[2] == "W":
            place = f"[{int(j) - 1}][{int(k) - 1}]"  # a row for each unit, as in the spec
        elif match[2] == "b" and j:
            place = f"[{int(j) - 1}][0]" if columns else f"[{int(j) - 1}]"
        else:
            place = ""
        if match[2] == "J" and match[6] and samples > 1:
            continue
        found[base + place] = step.value
    return found


@pytest.mark.parametrize("name", EXAMPLES)
def test_running_numpy_prints_every_number_of_the_first_pass(name: str) -> None:
    printed = run(next(code for code in cells(name, "code") if "numpy" in code))
    first = {}
    for key, value in printed:
        first.setdefault(key, value)
    wanted = {key: value for key, value in expected(name).items() if key[0] not in "Wb"}
    assert len(wanted) >= 4
    frozen = {key for key in wanted if key.startswith("d") and key not in first}
    assert all(re.match(r"d[Wb]", key) for key in frozen)
    for key in set(wanted) - frozen:
        assert first[key] == pytest.approx(wanted[key], rel=1e-9, abs=1e-10), key


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_pictures_are_attached(name: str) -> None:
    for cell in notebook(name).cells:
        linked = set(re.findall(r"\(attachment:([^)]+)\)", cell.source)) if cell.cell_type == "markdown" else set()
        assert linked == set(cell.get("attachments", {}))
        for picture in cell.get("attachments", {}).values():
            root = ET.fromstring(base64.b64decode(picture["image/svg+xml"]))
            assert root.tag.endswith("svg")
    assert any(cell.get("attachments") for cell in notebook(name).cells)


def test_the_same_page_is_the_same_file() -> None:
    assert chalkgrad.solve("mazur").content("ipynb") == chalkgrad.solve("mazur").content("ipynb")
    assert json.loads(chalkgrad.solve("mazur").content("ipynb"))["nbformat"] == 4


def test_a_worksheet_does_not_run() -> None:
    book = nbformat.reads(chalkgrad.solve("mazur", fade="backward").content("ipynb"), as_version=4)
    assert not [cell for cell in book.cells if cell.cell_type == "code"]


@pytest.mark.filterwarnings("ignore")  # of the kernel's own
def test_jupyter_runs_it(tmp_path: Path) -> None:
    nbclient = pytest.importorskip("nbclient")
    book = nbformat.reads(chalkgrad.solve("mazur").content("ipynb"), as_version=4)
    book.cells = [cell for cell in book.cells if "torch" not in cell.source]
    nbclient.NotebookClient(book, timeout=120, resources={"metadata": {"path": str(tmp_path)}}).execute()
    (code,) = (cell for cell in book.cells if cell.cell_type == "code")
    assert "J = 0.2983711088" in "".join(output.get("text", "") for output in code.outputs)
