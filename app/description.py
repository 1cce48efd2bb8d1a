"""What a network is made of, layer by layer, as the API tells it. Importing this module imports torch."""

from math import prod
from typing import Any

import torch
from torch import nn

from app.errors import NotFound
from app.i18n import N_
from models.photo_cnn import PhotoCNN
from models.recording import Record, Recording, record

_WEIGHTED = ("conv2d", "linear")


def input_shape(network: nn.Module) -> tuple[int, int, int]:
    """(C, H, W) of the picture that a network takes."""
    return (3, 128, 128) if isinstance(network, PhotoCNN) else (1, 28, 28)


def describe(name: str, network: nn.Module) -> dict[str, Any]:
    """Name, input shape, parameters and the layers in the order in which they run."""
    recording = record(network, torch.zeros(1, *input_shape(network)))
    return {
        "name": name,
        "input": list(input_shape(network)),
        "parameters": sum(parameter.numel() for parameter in network.parameters()),
        "layers": [_layer(network, recording, layer) for layer in recording.records[1:]],
    }


def kernels(network: nn.Module, layer: str) -> dict[str, Any]:
    """`weight`, and `bias` where there is one, of a layer. NotFound names the layers that have weights."""
    found = dict(network.named_modules()).get(layer)
    own = {} if found is None else dict(found.named_parameters(recurse=False))
    if "weight" not in own:
        template = N_("There are no weights in a layer called {layer}. Layers with weights: {layers}.")
        named = [name for name, module in network.named_modules() if hasattr(module, "weight")]
        raise NotFound("no_weights", template, layer=layer, layers=", ".join(named))
    return {name: value.detach().numpy() for name, value in own.items()}


def _layer(network: nn.Module, recording: Recording, layer: Record) -> dict[str, Any]:
    module = dict(network.named_modules()).get(layer.name)
    parameters = 0 if module is None else sum(value.numel() for value in module.parameters(recurse=False))
    shape = recording.unit_shape(layer)
    return {
        "name": layer.name,
        "operation": layer.operation,
        "inputs": list(layer.inputs),
        "shape": list(shape),
        "parameters": parameters,
        "macs": _macs(layer, shape),
        "kernels": [layer.name] if layer.operation in _WEIGHTED else [],
        "options": _options(layer),
    }


def _macs(layer: Record, shape: tuple[int, ...]) -> int:
    """Multiplications with a weight, for one picture."""
    weight = layer.arguments.get("weight")
    return prod(shape) * prod(weight.shape[1:]) if layer.operation in _WEIGHTED and weight is not None else 0


def _options(layer: Record) -> dict[str, list[int]]:
    """Kernel size, stride, padding and dilation as [rows, columns], where the operation has them."""
    if layer.operation == "conv2d":
        size = list(layer.arguments["weight"].shape[-2:])
        return {"kernel_size": size, **{key: _pair(layer.arguments.get(key, default)) for key, default in _DEFAULTS}}
    if layer.operation in ("max_pool2d", "avg_pool2d"):
        size = _pair(layer.arguments["kernel_size"])
        stride = layer.arguments.get("stride")
        return {"kernel_size": size, "stride": size if stride is None else _pair(stride), "padding": [0, 0]}
    return {}


_DEFAULTS = (("stride", 1), ("padding", 0), ("dilation", 1))


def _pair(value: Any) -> list[int]:
    return list(value) if isinstance(value, (tuple, list)) else [value, value]
