"""The command line: every verb, what it prints, what it writes, and the status it ends with."""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

import chalkgrad
from chalkgrad import resources
from chalkgrad.cli import main


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path, monkeypatch):
    """Every test runs in an empty folder of its own."""
    monkeypatch.chdir(tmp_path)


def written(folder: str | Path = ".") -> list[str]:
    """Every file below a folder, hidden ones too."""
    return sorted(p.relative_to(folder).as_posix() for p in Path(folder).rglob("*") if p.is_file())


def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[bytes]:
    """The command in a process of its own, as from a shell."""
    clean = {k: v for k, v in os.environ.items() if not k.startswith("PYTHON")}
    return subprocess.run(
        [sys.executable, "-m", "chalkgrad", *arguments],
        check=False,
        capture_output=True,
        env={**clean, **environment},
    )


def helped(capsys, *verb: str) -> str:
    """What --help prints."""
    with pytest.raises(SystemExit) as left:
        main([*verb, "--help"])
    assert left.value.code == 0
    return capsys.readouterr().out


# --- help ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "verb", [[], ["solve"], ["exam"], ["new"], ["list"], ["schema"]], ids=lambda v: " ".join(v) or "chalkgrad"
)
def test_help_has_examples(verb, capsys):
    out = helped(capsys, *verb)
    assert out.startswith("usage: ")
    examples = [line for line in out.partition("examples:")[2].splitlines() if line.startswith("  chalkgrad ")]
    assert examples, "no examples"
    assert not verb or any(shlex.split(line)[1] == verb[0] for line in examples), "examples of other verbs alone"


def test_the_examples_of_the_help_work(capsys, small):
    out = helped(capsys)
    Path("net.yaml").write_text(small)
    lines = [
        line.strip() for line in out.partition("examples:")[2].splitlines() if line.startswith("  chalkgrad ")
    ]
    assert len(lines) >= 4
    for line in lines:
        command = re.split(r"\s{3,}", line)[0]
        assert main(shlex.split(command)[1:]) == 0, command
        assert capsys.readouterr().out


def test_the_version(capsys):
    with pytest.raises(SystemExit) as left:
        main(["--version"])
    assert left.value.code == 0
    assert capsys.readouterr().out == f"chalkgrad {chalkgrad.__version__}\n"


def test_the_version_is_that_of_the_package():
    from importlib.metadata import version

    assert version("chalkgrad") == chalkgrad.__version__


@pytest.mark.parametrize(
    "arguments",
    [[], ["sovle"], ["solve"], ["solve", "mazur", "--detail", "ful"], ["solve", "mazur", "--decimals", "x"]],
)
def test_what_is_no_command_is_refused(arguments, capsys):
    with pytest.raises(SystemExit) as left:
        main(arguments)
    assert left.value.code == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("usage: ")
    assert written() == []


# --- solve -----------------------------------------------------------------------------------------------------


def test_solve_writes_every_format_into_a_folder_of_the_specs_name(capsys):
    assert main(["solve", "mazur"]) == 0
    assert {"mazur/mazur.json", "mazur/mazur.md", "mazur/mazur.tex"} <= set(written())
    out, err = capsys.readouterr()
    assert sorted(out.splitlines()) == written()
    assert err == ""


def test_solve_writes_what_python_gives(capsys):
    assert main(["solve", "mazur", "-o", "pages"]) == 0
    example = chalkgrad.solve("mazur")
    for path, content in example.files("pages", ["md", "tex", "json"]).items():
        assert path.read_text("utf-8") == content
    assert (
        json.loads(Path("pages/mazur/mazur.json").read_text("utf-8"))["title"]
        == "A step by step backpropagation example"
    )


DRAWINGS = ["net-network.svg", "net-paths-1.svg", "net-paths-2.svg"]


@pytest.mark.parametrize(
    ("formats", "files"),
    [("md", ["net.md", *DRAWINGS]), ("json,tex", ["net.json", "net.tex"]), (" md , md", ["net.md", *DRAWINGS])],
)
def test_solve_writes_the_formats_asked(formats, files, small):
    Path("net.yaml").write_text(small)
    assert main(["solve", "net.yaml", "--to", formats, "-o", "pages"]) == 0
    assert written("pages") == sorted(f"net/{name}" for name in files)


