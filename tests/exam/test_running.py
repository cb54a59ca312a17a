"""Runs: made by one process or many, stopped, killed, gone on with, they leave whole files, always the same."""

from __future__ import annotations

import hashlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from chalkgrad.errors import OutputError
from chalkgrad.exam.roster import Student
from chalkgrad.exam.running import Batch, Run, carry_out
from chalkgrad.render.files import Workbench


@dataclass(frozen=True)
class Paper:
    """Makes papers that say who they are, and what was asked."""

    text: str = "a"
    formats: tuple[str, ...] = ("md",)
    seconds: float = 0
    """How long a chunk takes."""
    stop_at: int = 0
    """The paper at which something happens to whoever makes it."""
    what: str = ""

    def make(self, papers: Sequence[int]) -> Batch:
        time.sleep(self.seconds)
        if self.stop_at in papers:
            self.happen()
        files = {
            n: {f"{kind}/{n:04}.{form}": f"{self.text} {kind} {n}\n" * 500
                for form in self.formats for kind in ("papers", "solutions")}
            for n in papers
        }  # fmt: skip
        return Batch(
            files, {"key.csv": "".join(f"{n},{self.text}\n" for n in papers), "key.json": f"{self.text}\n"}
        )

    def happen(self) -> None:
        if self.what == "kill":
            os.kill(os.getpid(), signal.SIGKILL)
        if self.what == "interrupt":
            raise KeyboardInterrupt
        if self.what == "bug":
            raise ZeroDivisionError("a bug")
        raise OutputError("no more")

    def whole(self, name: str, pieces: Sequence[Path]):
        yield f"{name}\n"
        for piece in pieces:
            yield piece.read_bytes()


def run_of(home: Path, papers: int = 7, **changes) -> Run:
    run = Run(home, "a secret and a spec", "chalkgrad 0", papers, 2, ("key.csv", "key.json"))
    return replace(run, **changes)


def carried(home: Path, maker: Paper = Paper(), jobs: int = 1, **changes):
    seen: list[int] = []
    left = carry_out(run_of(home, **changes), maker, jobs, seen.append)
    return left, seen


def everything(home: Path) -> dict[str, str]:
    return {p.relative_to(home).as_posix(): p.read_text("utf-8") for p in sorted(home.rglob("*")) if p.is_file()}


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> dict[str, str]:
    """What an undisturbed run makes."""
    home = tmp_path_factory.mktemp("made") / "exam"
    carried(home)
    return everything(home)


def be_whole(home: Path, made: dict[str, str]) -> None:
    """Every file that is visible is one that the undisturbed run makes."""
    for name, text in everything(home).items():
        assert name.startswith(".unfinished/") or text == made[name], name


# --- what is made ----------------------------------------------------------------------------------------------


def test_a_run_makes_all_files_and_nothing_else(made):
    papers = [f"{kind}/{n:04}.md" for kind in ("papers", "solutions") for n in range(1, 8)]
    assert sorted(made) == sorted([*papers, "key.csv", "key.json", "manifest.json"])
    assert made["papers/0007.md"] == "a papers 7\n" * 500
    assert made["key.csv"].splitlines() == ["key.csv", *(f"{n},a" for n in range(1, 8))]


def test_the_manifest_lists_every_file_with_its_hash_and_no_secret(made):
    manifest = json.loads(made["manifest.json"])
    assert manifest["program"] == "chalkgrad 0"
    assert manifest["papers"] == 7
    files = {entry["file"]: entry for entry in manifest["files"]}
    assert len(files) == len(manifest["files"])
    assert set(files) == set(made) - {"manifest.json"}
    for name, entry in files.items():
        assert entry["sha256"] == hashlib.sha256(made[name].encode()).hexdigest()
        assert entry.get("paper") == (int(name[-7:-3]) if "/" in name else None)
    assert "secret" not in made["manifest.json"]


def test_the_manifest_says_whose_a_paper_is(tmp_path):
    students = [Student(f'"Sá", José {n}', f"=id{n}") for n in range(1, 8)]
    carried(tmp_path, students=students)
    files = json.loads((tmp_path / "manifest.json").read_text("utf-8"))["files"]
    whose = {entry["file"]: entry["student"] for entry in files if "paper" in entry}
    assert whose["solutions/0003.md"] == {"id": "=id3", "name": '"Sá", José 3'}
    assert not any("student" in entry for entry in files if "paper" not in entry)


