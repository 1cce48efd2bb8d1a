"""Convolution of a picture, written out as the sum that it is, and the same result at the speed of the hand.

As in PyTorch, "convolution" here is the cross-correlation: the kernel is laid on the picture as it is written,

    output[o, y, x] = bias[o] + sum over c, i, j of  padded[c, y * stride + i * dilation, x * stride + j * dilation]
                                                     * kernel[o, c, i, j]

Pictures are (H, W) or (C, H, W). A kernel (kh, kw) is laid on every channel by itself, a cube (C, kh, kw) on all of
them at once, giving one channel (1, H', W'); several cubes (O, C, kh, kw) give (O, H', W').
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import ArrayLike

from lente.models.convolution.fast import correlate
from lente.models.convolution.inputs import PADDING_MODES, Array, as_bias, as_kernels, as_numbers, as_pair, as_picture
from lente.models.convolution.problem import Convolution, as_given
from lente.models.convolution.second_thread import Beside
from lente.models.errors import ModelError

Size = int | Sequence[int]


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
    return as_given(image, correlate(whole, beside))


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
        raise ModelError(
            "bad_padding_mode", f"padding mode {mode!r} is not one of {', '.join(PADDING_MODES)}", "padding_mode"
        )
    if padding == "valid":
        padding = 0
    if padding != "same":
        if isinstance(padding, str):
            raise ModelError("bad_padding", f"padding {padding!r} must be a whole number or 'same'", "padding")
        rows, columns = as_pair(padding, "padding", 0)
        return (rows, rows), (columns, columns)
    if stride != (1, 1):
        raise ModelError("same_needs_stride_1", f"padding 'same' needs stride 1, not {stride[0]}", "padding")
    totals = [d * (k - 1) for d, k in zip(dilation, sides, strict=True)]
    top, left = (total // 2 for total in totals)
    return (top, totals[0] - top), (left, totals[1] - left)


def _check_fit(whole: Convolution) -> None:
    for name, n, pads, k, d in zip(
        ("high", "wide"), whole.picture.shape[1:], whole.padding, whole.kernels.shape[2:], whole.dilation, strict=True
    ):
        limit = {"reflect": n - 1, "circular": n}.get(whole.padding_mode)
        if limit is not None and max(pads) > limit:
            raise ModelError(
                "padding_too_large",
                f"padding {max(pads)} is too large for {whole.padding_mode!r}: an image {n} pixels {name} allows "
                f"at most {limit}",
                "padding",
            )
        extent = d * (k - 1) + 1
        if extent > n + sum(pads):
            raise ModelError(
                "kernel_too_large",
                f"kernel is {extent} pixels {name}, the image with its padding {n + sum(pads)}; the kernel must fit",
                "kernel",
            )


def flatten(tensor: ArrayLike) -> Array:
    """All numbers in one row: last index fastest, so row after row, channel after channel."""
    return as_numbers(tensor, "tensor").reshape(-1)
