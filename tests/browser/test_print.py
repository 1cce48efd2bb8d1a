"""On paper: colours stay, and the numbers that stand on them with them, even where a browser leaves grounds out."""

import itertools
import re
import zlib

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import WHOLE, OpenPage, until

# Numbers that stand on a colour, by page, and where that colour is set.
COLOURED = {
    "image": ".loupe lente-matrix >>> .cell",
    "convolution?matrix=1,2,3;4,5,6;7,8,9": ".kernel-weight input",
}
GROUNDS = """(path) => {
  const [outer, inner] = path.split(" >>> ");
  const parts = [...document.querySelectorAll(outer)]
    .flatMap((one) => (inner ? [...one.shadowRoot.querySelectorAll(inner)] : [one]));
  return parts.map((one) => getComputedStyle(one).backgroundColor);
}"""
# What is painted and would lose its ground.
LOSES = """() => {
  const deep = (root) => [...root.querySelectorAll("*")]
    .flatMap((one) => [one, ...(one.shadowRoot ? deep(one.shadowRoot) : [])]);
  return deep(document.querySelector("main"))
    .filter((one) => one.checkVisibility() && getComputedStyle(one).printColorAdjust !== "exact")
    .map((one) => one.outerHTML.slice(0, 80));
}"""


def filled(pdf: bytes) -> set[tuple[int, int, int]]:
    """The colours that a file fills areas and letters with, 0 to 255."""
    colours = set()
    for stream in re.findall(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.DOTALL):
        try:
            text = zlib.decompress(stream)
        except zlib.error:
            continue
        for found in re.findall(rb"([\d.]+) ([\d.]+) ([\d.]+) rg\b", text):
            red, green, blue = (round(255 * float(part)) for part in found)
            colours.add((red, green, blue))
    return colours


@pytest.mark.without_axe
@pytest.mark.parametrize("path", COLOURED)
def test_numbers_on_colours_are_printed_on_them_where_grounds_are_left_out(open_page: OpenPage, path: str) -> None:
    page = open_page(f"/en/{path}")
    until(page, f"() => ({GROUNDS})('{COLOURED[path]}').length > 3")
    wanted = {
        tuple(int(part) for part in re.findall(r"\d+", ground)[:3]) for ground in page.evaluate(GROUNDS, COLOURED[path])
    }
    assert len(wanted) > 1
    printed = filled(page.pdf(print_background=False))
    assert all(
        any(max(abs(a - b) for a, b in zip(one, other, strict=True)) <= 1 for other in printed) for one in wanted
    )


@pytest.mark.without_axe
@pytest.mark.parametrize(
    "path", ["", "image", "convolution", "digits", "learning", "features", "autoencoder", "latent", "diffusion"]
)
def test_nothing_of_a_page_loses_its_colour_on_paper(open_page: OpenPage, path: str) -> None:
    page = open_page(f"/en/{path}")
    page.emulate_media(media="print")
    assert page.evaluate(LOSES) == []
    page.emulate_media(media="screen")


INK = "getComputedStyle(document.body).color.match(/\\d+/g).map(Number)"
# What is painted in each map.
PAINTED = """() => [...document.querySelectorAll("lente-map")]
  .map((map) => map.shadowRoot.querySelector("canvas")).filter((canvas) => canvas?.width)
  .map((canvas) => canvas.toDataURL())"""

# Whether that is all, and nothing more is on its way.
STAYS = f"""async () => {{
  const before = ({PAINTED})().join();
  for (let time = 0; time < 10; time++) {{
    await new Promise((resume) => setTimeout(resume, 100));
    if (document.querySelector("[data-coming], [aria-busy=true]") || ({PAINTED})().join() !== before) return false;
  }}
  return true;
}}"""


@pytest.mark.without_axe
@pytest.mark.parametrize("path", ["imagen", "difusion", "aprendizaje", "leccion"])
def test_what_is_dark_on_the_screen_is_light_on_paper_and_dark_again(open_page: OpenPage, path: str) -> None:
    page = open_page(f"/es/{path}", color_scheme="dark")
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    white = tuple(page.evaluate(INK))
    assert min(white) > 200
    printed = filled(page.pdf(print_background=False))
    assert white not in printed
    assert any(max(colour) < 60 for colour in printed), printed
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")


def test_maps_are_painted_for_paper_before_it_is_printed(open_page: OpenPage) -> None:
    page = open_page("/es/aprendizaje", color_scheme="light")
    until(page, f"async () => ({PAINTED})().length > 3 && ({STAYS})()")
    light = page.evaluate(PAINTED)
    page.locator("#theme").click()
    until(page, f"async (light) => ({PAINTED})().join() !== light.join() && ({STAYS})()", light)
    dark = page.evaluate(PAINTED)
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.evaluate(PAINTED) == light
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert page.evaluate(PAINTED) == dark


# What is on its way, and maps on which nothing was painted: neither may be on paper.
MISSING = """() => {
  const deep = (root) => [...root.querySelectorAll("*")]
    .flatMap((one) => [one, ...(one.shadowRoot ? deep(one.shadowRoot) : [])]);
  const parts = document.querySelectorAll(".idea, main > .exhibit, main > .reader");
  const blank = (canvas) => {
    const { width, height } = canvas;
    return !width || !canvas.getContext("2d")?.getImageData(0, 0, width, height).data.some((value) => value);
  };
  return [...parts].filter((part) => {
    const painted = deep(part)
      .filter((one) => one.matches("canvas:not(.overlay, .figures, .touch)") && one.checkVisibility());
    return painted.length > 0 && painted.every(blank);
  }).map((part) => part.outerHTML.slice(0, 80));
}"""


