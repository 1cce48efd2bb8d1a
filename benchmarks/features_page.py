"""How soon the features page shows the first maps of a photograph, driven in a browser as a person would.

    python -m lente.benchmarks.features_page [--address http://localhost:8000] [--count 11]

Starts a server of its own unless an address is given. Every photograph is a new one, so that nothing is kept from
before. Prints milliseconds: from the moment at which the file is chosen to the frame in which its maps are painted,
beside an empty frame.
"""

import argparse
import statistics
import subprocess
import sys
from io import BytesIO

import numpy as np
from PIL import Image
from playwright.sync_api import Page, sync_playwright

from lente.benchmarks._painted import AFTER_PAINT
from lente.benchmarks.browser import FLAGS, chromium
from lente.benchmarks.digits_page import EMPTY_FRAME, until

# From the choice of a file to the message that follows the frame in which the grid of the new photograph was painted.
WATCH = (
    "() => {"
    + AFTER_PAINT
    + """
  const grid = document.querySelector('lente-feature-grid');
  const own = grid.paint;
  let from = 0;
  let old = grid.stack;
  window.times = [];
  addEventListener('change', (event) => {
    if (event.target.type !== 'file') return;
    from = performance.now();
    old = grid.stack;
  }, { capture: true });
  grid.paint = function () {
    own.call(this);
    if (!from || this.stack === old) return;
    const start = from;
    from = 0;
    afterPaint(() => window.times.push(performance.now() - start));
  };
}"""
)


def photograph(seed: int) -> bytes:
    """A JPEG file of 1280 x 960 as a telephone would send it: soft shapes and noise."""
    rng = np.random.default_rng(seed)
    small = Image.fromarray(rng.integers(0, 255, (24, 32, 3), dtype=np.uint8))
    pixels = np.asarray(small.resize((1280, 960), Image.Resampling.BICUBIC)) + rng.normal(0, 6, (960, 1280, 3))
    file = BytesIO()
    Image.fromarray(pixels.clip(0, 255).astype(np.uint8)).save(file, "JPEG", quality=88)
    return file.getvalue()


def first_maps(page: Page, count: int) -> list[float]:
    """Milliseconds from each file to its maps."""
    page.evaluate(WATCH)
    for turn in range(count):
        file = {"name": "photo.jpg", "mimeType": "image/jpeg", "buffer": photograph(turn)}
        page.locator("lente-picture-source input[type=file]").set_input_files(file)  # type: ignore[arg-type]
        until(page, f"window.times.length > {turn}")
        page.wait_for_timeout(1500)
    return list(page.evaluate("window.times"))


def measure(address: str, count: int) -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        page = browser.new_page(viewport={"width": 1366, "height": 768})
        page.goto(f"{address}/en/features")
        until(page, "document.querySelector('lente-feature-grid')?.stack != null")
        print(f"usable, first visit      {page.evaluate('performance.now()'):8.0f} ms")
        frames = statistics.median(page.evaluate(EMPTY_FRAME) for _ in range(20))
        print(f"an empty frame           {frames:8.1f} ms")
        times = first_maps(page, count)
        print(f"file to first maps       {statistics.median(times):8.0f} ms, {min(times):.0f} to {max(times):.0f}")
        browser.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--address", help="of a server that is running")
    parser.add_argument("--count", type=int, default=11)
    arguments = parser.parse_args()
    if arguments.address:
        return measure(arguments.address.rstrip("/"), arguments.count)
    command = [sys.executable, "-m", "lente", "serve", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        measure(server.stdout.readline().split()[3].rstrip("/"), arguments.count)
        server.terminate()


if __name__ == "__main__":
    main()
