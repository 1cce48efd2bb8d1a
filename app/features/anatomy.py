"""How a network is put together: which layers there are, how their outputs lie in memory, where each can be touched.

Importing this module imports torch.
"""

import copy
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from itertools import chain
from math import prod
from typing import Any, Literal

import torch
from torch import Tensor, nn

from lente.app.errors import BadInput, NotFound
from lente.app.i18n import N_
from lente.models.phrases import shortened
from lente.models.tracing.recording import Record, Recording, record

Change = Callable[[Tensor], Tensor]
Layout = Literal["CHW", "HWC", "TC", "CT", "Z", "other"]
"""Channels and a picture's axes; T are tokens, or any one axis of places; "other" has axes of any number, the last
two of which are drawn as a map's."""
Grid = tuple[int, int, int]

# Operations that keep the order of the dimensions of what they read.
_FLATTENING = {"flatten", "reshape", "view"}
_TURNING = {"transpose", "permute", "swapaxes", "swapdims", "movedim", "mT", "T", "t"}
_MOST_BEFORE = 8  # tokens that stand for no patch: a class's, registers
_ORDERED = {"permute", "transpose", "movedim", "reshape", "view", "flatten", "unflatten"}


@dataclass(frozen=True)
class Touch:
    """A call of a module whose output a layer is: call number `call` of `calls` in one forward pass."""

    path: str
    call: int
    calls: int


@dataclass(frozen=True)
class Part:
    """A layer: its shape for one picture, how that lies, and where it can be touched, if anywhere.

    `grid` is, where its tokens come from patches of the picture: how many stand before those, rows and columns of
    patches. `reader` is the call of a module that alone reads it, as its first argument.
    """

    name: str
    shape: tuple[int, ...]
    layout: Layout
    touch: Touch | None
    reader: Touch | None
    grid: Grid | None = None

    @property
    def channels_last(self) -> bool:
        return self.layout in ("HWC", "TC")

    @property
    def channels(self) -> int:
        return self.shape[-1 if self.channels_last else 0] if self.shape else 1


@dataclass(frozen=True, eq=False)
class Anatomy:
    """A network's layers by name, the input first, and a forward pass on a grey picture that shows them."""

    parts: dict[str, Part]
    recording: Recording

    @property
    def values(self) -> int:
        """How many numbers all layers hold for one picture; at least 1."""
        return max(1, sum(prod(part.shape) for part in self.parts.values()))

    def part(self, layer: str) -> Part:
        """The layer of that name, or of the module of that name; NotFound names those that there are."""
        found = self.parts.get(layer) or self.parts.get(self.recording.modules.get(layer, ""))
        if found is None:
            template = N_("There is no layer called {layer}. There are: {layers}.")
            raise NotFound("unknown_layer", template, layer=shortened(layer), layers=", ".join(self.parts))
        return found

    def touchable(self, layer: str) -> tuple[Part, Touch]:
        """The layer and where it can be touched; BadInput where it is made between modules."""
        part = self.part(layer)
        if part.touch is None:
            template = N_("The layer {layer} cannot be changed: it is made between modules. These can: {layers}.")
            names = ", ".join(name for name, part in self.parts.items() if part.touch)
            raise BadInput("layer_untouchable", template, layer=part.name, layers=names)
        return part, part.touch

    def on_the_way(self, target: str) -> set[str]:
        """The names of all layers that the output of `target` comes from."""
        found: set[str] = set()
        coming = [self.part(target).name]
        while coming:
            new = set(self.recording.record(coming.pop()).inputs) - found
            found |= new
            coming += new
        return found

    def last_map(self, target: str = "") -> str:
        """The last layer whose maps have more than one pixel, of all or of those that `target` comes from."""
        coming = self.on_the_way(target) if target else set(self.parts)
        parts = [part for part in self.parts.values() if part.name in coming]
        maps = [part for part in parts if part.layout in ("CHW", "HWC") and self.can_probe(part.name)]
        names = [part.name for part in maps if sorted(part.shape)[1] > 1]
        if not names:
            raise BadInput("no_maps", N_("No layer of this network has maps: Grad-CAM needs one that has."))
        return names[-1]

    def can_probe(self, layer: str) -> bool:
        """Whether `insert` can reach the layer."""
        part = self.part(layer)
        return part.touch is not None or part.reader is not None

    def probe(self, layer: str) -> tuple[Touch, bool]:
        """A call of a module that makes the layer's output, or (True) that alone reads it; BadInput if none does."""
        part = self.part(layer)
        if part.touch is not None:
            return part.touch, False
        if part.reader is not None:
            return part.reader, True
        template = N_("Nothing can be put behind the layer {layer}: it is made and read between modules.")
        raise BadInput("layer_unreachable", template, layer=part.name)

    def insert(self, network: nn.Module, layer: str, change: Change) -> None:
        """Puts `change` between the layer and what reads it. `network` must be the caller's own copy."""
        touch, before = self.probe(layer)
        at_call(network, touch, change, before)


def at_call(network: nn.Module, touch: Touch, change: Change, before: bool = False) -> None:
    """Changes what one call of a module gives, or, `before`, is given. `network` must be the caller's own."""
    count = 0

    def mine() -> bool:
        nonlocal count
        count += 1
        return (count - 1) % touch.calls == touch.call

    def after_it(_module: nn.Module, _inputs: Any, output: Tensor) -> Tensor | None:
        return change(output) if mine() else None

    def before_it(_module: nn.Module, inputs: tuple[Any, ...]) -> tuple[Any, ...] | None:
        return (change(inputs[0]), *inputs[1:]) if mine() else None

    module = network.get_submodule(touch.path)
    if before:
        module.register_forward_pre_hook(before_it)
    else:
        module.register_forward_hook(after_it)


