"""A variational autoencoder: the code is a cloud, and pictures are drawn from N(0, I).

Kingma and Welling, "Auto-encoding variational Bayes", 2013: https://arxiv.org/abs/1312.6114
beta: Higgins et al., "beta-VAE", 2017. Given the class: Sohn, Lee and Yan, 2015.
B pictures in a batch, Z numbers in a code, K classes.
"""

import torch
import torch.nn.functional as F
from torch import Tensor, nn

PIXELS = 28 * 28


class Encoder(nn.Module):
    """(B, 1, 28, 28) in 0..1, and perhaps classes (B, K), to mu and log variance, (B, Z) each."""

    def __init__(self, z: int, classes: int = 0) -> None:
        super().__init__()
        self.flatten = nn.Flatten()  # (B, 784)
        self.dense1 = nn.Linear(PIXELS + classes, 256)
        self.relu1 = nn.ReLU()
        self.dense2 = nn.Linear(256, 128)
        self.relu2 = nn.ReLU()
        self.to_mean = nn.Linear(128, z)
        self.to_log_variance = nn.Linear(128, z)

    def forward(self, x: Tensor, classes: Tensor | None = None) -> tuple[Tensor, Tensor]:
        x = self.flatten(x)
        x = x if classes is None else torch.cat([x, classes], dim=1)
        x = self.relu2(self.dense2(self.relu1(self.dense1(x))))
        return self.to_mean(x), self.to_log_variance(x)


class Decoder(nn.Module):
    """(B, Z), and perhaps classes (B, K), to pictures (B, 1, 28, 28) in 0..1."""

    def __init__(self, z: int, classes: int = 0) -> None:
        super().__init__()
        self.dense1 = nn.Linear(z + classes, 128)
        self.relu1 = nn.ReLU()
        self.dense2 = nn.Linear(128, 128)
        self.relu2 = nn.ReLU()
        self.dense3 = nn.Linear(128, 256)
        self.relu3 = nn.ReLU()
        self.to_pixels = nn.Linear(256, PIXELS)
        self.sigmoid = nn.Sigmoid()
        self.unflatten = nn.Unflatten(1, (1, 28, 28))

    def logits(self, z: Tensor, classes: Tensor | None = None) -> Tensor:
        """(B, Z) to (B, 784), before the sigmoid."""
        z = z if classes is None else torch.cat([z, classes], dim=1)
        z = self.relu2(self.dense2(self.relu1(self.dense1(z))))
        return self.to_pixels(self.relu3(self.dense3(z)))  # type: ignore[no-any-return]

    def forward(self, z: Tensor, classes: Tensor | None = None) -> Tensor:
        return self.unflatten(self.sigmoid(self.logits(z, classes)))  # type: ignore[no-any-return]


class VAE(nn.Module):
    """Codes (B, Z) as clouds N(mu, sigma^2). With K classes, encode and decode need them too, (B,) int64."""

    def __init__(self, z: int, beta: float = 1, classes: int = 0) -> None:
        super().__init__()
        self.z, self.beta, self.classes = z, beta, classes
        self.encoder = Encoder(z, classes)
        self.decoder = Decoder(z, classes)

    def encode(self, x: Tensor, labels: Tensor | None = None) -> tuple[Tensor, Tensor]:
        """(B, 1, 28, 28) to mu and log variance, (B, Z) each."""
        return self.encoder(x, self.one_hot(labels))  # type: ignore[no-any-return]

    def reparameterise(self, mu: Tensor, log_variance: Tensor) -> Tensor:
        """z = mu + sigma * epsilon with epsilon from N(0, I), so that gradients reach mu and sigma."""
        return mu + torch.exp(0.5 * log_variance) * torch.randn_like(mu)

    def decode(self, z: Tensor, labels: Tensor | None = None) -> Tensor:
        """(B, Z) to (B, 1, 28, 28) in 0..1."""
        return self.decoder(z, self.one_hot(labels))  # type: ignore[no-any-return]

    def forward(self, x: Tensor, labels: Tensor | None = None) -> Tensor:
        return self.decode(self.reparameterise(*self.encode(x, labels)), labels)

    def loss(self, x: Tensor, labels: Tensor | None = None, seen: Tensor | None = None) -> tuple[Tensor, Tensor]:
        """Reconstruction and KL divergence, (B,) each, in nats; what is minimised is the first + beta * the second.

        The encoder is shown `seen` in place of x, where that is given.
        """
        mu, log_variance = self.encode(x if seen is None else seen, labels)
        logits = self.decoder.logits(self.reparameterise(mu, log_variance), self.one_hot(labels))
        return cross_entropy(logits, x), kl_divergence(mu, log_variance).sum(1)

    def one_hot(self, labels: Tensor | None) -> Tensor | None:
        """(B,) to (B, K), for networks that are given the class."""
        if (labels is None) != (self.classes == 0):
            raise ValueError(f"labels are {'needed' if self.classes else 'not accepted'}: {self.classes} classes")
        return None if labels is None else F.one_hot(labels, self.classes).float()


def cross_entropy(logits: Tensor, x: Tensor) -> Tensor:
    """Binary cross-entropy of grey-scale pixels, summed over each picture: (B, 784), (B, 1, 28, 28) to (B,)."""
    return F.binary_cross_entropy_with_logits(logits, x.flatten(1), reduction="none").sum(1)


def kl_divergence(mu: Tensor, log_variance: Tensor) -> Tensor:
    """KL(N(mu, sigma^2) || N(0, 1)) of each number of the code, in nats. Kingma and Welling, appendix B."""
    return 0.5 * (mu.square() + log_variance.exp() - 1 - log_variance)
