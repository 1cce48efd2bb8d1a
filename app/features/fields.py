"""What one unit sees of the picture: its exact receptive field, and where it really looks. Importing imports torch."""

from typing import Any

import torch

from lente.app.features.captures import Capture
from lente.app.features.maps import Array
from lente.app.features.unit import checked_unit, writable
from lente.models.tracing.receptive_field import box, effective_field, fields
from lente.models.tracing.recording import record


def field_of(capture: Capture, layer: str, unit: tuple[int, ...]) -> tuple[dict[str, Array], dict[str, Any]]:
    """`mass` (S, S), the gradient's, which sums to 1 or is all 0, and the fields, in pixels of the network's input.

    Facts: `exact` is what lies inside the picture, `unclipped` as if it went on; `effective` the side and centre (row,
    column) of the square that holds 95 % of the mass; `fields` the exact field in every layer before.
    """
    name, place = checked_unit(capture, layer, unit)
    with writable(capture, name):
        exact, unclipped = (box(capture.recording, name, place, clipped=clipped)._asdict() for clipped in (True, False))
        before = fields(capture.recording, name, place)
    image = torch.from_numpy(capture.prepared.values)[None]
    effective = effective_field(record(capture.module, image, [name], gradients=True), name, place)
    facts = {
        "layer": name,
        "unit": list(place),
        "exact": exact,
        "unclipped": unclipped,
        "effective": {"side": effective.side, "center": list(effective.center), "share": effective.share},
        "fields": {each: [list(interval) for interval in intervals] for each, intervals in before.items()},
    }
    return {"mass": effective.mass.numpy()}, facts
