"""Nothing that is in sight is pushed away while a page loads over a slow network."""

import pytest
from playwright.sync_api import Page, expect

from lente.app.pages.contexts import Page as Noun
from lente.app.pages.routes import PAGES
from tests.browser.conftest import OpenPage
from tests.browser.sweeps import in_turn

# Cumulative layout shift (https://web.dev/articles/cls); up to 0.1 is called good.
MOST = 0.05
SHIFTS = """() => new Promise((resolve) => {
  const found = [];
  const nameOf = ({ node }) => node?.className ?? node?.nodeName;
  const note = ({ value, sources }) => found.push([value, sources.map(nameOf)]);
  new PerformanceObserver((list) => list.getEntries().forEach(note)).observe({ type: "layout-shift", buffered: true });
  setTimeout(() => resolve(found), 200);
})"""
# Where a part of the page is once it has been gone to, and where it is after what lies above has loaded.
PLACES = """async (part) => {
  const topOf = () => document.querySelector(part).getBoundingClientRect().top;
  document.querySelector(part).scrollIntoView({ block: "center", behavior: "instant" });
  const there = topOf();
  await new Promise((resolve) => setTimeout(resolve, 2500));
  return [there, topOf()];
}"""
MOST_PIXELS = 24
SLOW = {"offline": False, "latency": 60, "downloadThroughput": -1, "uploadThroughput": -1}


@pytest.mark.without_axe
@pytest.mark.parametrize(("page_of", "size"), in_turn(PAGES, [(1366, 768), (390, 844)]))
def test_nothing_jumps_while_a_page_loads(open_page: OpenPage, page_of: Noun, size: tuple[int, int]) -> None:
    page = slowly(open_page, page_of.path("en"), *size)
    shifts = page.evaluate(SHIFTS)
    assert sum(value for value, _ in shifts) < MOST, shifts


@pytest.mark.without_axe
@pytest.mark.parametrize(("width", "height"), [(390, 844), (1366, 768)])
@pytest.mark.parametrize(("path", "part"), [("/en/digits", "#paper"), ("/en/features", "lente-feature-export")])
def test_whoever_goes_far_down_is_not_pushed_away(
    open_page: OpenPage, path: str, part: str, width: int, height: int
) -> None:
    page = slowly(open_page, path, width, height)
    there, later = page.evaluate(PLACES, part)
    assert abs(later - there) <= MOST_PIXELS


@pytest.mark.without_axe
@pytest.mark.parametrize("width", [390, 1366])
def test_what_lies_below_an_answer_stays_when_there_is_none(open_page: OpenPage, width: int) -> None:
    page = open_page("/es/digitos", viewport={"width": width, "height": 844})
    expect(page.locator("lente-answer .digit")).to_have_text("3")
    below = page.locator(".temperature")
    before = below.bounding_box()
    page.get_by_role("button", name="Borrar todo").first.click()
    expect(page.locator("lente-answer .digit")).to_have_text("?")
    assert below.bounding_box() == before


def slowly(open_page: OpenPage, path: str, width: int, height: int) -> Page:
    """The page over a slow network, once its first screens are there."""
    page = open_page("/en/classroom", viewport={"width": width, "height": height})
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Network.emulateNetworkConditions", SLOW)
    page.goto(page.url.replace("/en/classroom", path), wait_until="networkidle")
    expect(page.locator("main[data-coming], main [data-ready=false]")).to_have_count(0)
    return page
