"""The sum of `convolve_written_out`, fast: OpenCV for photos, PyTorch for small tensors and many kernels.

On a 1024x768 photo OpenCV's filter2D in float32 is the fastest up to some 11x11 numbers; from there on it turns to a
Fourier transform, which pays from 15x15. A kernel that is a column times a row is applied as column and row.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

import cv2
import numpy as np
import torch

from lente.models.convolution.inputs import Array
from lente.models.convolution.problem import Convolution, Settings

if TYPE_CHECKING:
    from lente.models.convolution.second_thread import Beside

Filter = Callable[..., object]

_DIRECT = 11 * 11
_FOURIER = 14 * 14
_WORTH_TWO_THREADS = 10_000_000  # products
_BORDERS = {
    "zeros": cv2.BORDER_CONSTANT,
    "reflect": cv2.BORDER_REFLECT_101,
    "replicate": cv2.BORDER_REPLICATE,
}


class _Result(NamedTuple):
    """A plane of the output and how to make it: `make` fills `out` (H, W) from `read` (H, W) or (C, H, W)."""

    make: Filter
    read: Array
    out: Array

    def fill(self) -> None:
        self.make(self.read, dst=self.out)

    def rows(self, start: int, stop: int, out: Array) -> _Result:
        """Some rows alone."""
        return _Result(self.make, self.read[..., start:stop, :], out)


def correlate(whole: Convolution, beside: Beside | None = None) -> Array:
    """Output (O, H', W'), or (C, H', W') where one plane is laid on every channel by itself.

    The planes of a large output are shared with the thread `beside`.
    """
    if whole.picture.dtype == np.float64:
        return _torch(whole, torch.float64)
    if len(whole.settings.kernels) > 4:
        return _torch(whole, torch.float32)
    return _opencv(whole, beside)


def _torch(whole: Convolution, dtype: torch.dtype) -> Array:
    settings = whole.settings
    padded = torch.from_numpy(np.ascontiguousarray(whole.padded())).to(dtype)
    kernels = torch.from_numpy(np.ascontiguousarray(settings.kernels)).to(dtype)
    batch = padded[:, None] if settings.alike else padded[None].contiguous(memory_format=torch.channels_last)
    bias = torch.from_numpy(settings.bias).to(dtype)
    with torch.no_grad():
        output = torch.conv2d(batch, kernels, bias, settings.stride, 0, settings.dilation)
    maps: Array = output.flatten(0, 1).numpy()
    return maps


def _opencv(whole: Convolution, beside: Beside | None) -> Array:
    settings, sides = whole.settings, whole.settings.extent()
    bordered = _does_border(settings)
    planes = np.ascontiguousarray(whole.picture if bordered else whole.padded())
    (top, bottom), (left, right) = settings.padding if bordered else ((0, 0), (0, 0))
    border = _BORDERS[settings.padding_mode] if bordered else cv2.BORDER_CONSTANT
    spread = [[_spread(plane, settings.dilation) for plane in cube] for cube in settings.kernels]
    cubes = [
        [_filter(plane, 0.0 if c else bias, (left, top), border) for c, plane in enumerate(cube)]
        for cube, bias in zip(spread, settings.bias.tolist(), strict=True)
    ]
    filtered = np.empty((len(planes) if settings.alike else len(cubes), *planes.shape[1:]), np.float32)
    makes: list[Filter] = [cubes[0][0]] * len(planes) if settings.alike else [partial(_cube, cube) for cube in cubes]
    reads = planes if settings.alike else [planes] * len(cubes)
    results = [_Result(make, read, out) for make, read, out in zip(makes, reads, filtered, strict=True)]
    if beside and filtered.size * settings.kernels[0, 0].size > _WORTH_TWO_THREADS:
        _in_two_threads(beside, results, top, sides[0] - 1 - top)
    else:
        for result in results:
            result.fill()
    height, width = planes.shape[1] + top + bottom - sides[0] + 1, planes.shape[2] + left + right - sides[1] + 1
    return filtered[:, : height : settings.stride[0], : width : settings.stride[1]]


def _does_border(settings: Settings) -> bool:
    """Whether OpenCV makes the border itself: it knows borders no wider than the kernel, but no circular ones."""
    rows, columns = settings.extent()
    narrow = all(sum(pads) < side for pads, side in zip(settings.padding, (rows, columns), strict=True))
    halved = _DIRECT < rows * columns <= _FOURIER
    return any(map(sum, settings.padding)) and narrow and not halved and settings.padding_mode in _BORDERS


def _spread(kernel: Array, dilation: tuple[int, int]) -> Array:
    """The kernel with the zeros that dilation puts between its numbers."""
    if dilation == (1, 1):
        return kernel.astype(np.float64, copy=False)
    sides = [d * (k - 1) + 1 for d, k in zip(dilation, kernel.shape, strict=True)]
    spread = np.zeros(sides, dtype=np.float64)
    spread[:: dilation[0], :: dilation[1]] = kernel
    return spread


def _cube(cube: list[Filter], planes: Array, dst: Array) -> None:
    cube[0](planes[0], dst=dst)
    for one, plane in zip(cube[1:], planes[1:], strict=True):
        part = np.empty_like(dst)
        one(plane, dst=part)
        cv2.add(dst, part, dst=dst)


def _filter(kernel: Array, bias: float, anchor: tuple[int, int], border: int) -> Filter:
    """Lays the kernel, with its cell `anchor` (column, row), on every pixel of a plane; fills `dst`."""
    place = {"anchor": anchor, "delta": bias, "borderType": border}
    factors = _column_and_row(kernel)
    if factors is not None:
        column, row = factors
        return partial(cv2.sepFilter2D, ddepth=cv2.CV_32F, kernelX=row, kernelY=column, **place)
    if kernel.size <= _DIRECT or kernel.size > _FOURIER or len(kernel) == 1:
        return partial(cv2.filter2D, ddepth=cv2.CV_32F, kernel=kernel, **place)
    return partial(_by_halves, kernel, bias)


def _by_halves(kernel: Array, bias: float, plane: Array, dst: Array) -> None:
    """A kernel that is a little too large for OpenCV's direct way, as its upper and its lower half."""
    half = len(kernel) // 2
    cv2.filter2D(plane, cv2.CV_32F, kernel[:half], dst=dst, anchor=(0, 0), delta=bias)
    lower = cv2.filter2D(plane[half:], cv2.CV_32F, kernel[half:], anchor=(0, 0))
    cv2.add(dst[: len(lower)], lower, dst=dst[: len(lower)])


def _in_two_threads(beside: Beside, results: list[_Result], above: int, below: int) -> None:
    """Fills them by two threads, for OpenCV's filter2D has one; of an odd number the last is halved.

    Each row reads `above` rows before itself and `below` after, so those about the middle are made apart.
    """
    last, reach = results[-1], above + below
    height, width = last.out.shape
    middle = height // 2
    if len(results) % 2 == 0 or middle <= reach:
        beside.share([result.fill for result in results])
        return
    about = np.empty((2 * reach, width), np.float32)
    parts = [last.rows(0, middle, last.out[:middle]), last.rows(middle, height, last.out[middle:])]
    if reach:
        parts.append(last.rows(middle - reach, middle + reach, about))
    beside.share([part.fill for part in (*results[:-1], *parts)])
    last.out[middle - below : middle + above] = about[above : above + reach]


def _column_and_row(kernel: Array) -> tuple[Array, Array] | None:
    """The two factors of a kernel that has them, where applying them one after the other is the faster way."""
    if min(kernel.shape) < 5:
        return None
    left, strengths, right = np.linalg.svd(kernel)
    if strengths[1] > 1e-12 * strengths[0]:
        return None
    scale = np.sqrt(strengths[0])
    return left[:, 0] * scale, right[0] * scale
