"""A network run up to one layer and no further, in copies of one's own. Importing this module imports torch."""

from collections.abc import Callable
from contextlib import suppress

import torch
from torch import Tensor, nn

from lente.app.errors import BadInput
from lente.app.features.anatomy import Part
from lente.app.features.shown import Shown
from lente.app.features.surgery import operated, read_surgery
from lente.app.i18n import N_

# What these give is what they read, cut off or divided: where it is flat, no gradient leads on.
_CUT_OFF = ("relu", "relu6", "hardtanh", "softmax")


class _Reached(Exception):
    """The layer was computed; what comes after it need not be."""


def check_channel(shown: Shown, layer: str, channel: int) -> Part:
    """The layer; NotFound, BadInput for a layer that cannot be reached or has no such map."""
    part = shown.anatomy.part(layer)
    shown.anatomy.probe(part.name)
    if part.layout not in ("CHW", "HWC", "Z"):
        template = N_("The layer {layer} has no maps: its shape is {shape}.")
        raise BadInput("layer_without_maps", template, layer=part.name, shape=",".join(map(str, part.shape)))
    if not 0 <= channel < part.channels:
        template = N_("{field} {value} does not exist: from 0 to {last} are accepted.")
        raise BadInput("out_of_range", template, field=f"{part.name}: channel", value=channel, last=part.channels - 1)
    return part


def before_cut(shown: Shown, part: Part) -> Part:
    """The layer that `part` only cuts off (ReLU, softmax), where that can be reached and has the same maps."""
    record = shown.anatomy.recording.record(part.name)
    if record.operation not in _CUT_OFF or len(record.inputs) != 1:
        return part
    source = shown.anatomy.part(record.inputs[0])
    return source if shown.anatomy.can_probe(source.name) and source.shape == part.shape else part


def reacher(shown: Shown, surgery: str, part: Part) -> Callable[[Tensor], Tensor]:
    """What computes that layer for pictures (B, C, S, S), prepared: (B, C', H, W), channels first, or (B, Z)."""
    network = operated(shown.pristine, read_surgery(surgery), shown.anatomy)
    kept: list[Tensor] = []

    def keep(output: Tensor) -> Tensor:
        kept.append(output)
        raise _Reached

    shown.anatomy.insert(network, part.name, keep)

    def reach(x: Tensor) -> Tensor:
        kept.clear()
        with suppress(_Reached):
            network(x)
        (output,) = kept
        return output.permute(0, 3, 1, 2) if part.layout == "HWC" else output

    return reach


def accepts(network: nn.Module, channels: int, size: int) -> bool:
    """Whether the network takes squares of that size."""
    try:
        with torch.no_grad():
            network(torch.zeros(1, channels, size, size))
    except (RuntimeError, ValueError, AssertionError):
        return False
    return True
