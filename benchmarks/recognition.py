"""How well the digit network reads digits that are shifted, scaled or small in a corner, with and without centring.

    python -m lente.benchmarks.recognition [--count N]

Every test digit of MNIST is put on a pad of 112 x 112, four values for each of its pixels, as somebody would draw it
there; what is moved beyond the pad's edge is lost. The yardstick is the same digit as MNIST has it.
"""

import argparse
from collections.abc import Callable
from typing import Any

import numpy as np
import torch

from lente.app.digits.drawing import place, resample
from lente.app.errors import BadInput
from lente.models.mnist import reader
from lente.models.networks import catalogue

Values = np.ndarray[Any, np.dtype[Any]]
Change = Callable[[Values], Values]

SIDE = 112


def moved(down: float = 0, right: float = 0, scale: float = 1) -> Change:
    """Puts a digit (28, 28) on the pad, moved by pixels of the digit and scaled about the pad's middle."""
    size = 4 * scale
    top, left = (14 - (56 + 4 * shift) / size for shift in (down, right))
    return lambda digit: resample(digit, top, left, 1 / size, SIDE)


def corner(digit: Values) -> Values:
    """Puts the digit at 0.4 of its size into the lower right corner."""
    return resample(digit, 28 - SIDE / 1.6, 28 - SIDE / 1.6, 1 / 1.6, SIDE)


def changes() -> dict[str, list[Change]]:
    shifts = {
        f"shifted by {far} px": [moved(a, b) for a, b in ((far, 0), (-far, 0), (0, far), (0, -far))]
        for far in (2, 4, 6)
    }
    scales = {f"scaled by {scale:g}": [moved(scale=scale)] for scale in (0.4, 0.6, 0.8, 1.0, 1.2, 1.4)}
    return {**shifts, **scales, "0.4, in a corner": [corner]}


def accuracy(network: torch.nn.Module, pictures: list[Values], labels: Values) -> float:
    batches = torch.from_numpy(np.stack(pictures)).unsqueeze(1).split(500)  # type: ignore[no-untyped-call]
    with torch.inference_mode():
        answers = torch.cat([network(batch).argmax(1) for batch in batches])
    return float((answers.numpy() == labels).mean())


def placed(digits: Values, variants: list[Change]) -> tuple[list[Values], list[Values]]:
    """Each digit changed by one of the variants in turn: centred, and as it lies."""
    centred, lying = [], []
    for i, digit in enumerate(digits):
        ink = variants[i % len(variants)](digit)
        try:
            found = place(ink)
        except BadInput:
            found = None
        empty = np.zeros((28, 28), np.float32)
        centred.append(found.centred if found else empty)
        lying.append(found.raw if found else empty)
    return centred, lying


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=10_000, help="digits to read (%(default)s)")
    options = parser.parse_args()
    test = reader.digits(train=False)
    digits, labels = reader.values(test.images[: options.count]), test.labels[: options.count]
    torch.set_num_threads(1)
    network = catalogue.load("digit_cnn")
    yardstick = accuracy(network, list(digits), labels)
    print(f"as MNIST has them: {100 * yardstick:.2f} %\n")
    print(f"{'':20}{'centred':>10}{'loss':>8}{'as it lies':>12}{'loss':>8}")
    for name, variants in changes().items():
        columns = ""
        for pictures, width in zip(placed(digits, variants), (10, 12), strict=True):
            found = accuracy(network, pictures, labels)
            columns += f"{100 * found:{width}.2f}{100 * (yardstick - found):8.2f}"
        print(f"{name:20}{columns}", flush=True)


if __name__ == "__main__":
    main()
