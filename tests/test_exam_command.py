"""`chalkgrad exam`: what it writes, what it refuses, and what it leaves behind when it is stopped."""

from __future__ import annotations

import csv
import hashlib
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pypdf
import pytest

import chalkgrad
from chalkgrad.cli import main

TINY = """\
title: A product
exam:
  seed: hush-hush
  variants: 5
  ask: [{find: f, points: 2}]
circuit:
  inputs: {a: {draw: uniform, low: 0.1, high: 9.9, step: 0.1}, b: {draw: uniform, low: 0.1, high: 9.9, step: 0.1}}
  steps: {f: "a*b"}
"""
ROSTER = 'Nome;Matrícula\nAna Núñez;11\n"Sá; José";B-7\nÉva <b>;_x\n'


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path, monkeypatch):
    """Every test runs in a folder of its own, with a small exam and a list of students."""
    monkeypatch.chdir(tmp_path)
    Path("tiny.yaml").write_text(TINY)
    Path("class.csv").write_text(ROSTER, "utf-8")


def files(folder: str = "tiny") -> dict[str, bytes]:
    home = Path(folder)
    return {p.relative_to(home).as_posix(): p.read_bytes() for p in home.rglob("*") if p.is_file()}


def exam(*arguments: str, status: int = 0) -> None:
    assert main(["exam", "tiny.yaml", *arguments]) == status


def sheets(*numbers: int, ends: str = "md") -> set[str]:
    return {f"{kind}/{n:04}.{ends}" for kind in ("papers", "solutions") for n in numbers}


KEYS = {"key.csv", "key.json", "manifest.json"}


# --- what is written -------------------------------------------------------------------------------------------


def test_papers_solutions_keys_and_a_manifest(capsys):
    exam("--to", "md,tex")
    assert KEYS | sheets(1, 2, 3, 4, 5) | sheets(1, 2, 3, 4, 5, ends="tex") <= set(files())
    out, err = capsys.readouterr()
    assert {f"tiny/{name}" for name in ("papers", "solutions", *KEYS)} <= set(out.splitlines())
    assert all(Path(line).exists() for line in out.splitlines())
    assert err == "", "no bar where nobody looks at a terminal"


def test_keys_alone():
    exam("--to", "key")
    assert set(files()) >= KEYS
    assert not any("/" in name for name in files())


def test_the_key_is_of_the_papers():
    exam("--to", "md")
    key = json.loads(files()["key.json"])["papers"]
    assert [paper["paper"] for paper in key] == [1, 2, 3, 4, 5]
    rows = list(csv.DictReader(Path("tiny/key.csv").read_text("utf-8").splitlines()))
    for paper, row in zip(key, rows, strict=True):
        a, b = (float(paper["given"][name]) for name in ("a", "b"))
        assert float(row["value"]) == paper["answers"][0]["value"] == pytest.approx(a * b, rel=1e-12)
        page = files()[f"papers/{paper['paper']:04}.md"].decode()
        assert all(paper["given"][name] in page for name in ("a", "b"))
        assert paper["answers"][0]["shown"] not in page
        assert paper["answers"][0]["shown"] in files()[f"solutions/{paper['paper']:04}.md"].decode()


def test_a_manifest_tells_every_file():
    exam("--to", "md", "--bundle", "--singles")
    listed = {entry["file"]: entry["sha256"] for entry in json.loads(files()["manifest.json"])["files"]}
    there = files()
    del there["manifest.json"]
    assert listed == {name: hashlib.sha256(content).hexdigest() for name, content in there.items()}


def test_python_writes_the_same():
    exam("--to", "md,html", "--bundle", "--singles")
    home = chalkgrad.exam("tiny.yaml").save("python", ["md", "html"], bundle=True, singles=True)
    assert home == Path("python/tiny")
    assert files("python/tiny") == files()


def test_two_processes_write_the_same():
    exam("--to", "md", "--bundle", "--variants", "1200", "--jobs", "1", "-o", "one")
    exam("--to", "md", "--bundle", "--variants", "1200", "--jobs", "2", "-o", "two")
    assert files("one") == files("two")


