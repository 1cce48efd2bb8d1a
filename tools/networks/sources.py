"""What is brought: all of torchvision's networks, some of timm's, and small ones in the styles of courses."""

import random
from collections.abc import Callable, Iterator
from itertools import product
from typing import Any

import torch
import torchvision
from torch import Tensor, nn

TIMM = 300
LARGEST_SIDE = 256

Maker = Callable[[], nn.Module]
Brought = tuple[str, Maker, tuple[int, ...]]
"""A name, what makes the network, and the shape of what it is given, without the batch."""
Sources = dict[str, Callable[[], Iterator[Brought]]]


def from_torchvision() -> Iterator[Brought]:
    films = torchvision.models.list_models(torchvision.models.video)
    for name in torchvision.models.list_models():
        film = name in torchvision.models.list_models(torchvision.models.video)
        film, large = name in films, name == "s3d" or name.startswith("mvit")
        side = 299 if name == "inception_v3" else 112 if film and not large else 224
        shape = (3, 16 if large else 8, side, side) if film else (3, side, side)

        def make(name: str = name) -> nn.Module:
            try:
                return torchvision.models.get_model(name, weights=None, weights_backbone=None)
            except (TypeError, ValueError):  # it has no backbone
                return torchvision.models.get_model(name, weights=None)

        yield f"torchvision {name}", make, shape


def from_timm(count: int = TIMM) -> Iterator[Brought]:
    import timm

    names = timm.list_models()
    random.Random(0).shuffle(names)
    taken = 0
    for name in names:
        settings = timm.get_pretrained_cfg(name, allow_unregistered=True)
        shape = tuple(settings.input_size) if settings else (3, 224, 224)
        if max(shape) > LARGEST_SIDE or taken == count:
            continue
        taken += 1
        yield f"timm {name}", lambda name=name: timm.create_model(name, pretrained=False), shape


class Perceptron(nn.Module):
    def __init__(self, width: int, act: type[nn.Module]) -> None:
        super().__init__()
        self.layers = nn.Sequential(nn.Flatten(), nn.Linear(784, width), act(), nn.Linear(width, 10))

    def forward(self, x: Tensor) -> Tensor:
        return self.layers(x)  # type: ignore[no-any-return]


class Convolutional(nn.Module):
    def __init__(self, channels: int, pool: type[nn.Module], norm: bool) -> None:
        super().__init__()
        self.conv1, self.conv2 = nn.Conv2d(3, channels, 3, padding=1), nn.Conv2d(channels, 2 * channels, 3, padding=1)
        self.norm = nn.BatchNorm2d(channels) if norm else nn.Identity()
        self.pool, self.head = pool(2), nn.Linear(2 * channels * 64, 10)

    def forward(self, x: Tensor) -> Tensor:
        x = self.pool(torch.relu(self.norm(self.conv1(x))))
        x = self.pool(torch.relu(self.conv2(x)))
        return self.head(x.view(x.size(0), -1))  # type: ignore[no-any-return]


class Rows(nn.Module):
    """Reads a picture row by row."""

    def __init__(self, cell: type[nn.RNNBase], both: bool, layers: int) -> None:
        super().__init__()
        self.walk = cell(28, 24, layers, batch_first=True, bidirectional=both)
        self.head = nn.Linear(48 if both else 24, 10)

    def forward(self, x: Tensor) -> Tensor:
        return self.head(self.walk(x[:, 0])[0][:, -1])  # type: ignore[no-any-return]


class Patches(nn.Module):
    """A small vision transformer."""

    def __init__(self, heads: int, depth: int, norm_first: bool) -> None:
        super().__init__()
        self.patch, self.token = nn.Conv2d(3, 32, 8, 8), nn.Parameter(torch.zeros(1, 1, 32))
        self.place = nn.Parameter(torch.randn(1, 17, 32) / 8)
        layer = nn.TransformerEncoderLayer(32, heads, 64, batch_first=True, norm_first=norm_first)
        self.body, self.head = nn.TransformerEncoder(layer, depth, enable_nested_tensor=False), nn.Linear(32, 10)

    def forward(self, x: Tensor) -> Tensor:
        x = self.patch(x).flatten(2).transpose(1, 2)
        x = torch.cat([self.token.expand(x.shape[0], -1, -1), x], dim=1) + self.place
        return self.head(self.body(x)[:, 0])  # type: ignore[no-any-return]


class Hourglass(nn.Module):
    """A small U-Net."""

    def __init__(self, mode: str, channels: int, joined: bool) -> None:
        super().__init__()
        self.down, self.deep = nn.Conv2d(3, channels, 3, 2, 1), nn.Conv2d(channels, channels, 3, 2, 1)
        self.up = (
            nn.ConvTranspose2d(channels, channels, 2, 2) if mode == "learnt" else nn.Upsample(scale_factor=2, mode=mode)
        )
        self.join, self.joined = nn.Conv2d(2 * channels if joined else channels, 2, 3, padding=1), joined

    def forward(self, x: Tensor) -> Tensor:
        first = torch.relu(self.down(x))
        second = self.up(torch.relu(self.deep(first)))
        return self.join(torch.cat([first, second], 1) if self.joined else first + second)  # type: ignore[no-any-return]


class Cloud(nn.Module):
    """A variational autoencoder."""

    def __init__(self, z: int, act: type[nn.Module]) -> None:
        super().__init__()
        self.enter, self.mu, self.logvar = nn.Linear(784, 64), nn.Linear(64, z), nn.Linear(64, z)
        self.leave, self.act = nn.Linear(z, 784), act()

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        h = self.act(self.enter(x.flatten(1)))
        mu, logvar = self.mu(h), self.logvar(h)
        return torch.sigmoid(self.leave(mu + torch.exp(0.5 * logvar))), mu, logvar


def from_courses() -> Iterator[Brought]:
    """A hundred networks, small and in the styles of courses."""
    grey, colour = (1, 28, 28), (3, 32, 32)
    acts = (nn.ReLU, nn.Tanh, nn.GELU, nn.SiLU, nn.ELU)
    kinds: list[tuple[type[nn.Module], tuple[int, ...], Iterator[tuple[Any, ...]]]] = [
        (Perceptron, grey, product((16, 64, 128, 256), acts)),
        (Convolutional, colour, product((4, 8, 16, 32), (nn.MaxPool2d, nn.AvgPool2d), (True, False))),
        (Rows, grey, product((nn.LSTM, nn.GRU, nn.RNN), (True, False), (1, 2))),
        (Patches, colour, product((1, 2, 4), (1, 2, 3), (True, False))),
        (Hourglass, colour, product(("nearest", "bilinear", "learnt"), (4, 8, 16), (True, False))),
        (Cloud, grey, product((2, 5, 10, 20), acts)),
    ]
    for kind, shape, choices in kinds:
        for chosen in choices:
            words = " ".join(each.__name__ if isinstance(each, type) else str(each) for each in chosen)
            yield f"courses {kind.__name__} {words}", lambda kind=kind, chosen=chosen: kind(*chosen), shape


SOURCES: Sources = {
    "torchvision": from_torchvision,
    "timm": from_timm,
    "courses": from_courses,
}
