"""What a step of the lesson needs is in sight: question, options, task, control, feedback and reason, at six sizes."""

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.conftest import PATIENCE_MS, OpenPage, until

FINGER = [(390, 844), (360, 640), (820, 1180)]
MOUSE = [(1366, 768), (1280, 720), (1920, 1080)]
STEPS = [
    "pixels", "tensors", "scale", "colour", "kernel", "smaller", "padding", "cube", "pooling",
    "stride", "flatten", "decide", "network", "learn", "blame", "layer", "bottleneck", "places", "latent", "cloud",
    "noise", "flow",
]  # fmt: skip
# What a question is about, where the panel does not write it down.
ASKED = {
    "scale": "document.querySelector('[data-pixel]')?.getBoundingClientRect()",
    "colour": "document.querySelector('lente-channels .together')?.getBoundingClientRect()",
    "decide": "document.querySelector('lente-network-2d')?.boxOf?.('dense1')",
    "network": "document.querySelector('lente-network-2d')?.boxOf?.('conv2')",
    "blame": "document.querySelector('.step-loss')?.getBoundingClientRect()",
    "places": "document.querySelector('lente-code-places lente-plane')?.getBoundingClientRect()",
    "latent": "document.querySelector('lente-latent-map lente-plane')?.getBoundingClientRect()",
}
RING = "document.querySelector('.lesson-ring')?.getBoundingClientRect()"
# A part of the panel is in the window, and what lies at its corners belongs to it or is what it lies on.
SEEN = """(part) => {
  const { left, top, right, bottom, width, height } = part.getBoundingClientRect();
  const what = part.outerHTML.slice(0, 90);
  if (!width || !height) return `${what} has no size`;
  for (const [x, y] of [[left + 2, top + 2], [right - 2, top + 2], [left + 2, bottom - 2], [right - 2, bottom - 2]]) {
    const there = document.elementFromPoint(x, y);
    if (!there?.closest("lente-lesson-panel") || !(part.contains(there) || there.contains(part)))
      return `${what}: at ${x}, ${y} of ${innerWidth} x ${innerHeight} lies ${there?.outerHTML.slice(0, 90)}`;
  }
  return "";
}"""
# Something of the page lies in what the panel leaves free of the window, and beneath nothing that stays there.
FREE = """() => {
  const box = BOX;
  if (!box?.width) return "it is not there";
  const panel = document.querySelector("lente-lesson-panel").getBoundingClientRect();
  const beneath = panel.width > innerWidth / 2;
  const [right, bottom] = beneath ? [innerWidth, panel.top] : [panel.left, innerHeight];
  if (box.left < 0 || box.top < 0 || box.right > right || box.bottom > bottom)
    return `${JSON.stringify(box)} in ${right} x ${bottom}`;
  const stays = (one) => one && (getComputedStyle(one).position === "sticky" ? one : stays(one.parentElement));
  const over = [box.left + 1, (box.left + box.right) / 2, box.right - 1]
    .map((x) => stays(document.elementFromPoint(x, box.top + 1))?.getBoundingClientRect())
    .find((one) => one && (one.bottom < box.bottom - 1 || one.top > box.top + 1));
  return over ? `beneath ${JSON.stringify(over)}` : "";
}"""
# Nothing has moved for twelve frames.
RESTS = """() => new Promise((resolve) => {
  let [last, same] = ["", 0];
  const look = () => {
    const { offsetHeight, offsetTop } = document.querySelector("lente-lesson-panel");
    const now = [scrollY, document.body.offsetHeight, offsetHeight, offsetTop].join();
    [last, same] = [now, now === last ? same + 1 : 0];
    if (same < 12) requestAnimationFrame(look);
    else resolve(true);
  };
  look();
})"""


@pytest.fixture(scope="module")
def addresses(browser: Browser, server: str) -> dict[str, str]:
    """Where the steps begin, by their names."""
    page = browser.new_page()
    page.set_default_timeout(PATIENCE_MS)
    page.goto(f"{server}/es/leccion")
    expect(page.locator(".lesson-step")).to_have_count(len(STEPS))
    found: dict[str, str] = page.evaluate(
        "Object.fromEntries([...document.querySelectorAll('.lesson-step')]"
        ".map((step) => [step.dataset.step, step.querySelector('a').getAttribute('href')]))"
    )
    page.close()
    return found


