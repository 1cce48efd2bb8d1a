"""What runs of the learning page cost whoever drags meanwhile, and how soon a run reads 98 % of the test digits.

    python -m lente.benchmarks.learning_server [--seconds N]

Over the live channel codes are decoded, one every 20 ms, in turns without any run and with eight at work, so that a
busy machine slows both down; p99 with them is to stay within twice what it is without. Before that one run, with the
page's own settings, is watched as the page does: 98 % of the 10,000 test digits are to be read within 60 s of play.
"""

import argparse
import time
from itertools import count

import httpx2 as httpx
import numpy as np
from websockets.sync.client import ClientConnection, connect

from lente.app.server.wire import packed
from lente.benchmarks._server import serving

RUNS = 8
OF_ONE = 4
EVERY_SECONDS = 0.02
TURN_SECONDS = 5.0
MOST_STEPS = 20_000
ENOUGH = 0.98
PATIENCE_SECONDS = 600.0
PATH = "/api/learning/runs"

Run = tuple[httpx.Client, str, str]


def begun(port: int, runs: int) -> list[Run]:
    """As many runs, paused, of as many clients as may begin them: each has an address of its own."""
    clients = [
        httpx.Client(
            base_url=f"http://127.0.0.1:{port}",
            timeout=300,
            transport=httpx.HTTPTransport(local_address=f"127.0.0.{2 + n}"),
        )
        for n in range(-(-runs // OF_ONE))
    ]
    found = []
    for n in range(runs):
        client = clients[n // OF_ONE]
        told = client.post(PATH, json={"seed": n}).raise_for_status().json()
        found.append((client, told["id"], told["key"]))
    return found


def tell(runs: list[Run], **told: object) -> None:
    for client, id, key in runs:
        client.post(f"{PATH}/{id}", json={"key": key, **told}).raise_for_status()


def drag(channel: ClientConnection, ids: "count[int]", seconds: float) -> list[float]:
    """Milliseconds of each answer."""
    code, found, end = np.zeros((1, 2), np.float32), [], time.perf_counter() + seconds
    while (began := time.perf_counter()) < end:
        channel.send(packed({"z": code}, {"id": next(ids), "ask": "decode", "model": "vae_2d"}))
        channel.recv()
        taken = time.perf_counter() - began
        found.append(1000 * taken)
        time.sleep(max(0.0, EVERY_SECONDS - taken))
    return found


def drags(port: int, seconds: float) -> None:
    runs, ids = begun(port, RUNS), count(1)
    alone: list[float] = []
    beside: list[float] = []
    with connect(f"ws://127.0.0.1:{port}/api/live", proxy=None, max_size=None) as channel:
        drag(channel, ids, 1)
        while len(alone) * EVERY_SECONDS < seconds:
            alone += drag(channel, ids, TURN_SECONDS)
            tell(runs, until=MOST_STEPS)
            beside += drag(channel, ids, TURN_SECONDS)
            tell(runs, pause=True)
    for name, found in (("no run", alone), (f"{RUNS} runs", beside)):
        middle, late = np.percentile(found, [50, 99])
        print(f"{name:8} at work: p50 {middle:6.1f} ms, p99 {late:6.1f} ms, of {len(found)} answers")
    print(f"p99 with runs is {np.percentile(beside, 99) / np.percentile(alone, 99):.2f} of that without")
    for client, id, key in runs:
        client.delete(f"{PATH}/{id}", params={"key": key})


def soon(port: int) -> None:
    """Plays one run, watched, until enough is read right."""
    (run,) = begun(port, 1)
    client, id, key = run
    began = time.perf_counter()
    tell([run], until=MOST_STEPS)
    version, points = -1, 0
    while (spent := time.perf_counter() - began) < PATIENCE_SECONDS:
        looked = {"version": version, "have": points, "wants": ["kernels"]}
        frame = client.post(f"{PATH}/{id}/frame", json=looked, headers={"Accept": "application/json"}).json()
        version, points = frame["version"], frame["measured"]
        if not frame["points"] or frame["points"][-1]["test_accuracy"] < ENOUGH:
            continue
        counted = client.get(f"{PATH}/{id}/confusion", headers={"Accept": "application/json"}).json()
        if counted["right"] >= ENOUGH * 10_000:
            print(f"{counted['right'] / 100:.1f} % of the test digits after {spent:.1f} s, {counted['step']} steps")
            break
    else:
        print(f"not {100 * ENOUGH:g} % after {PATIENCE_SECONDS:g} s")
    client.delete(f"{PATH}/{id}", params={"key": key})


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=30, help="of dragging, without runs and with them")
    seconds = parser.parse_args().seconds
    with serving() as (port, _pid):
        soon(port)
        drags(port, seconds)


if __name__ == "__main__":
    main()
