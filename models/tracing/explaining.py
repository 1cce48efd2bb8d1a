"""The arithmetic behind any number of any layer, written out so that it adds up.

    explanation = explain(recording, "conv1", (0, 12, 12))
    explanation.value, explanation.bias, explanation.terms(limit=9, order="contribution")

A term of kind "unit" is the recorded output of `term.layer` at `term.unit`, so one can walk on from there, back to the
pixels of "input". Which operations are covered stands in `lente.models.tracing.operations.table`; whatever they say, no
explanation leaves this module whose terms do not make the value.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from lente.models.errors import ModelError
from lente.models.phrases import N_, Phrase, shortened
from lente.models.tracing.operations.table import EXPLAINERS
from lente.models.tracing.operations.terms import (
    Floats,
    Index,
    Integers,
    Kind,
    Part,
    Terms,
    Unit,
    following,
    unexplained,
)
from lente.models.tracing.recording import INPUT, Record, Recording

_TINIEST = float(np.finfo(np.float32).tiny)  # below, float32 has hardly any digits
LARGEST_MISS = 1e-4  # of the value, or of the largest number that went into it: float32 rounds to that
_REASONS = {
    "opaque": N_("it computes outside PyTorch's recordable operations, in NumPy or TorchScript for instance"),
    "altered": N_("its memory was written to through another view"),
}


@dataclass(frozen=True)
class Term:
    """One input, its weight and their product.

    Of `kind` "unit" it was read from `layer` at `unit`. A "constant" of the code, a "weight" (`name` is the parameter
    that it is, or was made of) and "padding" come from no layer: `layer` is None, `unit` the place in that tensor.
    """

    input: float
    weight: float
    product: float
    layer: str | None
    unit: Index
    kind: Kind = "unit"
    name: str | None = None


@dataclass(frozen=True, eq=False)
class Explanation:
    """How the value of one unit is made of N terms.

    `combine` says how: "sum" (bias and products), "copy" (the one term, or what stands in `bias`), "function" (the
    first product is the function's value, named by `formula`; further terms are what else it was given), "max", "min"
    and "topk" (the one chosen has weight 1, all others 0), "product" (of the products), "quotient" (of the inputs),
    "root" (of the sum of the products), "softmax" and "log_softmax" (the products are exponentials; the one of term
    `own` over the sum of all), "logsumexp" (the logarithm of that sum, plus the largest), "input" (a pixel: no terms).
    `inputs`, `weights`, `products` are float64 (N,); term n belongs to part `origin[n]`, of which `sources`, `kinds`
    and `names` tell; it was read at `places[n]`, which begins with the batch; origin -1 is padding. `shape` is the
    terms' layout: (C, kh, kw) for a convolution.
    """

    layer: str
    unit: Index
    operation: str
    formula: str
    combine: str
    value: float
    bias: float | None
    inputs: Floats
    weights: Floats
    products: Floats
    sources: tuple[str | None, ...]
    kinds: tuple[Kind, ...]
    names: tuple[str | None, ...]
    origin: Integers
    places: Integers
    leading: Integers
    ranks: Integers
    shape: tuple[int, ...] | None
    own: int | None
    details: dict[str, float]

    def __len__(self) -> int:
        return len(self.inputs)

    def total(self) -> float:
        """The value that the terms and the bias make, in float64."""
        if self.combine == "input":
            return self.value
        total = float(self.products.sum()) + (self.bias or 0.0)
        own = float(self.products[self.own or 0]) if len(self) else 0.0
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            match self.combine:
                case "product":
                    return float(self.products.prod())
                case "quotient":
                    return float(self.inputs[0] / self.inputs[1])
                case "root":
                    return float(np.sqrt(total))
                case "softmax":
                    return float(own / np.float64(total))
                case "log_softmax":
                    return float(np.log(own / np.float64(total)))
                case "logsumexp":
                    return float(np.log(total)) + self.details["largest"]
                case _:
                    return total

    def error(self) -> float:
        """How far `total()` is from the value, relative to the largest number involved, which bounds the rounding."""
        total = self.total()
        if total == self.value:  # infinite ones too
            return 0.0
        largest = max(abs(self.value), abs(total))
        if self.combine not in ("product", "quotient", "softmax"):  # there it does not bound it
            largest = max(largest, abs(self.bias or 0.0), float(np.abs(self.products).max(initial=0.0)))
        return abs(total - self.value) / largest if largest > _TINIEST or math.isnan(total) else 0.0

    def terms(self, limit: int | None = None, order: str = "input", start: int = 0) -> list[Term]:
        """Terms in the order of the input, or by the size of their product (order="contribution"), at most `limit`."""
        return [self._term(int(n)) for n in self._ranked(order)[start : None if limit is None else start + limit]]

    def by_channel(self) -> Floats:
        """The sum of the products for each input channel of a convolution (C,)."""
        if self.shape is None or self.formula not in ("convolution", "transposed_convolution"):
            template = N_("{layer!r} is no convolution; only those have sums by channel")
            raise ModelError("no_channels", template, "layer", layer=self.layer)
        sums: Floats = self.products.reshape(self.shape[0], -1).sum(1)
        return sums

    def as_dict(self, limit: int | None = None, order: str = "input", start: int = 0) -> dict[str, Any]:
        """All of it in plain numbers, for JSON."""
        names = ("layer", "operation", "formula", "combine", "value", "bias", "own", "details")
        plain = {name: getattr(self, name) for name in names}
        terms = [_plain(term) for term in self.terms(limit, order, start)]
        shape = None if self.shape is None else list(self.shape)
        return {**plain, "unit": list(self.unit), "shape": shape, "count": len(self), "terms": terms}

    def _ranked(self, order: str) -> Integers:
        if order == "input":
            return np.arange(len(self))
        if order != "contribution":
            template = N_("order {value} is not one of input, contribution")
            raise ModelError("bad_order", template, "order", value=shortened(order))
        # A padding cell contributes nothing, whatever its weight.
        return np.argsort(-np.abs(self.products), kind="stable")

    def _term(self, n: int) -> Term:
        origin = int(self.origin[n])
        unit = tuple(int(i) for i in self.places[n, self.leading[n] : self.ranks[n]])
        layer, kind, name = (
            (None, "padding", None) if origin < 0 else (self.sources[origin], self.kinds[origin], self.names[origin])
        )
        return Term(float(self.inputs[n]), float(self.weights[n]), float(self.products[n]), layer, unit, kind, name)


def explain(recording: Recording, layer: str, unit: Sequence[int], picture: int = 0) -> Explanation:
    """Explain one unit: its index without the batch, (c, h, w) or (i,), for picture number `picture` of the batch.

    Raises ModelError: "unknown_layer", "bad_unit" quoting the layer's shape, "not_kept" where the recording has not
    kept an output that is needed, and "unexplained" with a reason: an operation whose arithmetic is not known here,
    that failed, or whose terms do not make the value.
    """
    record = recording.record(layer)
    index = full_index(recording, record, tuple(unit), picture)
    output = recording.output(record).detach()
    if output.is_complex():
        raise unexplained(record, Phrase(N_("its numbers are complex")))
    value = float(output[index])
    with following(record):
        explanation = gathered(recording, record, index, value, _terms(Unit(recording, record, index)))
        judged(record, explanation)
    return explanation


def judged(record: Record, explanation: Explanation) -> None:
    """Refuses what does not add up, whatever the reason."""
    value, total = explanation.value, explanation.total()
    if not math.isfinite(value) and explanation.combine != "copy":
        raise unexplained(record, Phrase(N_("its value is {value:g}, which no sum makes"), value=value))
    if not explanation.error() <= LARGEST_MISS:
        template = N_("its terms make {total:g}, and its value is {value:g}")
        raise unexplained(record, Phrase(template, total=total, value=value))


def _terms(unit: Unit) -> Terms:
    operation = unit.record.operation
    if operation == INPUT:
        return Terms(INPUT, INPUT, [])
    explainer = EXPLAINERS.get(operation)
    if explainer is None:
        unknown = N_("the arithmetic of {operation!r} is not known here")
        raise unexplained(unit.record, Phrase(_REASONS.get(operation, unknown), operation=operation))
    return explainer(unit)


def full_index(recording: Recording, record: Record, unit: Index, picture: int = 0) -> Index:
    """The unit's index in the whole output; ModelError "bad_unit" or "bad_picture" where there is no such unit."""
    shape = recording.unit_shape(record)
    whole = all(isinstance(i, (int, np.integer)) for i in unit)
    if len(unit) != len(shape) or not whole or not all(0 <= i < n for i, n in zip(unit, shape, strict=True)):
        template = N_(
            "unit {unit} is not in {layer!r}, whose shape is {shape}; give {count} whole numbers from 0 to one less "
            "than these"
        )
        values = {"unit": list(unit), "layer": record.name, "shape": list(shape), "count": len(shape)}
        raise ModelError("bad_unit", template, "unit", **values)
    if not 0 <= picture < recording.batch:
        template = N_("picture {number} is not among the {count} recorded")
        raise ModelError("bad_picture", template, "picture", number=picture, count=recording.batch)
    return (picture, *unit) if recording.has_batch(record) else unit


def gathered(recording: Recording, record: Record, index: Index, value: float, terms: Terms) -> Explanation:
    """The parts as arrays, one entry per term."""
    parts = terms.parts
    sources = [None if part.source is None else recording.records[part.source] for part in parts]
    counts = [len(part.inputs) for part in parts]
    widest = max((part.places.shape[1] for part in parts), default=0)
    places = [np.pad(part.places, ((0, 0), (0, widest - part.places.shape[1]))) for part in parts]
    leading = [int(source is not None and recording.has_batch(source)) for source in sources]
    return Explanation(
        layer=record.name,
        unit=index[1:] if recording.has_batch(record) else index,
        operation=record.operation,
        formula=terms.formula,
        combine=terms.combine,
        value=value,
        bias=terms.bias,
        inputs=_joined([part.inputs for part in parts]),
        weights=_joined([part.weights for part in parts]),
        products=_joined([_products(part) for part in parts]),
        sources=tuple(None if source is None else source.name for source in sources),
        kinds=tuple(part.kind for part in parts),
        names=tuple(part.name for part in parts),
        origin=_joined([_origin(n, part) for n, part in enumerate(parts)]).astype(np.int64),
        places=np.concatenate(places) if places else np.zeros((0, 0), np.int64),
        leading=np.repeat(np.array(leading, np.int64), counts),
        ranks=np.repeat(np.array([part.places.shape[1] for part in parts], np.int64), counts),
        shape=terms.shape,
        own=terms.own,
        details=terms.details,
    )


def _plain(term: Term) -> dict[str, Any]:
    """`name` stands with weights alone."""
    plain = {**vars(term), "unit": list(term.unit)}
    return plain if term.name is not None else {key: value for key, value in plain.items() if key != "name"}


def _products(part: Part) -> Floats:
    return part.inputs * part.weights if part.products is None else part.products


def _origin(n: int, part: Part) -> Floats:
    return np.full(len(part.inputs), n) if part.inside is None else np.where(part.inside, n, -1)


def _joined(arrays: Sequence[Any]) -> Any:
    return np.concatenate(arrays) if arrays else np.zeros(0)
