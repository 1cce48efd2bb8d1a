"""A network that somebody brings, made ready to be looked at. Importing this module imports torch."""

import copy
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.parameter import is_lazy

from lente.app.features.anatomy import shared_copy
from lente.app.features.outputs import Answer, AnswerKind, NoAnswer, find_answer, told_path
from lente.app.features.preparation import Preparation, Prepared, Values, prepare
from lente.app.features.shown import Shown
from lente.app.i18n import N_
from lente.app.own_network.inputs import Besides, beside
from lente.app.own_network.pictures import MOST_CHANNELS, Given, painted
from lente.app.own_network.sizes import TooBig, check_memory, fitting_side
from lente.app.pictures.decoding import Picture
from lente.models.networks import catalogue
from lente.models.phrases import Phrase
from lente.models.pretrained import pretrained
from lente.models.tracing.recording import Recording, record

SIDES = (224, 256, 299, 128, 96, 64, 48, 32, 28)
_NOT_CALLED = (
    "a state_dict holds numbers and no network: give the nn.Module that it was made from, after load_state_dict()"
)


class CannotOpen(ValueError):
    """The network cannot be shown as it was given; the message says why, and what to do."""


@dataclass(frozen=True)
class Wishes:
    """What somebody says about a network of theirs; what is None is found out.

    Attributes:
        title: what it is called.
        classes: names of its classes, in the order of its outputs.
        mean, std: with which its pictures are normalised, one number for each channel or one for all.
        size: rows and columns of what it is given, in pixels, or the side of a square.
        output: which part of what it returns is the answer: "out", "1", "head.0".
        answer: what that is.
        inputs: what it is given beside the picture, by the names of its arguments.
        seed: of random numbers, of which there are some where weights are random or a network throws dice.
        weights: where its numbers are from.
        lines: the lines of Python that make it, in `network`.
    """

    title: str | None = None
    classes: Sequence[str] | None = None
    mean: Sequence[float] | float | None = None
    std: Sequence[float] | float | None = None
    size: int | tuple[int, int] | None = None
    output: str | int | None = None
    answer: AnswerKind | None = None
    inputs: Mapping[str, Any] = field(default_factory=dict)
    seed: int | None = None
    weights: str = ""
    lines: tuple[str, ...] = ("# network is the module that was given to lente.show",)


def opened(network: nn.Module, given: Given, wishes: Wishes) -> Shown:
    """`network` as it is now, ready for the pages: a copy, in evaluation mode, in float32 on the CPU. CannotOpen.

    A network that breaks is opened up to its fault.
    """
    title = wishes.title or type(network).__name__
    module, notes = own_copy(network)
    frozen = sum(_count(each) for each in network.parameters() if not each.requires_grad)
    fit = _fitting(module, given, wishes)
    module = fit.module
    answer = None if fit.recording.fault else _answer(fit.recording, wishes, module)
    return Shown(
        name=_name(title),
        title=title,
        kind="photo",
        module=module,
        pristine=shared_copy(module),
        preparation=fit.preparation,
        classes=_classes(answer, wishes),
        weights=wishes.weights,
        figures={},
        answer=answer,
        lines=wishes.lines,
        notes=(*notes, *_notes(fit, answer, wishes)),
        seed=wishes.seed,
        first=fit.recording,
        frozen=frozen,
    )


def _shaped(parameter: Tensor) -> bool:
    """Whether a parameter has its shape already, and does not wait for the first picture."""
    return not is_lazy(parameter)


def _count(parameter: Tensor) -> int:
    return parameter.numel() if _shaped(parameter) else 0


def _name(title: str) -> str:
    """For addresses; of its own, so that it hides no network of the box."""
    name = re.sub(r"\W+", "_", title).strip("_") or "network"
    return f"my_{name}" if name in [*catalogue.names(), *pretrained()] else name


def own_copy(network: nn.Module) -> tuple[nn.Module, list[Phrase]]:
    """A copy with tensors of its own, so that the page keeps what it shows while the original learns on; and what is to
    be said of it."""
    if not isinstance(network, nn.Module):
        raise CannotOpen(_no_module(network))
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
        raise CannotOpen(f"{type(network).__name__} cannot be copied: {type(error).__name__}: {error}") from error
    dropped = _drop_hooks(made)
    try:
        made = made.cpu().float()
    except Exception as error:  # weights of a kind that cannot be floating-point numbers
        raise CannotOpen(f"{type(network).__name__} cannot be had in float32: {error}") from error
    for parameter in made.parameters():
        if _shaped(parameter) and parameter.is_floating_point():
            parameter.requires_grad_(False)
    return made.eval(), [
        Phrase(N_("Hooks of yours ({count}) do not run in the copy that is shown."), count=dropped)
    ] * bool(dropped)


