"""Whether what the digit network sees is a digit at all: a small network of its own behind its convolutions.

Ten probabilities always sum to one, whatever the picture shows; this network learnt from pictures of nothing as well.
B pictures in a batch.
"""

from torch import Tensor, nn

from lente.models.networks.digit_cnn import DigitCNN

# From here on a picture passes as a digit; the answer is sure where one class has the share SURE as well.
LEAST = 0.5
SURE = 0.9


class DigitJudge(nn.Module):
    """The digit network's flattened maps (B, 500) to how like a digit they are (B,), 0..1."""

    def __init__(self) -> None:
        super().__init__()
        self.dense1 = nn.Linear(500, 64)  # (B, 64)
        self.relu = nn.ReLU()
        self.dense2 = nn.Linear(64, 1)  # (B, 1)
        self.sigmoid = nn.Sigmoid()

    def logits(self, maps: Tensor) -> Tensor:
        """(B, 500) to (B,): the scores before the sigmoid."""
        return self.dense2(self.relu(self.dense1(maps)))[:, 0]  # type: ignore[no-any-return]

    def forward(self, maps: Tensor) -> Tensor:
        """(B, 500) to (B,) in 0..1."""
        return self.sigmoid(self.logits(maps))  # type: ignore[no-any-return]


def read(network: DigitCNN, judge: DigitJudge, x: Tensor) -> tuple[Tensor, Tensor]:
    """Of pictures (B, 1, 28, 28) in 0..1 the probabilities (B, 10), and how like a digit each is (B,), 0..1."""
    maps = network.maps(x)
    return network.softmax(network.scores(maps)), judge(maps)
