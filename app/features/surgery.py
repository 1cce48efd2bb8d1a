"""Operations on a network, for one request alone: the network that everybody shares stays as it is.

A surgery is a JSON list of edits, done in order:

    [{"edit": "mute", "layer": "conv1", "channels": [3, 4]},
     {"edit": "scale", "layer": "conv1", "channels": [5], "factor": 2},
     {"edit": "swap", "layer": "conv1", "channels": [0, 1]},
     {"edit": "kernel", "layer": "conv1", "output": 3, "input": 0, "values": [[0, 0, 0], [0, 1, 0], [0, 0, 0]]},
     {"edit": "bias", "layer": "conv1", "output": 3, "value": 0.5}]

mute, scale and swap change a layer's output as the following layers read it; kernel and bias change its weights.
"""

from collections.abc import Sequence
from typing import Annotated, Literal

import torch
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError
from torch import Tensor, nn

from lente.app.errors import BadInput
from lente.app.features.anatomy import Anatomy, Part, at_call, shared_copy
from lente.app.i18n import N_
from lente.models.phrases import shortened

MOST_EDITS = 64
LONGEST = 20_000


class _Edit(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)
    layer: str


class Mute(_Edit):
    """Channels of a layer's output become 0."""

    edit: Literal["mute"]
    channels: tuple[int, ...] = Field(min_length=1)


class Scale(_Edit):
    """Channels of a layer's output are multiplied."""

    edit: Literal["scale"]
    channels: tuple[int, ...] = Field(min_length=1)
    factor: float = Field(ge=-1000, le=1000)


class Swap(_Edit):
    """Two channels of a layer's output change places."""

    edit: Literal["swap"]
    channels: tuple[int, int]


class Kernel(_Edit):
    """The weights from one input channel (or, for a dense layer, one input) to one output channel are replaced."""

    edit: Literal["kernel"]
    output: int
    input: int = 0
    values: tuple[tuple[float, ...], ...] | float


class Bias(_Edit):
    """The bias of one output channel is replaced."""

    edit: Literal["bias"]
    output: int
    value: float


Edit = Annotated[Mute | Scale | Swap | Kernel | Bias, Field(discriminator="edit")]
Surgery = tuple[Edit, ...]

_READER: TypeAdapter[Surgery] = TypeAdapter(Surgery)


def read_surgery(text: str) -> Surgery:
    """A surgery from its JSON; BadInput says which edit cannot be read."""
    if len(text) > LONGEST:
        template = N_("The surgery has {found} characters; at most {most} are accepted.")
        raise BadInput("surgery_too_long", template, found=len(text), most=LONGEST)
    try:
        surgery = _READER.validate_json(text or "[]")
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place, value = ".".join(str(each) for each in first["loc"]), shortened(first.get("input"))
        template = N_(
            "The surgery cannot be read at {place}: {value} ({reason}). Accepted: mute, scale, swap, kernel, bias."
        )
        raise BadInput("surgery_invalid", template, place=place or "0", value=value, reason=first["msg"]) from error
    if len(surgery) > MOST_EDITS:
        template = N_("The surgery has {found} edits; at most {most} are accepted.")
        raise BadInput("surgery_too_long", template, found=len(surgery), most=MOST_EDITS)
    return surgery


def operated(network: nn.Module, surgery: Surgery, anatomy: Anatomy) -> nn.Module:
    """A copy of `network` that shares its tensors and bears `surgery`. NotFound, BadInput for edits that don't fit."""
    copy = shared_copy(network)
    for edit in surgery:
        if isinstance(edit, (Kernel, Bias)):
            _change_weights(copy, edit)
        else:
            _change_output(copy, edit, anatomy)
    return copy


def _change_output(network: nn.Module, edit: Mute | Scale | Swap, anatomy: Anatomy) -> None:
    part, touch = anatomy.touchable(edit.layer)
    _check_range("channels", edit.channels, part.channels)
    dimension = -1 if part.channels_last else 1
    if isinstance(edit, Swap):
        order = torch.arange(part.channels)
        order[list(edit.channels)] = order[list(reversed(edit.channels))]
        at_call(network, touch, lambda output: output.index_select(dimension, order))
    else:
        factors = _factors(part, edit.channels, edit.factor if isinstance(edit, Scale) else 0.0)
        at_call(network, touch, lambda output: output * factors)


def _factors(part: Part, channels: Sequence[int], factor: float) -> Tensor:
    """What each channel is multiplied with, shaped to multiply (B, *part.shape)."""
    factors = torch.ones(part.channels)
    factors[list(channels)] = factor
    if part.channels_last or len(part.shape) <= 1:
        return factors
    return factors.reshape(-1, *[1] * (len(part.shape) - 1))


def _change_weights(network: nn.Module, edit: Kernel | Bias) -> None:
    module = dict(network.named_modules()).get(edit.layer)
    name = "weight" if isinstance(edit, Kernel) else "bias"
    present = getattr(module, name, None)
    if module is None or not isinstance(present, Tensor) or (name == "weight" and present.dim() not in (2, 4)):
        template = N_("The layer {layer} has no {name} to change. These have: {layers}.")
        names = [path for path, each in network.named_modules() if isinstance(each, (nn.Conv2d, nn.Linear))]
        raise BadInput(
            "layer_without_weights", template, layer=shortened(edit.layer), name=name, layers=", ".join(names)
        )
    _check_range("output", [edit.output], present.shape[0])
    changed = present.detach().clone()
    if isinstance(edit, Bias):
        changed[edit.output] = edit.value
    else:
        _check_range("input", [edit.input], present.shape[1])
        changed[edit.output, edit.input] = _kernel(edit, tuple(present.shape[2:]))
    setattr(module, name, nn.Parameter(changed, requires_grad=False))


def _kernel(edit: Kernel, shape: tuple[int, ...]) -> Tensor:
    values = edit.values
    found = () if isinstance(values, float) else (len(values), *{len(row) for row in values})
    if found != shape:
        template = N_("The kernel of {layer} is {found}; {wanted} is accepted.")
        words = [" × ".join(map(str, each)) or "1" for each in (found, shape)]
        raise BadInput("kernel_shape", template, layer=edit.layer, found=words[0], wanted=words[1])
    return torch.tensor(values)


def _check_range(field: str, values: Sequence[int], count: int) -> None:
    wrong = [value for value in values if not 0 <= value < count]
    if wrong:
        template = N_("{field} {value} does not exist: from 0 to {last} are accepted.")
        raise BadInput("out_of_range", template, field=field, value=wrong[0], last=count - 1)