def _no_module(found: Any) -> str:
    if isinstance(found, type):
        return f"{found.__name__} is a class: give a network of it, {found.__name__}()"
    if isinstance(found, Mapping) and any(isinstance(value, Tensor) for value in found.values()):
        return _NOT_CALLED
    if type(found).__name__ == "ExportedProgram":
        return "an ExportedProgram is opened by its module: give program.module()"
    return f"a {type(found).__name__} is no torch.nn.Module: give the network itself"


def _drop_hooks(network: nn.Module) -> int:
    """Takes away hooks that are not PyTorch's own, such as those of a normalisation of weights; how many there were."""
    dropped = 0
    for module in network.modules():
        for hooks in (module._forward_hooks, module._forward_pre_hooks):
            for key, hook in list(hooks.items()):
                home = getattr(hook, "__module__", None) or type(hook).__module__
                if not home.startswith("torch.") and not isinstance(hook, Besides):
                    del hooks[key]
                    dropped += 1
    return dropped


def _wraps(network: nn.Module, name: str) -> bool:
    return list(network._modules) == [name] and (name == "_orig_mod" or isinstance(network, nn.DataParallel))


@dataclass(frozen=True)
class _Fit:
    """One way to give the network a picture, and what it made of it."""

    module: nn.Module
    preparation: Preparation
    values: Values
    recording: Recording

    @property
    def keeps_batch(self) -> bool:
        """Whether the one picture that went in comes out as one."""
        returned = self.recording.returned
        if isinstance(returned, (list, tuple)) and len(returned) == 1:  # one thing for each picture, as detectors give
            return True
        made = [answer.shape for answer in self.recording.answers.values() if answer.shape]
        return not made or any(shape[0] == 1 for shape in made)


def _fitting(module: nn.Module, given: Given, wishes: Wishes) -> _Fit:
    """How a picture must be prepared so that the network takes it; where none fits, the way on which it goes
    farthest."""
    tried: list[_Fit] = []
    for preparation in _preparations(module, given, wishes):
        fit = _tried(module, given, preparation, wishes)
        if fit.recording.fault is None and fit.keeps_batch:
            return _checked(fit)
        tried.append(fit)
    if not tried:
        raise CannotOpen(f"{type(module).__name__} cannot be given this picture")
    whole = next((fit for fit in tried if fit.recording.fault is None), None)
    if whole is None and wishes.size is None and given.values is None:
        for fit in {fit.preparation.channels: fit for fit in reversed(tried)}.values():
            side = fitting_side(fit.recording, partial(_recorded_at, module, given, fit, wishes))
            if side is not None:
                return _checked(_resized(module, given, fit, side, wishes))
    return _checked(whole or max(tried, key=lambda fit: len(fit.recording.records)))


def _recorded_at(module: nn.Module, given: Given, fit: _Fit, wishes: Wishes, side: int) -> Recording:
    return _resized(module, given, fit, side, wishes).recording


def _resized(module: nn.Module, given: Given, fit: _Fit, side: int, wishes: Wishes) -> _Fit:
    wanted = fit.preparation
    return _tried(module, given, Preparation(side, side, wanted.mean, wanted.std), wishes)


def _tried(module: nn.Module, given: Given, preparation: Preparation, wishes: Wishes) -> _Fit:
    """`module` on what `preparation` makes of the picture: a copy of it where its weights take their shapes from it."""
    lazy = not all(map(_shaped, module.parameters()))
    mine = copy.deepcopy(module) if lazy else module
    values = _values(given, preparation)
    try:
        check_memory(mine, values.shape)
    except TooBig as error:
        raise CannotOpen(str(error)) from error
    if wishes.inputs and not any(isinstance(hook, Besides) for hook in mine._forward_pre_hooks.values()):
        beside(mine, wishes.inputs, values.shape[-2:])
    recording = record(mine, torch.from_numpy(values)[None], (), until_fault=True)
    for parameter in mine.parameters():
        if _shaped(parameter) and parameter.is_floating_point():
            parameter.requires_grad_(False)
    return _Fit(mine, preparation, values, recording)


def _checked(fit: _Fit) -> _Fit:
    if fit.recording.fault is None and all(one.operation == "identity" for one in fit.recording.records[1:]):
        raise CannotOpen(f"{type(fit.module).__name__} does nothing with its picture that PyTorch sees")
    if not all(map(_shaped, fit.module.parameters())):
        fault = fit.recording.fault
        why = f": {fault.kind}: {fault.message}" if fault else ""
        raise CannotOpen(f"{type(fit.module).__name__} has layers whose weights took no shape from the picture{why}")
    return fit


