"""What is on the screen is in the address or kept: every control is pressed, the page loaded again, and compared."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, Request, expect

from tests.browser.conftest import PATIENCE_MS, OpenPage, until
from tests.browser.test_digits import draw, ready

PAGES = [
    *("image", "convolution", "digits", "learning", "autoencoder", "latent"),
    *(pytest.param(noun, marks=pytest.mark.thorough) for noun in ("features", "diffusion")),  # minutes each
]
NOT_STATE = {
    "Camera": "a camera is opened by hand alone",
    "Draw": "opens a pad, which takes the picture's place: tested for itself",
    "Numbers of the input, a row on each line": "shows the matrix while nobody types",
    "What comes next?": "the answer to an exercise",
    "features: Network": "others than the first have their weights fetched",
    "features: Class": "looks for a class while somebody types",
    "features: It is said to be": "looks for a class while somebody types",
    "features: Square": "a smaller one takes a minute for its eight hundred passes, and as many with random weights",
    "features: Find a layer": "looks for a layer while somebody types",
}
DEEP = """
    const all = (root) => [...root.querySelectorAll("*")].flatMap((one) =>
        [one, ...(one.shadowRoot ? all(one.shadowRoot) : [])]);
    // A run that learns goes on while the page is away: what it says is tested for itself.
    const runs = (one) => one.closest("lente-from-noise") || (one.getRootNode().host && runs(one.getRootNode().host));
    const name = (one) => (one.getAttribute("aria-label") || one.title || one.labels?.[0]?.textContent ||
        one.textContent).replace(/\\s+/g, " ").trim();
    const wanted = "button[aria-pressed], select, input:not([type=file]), .second-samples button";
    const controls = all(document.querySelector("main")).filter((one) =>
        one.matches(wanted) && one.checkVisibility() && !one.closest("details:not([open]), lente-camera") &&
        !runs(one));
    const valueOf = (one) => one.matches("button") ? one.getAttribute("aria-pressed")
        : ["checkbox", "radio"].includes(one.type) ? String(one.checked) : one.value;
"""
SNAPSHOT = f"""(left) => {{ {DEEP}
    const shown = (one) => one.checkVisibility() && !one.closest("#readout") && !runs(one);
    const answers = all(document.querySelector("main")).filter((one) =>
        one.matches("output, td, [role=cell]") && !one.closest("[data-measured]") && shown(one));
    return [
        ...controls.filter((one) => !left.some((each) => name(one).startsWith(each)))
            .map((one) => [name(one), valueOf(one)]),
        ...answers.map((one) => ["says", one.textContent.replace(/\\s+/g, " ").trim()]),
        ["busy", all(document).filter((one) => one.matches("[aria-busy=true]")).length],
    ];
}}"""
PRESS = f"""async ([at, left]) => {{ {DEEP}
    const pressed = controls.filter((one) => !one.disabled && !left.some((each) => name(one).startsWith(each)));
    const one = pressed.at(at);
    if (!one) return null;
    const say = (...events) => events.forEach((event) =>
        one.dispatchEvent(new Event(event, {{ bubbles: true, composed: true }})));
    if (one.matches("button") || ["checkbox", "radio"].includes(one.type)) one.click();
    else if (one.matches("select")) {{
        one.selectedIndex = (one.selectedIndex + 1) % one.options.length;
        say("input", "change");
    }} else if (one.type === "range") {{
        one.value = String(Number(one.min) + (Number(one.max) - Number(one.min)) / 3);
        say("input", "change");
    }} else {{
        one.focus();
        one.value = String(Number(one.value) + 1);
        say("input", "change");
        one.blur();
    }}
    for (let frame = 0; frame < 2; frame++) await new Promise(requestAnimationFrame);
    return name(one);
}}"""
SCROLL = """async () => {
    for (const section of document.querySelectorAll("main section, main > *")) {
        section.scrollIntoView();
        for (let frame = 0; frame < 2; frame++) await new Promise(requestAnimationFrame);
    }
    scrollTo(0, 0);
}"""


def requests_of(page: Page) -> set[Request]:
    """The page's requests that are under way, once those that were before have ended."""
    page.wait_for_load_state("networkidle")
    under_way: set[Request] = set()
    page.on("request", lambda request: under_way.add(request))
    page.on("requestfinished", lambda request: under_way.discard(request))
    page.on("requestfailed", lambda request: under_way.discard(request))
    return under_way


