"""Record what every operation of a network computes, in order, for one input.

    recording = record(network, image)          # image: (B, C, H, W)
    recording["layer1.0.relu"]                  # a copy of that output, as it was when it was made

An operation is a call of PyTorch as the network's author wrote it: a convolution, `x + y`, `torch.cat`, `F.relu`.
A `TorchFunctionMode`, which belongs to the calling thread alone, sees these calls with their arguments; hooks, which
are gone afterwards, tell which module makes them; the identity of the tensors tells which output feeds which call.
"""

from __future__ import annotations

import dataclasses
import threading
import time
import weakref
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property, partial
from typing import Any, NamedTuple

import torch
from torch import Tensor, nn
from torch.overrides import TorchFunctionMode

from lente.models.errors import ModelError
from lente.models.phrases import N_, Phrase, shortened
from lente.models.stopping import Stopped, check
from lente.models.tracing.faults import Failed, Fault, fault_of
from lente.models.tracing.lent import ASKING, READING, Lent, reads
from lente.models.tracing.operations.signatures import argument_names, operation_name, throws_dice, writes
from lente.models.tracing.written_out import attention, recurrence, same

INPUT = "input"

Path = tuple[Any, ...]
# What they make depends on the shape of what they read, not on its numbers.
_FRESH = {
    *(f"new_{what}" for what in ("zeros", "ones", "full", "empty", "tensor")),
    *(f"{what}_like" for what in ("zeros", "ones", "full", "empty", "rand", "randn", "randint")),
}
_NUMBERS = {int, float, bool}
_PLAIN = {*_NUMBERS, str, type(None)}
_SILENT = {"contiguous", "to", "float", "double", "type", "cpu", "detach_", "requires_grad_"}


class Reference(NamedTuple):
    """Stands in a call's arguments for the output of record number `number`."""

    number: int


@dataclass(eq=False)
class Record:
    """One operation: what it is, what it read, what came out.

    `name` is the module's path where a module without children does the operation ("layer1.0.conv1"), the path and the
    operation for a call between modules ("layer1.0.add"); a repeated name gets its call index ("layer1.0.relu:1").
    `seconds` is how long the call took. `output` is None where only other layers were asked for. Weights in `arguments`
    are the network's own, not copies.
    """

    number: int
    operation: str
    module: str
    module_type: str
    function: Callable[..., Any] | None
    args: tuple[Any, ...]
    kwargs: dict[str, Any]
    sources: tuple[int, ...]
    shape: tuple[int, ...]
    output: Tensor | None
    part: int | None = None
    seconds: float = 0.0
    name: str = ""
    inputs: tuple[str, ...] = ()

    @cached_property
    def arguments(self) -> dict[str, Any]:
        """The call's arguments by name; a `Reference` where another record's output went in."""
        names = argument_names(self.function, self.operation, len(self.args))
        return {**dict(zip(names, self.args, strict=False)), **self.kwargs}

    def rerun(self, tensors: Mapping[int, Tensor]) -> Any:
        """What the operation makes of other tensors, given by record number; the part of it that this record is."""
        return self.call(lambda _name, value: tensors[value.number] if isinstance(value, Reference) else value)

    def call(self, give: Callable[[str, Any], Any]) -> Any:
        """The same of what `give` makes of each argument, called with its name and with what is inside a list or dict,
        one by one."""
        assert self.function is not None
        names = argument_names(self.function, self.operation, len(self.args))
        args = [each_argument(value, partial(give, name)) for name, value in zip(names, self.args, strict=False)]
        kwargs = {name: each_argument(value, partial(give, name)) for name, value in self.kwargs.items()}
        made = self.function(*args, **kwargs)
        made = args[0] if self.operation == "setitem" else made
        return made if self.part is None else made[self.part]


