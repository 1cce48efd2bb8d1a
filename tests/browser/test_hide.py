"""What the address hides stays hidden: every name, on every page and in an exhibit alone, whatever is pressed."""

import re

import pytest
from playwright.sync_api import expect

from lente.app.paths import STATIC, TEMPLATES
from tests.browser.conftest import OpenPage, until

AT_FIRST = {
    "image": "source channels resolution ladder",
    "convolution": "source examples kernel settings presets stepper predict",
    "digits": "samples centre view lines zoom temperature weights shift fool mistakes paper",
    "learning": "kernel-settings rate",
    "features": "source network scale graph kernels",
    "autoencoder": "model digits photo errors code",
    "latent": "map-tools classes sliders numbers-controls cloud-controls aim-controls blend-controls film-controls",
    "diffusion": "digits photo noise-step noise-seed noise-label out-label out-steps out-kind out-seed crowd "
    "told-controls scribble-pad scribble-controls fill-controls between-controls flow-steps flow-arrows",
    "embed/network": "samples centre view lines zoom temperature",
    "embed/bottleneck": "model digits photo code",
}  # what lies there before anything is pressed
WAITS = {"map", "numbers", "cloud", "aim", "blend", "betas", "landing", "film", "walk"}  # renders only what is in sight
EVERY = """
    const under = (one) => [one, ...(one.shadowRoot ? all(one.shadowRoot) : [])];
    const all = (root) => [...root.querySelectorAll("*")].flatMap(under);
    const parts = all(document).filter((one) => one.matches("[data-hideable]"));
"""
NAMES = f"() => {{ {EVERY} return [...new Set(parts.map((one) => one.dataset.hideable))]; }}"
SHOWN = f"""() => {{ {EVERY}
    const shown = parts.filter((one) => getComputedStyle(one).display !== "none");
    return shown.map((one) => one.dataset.hideable);
}}"""
SCROLL = """async () => {
    for (const section of document.querySelectorAll("main section")) {
        section.scrollIntoView();
        for (let frame = 0; frame < 2; frame++) await new Promise(requestAnimationFrame);
    }
}"""
PRESS = """async (at) => {
    const button = document.querySelectorAll("main .segments button:not(:disabled)")[at];
    button?.click();
    for (let frame = 0; frame < 2; frame++) await new Promise(requestAnimationFrame);
    return button?.textContent.trim();
}"""


def hideable(noun: str) -> set[str]:
    """The names in the sources of a page."""
    sources = [TEMPLATES / f"{noun}.html", *(STATIC / "js" / noun).rglob("*.js")]
    if noun == "diffusion":
        sources.append(STATIC / "js" / "autoencoder" / "lente-digit-source.js")
    return {name for source in sources for name in re.findall(r'data-hideable="([\w-]+)"', source.read_text())}


@pytest.mark.without_axe
@pytest.mark.parametrize(("path", "at_first"), AT_FIRST.items(), ids=AT_FIRST.keys())
def test_every_name_that_the_address_hides_stays_hidden(open_page: OpenPage, path: str, at_first: str) -> None:
    noun = {"embed/network": "digits", "embed/bottleneck": "autoencoder"}.get(path, path)
    whole = WAITS if noun == "latent" else set()
    names = hideable(noun) - whole
    page = open_page(f"/en/{path}?hide={','.join(sorted(names))}")
    page.evaluate(SCROLL)
    until(page, f"(names) => new Set(({NAMES})()).isSupersetOf(new Set(names))", at_first.split())
    assert set(page.evaluate(NAMES)) <= names | whole
    assert set(page.evaluate(SHOWN)) <= whole
    at = 0
    while (pressed := page.evaluate(PRESS, at)) is not None:
        assert set(page.evaluate(SHOWN)) <= whole, pressed
        at += 1


def test_what_is_hidden_stays_hidden_in_space_and_back(open_page: OpenPage) -> None:
    page = open_page("/en/digits?hide=lines,zoom")
    until(page, "document.querySelector('lente-network-2d')?.selected")
    flat, space = page.locator("lente-network-2d"), page.locator("lente-network-3d")
    tools = page.locator("[data-hideable=lines], [data-hideable=zoom]")
    page.get_by_role("button", name="3-D").click()
    expect(space).to_be_visible()
    page.get_by_role("button", name="2-D").click()
    expect(space).to_be_hidden()
    expect(flat).to_be_visible()
    for tool in tools.all():
        expect(tool).to_be_hidden()
    assert tools.count() == 2
