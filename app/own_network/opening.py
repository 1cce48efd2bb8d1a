"""A network that somebody brings, made ready to be looked at. Importing this module imports torch."""

import copy
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from lente.app.features.anatomy import shared_copy
from lente.app.features.outputs import Answer, NoAnswer, find_answer, told_path
from lente.app.features.preparation import Preparation, Prepared, Values, prepare
from lente.app.features.shown import Shown
from lente.app.own_network.pictures import Given
from lente.app.pictures.decoding import Picture
from lente.models.tracing.recording import Recording, record

SIDES = (224, 256, 299, 128, 96, 64, 48, 32, 28)


class CannotOpen(ValueError):
    """The network cannot be shown as it was given; the message says why, and what to do."""


@dataclass(frozen=True)
class Wishes:
    """What somebody says about a network of theirs; what is None is found out.

    Attributes:
        title: what it is called.
        classes: names of its classes, in the order of its outputs.
        mean, std: with which its pictures are normalised, one number for each channel or one for all.
        size: side of the square that it is given, in pixels.
        output: which part of what it returns says the classes: "out", "1", "head.0".
        weights: where its numbers are from.
        lines: the lines of Python that make it, in `network`.
    """

    title: str | None = None
    classes: Sequence[str] | None = None
    mean: Sequence[float] | float | None = None
    std: Sequence[float] | float | None = None
    size: int | None = None
    output: str | int | None = None
    weights: str = ""
    lines: tuple[str, ...] = ("# network is the module that was given to lente.show",)


def opened(network: nn.Module, given: Given, wishes: Wishes) -> Shown:
    """`network` as it is now, ready for the pages: a copy, in evaluation mode, in float32 on the CPU. CannotOpen."""
    title = wishes.title or type(network).__name__
    module = own_copy(network)
    preparation, recording = _fitting(module, given, wishes)
    answer = _answer(recording, wishes)
    return Shown(
        name=re.sub(r"\W+", "_", title).strip("_") or "network",
        title=title,
        kind="photo",
        module=module,
        pristine=shared_copy(module),
        preparation=preparation,
        classes=_classes(answer, wishes),
        weights=wishes.weights,
        figures={},
        answer=answer,
        lines=wishes.lines,
    )


def own_copy(network: nn.Module) -> nn.Module:
    """A copy with tensors of its own, so that the page keeps what it shows while the original learns on."""
    if isinstance(network, torch.jit.ScriptModule):
        raise CannotOpen("a TorchScript module keeps its operations to itself: give the nn.Module it was made from")
    for wrapper in ("_orig_mod", "module"):  # torch.compile's and DataParallel's
        network = network._modules.get(wrapper) or network if _wraps(network, wrapper) else network
    memo: dict[int, Any] = {}
    for module in network.modules():
        for value in vars(module).values():
            if isinstance(value, Tensor) and not value.is_leaf:  # such as the weight that weight_norm makes
                memo[id(value)] = value.detach().clone()
    try:
        made = copy.deepcopy(network, memo)
    except Exception as error:  # a module may hold anything, a lock or an open file
        raise CannotOpen(f"{type(network).__name__} cannot be copied: {error}") from error
    return made.cpu().float().requires_grad_(False).eval()


def _wraps(network: nn.Module, name: str) -> bool:
    return list(network._modules) == [name] and (name == "_orig_mod" or isinstance(network, nn.DataParallel))


def _fitting(module: nn.Module, given: Given, wishes: Wishes) -> tuple[Preparation, Recording]:
    """How a picture must be prepared so that the network takes it, and what it computes for the one given."""
    refused: dict[str, str] = {}
    for preparation in _preparations(module, given, wishes):
        side, channels = preparation.size, preparation.channels
        try:
            recording = record(module, torch.from_numpy(_values(given, preparation))[None])
        except Exception as error:  # whatever its author's code raises
            refused[f"{channels} × {side} × {side}"] = f"{type(error).__name__}: {error}"
            continue
        if any(one.operation != "identity" for one in recording.records[1:]):
            return preparation, recording
        raise CannotOpen(f"{type(module).__name__} does nothing with its picture that PyTorch sees")
    first = next(iter(refused.values()))
    tried = ", ".join(refused)
    raise CannotOpen(
        f"{type(module).__name__} takes no picture of {tried}; give its size (size=...). The first error: {first}"
    )


