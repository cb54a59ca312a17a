"""The sole judge of a spec: what the grammar cannot see, because it takes two values to see it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from chalkgrad.catalogue.languages import language_names
from chalkgrad.errors import SpecError
from chalkgrad.messages import Message
from chalkgrad.spec.draws import drawn_in, is_draw
from chalkgrad.spec.grammar import show_record, spec_record
from chalkgrad.spec.lessons.kinds import kind_of
from chalkgrad.spec.model import Spec
from chalkgrad.spec.readers import INVALID, Record, Report, entry
from chalkgrad.spec.schools import lettered
from chalkgrad.spec.source import A_SPEC, Entries, Node, Scalar, from_data, quoted, read_file


def read_spec(source: Path | Mapping[str, Any], **show: Any) -> Spec:
    """Read and judge a spec file or the same as Python data; `show` overrides what the spec's `show` says.

    Raises `SpecError` with everything that is wrong.
    """
    if isinstance(source, Path):
        return judge(read_file(source), named(source.stem), show)
    return judge(from_data(source), "network", show)


def named(stem: str) -> str:
    """A name for folders and files of pages; one that would lead elsewhere is not taken."""
    return stem if stem.strip(".") else "network"


def judge(root: Node, name: str, show: Mapping[str, Any]) -> Spec:
    """Turn a located tree into a `Spec`, or raise `SpecError` with every problem found."""
    report = Report()
    kind = kind_of(root)
    if (exam := entry(root, "exam") or drawn_in(root)) is not None:
        hint = Message("chalkgrad exam makes papers of it, each with other numbers")
        report.add(exam.place, Message("a draw") if is_draw(exam) else Message("an exam"), A_SPEC, hint)
        raise SpecError(report.problems, language_of(root))
    values = spec_record(kind).read(root, report)
    wishes = _wishes(root, show, show_record(kind), report)
    if values is INVALID or wishes is INVALID:
        kind.glimpse(root, report)
        raise SpecError(report.problems, language_of(root))
    judged = kind.judge(values, wishes, root, report)
    if wishes.code and (not kind.has_listing or (judged.train is not None and judged.train.batches)):
        asked = entry(entry(root, "show") or root, "code") or root
        networks = Message("no code: listings are written for networks whose updates use all samples")
        report.add(asked.place, quoted(", ".join(wishes.code)), networks)
    if report.problems:
        raise SpecError(report.problems, language_of(root))
    titles, notes = by_language(values["title"]), by_language(values["note"])
    return Spec(name, titles, judged.lesson, judged.train, wishes, notes)


def by_language(texts: str | Mapping[str, str]) -> Mapping[str, str]:
    """Texts by language; one that was given for all of them stands under the empty key."""
    if isinstance(texts, str):
        return {"": texts} if texts else {}
    return texts


def language_of(root: Node) -> str:
    """The language the spec asks for, as far as it can be read: its problems are told in it."""
    asked = entry(entry(root, "show") or root, "language")
    return asked.text if isinstance(asked, Scalar) and asked.text in language_names() else ""


def _wishes(root: Node, show: Mapping[str, Any], record: Record, report: Report) -> Any:
    """The spec's `show` with what the caller asked on top.

    Digits are one wish: whoever asks for decimals sets aside the spec's significant digits, and the reverse.
    """
    written = entry(root, "show")
    if isinstance(written, Entries):
        decimals, significant = entry(written, "decimals"), entry(written, "significant")
        if decimals is not None and significant is not None:
            report.add(significant.place, Message("both decimals and significant"), Message("one of them"))
    asked = from_data({key: value for key, value in show.items() if value is not None}, Message("options"))
    assert isinstance(asked, Entries)  # noqa: S101 (told to the type checker)
    over = {key.text for key, _ in asked.entries}
    over |= {"decimals", "significant"} if over & {"decimals", "significant"} else set()
    kept: Iterable[tuple[Scalar, Node]] = written.entries if isinstance(written, Entries) else ()
    merged = (*((key, value) for key, value in kept if key.text not in over), *asked.entries)
    # Problems inside the spec's own `show` are already reported by the grammar.
    fresh = Report()
    wishes = record.read(Entries(merged, root.place), fresh)
    if wishes is not INVALID:
        own = entry(Entries(merged, root.place), "symbols")
        school = lettered(wishes.school, wishes.symbols, own, (own or root).place, fresh)
        wishes = replace(wishes, school=school.deriving(wishes.derivatives))
    report.problems += [p for p in fresh.problems if p not in report.problems]
    return wishes
