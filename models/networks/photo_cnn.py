"""A small residual network that names photographs of ten things.

He, Zhang, Ren and Sun, "Deep residual learning for image recognition", 2015: https://arxiv.org/abs/1512.03385
B pictures in a batch, C channels, H rows, W columns.
"""

from collections import OrderedDict

from torch import Tensor, nn

CLASSES = (
    "cassette player", "chain saw", "church", "English springer", "French horn",
    "garbage truck", "gas pump", "golf ball", "parachute", "tench",
)  # fmt: skip
SIZE = 128
MEAN = (0.485, 0.456, 0.406)
STD = (0.229, 0.224, 0.225)


class Add(nn.Module):
    """The sum of two tensors of one shape, as a layer, so that it can be recorded like any other."""

    def forward(self, a: Tensor, b: Tensor) -> Tensor:
        return a + b


class Block(nn.Module):
    """Two convolutions whose output is added to a shortcut. (B, C, H, W) to (B, C', H / stride, W / stride)."""

    def __init__(self, channels_in: int, channels: int, stride: int = 1) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(channels_in, channels, 3, stride, padding=1, bias=False)
        self.norm1 = nn.BatchNorm2d(channels)
        self.relu1 = nn.ReLU()
        self.conv2 = nn.Conv2d(channels, channels, 3, padding=1, bias=False)
        self.norm2 = nn.BatchNorm2d(channels)
        self.shortcut = shortcut(channels_in, channels, stride)
        self.add = Add()
        self.relu2 = nn.ReLU()

    def forward(self, x: Tensor) -> Tensor:
        y = self.relu1(self.norm1(self.conv1(x)))
        y = self.norm2(self.conv2(y))
        return self.relu2(self.add(y, self.shortcut(x)))  # type: ignore[no-any-return]


def shortcut(channels_in: int, channels: int, stride: int) -> nn.Sequential:
    """The way round a block: nothing where shapes agree, else average pooling and a 1x1 convolution."""
    steps: OrderedDict[str, nn.Module] = OrderedDict()
    if stride > 1:
        steps["pool"] = nn.AvgPool2d(stride)
    if channels_in != channels:
        steps["conv"] = nn.Conv2d(channels_in, channels, 1, bias=False)
        steps["norm"] = nn.BatchNorm2d(channels)
    return nn.Sequential(steps)


class PhotoCNN(nn.Module):
    """Ten classes from photographs (B, 3, 128, 128) in 0..1, less MEAN, over STD, channel by channel."""

    def __init__(self) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(3, 32, 7, stride=2, padding=3, bias=False)  # (B, 32, 64, 64)
        self.norm1 = nn.BatchNorm2d(32)
        self.relu1 = nn.ReLU()
        self.pool1 = nn.MaxPool2d(2)  # (B, 32, 32, 32)
        self.block1 = Block(32, 64)  # (B, 64, 32, 32)
        self.block2 = Block(64, 128, stride=2)  # (B, 128, 16, 16)
        self.block3 = Block(128, 256, stride=2)  # (B, 256, 8, 8)
        self.block4 = Block(256, 256)
        self.pool2 = nn.AdaptiveAvgPool2d(1)  # (B, 256, 1, 1)
        self.flatten = nn.Flatten()  # (B, 256)
        self.dense = nn.Linear(256, len(CLASSES))
        self.softmax = nn.Softmax(dim=1)

    def features(self, x: Tensor) -> Tensor:
        """(B, 3, H, W) to (B, 256): what the last layer reads. Any H and W from 32 on will do."""
        x = self.pool1(self.relu1(self.norm1(self.conv1(x))))
        x = self.block2(self.block1(x))
        x = self.block4(self.block3(x))
        return self.flatten(self.pool2(x))  # type: ignore[no-any-return]

    def logits(self, x: Tensor) -> Tensor:
        """(B, 3, H, W) to (B, 10): the scores before softmax."""
        return self.dense(self.features(x))  # type: ignore[no-any-return]

    def forward(self, x: Tensor) -> Tensor:
        """(B, 3, H, W) to probabilities (B, 10)."""
        return self.softmax(self.logits(x))  # type: ignore[no-any-return]
