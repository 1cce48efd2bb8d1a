"""Nothing that is in sight is pushed away while a page loads over a slow network."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import OpenPage

# Cumulative layout shift (https://web.dev/articles/cls); up to 0.1 is called good.
MOST = 0.05
SHIFTS = """() => new Promise((resolve) => {
  const found = [];
  const nameOf = ({ node }) => node?.className ?? node?.nodeName;
  const note = ({ value, sources }) => found.push([value, sources.map(nameOf)]);
  new PerformanceObserver((list) => list.getEntries().forEach(note)).observe({ type: "layout-shift", buffered: true });
  setTimeout(() => resolve(found), 200);
})"""
SLOW = {"offline": False, "latency": 60, "downloadThroughput": -1, "uploadThroughput": -1}


@pytest.mark.parametrize(("width", "height"), [(390, 844), (1366, 768)])
@pytest.mark.parametrize(
    "path", ["/en/image", "/en/convolution", "/en/digits", "/en/features", "/en/autoencoder", "/en/latent"]
)
def test_nothing_jumps_while_a_page_loads(open_page: OpenPage, path: str, width: int, height: int) -> None:
    page = open_page("/en/classroom", viewport={"width": width, "height": height})
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Network.emulateNetworkConditions", SLOW)
    page.goto(page.url.replace("/en/classroom", path), wait_until="networkidle")
    expect(page.locator("main[data-coming], main [data-ready=false]")).to_have_count(0)
    shifts = page.evaluate(SHIFTS)
    assert sum(value for value, _ in shifts) < MOST, shifts