@dataclass(eq=False)
class Recording:
    """Every operation of one forward pass. `returned` is what the network answered, whatever its type.

    `answers` are the records of the tensors in it by where they are: () where a tensor is the answer, ("out",) in a
    dict, (1,) in a tuple, and so on. `learnt` are the parameters, and what was made of them alone. `fault` is what
    ended the pass before its end, and then nothing was returned. `dice` names the operations that gave random numbers.
    `repeatable` says that every call makes new tensors of the network's own and of such as other calls made, and
    nothing else, so that no number in the input decides which call comes next: see `lente.models.tracing.repeating`.
    """

    records: list[Record]
    modules: dict[str, str]
    returned: Any
    batch: int
    answers: dict[Path, Record]
    learnt: Mapping[int, Learnt]
    fault: Fault | None = None
    dice: tuple[str, ...] = ()
    repeatable: bool = False
    _by_name: dict[str, Record] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self._by_name = {record.name: record for record in self.records}

    @property
    def layers(self) -> list[str]:
        """Names of all operations in the order in which they ran, without the input."""
        return [record.name for record in self.records[1:]]

    def record(self, name: str) -> Record:
        """The record of that name; for a module with children, the record of its output. ModelError if unknown."""
        found = self._by_name.get(name) or self._by_name.get(self.modules.get(name, ""))
        if found is None:
            template = N_("no layer {name}; there are {layers}")
            raise ModelError("unknown_layer", template, "layer", name=shortened(name), layers=_some(self.layers))
        return found

    def __getitem__(self, name: str) -> Tensor:
        return self.output(self.record(name))

    def __contains__(self, name: object) -> bool:
        return name in self._by_name or name in self.modules

    def output(self, record: Record) -> Tensor:
        if record.output is None:
            template = N_("the output of {name!r} was not kept; ask record() for it")
            raise ModelError("not_kept", template, "layer", name=record.name)
        return record.output

    def parameter(self, tensor: Tensor) -> str | None:
        """The name of the parameter that a call was given, or that it was made of; None for a constant."""
        return _named(self.learnt, tensor)

    def outputs(self) -> dict[str, Tensor]:
        """The outputs kept, by name, in order."""
        return {record.name: record.output for record in self.records[1:] if record.output is not None}

    def has_batch(self, record: Record) -> bool:
        """Whether the first dimension of that output counts the pictures of the batch."""
        return len(record.shape) > 0 and record.shape[0] == self.batch

    def unit_shape(self, record: Record) -> tuple[int, ...]:
        """The shape of that output for one picture: (C, H, W), (Z,), ..."""
        return record.shape[1:] if self.has_batch(record) else record.shape


def record(
    network: nn.Module,
    x: Tensor,
    layers: Iterable[str] | None = None,
    *,
    gradients: bool = False,
    until_fault: bool = False,
    copied: bool = True,
) -> Recording:
    """Run `network` on `x` (B, ...) and keep a copy of every operation's output, or of those named in `layers`.

    The network, its mode and its hooks are left as they were, also after an exception; several threads may record
    the same network at once. With `gradients`, outputs stay connected to `recording["input"]` for `torch.autograd`, and
    to `x` where that requires gradients. Without `copied`, an output that nothing overwrites is kept as it is, which is
    for networks that write to nothing of one run in the next.
    Raises ModelError for a layer that does not exist, and what the network raises; `until_fault`, that becomes the
    recording's `fault`, and what ran before it is there.
    """
    wanted = None if layers is None else set(layers)
    tracer = _Tracer(network, wanted, None if copied or gradients else Lent())
    with torch.inference_mode(False), torch.set_grad_enabled(gradients):
        connected = gradients and x.requires_grad
        kept = x.clone() if connected else x.detach().clone().requires_grad_(gradients and x.is_floating_point())
        # A clone goes in: the network may overwrite its input in place.
        fed = kept.clone() if gradients else x.clone()
        tracer.start(fed, kept)
        returned, fault = None, None
        try:
            with tracer.hooks(), tracer:
                returned = network(fed)
        except Exception as error:  # whatever its author's code raises
            if not until_fault or isinstance(error, Stopped):
                raise
            fault = tracer.fault(error)
        if tracer.lent is not None:
            if not tracer.lent.intact:  # by what PyTorch calls without being seen, such as a compiled function
                return record(network, x, layers, until_fault=until_fault)
            tracer.lent.copy(each for _, each in tensors_of(returned))
        answers = {path: tracer.made_by(tensor) for path, tensor in tensors_of(returned)}
    names = _name_records(tracer)
    known = {path: tracer.records[number] for path, number in answers.items() if number is not None}
    recording = Recording(
        tracer.records, names, returned, x.shape[0] if x.dim() else 1, known, tracer.learnt, fault, tuple(tracer.dice),
        repeatable=tracer.repeatable and () in known,
    )  # fmt: skip
    _drop_unwanted(recording, wanted)
    return recording