def anatomy(network: nn.Module, shape: tuple[int, ...]) -> Anatomy:
    """What `network` is made of, seen on one grey picture (C, H, W)."""
    return anatomy_of(network, record(network, torch.zeros(1, *shape), layers=[]))


def anatomy_of(network: nn.Module, recording: Recording) -> Anatomy:
    """The same from a recording of it, whose outputs need not have been kept."""
    touches, lie = _touches(network, recording), layouts(recording)
    readers, patches = _readers(recording, touches), grids(recording, lie)
    parts = [
        Part(
            one.name, recording.unit_shape(one), lie[one.name], touches.get(one.name), readers.get(one.name),
            patches.get(one.name),
        )
        for one in recording.records
    ]  # fmt: skip
    return Anatomy({part.name: part for part in parts}, recording)


def layouts(recording: Recording) -> dict[str, Layout]:
    """How each layer's output lies in memory, by name."""
    known: dict[str, Layout] = {}
    for one in recording.records:
        known[one.name] = _layout(one, recording, known)
    return known


def _layout(one: Record, recording: Recording, known: dict[str, Layout]) -> Layout:
    """Whether channels come first or last; what cannot be told from the operation is taken from what it read."""
    shape = recording.unit_shape(one)
    before: Layout = known[one.inputs[0]] if one.inputs else "CHW"
    if len(shape) == 2:
        return _of_tokens(one, recording, before)
    if len(shape) != 3:
        return "Z" if len(shape) < 2 else "other"
    if one.operation == "permute":
        dims = one.arguments.get("other", one.args[1:])
        dims = tuple(dims) if isinstance(dims, (tuple, list)) else tuple(one.args[1:])
        return {(0, 2, 3, 1): "HWC", (0, 3, 1, 2): "CHW"}.get(dims, "CHW")  # type: ignore[return-value]
    if one.operation in ("linear", "layer_norm"):
        return "HWC"
    return before if before in ("CHW", "HWC") and one.operation not in _ORDERED else "CHW"


def _of_tokens(one: Record, recording: Recording, before: Layout) -> Layout:
    """Whether the places of a layer of two axes come first or last."""
    if one.operation.startswith(("conv1d", "batch_norm")) or (one.operation in _FLATTENING and before == "CHW"):
        return "CT"
    if one.operation in _TURNING and before in ("TC", "CT"):
        return "CT" if before == "TC" else "TC"
    source = recording.record(one.inputs[0]) if one.inputs else None
    same = source is not None and len(recording.unit_shape(source)) == 2
    return "CT" if same and before == "CT" and one.operation not in ("linear", "layer_norm") else "TC"


def grids(recording: Recording, lie: dict[str, Layout]) -> dict[str, Grid]:
    """Of layers whose tokens come from patches: how many stand before those, and how these lie on the picture."""
    found: dict[str, Grid] = {}
    for one in recording.records[1:]:
        if lie[one.name] not in ("TC", "CT"):
            continue
        shape = recording.unit_shape(one)
        tokens = shape[0] if lie[one.name] == "TC" else shape[1]
        for name in one.inputs:
            grid = found.get(name) or _grid_of(recording.unit_shape(recording.record(name)), lie[name])
            if grid is not None and 0 <= tokens - grid[1] * grid[2] <= _MOST_BEFORE:
                found[one.name] = (tokens - grid[1] * grid[2], *grid[1:])
                break
    return found


def _grid_of(shape: tuple[int, ...], layout: Layout) -> Grid | None:
    if layout not in ("CHW", "HWC") or len(shape) != 3:
        return None
    rows, columns = shape[1:] if layout == "CHW" else shape[:2]
    return (0, rows, columns) if rows > 1 and columns > 1 else None


def _touches(network: nn.Module, recording: Recording) -> dict[str, Touch]:
    """Layers that are some module's output, with the innermost such module."""
    paths = dict(network.named_modules())
    named = {one.name: one.name for one in recording.records[1:] if one.name.partition(":")[0] in paths}
    calls = [*named, *recording.modules]
    counts = Counter(call.partition(":")[0] for call in calls)
    touches: dict[str, Touch] = {}
    for call in calls:
        path, _, index = call.partition(":")
        layer = named.get(call) or recording.modules[call]
        present = touches.get(layer)
        if present is None or len(path) > len(present.path):
            touches[layer] = Touch(path, int(index or 0), counts[path])
    return touches


def _readers(recording: Recording, touches: dict[str, Touch]) -> dict[str, Touch]:
    """Layers that one operation reads, where that operation is all that a module without children does."""
    reading: dict[str, list[Record]] = {}
    for one in recording.records:
        for name in one.inputs:
            reading.setdefault(name, []).append(one)
    alone = {name: ones[0] for name, ones in reading.items() if len(ones) == 1 and len(ones[0].sources) == 1}
    return {name: touches[one.name] for name, one in alone.items() if one.name.partition(":")[0] == one.module}


def shared_copy(network: nn.Module) -> nn.Module:
    """A network with modules of its own and the same tensors: hooks and new weights stay with the copy.

    `network` must not be running: take it from one that is kept aside.
    """
    tensors: chain[Tensor] = chain(network.parameters(), network.buffers())
    return copy.deepcopy(network, {id(tensor): tensor for tensor in tensors})
