"""Requests that ask for as much as they may: memory stays bounded, others are answered, nothing fails.

A minute here; `make siege` takes twenty, with more attackers, asks for everything at once too, and prints how long
another client waited for its health and for a decode.
"""

import json
import os
import random
import statistics
import struct
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import suppress
from http.client import HTTPConnection
from multiprocessing import get_context
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import numpy as np
import pytest
from PIL import Image
from websockets.exceptions import WebSocketException
from websockets.sync.client import connect

from tests.app.pictures.test_attacks import ATTACKS, file, run_lengths, scanned, tiled
from tests.app.running import FORM, Running, form, running, until

SECONDS = float(os.environ.get("LENTE_SIEGE", "25"))
MOST_BYTES = 1_200_000_000
ATTACKERS = int(os.environ.get("LENTE_ATTACKERS", "3"))
ANOTHER = "127.0.0.2"  # the address of who is watched: another client than those that attack
JSON = {"Content-Type": "application/json"}

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="only Linux tells how much memory there was"),
]


class Memory(threading.Thread):
    """Watches how many bytes a process and those that it started hold; `most` of all and `own` of the process alone.

    What mirrors files, some 430 MB of PyTorch's library, is not counted: the system drops it where memory is short.
    """

    def __init__(self, process: int) -> None:
        super().__init__(daemon=True)
        self._process = process
        self._over = threading.Event()
        self.most = self.own = 0

    def run(self) -> None:
        while not self._over.wait(0.01):
            own, pages = _held(self._process), Path(f"/proc/{self._process}/task").iterdir()
            children = {int(child) for task in pages for child in _read(task / "children").split()}
            self.own = max(self.own, own)
            self.most = max(self.most, own + sum(_held(child) for child in children if self._is_another(child)))

    def _is_another(self, child: int) -> bool:
        """Whether it runs a program of its own: until then it shares the memory of what started it."""
        return _read(Path(f"/proc/{child}/cmdline")) != _read(Path(f"/proc/{self._process}/cmdline"))

    def end(self) -> None:
        self._over.set()
        self.join()


def _held(process: int) -> int:
    lines = [line.split() for line in _read(Path(f"/proc/{process}/status")).splitlines()]
    return 1024 * sum(int(line[1]) for line in lines if line[0] in ("RssAnon:", "RssShmem:"))


def _read(path: Path) -> str:
    try:
        return path.read_text()
    except OSError:  # it has ended
        return ""


Kind = Callable[[random.Random], tuple[str, bytes, dict[str, str]]]


def convolution(dice: random.Random) -> tuple[str, bytes, dict[str, str]]:
    """Every number at the largest value that the schema allows, or near it."""
    side, kernel = dice.choice([8, 64, 512]), dice.choice([1, 3, 15, 31])
    weights: Any = [[0.5] * kernel] * kernel
    if dice.random() < 0.3:
        weights = [[weights] * 3] * dice.choice([1, 5, 16])
    image = {"image": "sample-galaxies"} if dice.random() < 0.5 else {"matrix": [[1.5] * side] * side}
    body = {
        **image, "kernel": weights, "padding": dice.choice([0, 15, 256, [256, 0]]), "stride": dice.choice([1, 1, 256]),
        "dilation": dice.choice([1, 2, 64]), "padding_mode": dice.choice(["zeros", "circular", "replicate"]),
    }  # fmt: skip
    return "/api/convolution", json.dumps(body).encode(), JSON | answer_as(dice)


def pooling(dice: random.Random) -> tuple[str, bytes, dict[str, str]]:
    body = {
        "image": "sample-galaxies",
        "size": dice.choice([2, 31]),
        "stride": 1,
        "kind": dice.choice(["max", "average"]),
    }
    return "/api/pooling", json.dumps(body).encode(), JSON | answer_as(dice)


def decode(dice: random.Random) -> tuple[str, bytes, dict[str, str]]:
    count = dice.choice([1024, 4096])
    space = dice.choice(["vae_2d", "pca", "autoencoder_32d"])
    width = 32 if space == "autoencoder_32d" else 2
    return (
        f"/api/latent/{space}/decode",
        bytes(4 * width * count),
        {"Content-Type": "application/octet-stream"} | answer_as(dice),
    )


