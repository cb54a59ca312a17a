"""HTML pages in a browser: mathematics is laid out, nothing is cut off, and the script does what it promises."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import chalkgrad
from chalkgrad import resources
from kinds import NETWORKS

if os.environ.get("CI"):  # there the browser must not go missing unnoticed
    from playwright import sync_api
else:
    sync_api = pytest.importorskip("playwright.sync_api")

pytestmark = [pytest.mark.needs("chromium"), pytest.mark.slow]

SWITCHES = """
--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update
--disable-sync
""".split()
WIDE, NARROW = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
BOTH = {"views": ["scalar", "matrix"], "detail": "full"}

Open = Callable[..., Any]


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=SWITCHES)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Path]:
    """Pages as files, each made once."""
    folder, made = tmp_path_factory.mktemp("pages"), {}

    def write(name: str, **show: Any) -> Path:
        key = f"{name}{sorted(show.items())}"
        if key not in made:
            made[key] = folder / f"{len(made)}.html"
            made[key].write_text(chalkgrad.solve(name, **show).to_html(), encoding="utf-8")
        return made[key]

    return write


@pytest.fixture
def open_page(browser: Any, written: Callable[..., Path]) -> Iterator[Open]:
    """Opens a page of an example; in the end nothing was said on its console, and nothing was asked for."""
    said: list[str] = []
    contexts = []

    def open_one(name: str, show: dict[str, Any] | None = None, viewport: Any = WIDE, **context: Any) -> Any:
        contexts.append(browser.new_context(viewport=viewport, reduced_motion="reduce", **context))
        page = contexts[-1].new_page()
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        page.on("request", lambda request: said.append(request.url) if request.url != page.url else None)
        path = written(name, **(show or {}))
        page.goto("about:blank")
        said.clear()
        page.goto(path.as_uri())
        said[:] = [line for line in said if line != path.as_uri()]
        return page

    yield open_one
    for context in contexts:
        context.close()
    assert said == []


# --- layout ----------------------------------------------------------------------------------------------------

TOO_WIDE = """() => [...document.querySelectorAll('body *')].filter(e => {
    const box = e.getBoundingClientRect();
    if (!box.width || e.closest('[hidden], .contents, svg')) return false;
    for (let p = e; p; p = p.parentElement) if (getComputedStyle(p).overflowX === 'auto') return false;
    return box.right > innerWidth + 0.5 || box.left < -0.5;
}).map(e => e.outerHTML.slice(0, 80))"""


@pytest.mark.parametrize("name", resources.example_names())
def test_everything_is_laid_out_and_nothing_is_wider_than_the_window(open_page, name):
    page = open_page(name, BOTH if name in NETWORKS else {})
    boxes = page.evaluate(
        """() => [...document.querySelectorAll('main math')].map(math => {
            const box = math.getBoundingClientRect();
            return [box.width, box.height, getComputedStyle(math).display];
        })"""
    )
    assert len(boxes) > (50 if name in NETWORKS else 20)
    assert all(width > 3 and height > 3 and display.endswith("math") for width, height, display in boxes)
    # a fraction is set above its line: the browser knows MathML
    assert page.evaluate(
        """() => [...document.querySelectorAll('mfrac')].every(f => {
            const [above, below] = [...f.children].map(c => c.getBoundingClientRect());
            return above.bottom <= below.top + 1;
        })"""
    )
    for viewport in (WIDE, NARROW):
        page.set_viewport_size(viewport)
        assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"]
        assert page.evaluate(TOO_WIDE) == []


@pytest.mark.parametrize("fade", ["backward", "forward"])
def test_a_worksheet_has_room_to_write_in(open_page, fade):
    page = open_page("mazur", {"fade": fade}, NARROW)
    widths = page.evaluate("[...document.querySelectorAll('.blank')].map(e => e.getBoundingClientRect().width)")
    assert len(widths) > 20
    assert min(widths) > 30
    assert page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]


def test_a_formula_and_its_full_stop_stay_together(open_page):
    page = open_page("mazur")
    assert page.locator("p .tied").count() > 5
    apart = """() => [...document.querySelectorAll('p math')].filter(math => {
        const after = math.nextSibling;
        if (!after || !after.data || !/^[\u2060.,;:)]/.test(after.data)) return false;
        const range = document.createRange();
        range.setStart(after, 0);
        range.setEnd(after, 1);
        const mark = range.getBoundingClientRect();
        return mark.left < math.getBoundingClientRect().right - 3;
    }).length"""
    for width in range(340, 460, 12):
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate(apart) == 0


@pytest.mark.parametrize("name", resources.example_names())
def test_a_long_chain_breaks_before_its_relations(open_page, name):
    """On a phone only a single link, such as a wide matrix, may have to be scrolled."""
    page = open_page(name, {"views": ["scalar"]} if name in NETWORKS else {}, NARROW)
    scrolled = page.evaluate(
        """() => [...document.querySelectorAll('.line')].filter(e => e.scrollWidth > e.clientWidth + 1)
            .filter(line => ![...line.querySelectorAll('math')].some(
                math => math.getBoundingClientRect().width > line.clientWidth - 32))
            .map(line => line.textContent)"""
    )
    assert scrolled == []


def test_relations_stand_under_each_other(open_page):
    page = open_page("mazur")
    for block in page.locator(".equations").all():
        starts = block.evaluate("e => [...e.querySelectorAll('.chain')].map(c => c.getBoundingClientRect().left)")
        assert max(starts) - min(starts) < 0.5


@pytest.mark.parametrize("name", ["mazur", "three_layers"])
def test_numbers_align_on_their_decimal_mark(open_page, name):
    page = open_page(name)
    columns = page.evaluate(
        """() => [...document.querySelectorAll('table')].flatMap(table => {
            const columns = {};
            for (const cell of table.querySelectorAll('td')) {
                const text = cell.querySelector('span[data-q]')?.firstChild;
                const mark = text ? text.data.indexOf('.') : -1;
                if (mark < 0 || cell.querySelector('sup')) continue;
                const range = document.createRange();
                range.setStart(text, mark);
                range.setEnd(text, mark + 1);
                (columns[cell.cellIndex] ||= []).push(range.getBoundingClientRect().left);
            }
            return Object.values(columns);
        })"""
    )
    assert len(columns) >= 4
    for column in columns:
        assert max(column) - min(column) < 0.6


# --- without help ----------------------------------------------------------------------------------------------


def test_everything_can_be_read_without_a_script(open_page):
    page = open_page("mazur", java_script_enabled=False)
    assert page.locator(".steps, .origin").count() == 0
    assert page.locator("main").inner_text().count("≈") > 30
    assert len(page.screenshot()) > 20_000


def test_the_script_hides_nothing_at_first(open_page):
    page = open_page("mazur")
    assert page.locator(".later, .current, .lit").count() == 0
    dim = "() => [...document.querySelectorAll('main *')].filter(e => getComputedStyle(e).opacity < 1).length"
    assert page.evaluate(dim) == 0


# --- light, dark, paper ----------------------------------------------------------------------------------------

GROUND = "getComputedStyle(document.documentElement).backgroundColor"


def test_light_and_dark_follow_the_reader(open_page):
    grounds = {mode: open_page("chain", color_scheme=mode).evaluate(GROUND) for mode in ("light", "dark")}
    assert grounds == {"light": "rgb(255, 254, 251)", "dark": "rgb(26, 27, 30)"}


def test_paper_is_white_and_holds_no_buttons(open_page):
    page = open_page("mazur", color_scheme="dark")
    page.keyboard.press("ArrowRight")
    page.emulate_media(media="print", color_scheme="dark")
    assert page.evaluate("getComputedStyle(document.documentElement).getPropertyValue('--paper')") == "#ffffff"
    assert not page.locator(".steps").is_visible()
    assert not page.locator(".contents").is_visible()
    assert page.evaluate("[...document.querySelectorAll('main *')].every(e => getComputedStyle(e).opacity == 1)")


def test_a_page_is_not_blank(open_page):
    page = open_page("softmax")
    shades = page.evaluate(
        "new Set([...document.querySelectorAll('main mn')].map(e => getComputedStyle(e).color)).size"
    )
    assert shades >= 4  # ink and the three colours of the factors
    assert len(page.screenshot()) > 20_000


# --- step by step ----------------------------------------------------------------------------------------------


def at(page: Any) -> int:
    """The line that is shown, counted from 0; −1 outside of stepping."""
    return page.evaluate("[...document.querySelectorAll('.line')].findIndex(e => e.matches('.current'))")


def test_keys_step_forward_and_back(open_page):
    page = open_page("mazur")
    count = page.locator("main .line").count()
    seen = [at(page)]
    for key in ("ArrowRight", "ArrowRight", "ArrowRight", "ArrowLeft", "Escape"):
        page.keyboard.press(key)
        seen.append(at(page))
    assert seen == [-1, 0, 1, 2, 1, -1]
    page.keyboard.press("ArrowLeft")
    assert at(page) == -1
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    assert page.locator(".steps output").inner_text() == f"Step {at(page) + 1} of {count}"
    assert page.locator(".line[aria-current=step]").count() == 1


def test_a_key_with_a_modifier_stays_the_browser_s(open_page):
    page = open_page("mazur")
    page.keyboard.press("Control+ArrowRight")
    assert at(page) == -1


def test_buttons_step_too_and_end_where_the_page_ends(open_page):
    page = open_page("chain", {"language": "pt_BR"}, NARROW)
    page.get_by_role("button", name="Passo a passo").click()
    assert at(page) == 0
    assert page.get_by_role("button", name="Passo anterior").is_disabled()
    count = page.locator("main .line").count()
    for _ in range(count - 1):
        page.get_by_role("button", name="Próximo passo").click()
    assert at(page) == count - 1
    assert page.get_by_role("button", name="Próximo passo").is_disabled()
    page.keyboard.press("ArrowRight")
    assert at(page) == count - 1
    page.get_by_role("button", name="Mostrar a página inteira").click()
    assert at(page) == -1


def test_the_line_is_in_sight_and_what_follows_is_dimmed(open_page):
    page = open_page("mazur", None, NARROW)
    for _ in range(20):
        page.keyboard.press("ArrowRight")
        line, drawing = page.locator(".current").bounding_box(), page.locator("figure").first.bounding_box()
        assert drawing["y"] + drawing["height"] <= line["y"] or drawing["y"] > line["y"]
        assert line["y"] + line["height"] <= NARROW["height"]
    shade = "e => { let o = 1; for (; e; e = e.parentElement) o *= getComputedStyle(e).opacity; return o; }"
    lines = page.locator("main .line")
    assert lines.nth(at(page) - 1).evaluate(shade) == 1
    assert lines.nth(at(page)).evaluate(shade) == 1
    assert 0 < lines.nth(at(page) + 1).evaluate(shade) < 0.5
    assert 0 < page.locator("main > :last-child").evaluate(shade) < 0.5


def test_the_drawing_lights_up_what_the_line_speaks_of(open_page):
    page = open_page("mazur")
    figure = page.locator("figure").first
    page.keyboard.press("ArrowRight")
    lit = set(figure.evaluate("f => [...f.querySelectorAll('.lit')].map(e => e.dataset.q)"))
    # net_h1 = w1 i1 + w2 i2 + b1: its unit, two inputs, two edges with their weights, the bias
    assert {"W1[1,1]", "W1[1,2]", "b1"} <= lit
    assert not lit & {"W1[2,1]", "W1[2,2]", "b2"}
    assert any("z1[1]" in q.split() for q in lit)
    made = figure.evaluate("f => [...f.querySelectorAll('.unit.made')].map(e => e.dataset.q.split(' '))")
    assert [ids[:2] for ids in made] == [["z1[1]", "a1[1]"]]
    edge = figure.locator(".edge.lit").first
    plain = figure.locator(".edge:not(.lit)").first
    colour = "e => getComputedStyle(e).stroke"
    assert edge.evaluate(colour) != plain.evaluate(colour)
    page.keyboard.press("Escape")
    assert page.locator(".lit").count() == 0


def test_the_drawing_stays_in_sight(open_page):
    page = open_page("mazur")
    for _ in range(30):
        page.keyboard.press("ArrowRight")
    assert page.evaluate("scrollY") > 1000
    assert page.locator("figure").first.bounding_box()["y"] == 0


# --- where a number comes from ---------------------------------------------------------------------------------


def test_hovering_shows_where_a_number_was_computed(open_page):
    page = open_page("mazur")
    tip = page.locator("[role=tooltip]")
    assert tip.is_hidden()
    place = page.locator('main .line:not([data-defines~="a1[1]"]) .chain [data-q="a1[1]"]').last
    place.scroll_into_view_if_needed()
    place.hover()
    assert tip.is_visible()
    origin = page.locator('main .line[data-defines~="a1[1]"]').first
    assert tip.inner_text().split() == origin.inner_text().split()
    assert place.get_attribute("aria-describedby") == tip.get_attribute("id")
    marked = page.evaluate("[...document.querySelectorAll('main .same')].map(e => e.dataset.q)")
    assert len(marked) >= 4
    assert all("a1[1]" in q.split() for q in marked)
    page.mouse.move(2, 2)
    assert tip.is_hidden()
    assert page.locator("main .same").count() == 0


@pytest.mark.parametrize(("code", "word"), [("en", "given"), ("pt_BR", "dado do enunciado"), ("es", "dato del")])
def test_a_given_number_says_so(open_page, code, word):
    page = open_page("mazur", {"language": code})
    page.locator('main .line .chain [data-q="x[1]"]').last.hover()
    said = page.locator("[role=tooltip]").inner_text()
    assert word in said
    assert ("0.05" if code == "en" else "0,05") in said


def test_a_click_leads_there(open_page):
    page = open_page("mazur")
    page.locator('main .line .chain [data-q="a1[1]"]').last.click()
    box = page.locator('main .line[data-defines~="a1[1]"]').first.bounding_box()
    assert 0 < box["y"] < WIDE["height"] - box["height"]


def test_a_finger_s_tap_shows_and_a_second_one_leads_there(open_page):
    page = open_page("mazur", None, NARROW, has_touch=True)
    page.locator('main .line .chain [data-q="a1[1]"]').last.tap()
    before = page.evaluate("scrollY")
    tip = page.locator("[role=tooltip]")
    assert tip.is_visible()
    box = tip.bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= NARROW["width"]
    tip.tap()
    assert page.evaluate("scrollY") < before - 500


def test_the_keyboard_reaches_the_quantities_of_the_line(open_page):
    page = open_page("mazur")
    for _ in range(2):
        page.keyboard.press("ArrowRight")
    page.keyboard.press("Tab")
    focused = []
    for _ in range(40):
        if page.evaluate("document.activeElement.closest('.current') !== null"):
            focused.append(page.evaluate("document.activeElement.dataset.q"))
        page.keyboard.press("Tab")
    assert "z1[1]" in focused
    page.locator('.current .chain [data-q="z1[1]"]').first.focus()
    assert page.locator("[role=tooltip]").is_visible()


def test_matrices_lead_back_as_well(open_page):
    page = open_page("batch")
    place = page.locator('main .line:not([data-defines~="a1[1]@1"]) [data-q="a1[1]@1"]').first
    place.scroll_into_view_if_needed()
    place.hover()
    tip = page.locator("[role=tooltip]")
    assert tip.is_visible()
    assert tip.locator("mtable").count() >= 1
