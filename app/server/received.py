"""What arrives as numbers or as small pictures, from bytes to a checked array. Nothing here needs torch."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from safetensors import SafetensorError
from safetensors.numpy import load as read_tensors

from lente.app.errors import BadInput, TooLarge
from lente.app.i18n import N_
from lente.app.server.wire import read_json
from lente.models.phrases import shortened

Array = np.ndarray[Any, np.dtype[np.float32]]

MOST_PICTURES = 1024
LONGEST_NUMBER = 20
SIDE = 28
BINARY = ("application/octet-stream", "application/vnd.safetensors")


def read_body(body: bytes, kind: str, name: str, width: int) -> dict[str, Any]:
    """A request's body by its content type: a JSON object, safetensors, or nothing but the float32 of tensor `name`.

    Args:
        body: as it came.
        kind: its content type.
        name: of the tensor that bare float32 values (little-endian, rows of `width`) stand for.
        width: numbers in a row.

    Raises:
        BadInput: it is none of these.
    """
    kind = kind.partition(";")[0].strip().lower()
    try:
        if kind == BINARY[0]:
            return {name: np.frombuffer(body, "<f4").reshape(-1, width)}
        if kind == BINARY[1]:
            return dict(read_tensors(body))
        read = read_json(body)
    except (ValueError, SafetensorError, RecursionError) as error:
        template = N_("The body cannot be read ({reason}). JSON, safetensors or rows of {width} float32 are accepted.")
        raise BadInput("body_unreadable", template, reason=error, width=width) from error
    if not isinstance(read, dict):
        template = N_('The body is {found}; a JSON object like {{"{name}": ...}} is accepted.')
        raise BadInput("body_not_an_object", template, found=type(read).__name__, name=name)
    return read


def pictures(read: dict[str, Any], name: str = "images") -> Array:
    """The pictures that `read` calls `name`: (N, 28, 28) or (N, 1, 28, 28) with values 0..1, as (N, 1, 28, 28)."""
    rows = required(read, name)
    check_count(rows, name, MOST_PICTURES)
    values = floats(rows, name)
    if values.shape[1:] not in ((SIDE, SIDE), (1, SIDE, SIDE), (SIDE * SIDE,)):
        shape = " × ".join(str(size) for size in values.shape)
        template = N_("{name} has the shape {found}; N × 28 × 28 with values from 0 to 1 is accepted.")
        raise BadInput("image_shape", template, name=name, found=shape)
    check_range(values, name, 0.0, 1.0)
    return values.reshape(-1, 1, SIDE, SIDE)


def labels(read: dict[str, Any], count: int, classes: int) -> "np.ndarray[Any, np.dtype[np.int64]] | None":
    """The classes (count,) for a network that is given them, None for others; one class stands for all."""
    if not classes:
        return None
    given = read.get("labels")
    values = np.asarray(given if isinstance(given, (list, np.ndarray)) else [given], dtype=object).ravel()
    wrong = [value for value in values if isinstance(value, bool) or value not in range(classes)]
    if wrong or len(values) not in (1, count):
        found = shortened(wrong[0] if wrong else given)
        template = N_("labels is {found}; this network needs a class from 0 to {last} for each of the {count} codes.")
        raise BadInput("labels", template, found=found, last=classes - 1, count=count)
    return np.broadcast_to(values.astype(np.int64), count)


def whole(read: dict[str, Any], name: str, default: int, low: int, high: int) -> int:
    """The whole number that `read` calls `name`, from `low` to `high`."""
    value = read.get(name, default)
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        template = N_("{name} is {found}; a whole number from {low} to {high} is accepted.")
        raise BadInput("number", template, name=name, found=shortened(value), low=low, high=high)
    return value


def one_of(read: dict[str, Any], name: str, accepted: Sequence[str]) -> str:
    """The word that `read` calls `name`, one of those accepted; the first of them unless given."""
    return check_word(read.get(name, accepted[0]), name, accepted)


def check_word(value: Any, name: str, accepted: Sequence[str]) -> str:
    """BadInput where `value` is none of the words that are accepted for `name`: a list, for example, or a tensor."""
    if not isinstance(value, str) or value not in accepted:
        template = N_("{name} is {found}; {accepted} are accepted.")
        raise BadInput(name, template, name=name, found=shortened(value), accepted=", ".join(accepted))
    return value


def indices(text: str, count: int) -> list[int]:
    """Numbers of test digits from "0,7,12": whole, from 0 to `count` - 1, at most MOST_PICTURES."""
    parts = text.split(",")
    check_count(parts, "numbers", MOST_PICTURES)
    for part in parts:
        if not part.isdecimal() or len(part) > LONGEST_NUMBER or int(part) >= count:
            template = N_("There is no test digit {found}; they are numbered 0 to {last}.")
            raise BadInput("unknown_digit", template, found=shortened(part), last=count - 1)
    return [int(part) for part in parts]


def required(read: dict[str, Any], name: str) -> Any:
    """The list or array, with something in it, that `read` calls `name`."""
    rows = read.get(name)
    if not isinstance(rows, (list, np.ndarray)) or getattr(rows, "ndim", 1) == 0 or len(rows) == 0:
        template = N_("{name} is {found}; a list with at least one entry is accepted.")
        raise BadInput("missing", template, name=name, found=shortened(rows))
    return rows


def check_count(rows: Any, name: str, most: int) -> None:
    """TooLarge where there are more than `most`."""
    if len(rows) > most:
        template = N_("{name} has {found} entries; at most {most} are accepted at once.")
        raise TooLarge("too_many", template, name=name, found=len(rows), most=most)


def floats(rows: Any, name: str) -> Array:
    """Rows as float32; BadInput where they are none."""
    try:
        return np.ascontiguousarray(rows, dtype=np.float32)
    except (ValueError, TypeError, OverflowError) as error:
        template = N_("{name} holds something that is no number, or rows of different lengths: {reason}.")
        raise BadInput("not_numbers", template, name=name, reason=error) from error


def check_range(values: Array, name: str, low: float, high: float) -> None:
    """BadInput, which names the place and quotes the value, where one is not a number from `low` to `high`."""
    if not (values.min() >= low and values.max() <= high):
        wrong = ~((values >= low) & (values <= high))
        place = np.argwhere(wrong)[0]
        where = name + "".join(f"[{i}]" for i in place)
        template = N_("{where} is {value:g}; numbers from {low:g} to {high:g} are accepted.")
        raise BadInput("out_of_range", template, where=where, value=float(values[tuple(place)]), low=low, high=high)
