"""Every network in the box by its name: built, loaded, described."""

import hashlib
import json
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from functools import partial
from pathlib import Path

import torch
from safetensors import SafetensorError
from safetensors.torch import load as read_tensors
from safetensors.torch import save as write_tensors
from torch import Tensor, nn

from lente.models.networks.autoencoder import Autoencoder
from lente.models.networks.diffusion import DiffusionUNet
from lente.models.networks.diffusion_plane import PlaneDiffusion
from lente.models.networks.digit_cnn import DigitCNN
from lente.models.networks.digit_judge import DigitJudge
from lente.models.networks.efficientnet_lite0 import EfficientNetLite0
from lente.models.networks.familiarity import Familiarity, Rule
from lente.models.networks.pca import PCA
from lente.models.networks.photo_cnn import PhotoCNN
from lente.models.networks.squeezenet import SqueezeNet
from lente.models.networks.vae import VAE

FOLDER = Path(__file__).parent.parent / "weights"
BETAS = (0.1, 0.5, 2.0, 4.0, 10.0)
BOTTLENECKS = (1, 2, 4, 8, 10, 16, 32)


class CatalogueError(Exception):
    """The root of what can go wrong with a stored network.

    CatalogueError
    ├── UnknownNetwork    no network of that name
    ├── MissingFile       its weights, card, codes or film are not in the folder
    └── AlteredFile       a file is truncated or is not the one that its card describes
    """


class UnknownNetwork(CatalogueError):
    pass


class MissingFile(CatalogueError):
    pass


class AlteredFile(CatalogueError):
    pass


@dataclass(frozen=True)
class Card:
    """What is known about a stored network. `files` maps each file beside the card to its SHA-256; a picture is
    scaled, by cubic interpolation or not, until its shorter side is `shorter`, `size` unless given; `reliability` is
    how often it is right when it is so sure, see models/training/evaluate.py; `unsure` from which figure on its answer
    is called unsure, where that was measured; `source` where the weights come from that others trained; networks that
    the pages compare have one `recipe`."""

    name: str
    architecture: str
    data: str
    data_sha256: str
    seed: int
    epochs: int
    command: str
    parameters: int
    figures: dict[str, float]
    files: dict[str, str] = field(default_factory=dict)
    classes: tuple[str, ...] = ()
    z: int | None = None
    beta: float | None = None
    size: int = 28
    shorter: int = 0
    cubic: bool = False
    mean: tuple[float, ...] = ()
    std: tuple[float, ...] = ()
    reliability: dict[str, tuple[float, ...]] = field(default_factory=dict)
    recipe: str = ""
    unsure: Rule = field(default_factory=dict)
    source: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Codes:
    """Where the 10,000 test digits lie: mu (N, Z), log variance (N, Z) or None for a point, labels (N,)."""

    mu: Tensor
    log_variance: Tensor | None
    labels: Tensor


@dataclass(frozen=True)
class Frame:
    """One moment of a training: after how many pictures, the network, where the first test digits lay."""

    pictures: int
    network: nn.Module
    codes: Codes


def builders() -> dict[str, Callable[[], nn.Module]]:
    """How to make each network, by name, in the order in which the talk meets them."""
    return {
        "digit_cnn": DigitCNN,
        "photo_cnn": PhotoCNN,
        "efficientnet_lite0": EfficientNetLite0,
        "squeezenet": SqueezeNet,
        "pca": PCA,
        **{f"autoencoder_{z}d": partial(Autoencoder, z) for z in BOTTLENECKS},
        "vae_2d": partial(VAE, 2),
        "vae_10d": partial(VAE, 10),
        **{f"vae_2d_beta_{beta:g}": partial(VAE, 2, beta) for beta in BETAS},
        "vae_conditional_2d": partial(VAE, 2, classes=10),
        "diffusion": DiffusionUNet,
        "diffusion_plane": PlaneDiffusion,
    }


def names() -> list[str]:
    """Every network's name."""
    return list(builders())


def build(name: str) -> nn.Module:
    """The network untrained. Raises UnknownNetwork."""
    if name not in (known := builders()):
        raise UnknownNetwork(f"no network {name!r}; there are {', '.join(known)}")
    return known[name]()


def load(name: str, folder: Path = FOLDER) -> nn.Module:
    """The network trained: float32, eval mode, no gradients. Raises UnknownNetwork, MissingFile, AlteredFile."""
    network = build(name)
    return with_weights(network, tensors(name, f"{name}.safetensors", folder))


