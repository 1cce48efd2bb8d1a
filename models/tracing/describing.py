"""What a network is made of, layer by layer: operations, edges, shapes, parameters, multiplications, fields."""

from __future__ import annotations

import copy
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from math import prod
from typing import Any

import torch
from torch import Tensor, nn

from lente.models.errors import ModelError
from lente.models.tracing.costs import counted
from lente.models.tracing.operations.regions import READS
from lente.models.tracing.operations.table import EXPLAINERS
from lente.models.tracing.operations.terms import operands, shape_of
from lente.models.tracing.receptive_field import ReceptiveField, each_field
from lente.models.tracing.recording import Record, Recording, Reference, record

_UNSHOWN = {"inplace", "training", "momentum", "return_indices", "input", "other", "weight", "bias", "_stacklevel"}


@dataclass(frozen=True)
class LayerDescription:
    """One operation of a network, in the order in which it runs; shapes without the batch.

    `inputs` names the layers that feed it ("input" is the picture), `weights` its parameters and their shapes as in
    `network.state_dict()`, `settings` its stride, padding and the like. `parameters` counts numbers that no earlier
    layer has counted; `macs` multiply-accumulate operations for one picture, of convolutions and products of matrices
    as torchvision counts them, None where they are not known. `receptive_field` is None where it is not known, and
    `obstacle` then the layer, this one or one before, of which it is not known what it reads. `explained` is whether
    the arithmetic of its units is known.
    """

    name: str
    operation: str
    module: str
    module_type: str
    inputs: tuple[str, ...]
    shape: tuple[int, ...]
    parameters: int
    macs: int | None
    receptive_field: ReceptiveField | None
    weights: Mapping[str, tuple[int, ...]]
    settings: Mapping[str, Any]
    explained: bool
    obstacle: str | None


def describe(network: nn.Module, input_shape: Sequence[int]) -> list[LayerDescription]:
    """Describe `network` for pictures of `input_shape` (C, H, W), by running it once, as a copy if it is in training.

    Raises what the network raises where the shape does not suit it.
    """
    if network.training:
        network = copy.deepcopy(network).eval()
    parameter = next(network.parameters(), torch.zeros(()))
    return describe_recording(network, record(network, torch.zeros(1, *input_shape, dtype=parameter.dtype), ()))


def describe_recording(network: nn.Module, recording: Recording, *, fields: bool = True) -> list[LayerDescription]:
    """The same from a recording of that network, whose outputs need not have been kept; `fields`, which take longest,
    may be left out, and obstacles with them."""
    found, obstacles = fields_and_obstacles(recording, each_field(recording)) if fields else ({}, {})
    weights = _weights(network, recording)
    counted: set[str] = set()
    described = []
    for each in recording.records[1:]:
        fresh = {name: tensor for name, tensor in weights[each.number].items() if name not in counted}
        counted.update(fresh)
        described.append(
            LayerDescription(
                name=each.name,
                operation=each.operation,
                module=each.module,
                module_type=each.module_type,
                inputs=each.inputs,
                shape=recording.unit_shape(each),
                parameters=sum(tensor.numel() for tensor in fresh.values()),
                macs=macs(recording, each),
                receptive_field=found.get(each.name),
                weights={name: tuple(tensor.shape) for name, tensor in weights[each.number].items()},
                settings=settings(each),
                explained=each.operation in EXPLAINERS,
                obstacle=obstacles.get(each.name),
            )
        )
    return described


def fields_and_obstacles(
    recording: Recording, fields: Iterable[tuple[str, ReceptiveField | None]]
) -> tuple[dict[str, ReceptiveField], dict[str, str]]:
    """Fields by name, and for each layer without one whose doing it is, its own or that of one before."""
    found: dict[str, ReceptiveField] = {}
    obstacles: dict[str, str] = {}
    with suppress(ModelError):
        found = {name: field for name, field in fields if field is not None}
    for each in recording.records[1:]:
        if each.name not in found:
            obstacles[each.name] = next((obstacles[name] for name in each.inputs if name in obstacles), each.name)
    return found, obstacles


