"""What a visitor typed, as arrays: pictures (C, H, W), kernels (O, C, kh, kw), settings; or an error that quotes it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from lente.models.errors import ModelError
from lente.models.phrases import N_, shortened

Array = NDArray[np.floating[Any]]
PADDING_MODES = ("zeros", "reflect", "replicate", "circular")


def as_numbers(value: ArrayLike, field: str) -> Array:
    """The value as finite floats: float32 stays, bytes become float32, all else float64."""
    if not isinstance(value, np.ndarray):
        _check_rectangular(value, field)
    try:
        array = np.asarray(value)
        wide = array.dtype in (np.float32, np.uint8)
        numbers: Array = array.astype(np.float32 if wide else np.float64, copy=False)
    except (TypeError, ValueError) as error:
        raise ModelError(
            "not_a_number", N_("{field} {value} must hold numbers only"), field, value=shortened(value)
        ) from error
    if array.dtype.kind not in "fiu":
        raise ModelError("not_a_number", N_("{field} {value} must hold numbers only"), field, value=shortened(value))
    if numbers.size == 0:
        raise ModelError(
            "empty", N_("{field} {value} is empty; it needs at least one number"), field, value=shortened(value)
        )
    # A photo's millions are not searched: what isn't finite there shows in the output.
    if not (field == "image" and wide) and not np.isfinite(numbers).all():
        bad = numbers[~np.isfinite(numbers)][0]
        raise ModelError("not_finite", N_("{field} holds {bad}; it must hold finite numbers only"), field, bad=bad)
    return numbers


def as_picture(image: ArrayLike) -> Array:
    """A matrix (H, W) or tensor (C, H, W) as (C, H, W)."""
    numbers = as_numbers(image, "image")
    if numbers.ndim not in (2, 3):
        template = N_("{field} has {found} dimensions; it must be (H, W) or (channels, H, W)")
        raise ModelError("wrong_rank", template, "image", found=numbers.ndim)
    return numbers if numbers.ndim == 3 else numbers[None]


def as_kernels(kernel: ArrayLike, channels: int) -> Array:
    """A cube (C, kh, kw) or several (O, C, kh, kw) as (O, C, kh, kw); a plane (kh, kw) as (1, 1, kh, kw)."""
    numbers = as_numbers(kernel, "kernel")
    if numbers.ndim not in (2, 3, 4):
        template = N_(
            "{field} has {found} dimensions; it must be (height, width), (channels, height, width) or "
            "(kernels, channels, height, width)"
        )
        raise ModelError("wrong_rank", template, "kernel", found=numbers.ndim)
    if numbers.ndim > 2 and numbers.shape[-3] != channels:
        template = N_("{field} has {found} channels; the image has {wanted}, and the kernel needs as many")
        raise ModelError("wrong_channels", template, "kernel", found=numbers.shape[-3], wanted=channels)
    return numbers.reshape((1,) * (4 - numbers.ndim) + numbers.shape)


def as_count(value: Any, field: str, least: int) -> int:
    """A whole number of at least `least`."""
    if isinstance(value, bool) or not isinstance(value, (int, np.integer)) or value < least:
        template = N_("{field} {value} is not possible; it must be a whole number from {least} up")
        raise ModelError(f"bad_{field}", template, field, value=shortened(value), least=least)
    return int(value)


def as_pair(value: Any, field: str, least: int) -> tuple[int, int]:
    """A whole number for both directions, or one for rows and one for columns."""
    both = tuple(value) if isinstance(value, Sequence) and not isinstance(value, str) else (value, value)
    if len(both) != 2:
        template = N_("{field} {value} must be one number or two (rows, columns)")
        raise ModelError(f"bad_{field}", template, field, value=shortened(value))
    return as_count(both[0], field, least), as_count(both[1], field, least)


def as_bias(bias: ArrayLike, outputs: int) -> Array:
    """One number for all output channels, or one for each."""
    numbers = np.atleast_1d(as_numbers(bias, "bias"))
    if numbers.ndim != 1 or numbers.size not in (1, outputs):
        template = N_("{field} has shape {found}; it must be one number or {wanted}, one per output")
        raise ModelError("wrong_bias", template, "bias", found=numbers.shape, wanted=outputs)
    return numbers if numbers.size == outputs else numbers.repeat(outputs)


def _check_rectangular(value: Any, field: str) -> None:
    """Raise where rows of nested lists differ in length."""
    if not isinstance(value, (list, tuple)):
        return
    lengths = {len(row) if isinstance(row, (list, tuple)) else None for row in value}
    if len(lengths) > 1:
        shown = sorted(1 if length is None else length for length in lengths)
        template = N_("{field} has rows of {found} numbers; all rows must be equally long")
        raise ModelError("ragged", template, field, found=shown)
    for row in value:
        _check_rectangular(row, field)