def test_no_secret_is_in_any_file():
    exam("--to", "md,tex,html", "--bundle", "--singles")
    assert not [name for name, content in files().items() if b"hush" in content]


def test_a_second_run_is_the_same_to_the_byte():
    exam("--to", "md,pdf", "--bundle", "--singles", "-o", "one")
    exam("--to", "md,pdf", "--bundle", "--singles", "-o", "two")
    assert files("one") == files("two")


def test_bundles_hold_the_sheets_of_single_files():
    exam("--to", "md", "--bundle")
    assert set(files()) >= {*KEYS, "papers.md", "solutions.md"}
    assert not any("/" in name for name in files())
    exam("--to", "md", "-o", "singles")
    bundle = files()["papers.md"].decode()
    for n in range(1, 6):
        page = files("singles/tiny")[f"papers/{n:04}.md"].decode()
        assert page.rstrip("-\n ") in bundle


def test_more_papers_leave_the_others_as_they_are():
    exam("--to", "md", "-o", "few")
    exam("--to", "md", "--variants", "8", "-o", "more")
    few, more = files("few/tiny"), files("more/tiny")
    assert set(sheets(*range(1, 9))) <= set(more)
    assert {name: more[name] for name in sheets(1, 2, 3, 4, 5)} == {n: few[n] for n in sheets(1, 2, 3, 4, 5)}


def test_a_paper_for_each_student():
    exam("--roster", "class.csv", "--to", "md")
    there = files()
    assert set(there) >= KEYS | sheets(1, 2, 3)
    key = json.loads(there["key.json"])["papers"]
    assert [(paper["student"], paper["student_id"]) for paper in key] == [
        ("Ana Núñez", "11"),
        ("Sá; José", "B-7"),
        ("Éva <b>", "_x"),
    ]
    listed = json.loads(there["manifest.json"])["files"]
    assert {entry["file"]: entry["student"]["id"] for entry in listed if "student" in entry}[
        "papers/0002.md"
    ] == "B-7"
    assert "Ana Núñez" in there["papers/0001.md"].decode()
    assert not any("Ana" in name or "B-7" in name for name in there), "no file is called after anybody"


def test_a_student_has_the_same_paper_wherever_on_the_list():
    exam("--roster", "class.csv", "--to", "key", "-o", "before")
    Path("class.csv").write_text("name,id\nNew,77\n" + "\n".join(["Éva,_x", "Sá,B-7", "Ana,11"]) + "\n", "utf-8")
    exam("--roster", "class.csv", "--to", "key", "-o", "after")
    given = [
        {paper["student_id"]: paper["given"] for paper in json.loads(files(f"{name}/tiny")["key.json"])["papers"]}
        for name in ("before", "after")
    ]
    assert {id: given[1][id] for id in given[0]} == given[0]


def test_the_spec_may_name_the_list():
    Path("tiny.yaml").write_text(TINY.replace("variants: 5", "roster: class.csv"))
    exam("--to", "key")
    assert len(json.loads(files()["key.json"])["papers"]) == 3
    exam("--to", "key", "--variants", "2")
    assert len(json.loads(files()["key.json"])["papers"]) == 2


# --- one paper -------------------------------------------------------------------------------------------------


def test_one_paper_is_that_of_the_whole_run(capsys):
    exam("--to", "md,pdf", "-o", "all")
    exam("--to", "md,pdf", "--only", "4")
    assert set(files()) == KEYS | sheets(4) | sheets(4, ends="pdf")
    capsys.readouterr()
    whole = files("all/tiny")
    for name in sheets(4) | sheets(4, ends="pdf"):
        assert files()[name] == whole[name]
    (paper,) = json.loads(files()["key.json"])["papers"]
    assert paper in json.loads(whole["key.json"])["papers"]


