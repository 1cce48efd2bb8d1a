"""Convolution of a picture, written out as the sum that it is, and the same result at the speed of the hand.

As in PyTorch, "convolution" here is the cross-correlation: the kernel is laid on the picture as it is written,

    output[o, y, x] = bias[o] + sum over c, i, j of  padded[c, y * stride + i * dilation, x * stride + j * dilation]
                                                     * kernel[o, c, i, j]

Pictures are (H, W) or (C, H, W). A kernel (kh, kw) is laid on every channel by itself, a cube (C, kh, kw) on all of
them at once, giving one channel (1, H', W'); several cubes (O, C, kh, kw) give (O, H', W').
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import ArrayLike

from lente.models.convolution.fast import correlate
from lente.models.convolution.inputs import Array, as_numbers, as_picture
from lente.models.convolution.problem import Convolution, Settings, Size, as_given
from lente.models.convolution.second_thread import Beside


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
    settings = Settings.of(kernel, bias, stride, padding, padding_mode, dilation)
    whole = settings.on(as_picture(image))
    # One plane on every channel by itself is as many convolutions of one channel.
    parts = [replace(whole, picture=channel[None]) for channel in whole.picture] if settings.alike else [whole]
    return as_given(image, np.concatenate([_written_out(part) for part in parts]))


def _written_out(part: Convolution) -> Array:
    settings = part.settings
    padded, kernels = part.padded().astype(np.float64), settings.kernels.astype(np.float64)
    outputs, channels, height, width = kernels.shape
    output = np.zeros((outputs, *part.size()))
    for o, y, x in np.ndindex(output.shape):
        total = settings.bias[o]
        top, left = y * settings.stride[0], x * settings.stride[1]
        for c in range(channels):
            for i in range(height):
                for j in range(width):
                    pixel = padded[c, top + i * settings.dilation[0], left + j * settings.dilation[1]]
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
    whole = Settings.of(kernel, bias, stride, padding, padding_mode, dilation).on(as_picture(image))
    return as_given(image, correlate(whole, beside))


def flatten(tensor: ArrayLike) -> Array:
    """All numbers in one row: last index fastest, so row after row, channel after channel."""
    return as_numbers(tensor, "tensor").reshape(-1)