def _preparations(module: nn.Module, given: Given, wishes: Wishes) -> Iterator[Preparation]:
    if given.values is not None:
        mean, std = _scaling_of(given.values, wishes)
        rows, columns = given.values.shape[-2:]
        yield Preparation(rows, min(rows, columns), mean, std, width=None if rows == columns else columns)
        return
    sizes = [_sides(wishes.size)] if wishes.size else [(side, side) for side in (min(given.shorter, SIDES[0]), *SIDES)]
    for rows, columns in dict.fromkeys(sizes):
        for channels in _channels(module, wishes):
            mean = _per_channel("mean", wishes.mean, 0.0, channels)
            std = _per_channel("std", wishes.std, 1.0, channels)
            yield Preparation(rows, min(rows, columns), mean, std, width=None if rows == columns else columns)


def _sides(size: int | tuple[int, int]) -> tuple[int, int]:
    rows, columns = size if isinstance(size, tuple) else (size, size)
    if rows < 1 or columns < 1:
        raise CannotOpen(f"size {rows} × {columns} cannot be used: whole numbers from 1 on are accepted")
    return rows, columns


def _channels(module: nn.Module, wishes: Wishes) -> Sequence[int]:
    """Colour or grey: what its first convolution reads, or both."""
    if isinstance(wishes.mean, Sequence):
        return (len(wishes.mean),)
    first = next((each.in_channels for each in module.modules() if isinstance(each, nn.Conv2d)), None)
    if first is not None and first > 3 and first <= MOST_CHANNELS and not _reads_picture(module):
        raise CannotOpen(
            f"{type(module).__name__} reads {first} channels, and a picture has 1 or 3: "
            f"give a tensor ({first}, H, W), or a file of one, .npy or .pt"
        )
    return (first,) if first in (1, 3) else (3, 1)


def _reads_picture(module: nn.Module) -> bool:
    """Whether it takes colour or grey at its first convolution, by trying."""
    faults = [
        record(copy.deepcopy(module), torch.zeros(1, count, 64, 64), (), until_fault=True).fault for count in (3, 1)
    ]
    return not all(
        each is not None and each.operation == "conv2d" and each.shapes["input"][1] in (1, 3) for each in faults
    )


def _scaling_of(values: Values, wishes: Wishes) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Mean and spread with which values become pixels from 0 to 1: those given, none, or what brings them there."""
    channels, low, high = values.shape[-3], float(values.min()), float(values.max())
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
    picture = painted(given.values, preparation)
    return picture, Prepared(picture, given.values, None, picture.shape[:2], preparation)


def _answer(recording: Recording, wishes: Wishes, module: nn.Module) -> Answer | None:
    wanted = None if wishes.output is None else told_path(str(wishes.output))
    if wishes.answer == "none":
        return None
    try:
        return find_answer(recording, wanted, wishes.answer, type(module).__name__, sure=wishes.classes is not None)
    except NoAnswer as error:
        if wishes.classes is None and wanted is None and wishes.answer is None:
            return None
        raise CannotOpen(f"there is no such answer in what it returns: {error}") from error


def _classes(answer: Answer | None, wishes: Wishes) -> tuple[str, ...]:
    if answer is None:
        return ()
    if wishes.classes is None:
        return tuple(map(str, range(answer.classes)))
    if len(wishes.classes) != answer.classes:
        raise CannotOpen(f"{len(wishes.classes)} names of classes were given; it says {answer.classes} numbers")
    return tuple(map(str, wishes.classes))


def _notes(fit: _Fit, answer: Answer | None, wishes: Wishes) -> list[Phrase]:
    """What somebody should know of the network before they believe what they see."""
    notes: list[Phrase] = []
    if fit.recording.fault is None and not fit.keeps_batch:
        rows = next(iter(fit.recording.answers.values())).shape[0]
        template = N_("One picture went in and {count} rows came out: a view or reshape takes its pixels for pictures.")
        notes.append(Phrase(template, count=rows))
    if answer is not None and answer.guessed and wishes.classes is None:
        template = N_(
            "Its {count} numbers are taken for scores of classes. If they are not, open it with answer={other}."
        )
        notes.append(Phrase(template, count=answer.classes, other="none"))
    if fit.recording.dice and wishes.seed is None:
        template = N_("It throws dice ({operations}): numbers change from run to run. A seed keeps them: seed=0.")
        notes.append(Phrase(template, operations=", ".join(fit.recording.dice)))
    return notes