def test_any_number_of_processes_make_the_same(tmp_path, made):
    _, seen = carried(tmp_path, jobs=2)
    assert everything(tmp_path) == made
    assert seen[0] == 0
    assert seen[-1] == 7
    assert seen == sorted(seen)


def test_a_run_again_makes_the_same_and_heals_what_was_changed(tmp_path, made):
    carried(tmp_path)
    (tmp_path / "papers" / "0003.md").write_text("scribbled")
    (tmp_path / "papers" / "0004.md").unlink()
    assert carried(tmp_path)[0] == ((), ())
    assert everything(tmp_path) == made


# --- stopped ---------------------------------------------------------------------------------------------------

ENDS = {"interrupt": KeyboardInterrupt, "bug": (ZeroDivisionError, RuntimeError), "error": OutputError}


@pytest.mark.parametrize(("what", "jobs"), [("bug", 1), ("error", 1), ("interrupt", 1), ("error", 2)])
def test_a_run_that_is_stopped_is_gone_on_with(what, jobs, tmp_path, made):
    with pytest.raises(ENDS[what]):
        carried(tmp_path, Paper(stop_at=5, what=what), jobs)
    be_whole(tmp_path, made)
    assert (tmp_path / "papers" / "0001.md").exists()
    assert not (tmp_path / "manifest.json").exists()
    _, seen = carried(tmp_path)
    assert seen[0] >= 2, "not from the beginning"
    assert everything(tmp_path) == made


def test_a_bug_in_a_worker_is_told_with_its_traceback(tmp_path):
    with pytest.raises(RuntimeError, match=r"in happen\n(.|\n)*a bug"):
        carried(tmp_path, Paper(stop_at=5, what="bug"), 2)


def test_a_worker_that_is_killed_is_told(tmp_path, made):
    with pytest.raises(OutputError, match="ended from outside"):
        carried(tmp_path, Paper(stop_at=5, what="kill"), 2)
    be_whole(tmp_path, made)
    carried(tmp_path)
    assert everything(tmp_path) == made


SCRIPT = """
import signal, sys
sys.path[:0] = {path!r}
from pathlib import Path
from test_running import Paper, carried
if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell in the background has it ignored
    try:
        carried(Path({home!r}), Paper(seconds=0.2), {jobs}, papers=40)
    except KeyboardInterrupt:
        sys.exit(130)
"""


def is_locked(home: Path) -> bool:
    try:
        with Workbench(home).open(alone=True):
            return False
    except OutputError:
        return True


@pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
@pytest.mark.parametrize(
    ("sign", "jobs"),
    [(signal.SIGINT, 1), (signal.SIGKILL, 1), (signal.SIGTERM, 1), (signal.SIGINT, 2), (signal.SIGKILL, 2)],
)
def test_a_signal_in_the_middle(sign, jobs, tmp_path):
    home, whole = tmp_path / "exam", tmp_path / "whole"
    carried(whole, papers=40)
    made = everything(whole)
    script = tmp_path / "script.py"
    script.write_text(SCRIPT.format(path=sys.path, home=str(home), jobs=jobs))
    # a process group of its own, as a terminal makes it: Ctrl-C reaches the workers too
    with subprocess.Popen([sys.executable, script], start_new_session=True, stderr=subprocess.PIPE) as process:
        while not (home / "papers" / "0005.md").exists():
            assert process.poll() is None
            time.sleep(0.01)
        if sign == signal.SIGINT:
            os.killpg(process.pid, sign)
        else:
            process.send_signal(sign)
        process.wait()
        assert process.stderr is not None
        assert process.stderr.read() == b""
    assert process.returncode == (130 if sign == signal.SIGINT else -sign)
    be_whole(home, made)
    assert len(everything(home)) < len(made), "else it would prove nothing"
    deadline = time.monotonic() + 10
    while is_locked(home):  # the last helper of a run that was killed ends what it has begun
        assert time.monotonic() < deadline
        time.sleep(0.05)
    _, seen = carried(home, papers=40)
    assert seen[0] >= 2, "not from the beginning"
    assert everything(home) == made


