"""EfficientNet-Lite0: a network for phones that names photographs of a thousand things.

Tan and Le, "EfficientNet: rethinking model scaling for convolutional neural networks", 2019:
https://arxiv.org/abs/1905.11946; its Lite form leaves out what phones are slow at, squeeze-and-excitation and swish.
The blocks are those of MobileNetV2, Sandler et al., 2018: https://arxiv.org/abs/1801.04381
B pictures in a batch, C channels, H rows, W columns.
"""

from collections import OrderedDict

import torch.nn.functional as F
from torch import Tensor, nn

from lente.models.networks.photo_cnn import Add

CLASSES = 1000
SIZE = 224
MEAN = (127 / 255,) * 3
STD = (128 / 255,) * 3
EPSILON = 1e-3  # of every normalisation


class ReLU6(nn.Module):
    """ReLU with a ceiling, min(max(x, 0), 6): few bits hold such numbers well."""

    def forward(self, x: Tensor) -> Tensor:
        return F.relu6(x)


class Block(nn.Module):
    """Widened by 1x1, filtered map by map, narrowed by 1x1: (B, C, H, W) to (B, C', H / stride, W / stride).

    Where nothing changes its size, what came in is added.
    """

    def __init__(self, channels_in: int, channels: int, kernel: int, stride: int = 1, widening: int = 6) -> None:
        super().__init__()
        wide = channels_in * widening
        if widening > 1:
            self.widen = nn.Conv2d(channels_in, wide, 1, bias=False)  # (B, 6 C, H, W)
            self.widen_norm = nn.BatchNorm2d(wide, EPSILON)
            self.widen_relu = ReLU6()
        self.depthwise = filtered(wide, wide, kernel, stride, groups=wide)  # (B, 6 C, H / stride, W / stride)
        self.depthwise_norm = nn.BatchNorm2d(wide, EPSILON)
        self.depthwise_relu = ReLU6()
        self.narrow = nn.Conv2d(wide, channels, 1, bias=False)  # (B, C', H / stride, W / stride)
        self.narrow_norm = nn.BatchNorm2d(channels, EPSILON)
        if stride == 1 and channels == channels_in:
            self.add = Add()

    def forward(self, x: Tensor) -> Tensor:
        y = self.widen_relu(self.widen_norm(self.widen(x))) if hasattr(self, "widen") else x
        y = self.depthwise_relu(self.depthwise_norm(self.depthwise(y)))
        y = self.narrow_norm(self.narrow(y))
        return self.add(y, x) if hasattr(self, "add") else y  # type: ignore[no-any-return]


def filtered(channels_in: int, channels: int, kernel: int, stride: int, groups: int = 1) -> nn.Module:
    """A convolution that keeps the size, or halves it as TensorFlow does: one more zero after than before."""
    if stride == 1:
        return nn.Conv2d(channels_in, channels, kernel, padding=kernel // 2, groups=groups, bias=False)
    before, after = (kernel - 2) // 2, (kernel - 1) // 2
    return nn.Sequential(
        OrderedDict(
            pad=nn.ZeroPad2d((before, after, before, after)),
            conv=nn.Conv2d(channels_in, channels, kernel, stride, groups=groups, bias=False),
        )
    )


def stage(channels_in: int, channels: int, kernel: int, stride: int, count: int, widening: int = 6) -> nn.Sequential:
    """Blocks one after another, of which the first changes sizes."""
    blocks: OrderedDict[str, nn.Module] = OrderedDict(block1=Block(channels_in, channels, kernel, stride, widening))
    for number in range(2, count + 1):
        blocks[f"block{number}"] = Block(channels, channels, kernel)
    return nn.Sequential(blocks)


class EfficientNetLite0(nn.Module):
    """A thousand classes from photographs (B, 3, 224, 224) in 0..1, less MEAN, over STD, channel by channel."""

    def __init__(self) -> None:
        super().__init__()
        self.stem = filtered(3, 32, kernel=3, stride=2)  # (B, 32, 112, 112)
        self.stem_norm = nn.BatchNorm2d(32, EPSILON)
        self.stem_relu = ReLU6()
        self.stage1 = stage(32, 16, kernel=3, stride=1, count=1, widening=1)  # (B, 16, 112, 112)
        self.stage2 = stage(16, 24, kernel=3, stride=2, count=2)  # (B, 24, 56, 56)
        self.stage3 = stage(24, 40, kernel=5, stride=2, count=2)  # (B, 40, 28, 28)
        self.stage4 = stage(40, 80, kernel=3, stride=2, count=3)  # (B, 80, 14, 14)
        self.stage5 = stage(80, 112, kernel=5, stride=1, count=3)  # (B, 112, 14, 14)
        self.stage6 = stage(112, 192, kernel=5, stride=2, count=4)  # (B, 192, 7, 7)
        self.stage7 = stage(192, 320, kernel=3, stride=1, count=1)  # (B, 320, 7, 7)
        self.head = nn.Conv2d(320, 1280, 1, bias=False)  # (B, 1280, 7, 7)
        self.head_norm = nn.BatchNorm2d(1280, EPSILON)
        self.head_relu = ReLU6()
        self.pool = nn.AdaptiveAvgPool2d(1)  # (B, 1280, 1, 1)
        self.flatten = nn.Flatten()  # (B, 1280)
        self.dense = nn.Linear(1280, CLASSES)
        self.softmax = nn.Softmax(dim=1)

    def features(self, x: Tensor) -> Tensor:
        """(B, 3, H, W) to (B, 1280): what the last layer reads. Any H and W that 32 divides will do."""
        x = self.stem_relu(self.stem_norm(self.stem(x)))
        x = self.stage4(self.stage3(self.stage2(self.stage1(x))))
        x = self.stage7(self.stage6(self.stage5(x)))
        x = self.head_relu(self.head_norm(self.head(x)))
        return self.flatten(self.pool(x))  # type: ignore[no-any-return]

    def logits(self, x: Tensor) -> Tensor:
        """(B, 3, H, W) to (B, 1000): the scores before softmax."""
        return self.dense(self.features(x))  # type: ignore[no-any-return]

    def forward(self, x: Tensor) -> Tensor:
        """(B, 3, H, W) to probabilities (B, 1000)."""
        return self.softmax(self.logits(x))  # type: ignore[no-any-return]
