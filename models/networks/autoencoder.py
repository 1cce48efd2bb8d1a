"""An autoencoder: a picture squeezed through Z numbers, and back by the decoder of the variational ones.

Hinton and Salakhutdinov, "Reducing the dimensionality of data with neural networks", Science, 2006.
B pictures in a batch, Z numbers in a code.
"""

from torch import Tensor, nn

from lente.models.networks.vae import PIXELS, Decoder


class Encoder(nn.Module):
    """(B, 1, 28, 28) in 0..1 to codes (B, Z)."""

    def __init__(self, z: int) -> None:
        super().__init__()
        self.flatten = nn.Flatten()  # (B, 784)
        self.dense1 = nn.Linear(PIXELS, 256)
        self.relu1 = nn.ReLU()
        self.dense2 = nn.Linear(256, 128)
        self.relu2 = nn.ReLU()
        self.to_code = nn.Linear(128, z)

    def forward(self, x: Tensor) -> Tensor:
        x = self.relu1(self.dense1(self.flatten(x)))
        return self.to_code(self.relu2(self.dense2(x)))  # type: ignore[no-any-return]


class Autoencoder(nn.Module):
    """Copies (B, 1, 28, 28) in 0..1 by way of a code (B, Z)."""

    def __init__(self, z: int) -> None:
        super().__init__()
        self.z = z
        self.encoder = Encoder(z)
        self.decoder = Decoder(z)

    def encode(self, x: Tensor) -> Tensor:
        """(B, 1, 28, 28) to (B, Z)."""
        return self.encoder(x)  # type: ignore[no-any-return]

    def decode(self, z: Tensor) -> Tensor:
        """(B, Z) to (B, 1, 28, 28) in 0..1."""
        return self.decoder(z)  # type: ignore[no-any-return]

    def forward(self, x: Tensor) -> Tensor:
        return self.decode(self.encode(x))
