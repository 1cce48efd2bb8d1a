"""Maximum and average pooling of a matrix (H, W) or tensor (C, H, W), and which input won."""

from __future__ import annotations

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import ArrayLike, NDArray

from lente.models.convolution.inputs import Array, as_pair, as_picture
from lente.models.convolution.problem import Size
from lente.models.errors import ModelError
from lente.models.phrases import N_


def max_pool(image: ArrayLike, size: Size = 2, stride: Size | None = None) -> Array:
    """The largest number of each window; `stride` is `size` unless given. ModelError for a window that doesn't fit."""
    pooled: Array = _windows(image, size, stride).max((-2, -1))
    return pooled[0] if np.ndim(image) == 2 else pooled


def average_pool(image: ArrayLike, size: Size = 2, stride: Size | None = None) -> Array:
    """The mean of each window; `stride` is `size` unless given. ModelError for a window that doesn't fit."""
    pooled: Array = _windows(image, size, stride).mean((-2, -1))
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


def _windows(image: ArrayLike, size: Size, stride: Size | None) -> Array:
    """All windows: (C, H', W', height, width)."""
    picture, (height, width) = as_picture(image), as_pair(size, "size", 1)
    steps = (height, width) if stride is None else as_pair(stride, "stride", 1)
    if height > picture.shape[1] or width > picture.shape[2]:
        template = N_("size {height} x {width} does not fit the image, which is {rows} x {columns}")
        values = {"height": height, "width": width, "rows": picture.shape[1], "columns": picture.shape[2]}
        raise ModelError("window_too_large", template, "size", **values)
    windows: Array = sliding_window_view(picture, (height, width), (1, 2))[:, :: steps[0], :: steps[1]]
    return windows
