"""What a network is made of, layer by layer, as the API tells it. Importing this module imports torch."""

from dataclasses import asdict
from typing import Any

from torch import Tensor

from lente.app.errors import NotFound, TooLarge
from lente.app.features.maps import Array
from lente.app.features.shown import Shown
from lente.app.i18n import N_
from lente.models.phrases import shortened
from lente.models.tracing.describing import LayerDescription, describe_recording
from lente.models.tracing.recording import Record

MOST_AT_ONCE = 1_000_000
_WEIGHTED = ("conv2d", "linear")
_DEFAULTS = (("stride", 1), ("padding", 0), ("dilation", 1))


def told(shown: Shown) -> dict[str, Any]:
    """What the API says about a network; made once."""
    return shown.once(_describe)


def _describe(shown: Shown) -> dict[str, Any]:
    """Name, input, parameters, classes and the layers in the order in which they run."""
    layers = [_layer(shown, each) for each in describe_recording(shown.module, shown.anatomy.recording)]
    return {
        "name": shown.name,
        "title": shown.title,
        "kind": shown.kind,
        "opened": shown.opened,
        "weights": shown.weights,
        "figures": shown.figures,
        "reliability": shown.reliability,
        "unsure": shown.unsure,
        "source": shown.source,
        "input": list(shown.input_shape),
        "preparation": _preparation(shown),
        "parameters": sum(parameter.numel() for parameter in shown.module.parameters()),
        "macs": sum(layer["macs"] for layer in layers),
        "classes": len(shown.classes),
        "layers": layers,
    }


def kernels(shown: Shown, layer: str) -> tuple[dict[str, Array], dict[str, Any]]:
    """`weight`, and `bias` where there is one, of a layer, and its kind. NotFound names the layers with weights."""
    modules = dict(shown.module.named_modules())
    own = {} if layer not in modules else dict(modules[layer].named_parameters(recurse=False))
    if "weight" not in own:
        template = N_("There are no weights in a layer called {layer}. Layers with weights: {layers}.")
        named = [name for name, module in modules.items() if isinstance(getattr(module, "weight", None), Tensor)]
        raise NotFound("no_weights", template, layer=shortened(layer), layers=", ".join(named))
    facts = {"kind": type(modules[layer]).__name__, "groups": int(getattr(modules[layer], "groups", 1))}
    return {name: value.detach().numpy() for name, value in own.items()}, facts


def all_kernels(shown: Shown) -> dict[str, Array]:
    """`LAYER.weight`, and `LAYER.bias` where there is one, of all layers. TooLarge where they are many."""
    found = sum(parameter.numel() for parameter in shown.module.parameters())
    if found > MOST_AT_ONCE:
        template = N_("{title} has {found} parameters; at most {most} are sent at once. Ask for one layer's.")
        raise TooLarge("too_many_weights", template, title=shown.title, found=found, most=MOST_AT_ONCE)
    return {name: value.detach().numpy() for name, value in shown.module.named_parameters()}


def _preparation(shown: Shown) -> dict[str, Any]:
    wanted, channels = shown.preparation, shown.input_shape[0]
    return {
        "size": wanted.size,
        "shorter": wanted.shorter,
        "mean": list(wanted.mean[:channels]),
        "std": list(wanted.std[:channels]),
        "interpolation": wanted.resampling.name.lower(),
    }


def _layer(shown: Shown, each: LayerDescription) -> dict[str, Any]:
    part, field = shown.anatomy.parts[each.name], each.receptive_field
    return {
        "name": each.name,
        "operation": each.operation,
        "module": each.module,
        "inputs": list(each.inputs),
        "shape": list(each.shape),
        "layout": part.layout,
        "parameters": each.parameters,
        "receptive_field": None if field is None else asdict(field),
        "macs": each.macs or 0,
        "kernels": [each.name] if each.operation in _WEIGHTED else [],
        "options": _options(shown.anatomy.recording.record(each.name)),
        "settings": dict(each.settings),
        "editable": part.touch is not None,
        "reachable": shown.anatomy.can_probe(part.name),
        "explained": each.explained,
        "obstacle": each.obstacle,
    }


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


def _pair(value: Any) -> list[int]:
    return list(value) if isinstance(value, (tuple, list)) else [value, value]
