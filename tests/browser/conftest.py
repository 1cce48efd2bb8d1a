"""A real server on a free port of 127.0.0.1 and a real Chromium."""

import os
import subprocess
import sys
import time
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Error, Page, expect, sync_playwright

from lente.benchmarks.browser import FLAGS as USUAL
from lente.benchmarks.browser import chromium
from tests.browser.axe import violations

FLAGS = [
    *USUAL, "--disable-component-update", "--disable-sync", "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream", "--enable-unsafe-swiftshader",
]  # fmt: skip
PATIENCE_MS = 90_000  # a busy machine is slow, not broken


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a running server."""
    store: Path = tmp_path_factory.mktemp("store")
    command = [sys.executable, "-m", "lente", "serve", "--port", "0", "--store", str(store)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        line = process.stdout.readline()
        try:
            yield line.split()[3].rstrip("/").replace("localhost", "127.0.0.1")
        finally:
            process.terminate()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    executable = chromium()
    if executable is None:
        pytest.exit(
            "The browser tests need Chromium. On Debian: sudo apt-get install chromium-headless-shell", returncode=1
        )
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=FLAGS)
        yield browser
        browser.close()


def _is_fault(said: ConsoleMessage) -> bool:
    """Errors and warnings, but not Chromium's remark that it composes WebGL without a graphics card, and not that
    a busy server asked the page to come again: the page does, and says so where it was in vain."""
    remarks = ("GPU stall due to ReadPixels", "status of 503")
    return said.type in ("error", "warning") and not any(remark in said.text for remark in remarks)


# All of a page comes near once, what loads late included.
WHOLE = """async () => {  // all of the page, as for somebody who reads it to its end
  while (document.querySelector("main[data-below]")) await new Promise((next) => setTimeout(next, 30));
  for (let y = 0; y < document.body.scrollHeight; y += innerHeight / 2) {
    scrollTo(0, y);
    await new Promise((next) => setTimeout(next, 60));
  }
  scrollTo(0, 0);
}"""
TWO_FRAMES = "new Promise((next) => requestAnimationFrame(() => requestAnimationFrame(() => next(true))))"
OpenPage = Callable[..., Page]


@pytest.fixture
def open_page(browser: Browser, server: str, request: pytest.FixtureRequest) -> Iterator[OpenPage]:
    """Opens a path of the server in a context of its own and waits until all of the page is in sight; fails the test
    on any error in the page, and on what axe-core finds in it as the test leaves it: one test in three, or, where all
    is thorough, every one that is not marked `without_axe`.

    Options go to the browser's context: viewport, has_touch, color_scheme, locale, ... `refused` is a status with which
    the test wants the server to answer, and which the browser reports.
    """
    contexts: list[BrowserContext] = []
    faults: list[str] = []

    def open_path(path: str, refused: int | None = None, **options: object) -> Page:
        def on_console(said: ConsoleMessage) -> None:
            if _is_fault(said) and not (refused and f"status of {refused}" in said.text):
                faults.append(said.text)

        context = browser.new_context(**{"viewport": {"width": 1366, "height": 768}, **options})  # type: ignore[arg-type]
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(PATIENCE_MS)
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("console", on_console)
        page.goto(server + path)
        expect(page.locator("[data-coming], .features[data-ready=false]")).to_have_count(0)
        return page

    yield open_path
    for context in contexts:
        for page in context.pages if looks_with_axe(request.node) else []:
            page.evaluate("scrollTo(0, 0)")  # what stays at the top covers whatever lies beneath, wherever a test ended
            faults.extend(violations(page))
        context.close()
    assert not faults, faults


def looks_with_axe(test: pytest.Item) -> bool:
    its_turn = "LENTE_THOROUGH" in os.environ or zlib.crc32(test.nodeid.encode()) % 3 == 0
    return its_turn and not test.get_closest_marker("without_axe")


def until(page: Page, condition: str, arg: object = None, seconds: float = PATIENCE_MS / 1000) -> None:
    """Waits for a condition in the page; playwright's own way needs eval, which the page's policy forbids.

    What the condition asks for may not be there yet: an error of the page is a "not yet" until the time is up.
    """
    end = time.monotonic() + seconds
    while True:
        missing = ""
        try:
            if page.evaluate(condition, arg):
                return
        except Error as error:
            missing = error.message
            if "TypeError" not in missing:
                raise
        assert time.monotonic() < end, f"{condition} {missing}"
        page.wait_for_timeout(30)
