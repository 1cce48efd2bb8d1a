"""What a visitor asks to be convolved or pooled: checked with errors that quote the value, then computed."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from lente.app.convolution.numbers import array_of, number, short, whole_number
from lente.app.errors import BadInput, TooLarge
from lente.app.i18n import N_
from lente.app.pictures.store import Store
from lente.models.convolution.second_thread import Beside

Array = np.ndarray[Any, np.dtype[Any]]

MOST_NUMBERS = 262_144
MOST_RESULTS = 12_000_000
MOST_PRODUCTS = {4: 20_000_000_000, 8: 3_000_000_000}  # by bytes of a number
LARGEST_KERNEL = 31
PADDING_MODES = ("zeros", "reflect", "replicate", "circular")


@dataclass(frozen=True)
class Kernel:
    """A kernel with its settings, as they came: see `Kernel.checked`."""

    weights: Any
    bias: Any = 0
    stride: Any = 1
    padding: Any = 0
    padding_mode: Any = "zeros"
    dilation: Any = 1

    def checked(self) -> "CheckedKernel":
        """The same, known to be good by itself; BadInput with the field's name in its code otherwise."""
        weights = array_of(self.weights, "kernel", (2, 3, 4), MOST_NUMBERS)
        height, width = weights.shape[-2:]
        if max(height, width) > LARGEST_KERNEL:
            template = N_("kernel is {height} x {width}; at most {most} x {most} is accepted.")
            raise BadInput("kernel_too_large", template, height=height, width=width, most=LARGEST_KERNEL)
        stride, dilation = whole_number(self.stride, "stride", 1, 256), whole_number(self.dilation, "dilation", 1, 64)
        mode = _one_of(self.padding_mode, "padding_mode", PADDING_MODES)
        spans = dilation * (height - 1), dilation * (width - 1)
        padding = _padding(self.padding, spans, stride)
        return CheckedKernel(weights, _bias(self.bias), stride, padding, mode, dilation, spans)


