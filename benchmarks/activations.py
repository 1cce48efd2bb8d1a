"""What looking into a network costs beside running it, in one run: python -m lente.benchmarks.activations

Ratios to the bare forward pass of the same network on the same photograph, with random weights, which cost the same as
trained ones. Methods take turns, and the time that counts is the thread's own on the processor, so that a busy machine
is busy for all; medians are compared.
"""

import os

os.environ.setdefault("OMP_NUM_THREADS", "1")  # NumPy reads it when it is loaded; the server sets it too

import argparse
import statistics
import time
from collections.abc import Callable
from pathlib import Path

import torch

from lente.app.features.anatomy import shared_copy
from lente.app.features.captures import Capture, Captures
from lente.app.features.layers import small_layers, whole_layers
from lente.app.features.preparation import Preparation, Prepared, prepare
from lente.app.features.shown import Shown
from lente.app.pictures.samples import SAMPLES
from lente.app.server.memory import keep_freed_memory
from lente.app.server.wire import packed
from lente.models import pretrained
from lente.models.networks import catalogue

NAMES = ("efficientnet_lite0", "squeezenet", "photo_cnn", "resnet18", "vgg16", "mobilenet_v3_large", "densenet121")
COLUMNS = ("bare pass, ms", "every layer's thumbnails", "the same again", "second layer, whole")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--networks", nargs="*", default=NAMES)
    arguments = parser.parse_args()
    keep_freed_memory()
    torch.set_num_threads(1)
    print(f"| network | {' | '.join(COLUMNS)} | answer, MB |")
    print("|---" * (len(COLUMNS) + 2) + "|")
    for name in arguments.networks:
        print(row(name, arguments.rounds), flush=True)


def row(name: str, rounds: int) -> str:
    """The network's line: milliseconds, then ratios to them."""
    shown = random_network(name)
    picture = SAMPLES["sample-coffee"].read()
    x = torch.from_numpy(prepare(picture, shown.preparation).values)[None]
    captures, turn = Captures(512_000_000), 0
    sizes: list[int] = []

    def bare() -> None:
        with torch.inference_mode():
            shown.module(x)

    def look(key: int) -> Capture:
        return captures.get((name, key), lambda: shown.capture(fresh()))

    def fresh() -> Prepared:
        return prepare(picture, shown.preparation)

    def first() -> None:
        nonlocal turn
        turn += 1
        sizes.append(len(packed(*small_layers(look(turn), 16, 4096))))

    def again() -> None:
        packed(*small_layers(look(turn), 16, 4096))

    def second() -> None:
        packed(*whole_layers(look(turn), [middle(shown)], None))

    while len(captures.kept) == turn:  # until memory is used again and need not be fetched from the system
        first()
    times = measured([bare, first, again, second], rounds)
    assert captures.passes == turn
    ratios = " | ".join(f"{each / times[0]:.2f}" for each in times[1:])
    return f"| {name} | {times[0] * 1000:.1f} | {ratios} | {sizes[-1] / 1e6:.1f} |"


def middle(shown: Shown) -> str:
    """A layer half-way through the network."""
    layers = list(shown.anatomy.parts)
    return layers[len(layers) // 2]


def measured(methods: list[Callable[[], None]], rounds: int) -> list[float]:
    """Median seconds of the processor for each method, all on this thread; the first round warms up."""
    seconds: list[list[float]] = [[] for _ in methods]
    for turn in range(rounds + 1):
        for method, kept in zip(methods, seconds, strict=True):
            start = time.thread_time()
            method()
            if turn:
                kept.append(time.thread_time() - start)
    return [statistics.median(each) for each in seconds]


def random_network(name: str) -> Shown:
    sources = pretrained.pretrained()
    module = sources[name].build() if name in sources else catalogue.build(name).eval()
    size, shorter = (128, 128) if name == "photo_cnn" else (224, 256)
    classes, file = ("a class",) * 1000, Path(name).name
    return Shown(name, name, "photo", module, shared_copy(module), Preparation(size, shorter), classes, file, {})


if __name__ == "__main__":
    main()
