"""Networks with random weights, as files where the server looks for them."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from torch import nn

from lente.models import pretrained
from lente.models.networks import catalogue
from lente.models.networks.photo_cnn import CLASSES, MEAN, STD


def scattered(network: nn.Module, seed: int = 0) -> nn.Module:
    """`network` with random weights and statistics under which no normalisation is the identity."""
    generator = torch.Generator().manual_seed(seed)
    for module in network.modules():
        if isinstance(module, nn.BatchNorm2d):
            for tensor in (module.weight, module.running_var):
                tensor.data.uniform_(0.5, 1.5, generator=generator)
            for tensor in (module.bias, module.running_mean):
                tensor.data.normal_(0, 0.2, generator=generator)
    return network.eval()


def fill_box(folder: Path) -> None:
    """Writes digit_cnn and photo_cnn with random weights and their cards."""
    torch.manual_seed(0)
    for name, more in (
        ("digit_cnn", {"classes": tuple("0123456789"), "size": 28}),
        ("photo_cnn", {"classes": CLASSES, "size": 128, "mean": MEAN, "std": STD}),
    ):
        network = scattered(catalogue.build(name))
        parameters = sum(each.numel() for each in network.parameters())
        card = catalogue.Card(name, name, "none", "", 0, 0, "", parameters, {}, **more)
        catalogue.save(card, {f"{name}.safetensors": dict(network.state_dict())}, folder)


def write_weights(name: str, folder: Path) -> str:
    """Writes a file of the right name with random weights of one of torchvision's networks; how its hash begins."""
    source = pretrained.pretrained()[name]
    torch.manual_seed(1)
    torch.save(scattered(source.build()).state_dict(), folder / source.file)
    return hash_of(folder / source.file)


def hash_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()[:8]


@contextmanager
def expecting(digits: dict[str, str]) -> Iterator[None]:
    """torchvision's networks, their files expected to have hashes that begin with `digits`."""
    known = pretrained.pretrained()
    changed = {name: replace(one, digits=digits.get(name, one.digits)) for name, one in known.items()}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pretrained, "pretrained", lambda: changed)
        yield
