"""torchvision's networks with the weights that their authors trained on ImageNet, from files that are checked first.

A weights file is a pickle. It is opened only once the SHA-256 of its content begins as its name says, and then with
`weights_only=True`, which builds tensors and nothing else.
"""

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, BinaryIO

import torch
from torch import nn

from lente.models.errors import ModelError
from lente.models.phrases import N_

_BLOCK = 1 << 20
# How DenseNet's layers were called when its file was written: denselayer1.norm.1.weight.
_OLD_DENSENET = re.compile(r"(.*denselayer\d+\.(?:norm|relu|conv))\.([12]\..*)")


@dataclass(frozen=True)
class Pretrained:
    """A network of torchvision's.

    Attributes:
        name: of torchvision's function that builds it.
        title: what its authors call it.
        weights: name of torchvision's enumeration of its weights.
        file: the weights file, its name as torchvision's address has it.
        megabytes: size of the file, in millions of bytes.
        parameters: how many numbers it has learned.
        digits: how the SHA-256 of the file begins; taken from the file's name unless given.
    """

    name: str
    title: str
    weights: str
    file: str
    megabytes: float
    parameters: int
    digits: str = ""

    @property
    def sha256(self) -> str:
        """How the hash of the file begins, in hexadecimal digits."""
        return self.digits or re.findall(r"-([0-9a-f]{8,})\.", self.file)[-1]

    @cached_property
    def recipe(self) -> Any:
        """torchvision's own description of the weights: address, classes, how pictures are prepared."""
        from torchvision import models  # seconds, so only here

        return getattr(models, self.weights).DEFAULT

    @property
    def url(self) -> str:
        """Where torchvision fetches the file."""
        return str(self.recipe.url)

    def build(self) -> nn.Module:
        """The network with random weights, in evaluation mode."""
        from torchvision import models

        network: nn.Module = models.get_model(self.name, weights=None)
        return network.requires_grad_(False).eval()


def pretrained() -> dict[str, Pretrained]:
    """Every network of torchvision's that can be looked at, by name, oldest first."""
    return {one.name: one for one in _ALL}


def load(source: Pretrained, folder: Path) -> nn.Module:
    """The trained network, in evaluation mode, without gradients.

    Raises:
        ModelError: `weights_missing`, `weights_altered` (the hash is another) or `weights_foreign` (another network's).
    """
    path = folder / source.file
    try:
        file = path.open("rb")
    except OSError as error:
        template = N_("there is no {file} in {folder}")
        raise ModelError("weights_missing", template, "weights", file=source.file, folder=folder) from error
    with file:
        check(source, file)
        file.seek(0)
        return _filled(source, file)


def check(source: Pretrained, file: BinaryIO, step: Callable[[int], None] = lambda _count: None) -> None:
    """Reads `file` to its end and compares its hash; raises ModelError `weights_altered`. `step` is told the bytes."""
    digest = hashlib.sha256()
    while block := file.read(_BLOCK):
        digest.update(block)
        step(len(block))
    if not digest.hexdigest().startswith(source.sha256):
        found = digest.hexdigest()[: len(source.sha256)]
        template = N_("{file} has a SHA-256 that begins {found}, not {wanted}: it is damaged or another file")
        values = {"file": source.file, "found": found, "wanted": source.sha256}
        raise ModelError("weights_altered", template, "weights", **values)


def _filled(source: Pretrained, file: BinaryIO) -> nn.Module:
    with torch.device("meta"):  # no time for random weights that are overwritten
        network = source.build()
    try:
        stored = torch.load(file, map_location="cpu", weights_only=True)
        network.load_state_dict({_present_name(key): value for key, value in stored.items()}, assign=True)
    except Exception as error:  # a file that is no state dict makes the reader raise nearly anything
        template = N_("{file} does not hold the weights of {title}")
        raise ModelError("weights_foreign", template, "weights", file=source.file, title=source.title) from error
    return network.requires_grad_(False).eval()


def _present_name(key: str) -> str:
    found = _OLD_DENSENET.fullmatch(key)
    return f"{found[1]}{found[2]}" if found else key


_ALL = (
    Pretrained("alexnet", "AlexNet", "AlexNet_Weights", "alexnet-owt-7be5be79.pth", 244.4, 61_100_840),
    Pretrained("vgg16", "VGG-16", "VGG16_Weights", "vgg16-397923af.pth", 553.4, 138_357_544),
    Pretrained(
        "squeezenet1_1",
        "SqueezeNet 1.1 (torchvision)",
        "SqueezeNet1_1_Weights",
        "squeezenet1_1-b8a52dc0.pth",
        5.0,
        1_235_496,
    ),
    Pretrained("densenet121", "DenseNet-121", "DenseNet121_Weights", "densenet121-a639ec97.pth", 32.3, 7_978_856),
    Pretrained("resnet18", "ResNet-18", "ResNet18_Weights", "resnet18-f37072fd.pth", 46.8, 11_689_512),
    Pretrained("resnet50", "ResNet-50", "ResNet50_Weights", "resnet50-11ad3fa6.pth", 102.5, 25_557_032),
    Pretrained(
        "mobilenet_v3_large",
        "MobileNetV3 (large)",
        "MobileNet_V3_Large_Weights",
        "mobilenet_v3_large-5c1a4163.pth",
        22.1,
        5_483_032,
    ),
    Pretrained(
        "efficientnet_b0",
        "EfficientNet-B0",
        "EfficientNet_B0_Weights",
        "efficientnet_b0_rwightman-7f5810bc.pth",
        21.4,
        5_288_548,
    ),
    Pretrained(
        "convnext_tiny", "ConvNeXt-Tiny", "ConvNeXt_Tiny_Weights", "convnext_tiny-983f1562.pth", 114.4, 28_589_128
    ),
)
