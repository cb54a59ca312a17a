"""LaTeX pages set by an engine, and what its log complains of.

Starting TeX and reading a preamble takes longer than setting a page, so pages that share a preamble share a run:

    complaints(compiled(together({"mazur": …, "chain": …}), "pdflatex", folder))

tells of each complaint the page that it comes from.
"""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path

MOST_OVERFULL = 1.0  # points
MOST_RUNS = 5  # a long table settles its columns over several runs

_WARNING = re.compile(
    r"^(?:! .*|.*[Ww]arning: .*|Missing character: .*|\(\\end occurred .*"
    r"|Overfull \\[hv]box \((?P<points>[\d.]+)pt too \w+\).*|BEGINS (?P<page>.*))$",
    re.MULTILINE,
)
_OWN = re.compile(r"^(?:\\hypersetup\{pdftitle=|\\title\{).*\n|^%.*\n", re.MULTILINE)
"""The lines of a preamble that each page has for itself."""
_ONCE = re.compile(r"^\\hypersetup\{pdflang=.*\n", re.MULTILINE)
"""What may be said of a file only once, and is left out where pages share one."""
_TONGUE = re.compile(r"^\\babelprovide\[import=\S+,main\]\{(\S+)\}\n", re.MULTILINE)
"""Its language, provided before the first page and chosen for each."""


def complaints(log: str) -> list[str]:
    """What a TeX log complains of; after the name of the page where there are several."""
    page, found = "", []
    for match in _WARNING.finditer(log):
        if match["page"] is not None:
            page = f"{match['page']}: "
        elif match["points"] is None:
            found.append(page + match[0])
        elif float(match["points"]) > MOST_OVERFULL:
            found.append(f"{page}overfull by {match['points']} pt")
    return found


def compiled(text: str, engine: str, folder: Path) -> str:
    """The log of the last run that was needed."""
    (folder / "page.tex").write_text(text, encoding="utf-8")
    (folder / "page.out").touch()  # where a page has no outline, nothing changes in the first run
    for _ in range(MOST_RUNS):
        run = subprocess.run(
            [engine, "-interaction=nonstopmode", "-halt-on-error", "page.tex"],
            cwd=folder,
            capture_output=True,
            env={**os.environ, "max_print_line": "1000"},
            check=False,
        )
        log = (folder / "page.log").read_text("utf-8", errors="replace")
        assert run.returncode == 0, (re.findall("^BEGINS .*", log, re.MULTILINE)[-1:], log[-2000:])
        if not re.search(r"Rerun (?!checks)", log):
            return log
    return log


def together(pages: Mapping[str, str]) -> str:
    """Pages of one format, by name, as one document."""
    preambles, bodies, tongues = set(), [], {}
    for name, text in pages.items():
        preamble, body = text.split("\\begin{document}\n")
        preambles.add(_TONGUE.sub("PROVIDED\n", _ONCE.sub("", _OWN.sub("", preamble))))
        chosen = _TONGUE.search(preamble)
        if chosen:
            tongues[chosen[0]] = None
            bodies.append(rf"\selectlanguage{{{chosen[1]}}}")
        bodies += [begins(name), *_own(preamble), body.removesuffix("\\end{document}\n"), "\\clearpage"]
    (shared,) = preambles
    return "\n".join(
        [shared.replace("PROVIDED\n", "".join(tongues)), "\\begin{document}", *bodies, "\\end{document}", ""]
    )


def _own(preamble: str) -> Iterator[str]:
    return (match[0] for match in _OWN.finditer(preamble))


def begins(name: str) -> str:
    """Tells the log that a page begins."""
    return rf"\typeout{{BEGINS {name}}}"
