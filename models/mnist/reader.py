"""MNIST, which is in the box: 60,000 digits to learn from and 10,000 to test with, checked whenever they are read.

Each file beside this one is one of the four official ones, packed without loss: `xz -d` gives it back.
"""

import hashlib
import lzma
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

FOLDER = Path(__file__).parent
SHA256 = {
    "train-images-idx3-ubyte": "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
    "train-labels-idx1-ubyte": "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
    "t10k-images-idx3-ubyte": "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
    "t10k-labels-idx1-ubyte": "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
}

Bytes = np.ndarray[Any, np.dtype[np.uint8]]
Values = np.ndarray[Any, np.dtype[np.float32]]


class Incomplete(Exception):
    """A file of MNIST is missing or damaged; `file` is its name."""

    def __init__(self, file: str, why: str) -> None:
        super().__init__(f"MNIST is not complete, {file} {why}. Install Lente again.")
        self.file = file


@dataclass(frozen=True)
class Digits:
    """N digits, light on dark: images (N, 28, 28) and labels (N,), both uint8 and read-only."""

    images: Bytes
    labels: Bytes

    def __len__(self) -> int:
        return len(self.labels)


def digits(train: bool, folder: Path = FOLDER) -> Digits:
    """The 60,000 digits to learn from, or the 10,000 to test with. Raises Incomplete."""
    part = "train" if train else "t10k"
    return Digits(read(f"{part}-images-idx3-ubyte", folder), read(f"{part}-labels-idx1-ubyte", folder))


@cache
def training_digits() -> Digits:
    """The 60,000 digits to learn from, unpacked once for all who look at them. Raises Incomplete."""
    return digits(train=True)


def values(images: Bytes) -> Values:
    """Bytes as the networks read them: float32, 0..1."""
    return images.astype(np.float32) / np.float32(255)


def read(file: str, folder: Path) -> Bytes:
    """The bytes of an official file in their shape. Raises Incomplete.

    The format, idx: http://yann.lecun.com/exdb/mnist/
    """
    packed = f"{file}.xz"
    try:
        content = lzma.decompress((folder / packed).read_bytes())
    except OSError as error:
        raise Incomplete(packed, f"cannot be read ({error.strerror})") from error
    except lzma.LZMAError as error:
        raise Incomplete(packed, f"is damaged ({error})") from error
    if (found := hashlib.sha256(content).hexdigest()) != SHA256[file]:
        raise Incomplete(packed, f"holds something else (SHA-256 {found} instead of {SHA256[file]})")
    dimensions = content[3]
    shape = np.frombuffer(content, ">i4", dimensions, offset=4)
    return np.frombuffer(content, np.uint8, offset=4 + 4 * dimensions).reshape(shape)
