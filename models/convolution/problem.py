"""What is to be convolved, checked: the picture, the kernels, the settings and the size that comes of them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from lente.models.convolution.inputs import Array

_NUMPY_MODES = {"zeros": "constant", "reflect": "reflect", "replicate": "edge", "circular": "wrap"}


def output_size(n: int, kernel: int, stride: int = 1, padding: int = 0, dilation: int = 1) -> int:
    """How many places a kernel finds along `n` pixels: floor((n + 2p - d(k - 1) - 1) / s) + 1."""
    return (n + 2 * padding - dilation * (kernel - 1) - 1) // stride + 1


@dataclass(frozen=True)
class Convolution:
    """A convolution for whose settings its maker vouches.

    picture (C, H, W); kernels (O, C, kh, kw) or, with `alike`, one plane (1, 1, kh, kw) for every channel by itself;
    bias (O,); padding ((top, bottom), (left, right)).
    """

    picture: Array
    kernels: Array
    bias: Array
    stride: tuple[int, int]
    padding: tuple[tuple[int, int], tuple[int, int]]
    padding_mode: str
    dilation: tuple[int, int]
    alike: bool

    def padded(self) -> Array:
        """The picture with its border (C, H + top + bottom, W + left + right)."""
        if not any(map(sum, self.padding)):
            return self.picture
        mode = _NUMPY_MODES[self.padding_mode]
        return np.pad(self.picture, ((0, 0), *self.padding), mode=mode)  # type: ignore[call-overload,no-any-return]

    def size(self) -> tuple[int, int]:
        """Height and width of the output."""
        height, width = (
            output_size(
                self.picture.shape[1 + i] + sum(self.padding[i]), self.kernels.shape[2 + i], stride, 0, dilation
            )
            for i, (stride, dilation) in enumerate(zip(self.stride, self.dilation, strict=True))
        )
        return height, width


def as_given(image: ArrayLike, output: Array) -> Array:
    """One output channel of a picture (H, W) has no dimension of its own."""
    return output[0] if np.ndim(image) == 2 and len(output) == 1 else output
