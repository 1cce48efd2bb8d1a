"""How fast the digits page is, driven in a browser as a person would: medians, beside an empty frame there.

    python -m lente.benchmarks.digits_page [--address http://localhost:8000]

Starts a server of its own unless an address is given. Prints milliseconds, bytes and megabytes.
"""

import argparse
import random
import statistics
import subprocess
import sys
from typing import Any

from playwright.sync_api import Page, sync_playwright

from lente.benchmarks._painted import AFTER_PAINT
from lente.benchmarks.browser import FLAGS, chromium

EVENTS = 60

EMPTY_FRAME = """new Promise((done) => requestAnimationFrame(() => {
  const channel = new MessageChannel();
  const start = performance.now();
  channel.port1.onmessage = () => done(performance.now() - start);
  channel.port2.postMessage(0);
}))"""

# From an event's own time stamp to the message that follows the frame in which its answer was painted.
WATCH = (
    "(name) => {"
    + AFTER_PAINT
    + """
  const painted = document.querySelector({ stroke: 'lente-answer', hover: 'lente-network-2d' }[name]);
  window.times = [];
  let from = 0;
  addEventListener('pointermove', (event) => { from ||= event.timeStamp; }, { capture: true });
  const own = painted.updated;
  painted.updated = function (changed) {
    own?.call(this, changed);
    if (!from) return;
    const start = from;
    from = 0;
    afterPaint(() => window.times.push(performance.now() - start));
  };
}"""
)

EXPLAIN = """async (count) => {
  const { imports } = JSON.parse(document.querySelector('script[type=importmap]').textContent);
  const load = (name) => import(imports['vendor/lit'].replace('vendor/lit', `js/${name}`));
  const { explainUnit } = await load('digits/explain_unit');
  const [{ unitOf }, { sumOf }] = [await load('shared/units'), await load('shared/statistics')];
  const { layers, weights, activations } = document.querySelector('lente-weights').session;
  let worst = 0;
  for (const { name, operation } of layers) {
    const { shape, data } = activations[name];
    for (let i = 0; i < count; i++) {
      const index = Math.floor(Math.random() * data.length);
      const unit = unitOf(shape, index);
      const { terms, bias } = explainUnit(layers, weights, activations, name, unit);
      const sum = sumOf(terms);
      const made = operation === 'softmax' ? terms[unit[0]].product / sum : sum + (bias ?? 0);
      if (data[index] !== made) worst = Math.max(worst, Math.abs(made - data[index]) / Math.abs(data[index]));
    }
  }
  return worst;
}"""


def usable(page: Page, address: str) -> float:
    """Milliseconds from the navigation until the network is painted."""
    page.goto(f"{address}/en/digits")
    until(page, "document.querySelector('lente-answer')?.scores != null")
    return float(page.evaluate("performance.now()"))


def until(page: Page, condition: str) -> None:
    while not page.evaluate(condition):
        page.wait_for_timeout(5)


def times(page: Page, name: str) -> float:
    """Median from a pointer event to its painted answer."""
    page.evaluate(WATCH, name)
    selector = "lente-drawing .pad" if name == "stroke" else "lente-network-2d .cells"
    box: Any = page.locator(selector).bounding_box()
    if name == "stroke":
        page.mouse.move(box["x"] + 60, box["y"] + 60)
        page.mouse.down()
    rng = random.Random(0)
    for i in range(EVENTS):
        x, y = (60 + 2 * i, 60 + 30 * (i % 5)) if name == "stroke" else (rng.uniform(5, 500), rng.uniform(20, 560))
        page.mouse.move(box["x"] + x, box["y"] + y)
        page.wait_for_timeout(35)
    if name == "stroke":
        page.mouse.up()
    times: list[float] = page.evaluate("window.times")
    return statistics.median(times)


def measure(address: str) -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        context = browser.new_context(viewport={"width": 1366, "height": 768})
        page = context.new_page()
        client = context.new_cdp_session(page)
        client.send("Network.enable")
        received: list[float] = []
        client.on("Network.loadingFinished", lambda event: received.append(event["encodedDataLength"]))
        print(f"usable, first visit     {usable(page, address):8.0f} ms")
        print(f"first load              {sum(received) / 1e6:8.2f} MB in {len(received)} requests")
        again = [usable(page, address) for _ in range(5)]
        print(f"usable, warm            {statistics.median(again):8.0f} ms")
        frames = statistics.median(page.evaluate(EMPTY_FRAME) for _ in range(20))
        print(f"an empty frame          {frames:8.1f} ms")
        print(f"stroke to probabilities {times(page, 'stroke'):8.1f} ms")
        page.reload()
        until(page, "document.querySelector('lente-answer')?.scores != null")
        print(f"hover to lines          {times(page, 'hover'):8.1f} ms")
        client.send("HeapProfiler.collectGarbage")
        heap = client.send("Runtime.getHeapUsage")["usedSize"]
        print(f"JavaScript heap         {heap / 1e6:8.1f} MB")
        print(f"worst of 100 units of each layer, relative {page.evaluate(EXPLAIN, 100):.1e}")
        browser.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--address", help="of a server that is running")
    address = parser.parse_args().address
    if address:
        return measure(address.rstrip("/"))
    command = [sys.executable, "-m", "lente", "serve", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        measure(server.stdout.readline().split()[3].rstrip("/"))
        server.terminate()


if __name__ == "__main__":
    main()
