"""What it costs to have several servers: figures, printed as `make cluster` runs, that docs/scaling.md quotes."""

import statistics
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from http.client import HTTPConnection
from itertools import count
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from app.redis_store import RedisStore
from app.settings import Settings
from app.store import Store
from tests.cluster.clients import picture
from tests.cluster.conftest import Cluster
from tests.cluster.parts import HOST, Nginx, Part, Redis
from tests.cluster.test_faults import Crowd

CLIENTS = 8
SECONDS = 8.0
CODES = np.random.default_rng(3).normal(size=(64, 2)).astype(np.float32).tobytes()
HEADERS = {"Content-Type": "application/octet-stream", "Accept": "application/vnd.safetensors"}
Say = Callable[[str], None]


@pytest.fixture
def say(capsys: pytest.CaptureFixture[str]) -> Say:
    """Prints past pytest's capturing."""

    def say(text: str) -> None:
        with capsys.disabled():
            print(f"\n    {text}", end="")

    return say


def test_a_rolling_restart_costs_retries_and_nothing_else(cluster: Cluster, say: Say) -> None:
    with Crowd(cluster.url, 20_000_000) as crowd:
        began = time.monotonic()
        ends = []
        for server in cluster.servers:
            ends.append(server.end())
            server.start()
        took = time.monotonic() - began
    crowd.check(cluster, faults=len(cluster.servers))
    hands = [hand.told for hand in crowd.hands]
    silence = max(one["longestSilence"] for one in hands)
    say(
        f"rolling restart of {len(ends)}: {took:.0f} s, a server ends within {max(ends):.1f} s; "
        f"asks {sum(one['asked'] for one in hands)}, lost 0, asked again {sum(one['retried'] for one in hands)}, "
        f"over HTTP meanwhile {sum(one['overHttp'] for one in hands)}, longest silence of a hand {silence:.0f} ms; "
        f"uploads {sum(len(one.seeds) for one in crowd.uploads)}, lost 0, "
        f"tried again {sum(one.retries for one in crowd.uploads)}"
    )


def served(nginx: Nginx) -> float:
    """Decodes of 64 codes in a second, asked by CLIENTS who each wait for their answer."""
    until = time.monotonic() + SECONDS
    counts = [0] * CLIENTS

    def ask(client: int) -> None:
        connection = HTTPConnection(HOST, nginx.port, timeout=60)
        while time.monotonic() < until:
            connection.request("POST", "/api/latent/vae_2d/decode", CODES, HEADERS)
            answer = connection.getresponse()
            answer.read()
            counts[client] += answer.status == 200
        connection.close()

    threads = [threading.Thread(target=ask, args=(client,)) for client in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(counts) / SECONDS


def test_two_processes_serve_more_than_one(cluster: Cluster, tmp_path: Path, say: Say) -> None:
    with ExitStack() as stack:
        one, two = (
            stack.enter_context(Nginx(tmp_path / f"nginx{many}", cluster.servers[:many])) for many in (1, 2)
        )  # fmt: skip
        rounds = [(served(one), served(two)) for _ in range(3)]
    first, second = (statistics.median(each) for each in zip(*rounds, strict=True))
    say(f"decodes of 64 codes in a second: one process {first:.0f}, two {second:.0f}, ratio {second / first:.2f}")
    assert second > 0.8 * first


@pytest.fixture
def redis_relaxed(tmp_path: Path) -> Iterator[Part]:
    """A Redis that writes to the disk once in a second instead of before each answer."""
    with Redis(tmp_path / "relaxed", "--appendfsync", "everysec") as part:
        yield part


def seconds(action: Callable[[Any], Any], over: list[Any]) -> float:
    """The median time of `action`."""
    taken = []
    for one in over:
        began = time.perf_counter()
        action(one)
        taken.append(time.perf_counter() - began)
    return statistics.median(taken)


@pytest.mark.parametrize("side", [100, 800])
def test_redis_against_the_folder(cluster: Cluster, redis_relaxed: Redis, tmp_path: Path, side: int, say: Say) -> None:
    settings = {
        "folder": Settings(store=tmp_path / "folder"),
        "Redis": Settings(store=cluster.redis.url),
        "Redis, appendfsync everysec": Settings(store=redis_relaxed.url),
    }
    seeds = count(side * 1000)
    told = []
    for name, each in settings.items():
        make = (lambda each=each: Store(each)) if name == "folder" else (lambda each=each: RedisStore(each))
        files = [picture(next(seeds), side) for _ in range(12)]
        store = make()
        store.put(picture(next(seeds), side))
        put = seconds(store.put, files)
        ids = [store.put(file).id for file in files]
        stranger = make()
        stranger.get(store.put(picture(next(seeds), side)).id)
        told.append((name, put, seconds(stranger.get, ids)))
    kilobytes = len(picture(0, side)) / 1000
    _, put, get = told[0]
    say(
        f"{kilobytes:.0f} kB: "
        + "; ".join(
            f"{name} keeps in {1e3 * a:.1f} ms (x {a / put:.2f}), finds in {1e3 * b:.1f} ms (x {b / get:.2f})"
            for name, a, b in told
        )
    )
