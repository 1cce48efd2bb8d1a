"""The 10,000 test digits whose codes are in the box: MNIST's own where it is at hand."""

from pathlib import Path
from typing import Any

import numpy as np

Pixels = np.ndarray[Any, np.dtype[np.float32]]

FILE = Path("MNIST/raw/t10k-images-idx3-ubyte")
_HEADER_BYTES = 16


def test_digits(folder: Path) -> Pixels | None:
    """(10000, 784) in 0..1 from a folder as torchvision lays it; None where it is not there."""
    try:
        content = np.fromfile(folder / FILE, dtype=np.uint8)[_HEADER_BYTES:]
    except OSError:
        return None
    return content.reshape(-1, 784).astype(np.float32) / np.float32(255)


def nearest(pictures: Pixels, known: Pixels, itself: bool = False) -> tuple[Pixels, Pixels]:
    """Squared distance, summed over pixels, from each picture (N, 784) to the nearest known one, and which that is.

    With `itself`, a picture that is among the known ones does not count as its own neighbour.
    """
    squared = (pictures**2).sum(1)[:, None] + (known**2).sum(1)[None] - 2 * pictures @ known.T
    if itself:
        squared = np.where(squared < 1e-3, np.inf, squared)
    index = squared.argmin(1)
    return np.maximum(squared[np.arange(len(index)), index], 0), index
