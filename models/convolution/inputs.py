"""What a visitor typed, as arrays and whole numbers; or a ModelError that quotes it and says what is accepted."""

from __future__ import annotations

import math
import sys
from collections.abc import Iterator, Sequence
from itertools import chain
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from lente.models.convolution.bounds import UNBOUNDED, Bounds
from lente.models.errors import ModelError
from lente.models.phrases import N_, shortened

Array = NDArray[np.floating[Any]]
PADDING_MODES = ("zeros", "reflect", "replicate", "circular")
_SHAPES = ("()", "(N)", "(H, W)", "(C, H, W)", "(O, C, H, W)")


def as_numbers(value: ArrayLike, field: str, ranks: Sequence[int] = (), bounds: Bounds = UNBOUNDED) -> Array:
    """The value as finite floats: float32 stays, bytes become float32, all else float64.

    Raises:
        ModelError: empty, ragged, wrong_rank (for another rank than `ranks`), too_many, not_a_number, not_finite, or
            out_of_range where numbers are bounded.
    """
    if isinstance(value, (list, tuple)):
        return _of_lists([part.tolist() if hasattr(part, "tolist") else part for part in value], field, ranks, bounds)
    array = np.asarray(value)
    _check_shape(array.shape, value, field, ranks, bounds)
    if array.ndim == 0:
        return np.array(as_number(array.item(), field, bounds))
    if array.dtype.kind not in "fiu":
        raise _no_number(array.flat[0], field, "[0]" * array.ndim, value)
    wide = array.dtype in (np.float32, np.uint8)
    numbers: Array = array.astype(np.float32 if wide else np.float64, copy=False)
    # A photo's millions are not searched: what isn't finite there shows in the output.
    if not (field == "image" and wide) and not (fit := np.abs(numbers) <= _largest(bounds)).all():
        index = np.unravel_index(fit.argmin(), fit.shape)
        raise _beyond(float(numbers[index]), field, "".join(f"[{i}]" for i in index), bounds)
    return numbers


