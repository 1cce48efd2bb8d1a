"""Maximum and average pooling of a matrix (H, W) or tensor (C, H, W), and which input won."""

from __future__ import annotations

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import ArrayLike, NDArray

from lente.models.convolution.inputs import Array, as_pair, as_picture
from lente.models.convolution.problem import Size
from lente.models.errors import ModelError
from lente.models.phrases import N_
from lente.models.stopping import check

_MOST_ADDED = 8


def max_pool(image: ArrayLike, size: Size = 2, stride: Size | None = None) -> Array:
    """The largest number of each window; `stride` is `size` unless given. ModelError for a window that doesn't fit."""
    pooled = _folded(image, size, stride, np.maximum)
    return pooled[0] if np.ndim(image) == 2 else pooled


def average_pool(image: ArrayLike, size: Size = 2, stride: Size | None = None) -> Array:
    """The mean of each window; `stride` is `size` unless given. ModelError for a window that doesn't fit."""
    height, width = as_pair(size, "size", 1)
    pooled: Array = _folded(image, size, stride, np.add) / (height * width)
    return pooled[0] if np.ndim(image) == 2 else pooled


def winners(image: ArrayLike, size: Size = 2, stride: Size | None = None) -> NDArray[np.intp]:
    """Row and column in the picture of the number that wins each window, the first of equals: (2, [C,] H', W')."""
    windows = _windows(image, size, stride)
    height, width = windows.shape[-2:]
    steps = as_pair(size if stride is None else stride, "stride", 1)
    rows, columns = np.divmod(windows.reshape(*windows.shape[:-2], height * width).argmax(-1), width)
    rows = rows + np.arange(rows.shape[1])[:, None] * steps[0]
    columns = columns + np.arange(columns.shape[2]) * steps[1]
    places = np.stack([rows, columns])
    return places[:, 0] if np.ndim(image) == 2 else places


def _folded(image: ArrayLike, size: Size, stride: Size | None, fold: np.ufunc) -> Array:
    """Each window's numbers taken together by `fold`, first along its rows, then along its columns: (C, H', W')."""
    picture, (height, width), steps = _fitting(image, size, stride)
    folded = []
    for plane in picture:
        rows = _along(plane, height, steps[0], fold)
        folded.append(_along(rows.T, width, steps[1], fold).T)
    return np.ascontiguousarray(folded)


def _along(plane: Array, size: int, step: int, fold: np.ufunc) -> Array:
    """(H, W) to (H', W): `size` rows taken together, `step` apart."""
    count = (len(plane) - size) // step + 1
    if size > _MOST_ADDED * step:
        return _doubled(plane, size, fold)[: (count - 1) * step + 1 : step]
    result = plane[: (count - 1) * step + 1 : step].copy()
    for first in range(1, size):
        check()
        fold(result, plane[first : first + (count - 1) * step + 1 : step], out=result)
    return result


def _doubled(plane: Array, size: int, fold: np.ufunc) -> Array:
    """All stretches of `size` rows: of two stretches the next is twice as long, so 31 rows take 8 steps, not 30."""
    places, start, span = len(plane) - size + 1, 0, 1
    result: Array | None = None
    while True:
        check()
        if size & span:
            part = plane[start : start + places]
            result = part if result is None else fold(result, part)
            start += span
        if 2 * span > size:
            assert result is not None
            return result
        plane, span = fold(plane[:-span], plane[span:]), 2 * span


def _windows(image: ArrayLike, size: Size, stride: Size | None) -> Array:
    """All windows: (C, H', W', height, width)."""
    picture, (height, width), steps = _fitting(image, size, stride)
    windows: Array = sliding_window_view(picture, (height, width), (1, 2))[:, :: steps[0], :: steps[1]]
    return windows


def _fitting(image: ArrayLike, size: Size, stride: Size | None) -> tuple[Array, tuple[int, int], tuple[int, int]]:
    """The picture (C, H, W), the window's sides and the strides. ModelError for a window that doesn't fit."""
    picture, (height, width) = as_picture(image), as_pair(size, "size", 1)
    steps = (height, width) if stride is None else as_pair(stride, "stride", 1)
    if height > picture.shape[1] or width > picture.shape[2]:
        template = N_("size {height} × {width} does not fit the image, which is {rows} × {columns}")
        values = {"height": height, "width": width, "rows": picture.shape[1], "columns": picture.shape[2]}
        raise ModelError("window_too_large", template, "size", **values)
    return picture, (height, width), steps
