"""What one unit sees of the picture: its exact receptive field, and where it really looks. Importing imports torch.

The effective field is the size of the gradient of the unit with respect to the picture, summed over the channels
(Luo, Li, Urtasun and Zemel, "Understanding the effective receptive field", 2016: https://arxiv.org/abs/1701.04128).
"""

from typing import Any

import torch
from torch import Tensor

from app.captures import Capture
from app.explanation import checked_unit
from app.maps import Array
from app.networks import Shown
from models.recording import record

MOST_MASS = 0.95


def field_of(shown: Shown, capture: Capture, layer: str, unit: tuple[int, ...]) -> tuple[dict[str, Array], dict[str, Any]]:
    """`mass` (S, S), which sums to 1 unless it is 0, and the boxes: exact, and the smallest with 95 % of the mass."""
    name, place = checked_unit(capture, layer, unit)
    mass = gradient_mass(capture, name, place)
    return {"mass": mass.numpy()}, {"layer": name, "unit": list(place), "effective": _central_box(mass)}


def gradient_mass(capture: Capture, layer: str, unit: tuple[int, ...]) -> Tensor:
    """(S, S), the share of each pixel in the size of the unit's gradient; all 0 where the unit depends on none."""
    image = torch.from_numpy(capture.prepared.values)[None]
    recording = record(capture.module, image, [layer], gradients=True)
    one = recording.record(layer)
    value = recording.output(one)[(0, *unit) if recording.has_batch(one) else unit]
    if not value.requires_grad:
        return torch.zeros(image.shape[-2:])
    (gradient,) = torch.autograd.grad(value, recording["input"], allow_unused=True)
    mass = torch.zeros(image.shape[-2:]) if gradient is None else gradient[0].abs().sum(0)
    return mass / mass.sum() if float(mass.sum()) > 0 else mass
