"""What a visitor asks to be convolved or pooled: bounded for a server, then checked and computed by `models`."""

from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass
from functools import wraps
from typing import Any, ParamSpec, TypeVar

import numpy as np

from lente.app.convolution.bounds import BOUNDS, LARGEST_PICTURE
from lente.app.errors import BadInput, LenteError, TooLarge
from lente.app.i18n import N_
from lente.app.pictures.store import Store
from lente.app.server.queues.budget import Budget
from lente.models.convolution.inputs import as_count, as_numbers, as_one_of, as_pair
from lente.models.convolution.problem import Convolution, Settings, as_given
from lente.models.convolution.second_thread import Beside
from lente.models.errors import ModelError

Array = np.ndarray[Any, np.dtype[Any]]
P = ParamSpec("P")
R = TypeVar("R")

MOST_RESULTS = 12_000_000
MOST_PRODUCTS = {4: 20_000_000_000, 8: 3_000_000_000}  # by bytes of a number
MOST_PADDED_BYTES = 80_000_000
MOST_UNFOLDED_BYTES = 64_000_000
MOST_FILTERS = 4  # more kernels than these are PyTorch's, which makes no more results than are wanted
CODES = {
    "bad_dilation": "dilation_invalid",
    "bad_kind": "kind_unknown",
    "bad_padding": "padding_invalid",
    "bad_padding_mode": "padding_mode_unknown",
    "bad_size": "size_invalid",
    "bad_stride": "stride_invalid",
    "empty": "{field}_empty",
    "kernel_too_large": "kernel_does_not_fit",
    "not_a_number": "{field}_not_a_number",
    "not_finite": "{field}_out_of_range",
    "out_of_range": "{field}_out_of_range",
    "padding_too_large": "padding_too_large",
    "ragged": "{field}_ragged",
    "same_needs_stride_1": "same_needs_stride_1",
    "too_many": "{field}_too_many",
    "too_many_rows": "kernel_too_large",
    "window_too_large": "size_too_large",
    "wrong_bias": "bias_invalid",
    "wrong_channels": "kernel_channels",
    "wrong_rank": "{field}_dimensions",
}


def answerable(function: Callable[P, R]) -> Callable[P, R]:
    """Raises what `models` refuses as an error of the API's: its own code and status, the same sentence."""

    @wraps(function)
    def answering(*arguments: P.args, **options: P.kwargs) -> R:
        try:
            return function(*arguments, **options)
        except ModelError as error:
            raise _answer(error) from error

    return answering


def _answer(error: ModelError) -> LenteError:
    kind = TooLarge if error.code == "too_many" else BadInput
    return kind(CODES[error.code].format(field=error.field), N_("{reason}."), reason=error.sentence)


@dataclass(frozen=True)
class Kernel:
    """A kernel with its settings, as they came: see `Kernel.checked`."""

    weights: Any
    bias: Any = 0
    stride: Any = 1
    padding: Any = 0
    padding_mode: Any = "zeros"
    dilation: Any = 1

    @answerable
    def checked(self) -> Settings:
        """The same, known to be good by itself; BadInput with the field's name in its code otherwise."""
        return Settings.of(self.weights, self.bias, self.stride, self.padding, self.padding_mode, self.dilation, BOUNDS)


@answerable
def convolve(
    settings: Settings, x: Array, beside: Beside | None = None, budget: Budget | None = None
) -> tuple[Array, dict[str, Any]]:
    """`x` (H, W) or (C, H, W) convolved, and the size formula with its numbers. Waits for its part of a `budget`."""
    whole = settings.on(x if x.ndim == 3 else x[None])
    _check_work(whole)
    from lente.models.convolution.fast import correlate  # this one loads torch

    with nullcontext() if budget is None else budget.of(_room(whole)):
        output = as_given(x, correlate(whole, beside))
    sizes = zip(("height", "width"), output.shape[-2:], strict=True)
    formula = {name: _formula(whole, axis, size) for axis, (name, size) in enumerate(sizes)}
    return output, {"shape": list(output.shape), "formula": formula}


