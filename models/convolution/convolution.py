"""Convolution of a picture, written out as the sum that it is, and the same result at the speed of the hand.

As in PyTorch, "convolution" here is the cross-correlation: the kernel is laid on the picture as it is written,

    output[o, y, x] = bias[o] + sum over c, i, j of  padded[c, y * stride + i * dilation, x * stride + j * dilation]
                                                     * kernel[o, c, i, j]

Pictures are (H, W) or (C, H, W). A kernel (kh, kw) is laid on every channel by itself, a cube (C, kh, kw) on all of
them at once, giving one channel (1, H', W'); several cubes (O, C, kh, kw) give (O, H', W').
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike

from lente.models.convolution.fast import correlate
from lente.models.convolution.inputs import PADDING_MODES, Array, as_bias, as_kernels, as_numbers, as_pair, as_picture
from lente.models.convolution.second_thread import Beside
from lente.models.errors import ModelError
from lente.models.phrases import N_, Phrase, shortened

_NUMPY_MODES = {"zeros": "constant", "reflect": "reflect", "replicate": "edge", "circular": "wrap"}
Size = int | Sequence[int]


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

    def output(self, beside: Beside | None = None) -> Array:
        """The output (O, H', W'), or (C, H', W') with `alike`; with `beside`, two threads share a large picture."""
        return correlate(self, beside)


def convolve_written_out(
    image: ArrayLike,
    kernel: ArrayLike,
    bias: ArrayLike = 0,
    stride: Size = 1,
    padding: Size | str = 0,
    padding_mode: str = "zeros",
    dilation: Size = 1,
) -> Array:
    """The sum, number by number: what `convolve` computes, to read and to check against. ModelError as there."""
    whole = _checked(image, kernel, bias, stride, padding, padding_mode, dilation)
    # One plane on every channel by itself is as many convolutions of one channel.
    parts = [replace(whole, picture=channel[None]) for channel in whole.picture] if whole.alike else [whole]
    return as_given(image, np.concatenate([_written_out(part) for part in parts]))


def _written_out(part: Convolution) -> Array:
    padded, kernels = part.padded().astype(np.float64), part.kernels.astype(np.float64)
    outputs, channels, height, width = kernels.shape
    output = np.zeros((outputs, *part.size()))
    for o, y, x in np.ndindex(output.shape):
        total = part.bias[o]
        top, left = y * part.stride[0], x * part.stride[1]
        for c in range(channels):
            for i in range(height):
                for j in range(width):
                    pixel = padded[c, top + i * part.dilation[0], left + j * part.dilation[1]]
                    total = total + pixel * kernels[o, c, i, j]
        output[o, y, x] = total
    return output


def convolve(
    image: ArrayLike,
    kernel: ArrayLike,
    bias: ArrayLike = 0,
    stride: Size = 1,
    padding: Size | str = 0,
    padding_mode: str = "zeros",
    dilation: Size = 1,
    beside: Beside | None = None,
) -> Array:
    """Convolve a picture (H, W) or (C, H, W), in float64, or in float32 where the picture is float32 or bytes.

    `padding` is a number, a pair (rows, columns), or "same"; as in PyTorch, "same" with an even kernel puts the odd
    row and column at the bottom and right. With `beside`, two threads share a large picture. Raises ModelError, with
    `field` saying which argument is at fault.
    """
    whole = _checked(image, kernel, bias, stride, padding, padding_mode, dilation)
    return as_given(image, whole.output(beside))


def as_given(image: ArrayLike, output: Array) -> Array:
    """One output channel of a picture (H, W) has no dimension of its own."""
    return output[0] if np.ndim(image) == 2 and len(output) == 1 else output


def _checked(
    image: ArrayLike,
    kernel: ArrayLike,
    bias: ArrayLike,
    stride: Size,
    padding: Size | str,
    padding_mode: str,
    dilation: Size,
) -> Convolution:
    picture = as_picture(image)
    kernels, alike = as_kernels(kernel, len(picture)), np.ndim(kernel) == 2
    strides, dilations = as_pair(stride, "stride", 1), as_pair(dilation, "dilation", 1)
    pads = _padding(padding, padding_mode, kernels.shape[2:], strides, dilations)
    biases = as_bias(bias, len(kernels))
    whole = Convolution(picture, kernels, biases, strides, pads, padding_mode, dilations, alike)
    _check_fit(whole)
    return whole


def _padding(
    padding: Size | str, mode: str, sides: Sequence[int], stride: tuple[int, int], dilation: tuple[int, int]
) -> tuple[tuple[int, int], tuple[int, int]]:
    if mode not in PADDING_MODES:
        template = N_("padding mode {value} is not one of {accepted}")
        accepted = ", ".join(PADDING_MODES)
        raise ModelError("bad_padding_mode", template, "padding_mode", value=shortened(mode), accepted=accepted)
    if padding == "valid":
        padding = 0
    if padding != "same":
        if isinstance(padding, str):
            template = N_("{field} {value} must be a whole number or 'same'")
            raise ModelError("bad_padding", template, "padding", value=shortened(padding))
        rows, columns = as_pair(padding, "padding", 0)
        return (rows, rows), (columns, columns)
    if stride != (1, 1):
        template = N_("padding 'same' needs stride 1, not {stride}")
        raise ModelError("same_needs_stride_1", template, "padding", stride=stride[0])
    totals = [d * (k - 1) for d, k in zip(dilation, sides, strict=True)]
    top, left = (total // 2 for total in totals)
    return (top, totals[0] - top), (left, totals[1] - left)


def _check_fit(whole: Convolution) -> None:
    names = Phrase(N_("high")), Phrase(N_("wide"))
    for name, n, pads, k, d in zip(
        names, whole.picture.shape[1:], whole.padding, whole.kernels.shape[2:], whole.dilation, strict=True
    ):
        limit = {"reflect": n - 1, "circular": n}.get(whole.padding_mode)
        if limit is not None and max(pads) > limit:
            template = N_(
                "{field} {value} is too large for {mode!r}: an image {pixels} pixels {name} allows at most {most}"
            )
            values = {"value": max(pads), "mode": whole.padding_mode, "pixels": n, "name": name, "most": limit}
            raise ModelError("padding_too_large", template, "padding", **values)
        extent = d * (k - 1) + 1
        if extent > n + sum(pads):
            template = N_("{field} is {found} pixels {name}, the image with its padding {pixels}; the kernel must fit")
            values = {"found": extent, "name": name, "pixels": n + sum(pads)}
            raise ModelError("kernel_too_large", template, "kernel", **values)


def flatten(tensor: ArrayLike) -> Array:
    """All numbers in one row: last index fastest, so row after row, channel after channel."""
    return as_numbers(tensor, "tensor").reshape(-1)
