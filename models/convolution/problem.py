"""What is to be convolved: kernels and settings, checked here and nowhere else, and the picture that they fit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from lente.models.convolution.bounds import UNBOUNDED, Bounds
from lente.models.convolution.inputs import PADDING_MODES, Array, as_bias, as_kernels, as_one_of, as_pair
from lente.models.errors import ModelError
from lente.models.phrases import N_, shortened

_NUMPY_MODES = {"zeros": "constant", "reflect": "reflect", "replicate": "edge", "circular": "wrap"}
Size = int | Sequence[int]
Pads = tuple[tuple[int, int], tuple[int, int]]


def output_size(n: int, kernel: int, stride: int = 1, padding: int = 0, dilation: int = 1) -> int:
    """How many places a kernel finds along `n` pixels: floor((n + 2p - d(k - 1) - 1) / s) + 1."""
    return (n + 2 * padding - dilation * (kernel - 1) - 1) // stride + 1


@dataclass(frozen=True)
class Settings:
    """What is done to a picture; `Settings.of` makes and checks it.

    kernels (O, C, kh, kw) or, with `alike`, one plane (1, 1, kh, kw) for every channel by itself; bias (O,); padding
    ((top, bottom), (left, right)).
    """

    kernels: Array
    bias: Array
    stride: tuple[int, int]
    padding: Pads
    padding_mode: str
    dilation: tuple[int, int]
    alike: bool

    @classmethod
    def of(
        cls,
        kernel: ArrayLike,
        bias: ArrayLike = 0,
        stride: Size = 1,
        padding: Size | str = 0,
        padding_mode: str = "zeros",
        dilation: Size = 1,
        bounds: Bounds = UNBOUNDED,
    ) -> Settings:
        """Settings as `convolve` takes them. ModelError, with `field` saying which is at fault."""
        kernels, alike = as_kernels(kernel, bounds)
        strides = as_pair(stride, "stride", 1, bounds.stride)
        dilations = as_pair(dilation, "dilation", 1, bounds.dilation)
        mode = as_one_of(padding_mode, "padding_mode", PADDING_MODES)
        pads = _padding(padding, kernels.shape[2:], strides, dilations, bounds)
        biases = as_bias(bias, len(kernels), bounds)
        return cls(kernels, biases, strides, pads, mode, dilations, alike)

    def extent(self) -> tuple[int, int]:
        """Rows and columns that a kernel spans, with the gaps of its dilation."""
        return (
            self.dilation[0] * (self.kernels.shape[2] - 1) + 1,
            self.dilation[1] * (self.kernels.shape[3] - 1) + 1,
        )

    def products(self, shape: Sequence[int]) -> int:
        """How many products a picture (C, H, W) takes: every pixel's, with the zeros that dilation puts in."""
        height, width = (side + sum(pads) for side, pads in zip(shape[1:], self.padding, strict=True))
        rows, columns = self.extent()
        return len(self.kernels) * shape[0] * height * width * rows * columns

    def on(self, picture: Array) -> Convolution:
        """The convolution of a picture (C, H, W). ModelError where the two don't fit."""
        channels = len(picture)
        if not self.alike and self.kernels.shape[1] != channels:
            template = N_("kernel has {found} slices and the image has {wanted} channels: one slice for each is needed")
            raise ModelError("wrong_channels", template, "kernel", found=self.kernels.shape[1], wanted=channels)
        for axis, (side, pads, extent) in enumerate(zip(picture.shape[1:], self.padding, self.extent(), strict=True)):
            self._check_padding(side, max(pads))
            if extent > side + sum(pads):
                raise _too_large(axis, extent, side + sum(pads))
        return Convolution(picture, self)

    def _check_padding(self, side: int, padding: int) -> None:
        most = {"reflect": side - 1, "circular": side}.get(self.padding_mode)
        if most is not None and padding > most:
            template = N_("padding {padding} with {mode} needs a larger image: at most {most} fits this one")
            values = {"padding": padding, "mode": self.padding_mode, "most": most}
            raise ModelError("padding_too_large", template, "padding", **values)


@dataclass(frozen=True)
class Convolution:
    """A picture (C, H, W) and the settings that fit it: `Settings.on` makes it."""

    picture: Array
    settings: Settings

    def padded_shape(self) -> tuple[int, int, int]:
        """What `padded` would have: (C, H + top + bottom, W + left + right)."""
        channels, height, width = self.picture.shape
        rows, columns = map(sum, self.settings.padding)
        return channels, height + rows, width + columns

    def padded(self) -> Array:
        """The picture with its border (C, H + top + bottom, W + left + right)."""
        pads = self.settings.padding
        if not any(map(sum, pads)):
            return self.picture
        mode = _NUMPY_MODES[self.settings.padding_mode]
        return np.pad(self.picture, ((0, 0), *pads), mode=mode)  # type: ignore[call-overload,no-any-return]

    def size(self) -> tuple[int, int]:
        """Height and width of the output."""
        of = self.settings
        height, width = (
            output_size(self.picture.shape[1 + i] + sum(pads), of.kernels.shape[2 + i], of.stride[i], 0, of.dilation[i])
            for i, pads in enumerate(of.padding)
        )
        return height, width


def as_given(image: ArrayLike, output: Array) -> Array:
    """One output channel of a picture (H, W) has no dimension of its own."""
    return output[0] if np.ndim(image) == 2 and len(output) == 1 else output


def _padding(
    padding: Any, sides: Sequence[int], stride: tuple[int, int], dilation: tuple[int, int], bounds: Bounds
) -> Pads:
    if padding == "same":
        if stride != (1, 1):
            template = N_('padding "same" keeps the size with stride 1 only, not {stride}')
            steps = stride[0] if stride[0] == stride[1] else stride
            raise ModelError("same_needs_stride_1", template, "padding", stride=steps)
        totals = [d * (k - 1) for d, k in zip(dilation, sides, strict=True)]
        top, left = (total // 2 for total in totals)
        return (top, totals[0] - top), (left, totals[1] - left)
    if isinstance(padding, str) and padding != "valid":
        template = N_('padding: {value} cannot be used. Whole numbers and "same" are accepted')
        raise ModelError("bad_padding", template, "padding", value=shortened(padding))
    rows, columns = as_pair(0 if padding == "valid" else padding, "padding", 0, bounds.padding)
    return (rows, rows), (columns, columns)


def _too_large(axis: int, extent: int, side: int) -> ModelError:
    if axis == 0:
        template = N_("kernel is {extent} pixels high, the image with its padding {side}; the kernel must fit")
        return ModelError("kernel_too_large", template, "kernel", extent=extent, side=side)
    template = N_("kernel is {extent} pixels wide, the image with its padding {side}; the kernel must fit")
    return ModelError("kernel_too_large", template, "kernel", extent=extent, side=side)
