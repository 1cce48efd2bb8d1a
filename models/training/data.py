"""The pictures that the networks learn from, each set as one tensor of bytes.

A folder given by the user is read as it lies. Without one, MNIST comes out of the box, and torchvision downloads the
other sets into `cache_folder()`.
"""

import hashlib
import io
import os
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor

from lente.models.mnist import reader
from lente.models.networks.photo_cnn import CLASSES

WORDNET = (
    "n02979186", "n03000684", "n03028079", "n02102040", "n03394916",
    "n03417042", "n03425413", "n03445777", "n03888257", "n01440764",
)  # fmt: skip
ENDINGS = (".jpeg", ".jpg", ".png", ".webp", ".bmp")


class DataError(Exception):
    """The data asked for is not where it was said to be, or is not what it was said to be."""


@dataclass(frozen=True)
class Pictures:
    """N pictures (N, C, H, W) uint8 with labels (N,) int64, and the SHA-256 of what was read."""

    name: str
    images: Tensor
    labels: Tensor
    sha256: str

    def __len__(self) -> int:
        return len(self.images)


def cache_folder() -> Path:
    """Where downloads go: $LENTE_DATA, else ~/.cache/lente."""
    return Path(os.environ.get("LENTE_DATA") or Path.home() / ".cache" / "lente")


def digits(folder: Path | None, train: bool, dataset: str = "mnist") -> Pictures:
    """MNIST or Fashion-MNIST, (N, 1, 28, 28): from the box, or from `folder`/MNIST/raw as torchvision lays it."""
    if dataset == "mnist" and folder is None:
        return boxed_digits(train)
    from torchvision import datasets  # four seconds, so only here

    kind = {"mnist": datasets.MNIST, "fashion": datasets.FashionMNIST}[dataset]
    try:
        read = kind(folder or cache_folder(), train=train, download=folder is None)
    except (RuntimeError, OSError) as error:
        raise DataError(f"no {kind.__name__} in {folder or cache_folder()}: {error}") from error
    return hashed(kind.__name__, read.data, read.targets)


def boxed_digits(train: bool) -> Pictures:
    """MNIST as it comes with Lente."""
    try:
        read = reader.digits(train)
    except reader.Incomplete as error:
        raise DataError(str(error)) from error
    return hashed("MNIST", torch.tensor(read.images), torch.tensor(read.labels).long())


def typefaces(slope: str) -> list[Path]:
    """The boxed typefaces, "normal" or "italic". Raises DataError where they are not there."""
    found = sorted(
        (Path(__file__).resolve().parents[2] / "static" / "vendor" / "fonts").glob(f"*-latin-wght-{slope}.woff2")
    )
    if not found:
        raise DataError("the typefaces are not there yet: python -m bundles.bundle brings them")
    return found


def hashed(name: str, images: Tensor, labels: Tensor) -> Pictures:
    """Grey pictures (N, H, W) and their labels, with the hash of both."""
    content = hashlib.sha256(images.numpy().tobytes() + labels.numpy().tobytes()).hexdigest()
    return Pictures(name, images.unsqueeze(1), labels, content)


def folder_of_pictures(folder: Path, train: bool) -> Pictures:
    """Any pictures under `folder`, grey, 28x28, (N, 1, 28, 28); every tenth is kept for the test; label 0."""
    files = sorted(path for path in folder.rglob("*") if path.suffix.lower() in ENDINGS)
    if len(files) < 10:
        raise DataError(f"{folder} holds {len(files)} pictures; ten or more are needed ({', '.join(ENDINGS)})")
    chosen = [path for i, path in enumerate(files) if (i % 10 != 9) == train]
    images, digest = [], hashlib.sha256()
    for path in chosen:
        digest.update(path.read_bytes())
        images.append(square(io.BytesIO(path.read_bytes()), 28, "L", str(path)))
    return Pictures(folder.name, torch.stack(images), torch.zeros(len(images), dtype=torch.long), digest.hexdigest())


def photographs(source: Path | None, train: bool, size: int = 160) -> Pictures:
    """Imagenette, (N, 3, size, size), from a tar file or a folder of `{train,val}/{class}/*.JPEG`."""
    split, images, labels, digest = "train" if train else "val", [], [], hashlib.sha256()
    for label, content in photograph_files(source or download_photographs(), split):
        digest.update(content)
        images.append(square(io.BytesIO(content), size, "RGB"))
        labels.append(label)
    if not images:
        raise DataError(f"no photographs of {', '.join(CLASSES)} under {split}/ in {source}")
    return Pictures("Imagenette", torch.stack(images), torch.tensor(labels), digest.hexdigest())


def photograph_files(source: Path, split: str) -> Iterator[tuple[int, bytes]]:
    """Class index and content of every photograph of a split, in the order of their paths."""
    if source.is_dir() and not (found := sorted(source.glob(f"**/{split}"))):
        tars = sorted(source.glob("imagenette*.t*"))
        if not tars:
            raise DataError(f"{source} holds neither a folder {split} nor imagenette*.tar or .tgz")
        source = tars[0]
    if source.is_dir():
        for path in sorted(found[0].glob("*/*")):
            if (label := class_index(path.parent.name)) is not None:
                yield label, path.read_bytes()
        return
    if not source.is_file():
        raise DataError(f"{source} is neither a folder nor a file")
    with tarfile.open(source) as tar:
        for member in sorted(tar.getmembers(), key=lambda member: member.name):
            parts = Path(member.name).parts
            if member.isfile() and split in parts and (label := class_index(parts[-2])) is not None:
                yield label, tar.extractfile(member).read()  # type: ignore[union-attr]


def class_index(folder: str) -> int | None:
    """The class that a folder's name stands for: its name in words or its WordNet id."""
    if folder in WORDNET:
        return WORDNET.index(folder)
    names = [name.lower().replace(" ", "_") for name in CLASSES]
    return names.index(folder) if folder in names else None


def download_photographs() -> Path:
    """torchvision's copy of Imagenette, downloaded once."""
    from torchvision.datasets import Imagenette

    folder = cache_folder()
    Imagenette(folder, size="160px", download=not (folder / "imagenette2-160").exists())
    return folder / "imagenette2-160"


def square(file: io.BytesIO, size: int, mode: str, name: str = "") -> Tensor:
    """A picture file as (C, size, size) uint8: shorter side to `size`, then the centre."""
    import numpy as np
    from PIL import Image, ImageOps

    try:
        with Image.open(file) as image:
            upright = ImageOps.exif_transpose(image).convert(mode)
    except OSError as error:
        raise DataError(f"{name or 'a photograph'} cannot be read: {error}") from error
    picture = ImageOps.fit(upright, (size, size), Image.Resampling.BILINEAR)
    pixels = torch.from_numpy(np.array(picture))
    return pixels.unsqueeze(0) if mode == "L" else pixels.permute(2, 0, 1)


def synthetic(channels: int, size: int, classes: int = 10, count: int = 256) -> Pictures:
    """A few pictures of noise, for dry runs."""
    images = torch.randint(0, 256, (count, channels, size, size), dtype=torch.uint8)
    return Pictures("noise", images, torch.arange(count) % classes, "")