@dataclass(eq=False, slots=True)
class _Frame:
    """One call of one module."""

    path: str
    module_type: str
    leaf: bool
    records: list[int] = field(default_factory=list)
    output: int | None = None


class Learnt(NamedTuple):
    """A parameter of the network, or what was made of it alone, such as a class token for every picture."""

    tensor: weakref.ref[Tensor]
    name: str


class _Known(NamedTuple):
    tensor: weakref.ref[Tensor]
    number: int
    version: int


class _Tracer(TorchFunctionMode):
    """The state of one recording: the records so far, the stack of modules, the tensors known by identity."""

    def __init__(self, network: nn.Module, wanted: set[str] | None, lent: Lent | None) -> None:
        super().__init__()
        self.lent = lent
        self.modules = dict(network.named_modules())
        self.stems = None if wanted is None else {name.split(":")[0] for name in wanted}
        self.records: list[Record] = []
        self.frames: list[_Frame] = []
        self.stack = [_Frame("", type(network).__name__, leaf=False)]
        self.known: dict[int, _Known] = {}
        self.failed: Failed | None = None
        self.took = 0.0
        self.dice: dict[str, None] = {}
        self.only_reads = True
        self.learnt = {id(tensor): Learnt(weakref.ref(tensor), name) for name, tensor in network.named_parameters()}

    def fault(self, error: Exception) -> Fault:
        """What `error` ended, where it did: the frames of the modules that were running are still there."""
        path = self.stack[-1].path
        return fault_of(error, path, self.modules[path], self.failed)

    @property
    def repeatable(self) -> bool:
        network = self.modules[""]
        own = {id(tensor) for tensors in (network.parameters(), network.buffers()) for tensor in tensors}
        return self.only_reads and all(
            one.function is not None
            and one.part is None
            and all(id(tensor) in own for _, tensor in tensors_of((one.args, one.kwargs)))
            for one in self.records[1:]
        )

    def start(self, fed: Tensor, kept: Tensor) -> None:
        self.records.append(Record(0, INPUT, "", "", None, (), {}, (), tuple(fed.shape), kept))
        self._remember(fed, 0)

    def __torch_function__(
        self,
        func: Callable[..., Any],
        types: Sequence[type],
        args: tuple[Any, ...] = (),
        kwargs: dict[str, Any] | None = None,
    ) -> Any:
        kwargs = kwargs or {}
        if func in ASKING:
            try:
                return func(*args, **kwargs)
            except Exception:  # it is called again, as any other that fails
                pass
        sources: list[int] = []
        placed = tuple([value if type(value) in _PLAIN else self._place(value, sources) for value in args])
        named = {name: self._place(value, sources) for name, value in kwargs.items()}
        base, reading = None, func in READING
        if sources and not reading:
            if args and writes(func):
                base = self._base_of(args[0])
                if isinstance(placed[0], Tensor):
                    # A constant that is about to be written to, as it was.
                    placed = (self._learn((args,), placed[0].clone()), *placed[1:])
            inside = attention(func)
            if inside is not None:
                with self:
                    return inside(*args, **kwargs)
        if not reads(func, args, kwargs):
            self.only_reads = False
            if self.lent is not None:
                self.lent.copy(each for _, each in tensors_of((args, kwargs)))
        start = time.perf_counter()
        try:
            output = func(*args, **kwargs)
        except Exception as error:
            self.failed = Failed(error, func, args, kwargs, tuple(dict.fromkeys(sources)))
            raise
        self.took = time.perf_counter() - start
        if not reading and throws_dice(func, args, kwargs):
            self.dice[operation_name(func, args, kwargs)] = None
        if not sources:
            self._learn((args, kwargs), output)
        if not sources or type(output) in _NUMBERS:
            return output
        steps = None if reading else recurrence(func, args)
        if steps is not None and self._stepped(steps, args[1], output):
            return output
        operation = operation_name(func, args, kwargs)
        if operation not in _FRESH:
            # An assignment x[i] = y returns nothing; what it made is the new x.
            made = args[0] if operation == "setitem" else output
            if not (operation in _SILENT and any(made is value for value in args)):
                self._keep(func, operation, placed, named, sources, made)
        if base is not None:
            self._write_through(args[0], *base)
        return output

    def _base_of(self, written: Any) -> tuple[Tensor, Any] | None:
        """Of a view that is about to be written to: what it is a view of, and what that was, as an argument."""
        base = getattr(written, "_base", None)
        if not isinstance(base, Tensor) or base is written or not base.is_contiguous() or base.storage_offset():
            return None
        number = self.made_by(base)
        return base, self._learn((base,), base.clone()) if number is None else Reference(number)

    def _write_through(self, view: Tensor, base: Tensor, before: Any) -> None:
        """What a view was given is in what it is a view of."""
        number = self.made_by(view)
        if number is None:
            return
        place = (tuple(view.shape), view.stride(), view.storage_offset())
        sources = [each.number for each in (before, Reference(number)) if isinstance(each, Reference)]
        self._append(write_into, "write_into", (before, Reference(number), *place), {}, sources, base, None)

    def _stepped(self, steps: Callable[[], tuple[Tensor, ...]], state: Any, output: tuple[Tensor, ...]) -> bool:
        """Records a recurrent layer step by step, from its first `state`, which may be a constant; what PyTorch made of
        all steps stands at their ends."""
        before = len(self.records)
        for _, each in tensors_of(state):
            if self.made_by(each) is None:
                self._append(None, "constant", (), {}, [], each, None)
        with self:
            made = steps()
        if not same(made, output):
            self._forget(before)
            return False
        for mine, theirs in zip(made, output, strict=True):
            number = self.made_by(mine)
            assert number is not None
            if self.records[number].output is not None:
                self.records[number].output = theirs.clone()
            self._remember(theirs, number)
        return True

    def _forget(self, count: int) -> None:
        """Takes back all records but the first `count`."""
        del self.records[count:]
        self.known = {key: known for key, known in self.known.items() if known.number < count}
        frame = self.stack[-1]
        frame.records = [number for number in frame.records if number < count]

    def _place(self, value: Any, sources: list[int]) -> Any:
        """The argument with references for known tensors, whose numbers are added to `sources`."""
        kind = type(value)
        if kind in _PLAIN:
            return value
        if kind is list or kind is tuple:
            return kind([each if type(each) in _PLAIN else self._place(each, sources) for each in value])
        if kind is dict:
            return {key: self._place(each, sources) for key, each in value.items()}
        number = self.made_by(value)
        if number is None:
            return value
        sources.append(number)
        return Reference(number)

    def _learn(self, given: Any, made: Any) -> Any:
        """What was made of parameters and constants alone bears the name of the first parameter."""
        name = next(filter(None, (_named(self.learnt, each) for _, each in tensors_of(given))), None)
        if name is not None:
            self.learnt.update({id(each): Learnt(weakref.ref(each), name) for _, each in tensors_of(made)})
        return made

    def made_by(self, tensor: Any) -> int | None:
        """Which record made this tensor, if it is one and one did."""
        known = self.known.get(id(tensor))
        mine = known is not None and known.tensor() is tensor
        if mine and known is not None and known.version == _version(tensor):
            return known.number
        base = tensor._base if isinstance(tensor, Tensor) else None
        if base is not None and base is not tensor and base.is_contiguous() and not base.storage_offset():
            number = self.made_by(base)
            if number is not None and (mine or self.records[number].operation == "write_into"):
                # A view whose memory was written to since: it is read again.
                place = (tuple(tensor.shape), tensor.stride(), tensor.storage_offset())
                return self._append(view_of, "view_of", (Reference(number), *place), {}, [number], tensor, None)
        if known is None or not mine:
            return None
        # Written to through another view of its memory: its present value is no output that was recorded.
        return self._append(None, "altered", (Reference(known.number),), {}, [known.number], tensor, None)

    def _keep(
        self,
        func: Callable[..., Any] | None,
        operation: str,
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
        sources: list[int],
        made: Any,
    ) -> None:
        if isinstance(made, Tensor):
            self._append(func, operation, args, kwargs, sources, made, None)
        elif isinstance(made, (tuple, list)) and not isinstance(made, torch.Size):
            for part, each in enumerate(made):
                if isinstance(each, Tensor):
                    self._append(func, operation, args, kwargs, sources, each, part)

    def _append(
        self,
        func: Callable[..., Any] | None,
        operation: str,
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
        sources: list[int],
        made: Tensor,
        part: int | None,
    ) -> int:
        number, frame = len(self.records), self.stack[-1]
        distinct = tuple(dict.fromkeys(sources))
        shape, module_type, took = tuple(made.shape), frame.module_type, self.took
        one = Record(
            number, operation, frame.path, module_type, func, args, kwargs, distinct, shape, None, part, took
        )  # fmt: skip
        if self._wanted(frame.path, operation):
            if self.lent is None:
                one.output = made.clone()
            else:
                self.lent.keep(one, func, made)
        self.records.append(one)
        frame.records.append(number)
        self._remember(made, number)
        return number

    def _remember(self, tensor: Tensor, number: int) -> None:
        self.known[id(tensor)] = _Known(weakref.ref(tensor), number, _version(tensor))

    def _wanted(self, path: str, operation: str) -> bool:
        """Whether the record may turn out to bear one of the names asked for."""
        if self.stems is None:
            return True
        full = f"{path}.{operation}" if path else operation
        return any(stem in (path, full) or path.startswith(f"{stem}.") for stem in self.stems)

    @contextmanager
    def hooks(self) -> Iterator[None]:
        """Hooks on all modules that keep the stack of the calling thread; removed at the end, come what may.

        They are put where `register_forward_hook` puts them, under a key of this recording's own: PyTorch hands out its
        numbers without a lock, and two threads may get the same one.
        """
        owner, key = threading.get_ident(), -id(self)

        def watch(path: str, module: nn.Module) -> None:
            leaf, module_type = next(module.children(), None) is None, type(module).__name__

            def enter(_module: nn.Module, _args: Any) -> None:
                check()
                if threading.get_ident() == owner:
                    self.stack.append(_Frame(path, module_type, leaf))

            def leave(_module: nn.Module, args: Any, output: Any) -> None:
                if threading.get_ident() == owner:
                    self._leave(path, args, output)

            module._forward_pre_hooks[key] = enter
            module._forward_hooks[key] = leave

        try:
            for path, module in self.modules.items():
                watch(path, module)
            yield
        finally:
            for module in self.modules.values():
                module._forward_pre_hooks.pop(key, None)
                module._forward_hooks.pop(key, None)

    def _leave(self, path: str, args: Any, output: Any) -> None:
        # A call that raised, and whose exception the network caught, has left its frame behind.
        while self.stack[-1].path != path:
            self.stack.pop()
        frame = self.stack[-1]
        known = self.known.get(id(output))
        if known is not None and frame.leaf and frame.records[-1:] == [known.number] and known.tensor() is output:
            frame.output = known.number  # the common case: its last operation made what it returns
        else:
            with torch._C.DisableTorchFunction():
                self._account(frame, args, output)
        self.stack.pop()
        self.frames.append(frame)

    def _account(self, frame: _Frame, args: Any, output: Any) -> None:
        """Note which record is the module's output; make one where no recorded operation produced it."""
        tensors = [tensor for _, tensor in tensors_of(output)]
        numbers = [self.made_by(tensor) for tensor in tensors]
        sources: list[int] = []
        if None in numbers or (frame.leaf and not frame.records and len(tensors) == 1):
            placed = self._place(args, sources)
        for tensor, number in zip(tensors, numbers, strict=True):
            if number is None and sources:
                self._append(None, "opaque", placed, {}, sources, tensor, None)
            elif number is None and frame.leaf and frame.path and ".parametrizations." not in f".{frame.path}.":
                self._append(None, "constant", (), {}, [], tensor, None)
            elif sources and number is not None and frame.leaf and not frame.records:
                self._append(None, "identity", (Reference(number),), {}, [number], tensor, None)
        if len(tensors) == 1:
            frame.output = self.made_by(tensors[0])


