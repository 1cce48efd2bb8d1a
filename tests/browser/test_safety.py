"""What a visitor notices of faults: nothing, where the page can help itself; and the page for the projector."""

import io
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import cv2
import numpy as np
from PIL import Image
from playwright.sync_api import Browser, Page, Route, expect

from tests.browser.conftest import PATIENCE_MS, OpenPage


@contextmanager
def serving(port: int, store: Path) -> Iterator[str]:
    """A server of this test's own, on a port that it can come back to."""
    command = [sys.executable, "-m", "lente", "serve", "--port", str(port), "--store", str(store)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            assert "http://" in process.stdout.readline()
            yield f"http://127.0.0.1:{port}"
        finally:
            process.kill()


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


def test_a_picture_that_the_server_forgot_is_there_again_unnoticed(browser: Browser, tmp_path: Path) -> None:
    """Uploaded; then the server starts anew with an empty store, and the page is loaded again."""
    picture, port = tmp_path / "red.png", free_port()
    Image.new("RGB", (40, 30), (201, 7, 3)).save(picture)
    context = browser.new_context(viewport={"width": 1366, "height": 768})
    page = context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    tools = context.new_cdp_session(page)
    tools.send("Network.enable")
    tools.send("Network.setCacheDisabled", {"cacheDisabled": True})
    with serving(port, tmp_path / "before") as address:
        page.goto(f"{address}/en/image")
        page.locator("lente-picture-source input[type=file]").first.set_input_files(picture)
        page.wait_for_url("**image=*")
        expect(page.get_by_text("201").first).to_be_visible()
    with serving(port, tmp_path / "after"):
        with page.expect_response(lambda answer: answer.request.method == "POST") as again:
            page.reload()
        assert again.value.status == 201
        expect(page.get_by_text("201").first).to_be_visible()
    assert len(list((tmp_path / "after").iterdir())) == 1
    expect(page.get_by_text("Upload it again")).to_have_count(0)
    context.close()


def seen_from_the_network(page: Page, server: str) -> None:
    """Makes the page believe that it came by an address in the network."""

    def pass_on(route: Route) -> None:
        address = route.request.url.replace("http://192.168.1.20:8000", server)
        route.fulfill(response=route.fetch(url=address, headers={**route.request.headers, "host": "192.168.1.20:8000"}))

    page.route("http://192.168.1.20:8000/**", pass_on)


def test_the_projector_shows_an_address_that_a_camera_reads(open_page: OpenPage, server: str) -> None:
    page = open_page("/es/aula", viewport={"width": 1920, "height": 1080})
    expect(page.get_by_role("heading", level=1)).to_have_text("Solo este ordenador puede abrir Lente")
    seen_from_the_network(page, server)
    page.goto("http://192.168.1.20:8000/es/aula")
    address = page.get_by_role("link", name="192.168.1.20:8000")
    expect(address).to_be_visible()
    assert address.evaluate("link => parseFloat(getComputedStyle(link).fontSize)") >= 60, "read from the last row"
    shot = page.screenshot()
    pixels = cv2.imdecode(np.frombuffer(shot, np.uint8), cv2.IMREAD_COLOR)
    assert pixels is not None
    assert cv2.QRCodeDetector().detectAndDecode(pixels)[0] == "http://192.168.1.20:8000/"
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_visitor_deletes_the_picture_that_they_uploaded(open_page: OpenPage) -> None:
    page = open_page("/en/image")
    delete = page.get_by_role("button", name="Delete this picture")
    expect(delete).to_have_count(0)
    file = io.BytesIO()
    Image.effect_noise((90, 70), 40).convert("RGB").save(file, "PNG")
    picture = {"name": "mine.png", "mimeType": "image/png", "buffer": file.getvalue()}
    page.locator("lente-picture-source input[type=file]").first.set_input_files(picture)  # type: ignore[arg-type]
    expect(delete).to_be_visible()
    id = page.evaluate("document.querySelector('lente-picture-source').image")
    kept = f"{page.url.split('/en/')[0]}/api/images/{id}"
    assert page.request.get(kept).status == 200
    delete.click()
    expect(delete).to_have_count(0)
    assert page.request.get(kept).status == 404
    assert page.evaluate("document.querySelector('lente-picture-source').image").startswith("sample-")