def test_one_paper_touches_nothing_of_a_whole_run():
    exam("--to", "md")
    before = files()
    for name in sheets(2):
        Path("tiny", name).write_text("scribbled")
    stamps = {name: Path("tiny", name).stat().st_mtime_ns for name in set(before) - sheets(2) - {"manifest.json"}}
    exam("--to", "md", "--only", "2")
    assert files() == before
    assert {name: Path("tiny", name).stat().st_mtime_ns for name in stamps} == stamps


def test_one_paper_after_the_other_makes_the_keys_of_all():
    exam("--to", "key", "-o", "all")
    for n in (3, 1, 5, 2, 4):
        exam("--to", "md", "--only", str(n))
    for name in ("key.csv", "key.json"):
        assert files()[name] == files("all/tiny")[name]
    assert json.loads(files()["manifest.json"])["papers"] == 5


@pytest.mark.parametrize("key", ["another", "foreign"])
def test_one_paper_beside_a_key_that_is_of_others(key, capsys):
    exam("--to", "md")
    if key == "foreign":
        Path("tiny/key.json").write_text('{"papers": "mine"}')
    else:
        Path("tiny.yaml").write_text(TINY.replace("hush-hush", "another"))
    before = files()
    exam("--to", "md", "--only", "2", status=2)
    assert "key.json has another paper 2" in capsys.readouterr().err
    assert files() == before


# --- what is refused -------------------------------------------------------------------------------------------

REFUSED = {
    ("--only", "6"): 'options: only: found "6", expected a whole number from 1 to 5',
    ("--only", "0"): 'options: only: found "0", expected a whole number from 1 to 5',
    ("--variants", "0"): 'options: variants: found "0", expected a whole number from 1 to',
    ("--variants", "3", "--only", "4"): 'options: only: found "4", expected a whole number from 1 to 3',
    ("--jobs", "0"): 'options: jobs: found "0", expected a whole number from 1 to',
    ("--to", "beamer"): 'no exam is written as "beamer"; there are: html, md, pdf, tex, key',
    ("--to", "md,mdd"): 'did you mean "md"?',
    ("--to", ","): "--to names no format; there are: html, md, pdf, tex, key",
    ("-o", "-"): "-o names a folder",
    ("--singles",): "--singles goes with --bundle",
    ("--bundle", "--only", "2"): "leave out --bundle",
    ("--roster", "gone.csv"): "gone.csv: found no such file, expected a CSV file of students",
    ("--decimals", "99"): 'options: decimals: found "99", expected a whole number from 0 to 15',
    ("--variants", "100000"): "100,000 papers are asked for",
}


@pytest.mark.parametrize("arguments", REFUSED, ids=" ".join)
def test_what_makes_no_sense_is_refused(arguments, capsys):
    exam(*arguments, status=2)
    out, err = capsys.readouterr()
    assert out == ""
    assert REFUSED[arguments] in err
    assert sorted(path.name for path in Path().iterdir()) == ["class.csv", "tiny.yaml"]


@pytest.mark.parametrize(
    "arguments",
    [("--variants", "3", "--roster", "class.csv"), ("--variants", "x"), ("--only",), ("--jobs", "all")],
)
def test_what_is_no_command_is_refused(arguments, capsys):
    with pytest.raises(SystemExit) as left:
        exam(*arguments)
    assert left.value.code == 2
    assert capsys.readouterr().err.startswith("usage: chalkgrad exam")


def test_mistakes_of_a_list_are_told_all_at_once(capsys):
    Path("class.csv").write_text("name,id\nAna,1\nZé,1\n,3\n", "utf-8")
    exam("--roster", "class.csv", status=2)
    out, err = capsys.readouterr()
    assert out == ""
    assert [line.partition(": ")[0] for line in err.splitlines()] == ["class.csv:3:4", "class.csv:4:1"]
    assert not Path("tiny").exists()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (
            ("  variants: 5\n", ""),
            "tiny: exam: found no variants and no roster, expected how many papers: --variants",
        ),
        (
            ("variants: 5", "variants: 5\n  roster: class.csv"),
            "found both variants and roster, expected one of them",
        ),
        (("variants: 5", "roster: gone.csv"), "gone.csv: found no such file"),
    ],
)
def test_how_many_papers_is_said_once(change, words, capsys):
    Path("tiny.yaml").write_text(TINY.replace(*change))
    exam(status=2)
    assert words in capsys.readouterr().err


