"""A class on one server: how many decodes it serves and how fast, beside the endpoint that one writes first.

    lente bench [--seconds 8] [--clients 30]

Everything runs here: the server, the endpoint beside it, and the load in this process. Latencies are milliseconds from
the moment a message is due until its answer is there. "cpu" is the processor time that the server's process took for
each answer, which other work on the machine changes little.
"""

import argparse
import gzip
import json
import os
import re
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from lente.benchmarks._load import Caller, Channel, Client, Tally, asks, request, run, upload
from lente.benchmarks._server import serving, wait_for

LOCAL = "127.0.0.1"
RATE = 60
WARMING_SECONDS = 1.0
NAIVE_PORT = 8765
RATES = (60, 120, 180, 240)
HOME_ASKS = (
    "/api/images/sample-cat?size=72",
    "/api/images/sample-skyline?size=120",
    "/api/networks/digit_cnn",
    "/api/networks/digit_cnn/kernels?half=true",
    "/api/images/sample-cat?size=128",
    "/api/networks/photo_cnn/thumbnails/sample-cat?layer=relu1&most=7&side=64",
    "/api/latent/copies/0,1,2,3,4,5,6,7?model=autoencoder_2d&model=autoencoder_8d&model=autoencoder_32d",
    "/api/latent/vae_2d/map?half=true&every=3",
)
HEAD = f"{'':34}{'asked/s':>9}{'answered/s':>11}{'overtaken':>10}{'503':>6}{'lost':>6}{'p50':>8}{'p99':>8}{'cpu':>8}"


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="lente bench", description="A class on one server, as a load.")
    parser.add_argument("--seconds", type=float, default=8, help="how long each part takes (%(default)s)")
    parser.add_argument("--clients", type=int, default=30, help="students who drag (%(default)s)")
    chosen = parser.parse_args(arguments)
    measure(chosen.clients, chosen.seconds)


def measure(clients: int, seconds: float) -> None:
    """Every part, one after the other, printed."""
    machine = f"{os.cpu_count()} processors at a load of {os.getloadavg()[0]:.1f}"
    print(f"{clients} students, {machine}\n\n{HEAD}", flush=True)
    with naive() as (port, process):
        yardstick = saturated_naive(port, process, clients, seconds)
        timed_naive(port, process, clients, seconds)
    with serving() as (port, process):
        best = saturated(port, process, clients, seconds)
        print(f"{'':34}{best / yardstick:.1f} times the naive endpoint")
        for rate in RATES:
            dragging(port, process, clients, rate, seconds)
        mixed(port, process, clients, 2 * seconds)
        print()
        arrived(port, process, clients, seconds)


def saturated_naive(port: int, process: int, clients: int, seconds: float) -> float:
    """Answers a second of the naive endpoint where every client asks again as soon as it is answered."""
    tally = Tally()
    callers = [Caller((LOCAL, port), _decodes(0), lambda _name: tally) for _ in range(clients)]
    return report("naive, as fast as it can", tally, callers, seconds, process)


def timed_naive(port: int, process: int, clients: int, seconds: float) -> None:
    """The naive endpoint where every student drags. Over HTTP an ask waits for the answer to the last."""
    tally = Tally()
    callers = [Caller((LOCAL, port), _decodes(1 / RATE), lambda _name: tally) for _ in range(clients)]
    report(f"naive, {clients} ask {RATE} times a second", tally, callers, seconds, process)


def saturated(port: int, process: int, clients: int, seconds: float) -> float:
    """Answers a second of our server, in the same way."""
    tally = Tally()
    return report("live, as fast as it can", tally, draggers(port, clients, None, tally), seconds, process)


def dragging(port: int, process: int, clients: int, rate: float, seconds: float) -> None:
    """Every student drags; nobody waits for an answer before moving on."""
    tally = Tally()
    report(f"live, {clients} drag at {rate} Hz", tally, draggers(port, clients, rate, tally), seconds, process)


def mixed(port: int, process: int, clients: int, seconds: float) -> None:
    """Students drag, ten draw, five upload photographs and have two networks look at them."""
    tallies: dict[str, Tally] = defaultdict(Tally)
    photos = [photograph(seed) for seed in range(5)]
    everybody: list[Client] = [*draggers(port, clients, RATE, tallies["drag"])]
    everybody += drawers(port, 10, tallies["draw"])
    everybody += [
        Caller((LOCAL, port), _looks(photo, seed), tallies.__getitem__, _address(200 + seed))
        for seed, photo in enumerate(photos)
    ]
    run(everybody, 3 * WARMING_SECONDS)
    for tally in tallies.values():
        tally.forget()
    before = cpu_seconds(process)
    took = run(everybody, seconds)
    spent = cpu_seconds(process) - before
    print(f"\nmixed: {clients} drag, 10 draw, 5 upload; the server took {spent / took:.2f} processors")
    for name, tally in tallies.items():
        print(line(f"  {name}", tally, took, float("nan")), flush=True)
        for error in tally.errors[:3]:
            print(f"    {error}")


def report(name: str, tally: Tally, clients: Sequence[Client], seconds: float, process: int) -> float:
    """Runs the clients and prints what became of it; answers a second."""
    run(clients, WARMING_SECONDS)
    tally.forget()
    before = cpu_seconds(process)
    took = run(clients, seconds)
    spent = cpu_seconds(process) - before
    for client in clients:
        client.socket.close()
    print(line(name, tally, took, spent / max(1, tally.answered)), flush=True)
    return tally.answered / took


