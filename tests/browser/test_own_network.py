"""Networks of one's own on the page: one that breaks, up to its fault, and one of tokens, unit by unit."""

from collections.abc import Iterator
from contextlib import contextmanager

import torch
from playwright.sync_api import Browser, Page, expect
from torch import Tensor, nn

from lente import show
from tests.browser.axe import violations
from tests.browser.conftest import PATIENCE_MS, until


class Breaking(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.conv = nn.Conv2d(1, 16, 3)
        self.dense = nn.Linear(10, 5)

    def forward(self, x: Tensor) -> Tensor:
        return self.dense(torch.relu(self.conv(x)).flatten(1))  # type: ignore[no-any-return]


class Tokens(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.patch = nn.Conv2d(3, 8, 8, 8)
        self.token = nn.Parameter(torch.ones(1, 1, 8))
        self.attend = nn.MultiheadAttention(8, 2, batch_first=True)
        self.head = nn.Linear(8, 4)

    def forward(self, x: Tensor) -> Tensor:
        x = self.patch(x).flatten(2).transpose(1, 2)
        x = torch.cat([self.token.expand(len(x), -1, -1), x], 1)
        return self.head(self.attend(x, x, x, need_weights=False)[0][:, 0])  # type: ignore[no-any-return]


@contextmanager
def opened(browser: Browser, network: nn.Module, shape: tuple[int, ...], more: str = "") -> Iterator[Page]:
    """The page of a network on noise; fails on any error in it, and on what axe-core finds."""
    faults: list[str] = []
    x = torch.rand(shape, generator=torch.Generator().manual_seed(3))
    with show(network, x, browser=False) as window:
        page = browser.new_page(viewport={"width": 1366, "height": 768})
        page.set_default_timeout(PATIENCE_MS)
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("console", lambda said: faults.append(said.text) if said.type == "error" else None)
        page.goto(window.url + more)
        expect(page.locator("[data-coming], .features[data-ready=false]")).to_have_count(0)
        yield page
        faults.extend(violations(page))
        page.close()
    assert not faults, faults


def test_a_network_that_breaks_is_shown_up_to_its_fault(browser: Browser) -> None:
    with opened(browser, Breaking(), (1, 15, 15)) as page:
        fault = page.locator("[data-fault]")
        expect(fault).to_contain_text("dense (Linear)")
        expect(fault.locator("[data-advice]")).to_have_text(
            "Linear(10, 5) got 2704 numbers; Linear(2704, 5) would take them."
        )
        expect(fault.locator("[data-line]")).to_contain_text("return self.dense(torch.relu(self.conv(x)).flatten(1))")
        layers = page.locator(".layers [data-layer]")
        expect(layers).to_have_count(4)  # with the picture
        page.locator("[data-layer=flatten]").click()
        expect(page.locator(".maps-head h2")).to_contain_text("2704")
        expect(page.locator("[data-total=frozen] dd")).to_have_text("0")


def test_tokens_lie_over_the_picture_and_every_unit_of_theirs_is_explained(browser: Browser) -> None:
    torch.manual_seed(0)
    network = Tokens().eval()
    with opened(browser, network, (3, 32, 32), "&layer=cat&unit=1,5") as page:
        # The class's token in a row of its own, above 4 x 4 patches.
        until(page, "document.querySelector('lente-features').model.shown?.stack.rows === 5")
        x = torch.rand(3, 32, 32, generator=torch.Generator().manual_seed(3))
        with torch.no_grad():
            wanted = float(network.patch(x[None])[0, 5, 0, 0])
        value = page.locator("[data-row=total] [data-value]")
        expect(value).to_have_count(1)
        assert abs(float(value.get_attribute("data-value") or "nan") - wanted) < 1e-5
        page.locator("[data-row=term] .walk").click()
        expect(page.locator("[data-layer=transpose]")).to_have_attribute("aria-pressed", "true")
        page.locator("[data-do=fields]").click()
        expect(page.locator("[data-do=fields]")).to_have_count(0)
        graph = page.locator("lente-feature-graph")
        graph.scroll_into_view_if_needed()
        graph.locator("[data-field=sought]").fill("cat")
        graph.locator("[data-field=sought]").press("Enter")
        expect(page.locator("[data-layer=cat]")).to_have_attribute("aria-pressed", "true")
        graph.locator("[data-field=colour]").select_option("parameters")
        expect(graph.locator("[data-node=patch]")).to_have_attribute("data-share", "1")
