"""Where the server cannot answer, every exhibit of every page says so in its own place, and none waits for ever."""

import json
import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from lente.app.pages.contexts import Page as Noun
from lente.app.pages.routes import HOME, PAGES
from tests.browser.conftest import PATIENCE_MS, OpenPage, until
from tests.browser.sweeps import in_turn

REASON = "The test refuses this."
LONG = f"There is no “{'x' * 400}”."
REFUSED = json.dumps({"error": {"code": "refused", "message": REASON}})
WAYS: dict[str, tuple[Callable[[Route], None], str]] = {
    "away": (lambda route: route.abort(), "The server does not answer"),
    "broken": (lambda route: route.fulfill(status=500, body="oops"), "The server could not answer (500)"),
    "refuses": (lambda route: route.fulfill(status=422, body=REFUSED, content_type="application/json"), REASON),
}
# What works without a server until it is used, or needs only what the test lets through.
AT_ONCE = ["#paper", "#graph", "#bells", "#noise"]
# Visible exhibits that say nothing of what is wrong, and what waits.
SILENT = """(atOnce) => {
  const deep = (root, selector) => [...root.querySelectorAll(selector), ...[...root.querySelectorAll("*")]
    .filter((one) => one.shadowRoot).flatMap((one) => deep(one.shadowRoot, selector))];
  const seen = (one) => one.checkVisibility({ visibilityProperty: true }) && one.getBoundingClientRect().height > 0;
  const name = (one) => `${one.tagName} ${one.id} ${one.className}: ${one.innerText.slice(0, 60)}`;
  const main = document.querySelector("main");
  const exhibits = deep(main, ".exhibit, .idea, .miniature, .net, .answer, .why, .weights")
    .filter((one) => seen(one) && !atOnce.some((selector) => one.closest(selector)));
  const says = (one) => deep(one, "[role=alert]").some((alert) => seen(alert) && alert.innerText.trim() !== "");
  const waits = deep(main, ".empty, [aria-busy=true]").filter((one) => seen(one) && !one.closest(atOnce.join()));
  return { count: exhibits.length, silent: exhibits.filter((one) => !says(one)).map(name), waits: waits.map(name) };
}"""
REACHED = "fetch('/api/health', { cache: 'no-store' }).then(() => true, () => false)"
WALK = """async () => {
  for (let y = 0; y < document.body.scrollHeight; y += innerHeight / 2) {
    scrollTo(0, y);
    for (let frame = 0; frame < 4; frame++) await new Promise(requestAnimationFrame);
  }
  return true;
}"""


def refused(browser: Browser, address: str, answer: Callable[[Route], None], passes: str | None = None) -> Page:
    """A page whose requests to the API are answered so, but for addresses that pass."""
    page = browser.new_context(viewport={"width": 1366, "height": 768}).new_page()
    page.set_default_timeout(PATIENCE_MS)
    page.route(
        "**/api/**",
        lambda route: route.continue_() if passes and re.search(passes, route.request.url) else answer(route),
    )
    page.route_web_socket("**/api/live**", lambda socket: socket.close())
    page.goto(address)
    return page


def walk(page: Page) -> None:
    """Goes through all of a page, once what lies below its first screen has come."""
    expect(page.locator("[data-coming]")).to_have_count(0)
    assert page.evaluate(WALK)


def says_so_everywhere(page: Page, reason: str, least: int, at_once: list[str] = AT_ONCE) -> None:
    walk(page)
    found: dict[str, object] = {}

    def is_said() -> bool:
        found.update(page.evaluate(SILENT, at_once))
        return found["silent"] == found["waits"] == [] and int(str(found["count"])) >= least

    for _ in range(100):
        if is_said():
            break
        page.wait_for_timeout(100)
    assert is_said(), found
    expect(page.locator("main").get_by_text(reason).first).to_be_visible()


@pytest.mark.parametrize(("noun", "way"), in_turn([HOME, *PAGES], WAYS))
def test_every_exhibit_says_in_its_place_that_there_is_no_answer(
    browser: Browser, server: str, noun: Noun, way: str
) -> None:
    answer, reason = WAYS[way]
    faults: list[str] = []
    page = refused(browser, "about:blank", answer)
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.goto(server + noun.path("en"))
    says_so_everywhere(page, reason, 6 if noun is HOME else 1)
    assert not faults, faults
    page.context.close()


# What describes a page's subject comes, all else does not.
PASSES = {
    "features": r"/api/(networks(/efficientnet_lite0)?|images)(\?|$)",
    "latent": r"/api/latent(/vae_2d)?(\?|$)",
    "autoencoder": r"/api/latent/autoencoder_8d",
}


@pytest.mark.parametrize("noun", PASSES)
def test_an_exhibit_whose_own_question_fails_says_so_beside_others_that_work(
    browser: Browser, server: str, noun: str
) -> None:
    page = refused(browser, f"{server}/en/{noun}", WAYS["refuses"][0], PASSES[noun])
    if noun == "autoencoder":  # its first exhibit has all that it needs
        expect(page.locator("lente-bottleneck [role=alert]")).to_have_count(0)
        walk(page)
        for element in ("guesses", "bottleneck-ladder", "code-places", "bottleneck-rulers"):
            expect(page.locator(f"lente-{element} [role=alert]")).to_have_text(REASON)
    else:
        says_so_everywhere(page, REASON, 5, [*AT_ONCE, "#cubes", "#reliability"])
    page.context.close()


@pytest.mark.parametrize("noun", [HOME, *PAGES], ids=lambda noun: noun.noun)
def test_no_reason_makes_a_page_wider_than_a_phone(browser: Browser, server: str, noun: Noun) -> None:
    said = json.dumps({"error": {"code": "refused", "message": LONG}})
    page = refused(browser, "about:blank", lambda route: route.fulfill(status=422, body=said))
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(server + noun.path("en"))
    walk(page)
    expect(page.locator("main").get_by_text(LONG).first).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    page.context.close()


