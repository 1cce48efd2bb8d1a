"""The sum of `convolve_written_out`, fast: OpenCV for photos, PyTorch for small tensors and many kernels.

On a 1024x768 photo OpenCV's filter2D in float32 is the fastest up to some 11x11 numbers; from there on it turns to a
Fourier transform, which pays from 15x15. A kernel that is a column times a row is applied as column and row.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

import cv2
import numpy as np
import torch

from lente.models.convolution.inputs import Array
from lente.models.convolution.problem import Convolution, Settings
from lente.models.stopping import Token, check, current

if TYPE_CHECKING:
    from lente.models.convolution.second_thread import Beside

Filter = Callable[..., object]

_DIRECT = 11 * 11
_FOURIER = 14 * 14
_WIDEST = 512  # OpenCV takes the gaps of a dilation for zeros: minutes for 31 numbers, 64 pixels apart
_LONGEST_FACTOR = 128  # a longer column and row take more than the Fourier transform of both
_WORTH_TWO_THREADS = 10_000_000  # products
_UNFOLDED_BYTES = {torch.float64: 8_000_000, torch.float32: 64_000_000}  # PyTorch unfolds the first, seldom the other
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
    token: Token

    def fill(self) -> None:
        self.token.check()
        self.make(self.read, dst=self.out)

    def rows(self, start: int, stop: int, out: Array) -> _Result:
        """Some rows alone."""
        return _Result(self.make, self.read[..., start:stop, :], out, self.token)


def correlate(whole: Convolution, beside: Beside | None = None) -> Array:
    """Output (O, H', W'), or (C, H', W') where one plane is laid on every channel by itself.

    The planes of a large output are shared with the thread `beside`.
    """
    if whole.picture.dtype == np.float64:
        return _torch(whole, torch.float64)
    if len(whole.settings.kernels) > 4 or max(whole.settings.extent()) > _WIDEST:
        return _torch(whole, torch.float32)
    return _opencv(whole, beside)


def _torch(whole: Convolution, dtype: torch.dtype) -> Array:
    settings = whole.settings
    batch = _batch(whole, dtype)
    kernels = torch.from_numpy(np.ascontiguousarray(settings.kernels)).to(dtype)
    bias = torch.from_numpy(settings.bias).to(dtype)
    options = settings.stride, 0, settings.dilation
    pieces = list(_pieces(whole, dtype))
    with torch.no_grad():
        if len(pieces) == 1:
            maps: Array = torch.conv2d(batch, kernels, bias, *options).flatten(0, 1).numpy()
            return maps
        # Each piece's memory is free before the next wants its own: what stays between them would scatter the heap.
        output = torch.empty(len(batch) * len(kernels), *whole.size(), dtype=dtype)
        for rows, columns in pieces:
            check()
            piece = torch.conv2d(batch[:, :, rows.read, columns.read], kernels, bias, *options)
            output[:, rows.write, columns.write] = piece.flatten(0, 1)
            del piece
    joined: Array = output.numpy()
    return joined


def _batch(whole: Convolution, dtype: torch.dtype) -> torch.Tensor:
    """The padded picture, (1, C, H, W) or, where one plane is laid on every channel by itself, (C, 1, H, W)."""
    padded = torch.from_numpy(np.ascontiguousarray(whole.padded())).to(dtype)
    return padded[:, None] if whole.settings.alike else padded[None].contiguous(memory_format=torch.channels_last)


class _Stretch(NamedTuple):
    """Some of the output's rows or columns, and those of the padded picture that they read."""

    write: slice
    read: slice


def _pieces(whole: Convolution, dtype: torch.dtype) -> Iterator[tuple[_Stretch, _Stretch]]:
    """The output in bands of rows, and where one row is too much of its columns: what each unfolds is bounded.

    PyTorch lays everything that a kernel reads in rows of its own, for each place of the output, before it multiplies.
    """
    settings, (height, width) = whole.settings, whole.size()
    _, _, high, wide = settings.kernels.shape
    place = len(whole.picture) * high * wide * dtype.itemsize
    places = max(1, _UNFOLDED_BYTES[dtype] // place)
    for rows in _stretches(height, max(1, places // width), settings, 0):
        for columns in _stretches(width, min(width, places), settings, 1):
            yield rows, columns


def _stretches(size: int, most: int, settings: Settings, axis: int) -> Iterator[_Stretch]:
    stride, extent = settings.stride[axis], settings.extent()[axis]
    for start in range(0, size, most):
        stop = min(size, start + most)
        yield _Stretch(slice(start, stop), slice(start * stride, (stop - 1) * stride + extent))


def _opencv(whole: Convolution, beside: Beside | None) -> Array:
    settings, sides = whole.settings, whole.settings.extent()
    bordered = _does_border(settings)
    planes = np.ascontiguousarray(whole.picture if bordered else whole.padded())
    (top, bottom), (left, right) = settings.padding if bordered else ((0, 0), (0, 0))
    border = _BORDERS[settings.padding_mode] if bordered else cv2.BORDER_CONSTANT
    token, anchor = current(), (left, top)
    cubes = [
        [_filter(plane, settings.dilation, 0.0 if c else bias, anchor, border) for c, plane in enumerate(cube)]
        for cube, bias in zip(settings.kernels, settings.bias.tolist(), strict=True)
    ]
    filtered = np.empty((len(planes) if settings.alike else len(cubes), *planes.shape[1:]), np.float32)
    makes: list[Filter] = (
        [cubes[0][0]] * len(planes) if settings.alike else [partial(_cube, cube, token) for cube in cubes]
    )
    reads = planes if settings.alike else [planes] * len(cubes)
    results = [_Result(make, read, out, token) for make, read, out in zip(makes, reads, filtered, strict=True)]
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


def _cube(cube: list[Filter], token: Token, planes: Array, dst: Array) -> None:
    cube[0](planes[0], dst=dst)
    for one, plane in zip(cube[1:], planes[1:], strict=True):
        token.check()
        part = np.empty_like(dst)
        one(plane, dst=part)
        cv2.add(dst, part, dst=dst)


def _filter(plane: Array, dilation: tuple[int, int], bias: float, anchor: tuple[int, int], border: int) -> Filter:
    """Lays a kernel's plane, with its cell `anchor` (column, row), on every pixel of a plane; fills `dst`."""
    place = {"anchor": anchor, "delta": bias, "borderType": border}
    factors = _column_and_row(plane, dilation)
    kernel = _spread(plane, dilation)
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


def _column_and_row(plane: Array, dilation: tuple[int, int]) -> tuple[Array, Array] | None:
    """The two factors of a kernel that has them, spread, where applying one after the other is the faster way."""
    sides = [d * (k - 1) + 1 for d, k in zip(dilation, plane.shape, strict=True)]
    if min(sides) < 5 or max(sides) > _LONGEST_FACTOR:
        return None
    left, strengths, right = np.linalg.svd(plane)
    if len(strengths) > 1 and strengths[1] > 1e-12 * strengths[0]:
        return None
    scale = np.sqrt(strengths[0])
    column, row = _spread(left[:, :1] * scale, (dilation[0], 1)), _spread(right[:1] * scale, (1, dilation[1]))
    return column[:, 0], row[0]
