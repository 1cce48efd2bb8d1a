"""The 10,000 test digits whose codes are in the box, MNIST's own where it is at hand, and those that are read wrong.

Importing this module imports torch.
"""

import gzip
import os
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import nn

from lente.models.training.data import cache_folder

Array = np.ndarray[Any, np.dtype[Any]]
Pixels = np.ndarray[Any, np.dtype[np.float32]]

FILE = Path("MNIST/raw/t10k-images-idx3-ubyte")
_HEADER_BYTES = 16
COMMAND = "lente data"
BATCH = 500


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


def mistakes(network: nn.Module) -> tuple[dict[str, Array], dict[str, Any]]:
    """Tensors `images` (N, 28, 28), `labels` and `answers` (N,), the surest first; none without the data.

    Facts: `total` digits tried, 0 without the data, and the `command` that gets it.
    """
    folder = data_folder()
    if folder is None:
        return {}, {"total": 0, "command": COMMAND}
    images, labels = read_idx(folder / "t10k-images-idx3-ubyte"), read_idx(folder / "t10k-labels-idx1-ubyte")
    values = torch.from_numpy(images.astype(np.float32) / np.float32(255)).unsqueeze(1)
    with torch.inference_mode():
        probabilities = torch.cat([network(part) for part in torch.split(values, BATCH)])
    sureness, answers = probabilities.max(1)
    wrong = np.flatnonzero(answers.numpy() != labels)
    wrong = wrong[np.argsort(-sureness.numpy()[wrong], kind="stable")]
    found = {"images": values.numpy()[wrong, 0], "labels": labels[wrong], "answers": answers.numpy()[wrong]}
    return found, {"total": len(labels), "command": COMMAND}


def data_folder() -> Path | None:
    """The folder with MNIST's test digits: under $LENTE_DATA, ./data or the cache."""
    candidates = [Path(os.environ.get("LENTE_DATA") or "data"), Path("data"), cache_folder()]
    raw = [folder / "MNIST" / "raw" for folder in candidates]
    return next((folder for folder in raw if _file(folder / "t10k-images-idx3-ubyte") is not None), None)


def read_idx(path: Path) -> Array:
    """The bytes of an idx file, packed by gzip or not, in their shape: http://yann.lecun.com/exdb/mnist/"""
    file = _file(path)
    if file is None:
        raise FileNotFoundError(path)
    content = gzip.decompress(file.read_bytes()) if file.suffix == ".gz" else file.read_bytes()
    dimensions = content[3]
    shape = np.frombuffer(content, ">i4", dimensions, offset=4)
    return np.frombuffer(content, np.uint8, offset=4 + 4 * dimensions).reshape(shape)


def _file(path: Path) -> Path | None:
    packed = path.with_name(path.name + ".gz")
    return next((each for each in (path, packed) if each.is_file()), None)
