"""Latent spaces: where pictures lie, and what codes decode to. Importing this module imports torch."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
import torch
from torch import Tensor, nn

from lente.app.digits.mnist import nearest, test_digits
from lente.app.errors import NotFound
from lente.app.i18n import N_
from lente.app.server.box import Box
from lente.app.server.wire import Lean, lean
from lente.models.mnist.reader import Bytes, values
from lente.models.networks import catalogue
from lente.models.networks.autoencoder import Autoencoder
from lente.models.networks.digit_cnn import DigitCNN
from lente.models.networks.digit_judge import read
from lente.models.networks.pca import PCA
from lente.models.networks.vae import VAE, kl_divergence
from lente.models.phrases import shortened

Array = np.ndarray[Any, np.dtype[Any]]

FAMILIES = ("pca", "autoencoder", "vae")


class Code(NamedTuple):
    """Codes to decode: the space's name, z (N, Z), and classes (N,) where the network needs them."""

    space: str
    z: Array
    labels: Array | None = None


class Encoded(NamedTuple):
    """Where pictures lie: mu (N, Z), and the log variance (N, Z) of a VAE."""

    mu: Array
    log_variance: Array | None


class Space:
    """One latent space: its network, its card, and the codes of the 10,000 test digits.

    Attributes:
        kind: "vae", "autoencoder" or "pca".
        z: numbers in a code.
        beta: weight of the KL divergence in training; None where there was none.
        classes: how many classes the network is given beside the code; 0 for most.
    """

    def __init__(self, name: str, network: nn.Module, codes: catalogue.Codes) -> None:
        assert isinstance(network, (VAE, Autoencoder, PCA))
        self.name = name
        self.network = network
        self.codes = codes
        self.kind = type(network).__name__.lower()
        self.z = network.z
        self.beta = network.beta if isinstance(network, VAE) else None
        self.classes = network.classes if isinstance(network, VAE) else 0
        self.card = catalogue.card(name)

    @cached_property
    def film(self) -> list[catalogue.Frame]:
        return catalogue.film(self.name)

    @cached_property
    def description(self) -> dict[str, Any]:
        """What a client must know, as JSON: see the API's documentation."""
        card = self.card
        return {
            "name": self.name,
            "kind": self.kind,
            "z": self.z,
            "beta": self.beta,
            "classes": self.classes,
            "parameters": card.parameters,
            "figures": card.figures,
            "data": card.data,
            "command": card.command,
            "version": self.version,
            "film": f"{self.name}.film.safetensors" in card.files,
            **self._statistics(),
        }

    @cached_property
    def lean_codes(self) -> Lean:
        """The test digits' codes as they are sent."""
        stored = self.codes
        spread = {} if stored.log_variance is None else {"log_variance": stored.log_variance.numpy()}
        return lean({"mu": stored.mu.numpy(), "labels": stored.labels.numpy().astype(np.uint8), **spread})

    @cached_property
    def lean_decoder(self) -> tuple[Lean, list[dict[str, str]]]:
        """The decoder as it is sent."""
        tensors, layers = self.decoder()
        return lean(tensors), layers

    def codes_of(self, numbers: Sequence[int]) -> tuple[Array, Array | None]:
        """The codes (N, Z) of test digits by their numbers, and their classes where the network needs them."""
        places = np.asarray(numbers)
        labels = self.codes.labels.numpy()[places] if self.classes else None
        return self.codes.mu.numpy()[places].astype(np.float32), labels

    @property
    def version(self) -> str:
        """Changes with the weights."""
        return self.card.files.get(f"{self.name}.safetensors", "")[:12]

    def _statistics(self) -> dict[str, Any]:
        mu, log_variance = self.codes.mu.double(), self.codes.log_variance
        centred = mu - mu.mean(0)
        _, axes = torch.linalg.eigh(centred.T @ centred)
        facts = {
            "mean": mu.mean(0).tolist(),
            "std": mu.std(0).tolist(),
            "low": mu.amin(0).tolist(),
            "high": mu.amax(0).tolist(),
            "axes": axes.flip(1).T[: min(2, self.z)].tolist(),
        }
        if log_variance is not None:
            facts["kl"] = kl_divergence(mu, log_variance.double()).mean(0).tolist()
            facts["sigma"] = (0.5 * log_variance.double()).exp().mean(0).tolist()
        return facts

    def decode(self, z: Array, labels: Array | None = None) -> Array:
        """(N, Z) to (N, 1, 28, 28)."""
        return _decode(self.network, z, labels)

    def encode(self, images: Array, labels: Array | None = None) -> Encoded:
        """(N, 1, 28, 28) in 0..1 to their places."""
        x = torch.from_numpy(np.array(images))  # a request's own bytes are not for writing
        with torch.inference_mode():
            if not isinstance(self.network, VAE):
                return Encoded(self.network.encode(x).numpy(), None)
            mu, log_variance = self.network.encode(x, _tensor(labels))
        return Encoded(mu.numpy(), log_variance.numpy())

    def decoder(self) -> tuple[dict[str, Array], list[dict[str, str]]]:
        """The decoder as dense layers: weights (out, in) and biases by layer, and what follows each layer, in order."""
        if isinstance(self.network, PCA):
            tensors = {"components.weight": self.network.components.T, "components.bias": self.network.mean}
            return _arrays(tensors), [{"name": "components", "then": "nothing"}]
        decoder = self.network.decoder
        dense = [name for name, module in decoder.named_children() if isinstance(module, nn.Linear)]
        layers = [{"name": name, "then": "relu" if name != dense[-1] else "sigmoid"} for name in dense]
        return _arrays(decoder.state_dict()), layers


