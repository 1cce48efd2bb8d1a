"""In a grid of numbers, pixels or pictures the keys do what they do in every grid, and Tab leaves it."""

import re
from typing import NamedTuple

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPage


class Grid(NamedTuple):
    """An exhibit that is walked through with keys, and where it says which place is meant."""

    path: str
    focus: str
    says: str
    last: str  # what is said at the last place of all
    row_end: str  # at the end of the first row
    first: str
    down: str  # a page down from there


GRIDS = {
    "pixels": Grid(
        "/en/image", ".loupe lente-picture", "[data-pixel]",
        "row 299, column 450", "row 0, column 450", "row 0, column 0", "row 10, column 0",
    ),
    "numbers": Grid(
        "/en/image", ".loupe lente-matrix", "[data-pixel]",
        "row 299, column 450", "row 0, column 450", "row 0, column 0", "row 10, column 0",
    ),
    "weights": Grid(
        "/en/learning", "lente-matrix[data-part=weights]", ".learn-written",
        "row 3, column 3", "row 1, column 3", "row 1, column 1", "row 3, column 1",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", GRIDS)
def test_home_end_and_page_keys_lead_where_a_grids_do(open_page: OpenPage, name: str) -> None:
    grid = GRIDS[name]
    page = open_page(grid.path)
    says = page.locator(grid.says).first
    focus(page, grid.focus)
    before = page.evaluate("scrollY")
    for key, place in [("Control+End", grid.last), ("Control+Home", grid.first), ("End", grid.row_end)]:
        page.keyboard.press(key)
        expect(says).to_contain_text(re.compile(rf"{place}\b", re.IGNORECASE))
    page.keyboard.press("Home")
    page.keyboard.press("PageDown")
    expect(says).to_contain_text(re.compile(rf"{grid.down}\b", re.IGNORECASE))
    expect(says).to_be_in_viewport()
    assert page.evaluate("scrollY") == before, "the page stays where it is"
    page.keyboard.press("Tab")
    assert not page.evaluate("(focus) => document.querySelector(focus).contains(document.activeElement)", grid.focus), (
        "Tab leaves it"
    )


def test_the_window_of_a_convolution_goes_to_the_corners(open_page: OpenPage) -> None:
    page = open_page("/en/convolution")
    page.locator("[data-stop=smaller]").press("Enter")
    count = page.locator(".stepper-count")
    focus(page, ".stage-side[data-side=output] lente-values")
    for key, place in [("Control+End", "9/9"), ("Home", "7/9"), ("Control+Home", "1/9"), ("End", "3/9")]:
        page.keyboard.press(key)
        expect(count).to_have_text(place)


def test_the_way_back_in_the_history_is_the_browsers_in_a_grid_too(open_page: OpenPage) -> None:
    page = open_page("/en/convolution")
    page.goto(re.sub(r"/en/convolution.*", "/en/image", page.url))
    expect(page.locator("[data-pixel]")).to_be_visible()
    focus(page, ".loupe lente-picture")
    prevented = page.evaluate(
        """() => {
          let inner = document.activeElement;
          while (inner.shadowRoot?.activeElement) inner = inner.shadowRoot.activeElement;
          const key = new KeyboardEvent("keydown", {
            key: "ArrowLeft", altKey: true, bubbles: true, composed: true, cancelable: true,
          });
          return !inner.dispatchEvent(key);
        }"""
    )
    assert not prevented


def focus(page: Page, selector: str) -> None:
    """The part of an element that takes the keys."""
    element = page.locator(selector).first
    element.scroll_into_view_if_needed()
    element.locator("[tabindex='0']").first.focus()