def _named(learnt: Mapping[int, Learnt], tensor: Tensor) -> str | None:
    found = learnt.get(id(tensor))
    return found.name if found is not None and found.tensor() is tensor else None


def each_argument(value: Any, give: Callable[[Any], Any]) -> Any:
    """What `give` makes of an argument, or of each value in a list, tuple or dict."""
    if type(value) in (list, tuple):
        return type(value)(each_argument(each, give) for each in value)
    if type(value) is dict:
        return {key: each_argument(each, give) for key, each in value.items()}
    return give(value)


def _version(tensor: Tensor) -> int:
    try:
        return tensor._version
    except RuntimeError:  # made in inference mode, which counts no versions
        return 0


def write_into(input: Tensor, value: Tensor, shape: Any, strides: Any, offset: int) -> Tensor:
    """A copy of `input` with `value` where a view of that shape, strides and offset lies."""
    made = input.clone(memory_format=torch.contiguous_format)
    made.as_strided(shape, strides, offset).copy_(value)
    return made


def view_of(input: Tensor, shape: Any, strides: Any, offset: int) -> Tensor:
    """A view of that shape, strides and offset."""
    return input.contiguous().as_strided(shape, strides, offset)


def tensors_of(value: Any, path: Path = ()) -> Iterator[tuple[Path, Tensor]]:
    """The tensors in a tensor, dict, tuple, list or dataclass, each with its keys, indices and names."""
    if isinstance(value, Tensor):
        yield path, value
    elif isinstance(value, dict):
        for key, each in value.items():
            yield from tensors_of(each, (*path, key))
    elif isinstance(value, (tuple, list)):
        for index, each in enumerate(value):
            yield from tensors_of(each, (*path, index))
    elif dataclasses.is_dataclass(value) and not isinstance(value, type):
        for one in dataclasses.fields(value):
            yield from tensors_of(getattr(value, one.name, None), (*path, one.name))


