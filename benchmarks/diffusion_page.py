"""How fast the diffusion page answers a hand.

    python -m lente.benchmarks.diffusion_page [--address http://localhost:8000] [--count 21]

Starts a server of its own unless an address is given. Prints milliseconds, medians and least and most: from a press on
"Another" to the first step of the digit on the screen and to its last, from a press on "Sixteen at once" to the sixteen
after 25 steps and how often they were painted on the way, and from a move of the noise's slider to its picture.
"""

import argparse
import os
import statistics

from playwright.sync_api import Page, sync_playwright

from lente.benchmarks._painted import AFTER_PAINT
from lente.benchmarks._server import serving
from lente.benchmarks.browser import FLAGS, chromium

# What each press waits for is looked at after each rendering, and its time is that of the frame that shows it.
WATCH = (
    "() => {"
    + AFTER_PAINT
    + """
  const after = (element, look) => {
    const own = element.updated;
    element.updated = function (changed) {
      own?.call(this, changed);
      look();
    };
  };
  const out = document.querySelector('lente-diffusion-out');
  const into = document.querySelector('lente-diffusion-in');
  after(out, () => {
    const { asked } = window;
    if (!asked) return;
    const tell = (name) => afterPaint(() => { asked[name] ??= performance.now() - asked.at; });
    if (asked.what === 'another' && out.moments !== asked.before && out.moments.length) {
      tell('first');
      if (out.moments.length === out.steps) tell('last');
    }
    if (asked.what === 'sixteen' && out.many && out.many !== asked.many) {
      asked.many = out.many;
      asked.shown = (asked.shown ?? 0) + 1;
      tell('first');
      if (out.sixteen.step.done === out.steps) tell('last');
    }
  });
  after(into, () => {
    const { asked } = window;
    if (asked?.what === 'slider') afterPaint(() => { asked.last ??= performance.now() - asked.at; });
  });
  const press = (what) => ({ timeStamp }) => {
    window.asked = { what, at: timeStamp, before: out.moments, many: out.many };
  };
  const listen = (selector, kind, what) =>
    document.querySelector(selector).addEventListener(kind, press(what), { capture: true });
  listen('[data-do=another-seed]', 'click', 'another');
  listen('[data-do=sixteen]', 'click', 'sixteen');
  listen('lente-diffusion-in [data-part=step]', 'input', 'slider');
}"""
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--address", help="of a server that is running, such as http://127.0.0.1:8000")
    parser.add_argument("--count", type=int, default=21)
    chosen = parser.parse_args()
    if chosen.address:
        return measure(chosen.address.rstrip("/"), chosen.count)
    with serving() as (port, _):
        measure(f"http://127.0.0.1:{port}", chosen.count)


def measure(address: str, count: int) -> None:
    print(f"{os.cpu_count()} processors at a load of {os.getloadavg()[0]:.1f}")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        page = browser.new_page(viewport={"width": 1366, "height": 768})
        page.goto(f"{address}/en/diffusion#out")
        page.locator("lente-diffusion-out").scroll_into_view_if_needed()
        page.wait_for_selector("lente-diffusion-out .noise-panels")
        page.wait_for_timeout(2000)
        page.evaluate(WATCH)
        digits = [pressed(page, "[data-do=another-seed]") for _ in range(count + 1)][1:]
        tell("the first step of a digit painted", [one["first"] for one in digits], 50)
        tell("its 25 steps", [one["last"] for one in digits])
        sixteen = []
        for _ in range(count):
            pressed(page, "[data-do=another-seed]")  # what a seed decides is kept: a new one, nobody's yet
            sixteen.append(pressed(page, "[data-do=sixteen]"))
        tell("the first step of sixteen painted", [one["first"] for one in sixteen], 50)
        tell("sixteen digits of 25 steps", [one["last"] for one in sixteen], 2000)
        print(f"painted on the way, median: {statistics.median(one['shown'] for one in sixteen):.0f} times")
        tell("the slider of the noise to its picture", moved(page, count), 50)
        browser.close()


def pressed(page: Page, selector: str) -> dict[str, float]:
    """Presses a button and waits for the last step; what was told on the way."""
    page.click(selector)
    return last(page)


def moved(page: Page, count: int) -> list[float]:
    """Moves the slider of the noise by a key; milliseconds of all moves but the first."""
    slider = page.locator("lente-diffusion-in [data-part=step]")
    slider.focus()
    found = []
    for _ in range(count + 1):
        page.keyboard.press("ArrowRight")
        found.append(last(page)["last"])
    return found[1:]


def last(page: Page) -> dict[str, float]:
    while page.evaluate("window.asked?.last === undefined"):
        page.wait_for_timeout(20)
    told: dict[str, float] = page.evaluate("(({first, last, shown}) => ({first, last, shown}))(window.asked)")
    page.evaluate("window.asked = undefined")
    return told


def tell(words: str, found: list[float], wanted: float | None = None) -> None:
    bound = f" (wanted: {wanted:.0f})" if wanted else ""
    print(f"{words}: {statistics.median(found):.0f} ms, {min(found):.0f} to {max(found):.0f}{bound}", flush=True)


if __name__ == "__main__":
    main()