def _check_work(whole: Convolution) -> None:
    """Refuses what would take too long or too much memory, before it is begun."""
    settings, (height, width) = whole.settings, whole.size()
    channels, rows, columns = whole.padded_shape()
    size = whole.picture.dtype.itemsize
    if (values := channels * rows * columns) * size > MOST_PADDED_BYTES:
        template = N_("With its padding the image would have {values} values; at most {most} are accepted.")
        raise TooLarge("padded_too_large", template, values=values, most=MOST_PADDED_BYTES // size)
    # Strides leave results out, but where a filter makes them all first they cost as much.
    products = len(settings.kernels) * values * settings.kernels[0, 0].size
    if len(settings.kernels) <= MOST_FILTERS and products > 2 * MOST_PRODUCTS[size]:
        template = N_("The image with its padding would take {products} products; at most {most} are accepted.")
        raise TooLarge("output_too_large", template, products=products, most=2 * MOST_PRODUCTS[size])
    results = len(whole.picture if settings.alike else settings.kernels) * height * width
    terms = settings.kernels[0].size
    most = min(MOST_RESULTS, MOST_PRODUCTS[size] // terms)
    if results > most:
        template = N_("The output would be {results} sums of {terms} products; at most {most} sums are accepted.")
        raise TooLarge("output_too_large", template, results=results, terms=terms, most=most)


def _room(whole: Convolution) -> int:
    """The bytes that it takes at most: what is padded and laid out anew, what is unfolded, and the results."""
    settings, (height, width) = whole.settings, whole.size()
    channels, rows, columns = whole.padded_shape()
    planes = channels if settings.alike else len(settings.kernels)
    results = planes * (height * width if planes > MOST_FILTERS else rows * columns)
    unfolded = planes * height * width * settings.kernels[0].size
    size = whole.picture.dtype.itemsize
    return int(size * (2 * channels * rows * columns + results) + min(MOST_UNFOLDED_BYTES, size * unfolded))


def _formula(whole: Convolution, axis: int, size: int) -> str:
    settings, side = whole.settings, whole.picture.shape[1 + axis]
    before, after = settings.padding[axis]
    pads = f"2 * {before}" if before == after else f"{before} + {after}"
    kernel, stride, dilation = settings.kernels.shape[2 + axis], settings.stride[axis], settings.dilation[axis]
    return f"floor(({side} + {pads} - {dilation} * ({kernel} - 1) - 1) / {stride}) + 1 = {size}"


@answerable
def pool(x: Array, kind: Any, size: Any, stride: Any, budget: Budget) -> tuple[Array, dict[str, Any]]:
    """`x` (H, W) or (C, H, W) pooled, and the size formula with its numbers. Waits for its part of the `budget`."""
    kind = as_one_of(kind, "kind", ("max", "average"))
    window = as_pair(size, "size", 1, BOUNDS.side)
    steps = window if stride is None else as_pair(stride, "stride", 1, BOUNDS.stride)
    from lente.models.convolution.pooling import average_pool, max_pool

    with budget.of(2 * x.nbytes):  # its planes pooled, and all of them together
        output = (max_pool if kind == "max" else average_pool)(x, window, steps)
    sides = zip(("height", "width"), x.shape[-2:], window, steps, output.shape[-2:], strict=True)
    formula = {name: f"floor(({side} - {part}) / {step}) + 1 = {found}" for name, side, part, step, found in sides}
    return output, {"shape": list(output.shape), "formula": formula}


@answerable
def input_of(given: dict[str, Any], size: Any, store: Store) -> Array:
    """The one of matrix, tensor and image that is given: (H, W) float64, or (C, H, W) float64 or float32 in 0..1."""
    named = [name for name, value in given.items() if value is not None]
    if len(named) != 1:
        template = N_("Exactly one of {accepted} is needed; {found} given.")
        found = ", ".join(named) or "0"
        raise BadInput("input_missing", template, accepted=", ".join(given), found=found)
    name = named[0]
    if name == "image":
        return _tensor(str(given["image"]), size, store)
    return as_numbers(given[name], name, (2,) if name == "matrix" else (3,), BOUNDS)


def _tensor(id: str, size: Any, store: Store) -> Array:
    longest = None if size is None else as_count(size, "size", 1, LARGEST_PICTURE)
    height, width = store.get(id).shape[:2]
    scale = min(1, (longest or height + width) / max(height, width))
    found = round(height * scale) * round(width * scale) * 3
    if found > MOST_RESULTS:
        template = N_(
            "The picture has {found} values; at most {most} are accepted here. Ask for a smaller one: size 1024."
        )
        raise TooLarge("image_too_large", template, found=found, most=MOST_RESULTS)
    return store.tensor(id, longest)