def test_a_spec_without_an_exam_says_what_to_add(capsys):
    assert main(["exam", "mazur"]) == 2
    err = capsys.readouterr().err
    assert "found no exam, expected a spec with exam:" in err
    assert "exam: {seed:" in err


@pytest.mark.parametrize("spec", ["tiny.yaml", "gates"])
def test_an_exam_is_not_solved(spec, capsys):
    assert main(["solve", spec]) == 2
    assert "chalkgrad exam makes papers of it" in capsys.readouterr().err


@pytest.mark.parametrize("name", ["tiny", "tiny/papers"])
def test_a_file_in_the_way(name, capsys):
    Path(name).parent.mkdir(exist_ok=True)
    Path(name).write_text("mine")
    exam("--to", "md", status=1)
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("chalkgrad: cannot write ")
    assert Path(name).read_text() == "mine"


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="needs a folder that even root may not write to")
def test_a_folder_that_nobody_may_write_to(capsys):
    exam("--to", "key", "-o", "/proc/pages", status=1)
    assert capsys.readouterr().err.startswith("chalkgrad: cannot write /proc/pages")


def test_papers_of_an_earlier_run_are_told(capsys):
    exam("--to", "md", "--variants", "7")
    Path("tiny/papers/0007.md").write_text("mine")
    capsys.readouterr()
    exam("--to", "md")
    assert capsys.readouterr().err.splitlines() == [
        "chalkgrad: 3 files of an earlier run are removed: papers/0006.md, solutions/0006.md, solutions/0007.md",
        "chalkgrad: 1 file of an earlier run was changed since and stays: papers/0007.md",
    ]


# --- stopped ---------------------------------------------------------------------------------------------------


@pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGKILL], ids=lambda sign: sign.name)
def test_a_command_that_is_stopped_goes_on(sign, capsys):
    command = ["exam", "tiny.yaml", "--to", "md", "--variants", "2000"]
    with subprocess.Popen(
        [sys.executable, "-m", "chalkgrad", *command], stderr=subprocess.PIPE, start_new_session=True
    ) as process:
        while not Path("tiny/papers/0501.md").exists():
            assert process.poll() is None
            time.sleep(0.01)
        os.killpg(process.pid, sign)
        process.wait()
        assert process.stderr is not None
        err = process.stderr.read().decode()
    assert process.returncode == (130 if sign == signal.SIGINT else -sign)
    if sign == signal.SIGINT:
        assert "of 2,000 papers, all of them whole; the same command goes on from there" in err
        assert "Traceback" not in err
    stopped = files()
    assert "manifest.json" not in stopped
    stamp = Path("tiny/papers/0001.md").stat().st_mtime_ns
    assert main(command) == 0
    assert Path("tiny/papers/0001.md").stat().st_mtime_ns == stamp, "not from the beginning"
    assert main([*command, "-o", "undisturbed"]) == 0
    whole = files("undisturbed/tiny")
    assert files() == whole
    for name, content in stopped.items():
        assert name.startswith(".unfinished/") or whole[name] == content, name


def test_a_bundle_of_pdfs_has_the_pages_of_all_papers(monkeypatch):
    making = sys.modules["chalkgrad.exam.making"]
    monkeypatch.setattr(making, "PDF_AT_A_TIME", 2)
    exam("--to", "pdf", "--bundle", "--singles", "--variants", "3")
    bundle = pypdf.PdfReader("tiny/papers.pdf")
    singles = [pypdf.PdfReader(f"tiny/papers/{n:04}.pdf") for n in (1, 2, 3)]
    pages = [page.extract_text() for single in singles for page in single.pages]
    assert [page.extract_text() for page in bundle.pages] == pages
    assert bundle.metadata is not None
    assert bundle.metadata.title == singles[0].metadata.title == "A product"
    assert bundle.root_object["/Lang"] == "en"
