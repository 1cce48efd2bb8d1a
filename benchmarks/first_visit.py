"""A visit with an empty cache over a room's wireless network, and the same page a second time.

    python -m lente.benchmarks.first_visit [--pages home digits ...] [--phone] [--rounds 3] [--address http://...]

50 ms to the server and back and 20 Mbit/s, as Chromium slows them down; with --phone the processor too, four times.
"exhibit" is when the page's first exhibit answers a hand, in milliseconds from the navigation, and is then tried with
the mouse; requests and kB are those until then. "in all" is what comes until the page waits for nothing, untouched. The
server is asked by a number in figures, as in a room: for localhost a browser would take brotli. Starts one unless an
address is given.
"""

import argparse
import os
import statistics
import time
from base64 import b64decode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, Page, sync_playwright

from lente.app.pages import lan
from lente.benchmarks._server import serving
from lente.benchmarks.browser import FLAGS, chromium

ROUND_TRIP_MS = 50
BITS_PER_SECOND = 20_000_000
SLOWER = 4
QUIET_MS = 700
PATIENCE_MS = 30_000
ROOM = "192.168.77.1"


@dataclass(frozen=True)
class First:
    """The first exhibit of a page.

    Attributes:
        path: of the page.
        ready: JavaScript that is true once it is painted and listens.
        place: where a hand touches it.
        told: JavaScript for what is another once it has answered.
    """

    path: str
    ready: str
    place: str
    told: str


def _of(selector: str, more: str) -> str:
    return f"document.querySelector('{selector}')?.{more}"


DRAWN = "pictures.some((value) => value > 0.2)"
PAGES = {
    "home": First("/en/", _of("mini-image", "picture"), "mini-image lente-map", _of("mini-image", "cell")),
    "image": First(
        "/en/image", _of(".image-exhibits [data-ready=true] lente-pixel-loupe", "hasUpdated"),
        "lente-pixel-loupe canvas", _of("lente-image", "state"),
    ),
    "convolution": First(
        "/en/convolution", f"{_of('lente-convolution', 'model.run.output')} && {_of('lente-values', 'hasUpdated')}",
        "lente-values", _of("lente-convolution", "model.state.unit"),
    ),
    "digits": First(
        "/en/digits", _of("lente-answer", "scores"), "lente-drawing .pad", _of("lente-answer", "scores[0]"),
    ),
    "learning": First(
        "/en/learning", _of("lente-one-kernel", "seen"), "lente-one-kernel lente-map", _of("lente-one-kernel", "place"),
    ),
    "features": First(
        "/en/features", _of("lente-feature-grid", "stack"), "lente-feature-grid canvas",
        _of("lente-features", "model.unit"),
    ),
    "autoencoder": First(
        "/en/autoencoder", _of(".flow-copy lente-pictures", DRAWN), "lente-bottleneck .slider-row input",
        _of(".flow-squared", "textContent"),
    ),
    "latent": First(
        "/en/latent", _of(".decoded lente-pictures", DRAWN), "lente-latent-map lente-plane",
        _of(".decoded figcaption", "textContent"),
    ),
    "diffusion": First(
        "/en/diffusion", f"{_of('lente-diffusion-in', 'noised')} && {_of('.noise-panels lente-map', 'hasUpdated')}",
        "lente-diffusion-in [data-part=step]", _of("lente-diffusion-in", "step"),
    ),
}  # fmt: skip

# Looks in every frame; what it finds is there once the frame is painted.
WATCH = """(() => {
  const look = () => {
    let ready = false;
    try { ready = Boolean(READY); } catch {}
    if (ready) requestAnimationFrame(() => { window.exhibitAt = performance.now(); });
    else requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
})();"""


@dataclass
class Visit:
    """What a visit took. Times are milliseconds from the navigation.

    Attributes:
        exhibit: when the first exhibit answered a hand.
        requests: that were made until then, and `needed`, the bytes of their answers.
        bytes: of all answers until the page waited for nothing.
        asked: each request, as Chromium tells of it.
    """

    exhibit: float = 0
    requests: int = 0
    needed: int = 0
    bytes: int = 0
    last_script: float = 0
    last_answer: float = 0
    asked: list[dict[str, Any]] = field(default_factory=list)


