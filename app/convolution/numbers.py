"""Nested lists of numbers, as JSON brings them, to arrays: with an error that says which number is wrong, and where."""

import math
from collections.abc import Iterator, Sequence
from itertools import chain
from typing import Any

import numpy as np

from lente.app.errors import BadInput, TooLarge
from lente.app.i18n import N_
from lente.models.phrases import shortened

Array = np.ndarray[Any, np.dtype[np.float64]]

LARGEST = 1e12


def array_of(value: Any, field: str, ranks: Sequence[int], most: int) -> Array:
    """`value`, a number in as many lists as one of `ranks` says, as an array.

    Raises:
        BadInput: FIELD_empty, FIELD_ragged, FIELD_not_a_number, FIELD_out_of_range or FIELD_dimensions.
        TooLarge: FIELD_too_many, for more than `most` numbers.
    """
    shape = _shape(value, field)
    if len(shape) not in ranks:
        template = N_("{field} has {found} dimensions; {accepted} are accepted.")
        accepted = ", ".join(str(rank) for rank in ranks)
        raise BadInput(f"{field}_dimensions", template, field=field, found=len(shape), accepted=accepted)
    if math.prod(shape) > most:
        template = N_("{field} has {found} numbers; at most {most} are accepted. Send larger ones as a picture file.")
        raise TooLarge(f"{field}_too_many", template, field=field, found=math.prod(shape), most=most)
    array = _quickly(value, shape)
    if array is None:  # something is wrong: find out what and where
        array = np.array([number(leaf, field, place) for leaf, place in _leaves(value, shape, field)])
    return array.reshape(shape)


def number(value: Any, field: str, place: str = "") -> float:
    """`value` as a finite number of a size that can be reckoned with."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        template = N_("{field}{place}: {value} is not a number. Numbers such as 0.5 or -1 are accepted.")
        raise BadInput(f"{field}_not_a_number", template, field=field, place=place, value=shortened(value))
    if not abs(value) <= LARGEST:
        template = N_("{field}{place}: {value} is out of range. Numbers from -{most:g} to {most:g} are accepted.")
        raise BadInput(
            f"{field}_out_of_range", template, field=field, place=place, value=shortened(value), most=LARGEST
        )
    return float(value)


def whole_number(value: Any, field: str, least: int, most: int) -> int:
    """`value` as a whole number from `least` to `most`."""
    if (
        isinstance(value, bool)
        or not isinstance(value, int | float)
        or value != value // 1
        or not least <= value <= most
    ):
        template = N_("{field}: {value} cannot be used. Whole numbers from {least} to {most} are accepted.")
        raise BadInput(f"{field}_invalid", template, field=field, value=shortened(value), least=least, most=most)
    return int(value)


def _shape(value: Any, field: str) -> tuple[int, ...]:
    shape = []
    while isinstance(value, list):
        if not value:
            template = N_("{field} is empty. At least one number is needed.")
            raise BadInput(f"{field}_empty", template, field=field)
        shape.append(len(value))
        value = value[0]
    return tuple(shape)


def _quickly(value: Any, shape: tuple[int, ...]) -> Array | None:
    """All numbers in one row, or None where anything is not as it should be."""
    flat = [value]
    for length in shape:
        if any(type(part) is not list or len(part) != length for part in flat):
            return None
        flat = list(chain.from_iterable(flat))
    if not set(map(type, flat)) <= {int, float}:
        return None
    try:
        array = np.array(flat, dtype=np.float64)
    except OverflowError:
        return None
    return array if bool((np.abs(array) <= LARGEST).all()) else None


def _leaves(value: Any, shape: tuple[int, ...], field: str, place: str = "") -> Iterator[tuple[Any, str]]:
    """Every number and where it is: "[0][2]"."""
    if not shape:
        yield value, place
        return
    if not isinstance(value, list) or len(value) != shape[0]:
        _refuse_ragged(value, shape[0], field, place)
    for index, part in enumerate(value):
        yield from _leaves(part, shape[1:], field, f"{place}[{index}]")


def _refuse_ragged(value: Any, wanted: int, field: str, place: str) -> None:
    if not isinstance(value, list):
        template = N_("{field}{place}: {value} stands where a list of {wanted} numbers is needed.")
        raise BadInput(f"{field}_ragged", template, field=field, place=place, value=shortened(value), wanted=wanted)
    template = N_("{field}{place} has {found} entries and the first of its kind {wanted}; all need the same length.")
    raise BadInput(f"{field}_ragged", template, field=field, place=place, found=len(value), wanted=wanted)
