"""How much of the time that pictures take out of noise is the network's own.

    python -m lente.benchmarks.diffusion [--rounds N]

The bare network as the server has it and steps of the sampler, with all that a page is told of them, take turns: the
thread's own time on the processor is counted. A request to the API, whose steps come as they form, is timed by the
clock.
Prints milliseconds, and what a step costs of the bare network: 1.3 at most is wanted.
"""

import argparse
import http.client
import json
import statistics
import time
from collections.abc import Callable

import torch

from lente.app.diffusion.wish import FLOATS, Wish, wish
from lente.app.diffusion.work import Diffusion
from lente.app.server.box import Box
from lente.benchmarks._server import serving

PICTURES, STEPS = 16, 25
DETAILED = ["x", "velocity", "noise", "estimate", "remaining", "fresh", "after"]
assert set(DETAILED) <= set(FLOATS)


def bare(diffusion: Diffusion, count: int, steps: int) -> Callable[[], object]:
    """As many passes of the network alone."""
    x, at, labels = torch.randn(count, 1, 28, 28), torch.full((count,), 500), torch.full((count,), 3)

    def run() -> None:
        with torch.inference_mode():
            for _ in range(steps):
                diffusion.network(x, at, labels)

    return run


def sampled(diffusion: Diffusion, asked: Wish) -> Callable[[], object]:
    """The sampler, with what is told of each step."""
    return lambda: diffusion.sample(asked, lambda moment: diffusion.told(moment, asked.wants))


def requested(port: int, body: dict[str, object], firsts: list[float]) -> Callable[[], object]:
    """A request whose lines are read as they come; when the first came goes into `firsts`."""
    headers = {"Accept": "application/x-ndjson", "Content-Type": "application/json"}

    def run() -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port)
        began = time.perf_counter()
        connection.request("POST", "/api/diffusion/sample", json.dumps(body), headers)
        answer = connection.getresponse()
        answer.readline()
        firsts.append(time.perf_counter() - began)
        answer.read()
        connection.close()

    return run


def medians(ways: list[Callable[[], object]], clock: Callable[[], float], rounds: int) -> list[float]:
    """Seconds of each by `clock`, in turns."""
    found: list[list[float]] = [[] for _ in ways]
    for way in ways:
        way()
    for _ in range(rounds):
        for way, seconds in zip(ways, found, strict=True):
            began = clock()
            way()
            seconds.append(clock() - began)
    return [statistics.median(seconds) for seconds in found]


def main() -> None:
    parser = argparse.ArgumentParser(description="Measures the diffusion network's steps.")
    parser.add_argument("--rounds", type=int, default=7)
    rounds = parser.parse_args().rounds
    diffusion = Diffusion.of(Box())
    with serving() as (port, _):
        for count, wants in ((1, DETAILED), (PICTURES, ["estimate_bytes"])):
            body = {"count": count, "steps": STEPS, "labels": 3, "wants": wants}
            firsts: list[float] = []
            inside = [bare(diffusion, count, STEPS), sampled(diffusion, wish(dict(body)))]
            alone, stepped = medians(inside, time.thread_time, rounds)
            (whole,) = medians([requested(port, body, firsts)], time.perf_counter, rounds)
            print(f"{count} pictures, {STEPS} steps")
            print(f"  the bare network       {1000 * alone:.0f} ms, {1000 * alone / STEPS:.1f} ms a step")
            print(f"  steps of the sampler   {1000 * stepped:.0f} ms, {stepped / alone:.2f} of the bare network")
            print(f"  through the API        {1000 * whole:.0f} ms by the clock")
            print(f"  the first step came after {1000 * statistics.median(firsts):.0f} ms")


if __name__ == "__main__":
    main()
