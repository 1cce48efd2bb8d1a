"""Where a network breaks: the call that failed, what it was given, what would have fitted, and the line of its
author's.

A network that breaks is recorded up to its fault: `record(network, x, until_fault=True).fault`.
"""

from __future__ import annotations

import linecache
import sysconfig
import traceback
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import torch
from torch import Tensor, nn
from torch.nn.parameter import is_lazy

from lente.models.phrases import N_, Phrase
from lente.models.tracing.operations.signatures import argument_names, operation_name

_LONGEST = 400  # letters of what the error says
_HERE = Path(__file__).parents[1]
_NOBODYS = (Path(torch.__file__).parent, _HERE, *(Path(sysconfig.get_path(name)) for name in ("stdlib", "purelib")))
Shape = tuple[int, ...]


class Line(NamedTuple):
    """A line of somebody's code."""

    file: str
    number: int
    text: str


@dataclass(frozen=True)
class Fault:
    """What ended a forward pass.

    Attributes:
        kind, message: of the exception, the message in one line.
        module, module_type: the module that was running.
        operation: the call of PyTorch's that failed; "" where the network's own code did.
        shapes: of the tensors that it was given, by the names of its arguments.
        sources: numbers of the records that it read.
        advice: what would have fitted, where that is known.
        line: the innermost line that is neither PyTorch's nor Lente's.
    """

    kind: str
    message: str
    module: str
    module_type: str
    operation: str
    shapes: Mapping[str, Shape]
    sources: tuple[int, ...]
    advice: Phrase | None
    line: Line | None

    @property
    def call(self) -> str:
        """The failing call as one writes it: linear(input 1 × 2704, weight 10 × 784)."""
        given = ", ".join(f"{name} {_sides(shape)}" for name, shape in self.shapes.items())
        return f"{self.operation}({given})" if self.operation else ""


@dataclass(frozen=True)
class Failed:
    """A call that raised, as the recording saw it."""

    error: BaseException
    function: Callable[..., Any]
    args: tuple[Any, ...]
    kwargs: Mapping[str, Any]
    sources: tuple[int, ...]


def fault_of(error: Exception, path: str, module: nn.Module, failed: Failed | None) -> Fault:
    """What `error`, which ended a forward pass while `module` at `path` ran, says."""
    mine = failed is not None and any(each is failed.error for each in _chain(error))
    operation, shapes = "", {}
    advice = None
    if failed is not None and mine:
        operation = operation_name(failed.function, failed.args, failed.kwargs)
        shapes = _shapes(failed, operation)
        advice = advised(operation, shapes, failed)
    return Fault(
        kind=type(error).__name__,
        message=in_one_line(error),
        module=path,
        module_type=type(module).__name__,
        operation=operation,
        shapes=shapes,
        sources=failed.sources if failed is not None and mine else (),
        advice=advice,
        line=own_line(error),
    )


def in_one_line(error: BaseException) -> str:
    words = " ".join(str(error).split()) or type(error).__name__
    return words if len(words) <= _LONGEST else words[: _LONGEST - 1] + "…"


def _chain(error: BaseException) -> list[BaseException]:
    found: list[BaseException] = []
    following: BaseException | None = error
    while following is not None and following not in found:
        found.append(following)
        following = following.__cause__ or following.__context__
    return found


def own_line(error: BaseException) -> Line | None:
    """The innermost line of the traceback that is somebody's own code; None where all of it is a library's."""
    for frame, number in reversed(list(traceback.walk_tb(error.__traceback__))):
        file = frame.f_code.co_filename
        path = Path(file)
        if file.startswith("<frozen") or any(path.is_relative_to(folder) for folder in _NOBODYS):
            continue
        return Line(file, number, linecache.getline(file, number).strip())
    return None


def _shapes(failed: Failed, operation: str) -> dict[str, Shape]:
    names = argument_names(failed.function, operation, len(failed.args))
    given = {**dict(zip(names, failed.args, strict=False)), **failed.kwargs}
    found: dict[str, Shape] = {}
    for name, value in given.items():
        if isinstance(value, Tensor):
            found[name] = _shape(value)
        elif isinstance(value, (list, tuple)):
            found.update({f"{name}[{n}]": _shape(each) for n, each in enumerate(value) if isinstance(each, Tensor)})
    return found


def _shape(tensor: Tensor) -> Shape:
    return () if is_lazy(tensor) else tuple(tensor.shape)


def _sides(shape: Sequence[int]) -> str:
    return " × ".join(map(str, shape)) or "1"


def advised(operation: str, shapes: Mapping[str, Shape], failed: Failed) -> Phrase | None:
    """What would have fitted, in a sentence without a full stop; None where it is not known."""
    given, weight = shapes.get("input", ()), shapes.get("weight", ())
    if operation == "linear" and given and len(weight) == 2 and given[-1] != weight[1]:
        return Phrase(
            N_("Linear({wanted}, {outputs}) got {found} numbers; Linear({found}, {outputs}) would take them"),
            wanted=weight[1], outputs=weight[0], found=given[-1],
        )  # fmt: skip
    if operation.startswith("conv") and len(weight) > 2 and len(given) >= len(weight) - 1:
        return _convolution(operation, given, weight, failed)
    if "pool" in operation and len(given) > 2:
        return _smaller(given)
    if operation in ("batch_norm", "instance_norm") and "running_mean" in shapes and len(given) > 1:
        wanted, found = shapes["running_mean"][0], given[1]
        if wanted != found:
            return Phrase(N_("it was made for {wanted} channels and got {found}"), wanted=wanted, found=found)
    if operation in ("matmul", "addmm", "baddbmm") and len(given) > 1 and len(shapes.get("other", ())) > 1:
        template = N_("the left one has {columns} columns, so the right one needs {columns} rows; it has {rows}")
        return Phrase(template, columns=given[-1], rows=shapes["other"][-2])
    if operation in ("cat", "stack"):
        return Phrase(N_("all must have the same shape, but for the axis along which they are joined"))
    if operation in ("view", "reshape", "unflatten"):
        count = 1
        for side in given:
            count *= side
        return Phrase(N_("it was given {count} numbers, which do not fill that shape"), count=count)
    other = shapes.get("other", ())
    if operation in ("add", "sub", "mul", "div", "maximum", "minimum") and given and other:
        template = N_("{left} and {right} cannot be put over each other: sizes must agree, or one of them be 1")
        return Phrase(template, left=_sides(given), right=_sides(other))
    return None


def _convolution(operation: str, given: Shape, weight: Shape, failed: Failed) -> Phrase | None:
    axes = len(weight) - 2
    transposed = "transpose" in operation
    channels, groups = given[-axes - 1], int(failed.kwargs.get("groups", 1) or 1)
    if len(failed.args) > 6 and not transposed and isinstance(failed.args[6], int):
        groups = failed.args[6]
    wanted = weight[0] if transposed else weight[1] * groups
    if channels != wanted:
        template = N_("it was made for {wanted} channels and got {found}")
        return Phrase(template, wanted=wanted, found=channels)
    return _smaller(given)


def _smaller(given: Shape) -> Phrase:
    template = N_(
        "its input has shrunk to {rows} × {columns}, less than the window that slides over it: a larger picture fits"
    )
    return Phrase(template, rows=given[-2], columns=given[-1])
