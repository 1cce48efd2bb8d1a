"""A run of the learning page against the same loop in a bare PyTorch script, and a gradient written out.

    python -m lente.benchmarks.learning [--seconds N]

Both take turns in the same run, so that a busy machine slows both down. Prints steps a second of the bare loop and of
the learner, their ratio (at least 0.85), the same with frames made twenty times a second (at least 0.7), and how long
one gradient explanation of a conv1 weight takes (at most 50 ms).
"""

import argparse
import statistics
import time
from collections.abc import Callable

import torch
from torch.nn import functional

from lente.app.learning.runs.frames import PACE_SECONDS
from lente.models.networks import catalogue
from lente.models.tracing.gradients import backward, explain_weight
from lente.models.tracing.recording import record
from lente.models.training.learner import Data, Learner, Settings, fresh, mnist, optimiser_of

TURN_SECONDS = 0.5


def bare(data: Data, settings: Settings) -> Callable[[], object]:
    """The loop that one would write: one step for each call."""
    network = fresh(settings)
    optimiser = optimiser_of(settings, network)
    order = [torch.empty(0, dtype=torch.int64)]

    def step() -> None:
        if len(order[0]) < settings.batch:
            order[0] = torch.randperm(settings.digits)
        index, order[0] = order[0][: settings.batch], order[0][settings.batch :]
        loss = functional.cross_entropy(network.logits(data.images[index] / 255), data.labels[index])
        optimiser.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        optimiser.step()

    return step


def watched(learner: Learner, digit: torch.Tensor) -> Callable[[], object]:
    """Steps of which a watcher sees everything, twenty times a second."""
    last = [0.0]

    def step() -> None:
        learner.step()
        if time.perf_counter() - last[0] >= PACE_SECONDS:
            last[0] = time.perf_counter()
            with torch.no_grad():
                learner.network.relu1(learner.network.conv1(digit)).numpy()
                learner.network.logits(digit).softmax(1).numpy()

    return step


def rates(ways: list[Callable[[], object]], seconds: float) -> list[float]:
    """Steps a second of each, in turns."""
    steps, spent = [0] * len(ways), [0.0] * len(ways)
    while sum(spent) < seconds * len(ways):
        for n, way in enumerate(ways):
            began = time.perf_counter()
            while time.perf_counter() - began < TURN_SECONDS:
                way()
                steps[n] += 1
            spent[n] += time.perf_counter() - began
    return [count / time_spent for count, time_spent in zip(steps, spent, strict=True)]


def explanation_seconds(rounds: int = 30) -> float:
    """The median time of a conv1 weight's gradient, written out for one digit, from its picture on."""
    network, data = catalogue.load("digit_cnn").eval(), mnist()
    x, labels = data.images[:1] / 255, data.labels[:1]
    found = []
    for _ in range(rounds):
        began = time.perf_counter()
        explain_weight(backward(record(network, x), labels), "conv1.weight", (2, 0, 1, 3)).terms(12, "contribution")
        found.append(time.perf_counter() - began)
    return statistics.median(found)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=10, help="of each of the three loops")
    seconds = parser.parse_args().seconds
    torch.set_num_threads(1)
    data, settings = mnist(), Settings()
    ways = [bare(data, settings), Learner(settings, data).step, watched(Learner(settings, data), data.test_x[:1])]
    plain, own, seen = rates(ways, seconds)
    print(f"bare loop       {plain:7.1f} steps/s")
    print(f"a run           {own:7.1f} steps/s, {own / plain:.2f} of it")
    print(f"a run, watched  {seen:7.1f} steps/s, {seen / plain:.2f} of it")
    print(f"a conv1 weight's gradient explained in {1000 * explanation_seconds():.1f} ms")


if __name__ == "__main__":
    main()