EVERYTHING = [
    "x", "velocity", "noise", "estimate", "told", "untold", "remaining", "fresh", "after", "estimate_bytes",
    "after_bytes",
]  # fmt: skip


def drawn(count: int) -> list[list[float]]:
    return [[0.5] * 784] * count


def diffusion(dice: random.Random) -> tuple[str, bytes, dict[str, str]]:
    """As many pictures, steps and tensors of each step as there may be: as steps, as one answer, given and unread."""
    count, steps = dice.choice([(100, 10), (100, 50), (40, 250), (1, 250), (100, 100)])
    sample: dict[str, Any] = {
        "count": count, "steps": steps, "guidance": dice.choice([1, 2]), "kind": dice.choice(["ddim", "ancestral"]),
        "wants": dice.choice([EVERYTHING, ["estimate_bytes"], []]), "seed": dice.randrange(9),
    }  # fmt: skip
    filled = {"pictures": drawn(1), "known": drawn(1), "again": 10, "steps": 25, "count": dice.choice([1, 40])}
    asked: dict[str, dict[str, Any]] = {
        "look": {"x": drawn(dice.choice([1, 100])), "step": dice.randrange(1, 1001), "guidance": 10},
        "inversion": {"pictures": drawn(dice.choice([1, 40, 100])), "steps": dice.choice([1, 100, 250])},
        "animation": {"pictures": drawn(128), "format": dice.choice(["gif", "webp"])},
        "compare": {"pictures": drawn(100)},
    }
    name = dice.choice(["sample", "sample", *asked])
    body = asked.get(name) or dice.choice([sample, sample, {**sample, **filled}])
    lines = {"Accept": "application/x-ndjson"} if name == "sample" and dice.random() < 0.7 else answer_as(dice)
    return f"/api/diffusion/{name}", json.dumps(body).encode(), JSON | lines


def learning(dice: random.Random) -> tuple[str, bytes, dict[str, str]]:
    """Gradients of as many pictures as there may be, and runs that learn as much at once as they may."""
    pictures = {"pictures": drawn(32), "labels": [3] * 32, "digits": list(range(32))}
    weights = [{"parameter": "conv1.weight", "index": [0, 0, 0, place]} for place in (0, 1)]
    asked: list[tuple[str, dict[str, Any]]] = [
        ("gradients", pictures),
        ("gradients/slice", {**pictures, "weights": weights, "reach": 100}),
        ("gradients/weight?parameter=dense1.weight&index=0,0&limit=1000", pictures),
        ("gradients/step?parameter=conv1.weight&index=0,0,0,0&rate=100&by=10", pictures),
        ("runs", {"batch": 512, "augmented": True, "noise": 1, "rate": 100, "relu": False}),
    ]
    path, body = dice.choice(asked)
    return f"/api/learning/{path}", json.dumps(body).encode(), JSON | answer_as(dice)


def blame(dice: random.Random) -> tuple[str, bytes, dict[str, str]]:
    network, layer = dice.choice([("photo_cnn", "conv1"), ("squeezenet", "features.0"), ("photo_cnn", "input")])
    query = f"layer={layer}&limit=1000&class={dice.randrange(10)}"
    return f"/api/networks/{network}/blame/sample-galaxies?{query}", b"", answer_as(dice)


# Layers of both ends of a network and its largest ones: 8 million numbers of EfficientNet-Lite0 in one answer.
LOOKED_AT = {
    "efficientnet_lite0": ["stage2.block1.widen", "stage2.block1.widen_norm", "stage2.block1.widen_relu", "dense"],
    "squeezenet": ["input", "fire2.join", "fire5.join"],
    "photo_cnn": ["input", "block1.conv1", "block3.relu2"],
}