@pytest.mark.without_axe
@pytest.mark.parametrize(
    "sizes",
    [pytest.param(FINGER, id="finger"), pytest.param(MOUSE, id="mouse", marks=pytest.mark.thorough)],
)
@pytest.mark.parametrize("name", STEPS)
def test_all_that_a_step_needs_is_in_sight_without_scrolling(
    open_page: OpenPage, addresses: dict[str, str], name: str, sizes: list[tuple[int, int]]
) -> None:
    width, height = sizes[0]
    page = open_page(addresses[name], viewport={"width": width, "height": height}, has_touch=sizes is FINGER)
    panel = page.locator(".lesson-panel")
    for size in sizes:
        rest_at(page, size)
        see(panel.locator("#question, .question-tables table, [data-part=question] :is(button, input)"))
        if name in ASKED:
            until(page, f"({free(ASKED[name])})() === ''")
        if panel.locator("input").count():
            panel.locator("input").fill("cuatro")
            panel.locator("input").press("Enter")
            expect(panel.get_by_role("alert")).to_contain_text("«cuatro»")
            see(panel.get_by_role("alert"))
    answer(panel)
    expect(panel.get_by_role("alert")).to_have_count(0)
    for size in reversed(sizes):
        rest_at(page, size)
        see(panel.locator(".prediction-kept, [data-part=task] p:not(:empty), [data-part=task] button"))
        for link in panel.locator("[data-part=task] button").all():
            link.click()
            until(page, f"({free(RING)})() === ''")
    do(page, name)
    expect(panel).to_have_attribute("data-at", "reveal")
    for size in sizes:
        rest_at(page, size)
        see(panel.locator(".prediction-kept strong, [data-part=reveal] p, .lesson-next"))


def free(box: str) -> str:
    return FREE.replace("BOX", box)


def rest_at(page: Page, size: tuple[int, int]) -> None:
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.evaluate(RESTS)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "it is wider than the window"


def see(parts: Locator) -> None:
    assert parts.count()
    for part in parts.all():
        assert part.evaluate(SEEN) == ""


def answer(panel: Locator) -> None:
    field = panel.locator("[data-part=question] input")
    if field.count():
        field.fill("3")
        field.press("Enter")
    else:
        panel.locator(".question-options button").first.click()


def tap(page: Page) -> None:
    """In the middle of what is lit, as a thumb does."""
    x, y = page.evaluate(f"(() => {{ const box = {RING}; return [box.x + box.width / 2, box.y + box.height / 2]; }})()")
    page.mouse.click(x, y)


def do(page: Page, name: str) -> None:
    """The task, with what its links have lit."""
    links = page.locator(".lesson-panel [data-part=task] button")
    links.first.click()
    if name in ("padding", "stride"):
        tap(page)
        page.keyboard.press("Control+A")
        page.keyboard.type("1" if name == "padding" else "2")
        page.keyboard.press("Enter")
    elif name == "flatten":
        tap(page)
        expect(page.locator(".flat-list")).to_be_visible()
        links.nth(1).click()
        tap(page)
    elif name == "learn":
        tap(page)
        links.nth(1).click()
        tap(page)
    elif name == "network":
        aim(page, 0.04, 0.2)  # between the maps there is nothing to press
    elif name == "places":
        aim(page, 0.14, 0.92)
    elif name == "latent":
        for place, value in enumerate(("0", "-2.5")):
            field = page.locator("lente-latent-map lente-sliders input.exact").nth(place)
            field.fill(value)
            field.press("Enter")
    elif name == "cloud":
        page.locator("lente-latent-cloud .scale input").fill("0")
    elif name == "noise":
        page.locator("lente-diffusion-in .noise-step input").fill("1000")
    elif name == "flow":
        page.locator("lente-diffusion-plane .flow-steps input").fill("0")
    else:
        tap(page)


def aim(page: Page, across: float, down: float) -> None:
    """At a place in what is lit, by its shares of width and height."""
    page.mouse.click(
        *page.evaluate(f"""(([across, down]) => {{
        const box = {RING};
        return [box.x + across * box.width, box.y + down * box.height];
    }})([{across}, {down}])""")
    )