@pytest.mark.without_axe
@pytest.mark.parametrize("path", ["digitos", "aprendizaje", "latente", "autoencoder", "caracteristicas", "difusion"])
def test_what_was_never_near_the_screen_comes_before_it_is_printed(open_page: OpenPage, path: str) -> None:
    page = open_page(f"/es/{path}")
    page.evaluate("() => { window.print = () => (window.printed = true); }")
    page.keyboard.press("Control+p")
    until(page, "window.printed === true")
    assert page.locator("main :not(:defined)").count() == 0
    assert page.evaluate(MISSING) == []
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    expect(page.locator(".not-come")).to_have_count(0)
    assert page.evaluate("scrollY") == 0


def test_who_prints_by_the_menu_is_told_what_had_not_come(open_page: OpenPage) -> None:
    page = open_page("/es/latente", viewport={"width": 1366, "height": 500})
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    last = page.locator(".not-come").last
    expect(last.locator("h2")).to_be_visible()
    expect(last.locator(".not-come-words")).to_contain_text("imprime con Ctrl+P")
    assert last.evaluate("one => [...one.children].filter((part) => part.checkVisibility()).length") == 2
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    expect(page.locator(".not-come, .not-come-words")).to_have_count(0)
    page.emulate_media(media="screen")


# What is wider than its place, which a screen scrolls and paper cuts, and what reaches beyond the sheet.
CUT = """() => {
  const deep = (root) => [...root.querySelectorAll("*")]
    .flatMap((one) => [one, ...(one.shadowRoot ? deep(one.shadowRoot) : [])]);
  const said = (one) => one.outerHTML.slice(0, 80);
  const parts = deep(document.querySelector("main")).filter((one) => one.checkVisibility() && one.clientWidth > 2);
  const cut = parts.filter((one) =>
    getComputedStyle(one).overflowX !== "visible" && one.scrollWidth > one.clientWidth + 1);
  const beyond = parts.filter((one) => one.getBoundingClientRect().right > innerWidth + 2);
  return [...cut, ...beyond].map(said);
}"""
# What only acts, and closed folds: on paper nobody presses them. A button says something by being pressed or not, by a
# number in it or a picture, or by where in a table it stands.
ACTS = """() => {
  const deep = (root) => [...root.querySelectorAll("*")]
    .flatMap((one) => [one, ...(one.shadowRoot ? deep(one.shadowRoot) : [])]);
  const shown = deep(document.body).filter((one) => one.checkVisibility());
  const says = (one) => one.ariaPressed !== null || one.closest("td, th, .say") || /\\d/.test(one.innerText) ||
    one.querySelector("img, canvas, lente-map, lente-picture");
  const acts = shown.filter((one) => one.matches("button, .button") && !says(one));
  return [...acts, ...shown.filter((one) => one.matches("details:not([open]), input[type=file]"))]
    .map((one) => one.outerHTML.slice(0, 80));
}"""
SHEET = {"width": 703, "height": 1032}  # A4 within its margins
PAGES = [
    "imagen", "convolucion", "digitos", "aprendizaje", "caracteristicas?network=photo_cnn", "autoencoder", "latente",
    "difusion", "leccion",
]  # fmt: skip


@pytest.mark.without_axe
@pytest.mark.parametrize("path", PAGES)
def test_nothing_is_cut_at_the_edge_of_a_sheet(open_page: OpenPage, path: str) -> None:
    page = open_page(f"/es/{path}", viewport=SHEET)
    page.evaluate(WHOLE)
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    assert page.evaluate(CUT) == []
    assert page.evaluate(ACTS) == []
    for empty in ("Otra entrada", "Un dígito en papel"):
        expect(page.get_by_role("heading", name=empty)).to_have_count(0)
    if path != "leccion":  # what is chosen is said
        expect(page.locator("main [aria-pressed=true]:visible")).not_to_have_count(0)
    page.emulate_media(media="screen")


def test_the_whole_wiring_is_on_paper_in_rows(open_page: OpenPage) -> None:
    page = open_page("/es/caracteristicas?network=photo_cnn", viewport=SHEET)
    graph = page.locator("lente-feature-graph")
    graph.scroll_into_view_if_needed()
    expect(graph.locator(".whole text.name", has_text="softmax")).to_be_attached()
    drawn = graph.locator("#drawn").evaluate("one => one.getBBox().x + one.getBBox().width")
    page.emulate_media(media="print")
    expect(graph.locator(".whole")).to_be_hidden()
    spans = graph.locator("svg.row").evaluate_all(
        "rows => rows.map((row) => [row.viewBox.baseVal.x, row.viewBox.baseVal.width, row.clientWidth])"
    )
    assert len(spans) > 1
    assert all(x == before + width for (before, width, _), (x, _, _) in itertools.pairwise(spans))
    assert all(shown == pytest.approx(width, rel=0.1) for _, width, shown in spans), "as large as on the screen"
    assert spans[-1][0] < drawn <= spans[-1][0] + spans[-1][1]
    page.emulate_media(media="screen")


@pytest.mark.parametrize("path", ["latente", "autoencoder"])
def test_a_plane_takes_no_more_than_half_a_sheet_and_no_title_stands_alone(open_page: OpenPage, path: str) -> None:
    page = open_page(f"/es/{path}", viewport=SHEET)
    page.evaluate(WHOLE)
    page.emulate_media(media="print")
    planes = page.locator("lente-plane:not(.lens)").evaluate_all("all => all.map((one) => one.clientHeight)")
    assert planes
    assert max(planes) <= SHEET["height"] / 2
    foot = page.locator("main .exhibit").first.evaluate("one => one.getBoundingClientRect().bottom + scrollY")
    assert foot <= SHEET["height"], "the title and its first exhibit share a sheet"
    page.emulate_media(media="screen")