class Traffic:
    """The requests of a page as Chromium tells of them, but for those that its cache answered."""

    def __init__(self, page: Page) -> None:
        self.asked: dict[str, dict[str, Any]] = {}
        client = page.context.new_cdp_session(page)
        client.send("Network.enable")
        client.send("Performance.enable")
        client.on("Network.requestWillBeSent", self._sent)
        client.on("Network.responseReceived", self._answered)
        client.on("Network.requestServedFromCache", self._kept)
        client.on("Network.loadingFinished", self._finished)
        self.client = client

    def _sent(self, event: dict[str, Any]) -> None:
        address = event["request"]["url"]
        if address.startswith("http"):
            request = event["request"]
            body = b"".join(b64decode(part.get("bytes", "")) for part in request.get("postDataEntries", []))
            self.asked[event["requestId"]] = {
                "url": address, "type": event.get("type"), "sent": event["timestamp"],
                "method": request["method"], "headers": request["headers"], "body": body,
            }  # fmt: skip

    def _kept(self, event: dict[str, Any]) -> None:
        self.asked.pop(event["requestId"], None)

    def _answered(self, event: dict[str, Any]) -> None:
        response = event["response"]
        if response.get("fromDiskCache"):
            self.asked.pop(event["requestId"], None)
        elif event["requestId"] in self.asked:
            self.asked[event["requestId"]]["status"] = response["status"]

    def _finished(self, event: dict[str, Any]) -> None:
        if event["requestId"] in self.asked:
            self.asked[event["requestId"]] |= {"done": event["timestamp"], "bytes": event["encodedDataLength"]}

    @property
    def under_way(self) -> int:
        return sum("done" not in one for one in self.asked.values())


@contextmanager
def room(playwright: Any, address: str) -> Iterator[tuple[BrowserContext, str]]:
    """A browser with an empty cache, and the server's address as the others of the room have it."""
    parts = urlsplit(address)
    rules = f"--host-resolver-rules=MAP {ROOM} {parts.hostname}"
    browser = playwright.chromium.launch(executable_path=chromium(), args=[*FLAGS, rules])
    yield browser.new_context(viewport={"width": 1366, "height": 768}), f"http://{ROOM}:{parts.port}"
    browser.close()


def visit(context: BrowserContext, address: str, first: First, slower: float) -> Visit:
    """Opens a page, waits for its first exhibit, then until nothing more comes, and tries the exhibit."""
    page = context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    traffic = Traffic(page)
    client = traffic.client
    speed = BITS_PER_SECOND / 8
    conditions = {"offline": False, "latency": ROUND_TRIP_MS, "downloadThroughput": speed, "uploadThroughput": speed}
    client.send("Network.emulateNetworkConditions", conditions)
    client.send("Emulation.setCPUThrottlingRate", {"rate": slower})
    page.add_init_script(WATCH.replace("READY", first.ready))
    page.goto(address + first.path, wait_until="commit")
    found = Visit()
    end = time.monotonic() + PATIENCE_MS / 1000
    while not found.exhibit:
        page.wait_for_timeout(10)
        found.exhibit = page.evaluate("window.exhibitAt ?? 0")
        if time.monotonic() > end:
            raise TimeoutError(f"{first.path}: no exhibit, {first.ready}")
    start = min(one["sent"] for one in traffic.asked.values())
    while _silence(traffic) < QUIET_MS or traffic.under_way:
        page.wait_for_timeout(50)
    asked = sorted(traffic.asked.values(), key=lambda one: one["sent"])
    since = {name: [1000 * (one[name] - start) for one in asked] for name in ("sent", "done")}
    found.requests = sum(sent < found.exhibit for sent in since["sent"])
    found.bytes = sum(one["bytes"] for one in asked)
    found.needed = sum(one["bytes"] for one in asked[: found.requests])
    scripts = [at for one, at in zip(asked, since["done"], strict=True) if one["type"] == "Script"]
    found.last_script = max(scripts, default=0)
    found.last_answer = max(since["done"])
    for one, sent, done in zip(asked, since["sent"], since["done"], strict=True):
        found.asked.append({**one, "sent": sent, "done": done})
    touch(page, first)
    page.close()
    return found


