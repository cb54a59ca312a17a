"""A folder of the user's own templates: any file stands in for ours; a stranger's can do no harm."""

from __future__ import annotations

from pathlib import Path

import pytest

import chalkgrad
from chalkgrad.cli import main
from chalkgrad.errors import ResourceError, TemplateError


def own(folder: Path, **files: str) -> Path:
    """A folder of templates: `tex__page__tex` is `tex/page.tex`."""
    for name, text in files.items():
        *parts, ending = name.split("__")
        path = folder.joinpath(*parts).with_suffix(f".{ending}")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


def test_one_block_is_the_users_and_all_others_ours(tmp_path: Path) -> None:
    templates = own(tmp_path, md__blocks__paragraph__md="<b><< inline(block.text) >></b>\n")
    ours, theirs = (chalkgrad.solve("mazur", templates=folder).to_markdown() for folder in (None, templates))
    assert "<b>Each unit adds up" in theirs
    assert theirs.replace("<b>", "").replace("</b>", "") == ours


def test_a_format_that_builds_on_another_takes_the_users_file_of_its_own_name_only(tmp_path: Path) -> None:
    templates = own(tmp_path, tex__blocks__remark__tex="REMARK\n")
    example = chalkgrad.solve("mazur", templates=templates)
    assert "REMARK" in example.to_latex()
    assert "REMARK" not in example.text("md")


def test_a_whole_page_and_its_settings(tmp_path: Path) -> None:
    templates = own(
        tmp_path,
        md__page__md="<< document.title >>: << inline(document.subtitle) >>",
        md__format__toml='[inline]\nemphasis = "_TEXT_"\n',
    )
    page = chalkgrad.solve("mazur", templates=templates).to_markdown()
    assert page.startswith("A step by step backpropagation example: A 2–2–2 network")
    assert "\n" not in page


def test_what_a_title_holds_is_still_escaped(tmp_path: Path) -> None:
    templates = own(tmp_path, md__page__md="<< document.title >>")
    spec = {
        "title": "<script>*x*</script>",
        "network": {
            "layers": [{"units": 1, "activation": "tanh", "weights": [[1]]}],
            "loss": "squared_error",
        },
        "data": {"x": [[1]], "y": [[1]]},
    }
    assert chalkgrad.solve(spec, templates=templates).to_markdown() == r"\<script\>\*x\*\</script\>"


HARMFUL = [
    "<< ''.__class__.__mro__ >>",
    "<< document.blocks.__class__.__base__.__subclasses__() >>",
    "<< inline.__globals__ >>",
    "<< cycler.__init__.__globals__.os.system('id') >>",
    "<% for i in range(10**9) %>x<% endfor %>",
    "<% include '/etc/passwd' %>",
    "<% include '../../secret' %>",
]


@pytest.mark.parametrize("harm", HARMFUL)
def test_the_sandbox_holds(harm: str, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("s3cret")
    templates = own(tmp_path / "own", md__page__md=harm)
    with pytest.raises(TemplateError):
        chalkgrad.solve("mazur", templates=templates).to_markdown()


WRONG = {
    "<% if %>": "page.md:1: ",
    "one\n<< documet.title >>": "page.md:2: 'documet' is undefined",
    "one\n\n<< 1 / 0 >>": "page.md:3: ",
    "<% include 'blocks/none.md' %>": "blocks/none.md",
    "<< block": "page.md:1: ",
}


@pytest.mark.parametrize("text", WRONG)
def test_a_mistake_is_told_with_file_and_line(
    text: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    templates = own(tmp_path / "own", md__page__md=text)
    out = tmp_path / "out"
    assert main(["solve", "mazur", "--to", "md", "--templates", str(templates), "-o", str(out)]) == 2
    error = capsys.readouterr().err
    assert WRONG[text] in error
    assert "Traceback" not in error
    assert not out.exists()


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ("width = 'wide'\n", "width"),
        ("widht = 80\n", 'did you mean "width"?'),
        ("maker = 'typst'\n", "maker"),
        ("width = \n", "format.toml"),
    ],
)
def test_settings_are_judged(settings: str, told: str, tmp_path: Path) -> None:
    templates = own(tmp_path, md__format__toml=settings)
    with pytest.raises(TemplateError, match=r"format\.toml") as caught:
        chalkgrad.solve("mazur", templates=templates).to_markdown()
    assert told in str(caught.value)


def test_a_folder_that_is_none(tmp_path: Path) -> None:
    with pytest.raises(ResourceError, match="no folder of templates"):
        chalkgrad.solve("mazur", templates=tmp_path / "none").to_markdown()