def _preparations(module: nn.Module, given: Given, wishes: Wishes) -> Iterator[Preparation]:
    if given.values is not None:
        mean, std = _scaling_of(given.values, wishes)
        yield Preparation(given.values.shape[1], given.values.shape[1], mean, std)
        return
    sides = [wishes.size] if wishes.size else [min(given.shorter, SIDES[0]), *SIDES]
    for side in dict.fromkeys(sides):
        for channels in _channels(module, wishes):
            mean = _per_channel("mean", wishes.mean, 0.0, channels)
            yield Preparation(side, side, mean, _per_channel("std", wishes.std, 1.0, channels))


def _channels(module: nn.Module, wishes: Wishes) -> Sequence[int]:
    """Colour or grey: what its first convolution reads, or both."""
    if isinstance(wishes.mean, Sequence):
        return (len(wishes.mean),)
    first = next((each.in_channels for each in module.modules() if isinstance(each, nn.Conv2d)), None)
    return (first,) if first in (1, 3) else (3, 1)


def _scaling_of(values: Values, wishes: Wishes) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Mean and spread with which values become pixels from 0 to 1: those given, none, or what brings them there."""
    channels, low, high = len(values), float(values.min()), float(values.max())
    if wishes.mean is not None or wishes.std is not None or (low >= 0 and high <= 1):
        return _per_channel("mean", wishes.mean, 0.0, channels), _per_channel("std", wishes.std, 1.0, channels)
    span = max(high - low, 1e-6)
    return (-low / span,) * channels, (1 / span,) * channels


def _per_channel(name: str, wished: Sequence[float] | float | None, default: float, channels: int) -> tuple[float, ...]:
    values = (default,) if wished is None else tuple(wished) if isinstance(wished, Sequence) else (wished,)
    if len(values) not in (1, channels) or (name == "std" and not all(value > 0 for value in values)):
        positive = " above 0" if name == "std" else ""
        raise CannotOpen(f"{name} {list(values)} cannot be used: 1 or {channels} numbers{positive} are accepted")
    return values * channels if len(values) == 1 else values


def _values(given: Given, preparation: Preparation) -> Values:
    if given.values is not None:
        return given.values
    assert given.picture is not None
    return prepare(given.picture, preparation).values


def shown_picture(given: Given, preparation: Preparation) -> tuple[Picture, Prepared | None]:
    """The picture (H, W, 3) to keep, and, where exact values were given, what goes into the network for it."""
    if given.values is None:
        assert given.picture is not None
        return given.picture, None
    mean, std = (np.array(each, np.float32)[:, None, None] for each in (preparation.mean, preparation.std))
    pixels = np.round(np.clip(given.values * std + mean, 0, 1) * 255).astype(np.uint8).transpose(1, 2, 0)
    picture = np.ascontiguousarray(np.broadcast_to(pixels, (*pixels.shape[:2], 3)))
    return picture, Prepared(picture, given.values, None, picture.shape[:2], preparation)


def _answer(recording: Recording, wishes: Wishes) -> Answer | None:
    wanted = None if wishes.output is None else told_path(str(wishes.output))
    try:
        return find_answer(recording, wanted)
    except NoAnswer as error:
        if wishes.classes is None and wanted is None:
            return None
        raise CannotOpen(f"there are no classes in what it returns: {error}; (1, K) with K > 1 is accepted") from error


def _classes(answer: Answer | None, wishes: Wishes) -> tuple[str, ...]:
    if answer is None:
        return ()
    if wishes.classes is None:
        return tuple(map(str, range(answer.classes)))
    if len(wishes.classes) != answer.classes:
        raise CannotOpen(f"{len(wishes.classes)} names of classes were given; it says {answer.classes} numbers")
    return tuple(map(str, wishes.classes))