def test_files_that_were_changed_or_lost_meanwhile_are_made_again(tmp_path, made):
    with pytest.raises(OutputError):
        carried(tmp_path, Paper(stop_at=7))
    (tmp_path / "papers" / "0001.md").write_text("scribbled")
    (tmp_path / "solutions" / "0003.md").unlink()
    _, seen = carried(tmp_path)
    assert seen[0] == 2, "papers 5 and 6 alone stand"
    assert everything(tmp_path) == made


@pytest.mark.parametrize("piece", ["1.done", "3.key.csv", "asked.json"])
@pytest.mark.parametrize("content", [None, b"", b"\xff", b"[1]", b'{"salt": 1}'])
def test_a_journal_that_was_damaged_is_not_trusted(piece, content, tmp_path, made):
    with pytest.raises(OutputError):
        carried(tmp_path, Paper(stop_at=7))
    path = tmp_path / ".unfinished" / piece
    assert path.exists()
    path.unlink()
    if content is not None:
        path.write_bytes(content)
    carried(tmp_path)
    assert everything(tmp_path) == made


def test_what_is_asked_otherwise_begins_anew(tmp_path):
    with pytest.raises(OutputError):
        carried(tmp_path, Paper(stop_at=7))
    _, seen = carried(tmp_path, Paper("b"), asked="another secret")
    assert seen[0] == 0
    assert "a papers" not in "".join(everything(tmp_path).values())


def test_the_journal_keeps_no_secret(tmp_path):
    journals = []
    for _ in range(2):
        with pytest.raises(OutputError):
            carried(tmp_path, Paper(stop_at=7))
        journals.append((tmp_path / ".unfinished" / "asked.json").read_text())
        (tmp_path / ".unfinished" / "asked.json").unlink()
    assert "secret" not in journals[0]
    assert set(json.loads(journals[0]).values()).isdisjoint(json.loads(journals[1]).values()), "salted"


# --- what the system refuses -----------------------------------------------------------------------------------


def test_a_full_disk_leaves_whole_files(tmp_path, made):
    # the system's own limit: no file may grow beyond 3,000 bytes
    resource = pytest.importorskip("resource")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    ignored = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (3000, before[1]))
    try:
        with pytest.raises(OutputError, match="cannot write"):
            carried(tmp_path)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, ignored)
    assert not any(name.startswith("papers") for name in everything(tmp_path))
    assert not list(tmp_path.rglob("*.part"))
    carried(tmp_path)
    assert everything(tmp_path) == made


@pytest.mark.parametrize("at", range(1, 24, 3))
def test_a_disk_that_fills_up_leaves_whole_files(at, tmp_path, made, monkeypatch):
    real, calls = os.replace, []

    def full(path: str, target: str) -> None:
        calls.append(path)
        if len(calls) >= at:
            raise OSError(28, "No space left on device", path, None, target)
        real(path, target)

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(OutputError, match="No space left on device"):
        carried(tmp_path)
    monkeypatch.undo()
    be_whole(tmp_path, made)
    assert not list(tmp_path.rglob("*.part"))
    carried(tmp_path)
    assert everything(tmp_path) == made


@pytest.mark.parametrize(("name", "jobs"), [("papers", 1), ("solutions", 1), (".unfinished", 1), ("solutions", 2)])
def test_a_file_in_the_way_of_a_folder(name, jobs, tmp_path):
    (tmp_path / name).write_text("mine")
    with pytest.raises(OutputError, match="cannot write"):
        carried(tmp_path, jobs=jobs)
    assert (tmp_path / name).read_text() == "mine"


@pytest.mark.parametrize("name", ["papers/0003.md", "key.csv", "manifest.json"])
def test_a_folder_in_the_way_of_a_file(name, tmp_path, made):
    (tmp_path / name / "inside").mkdir(parents=True)
    with pytest.raises(OutputError, match="cannot write"):
        carried(tmp_path)
    be_whole(tmp_path, made)
    (tmp_path / name / "inside").rmdir()
    (tmp_path / name).rmdir()
    carried(tmp_path)
    assert everything(tmp_path) == made


