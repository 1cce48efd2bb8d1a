"""Which channels of a layer carry a class: each is switched off in turn, truly, and the network asked again.

Importing this module imports torch.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from math import prod

import torch
from torch import Tensor, nn

from lente.app.errors import BadInput
from lente.app.features.anatomy import Change, Part
from lente.app.features.attribution import check_classes
from lente.app.features.preparation import Prepared
from lente.app.features.shown import Shown
from lente.app.features.surgery import Surgery, operated, read_surgery
from lente.app.i18n import N_
from lente.app.server.queues.long_work import Progress

MOST_CHANNELS = 2048
_VALUES_AT_ONCE = 4_000_000
ROOM_BYTES = 4 * 4 * _VALUES_AT_ONCE  # what goes into an operation and what comes out of it, as measured
_MOST_AT_ONCE = 16


@dataclass(frozen=True)
class Effects:
    """What is lost with each channel (C,): the class's probability and logit with all, less those without it."""

    layer: str
    index: int
    probability: Tensor
    logit: Tensor
    whole_probability: float


def check(shown: Shown, layer: str, index: int | None) -> None:
    """Raises NotFound, BadInput for a layer whose channels cannot be switched off, or a class that there is not."""
    check_classes(shown)
    part = shown.anatomy.part(layer)
    shown.anatomy.probe(part.name)
    if part.channels > MOST_CHANNELS:
        template = N_("The layer {layer} has {found} channels; at most {most} can be switched off in turn.")
        raise BadInput("too_many_channels", template, layer=part.name, found=part.channels, most=MOST_CHANNELS)
    if index is not None and not 0 <= index < len(shown.classes):
        template = N_("{field} {value} does not exist: from 0 to {last} are accepted.")
        raise BadInput("out_of_range", template, field="class", value=index, last=len(shown.classes) - 1)


def ablate(
    shown: Shown, prepared: Prepared, surgery: str, layer: str, index: int | None, progress: Progress
) -> Effects:
    """The effect of every channel of `layer` on class `index`, or on the most likely one."""
    part, edits = shown.anatomy.part(layer), read_surgery(surgery)
    x = torch.from_numpy(prepared.values)[None]
    whole = _logits(shown, operated(shown.pristine, edits, shown.anatomy), x)[0]
    chosen = int(whole.argmax()) if index is None else index
    ablated = torch.cat(list(_without_each(shown, edits, part, x, progress)))
    probability, whole_probability = ablated.softmax(1)[:, chosen], whole.softmax(0)[chosen]
    effects = whole_probability - probability, whole[chosen] - ablated[:, chosen]
    return Effects(part.name, chosen, *effects, float(whole_probability))


def _without_each(shown: Shown, edits: Surgery, part: Part, x: Tensor, progress: Progress) -> Iterator[Tensor]:
    """Logits (n, K) without each of n channels, until all have had their turn.

    What comes before the layer runs once: the batch begins there. Where that meets something that stays one picture and
    cannot be repeated (a concatenation, an addition in place), the batch begins with the picture.
    """
    first, at_once, from_picture = 0, _at_once(prod(part.shape)), False
    while first < part.channels:
        progress(first, part.channels)
        channels = range(first, min(first + at_once, part.channels))
        network = operated(shown.pristine, edits, shown.anatomy)
        shown.anatomy.insert(network, part.name, _switch(part, channels))
        try:
            logits = _logits(shown, network, x.expand(len(channels), -1, -1, -1) if from_picture else x)
        except RuntimeError:
            if from_picture:
                raise
            from_picture, at_once = True, _at_once(max(prod(one.shape) for one in shown.anatomy.parts.values()))
            continue
        yield logits
        first = channels.stop


def _at_once(values: int) -> int:
    """How many pictures go through layers of so many values together."""
    return max(1, min(_MOST_AT_ONCE, _VALUES_AT_ONCE // max(1, values)))


def _switch(part: Part, channels: range) -> Change:
    """Makes of a layer's output (1, ...) or (n, ...) n of them, each without one of the channels."""
    masks = torch.ones(len(channels), part.channels)
    masks[torch.arange(len(channels)), torch.tensor(channels)] = 0
    ones = [1] * (len(part.shape) - 1)
    shaped = masks.reshape(len(channels), *ones, -1) if part.channels_last else masks.reshape(*masks.shape, *ones)
    return lambda output: output * shaped


def _logits(shown: Shown, network: nn.Module, x: Tensor) -> Tensor:
    with torch.no_grad():
        return shown.scores(network, x)
