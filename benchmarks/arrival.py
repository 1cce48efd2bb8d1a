"""Thirty first visits at the same moment through one wireless network of 20 Mbit/s.

    python -m lente.benchmarks.arrival [--pages home latent ...] [--visitors 30]

One visit is recorded in Chromium: what it asks, and what it waits for before each request. Then so many visitors ask
the same, each over six connections, through a proxy that passes 20 Mbit/s in all and holds everything for 25 ms each
way. A visit is usable when all is there that the first exhibit needed, and as much later as the recorded browser was;
what the visitors' own processors do meanwhile is what the recorded one did.
"""

import argparse
import asyncio
import statistics
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from urllib.parse import urlsplit

from playwright.sync_api import sync_playwright

from lente.app.pages import lan
from lente.benchmarks._server import serving
from lente.benchmarks.first_visit import BITS_PER_SECOND, PAGES, ROUND_TRIP_MS, Visit, room, visit

CONNECTIONS = 6
BUSY = 503
PIECE = 8192
ONE_WAY = ROUND_TRIP_MS / 2000


@dataclass(frozen=True)
class Ask:
    """A request as bytes, those that it waits for, by their places, and for how many seconds after the last of them."""

    message: bytes
    waits: tuple[int, ...]
    pause: float


def recorded(found: Visit) -> tuple[list[Ask], float]:
    """What a visit asked until its exhibit answered, and how many seconds after the last answer that was."""
    needed = [one for one in found.asked if one["done"] <= found.exhibit]
    asks = []
    for one in needed:
        waits = tuple(i for i, other in enumerate(needed) if other["done"] <= one["sent"])
        since = max((needed[i]["done"] for i in waits), default=0)
        asks.append(Ask(_message(one), waits, max(0, one["sent"] - since) / 1000))
    return asks, (found.exhibit - max(one["done"] for one in needed)) / 1000


def _message(one: dict[str, object]) -> bytes:
    parts = urlsplit(str(one["url"]))
    body: bytes = bytes(one["body"])  # type: ignore[call-overload]
    headers = {**dict(one["headers"]), "Host": parts.netloc, "Accept-Encoding": "gzip, deflate"}  # type: ignore[call-overload]
    headers |= {"Content-Length": str(len(body))} if one["method"] != "GET" else {}
    path = f"{parts.path}?{parts.query}" if parts.query else parts.path
    lines = [f"{one['method']} {path} HTTP/1.1", *(f"{name}: {value}" for name, value in headers.items())]
    return "\r\n".join([*lines, "", ""]).encode() + body


class Air:
    """The wireless network: one piece after another, each when the one before is through."""

    def __init__(self) -> None:
        self.free = 0.0
        self.bytes = 0

    async def carry(self, count: int) -> None:
        now = time.monotonic()
        self.free = max(now, self.free) + 8 * count / BITS_PER_SECOND
        self.bytes += count
        await asyncio.sleep(self.free - now)


@asynccontextmanager
async def proxy(host: str, port: int, air: Air) -> AsyncIterator[int]:
    """A port that leads to the server through the air."""

    async def both(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(asyncio.CancelledError):  # the visitors have gone
            await asyncio.sleep(2 * ONE_WAY)  # the connection is made first
            there = await asyncio.open_connection(host, port)
            await asyncio.gather(_pass(reader, there[1], None), _pass(there[0], writer, air))

    server = await asyncio.start_server(both, "127.0.0.1", 0, limit=PIECE)
    async with server:
        yield server.sockets[0].getsockname()[1]


async def _pass(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, air: Air | None) -> None:
    loop = asyncio.get_running_loop()
    with suppress(ConnectionError, asyncio.CancelledError):  # the visitors have gone
        while piece := await reader.read(PIECE):
            if air:
                await air.carry(len(piece))
            loop.call_later(ONE_WAY, writer.write, piece)
    loop.call_later(ONE_WAY, writer.close)


async def visitor(port: int, asks: list[Ask], late: float) -> float:
    """Seconds until one visitor's first exhibit answers."""
    start = time.monotonic()
    free: asyncio.LifoQueue[tuple[asyncio.StreamReader, asyncio.StreamWriter] | None] = asyncio.LifoQueue()
    for _ in range(CONNECTIONS):
        free.put_nowait(None)  # not made yet; those that are made are taken first
    done = [asyncio.Event() for _ in asks]

    async def ask(place: int) -> None:
        for other in asks[place].waits:
            await done[other].wait()
        await asyncio.sleep(asks[place].pause)
        busy = 1.0
        while busy:
            connection = await free.get() or await asyncio.open_connection("127.0.0.1", port)
            connection[1].write(asks[place].message)
            busy = await _answer(connection[0])
            free.put_nowait(connection)
            await asyncio.sleep(busy)  # as the page's scripts do
        done[place].set()

    await asyncio.gather(*(ask(place) for place in range(len(asks))))
    while (connection := free.get_nowait()) is not None:
        connection[1].close()
        if free.empty():
            break
    return time.monotonic() - start + late


async def _answer(reader: asyncio.StreamReader) -> float:
    """Seconds after which a busy server wants to be asked again; 0 where it has answered."""
    head = (await reader.readuntil(b"\r\n\r\n")).lower()
    status = int(head.split(b" ", 2)[1])
    if status >= 400 and status != BUSY:
        raise ConnectionError(f"the server answered {status}: {head!r}")
    if b"content-length:" in head:
        await reader.readexactly(int(head.split(b"content-length:")[1].split(b"\r\n")[0]))
    elif status not in (204, 304):
        while size := int(await reader.readline(), 16):
            await reader.readexactly(size + 2)
        await reader.readline()
    return float(head.split(b"retry-after:")[1].split(b"\r\n")[0]) if status == BUSY else 0


async def together(host: str, port: int, asks: list[Ask], late: float, visitors: int) -> tuple[list[float], int]:
    air = Air()
    async with proxy(host, port, air) as through:
        found = await asyncio.gather(*(visitor(through, asks, late) for _ in range(visitors)))
    return sorted(found), air.bytes


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", nargs="+", choices=PAGES, default=list(PAGES))
    parser.add_argument("--visitors", type=int, default=30)
    chosen = parser.parse_args()
    host = next(iter(lan.addresses()), "127.0.0.1")  # as another computer's: what is here is sent otherwise
    print(f"{chosen.visitors} first visits at once\n\n| page | usable: median, s | last, s | MB | the air alone, s |")
    print("|---|---|---|---|---|", flush=True)
    with serving("--host", "0.0.0.0") as (port, _), sync_playwright() as playwright:
        visits = {}
        for name in chosen.pages:
            with room(playwright, f"http://{host}:{port}") as (context, there):
                visits[name] = visit(context, there, PAGES[name], 1)
        recordings = {name: recorded(found) for name, found in visits.items()}
    with serving("--host", "0.0.0.0") as (port, _):
        for name, (asks, late) in recordings.items():
            times, count = asyncio.run(together(host, port, asks, late, chosen.visitors))
            cells = [statistics.median(times), times[-1], count / 1e6, 8 * count / BITS_PER_SECOND]
            print(f"| {name} | {' | '.join(f'{cell:.1f}' for cell in cells)} |", flush=True)


if __name__ == "__main__":
    main()
