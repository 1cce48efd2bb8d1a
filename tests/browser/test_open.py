"""A network of one's own on the features page, as `show` opens it."""

from collections.abc import Iterator

import pytest
import torch
from playwright.sync_api import Browser, Page, expect
from torch import Tensor, nn

from lente import Window, show
from tests.browser.conftest import PATIENCE_MS


class Running(nn.Module):
    """Takes running maxima, which Lente cannot write out, has a map that it has learnt, and names no classes."""

    def __init__(self) -> None:
        super().__init__()
        self.first = nn.Conv2d(3, 4, 3)
        self.learnt = nn.Parameter(torch.full((1, 1, 30, 30), 9.0))
        self.last = nn.ConvTranspose2d(5, 2, 2, stride=2)

    def forward(self, x: Tensor) -> Tensor:
        x, _ = torch.relu(self.first(x)).cummax(dim=3)
        return self.last(torch.cat([self.learnt, x], 1))  # type: ignore[no-any-return]


@pytest.fixture(scope="module")
def window() -> Iterator[Window]:
    torch.manual_seed(0)
    with show(Running(), size=32, title="Running", browser=False) as one:
        yield one


@pytest.fixture
def page(browser: Browser, window: Window) -> Iterator[Page]:
    """The window's page; fails the test on any error in it."""
    context, faults = browser.new_context(viewport={"width": 1366, "height": 768}), []
    page = context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.goto(window.url)
    yield page
    context.close()
    assert not faults, faults


def test_the_network_is_in_the_list_and_its_sums_add_up(page: Page) -> None:
    expect(page.locator("[data-field=network]")).to_have_value("Running")
    expect(page.get_by_text("This network names no classes")).to_be_visible()
    page.locator("[data-layer='last']").click()
    expect(page.get_by_role("heading", name="2 maps of last")).to_be_visible()
    total = page.locator("[data-row=total] td").last
    products = page.locator(
        "[data-row=term] td:last-child, [data-row=rest] td:last-child, [data-row=bias] td:last-child"
    )
    expect(total).to_be_visible()
    numbers = [float(text.replace("−", "-")) for text in products.all_inner_texts()]
    assert sum(numbers) == pytest.approx(float(total.get_attribute("data-value") or ""), abs=1e-3)


def test_what_cannot_be_written_out_is_named(page: Page) -> None:
    expect(page.locator("[data-unexplained]")).to_contain_text("cummax (cummax)")
    page.locator("[data-layer='cummax']").click()
    expect(page.locator("[data-refusal]")).to_contain_text("cummax")
    page.locator("[data-do=fields]").click()
    expect(page.locator("[data-obstacle='cummax']")).to_be_visible()
    page.locator("[data-layer='first']").click()
    expect(page.locator("[data-obstacle]")).to_have_count(0)
    expect(page.locator("[data-refusal]")).to_have_count(0)
    expect(page.locator("[data-row=total]")).to_be_visible()


def test_what_comes_from_no_pixel_says_what_it_is(page: Page) -> None:
    page.locator("[data-layer='cat']").click()
    term = page.locator("[data-kind=weight]")
    expect(term).to_contain_text("learnt: learnt")
    expect(term.locator("td").nth(1)).to_have_text("9.0000")
    expect(page.get_by_text("A number that the network has learnt")).to_be_visible()
    expect(page.locator(".terms .walk")).to_have_count(0)