def looking(dice: random.Random) -> tuple[str, bytes, dict[str, str]]:
    """What networks make of a photograph, each time with an edit that nobody asked for yet: nothing is kept of it."""
    network = dice.choice(list(LOOKED_AT))
    layers = LOOKED_AT[network]
    edit = {"edit": "scale", "layer": layers[-1], "channels": [0], "factor": dice.random()}
    asked = [
        "thumbnails{}?side=64", f"activations{{}}?{'&'.join(f'layer={layer}' for layer in layers)}",
        f"attribution{{}}?method={dice.choice(['integrated_gradients', 'occlusion'])}&steps=512&stride=1&window=3",
        f"attribution{{}}?method=grad_cam&target={layers[-2]}@0,0,0", f"ablation{{}}?layer={layers[-2]}",
        f"faithfulness{{}}?method={dice.choice(['saliency', 'occlusion'])}", "nudge{}?epsilon=16",
        f"patches{{}}?layer={layers[-2]}&channel=1&other=sample-cat&other=sample-coffee",
        f"visualisation?layer={layers[-2]}&channel=1&steps=512&seed={dice.randrange(99)}",
        f"explanation{{}}?layer={layers[-1]}&unit=1{'' if layers[-1] == 'dense' else ',1,1'}&limit=100000",
    ]  # fmt: skip
    path = dice.choice([*asked[:2] * 3, *asked]).format(f"/{dice.choice(['sample-galaxies', 'sample-cat'])}")
    query = urlencode({"surgery": json.dumps([edit])})
    headers = answer_as(dice) if dice.random() < 0.6 else {"Accept": "application/x-ndjson"}
    return f"/api/networks/{network}/{path}&{query}", b"", headers


def answer_as(dice: random.Random) -> dict[str, str]:
    return {"Accept": dice.choice(["application/json", "image/png", "application/vnd.safetensors"])}


def picture(dice: random.Random) -> tuple[str, bytes, dict[str, str]]:
    """Declared and true sizes that differ, and files that are all work."""
    made: list[Callable[[], bytes]] = [
        lambda: ATTACKS[dice.choice(list(ATTACKS))][0],
        lambda: scanned(dice.choice([64, 1000, 5000]), dice.choice([20, 79, 900])),
        lambda: run_lengths(dice.choice([1000, 3_999_999, 24_000_000])),
        lambda: tiled(dice.choice([16, 4096, 40_000])),
        lambda: resized_header(dice),
        lambda: file(Image.new("RGBA", (5000, 4999), (9, 99, 200, dice.randrange(256))), "PNG"),
        lambda: file(Image.new("L", (5000, 5000)), "JPEG2000"),
    ]
    path = dice.choice(["/api/images", "/api/digits"])
    return path, form(dice.choice(made)()), FORM


def resized_header(dice: random.Random) -> bytes:
    """A PNG whose header says another size than its pixels have."""
    data = bytearray(file(Image.new("L", (64, 64), 7), "PNG"))
    struct.pack_into(">II", data, 16, dice.choice([1, 4999, 2**31 - 1]), dice.choice([1, 4999, 30_000]))
    return bytes(data)


def message(dice: random.Random) -> bytes:
    """A live message whose header lies about its tensors."""
    count, size = dice.choice([1, 3, 64, 2500]), dice.choice([0, 8, 100_000, 1_000_000])
    entries: dict[str, Any] = {}
    for i in range(count):
        offsets = dice.choice([[0, size], [i, i + 1], [size, 0], [0, 2**60], [-1, size]])
        shape = dice.choice([[size], [2**40, 0], [1, size], [size, -1]])
        entries[str(i)] = {"dtype": dice.choice(["U8", "F32", "F64"]), "shape": shape, "data_offsets": offsets}
    facts = {"id": dice.randrange(9), "ask": dice.choice(["decode", "digit", "convolution", "features"])}
    entries["__metadata__"] = {"json": json.dumps(facts)}
    header = json.dumps(entries).encode()
    return dice.choice([len(header), 2**63, 0]).to_bytes(8, "little") + header + bytes(size)


def besiege(server: Running, end: float, seed: int, statuses: list[int], kinds: list[Kind]) -> None:
    dice = random.Random(seed)
    while time.monotonic() < end:
        path, body, headers = dice.choice(kinds)(dice)
        try:
            if dice.random() < (0.9 if path.startswith("/api/networks") else 0.4):
                leave(server, path, body, headers)
                continue
            status, answer = server.ask("POST" if body else "GET", path, body, **headers)
            statuses.append(status)
            if path == "/api/learning/runs" and status == 201:
                run = json.loads(answer)
                server.ask(
                    "POST", f"{path}/{run['id']}", json.dumps({"key": run["key"], "until": 20_000}).encode(), **JSON
                )
        except OSError:
            continue  # a refusal that closed the connection while the body was being sent