def at_rest(page: Page, left: list[str], under_way: set[Request]) -> list[Any]:
    """All that the page says, once it asks for nothing more and says the same for a while."""
    page.evaluate(SCROLL)
    same, before = 0, None
    for _ in range(PATIENCE_MS // 60):  # occlusion on a busy machine takes its time
        now = page.evaluate(SNAPSHOT, left)
        same = same + 1 if now == before and now[-1][1] == 0 and not under_way else 0
        before = now
        if same == 2:
            page.evaluate(SCROLL)  # what has grown further down comes near too
        if same >= 6 and len(now) > 5:
            return now
        page.wait_for_timeout(200)
    raise AssertionError("never at rest")


def leave_out(noun: str) -> list[str]:
    return [name.removeprefix(f"{noun}: ") for name in NOT_STATE]


@pytest.mark.without_axe
@pytest.mark.parametrize(
    "backwards",
    [pytest.param(False, id="in_order"), pytest.param(True, id="backwards", marks=pytest.mark.thorough)],
)
@pytest.mark.parametrize("noun", PAGES)
def test_a_reload_changes_nothing_whatever_was_pressed(open_page: OpenPage, noun: str, backwards: bool) -> None:
    left = leave_out(noun)
    page = open_page(f"/en/{noun}")
    requests = requests_of(page)
    first = at_rest(page, left, requests)
    assert page.url.endswith(f"/en/{noun}"), "nothing is written that was not set"
    pressed, at = [], 0
    while (name := page.evaluate(PRESS, [-1 - at if backwards else at, left])) is not None and at < 300:
        pressed.append(name)
        at += 1
    before = at_rest(page, left, requests)
    assert before != first
    page.reload()
    after = at_rest(page, left, requests)
    assert [one for one in after if one not in before] == [one for one in before if one not in after], page.url
    assert after == before
    assert len(pressed) > 5


PAD = "document.querySelector('lente-drawing')"
INK = f"[...{PAD}.values]"
TWO = [(0.3, 0.3), (0.5, 0.2), (0.68, 0.35), (0.3, 0.78), (0.72, 0.78)]


def test_a_drawing_takes_the_place_of_the_sample_and_comes_back(open_page: OpenPage) -> None:
    page = open_page("/en/digits?digit=7")
    ready(page)
    page.get_by_role("button", name="Clear").click()
    draw(page, TWO)
    expect(page).not_to_have_url(re.compile("digit=7"))
    ink = page.evaluate(INK)
    assert max(ink) > 0.9
    page.reload()
    ready(page)
    assert page.evaluate(INK) == ink
    page.goto(page.url.replace("/digits", "/image"))
    page.go_back()
    ready(page)
    assert page.evaluate(INK) == ink
    page.go_back()
    until(page, f"ink => {INK}.join() !== ink.join()", ink)
    expect(page).to_have_url(re.compile("digit=7"))


def test_a_drawing_in_the_place_of_a_picture_comes_back(open_page: OpenPage) -> None:
    page = open_page("/en/image")
    page.get_by_role("button", name="Draw", exact=True).click()
    draw(page, TWO)
    expect(page).to_have_url(re.compile("panel=drawing"))
    ink = page.evaluate(INK)
    page.reload()
    until(page, f"ink => {PAD} && {INK}.join() === ink.join()", ink)
    expect(page.get_by_role("button", name="Draw", exact=True)).to_have_attribute("aria-pressed", "true")
    until(page, "document.querySelector('lente-image').picture?.shape[1] === 112")


def test_changed_weights_come_back(open_page: OpenPage) -> None:
    page = open_page("/en/digits")
    ready(page)
    page.get_by_role("button", name="All 0").click()
    page.get_by_role("button", name="Turn the signs").click()
    field = page.locator("lente-weights .kernel-numbers input").first
    field.fill("0.375")
    until(page, "JSON.stringify(history.state.kept.changes ?? null).includes('0.375')")
    scores = "[...document.querySelector('lente-answer').scores]"
    before, now = None, page.evaluate(scores)
    while now != before:  # until the network has been through with the last weight
        page.wait_for_timeout(500)
        before, now = now, page.evaluate(scores)
    page.reload()
    there = "document.querySelector('lente-answer')?.scores"
    until(page, f"before => {there} && {scores}.join() === before.join()", before)
    expect(field).to_have_value("0.375")


def test_back_goes_example_by_example_and_forward_again(open_page: OpenPage) -> None:
    page = open_page("/en/convolution")
    chosen = page.locator(".stops-bar [aria-pressed=true]")
    names = [chosen.get_attribute("data-stop")]
    for button in page.locator(".stops-bar button").all()[1:5]:
        button.click()
        names.append(button.get_attribute("data-stop"))
        expect(chosen).to_have_attribute("data-stop", str(names[-1]))
    for name in names[-2::-1]:
        page.go_back()
        expect(chosen).to_have_attribute("data-stop", str(name))
    page.go_forward()
    expect(chosen).to_have_attribute("data-stop", str(names[1]))


CHOICES = {
    "image": (".segments [data-notation]", "lente-pixel-loupe"),
    "convolution": ("[data-operation]", "lente-window-settings"),
    "digits": ("[data-colouring]", ".view-tools"),
    "learning": ("lente-one-kernel [data-places]", "main"),
    "features": ("lente-feature-layers [aria-pressed]", "main"),
    "autoencoder": (".bottleneck-tools [aria-pressed]", "main"),
    "latent": (".map-tools [aria-pressed]", "main"),
    "diffusion": ("[data-label]", "lente-diffusion-out"),
}


@pytest.mark.parametrize("noun", CHOICES)
def test_what_is_chosen_is_a_step_of_the_history(open_page: OpenPage, noun: str) -> None:
    buttons, within = CHOICES[noun]
    page = open_page(f"/en/{noun}")
    all_of_them = page.locator(within).locator(buttons)
    expect(all_of_them.nth(1)).to_be_visible()
    length = page.evaluate("history.length")
    states = [all_of_them.evaluate_all("all => all.map((one) => one.getAttribute('aria-pressed'))")]
    for _ in range(2):
        at = states[-1].index("false")
        button = all_of_them.nth(at)
        button.click()
        expect(button).to_have_attribute("aria-pressed", "true")
        states.append(all_of_them.evaluate_all("all => all.map((one) => one.getAttribute('aria-pressed'))"))
    until(page, "length => history.length === length + 2", length)
    for state in states[-2::-1]:
        page.go_back()
        expect(all_of_them.nth(state.index("true"))).to_have_attribute("aria-pressed", "true")


def test_what_is_dragged_is_no_step(open_page: OpenPage) -> None:
    page = open_page("/en/latent")
    expect(page.locator(".decoded")).to_be_visible()
    length = page.evaluate("history.length")
    box = page.locator("lente-latent-map lente-plane").bounding_box()
    assert box is not None
    for share in (0.3, 0.5, 0.7):
        page.mouse.move(box["x"] + box["width"] * share, box["y"] + box["height"] * 0.5)
        page.mouse.down()
        page.mouse.move(box["x"] + box["width"] * share, box["y"] + box["height"] * 0.3, steps=4)
        page.mouse.up()
    expect(page).to_have_url(re.compile(r"[?&]z="))
    assert page.evaluate("history.length") == length
