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

import pytest

from lente.app.pictures.redis_store import RedisStore
from lente.app.pictures.store import Store
from lente.app.settings import Settings
from lente.benchmarks.capacity import Process
from tests.cluster.clients import picture
from tests.cluster.conftest import Cluster
from tests.cluster.parts import HOST, Nginx, Part, Redis
from tests.cluster.test_faults import Crowd

CLIENTS = 4
SECONDS = 8.0
PICTURE = {"Accept": "image/png"}
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


def served(nginx: Nginx) -> tuple[float, float]:
    """Sheets of 1600 digits in a second, asked by CLIENTS who each wait for theirs; processor time for each, in s."""
    processes = [Process(one.process.pid) for one in nginx.servers if one.process]
    before = sum(one.seconds for one in processes)
    until = time.monotonic() + SECONDS
    statuses: list[int] = []

    def ask(client: int) -> None:
        connection = HTTPConnection(HOST, nginx.port, timeout=120)
        for turn in count(1):
            if time.monotonic() > until:
                break
            reach = f"{1 + client + turn / 1000}"
            connection.request("GET", f"/api/latent/vae_2d/grid?rows=40&columns=40&range={reach}", headers=PICTURE)
            answer = connection.getresponse()
            answer.read()
            statuses.append(answer.status)
            if answer.status == 503:
                time.sleep(float(answer.headers["Retry-After"]))
        connection.close()

    threads = [threading.Thread(target=ask, args=(client,)) for client in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(statuses) <= {200, 503}
    served = statuses.count(200)
    return served / SECONDS, (sum(one.seconds for one in processes) - before) / served


def test_a_second_process_takes_its_share_and_costs_nothing_more(cluster: Cluster, tmp_path: Path, say: Say) -> None:
    with ExitStack() as stack:
        one, two = (stack.enter_context(Nginx(tmp_path / f"nginx{n}", cluster.servers[:n])) for n in (1, 2))
        for nginx in (one, two):
            served(nginx)
        second = Process(cluster.servers[1].process.pid)  # type: ignore[union-attr]
        before = second.seconds
        rounds = [(served(one), served(two)) for _ in range(3)]
        share = (second.seconds - before) / sum(rate * SECONDS * cost for _, (rate, cost) in rounds)
    alone, both = ([statistics.median(each) for each in zip(*runs, strict=True)] for runs in zip(*rounds, strict=True))
    say(
        f"sheets in a second: one process {alone[0]:.0f}, two {both[0]:.0f}, ratio {both[0] / alone[0]:.2f}; "
        f"processor time for each {1e3 * alone[1]:.0f} and {1e3 * both[1]:.0f} ms; the second did {100 * share:.0f} %"
    )
    assert 0.25 < share < 0.75
    assert both[1] < 1.5 * alone[1]


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