GROUPS: dict[str, list[Kind]] = {
    "pictures": [convolution, pooling, decode, picture, picture],
    "networks": [diffusion, diffusion, learning, blame, decode],
    "photographs": [looking, looking, blame],
}
GROUPS["everything"] = [kind for kinds in GROUPS.values() for kind in kinds]
ALWAYS = ("pictures", "networks", "photographs")


def leave(server: Running, path: str, body: bytes, headers: dict[str, str]) -> None:
    """Asks, takes the first bytes of the answer, and no more of them."""
    told = "".join(f"{name}: {value}\r\n" for name, value in {**headers, "Content-Length": str(len(body))}.items())
    with server.connect() as socket:
        socket.sendall(f"{'POST' if body else 'GET'} {path} HTTP/1.1\r\nHost: localhost\r\n{told}\r\n".encode() + body)
        socket.settimeout(3)
        with suppress(TimeoutError):
            socket.recv(100)
            time.sleep(1)


def whisper(server: Running, end: float, seed: int) -> None:
    dice = random.Random(seed)
    while time.monotonic() < end:
        try:
            with connect(f"ws://127.0.0.1:{server.port}/api/live", proxy=None, max_size=None) as channel:
                for _ in range(30):
                    channel.send(message(dice))
                    channel.recv(timeout=20)
        except (OSError, TimeoutError, WebSocketException):
            continue


def watched(port: int, seconds: float) -> dict[str, list[float]]:
    """Another client: asks for health and for a decode, again and again; how long each took.

    It has a process of its own: what the attackers make would keep it waiting, too.
    """
    end, waited = time.monotonic() + seconds, {"health": list[float](), "decode": list[float]()}
    code = np.array([[0.5, 1.0]], np.float32).tobytes()
    asks = {
        "health": ("GET", "/api/health", None),
        "decode": ("POST", "/api/latent/vae_2d/decode", code),
    }
    while time.monotonic() < end:
        for name, (method, path, body) in asks.items():
            began = time.monotonic()
            connection = HTTPConnection("127.0.0.1", port, timeout=60, source_address=(ANOTHER, 0))
            connection.request(method, path, body, {"Content-Type": "application/octet-stream"})
            answer = connection.getresponse()
            answer.read()
            connection.close()
            assert answer.status in (200, 503)
            waited[name].append(time.monotonic() - began)
        time.sleep(0.05)
    return waited


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Running]:
    with (tmp_path / "errors.txt").open("w") as errors, running(tmp_path / "store", errors=errors) as it:
        until(lambda: b'"ready"' in it.ask("GET", "/api/health")[1], 300)
        yield it
    assert "Traceback" not in (tmp_path / "errors.txt").read_text()


@pytest.mark.parametrize("group", [*(GROUPS if "LENTE_SIEGE" in os.environ else ALWAYS)])
def test_a_siege_is_survived(server: Running, group: str) -> None:
    end, statuses = time.monotonic() + SECONDS, list[int]()
    attackers = [
        threading.Thread(target=besiege, args=(server, end, seed, statuses, GROUPS[group])) for seed in range(ATTACKERS)
    ]
    attackers.append(threading.Thread(target=whisper, args=(server, end, 9)))
    memory = Memory(server.process.pid)
    for thread in (memory, *attackers):
        thread.start()
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        waited = pool.submit(watched, server.port, SECONDS).result()
    for attacker in attackers:
        attacker.join()
    memory.end()
    for name, seconds in waited.items():
        print(f"{name}: {len(seconds)} times, median {statistics.median(seconds):.3f} s, longest {max(seconds):.3f} s")
    counted = {status: statuses.count(status) for status in sorted(set(statuses))}
    print(f"peak memory {memory.most / 1e6:.0f} MB, {memory.own / 1e6:.0f} of it the server's own; answers: {counted}")
    assert 500 not in statuses
    assert statuses.count(200) > 0
    assert len(waited["health"]) > 3
    assert memory.most < MOST_BYTES
