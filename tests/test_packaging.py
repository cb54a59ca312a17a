"""The wheel holds everything and works from anywhere, without the checkout."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest

import chalkgrad

CHECKOUT = Path(__file__).resolve().parent.parent
pytestmark = pytest.mark.slow


def run(*command: str | Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    """A program that knows nothing of this process's Python."""
    clean = {k: v for k, v in os.environ.items() if k not in ("PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV")}
    done = subprocess.run(
        [*map(str, command)], cwd=cwd, check=False, capture_output=True, text=True, env=clean, timeout=300
    )
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    return done


@pytest.fixture(scope="module")
def wheel(tmp_path_factory) -> Path:
    """The wheel of this checkout."""
    folder = tmp_path_factory.mktemp("wheel")
    # without isolation nothing is downloaded; where the build backend is not here, the index gives it
    isolation = [] if importlib.util.find_spec("hatchling") is None else ["--no-isolation"]
    run(sys.executable, "-m", "build", "--wheel", *isolation, "--outdir", folder, CHECKOUT, cwd=folder)
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel, tmp_path_factory) -> Path:
    """The programs of a fresh environment that has the wheel, and of this one the dependencies alone."""
    home = tmp_path_factory.mktemp("fresh") / "venv"
    venv.create(home, with_pip=False)
    programs = home / ("Scripts" if os.name == "nt" else "bin")
    python = programs / "python"
    run(
        sys.executable,
        "-m",
        "pip",
        "--python",
        python,
        "install",
        "--quiet",
        "--no-deps",
        "--no-index",
        wheel,
        cwd=home,
    )
    site = Path(
        run(python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))", cwd=home).stdout.strip()
    )
    # A folder named in a .pth is searched, but .pth files inside it are not read: the editable install stays out.
    (site / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return programs


def test_the_name_says_version_and_purity(wheel):
    assert wheel.name == f"chalkgrad-{chalkgrad.__version__}-py3-none-any.whl"


def test_the_wheel_holds_every_file_and_no_other(wheel):
    expected = set()
    for folder, inside in (
        ("generator/chalkgrad", "chalkgrad"),
        ("templates", "chalkgrad/templates"),
        ("examples", "chalkgrad/examples"),
    ):
        for path in (CHECKOUT / folder).rglob("*"):
            if path.is_file() and "__pycache__" not in path.parts:
                expected.add(f"{inside}/{path.relative_to(CHECKOUT / folder).as_posix()}")
    names = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}
    assert names == expected
    assert {
        "chalkgrad/py.typed",
        "chalkgrad/spec/starters/en.yaml",
        "chalkgrad/templates/md/page.md",
        "chalkgrad/examples/mazur.yaml",
    } <= names
    assert "chalkgrad/catalogue/notations/theta.toml" in names
    assert "chalkgrad/catalogue/languages/en.po" in names


def test_the_wheel_tells_what_it_is(wheel):
    archive = zipfile.ZipFile(wheel)
    names = archive.namelist()
    assert any(name.endswith(".dist-info/licenses/LICENSE") for name in names)
    (metadata,) = (archive.read(name).decode() for name in names if name.endswith(".dist-info/METADATA"))
    assert "Requires-Python: >=3.11" in metadata
    for needed in ("sympy", "jinja2", "numpy", "pyyaml", "python-flint", "polib", "contourpy"):
        assert f"requires-dist: {needed}" in metadata.lower()
    for tool in ("torch", "pytest", "hypothesis"):
        lines = [line for line in metadata.lower().splitlines() if line.startswith(f"requires-dist: {tool}")]
        assert all("extra ==" in line for line in lines), "nobody needs it to solve a spec"


def test_the_fresh_environment_uses_the_wheel(installed, tmp_path):
    where = run(
        installed / "python", "-c", "import chalkgrad; print(chalkgrad.__file__)", cwd=tmp_path
    ).stdout.strip()
    assert Path(where).is_relative_to(installed.parent)
    where = run(
        installed / "python",
        "-c",
        "from chalkgrad import resources; print(resources.templates(), resources.example('mazur'))",
        cwd=tmp_path,
    ).stdout
    assert str(CHECKOUT) not in where


def test_the_installed_command_writes_the_same_pages(installed, tmp_path):
    run(installed / "chalkgrad", "solve", "mazur", "--to", "md,tex,json", cwd=tmp_path)
    assert [p.name for p in tmp_path.iterdir()] == ["mazur"]
    files = chalkgrad.solve("mazur").files(tmp_path, ["md", "tex", "json"])
    assert {path: path.read_text("utf-8") for path in tmp_path.glob("*/*")} == files


def test_the_installed_command_finds_all_its_data(installed, tmp_path):
    listed = run(installed / "chalkgrad", "list", cwd=tmp_path).stdout
    here = run(sys.executable, "-m", "chalkgrad", "list", cwd=tmp_path).stdout
    assert listed == here
    assert run(installed / "chalkgrad", "schema", cwd=tmp_path).stdout.startswith("{")
    run(installed / "chalkgrad", "new", "mine", cwd=tmp_path)
    run(installed / "chalkgrad", "solve", "mine.yaml", "--to", "md", cwd=tmp_path)
    assert (tmp_path / "mine" / "mine.md").is_file()


def test_it_runs_as_a_module_too(installed, tmp_path):
    assert (
        run(installed / "python", "-m", "chalkgrad", "--version", cwd=tmp_path).stdout
        == f"chalkgrad {chalkgrad.__version__}\n"
    )
