"""Principal component analysis: the best that Z numbers can do without a curve.

B pictures in a batch, Z numbers in a code.
"""

import torch
from torch import Tensor, nn


class PCA(nn.Module):
    """Codes along the directions in which the pictures vary most; the first few of them serve for fewer numbers."""

    mean: Tensor
    components: Tensor

    def __init__(self, z: int = 64) -> None:
        super().__init__()
        self.z = z
        self.register_buffer("mean", torch.zeros(784))
        self.register_buffer("components", torch.zeros(z, 784))

    def encode(self, x: Tensor, numbers: int | None = None) -> Tensor:
        """(B, 1, 28, 28) to (B, numbers), all Z of them unless told."""
        return (x.flatten(1) - self.mean) @ self.components[:numbers].T

    def decode(self, z: Tensor) -> Tensor:
        """(B, up to Z) to (B, 1, 28, 28), 0..1 save that sums of components may stray outside."""
        return (self.mean + z @ self.components[: z.shape[1]]).reshape(-1, 1, 28, 28)

    def forward(self, x: Tensor) -> Tensor:
        return self.decode(self.encode(x))


def fit(images: Tensor, z: int = 64) -> PCA:
    """PCA of pictures (N, 1, 28, 28) in 0..1: the eigenvectors of their covariance, largest variance first."""
    x = images.flatten(1).double()
    values, vectors = torch.linalg.eigh(torch.cov(x.T))
    network = PCA(z)
    network.mean.copy_(x.mean(0))
    network.components.copy_(vectors[:, values.argsort(descending=True)[:z]].T)
    return network
