"""A small convolutional network that reads a handwritten digit, every step a layer.

After LeCun, Bottou, Bengio and Haffner, "Gradient-based learning applied to document recognition", 1998:
http://yann.lecun.com/exdb/publis/pdf/lecun-98.pdf
B pictures in a batch.
"""

from torch import Tensor, nn


class DigitCNN(nn.Module):
    """Ten digits from pictures (B, 1, 28, 28) in 0..1, light on dark."""

    def __init__(self) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(1, 10, 5, padding=2)  # (B, 10, 28, 28)
        self.relu1 = nn.ReLU()
        self.pool1 = nn.MaxPool2d(2)  # (B, 10, 14, 14)
        self.conv2 = nn.Conv2d(10, 20, 5)  # (B, 20, 10, 10)
        self.relu2 = nn.ReLU()
        self.pool2 = nn.MaxPool2d(2)  # (B, 20, 5, 5)
        self.flatten = nn.Flatten()  # (B, 500)
        self.dense1 = nn.Linear(500, 100)  # (B, 100)
        self.relu3 = nn.ReLU()
        self.dense2 = nn.Linear(100, 10)  # (B, 10)
        self.softmax = nn.Softmax(dim=1)

    def maps(self, x: Tensor) -> Tensor:
        """(B, 1, 28, 28) to (B, 500): the maps that the dense layers read, flattened."""
        x = self.pool1(self.relu1(self.conv1(x)))
        return self.flatten(self.pool2(self.relu2(self.conv2(x))))  # type: ignore[no-any-return]

    def scores(self, maps: Tensor) -> Tensor:
        """(B, 500) to (B, 10): the scores before softmax."""
        return self.dense2(self.relu3(self.dense1(maps)))  # type: ignore[no-any-return]

    def logits(self, x: Tensor) -> Tensor:
        """(B, 1, 28, 28) to (B, 10): the scores before softmax."""
        return self.scores(self.maps(x))

    def forward(self, x: Tensor) -> Tensor:
        """(B, 1, 28, 28) to probabilities (B, 10)."""
        return self.softmax(self.logits(x))  # type: ignore[no-any-return]
