"""The walls of the house: imports point one way, nothing is ever evaluated as code, templates hold markup."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import chalkgrad
from chalkgrad import resources

PACKAGE = Path(chalkgrad.__file__).parent
MODULES = sorted(PACKAGE.rglob("*.py"))

ROOMS = """
version messages errors resources quantities algebra catalogue spec network derivation evaluation markup document
lessons render example exam pipeline arguments cli
""".split()
FRONT = ("__init__", "__main__")  # the doors: they lead to the last rooms, and no room goes through them


def name_of(path: Path) -> str:
    return path.relative_to(PACKAGE.parent).as_posix()


def room_of(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imported(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Line and room of every import of chalkgrad, also of those inside functions."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                if alias.name.split(".")[0] == "chalkgrad":
                    yield node.lineno, [*alias.name.split("."), "__init__"][1]
        elif isinstance(node, ast.ImportFrom):
            if node.level:
                yield node.lineno, "a relative import"
            elif node.module == "chalkgrad":
                for alias in node.names:
                    yield node.lineno, alias.name
            elif node.module and node.module.startswith("chalkgrad."):
                yield node.lineno, node.module.split(".")[1]


def wrong_ways(path: Path, tree: ast.AST) -> list[str]:
    """Every import that points down the list of rooms, or around it."""
    here = room_of(path)
    if here in FRONT:
        return []
    out = []
    for line, room in imported(tree):
        if room not in ROOMS:
            out.append(f"{name_of(path)}:{line}: {here} imports {room}, which is not in the list of rooms")
        elif ROOMS.index(room) > ROOMS.index(here):
            out.append(f"{name_of(path)}:{line}: {here} imports {room}, which comes after it")
    return out


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_imports_point_one_way(path):
    assert room_of(path) in (*ROOMS, *FRONT), f"{name_of(path)} is in no room of the list"
    assert wrong_ways(path, ast.parse(path.read_text("utf-8"))) == []


@pytest.mark.parametrize(
    "source",
    [
        "from chalkgrad.render import files",
        "import chalkgrad.cli",
        "import chalkgrad",
        "from chalkgrad import solve",
        "from chalkgrad import pipeline",
        "from . import judge",
        "from ..render import files",
        "def late():\n    from chalkgrad.document.page import page",
        "if TYPE_CHECKING:\n    from chalkgrad.document.page import page",
        "from chalkgrad.utils import x",
    ],
)
def test_a_wrong_way_is_noticed(source):
    (found,) = wrong_ways(PACKAGE / "spec" / "judge.py", ast.parse(source))
    line = source.count("\n") + 1
    assert found.startswith(f"chalkgrad/spec/judge.py:{line}: spec imports ")


def test_the_order_of_the_rooms_is_not_the_reverse():
    assert wrong_ways(PACKAGE / "cli.py", ast.parse("from chalkgrad.spec.judge import read_spec")) == []
    assert wrong_ways(PACKAGE / "spec" / "judge.py", ast.parse("from chalkgrad.spec.grammar import x")) == []


# --- nothing is evaluated as code ------------------------------------------------------------------------------

FORBIDDEN_NAMES = {"eval", "exec", "compile", "__import__"}
FORBIDDEN_ATTRIBUTES = {
    "parse_expr", "parse_latex", "S", "unsafe_load", "full_load", "load", "load_all", "UnsafeLoader", "FullLoader",
    "CLoader", "system", "popen",
}  # fmt: skip
FORBIDDEN_MODULES = {"pickle", "marshal", "shelve", "importlib", "runpy", "code", "sympy.parsing"}
SAFE_CALLS = {"tomllib.load", "json.load"}


def unsafe(path: Path, tree: ast.AST) -> list[str]:
    out = []

    def note(node: ast.AST, what: str) -> None:
        out.append(f"{name_of(path)}:{node.lineno}: {what}")  # type: ignore[attr-defined]

    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and node.id in FORBIDDEN_NAMES | {"parse_expr", "sympify"}:
            note(node, f"{node.id} may run text as code")
        elif isinstance(node, ast.Attribute):
            dotted = ast.unparse(node)
            if node.attr in FORBIDDEN_ATTRIBUTES and dotted not in SAFE_CALLS and dotted != "re.S":
                note(node, f"{dotted} may run text as code")
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            modules = [a.name for a in node.names] if isinstance(node, ast.Import) else [node.module or ""]
            for module in modules:
                if any(module == bad or module.startswith(f"{bad}.") for bad in FORBIDDEN_MODULES):
                    note(node, f"{module} may run text as code")
        elif isinstance(node, ast.keyword) and node.arg == "shell":
            note(node.value, "a shell")
    return out


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_nothing_is_evaluated_as_code(path):
    assert unsafe(path, ast.parse(path.read_text("utf-8"))) == []


def sympified(path: Path, tree: ast.AST) -> list[str]:
    """Every use of SymPy's sympify that would run a text as Python: all but calls with strict=True."""
    strict = {
        id(node.func)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and any(
            k.arg == "strict" and isinstance(k.value, ast.Constant) and k.value.value is True
            for k in node.keywords
        )
    }
    return [
        f"{name_of(path)}:{node.lineno}: {ast.unparse(node)} without strict=True would run a text"
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and node.attr == "sympify" and id(node) not in strict
    ]


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_no_text_can_reach_sympify(path):
    assert sympified(path, ast.parse(path.read_text("utf-8"))) == []


