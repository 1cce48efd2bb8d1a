"""What a network costs: parameters, multiplications and memory, layer by layer and together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import prod
from typing import TYPE_CHECKING, Any

import torch
from torch import nn
from torch.utils.flop_counter import FlopCounterMode

from lente.models.tracing.operations.terms import shape_of
from lente.models.tracing.recording import Record, Recording, Reference

if TYPE_CHECKING:
    from lente.models.tracing.describing import LayerDescription

_UNCOUNTED = {"opaque", "altered"}


@dataclass(frozen=True)
class Totals:
    """Of a whole network, for one picture.

    Attributes:
        parameters, frozen: numbers that are learnt, and those of them that are not to change.
        macs: multiply-accumulate operations of the layers of which they are known.
        unknown: layers whose operations are not known, by name.
        parameter_bytes: of parameters and buffers.
        activation_bytes: of all outputs together, in float32.
    """

    parameters: int
    frozen: int
    macs: int
    unknown: tuple[str, ...]
    parameter_bytes: int
    activation_bytes: int


def totals(network: nn.Module, layers: Sequence[LayerDescription], recording: Recording, frozen: int = 0) -> Totals:
    """Of `network`, of whose parameters `frozen` numbers are not to change; `layers` describe the recording."""
    return Totals(
        parameters=sum(each.numel() for each in network.parameters()),
        frozen=frozen,
        macs=sum(layer.macs or 0 for layer in layers),
        unknown=tuple(layer.name for layer in layers if layer.macs is None),
        parameter_bytes=sum(each.nbytes for each in (*network.parameters(), *network.buffers())),
        activation_bytes=4 * sum(prod(each.shape) for each in recording.records[1:]),
    )


def counted(recording: Recording, each: Record) -> int | None:
    """Multiplications of a call as PyTorch's own counter finds them, by doing it again; None where it finds none."""
    if each.function is None or each.operation in _UNCOUNTED:
        return None

    def give(_name: str, value: Any) -> Any:
        tensor = isinstance(value, Reference)
        return torch.zeros(shape_of(recording, value)) if tensor else value

    try:
        with FlopCounterMode(display=False) as counter, torch.no_grad():
            each.call(give)
    except Exception:  # of numbers that are all 0 somebody's function may make anything
        return None
    return counter.get_total_flops() // 2 // recording.batch or None


def table(title: str, network: nn.Module, layers: Sequence[LayerDescription], costs: Totals) -> str:
    """All of it as text, a line for each layer."""
    rows = [("layer", "operation", "output", "parameters", "MACs")]
    for each in layers:
        shape = " × ".join(map(str, each.shape)) or "1"
        known = "?" if each.macs is None else f"{each.macs:,}" if each.macs else ""
        rows.append((each.name, each.operation, shape, f"{each.parameters:,}" if each.parameters else "", known))
    widths = [max(len(row[n]) for row in rows) for n in range(5)]
    lines = [
        "  ".join(_set(cell, width, n > 2) for n, (cell, width) in enumerate(zip(row, widths, strict=True)))
        for row in rows
    ]
    rule = "-" * len(lines[0])
    learnt = costs.parameters - costs.frozen
    unknown = ", ".join(costs.unknown) or "none"
    return "\n".join([
        f"{title}: {type(network).__name__}", rule, lines[0], rule, *(line.rstrip() for line in lines[1:]), rule,
        f"parameters  {costs.parameters:,}  (trainable {learnt:,}, frozen {costs.frozen:,})",
        f"MACs        {costs.macs:,}",
        f"memory      {costs.parameter_bytes / 1e6:,.2f} MB of parameters, "
        f"{costs.activation_bytes / 1e6:,.2f} MB of outputs",
        f"MACs of these layers are not known: {unknown}",
    ])  # fmt: skip


def _set(cell: str, width: int, right: bool) -> str:
    return cell.rjust(width) if right else cell.ljust(width)
