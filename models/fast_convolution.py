"""The sum of `models.convolution`, fast: OpenCV for photos, PyTorch for small tensors and many kernels.

On a 1024x768 photo OpenCV's filter2D in float32 is the fastest up to some 11x11 numbers; from there on it turns to a
Fourier transform, which pays from 15x15. A kernel that is a column times a row is applied as column and row.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from threading import Thread
from typing import TYPE_CHECKING, cast

import cv2
import numpy as np
import torch

from models.arrays import Array

if TYPE_CHECKING:
    from models.convolution import Convolution

Filter = Callable[..., Array]

_DIRECT = 11 * 11
_FOURIER = 14 * 14
_WORTH_A_THREAD = 250_000
_BORDERS = {
    "zeros": cv2.BORDER_CONSTANT,
    "reflect": cv2.BORDER_REFLECT_101,
    "replicate": cv2.BORDER_REPLICATE,
}


def correlate(whole: Convolution, alike: bool) -> Array:
    """Output (O, H', W'); with `alike`, the one plane in `kernels` is laid on every channel by itself: (C, H', W')."""
    if whole.picture.dtype == np.float64:
        return _torch(whole, alike, torch.float64)
    if len(whole.kernels) > 4:
        return _torch(whole, alike, torch.float32)
    return _opencv(whole, alike)


def _torch(whole: Convolution, alike: bool, dtype: torch.dtype) -> Array:
    padded = torch.from_numpy(np.ascontiguousarray(whole.padded())).to(dtype)
    kernels = torch.from_numpy(np.ascontiguousarray(whole.kernels)).to(dtype)
    batch = padded[:, None] if alike else padded[None].contiguous(memory_format=torch.channels_last)
    bias = torch.from_numpy(whole.bias[: len(kernels)].copy()).to(dtype)
    with torch.no_grad():
        output = torch.conv2d(batch, kernels, bias, whole.stride, 0, whole.dilation)
    maps: Array = output.flatten(0, 1).numpy()
    return maps


def _opencv(whole: Convolution, alike: bool) -> Array:
    sides = [d * (k - 1) + 1 for d, k in zip(whole.dilation, whole.kernels.shape[2:], strict=True)]
    bordered = _does_border(whole, sides)
    pixels = np.ascontiguousarray(np.moveaxis(whole.picture if bordered else whole.padded(), 0, -1))
    if alike:
        return np.moveaxis(_at_strides(whole, pixels, whole.kernels[0, 0], whole.bias[0], bordered), -1, 0)
    channels = cast("list[Array]", cv2.split(pixels)) if pixels.shape[2] > 1 else [pixels]
    maps = []
    for cube, bias in zip(whole.kernels, whole.bias, strict=True):
        total = _at_strides(whole, channels[0], cube[0], bias, bordered)
        for channel, plane in zip(channels[1:], cube[1:], strict=True):
            total += _at_strides(whole, channel, plane, 0.0, bordered)
        maps.append(total.reshape(total.shape[:2]))
    return np.stack(maps) if len(maps) > 1 else maps[0][None]


def _does_border(whole: Convolution, sides: list[int]) -> bool:
    """Whether OpenCV makes the border itself: it knows borders no wider than the kernel, but no circular ones."""
    narrow = all(sum(pads) < side for pads, side in zip(whole.padding, sides, strict=True))
    halved = _DIRECT < sides[0] * sides[1] <= _FOURIER
    return any(map(sum, whole.padding)) and narrow and not halved and whole.padding_mode in _BORDERS


def _at_strides(whole: Convolution, pixels: Array, kernel: Array, bias: float, bordered: bool) -> Array:
    """Filter (H, W) or (H, W, C) and keep every stride-th result: (H', W', C)."""
    spread = _spread(kernel, whole.dilation)
    (top, bottom), (left, right) = whole.padding if bordered else ((0, 0), (0, 0))
    height = pixels.shape[0] + top + bottom - spread.shape[0] + 1
    width = pixels.shape[1] + left + right - spread.shape[1] + 1
    border = _BORDERS[whole.padding_mode] if bordered else cv2.BORDER_CONSTANT
    filtered = _filter(pixels, spread, float(bias), (left, top), border)[:height, :width]
    return filtered.reshape(height, width, -1)[:: whole.stride[0], :: whole.stride[1]]


def _spread(kernel: Array, dilation: tuple[int, int]) -> Array:
    """The kernel with the zeros that dilation puts between its numbers."""
    sides = [d * (k - 1) + 1 for d, k in zip(dilation, kernel.shape, strict=True)]
    spread = np.zeros(sides, dtype=np.float64)
    spread[:: dilation[0], :: dilation[1]] = kernel
    return spread


def _filter(pixels: Array, kernel: Array, bias: float, anchor: tuple[int, int], border: int) -> Array:
    """The kernel, with its cell `anchor` (column, row), on every pixel; the same size as `pixels`."""
    factors = _column_and_row(kernel)
    if factors is not None:
        column, row = factors
        out = cv2.sepFilter2D(pixels, cv2.CV_32F, row, column, anchor=anchor, delta=bias, borderType=border)
    elif kernel.size <= _DIRECT or kernel.size > _FOURIER or len(kernel) == 1:
        filtered = partial(cv2.filter2D, ddepth=cv2.CV_32F, kernel=kernel, anchor=anchor, delta=bias, borderType=border)
        out = _in_two_strips(pixels, cast("Filter", filtered), anchor[1], len(kernel) - 1 - anchor[1])
    else:
        half = len(kernel) // 2
        out = cv2.filter2D(pixels, cv2.CV_32F, kernel[:half], anchor=(0, 0), delta=bias)
        lower = cv2.filter2D(pixels[half:], cv2.CV_32F, kernel[half:], anchor=(0, 0))
        cv2.add(out[: len(lower)], lower, dst=out[: len(lower)])
    return np.asarray(out)


def _in_two_strips(pixels: Array, filtered: Filter, above: int, below: int) -> Array:
    """`filtered(pixels)`, its halves made by two threads, for OpenCV's filter2D has one.

    Each result reads `above` rows before its own and `below` after it, so those about the middle are made once more.
    """
    middle, reach = len(pixels) // 2, above + below
    if pixels.size < _WORTH_A_THREAD or middle <= reach or pixels.shape[2:] == (1,):
        return filtered(pixels)
    out = np.empty(pixels.shape, np.float32)
    lower = Thread(target=filtered, args=(pixels[middle:],), kwargs={"dst": out[middle:]})
    lower.start()
    filtered(pixels[:middle], dst=out[:middle])
    lower.join()
    if reach:
        out[middle - below : middle + above] = filtered(pixels[middle - reach : middle + reach])[above : above + reach]
    return out


def _column_and_row(kernel: Array) -> tuple[Array, Array] | None:
    """The two factors of a kernel that has them, where applying them one after the other is the faster way."""
    if min(kernel.shape) < 5:
        return None
    left, strengths, right = np.linalg.svd(kernel)
    if strengths[1] > 1e-12 * strengths[0]:
        return None
    scale = np.sqrt(strengths[0])
    return left[:, 0] * scale, right[0] * scale
