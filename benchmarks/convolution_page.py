"""How fast the convolution page repaints in Chromium, in units of a frame.

python -m lente.benchmarks.convolution_page [--address http://127.0.0.1:8000]

Prints the median over kernel edits (a 3 x 3 preset's weight typed, 512 x 512 RGB photograph, until the next frame after
the repaint has begun) and over hovers (mouse moved, until the inspector's frame), beside the page's own idle frame: the
yardstick that the same browser gives in the same run.
"""

import argparse
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Page, sync_playwright

from lente.benchmarks.browser import FLAGS, chromium

PATH = "/en/convolution?image=sample-astronaut&size=512&channels={channels}&preset=sharpen"

# After the change, Lit has rendered in a microtask; the frame that shows it ends when the next one begins.
MEASURE = """async ([count, kind]) => {
  const stage = document.querySelector("lente-convolution");
  const fields = stage.querySelectorAll(".kernel-weight input");
  const frame = () => new Promise(requestAnimationFrame);
  const painted = async () => { await frame(); const channel = new MessageChannel();
    await new Promise((done) => { channel.port1.onmessage = done; channel.port2.postMessage(0); }); };
  const change = {
    idle() {},
    edit(i) { const field = fields[0]; field.value = String(i % 2 ? -1.5 : 1.5);
      field.dispatchEvent(new InputEvent("input", { bubbles: true })); },
    hover(i) { stage.toCell(0, 100 + i, 200); },
  }[kind];
  const times = [];
  for (let i = 0; i < count; i++) {
    await frame();
    await new Promise((done) => setTimeout(done, 40));
    const start = performance.now();
    change(i);
    await stage.updateComplete;
    await painted();
    times.push(performance.now() - start);
  }
  return times.sort((a, b) => a - b)[Math.floor(count / 2)];
}"""


@contextmanager
def served(address: str | None) -> Iterator[str]:
    """The address given, or that of a server started for this run."""
    if address:
        yield address
        return
    command = [sys.executable, "-m", "lente", "serve", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield process.stdout.readline().split()[3].rstrip("/").replace("localhost", "127.0.0.1")
        finally:
            process.terminate()


def measure(page: Page, address: str, channels: str, count: int) -> None:
    page.goto(address + PATH.format(channels=channels))
    page.locator("[data-shape=input]", has_text="512 × 512").wait_for()
    page.evaluate(MEASURE, [5, "edit"])
    idle, edit, hover = (page.evaluate(MEASURE, [count, kind]) for kind in ("idle", "edit", "hover"))
    print(f"{channels:>5}: idle frame {idle:5.1f} ms", end="")
    print(f" | kernel edit to repaint {edit:5.1f} ms ({edit / idle:.2f} x)", end="")
    print(f" | hover to inspector {hover:5.1f} ms ({hover / idle:.2f} x)")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--address")
    parser.add_argument("--count", type=int, default=31)
    options = parser.parse_args()
    with served(options.address) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        page = browser.new_page(viewport={"width": 1366, "height": 768})
        print("512 x 512 RGB, 3 x 3 kernel, medians")
        for channels in ("each", "cube", "grey"):
            measure(page, address, channels, options.count)
        browser.close()


if __name__ == "__main__":
    main()