@pytest.mark.parametrize("name", ["md", "tex", "json"])
def test_a_dash_prints_and_writes_nothing(name, capsys):
    assert main(["solve", "mazur", "--to", name, "-o", "-"]) == 0
    out, err = capsys.readouterr()
    assert out == chalkgrad.solve("mazur").text(name)
    assert err == ""
    assert written() == []


@pytest.mark.parametrize("arguments", [["mazur"], ["mazur", "--to", "md,tex"], ["mazur", "chain", "--to", "md"]])
def test_a_dash_prints_one_format_of_one_spec(arguments, capsys):
    assert main(["solve", *arguments, "-o", "-"]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert "one format of one spec" in err


def test_several_specs_at_once(capsys, small):
    Path("net.yaml").write_text(small)
    assert main(["solve", "mazur", "net.yaml", "--to", "tex", "-o", "pages"]) == 0
    assert written("pages") == ["mazur/mazur.tex", "net/net.tex"]
    assert len(capsys.readouterr().out.splitlines()) == 2


def test_mistakes_of_several_specs_are_told_together_and_nothing_is_written(capsys, small):
    Path("a.yaml").write_text(small.replace("half_squared_error", "half_squared_eror"))
    Path("b.yaml").write_text(small.replace("0.5}", "nan}"))
    before = written()
    assert main(["solve", "b.yaml", "mazur", "a.yaml", "missing.yaml", "-o", "pages"]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert [line.partition(": ")[0] for line in err.splitlines()] == [
        "a.yaml:12:9",
        "b.yaml:17:41",
        "missing.yaml",
    ]
    assert written() == before


@pytest.mark.parametrize("specs", [["net.yaml", "deep/net.yaml"], ["mazur", "mazur"], ["net.yaml", "./net.yaml"]])
def test_two_specs_of_one_name_are_refused(specs, capsys, small):
    for path in (Path("net.yaml"), Path("deep/net.yaml")):
        path.parent.mkdir(exist_ok=True)
        path.write_text(small)
    before = written()
    assert main(["solve", *specs, "-o", "pages"]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert "the same name" in err
    assert written() == before


def test_a_file_goes_before_an_example_of_its_name(small):
    Path("mazur").write_text(small)
    assert main(["solve", "mazur", "--to", "json", "-o", "pages"]) == 0
    assert json.loads(Path("pages/mazur/mazur.json").read_text("utf-8"))["title"] == "Small"


def test_an_unknown_format_is_told_with_the_known_ones(capsys):
    assert main(["solve", "mazur", "--to", "md,jsn"]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert 'no format is called "jsn"' in err
    assert 'did you mean "json"?' in err
    assert written() == []


@pytest.mark.parametrize("formats", ["", ",", " "])
def test_no_format_at_all_is_no_wish(formats, capsys):
    assert main(["solve", "mazur", "--to", formats]) == 2
    assert capsys.readouterr().err
    assert written() == []


def shown(*options: str) -> dict[str, str]:
    """The digits of every number, by id, with some options."""
    assert main(["solve", "net.yaml", "--to", "json", "-o", "pages", *options]) == 0
    steps = json.loads(Path("pages/net/net.json").read_text("utf-8"))["steps"]
    return {step["id"]: step["shown"] for step in steps}


def test_the_options_say_what_the_page_looks_like(small):
    Path("net.yaml").write_text(small)
    # by hand: z1[1] = 0.1·1 − 0.2·0.5 + 0.1 = 0.1; a1[1] = 1/(1 + e^−0.1) = 0.52497918747894…
    assert shown()["a1[1]"] == "0.5250"
    assert shown("--decimals", "7")["a1[1]"] == "0.5249792"
    assert shown("--significant", "3")["a1[1]"] == "0.525"
    assert shown("--significant", "9")["a1[1]"] == "0.524979187"
    assert shown("--decimals", "0")["a1[1]"] == "1"


def test_notation_view_and_detail_reach_the_page(small, capsys):
    Path("net.yaml").write_text(small)

    def page(*options: str) -> str:
        assert main(["solve", "net.yaml", "--to", "md", "-o", "-", *options]) == 0
        return capsys.readouterr().out

    pages = [
        page(), page("--notation", "nielsen"), page("--notation", "mazur"), page("--view", "matrix"),
        page("--view", "scalar,matrix"),
        page("--detail", "full"), page("--detail", "summary"), page("--language", "pt_BR"),
    ]  # fmt: skip
    assert len(set(pages)) == len(pages), "each option makes another page"
    assert "pmatrix" not in pages[0]
    assert "matrix}" in pages[3]


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--decimals", "99"], 'options: decimals: found "99", expected a whole number from 0 to 15'),
        (["--significant", "0"], 'options: significant: found "0", expected a whole number from 1 to 15'),
        (["--view", "matrx"], 'did you mean "matrix"?'),
        (["--view", "scalar,"], "expected a view"),
    ],
)
def test_a_wrong_option_is_told_as_one(options, words, capsys):
    assert main(["solve", "mazur", *options]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert words in err
    assert written() == []


def test_decimals_and_significant_exclude_each_other(capsys):
    with pytest.raises(SystemExit) as left:
        main(["solve", "mazur", "--decimals", "3", "--significant", "3"])
    assert left.value.code == 2
    assert "not allowed with" in capsys.readouterr().err


# --- what the system refuses -----------------------------------------------------------------------------------


def test_a_file_in_the_way_of_a_folder(capsys):
    Path("pages").write_text("in the way")
    assert main(["solve", "mazur", "-o", "pages"]) == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("chalkgrad: cannot write pages")
    assert written() == ["pages"]


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root may write everywhere")
def test_an_unwritable_folder(capsys):
    Path("pages").mkdir(mode=0o500)
    assert main(["solve", "mazur", "-o", "pages"]) == 1
    assert "Permission denied" in capsys.readouterr().err
    assert written() == []


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="needs a folder that even root may not write to")
def test_a_folder_that_nobody_may_write_to(capsys):
    assert main(["solve", "mazur", "-o", "/proc/pages"]) == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("chalkgrad: cannot write /proc/pages")


def test_pages_that_cannot_be_written_leave_those_of_other_specs_unwritten(capsys, small):
    # all or nothing: the second spec's page meets a folder of its name
    Path("net.yaml").write_text(small)
    Path("pages/net/net.md/inside").mkdir(parents=True)
    assert main(["solve", "mazur", "net.yaml", "--to", "md", "-o", "pages"]) == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("chalkgrad: cannot write ")
    assert written("pages") == []


def test_a_full_disk_leaves_the_old_pages(capsys, monkeypatch):
    assert main(["solve", "mazur", "--to", "md,tex", "-o", "pages"]) == 0
    before = {name: Path("pages", name).read_bytes() for name in written("pages")}
    capsys.readouterr()

    def full(_: int) -> None:
        raise OSError(28, "No space left on device", "pages/mazur")

    monkeypatch.setattr(os, "fsync", full)
    assert main(["solve", "mazur", "--to", "md,tex", "-o", "pages", "--decimals", "3"]) == 1
    assert "No space left on device" in capsys.readouterr().err
    assert {name: Path("pages", name).read_bytes() for name in written("pages")} == before


@pytest.mark.parametrize(
    "arguments", [["list"], ["schema"], ["solve", "mazur", "--to", "json", "-o", "-"]], ids=" ".join
)
def test_a_reader_that_goes_away_is_no_error(arguments):
    # as in `chalkgrad list | head -1`
    clean = {k: v for k, v in os.environ.items() if not k.startswith("PYTHON")}
    with subprocess.Popen(
        [sys.executable, "-m", "chalkgrad", *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=clean
    ) as process:
        assert process.stdout is not None
        process.stdout.close()
        assert process.stderr is not None
        err = process.stderr.read()
        assert (process.wait(), err) == (0, b"")


@pytest.mark.parametrize(
    "arguments",
    [["list"], ["schema"], ["solve", "regression", "--to", "md", "-o", "-"]],
    ids=" ".join,
)
def test_output_is_utf8_wherever_it_goes(arguments):
    # a console or a pipe on Windows speaks cp1252 and knows neither ≈ nor Greek letters
    done = run(*arguments, PYTHONIOENCODING="cp1252")
    assert (done.returncode, done.stderr) == (0, b"")
    assert not done.stdout.decode("utf-8").isascii(), "else it would prove nothing"


def test_the_module_runs_like_the_command():
    done = run("solve", "missing.yaml")
    assert (done.returncode, done.stdout) == (2, b"")
    assert (
        done.stderr
        == b"missing.yaml: found no such file, expected a spec file, or the name of an example"
        + os.linesep.encode()
    )


def test_ctrl_c_is_no_traceback(monkeypatch, capsys):
    def stopped(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("chalkgrad.cli.solve.solve", stopped)
    assert main(["solve", "mazur"]) == 130
    assert "nothing half-written" in capsys.readouterr().err


# --- new -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "file"),
    [([], "network.yaml"), (["mine"], "mine.yaml"), (["mine.yaml"], "mine.yaml"), (["mine.yml"], "mine.yml")],
)
def test_new_writes_a_spec_that_solves(name, file, capsys):
    assert main(["new", *name]) == 0
    assert written() == [file]
    out = capsys.readouterr().out.splitlines()
    assert out[0] == file
    advice = re.search(r"chalkgrad (solve .*)", out[1])
    assert advice is not None
    assert main([*shlex.split(advice[1]), "-o", "pages"]) == 0
    assert f"pages/{Path(file).stem}/{Path(file).stem}.md" in written()


def test_new_does_not_overwrite(capsys):
    Path("mine.yaml").write_text("my own work")
    assert main(["new", "mine"]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert "mine.yaml exists" in err
    assert Path("mine.yaml").read_text() == "my own work"


def test_new_explains_every_choice(capsys):
    from chalkgrad.catalogue.activations import ACTIVATIONS
    from chalkgrad.catalogue.losses import LOSSES

    assert main(["new"]) == 0
    text = Path("network.yaml").read_text("utf-8")
    missing = [row.name for row in (*ACTIVATIONS, *LOSSES) if row.name not in text]
    assert set(missing) <= {"step", "prelu"}, "all but the two that a first network hardly wants"


# --- list and schema -------------------------------------------------------------------------------------------


def test_list_names_everything_a_spec_can_name(capsys):
    from chalkgrad.catalogue.activations import ACTIVATIONS
    from chalkgrad.catalogue.descents import WAYS as DESCENTS
    from chalkgrad.catalogue.languages import language_names
    from chalkgrad.catalogue.losses import LOSSES
    from chalkgrad.catalogue.notations import notation_names
    from chalkgrad.catalogue.optimizers import OPTIMIZERS
    from chalkgrad.catalogue.schedules import SCHEDULES
    from chalkgrad.render.formats import format_names

    assert main(["list"]) == 0
    out = capsys.readouterr().out
    for heading in ("examples", "activations", "losses", "optimizers", "notations", "languages", "formats"):
        assert f"{heading}:\n" in out
    rows = {line.split()[0].rstrip(",") for line in out.splitlines() if line.startswith("  ")}
    names = {row.name for row in (*ACTIVATIONS, *LOSSES, *OPTIMIZERS, *SCHEDULES, *DESCENTS)}
    assert (
        names
        | {
            *notation_names(),
            *language_names(),
            *format_names(),
            *resources.example_names(),
            *resources.exam_names(),
        }
        <= rows
    )
    for alias in ("logistic", "swish"):
        assert alias in out
    assert all(re.match(r"  \S.*\S  +\S", line) for line in out.splitlines() if line.startswith("  ")), (
        "a name without a word about it"
    )


@pytest.mark.parametrize("name", resources.example_names())
def test_every_example_solves(name, capsys):
    assert main(["solve", name, "--language", "en", "-o", "pages"]) == 0
    assert {f"{name}/{name}.{extension}" for extension in ("md", "tex", "json")} <= set(written("pages"))
    capsys.readouterr()


def test_schema_prints_json(capsys):
    assert main(["schema"]) == 0
    assert json.loads(capsys.readouterr().out)["title"] == "chalkgrad spec"


def test_a_bundled_example_is_found_beside_its_own_pages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`chalkgrad solve chain` makes a folder `chain`; the second time that folder is not the spec."""
    monkeypatch.chdir(tmp_path)
    for _ in range(2):
        assert main(["solve", "chain", "--to", "md"]) == 0
