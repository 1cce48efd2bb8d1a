"""The live channel in a real browser: used where the server has to decode, and HTTP where there is no channel."""

import re

import pytest
from playwright.sync_api import Page, Route, WebSocket, WebSocketRoute, expect

from tests.browser.conftest import OpenPage, until
from tests.browser.test_latent import SHOWN, decoded

STARTING_MS = 60_000  # the first answer waits until the server has its networks
CHANNEL = re.compile("/api/live")


@pytest.fixture
def page(open_page: OpenPage) -> Page:
    """A page whose browser has no decoder, so that the server must decode; nothing is decoded yet."""
    page = open_page("/en/", refused=500)
    page.route("**/decoder?*", lambda route: route.fulfill(status=500, body="{}"))
    return page


def visit(page: Page) -> None:
    page.goto(page.url.replace("/en/", "/en/latent?z=1.25,-0.5"))
    expect(page.locator(".decoded")).to_be_visible(timeout=STARTING_MS)
    until(page, f"() => {SHOWN}.some((value) => value > 0.4)")


def set_second(page: Page, server: str, value: float) -> None:
    """Types the code's second number and waits for the picture that the server's network makes of it."""
    field = page.locator("#map").get_by_label("z₂, exact value")
    field.fill(str(value))
    field.press("Enter")
    wanted = decoded(server, "vae_2d", [1.25, value])
    until(page, f"(wanted) => {SHOWN}.every((value, i) => Math.abs(255 * value - wanted[i]) <= 1)", wanted)


def test_codes_go_over_the_channel_once_it_is_open(page: Page, server: str) -> None:
    answers: list[int] = []
    posts: list[str] = []

    def on_socket(socket: WebSocket) -> None:
        socket.on("framereceived", lambda frame: answers.append(len(frame)))

    page.on("websocket", on_socket)
    visit(page)
    set_second(page, server, 1.5)
    before = len(answers)
    page.on("request", lambda request: posts.append(request.url) if request.url.endswith("/decode") else None)
    set_second(page, server, 1.25)
    assert len(answers) > before
    assert posts == []


def test_a_channel_that_the_server_closes_is_opened_again(page: Page, server: str) -> None:
    channels: list[WebSocketRoute] = []

    def pass_on(route: WebSocketRoute) -> None:
        channels.append(route)
        route.connect_to_server()

    page.route_web_socket(CHANNEL, pass_on)
    visit(page)
    set_second(page, server, 1.5)
    before = len(channels)  # more than one where a busy server was silent for so long that the page opened another
    channels[-1].close(code=1012)
    with page.expect_response("**/decode"):
        set_second(page, server, 1.25)
    while len(channels) == before:
        page.wait_for_timeout(50)
    set_second(page, server, 0.75)


def test_without_a_channel_everything_goes_over_http(page: Page, server: str) -> None:
    page.route_web_socket(CHANNEL, lambda route: route.close())
    visit(page)
    with page.expect_response("**/decode"):
        set_second(page, server, 1.5)


def test_what_was_asked_when_the_channel_broke_is_answered_over_http(page: Page, server: str) -> None:
    asked: list[WebSocketRoute] = []
    # A server that takes what it is asked and falls silent.
    page.route_web_socket(CHANNEL, lambda route: route.on_message(lambda _: asked.append(route)))
    visit(page)
    field = page.locator("#map").get_by_label("z₂, exact value")
    field.fill("1.5")
    field.press("Enter")
    while not asked:
        page.wait_for_timeout(50)
    asked[0].close()
    wanted = decoded(server, "vae_2d", [1.25, 1.5])
    until(page, f"(wanted) => {SHOWN}.every((value, i) => Math.abs(255 * value - wanted[i]) <= 1)", wanted)


def test_a_busy_server_is_asked_again_and_the_page_says_so(open_page: OpenPage) -> None:
    page = open_page("/en/", refused=503)
    refused: list[str] = []

    def refuse_once(route: Route) -> None:
        if refused:
            return route.continue_()
        refused.append(route.request.url)
        route.fulfill(status=503, headers={"Retry-After": "1"}, body="{}")

    page.route("**/api/latent/vae_2d", refuse_once)
    page.goto(page.url.replace("/en/", "/en/latent"))
    expect(page.locator("#connection")).to_have_text("The server is busy, trying again…", timeout=STARTING_MS)
    expect(page.locator(".decoded")).to_be_visible(timeout=STARTING_MS)
    expect(page.locator("#connection")).to_be_empty()
    assert len(refused) == 1