def as_number(value: Any, field: str, bounds: Bounds = UNBOUNDED, place: str = "", whole: Any = None) -> float:
    """`value`, which stands at `place` in `whole`, as a finite float. ModelError as for `as_numbers`."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise _no_number(value, field, place, whole)
    if not abs(value) <= _largest(bounds):
        raise _beyond(value, field, place, bounds)
    return float(value)


def as_picture(image: ArrayLike) -> Array:
    """A matrix (H, W) or tensor (C, H, W) as (C, H, W)."""
    numbers = as_numbers(image, "image", (2, 3))
    return numbers if numbers.ndim == 3 else numbers[None]


def as_kernels(kernel: ArrayLike, bounds: Bounds = UNBOUNDED) -> tuple[Array, bool]:
    """A cube (C, kh, kw) or several (O, C, kh, kw) as (O, C, kh, kw); a plane (kh, kw) as (1, 1, kh, kw), and True."""
    numbers = as_numbers(kernel, "kernel", (2, 3, 4), bounds)
    height, width = numbers.shape[-2:]
    if bounds.side is not None and max(height, width) > bounds.side:
        template = N_("kernel is {height} × {width}; at most {most} × {most} is accepted")
        raise ModelError("too_many_rows", template, "kernel", height=height, width=width, most=bounds.side)
    return numbers.reshape((1,) * (4 - numbers.ndim) + numbers.shape), numbers.ndim == 2


def as_bias(bias: ArrayLike, outputs: int, bounds: Bounds = UNBOUNDED) -> Array:
    """One number for all output channels, or one for each."""
    numbers = as_numbers(bias, "bias", (0, 1), bounds)
    if numbers.size not in (1, outputs):
        template = N_(
            "bias has {found} numbers; it must be one number or {wanted}, one for each of the kernels ({wanted})"
        )
        raise ModelError("wrong_bias", template, "bias", found=numbers.size, wanted=outputs)
    return numbers if numbers.shape == (outputs,) else np.full(outputs, numbers)


def as_count(value: Any, field: str, least: int, most: int | None = None) -> int:
    """A whole number from `least` to `most`; a bad_FIELD otherwise."""
    whole = isinstance(value, (int, float, np.integer)) and not isinstance(value, bool) and value == value // 1
    if whole and least <= value and (most is None or value <= most):
        return int(value)
    if most is None:
        template = N_("{field} {value} cannot be used. Whole numbers from {least} up are accepted")
        raise ModelError(f"bad_{field}", template, field, value=shortened(value), least=least)
    template = N_("{field} {value} cannot be used. Whole numbers from {least} to {most} are accepted")
    raise ModelError(f"bad_{field}", template, field, value=shortened(value), least=least, most=most)


def as_pair(value: Any, field: str, least: int, most: int | None = None) -> tuple[int, int]:
    """A whole number for both directions, or one for rows and one for columns."""
    if not isinstance(value, (list, tuple)):
        both = as_count(value, field, least, most)
        return both, both
    if len(value) != 2:
        template = N_("{field} {value} must be one number or two (rows, columns)")
        raise ModelError(f"bad_{field}", template, field, value=shortened(value))
    return as_count(value[0], field, least, most), as_count(value[1], field, least, most)


def as_one_of(value: Any, field: str, accepted: Sequence[str]) -> str:
    """One of the words that are accepted; a bad_FIELD otherwise."""
    if value not in accepted:
        template = N_("{field}: {value} is not known. {accepted} are accepted")
        raise ModelError(f"bad_{field}", template, field, value=shortened(value), accepted=", ".join(accepted))
    return str(value)


def _of_lists(value: list[Any], field: str, ranks: Sequence[int], bounds: Bounds) -> Array:
    shape = _shape(value)
    _check_shape(shape, value, field, ranks, bounds)
    array = _quickly(value, shape, bounds)
    if array is None:  # something is wrong, or of a kind that is rare: find out what and where
        leaves = _leaves(value, shape, field)
        array = np.array([as_number(leaf, field, bounds, place, value) for leaf, place in leaves])
    return array.reshape(shape)


def _shape(value: Any) -> tuple[int, ...]:
    """By the first entry of each level; 0 is the last where there is none."""
    shape = []
    while isinstance(value, (list, tuple)):
        shape.append(len(value))
        value = value[0] if value else None
    return tuple(shape)


def _check_shape(shape: Sequence[int], value: Any, field: str, ranks: Sequence[int], bounds: Bounds) -> None:
    count = math.prod(shape)
    if count == 0:
        raise ModelError(
            "empty", N_("{field} {value} is empty; it needs at least one number"), field, value=shortened(value)
        )
    if ranks and len(shape) not in ranks:
        template = N_("{field} has {found} dimensions; {accepted} are accepted: it must be {shapes}")
        accepted, shapes = ", ".join(map(str, ranks)), ", ".join(_SHAPES[rank] for rank in ranks)
        raise ModelError("wrong_rank", template, field, found=len(shape), accepted=accepted, shapes=shapes)
    if bounds.numbers is not None and count > bounds.numbers:
        template = N_("{field} has {found} numbers; at most {most} are accepted. Send larger ones as a picture file")
        raise ModelError("too_many", template, field, found=count, most=bounds.numbers)


def _quickly(value: list[Any], shape: tuple[int, ...], bounds: Bounds) -> Array | None:
    """All numbers in one row, or None where anything is not as it should be."""
    flat: list[Any] = [value]
    for length in shape:
        if any(type(part) not in (list, tuple) or len(part) != length for part in flat):
            return None
        flat = list(chain.from_iterable(flat))
    if not set(map(type, flat)) <= {int, float}:
        return None
    try:
        array = np.array(flat, dtype=np.float64)
    except OverflowError:
        return None
    return array if bool((np.abs(array) <= _largest(bounds)).all()) else None


def _leaves(value: Sequence[Any], shape: tuple[int, ...], field: str, place: str = "") -> Iterator[tuple[Any, str]]:
    """Every number and where it is: "[0][2]"."""
    for index, part in enumerate(value):
        where = f"{place}[{index}]"
        if len(shape) == 1:
            yield part.item() if isinstance(part, np.number) else part, where
            continue
        if not isinstance(part, (list, tuple)):
            template = N_("{field}{place}: {value} stands where a list of {wanted} numbers is needed")
            raise ModelError("ragged", template, field, place=where, value=shortened(part), wanted=shape[1])
        if len(part) != shape[1]:
            template = N_("{field}{place} has {found} entries; rows of {lengths} must be equally long")
            lengths = sorted({len(row) if isinstance(row, (list, tuple)) else 1 for row in value})
            raise ModelError("ragged", template, field, place=where, found=len(part), lengths=lengths)
        yield from _leaves(part, shape[1:], field, where)


def _largest(bounds: Bounds) -> float:
    return sys.float_info.max if bounds.number is None else bounds.number


def _no_number(value: Any, field: str, place: str, whole: Any) -> ModelError:
    if not place:
        template = N_("{field}: {value} is not a number. Numbers such as 0.5 or -1 are accepted")
        return ModelError("not_a_number", template, field, value=shortened(value))
    template = N_("{field}{place}: {value} is not a number. {whole} must hold numbers only")
    return ModelError("not_a_number", template, field, place=place, value=shortened(value), whole=shortened(whole))


def _beyond(value: float, field: str, place: str, bounds: Bounds) -> ModelError:
    if bounds.number is None:
        template = N_("{field} holds {value}; it must hold finite numbers only")
        return ModelError("not_finite", template, field, value=shortened(value))
    template = N_("{field}{place}: {value} is out of range. Numbers from -{most:g} to {most:g} are accepted")
    return ModelError("out_of_range", template, field, place=place, value=shortened(value), most=bounds.number)