def _name_records(tracer: _Tracer) -> dict[str, str]:
    """Give every record its name; return the names of modules' outputs, by the modules' paths."""
    plain = {
        frame.output
        for frame in tracer.frames
        if frame.leaf and frame.path and frame.records and frame.output == frame.records[-1]
    }
    taken: set[str] = set()
    repeats: Counter[str] = Counter()
    for record in tracer.records:
        free = record.number in plain or record.number == 0
        base = record.module if record.number in plain else ".".join(filter(None, (record.module, record.operation)))
        record.name = _unused(base, taken, repeats, reserved=not free and base in tracer.modules)
        record.inputs = tuple(tracer.records[number].name for number in record.sources)
    return _name_modules(tracer, taken)


def _name_modules(tracer: _Tracer, taken: set[str]) -> dict[str, str]:
    modules: dict[str, str] = {}
    repeats: Counter[str] = Counter()
    for frame in tracer.frames:
        if frame.output is None or not frame.path:
            continue
        call, repeats[frame.path] = repeats[frame.path], repeats[frame.path] + 1
        name = f"{frame.path}:{call}" if call else frame.path
        if name not in taken:
            modules[name] = tracer.records[frame.output].name
    return modules


def _unused(base: str, taken: set[str], repeats: Counter[str], reserved: bool) -> str:
    name = base
    while name in taken or (reserved and name == base):
        repeats[base] += 1
        name = f"{base}:{repeats[base]}"
    taken.add(name)
    return name


def _drop_unwanted(recording: Recording, wanted: set[str] | None) -> None:
    if wanted is not None:
        numbers = {recording.record(name).number for name in wanted}
        for record in recording.records[1:]:
            if record.number not in numbers:
                record.output = None


def _some(names: list[str], limit: int = 12) -> str:
    rest, first = len(names) - limit, ", ".join(names[:limit])
    return Phrase(N_("{names} and {rest} more"), names=first, rest=rest) if rest > 0 else first