def test_two_runs_in_one_folder(tmp_path, made):
    pytest.importorskip("fcntl")
    with Workbench(tmp_path).open(alone=True), pytest.raises(OutputError, match="another run is writing into"):
        carried(tmp_path)
    with Workbench(tmp_path).open(alone=False), pytest.raises(OutputError, match="another run is writing into"):
        carried(tmp_path)
    carried(tmp_path)
    assert everything(tmp_path) == made


def test_scraps_of_a_killed_run_are_swept_away(tmp_path, made):
    (tmp_path / ".unfinished").mkdir()
    (tmp_path / ".unfinished" / "123.part").write_text("half")
    with pytest.raises(OutputError):
        carried(tmp_path, Paper(stop_at=1))
    assert not list(tmp_path.rglob("*.part"))


# --- files of earlier runs -------------------------------------------------------------------------------------


def names(home: Path) -> set[str]:
    return {entry["file"] for entry in json.loads((home / "manifest.json").read_text("utf-8"))["files"]}


def test_papers_of_a_longer_run_go(tmp_path, made):
    carried(tmp_path, papers=9)
    left, _ = carried(tmp_path)
    assert set(left.removed) == {f"{kind}/000{n}.md" for kind in ("papers", "solutions") for n in (8, 9)}
    assert left.kept == ()
    assert everything(tmp_path) == made


def test_files_that_are_not_ours_stay(tmp_path):
    (tmp_path / "papers").mkdir()
    (tmp_path / "papers" / "0008.md").write_text("mine")
    carried(tmp_path, papers=7)
    carried(tmp_path, papers=9)
    (tmp_path / "papers" / "0009.md").write_text("changed")
    (tmp_path / "notes.txt").write_text("mine")
    left, _ = carried(tmp_path, papers=7)
    assert left.kept == ("papers/0009.md",)
    assert (tmp_path / "papers" / "0009.md").read_text() == "changed"
    assert (tmp_path / "notes.txt").read_text() == "mine"


def test_papers_in_another_format_stay_while_the_key_is_the_same(tmp_path):
    carried(tmp_path)
    left, _ = carried(tmp_path, Paper(formats=("tex",)), asked="tex")
    assert left == ((), ())
    assert {"papers/0001.md", "papers/0001.tex"} <= names(tmp_path)
    left, _ = carried(tmp_path, Paper("b", formats=("tex",)), asked="other numbers")
    assert len(left.removed) == 14
    assert names(tmp_path) | {"manifest.json"} == set(everything(tmp_path))
    assert not any(name.endswith(".md") for name in names(tmp_path))


def test_papers_of_a_stopped_run_are_not_taken_for_those_of_the_one_before(tmp_path, made):
    carried(tmp_path)
    with pytest.raises(OutputError):
        carried(tmp_path, Paper("b", stop_at=11), asked="b", papers=12)
    assert (tmp_path / "papers" / "0009.md").exists()
    left, _ = carried(tmp_path)
    assert len(left.removed) == 6
    assert everything(tmp_path) == made


@pytest.mark.parametrize(
    "name", ["../mine.md", "papers/../../mine.md", "/etc/hostname", "papers/0001.md/../../mine.md"]
)
def test_a_manifest_that_was_tampered_with_removes_nothing_elsewhere(name, tmp_path):
    home = tmp_path / "exam"
    home.mkdir()
    mine = tmp_path / "mine.md"
    mine.write_text("mine")
    entry = {"file": name, "sha256": hashlib.sha256(b"mine").hexdigest()}
    (home / "manifest.json").write_text(json.dumps(entry))
    left, _ = carried(home)
    assert left == ((), ())
    assert mine.read_text() == "mine"


@pytest.mark.parametrize(
    "content", [b"", b"\xff\xfe", b"[" * 100_000, b'{"file": 1}', b'{"file": "a.md", "sha256": []}']
)
def test_a_manifest_that_is_none_is_passed_over(content, tmp_path, made):
    (tmp_path / "manifest.json").write_bytes(content)
    carried(tmp_path)
    assert everything(tmp_path) == made
