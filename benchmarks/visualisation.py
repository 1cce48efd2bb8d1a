"""What a step of feature visualisation costs beside the bare passes in it: python -m lente.benchmarks.visualisation

Ratios to the forward and backward pass of the same network, up to the same layer, on a picture of the same size. Both
take turns, and the time that counts is the thread's own on the processor; medians are compared.
"""

import argparse
import statistics
import time
from collections.abc import Callable

import torch
from torch import Tensor

from lente.app.features.anatomy import shared_copy
from lente.app.features.preparation import Preparation
from lente.app.features.reaching import before_cut, check_channel, reacher
from lente.app.features.shown import Shown
from lente.app.features.visualisation import SIZE, Wish, picture_for
from lente.app.server.queues.long_work import Progress
from lente.models.networks import catalogue

MAPS = (
    ("efficientnet_lite0", "stage2.block2.widen_relu"),
    ("efficientnet_lite0", "stage4.block2.widen_relu"),
    ("efficientnet_lite0", "dense"),
    ("squeezenet", "fire5.join"),
    ("photo_cnn", "block3.relu2"),
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--steps", type=int, default=128)
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    print("| network | layer | bare passes, ms | a step | 128 steps, s |")
    print("|---|---|---|---|---|")
    for name, layer in MAPS:
        bare, step = measured(name, layer, arguments.rounds, arguments.steps)
        print(f"| {name} | {layer} | {1000 * bare:.1f} | {step / bare:.2f} | {128 * step:.1f} |", flush=True)


def measured(name: str, layer: str, rounds: int, steps: int) -> tuple[float, float]:
    """Seconds of the processor for the bare passes and for a step."""
    module = catalogue.load(name)
    shown = Shown(name, name, "photo", module, shared_copy(module), Preparation(224, 256), ("a class",) * 1000, "", {})
    reach = reacher(shown, "", before_cut(shown, check_channel(shown, layer, 0)))
    x = torch.rand(1, 3, SIZE, SIZE)

    def bare() -> None:
        for _ in range(steps):
            given: Tensor = x.clone().requires_grad_()
            reach(given)[:, 0].mean().backward()  # type: ignore[no-untyped-call]

    def begin() -> None:
        picture_for(shown, "", Wish(layer, 0, steps=1), Progress())

    def whole() -> None:
        picture_for(shown, "", Wish(layer, 0, steps=steps + 1), Progress())

    seconds = {each: [timed(each) for _ in range(rounds + 1)][1:] for each in (bare, begin, whole)}
    first, begun, second = (statistics.median(each) for each in seconds.values())
    return first / steps, (second - begun) / steps


def timed(work: Callable[[], None]) -> float:
    start = time.thread_time()
    work()
    return time.thread_time() - start


if __name__ == "__main__":
    main()
