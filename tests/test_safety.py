"""What a stranger writes into a title or a file name is text: it is shown, and does nothing."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

import chalkgrad
from chalkgrad.cli import main

NET: dict[str, Any] = {
    "network": {
        "layers": [{"units": 1, "activation": "sigmoid", "weights": [[0.5, "-1/3"]], "bias": [0.25]}],
        "loss": "half_squared_error",
    },
    "data": {"x": [[1, 2]], "y": [[1]]},
    "train": {"optimizer": {"name": "sgd", "learning_rate": 0.5}},
    "show": {"decimals": 4},
}

# title: the same as LaTeX must hold it, written by hand
TITLES = {
    r"\input{/etc/passwd}": r"\textbackslash{}input\{/etc/passwd\}",
    r"\write18{touch owned}": r"\textbackslash{}write18\{touch owned\}",
    "$$ \\def\\x{} $$": r"\$\$ \textbackslash{}def\textbackslash{}x\{\} \$\$",
    "} \\end{document}": r"\} \textbackslash{}end\{document\}",
    "100% of it": r"100\% of it",
    "<script>alert(1)</script>": r"\textless{}script\textgreater{}alert(1)\textless{}/script\textgreater{}",
    "<img src=x onerror=alert(1)>": r"\textless{}img src=x onerror=alert(1)\textgreater{}",
    "{{ 7*7 }}": r"\{\{ 7*7 \}\}",
    "<< 7*7 >>": r"\textless{}\textless{} 7*7 \textgreater{}\textgreater{}",
    "<% for x in y %>": r"\textless{}\% for x in y \%\textgreater{}",
    "<# gone #>": r"\textless{}\# gone \#\textgreater{}",
    "{% raw %}": r"\{\% raw \%\}",
    "]]> CDATA": r"]]\textgreater{} CDATA",
    "[click](javascript:alert(1))": r"[click](javascript:alert(1))",
    "![](http://example.org/x.png)": r"![](http://example.org/x.png)",
    "*a* _b_ # c > d | e": r"*a* \_b\_ \# c \textgreater{} d \textbar{} e",
    "TEXT NUMBER ANCHOR": "TEXT NUMBER ANCHOR",
    "{title} {0} %s %(x)s": r"\{title\} \{0\} \%s \%(x)s",
    "a & b ~ c ^ d": r"a \& b \textasciitilde{} c \textasciicircum{} d",
    "&lt;b&gt; &#60;": r"\&lt;b\&gt; \&\#60;",
    "\\": r"\textbackslash{}",
}


def md_title(page: str) -> str:
    """The words of the first heading, as a reader sees them; it holds nothing but words."""
    tokens = MarkdownIt("commonmark").parse(page.split("\n\n", maxsplit=1)[0])
    assert [t.type for t in tokens] == ["heading_open", "inline", "heading_close"]
    children = tokens[1].children or []
    assert {c.type for c in children} <= {"text", "text_special"}
    return "".join(c.content for c in children)


def tex_title(page: str) -> str:
    """What stands in the title of the LaTeX page."""
    (found,) = re.findall(r"^\\chalktitle\{(.*?)\}\{", page, re.MULTILINE)
    return found


@pytest.fixture(scope="module")
def plain() -> chalkgrad.Example:
    return chalkgrad.solve({**NET, "title": "Plain"})


@pytest.mark.parametrize("title", TITLES)
def test_a_title_is_shown_and_does_nothing(title, plain):
    example = chalkgrad.solve({**NET, "title": title})
    assert md_title(example.to_markdown()) == title
    assert tex_title(example.to_latex()) == TITLES[title]
    # and nothing else on the page is touched by it
    assert example.to_markdown().split("\n")[1:] == plain.to_markdown().split("\n")[1:]
    assert example.to_latex().replace(TITLES[title], "Plain") == plain.to_latex()
    assert example.data()["title"] == title


@pytest.mark.parametrize(
    ("title", "left"),
    [
        ("a\ue0003\ue001b", "a 3 b"),  # the markers of slots
        ("\ue000", "network"),
        ("invoice\u202efdp.exe", "invoice fdp.exe"),  # right-to-left override
        ("a\u2066b\u2069", "a b"),
        ("one\n\n# two", "one # two"),
        ("one\r\ntwo\tthree", "one two three"),
        ("zero\u200bwidth", "zero width"),
        ("nul\0", "nul"),
        ("half \ud800 a letter", "half a letter"),
        ("  blanks   within ", "blanks within"),
    ],
)
def test_what_cannot_be_seen_is_taken_out_of_a_title(title, left):
    example = chalkgrad.solve({**NET, "title": title})
    assert example.data()["title"] == left
    assert md_title(example.to_markdown()) == left
    for page in (example.to_markdown(), example.to_latex(), example.text("json")):
        assert not re.search("[\ue000-\uf8ff\u202a-\u202e\u2066-\u2069\u200b\0]", page)


NAMES = [
    "a b", "50% & more", "$x$", "{{ 7*7 }}", "<b>bold", "<< 7 >>", r"\input{x}", "a`b`c", "--help",
    "é", "中文", "\ue0000\ue001", "x\u202ey", "one\n\n# two", "'; touch owned; '",
]  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_a_file_name_is_shown_and_does_nothing(name, write_spec, small, tmp_path, plain):
    path = write_spec(small.replace("title: Small\n", ""), f"{name}.yaml")
    example = chalkgrad.solve(path)
    shown = " ".join("".join(c if c.isprintable() else " " for c in name.replace("-", " ")).split())
    assert md_title(example.to_markdown()).split() == shown.split()
    assert "\ue000" not in example.to_markdown() + example.to_latex()
    assert "\u202e" not in example.to_markdown() + example.to_latex()
    assert example.to_markdown().count("\n# ") == 0
    assert "\n" not in tex_title(example.to_latex())
    written = example.save(tmp_path / "pages", ["md"])
    assert [p.suffix for p in written] == [".md", ".svg", ".svg", ".svg"]
    assert all(p.resolve().is_relative_to(tmp_path / "pages") for p in written)


@pytest.mark.parametrize("name", ["..", ".", ""])
def test_a_name_never_leads_out_of_the_folder(name, write_spec, tmp_path):
    path = write_spec(name=f"{name}.yaml")
    written = chalkgrad.solve(path).save(tmp_path / "deep" / "pages", ["md", "json"])
    for file in written:
        assert file.resolve().is_relative_to((tmp_path / "deep" / "pages").resolve())
        assert file.read_text("utf-8")


def test_a_title_cannot_choose_where_pages_go(tmp_path):
    written = chalkgrad.solve({**NET, "title": "../../../etc/passwd"}).save(tmp_path, ["md"])
    assert written[0] == tmp_path / "network" / "network.md"
    assert {path.parent for path in written} == {tmp_path / "network"}


@settings(max_examples=15)
@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=30))
def test_any_title_is_shown(title):
    expected = " ".join("".join(c if c.isprintable() else " " for c in title).split())
    example = chalkgrad.solve({**NET, "title": title})
    assert md_title(example.to_markdown()).split() == (expected or "network").split()


@given(
    st.sampled_from(["print('x')", "z;import os", "z\n", "${z}", "#{z}", "`z`", "\\input{z}", "{{z}}", "<<z>>"])
)
def test_a_formula_is_no_way_in(text):
    layers = [{**NET["network"]["layers"][0], "activation": {"formula": f"{text}!"}}]
    with pytest.raises(chalkgrad.SpecError, match="a formula that does not read"):
        chalkgrad.solve({**NET, "network": {**NET["network"], "layers": layers}})


def test_yaml_tags_build_nothing(write_spec, tmp_path, capsys):
    proof = tmp_path / "owned"
    path = write_spec(
        f"title: !!python/object/apply:os.system ['touch {proof}']\nnetwork: !!python/name:os.system\n"
    )
    assert main(["solve", str(path)]) == 2
    assert not proof.exists()
    assert "Traceback" not in capsys.readouterr().err


def test_a_message_shows_no_escape_codes(write_spec, capsys):
    # a terminal would obey them
    assert main(["solve", str(write_spec('title: x\n"los\\e[31m\\u202e": 1\n'))]) == 2
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]", capsys.readouterr().err)


# --- in print --------------------------------------------------------------------------------------------------


def pdflatex(folder: Path, text: str) -> tuple[int, str]:
    """Set a page; returns the exit status and the log."""
    (folder / "page.tex").write_text(text, encoding="utf-8")
    done = subprocess.run(
        ["pdflatex", "-no-shell-escape", "-interaction=nonstopmode", "page.tex"],
        check=False, cwd=folder, capture_output=True, text=True, errors="replace", timeout=120,
    )  # fmt: skip
    return done.returncode, done.stdout


def errors_of(log: str) -> list[str]:
    return re.findall(r"^! .*", log, re.MULTILINE)


@pytest.mark.slow
@pytest.mark.needs("pdflatex", "pdftotext")
def test_hostile_titles_are_set_in_print(tmp_path):
    titles = [t for t in TITLES if len(t) > 1]
    example = chalkgrad.solve({**NET, "title": " :: ".join(titles)})
    status, log = pdflatex(tmp_path, example.to_latex())
    assert (status, errors_of(log)) == (0, [])
    text = subprocess.run(
        ["pdftotext", "-raw", "page.pdf", "-"], cwd=tmp_path, capture_output=True, text=True, check=True
    ).stdout
    letters = re.sub(r"[\s\u00ad-]+", "", text)
    for title in titles:
        assert re.sub(r"[\s-]+", "", title) in letters
    assert "root:" not in text
    assert not (tmp_path / "owned").exists()


LATIN = [chr(c) for c in range(0xA1, 0x180) if chr(c).isprintable()]


@pytest.mark.slow
@pytest.mark.needs("pdflatex")
@pytest.mark.parametrize(
    "title",
    [
        " ".join(LATIN),
        "αβγδεζηθικλμνξπρστυφχψωΓΔΘΛΞΠΣΥΦΨΩ",
        "中文 текст ∂ ≈ − ∞ · – — ‘a’ “b” …",
        "🙂 e\u0301 \u2192",
    ],
    ids=["Latin", "Greek", "other scripts", "beyond"],
)
def test_any_letters_can_be_set(title, tmp_path):
    _, log = pdflatex(tmp_path, chalkgrad.solve({**NET, "title": title}).to_latex())
    assert errors_of(log) == []