def line(name: str, tally: Tally, took: float, cpu: float) -> str:
    counts = (
        f"{tally.asked / took:9.0f}{tally.answered / took:11.0f}{tally.overtaken:10}{tally.refused:6}{tally.lost:6}"
    )
    cost = f"{1e6 * cpu:6.0f}us" if cpu == cpu else ""
    return f"{name:34}{counts}{tally.milliseconds(50):8.1f}{tally.milliseconds(99):8.1f}{cost}"


@contextmanager
def naive() -> Iterator[tuple[int, int]]:
    """The naive endpoint, running: its port and its process's id."""
    with subprocess.Popen([sys.executable, "-m", "lente.benchmarks._naive", str(NAIVE_PORT)]) as process:
        try:
            wait_for(f"http://{LOCAL}:{NAIVE_PORT}/docs", "swagger")
            yield NAIVE_PORT, process.pid
        finally:
            process.terminate()


def cpu_seconds(process: int) -> float:
    """Processor time of a process so far; not a number where /proc does not tell."""
    try:
        fields = Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()
    except OSError:
        return float("nan")
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def draggers(port: int, clients: int, rate: float | None, tally: Tally) -> list[Channel]:
    """Students who drag over the latent map, `rate` times in a second or as fast as they are answered."""
    codes = np.random.default_rng(0).normal(size=(512, 1, 2)).astype(np.float32)
    messages = asks([{"z": z} for z in codes], ask="decode", model="vae_2d", stream="drag")
    return [Channel((LOCAL, port), messages, rate, tally, _address(i)) for i in range(clients)]


def drawers(port: int, count: int, tally: Tally) -> list[Channel]:
    """Students who draw digits, at half of RATE."""
    strokes = [{"values": _stroke(turn)} for turn in range(16)]
    messages = asks(strokes, 64, ask="digit", stream="draw", layers=False)
    return [Channel((LOCAL, port), messages, RATE / 2, tally, _address(100 + i)) for i in range(count)]


def arrived(port: int, process: int, clients: int, seconds: float) -> float:
    """First visits to the home page a second: the page, all that it names and all that it asks then."""
    visits, rest = Tally(), Tally()
    callers = [
        Caller((LOCAL, port), _visits(), lambda name: visits if name == "visit" else rest) for _ in range(clients)
    ]
    return report(f"arrive, {clients} one after another", visits, callers, seconds, process)


def _visits() -> Any:
    """What a browser asks on a first visit, over one connection; what a page says last counts as the visit."""
    while True:
        page = gzip.decompress((yield "page", _packed("/es/"), 0)).decode()
        named = set(re.findall(r'(?:src|href)="(/(?:static|es/messages)[^"]+)"', page))
        for address in sorted(named):
            yield "file", _packed(address.replace("&amp;", "&")), 0
        for address in HOME_ASKS[:-1]:
            yield "ask", _packed(address), 0
        yield "visit", _packed(HOME_ASKS[-1]), 0


def _packed(path: str) -> bytes:
    """A request whose answer may be compressed."""
    return request("GET", path).replace(b"\r\n", b"\r\nAccept-Encoding: gzip\r\n", 1)


def _decodes(pause: float) -> Iterator[tuple[str, bytes, float]]:
    codes = np.random.default_rng(0).normal(size=(64, 1, 2)).round(4)
    bodies = [request("POST", "/decode", json.dumps({"z": z.tolist()}).encode()) for z in codes]
    while True:
        for body in bodies:
            yield "decode", body, pause


def _looks(photo: bytes, student: int) -> Any:
    """A student's requests: another photograph each time, then what each network makes of it, then a second's look."""
    number = 0
    while True:
        number += 1
        stored = yield "upload", upload(photo + f"{student} {number}".encode()), 0
        id = json.loads(stored)["id"]
        yield "photo_cnn", request("GET", f"/api/networks/photo_cnn/prediction/{id}"), 0
        yield "resnet18", request("GET", f"/api/networks/resnet18/prediction/{id}"), 1


def photograph(seed: int) -> bytes:
    """A JPEG of 1024 x 768 pixels with as much in it as a photograph."""
    coarse = np.random.default_rng(seed).integers(0, 256, (48, 64, 3), dtype=np.uint8)
    file = BytesIO()
    Image.fromarray(coarse).resize((1024, 768), Image.Resampling.BICUBIC).save(file, "JPEG", quality=90)
    return file.getvalue()


def _stroke(turn: int) -> np.ndarray:
    """A stroke across the pad of 112 x 112, at one of 16 angles."""
    y, x = np.mgrid[:112, :112] - 56.0
    angle = np.pi * turn / 16
    across = np.abs(x * np.cos(angle) + y * np.sin(angle))
    stroke: np.ndarray = ((across < 5) & (np.hypot(x, y) < 40)).astype(np.float32)
    return stroke


def _address(student: int) -> str:
    """Each student's own address, as in a classroom; Linux answers on all of 127.0.0.0/8."""
    return f"127.0.1.{student % 250 + 1}" if sys.platform == "linux" else ""


if __name__ == "__main__":
    main()
