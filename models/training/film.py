"""Keeps a VAE at moments of its training, closer together at its beginning, when most happens.

What is kept are the averaged weights, so that the last moment is the network that is stored.
"""

from copy import deepcopy

import torch
from torch import Tensor, nn

from lente.models.networks.catalogue import halved, with_weights
from lente.models.networks.vae import VAE
from lente.models.training.data import Pictures

FRAMES = 9
DIGITS = 2000


class Film:
    """Told after how many steps the network is as it is; keeps FRAMES of it, with codes of the first test pictures."""

    def __init__(self, test: Pictures, steps: int) -> None:
        self.x, self.labels = test.images[:DIGITS] / 255, test.labels[:DIGITS]
        self.moments = moments(steps)
        self.kept: dict[str, Tensor] = {}
        self.pictures: list[int] = []

    def __call__(self, step: int, batch: int, network: nn.Module) -> None:
        if step in self.moments:
            self.keep(step * batch, network)

    @torch.no_grad()
    def keep(self, pictures: int, network: nn.Module) -> None:
        """Adds a frame: weights in half precision and the codes that they give, and after how many pictures."""
        weights = halved(network)
        rounded = with_weights(deepcopy(network), weights)
        assert isinstance(rounded, VAE)
        mu, log_variance = rounded.encode(self.x)
        frame = {**weights, "mu": mu.half(), "log_variance": log_variance.half()}
        self.kept |= {f"{len(self.pictures)}/{key}": value.clone() for key, value in frame.items()}
        self.pictures.append(pictures)

    def tensors(self) -> dict[str, Tensor]:
        """What is stored; `catalogue.film` reads it."""
        return {**self.kept, "pictures": torch.tensor(self.pictures), "labels": self.labels.to(torch.uint8)}


def moments(steps: int) -> set[int]:
    """After 0 steps, after all, and others between them, each about as many times later than the one before."""
    return {0} | {round(steps ** (i / (FRAMES - 1))) for i in range(1, FRAMES)}