def with_weights(network: nn.Module, weights: dict[str, Tensor]) -> nn.Module:
    """The network with these weights, ready to look at and not to train."""
    try:
        network.load_state_dict(
            {key: value.float() if value.is_floating_point() else value for key, value in weights.items()}
        )
    except RuntimeError as error:
        raise AlteredFile(f"weights of another architecture: {error}") from error
    return network.requires_grad_(False).eval()


def card(name: str, folder: Path = FOLDER) -> Card:
    """The network's card. Raises UnknownNetwork, MissingFile, AlteredFile."""
    if name not in builders():
        raise UnknownNetwork(f"no network {name!r}; there are {', '.join(names())}")
    try:
        return Card(**json.loads(read(folder / f"{name}.json"), object_hook=tuples))
    except (ValueError, TypeError) as error:
        raise AlteredFile(f"{name}.json is not a card: {error}") from error


def tuples(fields: dict[str, object]) -> dict[str, object]:
    """JSON's lists as tuples."""
    return {key: tuple(value) if isinstance(value, list) else value for key, value in fields.items()}


def codes(name: str, folder: Path = FOLDER) -> Codes:
    """Where a latent network puts the test digits. Raises UnknownNetwork, MissingFile, AlteredFile."""
    return as_codes(tensors(name, f"{name}.codes.safetensors", folder))


def as_codes(stored: dict[str, Tensor]) -> Codes:
    log_variance = stored["log_variance"].float() if "log_variance" in stored else None
    return Codes(stored["mu"].float(), log_variance, stored["labels"].long())


def familiarity(name: str, folder: Path = FOLDER) -> Familiarity | None:
    """What is familiar to a network, where it is known. Raises UnknownNetwork, MissingFile, AlteredFile."""
    file = f"{name}.familiar.safetensors"
    return Familiarity.restored(tensors(name, file, folder)) if file in card(name, folder).files else None


def digit_judge(folder: Path = FOLDER) -> DigitJudge:
    """The digit network's judge. Raises MissingFile, AlteredFile."""
    judge = with_weights(DigitJudge(), tensors("digit_cnn", "digit_cnn.judge.safetensors", folder))
    assert isinstance(judge, DigitJudge)
    return judge


def film(name: str = "vae_2d", folder: Path = FOLDER) -> list[Frame]:
    """The network at moments of its training, first to last. Raises UnknownNetwork, MissingFile, AlteredFile."""
    stored = tensors(name, f"{name}.film.safetensors", folder)
    frames = []
    for i, pictures in enumerate(stored["pictures"].tolist()):
        own = {key.split("/", 1)[1]: value for key, value in stored.items() if key.startswith(f"{i}/")}
        weights = {key: value for key, value in own.items() if "." in key}
        lie = as_codes({**{key: value for key, value in own.items() if "." not in key}, "labels": stored["labels"]})
        frames.append(Frame(pictures, with_weights(build(name), weights), lie))
    return frames


def tensors(name: str, file: str, folder: Path) -> dict[str, Tensor]:
    """The tensors of one file, after comparing its hash with the card's."""
    known = card(name, folder).files
    if file not in known:
        raise MissingFile(f"the card of {name} lists no {file}, only {', '.join(known) or 'nothing'}")
    content = read(folder / file)
    if (found := hashlib.sha256(content).hexdigest()) != known[file]:
        raise AlteredFile(f"{folder / file} has SHA-256 {found}, its card says {known[file]}: fetch it again")
    try:
        return read_tensors(content)
    except SafetensorError as error:
        raise AlteredFile(f"{folder / file} is no safetensors file: {error}") from error


def read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise MissingFile(f"cannot read {path}: {error.strerror}") from error


def save(described: Card, parts: dict[str, dict[str, Tensor]], folder: Path) -> Card:
    """Writes safetensors files and the card with their hashes; returns that card."""
    folder.mkdir(parents=True, exist_ok=True)
    files = {}
    for file, content in sorted(parts.items()):
        written = write_tensors({key: value.contiguous() for key, value in content.items()})
        (folder / file).write_bytes(written)
        files[file] = hashlib.sha256(written).hexdigest()
    complete = Card(**{**asdict(described), "files": files})
    (folder / f"{described.name}.json").write_text(json.dumps(asdict(complete), indent=2) + "\n")
    return complete


def halved(network: nn.Module) -> dict[str, Tensor]:
    """The weights in half precision."""
    return {key: value.detach().half() for key, value in network.state_dict().items() if value.dtype != torch.int64}