def test_other_pictures_and_learnt_kernels_that_do_not_come_are_said_where_they_would_be(
    browser: Browser, server: str
) -> None:
    page = refused(browser, f"{server}/en/image?rank=4", WAYS["refuses"][0], "sample-cat")
    page.locator("lente-tensor-ladder").scroll_into_view_if_needed()  # they are asked for once they are near
    expect(page.locator("lente-tensor-ladder [role=alert]")).to_have_text(REASON)
    page.context.close()
    page = refused(browser, f"{server}/en/convolution", WAYS["refuses"][0], "/api/images")
    expect(page.locator("lente-kernel-panel [role=alert]")).to_contain_text(REASON)
    page.context.close()


def test_the_last_good_picture_stays_where_there_is_one(browser: Browser, server: str) -> None:
    away = []
    page = browser.new_context(viewport={"width": 1366, "height": 768}).new_page()
    page.set_default_timeout(PATIENCE_MS)
    page.route("**/api/images/**", lambda route: route.abort() if away else route.continue_())
    page.goto(f"{server}/en/image")
    size = page.locator(".loupe [data-size]")
    expect(size).to_have_text("451 × 300")
    away.append(True)
    page.get_by_role("button", name="Three balls").click()
    expect(page.get_by_role("alert").filter(has_text="The server does not answer")).to_be_in_viewport()
    expect(size).to_have_text("451 × 300")
    page.context.close()


def test_a_run_that_cannot_begin_says_so_beneath_its_buttons(browser: Browser, server: str) -> None:
    page = refused(browser, f"{server}/en/learning", WAYS["refuses"][0])
    noise = page.locator("lente-from-noise")
    noise.get_by_role("button", name="Play").first.click()
    expect(noise.get_by_role("alert").first).to_have_text(REASON)
    page.context.close()


def test_a_paper_that_cannot_be_read_says_so_beneath_its_button(browser: Browser, server: str) -> None:
    page = refused(browser, f"{server}/en/digits", WAYS["away"][0])
    picture = {"name": "a.png", "mimeType": "image/png", "buffer": b"\x89PNG"}
    page.locator("#paper input[type=file]").set_input_files(picture)  # type: ignore[arg-type]
    expect(page.locator("#paper [role=alert]")).to_contain_text("The server does not answer")
    page.locator("#imagined").click()
    expect(page.locator("#unimagined")).to_contain_text("The server does not answer")
    page.context.close()


def test_an_impossible_setting_needs_no_scrolling_to_its_controls(open_page: OpenPage) -> None:
    page = open_page("/es/convolucion?matrix=1,2;3,4;", viewport={"width": 390, "height": 844}, has_touch=True)
    expect(page.locator(".stage [role=alert]")).to_be_in_viewport()
    expect(page.locator("lente-kernel-options input").first).to_be_in_viewport()


def test_what_is_fetched_late_says_so_where_it_does_not_come(browser: Browser, server: str) -> None:
    faults: list[str] = []
    page = browser.new_context(viewport={"width": 1366, "height": 768}).new_page()
    page.set_default_timeout(PATIENCE_MS)
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.goto(f"{server}/en/digits")
    expect(page.locator("[data-coming]")).to_have_count(0)
    page.context.set_offline(True)
    until(page, f"() => {REACHED}.then((reached) => !reached)")  # the browser cuts the line when it comes to it
    in_space, flat = page.locator("[data-view='3d']"), page.locator("[data-view='2d']")
    in_space.click()  # what draws it comes late, bundled or not
    expect(page.locator("#connection")).to_have_text("The server does not answer.")
    expect(flat).to_have_attribute("aria-pressed", "true")
    expect(page.locator("lente-network-2d")).to_be_visible()
    page.context.set_offline(False)
    until(page, f"() => {REACHED}")
    expect(page.locator("#connection")).to_have_text("")  # nobody need press anything first
    page.reload()  # a browser may remember that a script was not there
    in_space.click()
    expect(page.locator("lente-network-3d")).to_be_visible()
    expect(page.locator("#connection")).to_have_text("")
    page.context.close()
    assert not faults, faults


@pytest.mark.parametrize(
    ("path", "chosen", "shown"),
    [
        ("image", "Cup of coffee", "Cat"),
        ("convolution", "Cup of coffee", "Cat"),
        ("convolution", "Colour", "A photograph"),
        ("learning", "Coins", "Cat"),
        ("latent", "Ten numbers", "Two numbers"),
    ],
)
def test_what_was_chosen_and_did_not_come_is_not_shown_as_chosen(
    browser: Browser, server: str, path: str, chosen: str, shown: str
) -> None:
    page = browser.new_context(viewport={"width": 1366, "height": 768}).new_page()
    page.set_default_timeout(PATIENCE_MS)
    page.goto(f"{server}/en/{path}")
    walk(page)
    buttons = [page.get_by_role("button", name=name, exact=True).first for name in (chosen, shown)]
    expect(buttons[1]).to_have_attribute("aria-pressed", "true")
    until(page, "!document.querySelector('main .waiting, main [aria-busy=true]')")
    page.wait_for_load_state("networkidle")
    page.route("**/api/**", lambda route: route.abort())
    buttons[0].click()
    expect(page.get_by_role("alert").filter(has_text="The server does not answer").first).to_be_visible()
    expect(buttons[0]).to_have_attribute("aria-pressed", "false")
    expect(buttons[1]).to_have_attribute("aria-pressed", "true")
    page.context.close()