def _silence(traffic: Traffic) -> float:
    """Milliseconds since the last answer."""
    told = traffic.client.send("Performance.getMetrics")["metrics"]
    at = next((float(one["value"]) for one in told if one["name"] == "Timestamp"), 0.0)
    return 1000 * (at - max(float(one.get("done", 0)) for one in traffic.asked.values()))


def touch(page: Page, first: First) -> None:
    """Tries the exhibit with the mouse; it has to answer."""
    place = page.locator(first.place).first
    box: Any = place.bounding_box()
    before = page.evaluate(f"JSON.stringify({first.told})")
    page.mouse.move(box["x"] + box["width"] * 0.3, box["y"] + box["height"] * 0.4)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.45, box["y"] + box["height"] * 0.6, steps=4)
    page.mouse.up()
    for _ in range(100):
        if page.evaluate(f"JSON.stringify({first.told})") != before:
            return
        page.wait_for_timeout(30)
    raise AssertionError(f"{first.path} does not answer a hand")


def measure(address: str, names: list[str], rounds: int, slower: float, details: bool) -> None:
    print(f"{os.cpu_count()} processors at a load of {os.getloadavg()[0]:.1f}\n")
    print("| page | requests | kB | exhibit, ms | in all: kB | last script, ms | last answer, ms |", end="")
    print(" again: requests | kB | exhibit, ms |\n|---|---|---|---|---|---|---|---|---|---|", flush=True)
    with sync_playwright() as playwright:
        for name in names:
            firsts, seconds = [], []
            for _ in range(rounds):
                with room(playwright, address) as (context, there):
                    firsts.append(visit(context, there, PAGES[name], slower))
                    seconds.append(visit(context, there, PAGES[name], slower))
            cells = [*_middle(firsts, "requests", "needed", "exhibit", "bytes", "last_script", "last_answer")]
            cells += _middle(seconds, "requests", "bytes", "exhibit")
            print(f"| {name} | {' | '.join(cells)} |", flush=True)
            if details:
                _tell("first", firsts[-1])
                _tell("again", seconds[-1])


def _middle(visits: list[Visit], *names: str) -> list[str]:
    """Medians; bytes as kB."""
    per = {"needed": 1000, "bytes": 1000}
    return [f"{statistics.median(getattr(one, name) for one in visits) / per.get(name, 1):,.0f}" for name in names]


def _tell(which: str, found: Visit) -> None:
    for asked in found.asked:
        parts = urlsplit(asked["url"])
        path = f"{parts.path}?{parts.query}" if parts.query else parts.path
        times = f"{asked['sent']:7.0f} {asked['done']:7.0f}"
        print(f"    {which} {times} {asked['bytes'] / 1000:8.1f} {asked.get('status')} {path}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--address", help="of a server that is running, such as http://127.0.0.1:8000")
    parser.add_argument("--pages", nargs="+", choices=PAGES, default=list(PAGES))
    parser.add_argument("--phone", action="store_true", help="the processor four times as slow")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--details", action="store_true", help="each request of the last round")
    chosen = parser.parse_args()
    slower = SLOWER if chosen.phone else 1
    if chosen.address:
        return measure(chosen.address.rstrip("/"), chosen.pages, chosen.rounds, slower, chosen.details)
    host = next(iter(lan.addresses()), "127.0.0.1")  # as another computer's: what is here is sent otherwise
    with serving("--host", "0.0.0.0") as (port, _):
        measure(f"http://{host}:{port}", chosen.pages, chosen.rounds, slower, chosen.details)


if __name__ == "__main__":
    main()
