"""The only code that knows where templates/, examples/ and the data files of the catalogue lie.

In a wheel the two folders lie inside the package; in a checkout (also an editable install) they lie two
folders above it.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from chalkgrad.errors import ResourceError, advised, did_you_mean
from chalkgrad.messages import Message

PACKAGE = Path(__file__).parent
CHECKOUT = PACKAGE.parent.parent


@cache
def folder(name: str) -> Path:
    """The folder `templates` or `examples`, wherever this installation keeps it."""
    for home in (PACKAGE, CHECKOUT):
        if (home / name).is_dir():
            return home / name
    raise ResourceError(
        Message("this installation lacks its folder {folder}/: please install chalkgrad again", folder=name)
    )


def templates() -> Path:
    """The folder with one folder a format."""
    return folder("templates")


def catalogue(kind: str) -> Path:
    """The folder of data files of one kind: `notations`, `languages` or `messages`."""
    return PACKAGE / "catalogue" / kind


@cache
def example_names() -> tuple[str, ...]:
    """The names of the bundled example specs, sorted."""
    return tuple(sorted(path.stem for path in folder("examples").glob("*.yaml")))


@cache
def exam_names() -> tuple[str, ...]:
    """The names of the bundled exams, sorted."""
    return tuple(sorted(path.stem for path in (folder("examples") / "exams").glob("*.yaml")))


def starter(language: str = "en") -> str:
    """The commented spec that `chalkgrad new` writes, in a language."""
    return (PACKAGE / "spec" / "starters" / f"{language}.yaml").read_text("utf-8")


def example(name: str) -> Path:
    """The path of a bundled example by its name (`mazur`)."""
    return _bundled(name, example_names(), folder("examples"))


def exam(name: str) -> Path:
    """The path of a bundled exam by its name (`backpropagation`)."""
    return _bundled(name, exam_names(), folder("examples") / "exams")


def _bundled(name: str, names: tuple[str, ...], home: Path) -> Path:
    if name not in names:
        unknown = Message('no example is called "{name}"', name=name)
        raise ResourceError(advised(unknown, did_you_mean(name, names)))
    return home / f"{name}.yaml"
