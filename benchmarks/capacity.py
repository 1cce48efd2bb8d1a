"""What one server process holds: processor time of each kind of request, memory at rest and with what is loaded.

    python -m lente.benchmarks capacity

Processor time, not the clock's: it hardly depends on what else the machine does, and its inverse is how many of such
requests one processor serves in a second.
"""

import io
import os
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from itertools import count
from pathlib import Path

import httpx2 as httpx
import numpy as np
from PIL import Image
from websockets.sync.client import ClientConnection, connect

from lente.app.server.wire import packed
from lente.benchmarks._server import SCATTERED, serving

TICKS = os.sysconf("SC_CLK_TCK")
CHANNELS = 200
BYTES = {"Content-Type": "application/octet-stream", "Accept": "application/vnd.safetensors"}


class Process:
    """What the system says of a process."""

    def __init__(self, pid: int) -> None:
        self.folder = Path(f"/proc/{pid}")

    @property
    def seconds(self) -> float:
        """Processor time used, its own and the system's for it."""
        after_name = (self.folder / "stat").read_text().rpartition(")")[2].split()
        return (int(after_name[11]) + int(after_name[12])) / TICKS

    @property
    def megabytes(self) -> float:
        return self._megabytes("VmRSS")

    @property
    def most_megabytes(self) -> float:
        """The most that it ever held."""
        return self._megabytes("VmHWM")

    def _megabytes(self, what: str) -> float:
        lines = (self.folder / "status").read_text().splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith(what)) / 1000


def photo(seed: int) -> bytes:
    """A JPEG of 1600 x 1200 as a phone makes them smaller: smooth, with some grain."""
    random = np.random.default_rng(seed)
    coarse = Image.fromarray(random.integers(0, 256, (12, 16, 3), dtype=np.uint8)).resize((1600, 1200))
    grain = random.integers(-8, 9, (1200, 1600, 3))
    file = io.BytesIO()
    Image.fromarray(np.clip(np.asarray(coarse) + grain, 0, 255).astype(np.uint8)).save(file, "JPEG", quality=85)
    return file.getvalue()


class Costs:
    """Asks one server, and prints what each kind of request cost it."""

    def __init__(self, port: int, process: Process) -> None:
        self.process = process
        self.address = f"127.0.0.1:{port}"
        self.client = httpx.Client(base_url=f"http://{self.address}", timeout=300)
        self.ids = count(1)
        self.seeds = count(1)

    def tell(self, name: str, ask: Callable[[], object], times: int) -> None:
        ask()
        before = self.process.seconds
        for _ in range(times):
            ask()
        each = (self.process.seconds - before) / times
        print(f"| {name} | {1000 * each:.2f} | {1 / each:.0f} |", flush=True)

    def get(self, path: str, **headers: str) -> bytes:
        return self.client.get(path, headers=headers).raise_for_status().content

    def post(self, path: str, content: bytes) -> bytes:
        return self.client.post(path, content=content, headers=BYTES).raise_for_status().content

    def upload(self) -> str:
        file = photo(next(self.seeds))
        return str(self.client.post("/api/images", files={"file": file}).raise_for_status().json()["id"])

    @contextmanager
    def channel(self) -> Iterator[ClientConnection]:
        with connect(f"ws://{self.address}/api/live", proxy=None, max_size=None) as socket:
            yield socket

    def ask(self, socket: ClientConnection, ask: str, tensors: dict[str, np.ndarray], **facts: object) -> None:
        socket.send(packed(tensors, {"id": next(self.ids), "ask": ask, **facts}))
        socket.recv()


def requests(costs: Costs) -> None:
    print("| request | ms of processor | in a second on one processor |\n| --- | --- | --- |")
    code, pad = np.zeros((1, 2), np.float32), np.random.default_rng(1).random((112, 112)).astype(np.float32)
    with costs.channel() as socket:
        costs.tell("live: a code decoded", lambda: costs.ask(socket, "decode", {"z": code}, model="vae_2d"), 3000)
        costs.tell("live: a drawing read", lambda: costs.ask(socket, "digit", {"values": pad}, layers=False), 1000)
        costs.tell("live: a drawing read, every layer back", lambda: costs.ask(socket, "digit", {"values": pad}), 1000)
    costs.tell("HTTP: a code decoded", lambda: costs.post("/api/latent/vae_2d/decode", code.tobytes()), 1500)
    costs.tell("a page", lambda: costs.get("/en/latent", Accept_Encoding="gzip"), 200)
    costs.tell("a photograph of 2 megapixels uploaded", costs.upload, 20)
    for network in ("photo_cnn", SCATTERED):
        uploads = iter([costs.upload() for _ in range(21)])
        costs.tell(f"{network} on a new photograph", partial(predict, costs, network, uploads), 20)


def predict(costs: Costs, network: str, uploads: Iterator[str]) -> bytes:
    return costs.get(f"/api/networks/{network}/prediction/{next(uploads)}")


def memory(costs: Costs, process: Process) -> None:
    before = process.megabytes
    with ExitStack() as channels:
        for _ in range(CHANNELS):
            channels.enter_context(costs.channel())
        time.sleep(1)
        each = 1000 * (process.megabytes - before) / CHANNELS
    print(f"\nmemory: after these requests {before:.0f} MB; {each:.0f} kB for each open channel")


def main() -> None:
    with serving() as (port, pid):
        process = Process(pid)
        print(f"memory: ready {process.megabytes:.0f} MB; processor time until then {process.seconds:.1f} s\n")
        costs = Costs(port, process)
        requests(costs)
        memory(costs, process)


if __name__ == "__main__":
    main()
