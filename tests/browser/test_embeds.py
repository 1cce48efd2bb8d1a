"""Exhibits in frames of another site, and the dialog that gives the code for them."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from playwright.sync_api import Browser, Frame, Page, expect

from tests.browser.conftest import PATIENCE_MS, OpenPage, until


@pytest.fixture
def article() -> Iterator[dict[str, str]]:
    """An article on another site; what it says may be set."""
    said = {"html": ""}

    class Article(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = f"<!doctype html><title>An article</title>{said['html']}".encode()
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Article) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        said["address"] = f"http://127.0.0.1:{server.server_address[1]}/"
        yield said
        server.shutdown()


def frame_of(page: Page) -> Frame:
    handle = page.wait_for_selector("iframe")
    frame = handle.content_frame() if handle else None
    assert frame
    return frame


def copied_code(page: Page, *hidden: str) -> str:
    """The code that the dialog gives for the map, with parts hidden, as it lies in the clipboard."""
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="Share").click()
    page.locator('[data-field="exhibit"]').select_option("map")
    for name in hidden:
        page.locator(f'[data-hide="{name}"]').check()
    page.locator('[data-field="follow"]').check()
    page.locator('[data-copy="code"]').click()
    expect(page.get_by_role("dialog")).to_contain_text("The code is copied.")
    return str(page.evaluate("navigator.clipboard.readText()"))


def test_the_copied_code_shows_the_exhibit_as_it_is_in_an_article(
    open_page: OpenPage, browser: Browser, article: dict[str, str]
) -> None:
    page = open_page("/en/latent?z=1.5,-0.5&lesson=latent")
    expect(page.locator("lente-latent-map .decoded figcaption")).to_contain_text("decoder(1.50, −0.50)")
    code = copied_code(page, "map-tools", "neighbours")
    assert "/en/embed/map?z=1.5,-0.5" in code
    assert "lesson" not in code
    article["html"] = code
    reader = browser.new_context(viewport={"width": 800, "height": 600}).new_page()
    reader.set_default_timeout(PATIENCE_MS)
    reader.goto(article["address"])
    frame = frame_of(reader)
    expect(frame.locator("lente-latent-map .decoded figcaption")).to_contain_text("decoder(1.50, −0.50)")
    expect(frame.locator(".frame-head")).to_have_count(0)
    expect(frame.locator(".map-tools")).to_be_hidden()
    expect(frame.locator(".neighbours")).to_be_hidden()
    expect(frame.locator("lente-latent-cloud")).to_be_hidden()
    body = "document.body.getBoundingClientRect().height"
    grown = "document.querySelector('iframe').height > 300 && !document.querySelector('iframe').height.includes('.')"
    until(reader, f"() => {grown}")
    fits = "(body) => Math.abs(document.querySelector('iframe').height - body) <= 1"
    for _ in range(100):  # the page in the frame grows for a while
        if reader.evaluate(fits, frame.evaluate(body)):
            break
        reader.wait_for_timeout(100)
    assert reader.evaluate(fits, frame.evaluate(body))
    with reader.context.expect_page() as opened:
        frame.get_by_role("link", name="Latent space").click()
    assert "/en/latent?z=1.5,-0.5" in opened.value.url
    assert "hide" not in opened.value.url
    reader.context.close()


def test_a_whole_page_refuses_to_be_framed(browser: Browser, server: str, article: dict[str, str]) -> None:
    article["html"] = f'<iframe src="{server}/en/latent"></iframe>'
    reader = browser.new_context().new_page()
    reader.set_default_timeout(PATIENCE_MS)
    refusals: list[str] = []
    reader.on("console", lambda said: refusals.append(said.text))
    reader.goto(article["address"])
    while not any("frame-ancestors" in text for text in refusals):
        reader.wait_for_event("console")
    assert frame_of(reader).locator("lente-latent-map").count() == 0
    reader.context.close()


@pytest.mark.parametrize(
    ("name", "shown", "hidden"),
    [
        ("convolution", ".stage", ".stage-settings"),
        ("fool", "#fool .exhibit", ".net"),
        ("ladder", "lente-bottleneck-ladder", "lente-bottleneck"),
    ],
)
def test_an_exhibit_is_alone_and_fits_a_narrow_column(open_page: OpenPage, name: str, shown: str, hidden: str) -> None:
    page = open_page(f"/es/embed/{name}?theme=dark", viewport={"width": 400, "height": 700})
    expect(page.locator(shown).first).to_be_visible()
    expect(page.locator(hidden).first).to_be_hidden()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    assert page.evaluate("document.documentElement.scrollWidth") == 400


def test_the_dialog_closes_with_escape_and_offers_the_exhibits_of_its_page(open_page: OpenPage) -> None:
    page = open_page("/es/autoencoder")
    page.get_by_role("button", name="Compartir").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.locator('[data-field="exhibit"] option')).to_have_count(6)
    expect(dialog.locator('[data-do="preview"]')).to_have_attribute(
        "href", "".join([page.url.split("/es/")[0], "/es/embed/bottleneck"])
    )
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
