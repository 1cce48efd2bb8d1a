"""Every page works bundled, as it is installed, and as the modules that it is written in."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, expect

from bundles.bundle import bundle
from lente.app.pages.early import EARLY
from tests.browser.conftest import PATIENCE_MS, until

PAGES = {
    "/es/": "mini-image canvas", "/es/imagen": "lente-pixel-loupe canvas", "/es/convolucion": "lente-values",
    "/es/digitos": "lente-network-2d", "/es/caracteristicas": "lente-feature-grid canvas",
    "/es/autoencoder": ".flow-copy", "/es/latente": ".decoded",
    "/es/difusion": ".noise-panels", "/es/leccion": "lente-lesson ol", "/es/aula": "main",
    "/es/embed/map": ".decoded", "/es/imagen?lesson=tensors": "lente-lesson-panel h2", "/es/nada": "main",
}  # fmt: skip
LATE = "/es/digitos?view=3d"


@pytest.fixture(scope="module", params=["bundled", "modules"])
def served(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
    """A server that sends pages in one of the two ways, and which."""
    bundle()
    store: Path = tmp_path_factory.mktemp("store")
    command = [sys.executable, "-m", "lente", "serve", "--port", "0", "--store", str(store)]
    ways = {"bundled": [], "modules": ["--modules"]}
    with subprocess.Popen([*command, *ways[request.param]], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        yield process.stdout.readline().split()[3].rstrip("/"), request.param
        process.terminate()


@pytest.mark.parametrize("path", [*PAGES, LATE])
def test_a_page_shows_its_first_exhibit(browser: Browser, served: tuple[str, str], path: str) -> None:
    address, way = served
    context = browser.new_context(viewport={"width": 1366, "height": 768}, locale="es")
    page = context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.goto(address + path)
    expect(page.locator(PAGES.get(path, "lente-network-3d")).first).to_be_visible()
    expect(page.locator("[data-coming]")).to_have_count(0)
    until(page, "document.fonts.status === 'loaded'")
    scripts = page.evaluate("performance.getEntriesByType('resource').map(({ name }) => new URL(name).pathname)")
    ours = [name for name in scripts if name.startswith("/static/") and "/vendor/" not in name and name.endswith(".js")]
    bundles = [name for name in ours if name.startswith("/static/built/")]
    assert (len(ours) <= 2 and bundles == ours) == (way == "bundled"), ours
    context.close()
    assert not faults, faults


def test_the_first_exhibit_does_without_what_lies_below(browser: Browser, served: tuple[str, str]) -> None:
    page = browser.new_page(viewport={"width": 1366, "height": 768})
    page.set_default_timeout(PATIENCE_MS)
    page.route("**/static/built/*.late-*.js", lambda route: route.abort())
    page.goto(f"{served[0]}/es/digitos")
    expect(page.locator("lente-answer .digit")).to_have_text("3")
    said = "" if served[1] == "modules" else "El servidor no responde."
    expect(page.locator("#connection")).to_have_text(said)
    page.close()


def test_whoever_opens_a_page_further_down_finds_all_of_it_once_it_has_loaded(
    browser: Browser, served: tuple[str, str]
) -> None:
    page = browser.new_page()
    page.set_default_timeout(PATIENCE_MS)
    page.goto(f"{served[0]}/es/digitos#paper", wait_until="load")
    there = page.evaluate("document.querySelector('lente-paper').matches(':defined')")
    assert there or served[1] == "modules", "which come one after the other"
    page.close()


@pytest.mark.parametrize("noun", EARLY)
def test_what_a_page_asks_before_its_scripts_are_there_they_take(
    browser: Browser, served: tuple[str, str], noun: str
) -> None:
    address, _ = served
    page = browser.new_page(viewport={"width": 1366, "height": 768})
    page.set_default_timeout(PATIENCE_MS)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(urlsplit(request.url)._replace(scheme="", netloc="").geturl()))
    page.goto(f"{address}/en/{'' if noun == 'home' else noun}")
    assert page.evaluate("window.early instanceof Map")
    until(page, "window.early.size === 0")
    assert [asked.count(early.address) for early in EARLY[noun]] == [1] * len(EARLY[noun])
    page.close()


def test_an_address_that_says_more_is_not_guessed(browser: Browser, served: tuple[str, str]) -> None:
    page = browser.new_page()
    page.set_default_timeout(PATIENCE_MS)
    page.goto(f"{served[0]}/en/features?network=photo_cnn")
    assert page.evaluate("window.early === undefined")
    page.close()
