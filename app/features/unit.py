"""The arithmetic of one unit, as the API tells it. Importing this module imports torch."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import torch

from lente.app.errors import BadInput
from lente.app.features.captures import Capture
from lente.app.features.layers import record_of
from lente.app.features.maps import Array
from lente.app.i18n import N_
from lente.app.server.wire import finite
from lente.models.errors import Unexplained
from lente.models.tracing.explaining import explain
from lente.models.tracing.receptive_field import box, effective_field, fields
from lente.models.tracing.recording import record


def explained(
    capture: Capture, layer: str, unit: tuple[int, ...], order: str, limit: int | None, start: int
) -> dict[str, Any]:
    """The terms of `unit` in `layer`, and how they make its value. NotFound, BadInput."""
    name, place = checked_unit(capture, layer, unit)
    with writable():
        told = explain(capture.recording, name, place).as_dict(limit, order, start)
    return finite(told)  # type: ignore[no-any-return]


@contextmanager
def writable() -> Iterator[None]:
    """Turns what `models` cannot explain into an error that a visitor understands."""
    try:
        yield
    except Unexplained as error:
        template = N_("The layer {layer} ({operation}) cannot be written out: {why}.")
        values = {"layer": error.layer, "operation": error.operation, "why": error.why}
        raise BadInput("unexplained", template, **values) from error


def _on_picture(before: dict[str, tuple[tuple[int, int], ...]]) -> dict[str, int]:
    """The field on the picture; empty where nothing of it is read."""
    (top, bottom), (left, right) = before["input"][-2:] if "input" in before else ((0, 0), (0, 0))
    return {"top": top, "left": left, "bottom": bottom, "right": right}


def checked_unit(capture: Capture, layer: str, unit: tuple[int, ...]) -> tuple[str, tuple[int, ...]]:
    """The layer's own name and the unit; BadInput quotes the shape that it doesn't fit."""
    one = record_of(capture, layer)
    shape = capture.recording.unit_shape(one)
    if len(unit) != len(shape) or not all(0 <= i < n for i, n in zip(unit, shape, strict=False)):
        template = N_("There is no unit {unit} in {layer}, whose shape is {shape}: each index counts from 0.")
        places, sizes = (",".join(map(str, each)) for each in (unit, shape))
        raise BadInput("unknown_unit", template, unit=places, layer=one.name, shape=sizes)
    return one.name, unit


def field_of(capture: Capture, layer: str, unit: tuple[int, ...]) -> tuple[dict[str, Array], dict[str, Any]]:
    """`mass` (S, S), the gradient's, which sums to 1 or is all 0, and the fields, in pixels of the network's input.

    Facts: `exact` is what lies inside the picture, `unclipped` as if it went on; `effective` the side and centre (row,
    column) of the square that holds 95 % of the mass; `fields` the exact field in every layer before.
    """
    name, place = checked_unit(capture, layer, unit)
    with writable():
        before = fields(capture.recording, name, place)
        exact = _on_picture(before)
        unclipped = box(capture.recording, name, place, clipped=False)._asdict()
    image = torch.from_numpy(capture.prepared.values)[None]
    effective = effective_field(record(capture.module, image, [name], gradients=True, until_fault=True), name, place)
    facts = {
        "layer": name,
        "unit": list(place),
        "exact": exact,
        "unclipped": unclipped,
        "effective": {"side": effective.side, "center": list(effective.center), "share": effective.share},
        "fields": {each: [list(interval) for interval in intervals] for each, intervals in before.items()},
    }
    return {"mass": effective.mass.numpy()}, facts
