"""What comes back from the loss to a map and to the weights that made it. Importing this module imports torch."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor

from lente.app.errors import BadInput
from lente.app.features.anatomy import layouts
from lente.app.features.captures import Capture
from lente.app.features.layers import record_of
from lente.app.features.maps import Array, as_maps
from lente.app.features.unit import writable
from lente.app.i18n import N_
from lente.models.tracing.explaining import Explanation
from lente.models.tracing.gradients import Backward, backward, explain_unit, explain_weight
from lente.models.tracing.recording import Record

Place = tuple[int, ...]


@dataclass(frozen=True)
class Asked:
    """A map of a layer, with the class that the picture is said to be.

    Attributes:
        target: index of the class; the most likely if None.
        place: row and column in the map; where most came back if None.
        weight: place in the layer's weights; of the map's own the one with the largest gradient if None.
        limit: terms of each sum, at most.
    """

    layer: str
    channel: int
    target: int | None
    place: Place | None
    weight: Place | None
    limit: int


def blamed(capture: Capture, asked: Asked) -> tuple[dict[str, Array], dict[str, Any]]:
    """`came_back` (H, W) to the map, and `kernel` (h, w), the gradients of the slice that the weight is of.

    Facts: `class`, `probability` and `loss`; `unit` with `sum`, the terms of what came back there; `parameter`, its
    `shape`, `index` and `weight`, the terms of its gradient. Where the layer has no weights the last four are missing.
    """
    recording = capture.recording
    record = record_of(capture, asked.layer)
    with writable():
        target = _likeliest(capture) if asked.target is None else asked.target
        back = backward(recording, [target])
        maps, units = _maps(capture, record, back.gradient(record))
        if not 0 <= asked.channel < len(maps):
            template = N_("{field} {value} does not exist: from 0 to {last} are accepted.")
            raise BadInput(
                "out_of_range", template, field=f"{record.name}: channel", value=asked.channel, last=len(maps) - 1
            )
        unit = _unit(record, recording.unit_shape(record), maps[asked.channel], units[asked.channel], asked.place)
        facts: dict[str, Any] = {
            "class": target,
            "probability": float(back.probabilities[0, target]),
            "loss": back.loss,
            "unit": list(unit),
            "sum": _told(explain_unit(back, record.name, unit), asked.limit),
        }
        kernel, more = _weight(back, record, asked)
    tensors = {"came_back": maps[asked.channel].float().numpy()}
    if kernel is not None:
        tensors["kernel"] = kernel.float().numpy()
    return tensors, {**facts, **more}


def _likeliest(capture: Capture) -> int:
    answer = capture.recording.answers.get(())
    return 0 if answer is None else int(capture.recording.output(answer).flatten().argmax())


def _maps(capture: Capture, record: Record, gradient: Tensor) -> tuple[Tensor, Tensor]:
    """What came back as maps (C, H, W), a vector as maps of one pixel, and for each number where it lies in the unit's
    own order."""
    layout = layouts(capture.recording)[record.name]
    own = gradient[0] if capture.recording.has_batch(record) else gradient
    order = torch.arange(own.numel()).reshape(own.shape)
    if own.dim() < 2:
        return own.reshape(-1, 1, 1), order.reshape(-1, 1, 1)
    return as_maps(own, layout), as_maps(order, layout)


def _unit(record: Record, shape: Place, came_back: Tensor, order: Tensor, place: Place | None) -> Place:
    if place is None:
        flat = int(order.flatten()[came_back.abs().flatten().argmax()])
    elif len(place) == 2 and all(0 <= i < n for i, n in zip(place, order.shape, strict=True)):
        flat = int(order[place])
    else:
        template = N_("There is no unit {unit} in {layer}, whose shape is {shape}: each index counts from 0.")
        places, sizes = (",".join(map(str, each)) for each in (place, order.shape))
        raise BadInput("unknown_unit", template, unit=places, layer=record.name, shape=sizes)
    return tuple(int(i) for i in np.unravel_index(flat, shape))


def _weight(back: Backward, record: Record, asked: Asked) -> tuple[Tensor | None, dict[str, Any]]:
    """The slice of gradients that the weight is of, where it has rows and columns, and the weight's own as a sum."""
    found = {name: gradient for name, gradient in back.weights(record).items() if gradient.dim() > 1}
    if not found:
        return None, {}
    name, gradient = next(iter(found.items()))
    if asked.weight is None:
        own = gradient[min(asked.channel, len(gradient) - 1)]
        largest = np.unravel_index(int(own.abs().argmax()), tuple(own.shape))
        index: Place = (min(asked.channel, len(gradient) - 1), *(int(i) for i in largest))
    else:
        index = asked.weight
    told = _told(explain_weight(back, name, index), asked.limit)
    facts = {"parameter": name, "shape": list(gradient.shape), "index": list(index), "weight": told}
    return (gradient[index[:2]] if gradient.dim() == 4 else None), facts


def _told(explanation: Explanation, limit: int) -> dict[str, Any]:
    return {**explanation.as_dict(limit, "contribution"), "total": explanation.total()}
