"""Networks of the kinds that people bring and torchvision has not: a U-Net and a Segformer, with random weights."""

import torch
from torch import Tensor, nn
from torch.nn import functional as F

WIDTHS = (32, 64, 160, 256)


def block(ins: int, outs: int) -> nn.Sequential:
    """(B, ins, H, W) to (B, outs, H, W)."""
    return nn.Sequential(
        nn.Conv2d(ins, outs, 3, padding=1, bias=False), nn.BatchNorm2d(outs), nn.ReLU(inplace=True),
        nn.Conv2d(outs, outs, 3, padding=1, bias=False), nn.BatchNorm2d(outs), nn.ReLU(inplace=True),
    )  # fmt: skip


class UNet(nn.Module):
    """Pictures (B, 3, H, W) to masks (B, 2, H, W), enlarged bilinearly.

    Ronneberger et al., "U-Net: Convolutional Networks for Biomedical Image Segmentation", 2015.
    """

    def __init__(self, width: int = 32, depth: int = 4) -> None:
        super().__init__()
        widths = [width * 2**n for n in range(depth + 1)]
        self.down = nn.ModuleList(block(ins, outs) for ins, outs in zip([3, *widths], widths, strict=False))
        self.pool = nn.MaxPool2d(2)
        self.enlarge = nn.Upsample(scale_factor=2, mode="bilinear", align_corners=True)
        self.up = nn.ModuleList(
            block(low + high, high) for low, high in zip(widths[:0:-1], widths[-2::-1], strict=True)
        )
        self.head = nn.Conv2d(width, 2, 1)

    def forward(self, x: Tensor) -> Tensor:
        kept: list[Tensor] = []
        for down in self.down:
            x = down(self.pool(x) if kept else x)
            kept.append(x)
        for up, high in zip(self.up, kept[-2::-1], strict=True):
            x = up(torch.cat([high, self.enlarge(x)], 1))
        return self.head(x)  # type: ignore[no-any-return]


class Attention(nn.Module):
    """Self-attention (B, N, C) whose keys are of a picture made smaller by `reduced`."""

    def __init__(self, width: int, heads: int, reduced: int) -> None:
        super().__init__()
        self.heads, self.reduced = heads, reduced
        self.query, self.key_value, self.out = (
            nn.Linear(width, width),
            nn.Linear(width, 2 * width),
            nn.Linear(width, width),
        )
        self.reduce, self.norm = nn.Conv2d(width, width, reduced, reduced), nn.LayerNorm(width)

    def forward(self, x: Tensor, rows: int, columns: int) -> Tensor:
        batch, count, width = x.shape
        query = self.query(x).reshape(batch, count, self.heads, -1).transpose(1, 2)
        few = x
        if self.reduced > 1:
            picture = x.transpose(1, 2).reshape(batch, width, rows, columns)
            few = self.norm(self.reduce(picture).flatten(2).transpose(1, 2))
        key, value = self.key_value(few).reshape(batch, -1, 2, self.heads, width // self.heads).permute(2, 0, 3, 1, 4)
        weights = ((query @ key.transpose(-2, -1)) * (width // self.heads) ** -0.5).softmax(-1)
        return self.out((weights @ value).transpose(1, 2).reshape(batch, count, width))  # type: ignore[no-any-return]


class Layer(nn.Module):
    """Attention, and a feed-forward network with a convolution of each channel in it."""

    def __init__(self, width: int, heads: int, reduced: int) -> None:
        super().__init__()
        self.norm1, self.attention, self.norm2 = (
            nn.LayerNorm(width),
            Attention(width, heads, reduced),
            nn.LayerNorm(width),
        )
        self.widen, self.narrow = nn.Linear(width, 4 * width), nn.Linear(4 * width, width)
        self.mix = nn.Conv2d(4 * width, 4 * width, 3, padding=1, groups=4 * width)

    def forward(self, x: Tensor, rows: int, columns: int) -> Tensor:
        x = x + self.attention(self.norm1(x), rows, columns)
        wide = self.widen(self.norm2(x))
        picture = wide.transpose(1, 2).reshape(len(x), -1, rows, columns)
        return x + self.narrow(F.gelu(self.mix(picture).flatten(2).transpose(1, 2)))  # type: ignore[no-any-return]


class Stage(nn.Module):
    """Overlapping patches, then layers: (B, C, H, W) to (B, width, H / stride, W / stride)."""

    def __init__(self, ins: int, width: int, stride: int, heads: int, reduced: int, depth: int = 2) -> None:
        super().__init__()
        self.patch = nn.Conv2d(ins, width, 2 * stride - 1, stride, stride - 1)
        self.norm1, self.norm2 = nn.LayerNorm(width), nn.LayerNorm(width)
        self.layers = nn.ModuleList(Layer(width, heads, reduced) for _ in range(depth))

    def forward(self, x: Tensor) -> Tensor:
        x = self.patch(x)
        batch, width, rows, columns = x.shape
        x = self.norm1(x.flatten(2).transpose(1, 2))
        for layer in self.layers:
            x = layer(x, rows, columns)
        return self.norm2(x).transpose(1, 2).reshape(batch, width, rows, columns)  # type: ignore[no-any-return]


class Segformer(nn.Module):
    """Pictures (B, 3, H, W) to masks (B, 19, H, W), as large as its smallest, B0.

    Xie et al., "SegFormer: Simple and Efficient Design for Semantic Segmentation with Transformers", 2021.
    """

    def __init__(self, classes: int = 19, width: int = 256) -> None:
        super().__init__()
        ins, strides, heads, reduced = (3, *WIDTHS), (4, 2, 2, 2), (1, 2, 5, 8), (8, 4, 2, 1)
        self.stages = nn.ModuleList(map(Stage, ins, WIDTHS, strides, heads, reduced))
        self.project = nn.ModuleList(nn.Linear(each, width) for each in WIDTHS)
        self.fuse = nn.Sequential(nn.Conv2d(4 * width, width, 1, bias=False), nn.BatchNorm2d(width), nn.ReLU())
        self.head = nn.Conv2d(width, classes, 1)

    def forward(self, x: Tensor) -> Tensor:
        size, maps = x.shape[-2:], []
        for stage, project in zip(self.stages, self.project, strict=True):
            x = stage(x)
            even = project(x.flatten(2).transpose(1, 2)).transpose(1, 2).unflatten(2, x.shape[-2:])
            maps.append(F.interpolate(even, size=(size[0] // 4, size[1] // 4), mode="bilinear"))
        return F.interpolate(self.head(self.fuse(torch.cat(maps, 1))), size=size, mode="bilinear")


class Nothing(nn.Conv2d):
    """Next to nothing: a number for each pixel."""

    def __init__(self) -> None:
        super().__init__(3, 1, 1)
