"""SqueezeNet 1.1: a thousand things with one and a quarter million numbers.

Iandola et al., "SqueezeNet: AlexNet-level accuracy with 50x fewer parameters and <0.5MB model size", 2016:
https://arxiv.org/abs/1602.07360; version 1.1 needs 2.4 times fewer multiplications.
B pictures in a batch, C channels, H rows, W columns.
"""

import torch
from torch import Tensor, nn

CLASSES = 1000
SIZE = 224
MEAN = (123.68 / 255, 116.779 / 255, 103.939 / 255)
STD = (1 / 255,) * 3  # its numbers go from 0 to 255


class Concatenate(nn.Module):
    """Maps (B, C, H, W) and (B, C', H, W) one after another, as a layer, so that it can be recorded like any other."""

    def forward(self, a: Tensor, b: Tensor) -> Tensor:
        return torch.cat([a, b], dim=1)


class Fire(nn.Module):
    """Few maps by 1x1, and from these many, half by 1x1 and half by 3x3: (B, C, H, W) to (B, 2 wide, H, W)."""

    def __init__(self, channels_in: int, few: int, wide: int) -> None:
        super().__init__()
        self.squeeze = nn.Conv2d(channels_in, few, 1)  # (B, few, H, W)
        self.squeeze_relu = nn.ReLU()
        self.expand1 = nn.Conv2d(few, wide, 1)  # (B, wide, H, W)
        self.expand1_relu = nn.ReLU()
        self.expand3 = nn.Conv2d(few, wide, 3, padding=1)  # (B, wide, H, W)
        self.expand3_relu = nn.ReLU()
        self.join = Concatenate()  # (B, 2 wide, H, W)

    def forward(self, x: Tensor) -> Tensor:
        x = self.squeeze_relu(self.squeeze(x))
        return self.join(self.expand1_relu(self.expand1(x)), self.expand3_relu(self.expand3(x)))  # type: ignore[no-any-return]


class SqueezeNet(nn.Module):
    """A thousand classes from photographs (B, 3, 224, 224) in 0..1, less MEAN, over STD, channel by channel."""

    def __init__(self) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(3, 64, 3, stride=2)  # (B, 64, 111, 111)
        self.relu1 = nn.ReLU()
        self.pool1 = nn.MaxPool2d(3, stride=2)  # (B, 64, 55, 55)
        self.fire2 = Fire(64, few=16, wide=64)  # (B, 128, 55, 55)
        self.fire3 = Fire(128, few=16, wide=64)
        self.pool3 = nn.MaxPool2d(3, stride=2)  # (B, 128, 27, 27)
        self.fire4 = Fire(128, few=32, wide=128)  # (B, 256, 27, 27)
        self.fire5 = Fire(256, few=32, wide=128)
        self.pool5 = nn.MaxPool2d(3, stride=2)  # (B, 256, 13, 13)
        self.fire6 = Fire(256, few=48, wide=192)  # (B, 384, 13, 13)
        self.fire7 = Fire(384, few=48, wide=192)
        self.fire8 = Fire(384, few=64, wide=256)  # (B, 512, 13, 13)
        self.fire9 = Fire(512, few=64, wide=256)
        self.conv10 = nn.Conv2d(512, CLASSES, 1)  # (B, 1000, 13, 13): a map for each class
        self.relu10 = nn.ReLU()
        self.pool10 = nn.AdaptiveAvgPool2d(1)  # (B, 1000, 1, 1)
        self.flatten = nn.Flatten()  # (B, 1000)
        self.softmax = nn.Softmax(dim=1)

    def features(self, x: Tensor) -> Tensor:
        """(B, 3, H, W) to (B, 512, H', W'): what the maps of the classes read. Any H and W from 32 on will do."""
        x = self.pool1(self.relu1(self.conv1(x)))
        x = self.pool3(self.fire3(self.fire2(x)))
        x = self.pool5(self.fire5(self.fire4(x)))
        return self.fire9(self.fire8(self.fire7(self.fire6(x))))  # type: ignore[no-any-return]

    def logits(self, x: Tensor) -> Tensor:
        """(B, 3, H, W) to (B, 1000): the scores before softmax, none below 0."""
        x = self.relu10(self.conv10(self.features(x)))
        return self.flatten(self.pool10(x))  # type: ignore[no-any-return]

    def forward(self, x: Tensor) -> Tensor:
        """(B, 3, H, W) to probabilities (B, 1000)."""
        return self.softmax(self.logits(x))  # type: ignore[no-any-return]
