"""How fast the latent page answers a dragging hand, and what a decode costs through the API.

    python -m lente.benchmarks.latent_page [--address http://localhost:8000]

Starts a server of its own unless an address is given. Prints milliseconds, repaints a second, and ratios.
"""

import argparse
import http.client
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from urllib.parse import urlsplit

import numpy as np
import torch
from playwright.sync_api import sync_playwright

from lente.benchmarks._painted import AFTER_PAINT
from lente.benchmarks.browser import FLAGS, chromium
from lente.models.networks import catalogue

MOVES = 240

# From a pointer's time stamp to the moment when the digit's canvas is drawn, and to the frame after it.
WATCH = (
    "() => {"
    + AFTER_PAINT
    + """
  window.drawn = [];
  window.shown = [];
  let from = 0;
  addEventListener('pointermove', (event) => { from ||= event.timeStamp; }, { capture: true });
  const painted = document.querySelector('.decoded lente-pictures');
  const own = painted.updated;
  painted.updated = function (changed) {
    own.call(this, changed);
    if (!from) return;
    const start = from;
    from = 0;
    drawn.push(performance.now() - start);
    afterPaint(() => shown.push(performance.now() - start));
  };
}"""
)


# A pointer that moves once in every frame for two seconds: frames, and digits drawn.
EVERY_FRAME = """() => new Promise((done) => {
  const stage = document.querySelector('lente-latent-map lente-plane').shadowRoot.querySelector('.stage');
  const { left, top } = stage.getBoundingClientRect();
  const before = drawn.length;
  const start = performance.now();
  let frames = 0;
  const frame = (now) => {
    if (now - start > 2000) return done([frames, drawn.length - before]);
    frames += 1;
    const place = { clientX: left + 30 + 2 * frames, clientY: top + 40 + frames };
    const where = { ...place, bubbles: true, composed: true, pointerId: 1 };
    stage.dispatchEvent(new PointerEvent('pointermove', where));
    requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
})"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--address")
    address = parser.parse_args().address
    if address:
        return measure(address.rstrip("/"))
    command = [sys.executable, "-m", "lente", "serve", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            measure(process.stdout.readline().split()[3].rstrip("/"))
        finally:
            process.terminate()


def measure(address: str) -> None:
    decode(address)
    drag(address)


def decode(address: str) -> None:
    """A code through the API against the bare decoder, and a sheet of 20 x 20."""
    torch.set_num_threads(1)
    connection = http.client.HTTPConnection(urlsplit(address).netloc)
    connection.connect()
    connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # or the kernel waits 40 ms for more to send
    body = np.array([[0.3, -0.4]], dtype="<f4").tobytes()

    def ask(method: str, path: str, content: bytes | None = None) -> None:
        connection.request(method, path, content, {"Content-Type": "application/octet-stream"})
        answer = connection.getresponse()
        answer.read()
        assert answer.status == 200, answer.status

    network, z = catalogue.load("vae_2d"), torch.tensor([[0.3, -0.4]])
    with torch.inference_mode():
        bare = median(lambda: network.decode(z))  # type: ignore[operator]
    through = median(lambda: ask("POST", "/api/latent/vae_2d/decode", body))
    sheet = median(lambda: ask("GET", "/api/latent/vae_2d/grid?rows=20&columns=20"), times=30)
    print(f"decode: bare {bare:.2f} ms, through the API {through:.2f} ms, {through / bare:.1f} times")
    print(f"sheet of 20 x 20 through the API: {sheet:.1f} ms")


def median(call: Callable[[], object], times: int = 200) -> float:
    """Milliseconds, the first calls left out."""
    found = []
    for _ in range(times):
        start = time.perf_counter()
        call()
        found.append(1000 * (time.perf_counter() - start))
    return statistics.median(found[times // 10 :])


def drag(address: str) -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        page = browser.new_page(viewport={"width": 1366, "height": 768})
        for kind in ("first", "second"):
            page.goto(f"{address}/en/latent")
            page.wait_for_selector(".decoded")
            print(f"{kind} visit, usable after {page.evaluate('performance.now()'):.0f} ms")
        page.evaluate(WATCH)
        box = page.locator("lente-latent-map lente-plane").bounding_box()
        assert box is not None
        page.mouse.move(box["x"] + 20, box["y"] + 20)
        page.mouse.down()
        for i in range(MOVES):
            page.mouse.move(box["x"] + 20 + i % 300, box["y"] + 20 + i)
        page.mouse.up()
        page.wait_for_timeout(200)
        drawn, shown = (statistics.median(page.evaluate(name)) for name in ("drawn", "shown"))
        print(f"move to digit drawn: {drawn:.1f} ms, to the frame after: {shown:.1f} ms")
        frames, repaints = page.evaluate(EVERY_FRAME)
        print(f"moved in every frame for two seconds: {repaints / 2:.0f} repaints a second in {frames / 2:.0f} frames")
        browser.close()


if __name__ == "__main__":
    main()
