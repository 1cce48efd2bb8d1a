"""Brings many networks that nobody here wrote to `lente open`'s door, and holds what comes of it against PyTorch.

python -m tools.networks                 all of torchvision, 300 of timm's, a hundred in the styles of courses
python -m tools.networks --minutes 20    as many of them, in a random order, as can be done in that time
python -m tools.networks --only timm     of one source: torchvision, timm or courses

Weights are random. Of each network: whether it opens, its modules' outputs beside those that hooks copy, units that are
written out and that add up, and, where TorchLens can run, its outputs as a second witness. Prints a line for each
network and the figures at the end. timm and TorchLens are wanted for this alone: pip install 'lente[networks]'.
"""

import argparse
import json
import random
import signal
import time
import traceback
import warnings
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from itertools import product
from pathlib import Path
from typing import Any

import torch
import torchvision
from torch import Tensor, nn

from lente.app.own_network.checking import Checked, checked
from lente.app.own_network.opening import Wishes, opened
from lente.app.own_network.pictures import read_given
from lente.models.tracing.recording import record

TIMM = 300
LONGEST_SECONDS = 120
LARGEST_SIDE = 256
MOST_PARAMETERS = 120_000_000
_WITNESSED = 40_000_000  # parameters, above which TorchLens takes too long

Maker = Callable[[], nn.Module]
Brought = tuple[str, Maker, tuple[int, ...]]


def from_torchvision() -> Iterator[Brought]:
    for name in torchvision.models.list_models():
        side = 299 if name == "inception_v3" else 224
        shape = (
            (3, 8, 112, 112) if name in torchvision.models.list_models(torchvision.models.video) else (3, side, side)
        )

        def make(name: str = name) -> nn.Module:
            extra = {"weights_backbone": None} if "rcnn" in name or "deeplab" in name or "fcn" in name else {}
            try:
                return torchvision.models.get_model(name, weights=None, **extra)
            except (TypeError, ValueError):
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


SOURCES: dict[str, Callable[[], Iterator[Brought]]] = {
    "torchvision": from_torchvision,
    "timm": from_timm,
    "courses": from_courses,
}


class TooLong(Exception):
    pass


@contextmanager
def within(seconds: int) -> Iterator[None]:
    def ring(_signal: int, _frame: Any) -> None:
        raise TooLong(f"longer than {seconds} s")

    signal.signal(signal.SIGALRM, ring)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)


def tried(brought: Brought, units: int) -> dict[str, Any]:
    """What comes of one network."""
    name, make, shape = brought
    torch.manual_seed(0)
    start = time.monotonic()
    told: dict[str, Any] = {"name": name, "state": "opened"}
    try:
        network = make().eval()
        if sum(each.numel() for each in network.parameters()) > MOST_PARAMETERS:
            return {**told, "state": "left out: more than 120 million parameters"}
    except Exception as error:
        return {**told, "state": f"left out: it cannot be made: {error}"}
    x = torch.randn(shape, generator=torch.Generator().manual_seed(1))
    try:
        with within(LONGEST_SECONDS):
            shown = opened(network, read_given(x), Wishes())
            if shown.fault is not None:
                return {**told, "state": f"broke: {shown.fault.kind}: {shown.fault.message}", "own": _own(network, x)}
            found: Checked = checked(shown, x[None], units)
            told |= vars(found)
    except Exception as error:
        where = traceback.extract_tb(error.__traceback__)[-1]
        told["state"] = f"refused: {type(error).__name__}: {error} ({Path(where.filename).name}:{where.lineno})"
    with suppress(TooLong), within(LONGEST_SECONDS):
        told["witness"] = witnessed(network, x[None]) if "units" in told else None
    return {**told, "seconds": round(time.monotonic() - start, 1)}


def _own(network: nn.Module, x: Tensor) -> str:
    """What the network itself, without Lente, makes of the same."""
    try:
        with torch.no_grad():
            network(x[None])
    except Exception as error:
        return f"so it does without Lente: {type(error).__name__}"
    return "it runs without Lente"


def witnessed(network: nn.Module, x: Tensor) -> list[int] | None:
    """How many outputs of modules TorchLens has too, and how many of them are the same; None where it cannot run."""
    if sum(each.numel() for each in network.parameters()) > _WITNESSED:
        return None
    try:
        theirs = _torchlens(network, x)
    except TooLong:
        raise
    except Exception:
        return None
    recording = record(network, x)
    same = compared = 0
    for name, output in theirs.items():
        if name in recording:
            compared += 1
            mine = recording[name]
            same += mine.shape == output.shape and torch.allclose(mine, output, rtol=1e-4, atol=1e-5)
    return [compared, same]


def _torchlens(network: nn.Module, x: Tensor) -> dict[str, Tensor]:
    import torchlens

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        history = torchlens.trace(network, x)
    found: dict[str, Tensor] = {}
    for path, module in network.named_modules():
        if not path or next(module.children(), None) is not None:
            continue
        with suppress(Exception):  # a module that makes nothing, or that is called more than once
            output = history[path].out
            if isinstance(output, Tensor):
                found[path] = output.detach()
    return found


def figures(all_told: list[dict[str, Any]]) -> str:
    counted = [
        one for one in all_told if not one["state"].startswith("left out") and "so it does" not in one.get("own", "")
    ]
    done = [one for one in counted if one["state"] == "opened"]
    sums = {key: sum(one[key] for one in done) for key in ("compared", "equal", "close", "units", "explained", "added")}
    witness = [one["witness"] for one in done if one.get("witness")]
    share = {key: 100 * sums[key] / max(1, sums[of]) for key, of in (("close", "compared"), ("explained", "units"))}
    reasons: Counter[str] = Counter()
    for one in done:
        reasons.update(one["unexplained"])
    left, opened_share = len(all_told) - len(counted), 100 * len(done) / max(1, len(counted))
    same = [sum(one[n] for one in witness) for n in (0, 1)]
    lines = [
        f"{len(counted)} networks, {left} left out: {opened_share:.1f} % opened",
        f"{sums['compared']:,} outputs of modules: {sums['equal']:,} equal to a copying hook's to the last bit, "
        f"{sums['close']:,} ({share['close']:.2f} %) to 0.00001",
        f"{sums['units']:,} units: {sums['explained']:,} written out ({share['explained']:.2f} %), "
        f"{sums['added']:,} of them add up",
        f"TorchLens ran on {len(witness)}: {same[0]:,} outputs compared, {same[1]:,} the same",
    ]
    return "\n".join([*lines, *(f"  {count:,} units: {why}" for why, count in reasons.most_common(20))])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", choices=SOURCES)
    parser.add_argument("--minutes", type=float, default=float("inf"))
    parser.add_argument("--units", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=0, help="of the order")
    parser.add_argument("--out", type=Path, default=Path("var/networks.jsonl"))
    chosen = parser.parse_args()
    torch.set_num_threads(1)
    until = time.monotonic() + 60 * chosen.minutes
    brought = [one for name, source in SOURCES.items() if chosen.only in (None, name) for one in source()]
    random.Random(chosen.seed).shuffle(brought)
    chosen.out.parent.mkdir(parents=True, exist_ok=True)
    all_told = []
    with chosen.out.open("w") as file:
        for one in brought:
            if time.monotonic() > until:
                break
            told = tried(one, chosen.units)
            all_told.append(told)
            file.write(json.dumps(told) + "\n")
            file.flush()
            print(json.dumps({key: told[key] for key in told if key != "wrong"})[:400], flush=True)
    print(f"\n{len(all_told)} of {len(brought)} networks were tried")
    print(figures(all_told))


if __name__ == "__main__":
    main()