@dataclass(frozen=True)
class Sheet:
    """A regular grid of codes over a rectangle of a plane, row by row from the top left.

    The plane goes through `origin` (Z,) along two of its numbers; y grows upwards, as on a map.
    """

    rows: int
    columns: int
    left: float
    right: float
    bottom: float
    top: float
    dimensions: tuple[int, int] = (0, 1)

    def codes(self, z: int, origin: Array | None = None) -> Array:
        """(rows * columns, z): the centres of the cells."""
        x = self.left + (np.arange(self.columns) + 0.5) * (self.right - self.left) / self.columns
        y = self.top - (np.arange(self.rows) + 0.5) * (self.top - self.bottom) / self.rows
        codes = np.tile(np.zeros(z) if origin is None else origin, (self.rows * self.columns, 1))
        codes[:, self.dimensions[0]] = np.tile(x, self.rows)
        if z > 1:
            codes[:, self.dimensions[1]] = np.repeat(y, self.columns)
        return codes.astype(np.float32)


class Latents:
    """Every latent space by its name, loaded when it is first asked for."""

    def __init__(self, box: Box) -> None:
        self.box = box
        self.names = [name for name in catalogue.names() if name.startswith(FAMILIES)]
        self.loaded: dict[str, Space] = {}

    def get(self, name: str) -> Space:
        """The space called `name`. NotFound where there is none, or where its files are not in the box."""
        if name not in self.names:
            template = N_("There is no latent space called {name}. There are: {names}.")
            raise NotFound("unknown_model", template, name=shortened(name), names=", ".join(self.names))
        if name not in self.loaded:
            try:
                network = self.box.get(name)
                self.loaded[name] = Space(name, network, self._codes(name, network))
            except catalogue.MissingFile as error:
                template = N_("{name} has not been trained here yet: lente train {name}")
                raise NotFound("not_trained", template, name=name) from error
        return self.loaded[name]

    def _codes(self, name: str, network: nn.Module) -> catalogue.Codes:
        if not isinstance(network, PCA):
            return catalogue.codes(name)
        with torch.inference_mode():
            mu = network.encode(torch.from_numpy(values(self.test_digits)))
        return catalogue.Codes(mu.clone(), None, catalogue.codes("vae_2d").labels)

    def decode_all(self, items: Sequence[Code]) -> list[Array]:
        """One batch for each network, whoever asked. (N, Z) to (N, 1, 28, 28) each."""
        results: list[Array] = [np.empty(0)] * len(items)
        by_space: dict[str, list[int]] = defaultdict(list)
        for i, item in enumerate(items):
            by_space[item.space].append(i)
        for name, places in by_space.items():
            space = self.loaded[name]
            given = [labels for i in places if (labels := items[i].labels) is not None]
            together = np.concatenate([items[i].z for i in places])
            images = space.decode(together, np.concatenate(given) if given else None)
            end = 0
            for i in places:
                start, end = end, end + len(items[i].z)
                results[i] = images[start:end]
        return results

    def encode_all(self, items: Sequence[tuple[str, Array, Array | None]]) -> list[Encoded]:
        """Pictures (N, 1, 28, 28) of loaded spaces, with classes where the network needs them, to their places."""
        return [self.loaded[name].encode(images, labels) for name, images, labels in items]

    def read_digits(self, images: Array) -> dict[str, Array]:
        """Of pictures (N, 1, 28, 28) the digit network's `probabilities` (N, 10), and how like a digit each is,
        `judged` (N,)."""
        network, x = self.box.get("digit_cnn"), torch.from_numpy(images)
        assert isinstance(network, DigitCNN)
        with torch.inference_mode():
            probabilities, judged = read(network, self.box.judge, x)
        return {"probabilities": probabilities.numpy(), "judged": judged.numpy()}

    @cached_property
    def test_digits(self) -> Bytes:
        """MNIST's test digits (10000, 28, 28), as bytes: a quarter of what they would take as numbers 0..1."""
        return test_digits().images

    @cached_property
    def typical_distance(self) -> float:
        """Median squared distance from a test digit to the nearest other one."""
        some = values(self.test_digits[:300]).reshape(300, -1)
        return float(np.median(nearest(some, self.test_digits, itself=True)))

    def distances(self, images: Array) -> Array:
        """Squared distance, summed over pixels, of pictures (N, 1, 28, 28) to the nearest test digit: (N,)."""
        return nearest(images.reshape(len(images), -1), self.test_digits)

    def errors(self, name: str, count: int = 1000) -> Array:
        """Squared error per pixel of the first `count` test digits decoded from mu, ascending: (count,)."""
        space, digits = self.get(name), values(self.test_digits[:count])
        labels = space.codes.labels.numpy()[:count] if space.classes else None
        copies = space.decode(space.codes.mu.numpy()[:count], labels)[:, 0]
        return np.sort(((copies - digits) ** 2).mean((1, 2)))

    def film(self, name: str) -> list[catalogue.Frame]:
        """The training of `name`, moment by moment, read once. NotFound where there is no film."""
        try:
            return self.get(name).film
        except catalogue.MissingFile as error:
            raise NotFound("no_film", N_("There is no film of the training of {name}."), name=name) from error


def decode_frame(frame: catalogue.Frame, z: Array) -> Array:
    """(N, Z) to (N, 1, 28, 28), by the network as it was then."""
    return _decode(frame.network, z, None)


def _decode(network: nn.Module, z: Array, labels: Array | None) -> Array:
    with torch.inference_mode():
        given = (torch.from_numpy(np.ascontiguousarray(z, dtype=np.float32)),)
        decode: Callable[..., Tensor] = network.decode  # type: ignore[assignment]
        images: Array = decode(*given, *([] if labels is None else [_tensor(labels)])).numpy()
    return images


def _tensor(labels: Array | None) -> Tensor | None:
    return None if labels is None else torch.from_numpy(np.ascontiguousarray(labels))


def _arrays(tensors: dict[str, Tensor]) -> dict[str, Array]:
    return {name: tensor.detach().numpy() for name, tensor in tensors.items()}