def macs(recording: Recording, each: Record) -> int | None:
    """Multiply-accumulate operations for one picture: of the sums of a layer, not of its bias; None if not known."""
    outputs, operation = prod(each.shape) // recording.batch, each.operation
    if operation.startswith("conv_transpose"):
        weight = _shape(recording, each, "weight")
        return prod(_shape(recording, each, "input")) // recording.batch * prod(weight[1:])
    if operation.startswith("conv") and operation[4:5].isdigit():
        return outputs * prod(_shape(recording, each, "weight")[1:])
    if operation == "linear":
        return outputs * _shape(recording, each, "weight")[1]
    if operation == "scaled_dot_product_attention":
        keys, width = _shape(recording, each, "key")[-2:]
        return outputs // each.shape[-1] * keys * (width + each.shape[-1])
    if operation == "einsum":
        return _products(recording, each)
    if operation in ("matmul", "addmm", "baddbmm"):
        return outputs * _shape(recording, each, "input")[-1]
    if operation in ("altered", "constant"):
        return 0
    return 0 if operation in READS else counted(recording, each)


def _products(recording: Recording, each: Record) -> int | None:
    """How often two numbers are multiplied in an einsum: once for each value of all its indices together."""
    found = operands(each)
    equation = each.args[0] if each.args and isinstance(each.args[0], str) else None
    if len(found) != 2 or equation is None or "..." in equation:
        return counted(recording, each)
    sides: dict[str, int] = {}
    for letters, operand in zip(equation.replace(" ", "").partition("->")[0].split(","), found, strict=True):
        for letter, side in zip(letters, shape_of(recording, operand), strict=True):
            sides[letter] = max(sides.get(letter, 1), side)
    return prod(sides.values()) // recording.batch


def settings(each: Record) -> dict[str, Any]:
    """The call's stride, padding, eps and so on, as plain values."""
    return {
        name: list(value) if isinstance(value, (tuple, list)) else value
        for name, value in each.arguments.items()
        if name not in _UNSHOWN and _plain(value)
    }


def _plain(value: Any) -> bool:
    if isinstance(value, (tuple, list)) and not isinstance(value, Reference):
        return all(_plain(each) for each in value)
    return isinstance(value, (bool, int, float, str))


def _shape(recording: Recording, each: Record, name: str) -> tuple[int, ...]:
    value = each.arguments[name]
    return recording.records[value.number].shape if isinstance(value, Reference) else tuple(value.shape)


def _weights(network: nn.Module, recording: Recording) -> dict[int, dict[str, Tensor]]:
    """Every record's parameters by name. One that no call uses as it is, but as what the network makes of it, such as
    the factors of a weight normalisation, belongs to the last record of its module."""
    named = dict(network.named_parameters())
    names = {id(tensor): name for name, tensor in named.items()}
    found = {
        each.number: {names[id(t)]: t for t in _tensors(each.arguments.values()) if id(t) in names}
        for each in recording.records[1:]
    }
    used = {name for each in found.values() for name in each}
    for name in named.keys() - used:
        owner = _owner(name, recording)
        if owner is not None:
            found[owner.number][name] = named[name]
    return found


def _owner(parameter: str, recording: Recording) -> Record | None:
    path = parameter.rpartition(".")[0]
    while True:
        owners = [each for each in recording.records[1:] if each.module == path]
        if owners or not path:
            return owners[-1] if owners else None
        path = path.rpartition(".")[0]


def _tensors(values: Any) -> list[Tensor]:
    found: list[Tensor] = []
    for value in values:
        if isinstance(value, Tensor):
            found.append(value)
        elif isinstance(value, (list, tuple)) and not isinstance(value, Reference):
            found.extend(_tensors(value))
    return found