@dataclass(frozen=True)
class CheckedKernel:
    """Weights (kh, kw), (C, kh, kw) or (O, C, kh, kw), float64; padding ((top, bottom), (left, right))."""

    weights: Array
    bias: list[float]
    stride: int
    padding: tuple[tuple[int, int], tuple[int, int]]
    padding_mode: str
    dilation: int
    spans: tuple[int, int] = field(repr=False)

    def convolve(self, x: Array, beside: Beside | None = None) -> tuple[Array, dict[str, Any]]:
        """`x` (H, W) or (C, H, W) convolved, and the size formula with its numbers."""
        sizes = self._sizes(x.shape[-2:])
        self._check_work(x, sizes)
        output = self._convolved(x, beside)
        names = ("height", "width")
        formula = {name: self._formula(axis, x.shape[axis - 2], sizes[axis]) for axis, name in enumerate(names)}
        return output, {"shape": list(output.shape), "formula": formula}

    def _convolved(self, x: Array, beside: Beside | None) -> Array:
        from lente.models.convolution.fast import correlate
        from lente.models.convolution.problem import Convolution, as_given

        picture, alike = x if x.ndim == 3 else x[None], self.weights.ndim == 2
        bias = np.full(len(self._cubes), self.bias)
        stride, dilation = (self.stride, self.stride), (self.dilation, self.dilation)
        whole = Convolution(picture, self._cubes, bias, stride, self.padding, self.padding_mode, dilation, alike)
        return as_given(x, correlate(whole, beside))

    @property
    def _cubes(self) -> Array:
        """The weights as (O, C, kh, kw); a plane as (1, 1, kh, kw)."""
        return self.weights.reshape((1,) * (4 - self.weights.ndim) + self.weights.shape)

    def products(self, shape: Sequence[int]) -> int:
        """How many products a picture (C, H, W) takes: every pixel's, with the zeros that dilation puts in."""
        height, width = (side + sum(pads) for side, pads in zip(shape[1:], self.padding, strict=True))
        return len(self._cubes) * shape[0] * height * width * (self.spans[0] + 1) * (self.spans[1] + 1)

    def _sizes(self, sides: Sequence[int]) -> tuple[int, int]:
        for side, pads, span in zip(sides, self.padding, self.spans, strict=True):
            most = {"reflect": side - 1, "circular": side}.get(self.padding_mode)
            if most is not None and max(pads) > most:
                template = N_("padding {padding} with {mode} needs a larger image: at most {most} fits this one.")
                values = {"padding": max(pads), "mode": self.padding_mode, "most": most}
                raise BadInput("padding_too_large", template, **values)
            if span + 1 > side + sum(pads):
                template = N_("The kernel spans {span} pixels and the padded image has {side}: it must fit in.")
                raise BadInput("kernel_does_not_fit", template, span=span + 1, side=side + sum(pads))
        height, width = (
            (side + sum(pads) - span - 1) // self.stride + 1
            for side, pads, span in zip(sides, self.padding, self.spans, strict=True)
        )
        return height, width

    def _check_work(self, x: Array, sizes: tuple[int, int]) -> None:
        channels = x.shape[0] if x.ndim == 3 else 1
        if self.weights.ndim > 2 and self.weights.shape[-3] != channels:
            template = N_("kernel has {found} slices and the image {wanted} channels: one slice for each is needed.")
            raise BadInput("kernel_channels", template, found=self.weights.shape[-3], wanted=channels)
        kernels = len(self._cubes)
        outputs = channels if self.weights.ndim == 2 else kernels
        results = outputs * sizes[0] * sizes[1]
        terms = self._cubes[0].size
        most = min(MOST_RESULTS, MOST_PRODUCTS[x.dtype.itemsize] // terms)
        if results > most:
            template = N_("The output would be {results} sums of {terms} products; at most {most} sums are accepted.")
            raise TooLarge("output_too_large", template, results=results, terms=terms, most=most)
        if len(self.bias) not in (1, kernels):
            template = N_("bias has {found} numbers; one, or one for each of the kernels ({wanted}), is accepted.")
            raise BadInput("bias_invalid", template, found=len(self.bias), wanted=kernels)

    def _formula(self, axis: int, side: int, size: int) -> str:
        before, after = self.padding[axis]
        pads = f"2 * {before}" if before == after else f"{before} + {after}"
        kernel = self.weights.shape[axis - 2]
        return f"floor(({side} + {pads} - {self.dilation} * ({kernel} - 1) - 1) / {self.stride}) + 1 = {size}"


def pool(x: Array, kind: Any, size: Any, stride: Any) -> tuple[Array, dict[str, Any]]:
    """`x` (H, W) or (C, H, W) pooled, and the size formula with its numbers."""
    kind = _one_of(kind, "kind", ("max", "average"))
    size = whole_number(size, "size", 1, LARGEST_KERNEL)
    stride = size if stride is None else whole_number(stride, "stride", 1, 256)
    if size > min(x.shape[-2:]):
        template = N_("size {size} is larger than the image's shorter side, {side}.")
        raise BadInput("size_too_large", template, size=size, side=min(x.shape[-2:]))
    from lente.models.convolution.pooling import average_pool, max_pool

    output = (max_pool if kind == "max" else average_pool)(x, size, stride)
    sizes = dict(zip(("height", "width"), zip(x.shape[-2:], output.shape[-2:], strict=True), strict=True))
    formula = {name: f"floor(({side} - {size}) / {stride}) + 1 = {out}" for name, (side, out) in sizes.items()}
    return output, {"shape": list(output.shape), "formula": formula}


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
    return array_of(given[name], name, (2,) if name == "matrix" else (3,), MOST_NUMBERS)


def _tensor(id: str, size: Any, store: Store) -> Array:
    longest = None if size is None else whole_number(size, "size", 1, 8192)
    height, width = store.get(id).shape[:2]
    scale = min(1, (longest or height + width) / max(height, width))
    found = round(height * scale) * round(width * scale) * 3
    if found > MOST_RESULTS:
        template = N_(
            "The picture has {found} values; at most {most} are accepted here. Ask for a smaller one: size 1024."
        )
        raise TooLarge("image_too_large", template, found=found, most=MOST_RESULTS)
    return store.tensor(id, longest)


def _one_of(value: Any, name: str, accepted: Sequence[str]) -> str:
    if value not in accepted:
        template = N_("{field}: {value} is not known. {accepted} are accepted.")
        raise BadInput(f"{name}_unknown", template, field=name, value=short(value), accepted=", ".join(accepted))
    return str(value)


def _padding(value: Any, spans: tuple[int, int], stride: int) -> tuple[tuple[int, int], tuple[int, int]]:
    if value == "same":
        if stride != 1:
            template = N_('padding "same" keeps the size with stride 1 only; stride is {stride}.')
            raise BadInput("same_needs_stride_1", template, stride=stride)
        rows, columns = ((span // 2, span - span // 2) for span in spans)
        return rows, columns
    if isinstance(value, str):
        template = N_('padding: {value} cannot be used. Whole numbers and "same" are accepted.')
        raise BadInput("padding_invalid", template, value=short(value))
    pixels = whole_number(value, "padding", 0, 256)
    return (pixels, pixels), (pixels, pixels)


def _bias(value: Any) -> list[float]:
    if isinstance(value, list):
        return [float(one) for one in array_of(value, "bias", (1,), MOST_NUMBERS)]
    return [number(value, "bias")]