@pytest.mark.parametrize(
    "source",
    [
        "eval('1')", "exec('1')", "f = eval", "yaml.load(x)", "yaml.load(x, Loader=yaml.SafeLoader)", "sp.S('x')",
        "parse_expr('x')", "from sympy.parsing.sympy_parser import parse_expr", "import pickle",
        "run(x, shell=True)",
        "os.system('ls')", "__import__('os')", "compile('1', '', 'eval')", "sympify('x')",
    ],
)  # fmt: skip
def test_what_is_unsafe_is_noticed(source):
    assert unsafe(PACKAGE / "cli.py", ast.parse(f"\n{source}"))[0].startswith("chalkgrad/cli.py:2: ")


@pytest.mark.parametrize("source", ["sp.sympify(x)", "map(sp.sympify, xs)", "sp.sympify(x, strict=False)"])
def test_a_loose_sympify_is_noticed(source):
    assert sympified(PACKAGE / "cli.py", ast.parse(source))
    assert not sympified(PACKAGE / "cli.py", ast.parse("sp.sympify(x, strict=True)"))


# --- who touches the world -------------------------------------------------------------------------------------


def writes(tree: ast.AST) -> Iterator[int]:
    """Lines that write to disk."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr in (
            "write_text",
            "write_bytes",
            "mkstemp",
            "unlink",
            "mkdir",
            "fdopen",
        ):
            yield node.lineno
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "open":
            yield node.lineno


def test_one_place_writes_to_disk():
    found = {name_of(p) for p in MODULES if list(writes(ast.parse(p.read_text("utf-8"))))}
    # pdf_tex.py runs a program that writes in a folder of its own
    assert found - {"chalkgrad/render/pdf_tex.py"} == {"chalkgrad/render/files.py"}


def test_one_place_knows_where_things_lie():
    found = {name_of(p) for p in MODULES if "__file__" in p.read_text("utf-8")}
    assert found == {"chalkgrad/resources.py"}


def test_no_file_is_called_after_nothing():
    assert not [p for p in MODULES if p.stem in ("utils", "util", "helpers", "helper", "common", "misc", "tools")]


# --- templates hold markup -------------------------------------------------------------------------------------

TEMPLATES = sorted(
    p for p in resources.templates().rglob("*") if p.is_file() and p.suffix not in (".toml", ".css", ".js")
)
CODE = re.compile(r"<%(.*?)%>|<<(.*?)>>", re.DOTALL)
CELLS = re.compile(r'<< "\\ue010" >>(?:markdown|code)$|(?<=\()attachment:', re.MULTILINE)
"""What notebooks have beside Markdown: the kinds of their cells, and addresses of pictures."""
LITERAL = re.compile(r"\"([^\"]*)\"|'([^']*)'")
INCLUDED = re.compile(r"^(blocks/|partials?/|[\w./-]+\.\w+$|\.\w+$)")


def template_id(path: Path) -> str:
    return path.relative_to(resources.templates()).as_posix()


def sentences(text: str) -> list[str]:
    """String literals inside template code that hold more than one word."""
    out = []
    for match in CODE.finditer(text):
        for literal in LITERAL.finditer(match[1] or match[2] or ""):
            words = literal[1] or literal[2] or ""
            if " " in words.strip() and not INCLUDED.match(words):
                out.append(f"line {text.count(chr(10), 0, match.start()) + 1}: {words!r}")
    return out


@pytest.mark.parametrize("path", TEMPLATES, ids=template_id)
def test_templates_hold_no_sentences(path):
    assert sentences(path.read_text("utf-8")) == []


def test_a_sentence_is_noticed():
    assert sentences('\n<< "Please see above" >>') == ["line 2: 'Please see above'"]
    assert sentences('<% if block.after == \'same\' %><% include "blocks/" ~ kind(block) ~ ".md" %>') == []


@pytest.mark.parametrize("path", [p for p in TEMPLATES if p.suffix == ".md"], ids=template_id)
def test_markdown_templates_hold_no_words_at_all(path):
    text = CODE.sub("", CELLS.sub("", path.read_text("utf-8")))
    text = re.sub(r"\\[a-zA-Z]+(\{\w+\})?|<[^>]*>", "", text)  # commands and tags
    assert re.findall(r"[A-Za-z]{2,}", text) == []


def test_templates_compute_nothing():
    for path in TEMPLATES:
        for match in CODE.finditer(path.read_text("utf-8")):
            code = LITERAL.sub("", match[1] or match[2] or "")
            assert not re.search(r"\*\*|//|(?<!-)-\s*\d|\d\s*[*/]|[*/]\s*\d|\bround\b|\bformat\b", code), (
                f"{template_id(path)}: {match[0]}"
            )
