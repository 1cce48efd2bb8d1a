"""What a network is made of, layer by layer, as the API tells it. Importing this module imports torch."""

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from torch import Tensor

from lente.app.errors import NotFound, TooLarge
from lente.app.features.maps import Array, numbers_of
from lente.app.features.shown import Shown
from lente.app.i18n import N_, said
from lente.app.server.queues.long_work import Progress
from lente.models.phrases import shortened
from lente.models.tracing.costs import totals
from lente.models.tracing.describing import LayerDescription, describe_recording, fields_and_obstacles
from lente.models.tracing.faults import Fault
from lente.models.tracing.receptive_field import ReceptiveField, each_field
from lente.models.tracing.recording import Record

MOST_AT_ONCE = 1_000_000
_WEIGHTED = ("conv2d", "linear")
_DEFAULTS = (("stride", 1), ("padding", 0), ("dilation", 1))


def told(shown: Shown) -> dict[str, Any]:
    """What the API says about a network; made once."""
    return shown.once(_describe)


def _describe(shown: Shown) -> dict[str, Any]:
    """Name, input, parameters, classes and the layers in the order in which they run.

    Fields, which may take minutes, are told apart of a network that was opened: see `told_fields`.
    """
    described = describe_recording(shown.module, shown.anatomy.recording, fields=not shown.opened)
    layers = [_layer(shown, each) for each in described]
    costs = totals(shown.module, described, shown.anatomy.recording, shown.frozen)
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
        "parameters": costs.parameters,
        "macs": costs.macs,
        "totals": asdict(costs),
        "classes": len(shown.classes),
        "answer": None if shown.answer is None else shown.answer.kind,
        "fields": not shown.opened,
        "layers": layers,
    }


def told_fields(shown: Shown, progress: Progress) -> dict[str, dict[str, Any]]:
    """Of every layer its receptive field, or the layer that hides it; made once, telling after each layer."""
    kept = shown.once(_kept_fields)
    if kept:
        return kept
    recording = shown.anatomy.recording
    count = len(recording.records) - 1

    def counted() -> Iterator[tuple[str, ReceptiveField | None]]:
        for done, each in enumerate(each_field(recording)):
            progress(done, count)
            yield each

    found, obstacles = fields_and_obstacles(recording, counted())
    kept.update(
        {
            one.name: {
                "receptive_field": asdict(found[one.name]) if one.name in found else None,
                "obstacle": obstacles.get(one.name),
            }
            for one in recording.records[1:]
        }
    )
    return kept


def _kept_fields(_shown: Shown) -> dict[str, dict[str, Any]]:
    return {}


def told_notes(shown: Shown, language: str) -> dict[str, Any]:
    """What one should know of the network, and what ended its run on the first picture, in words."""
    fault = shown.fault
    return {
        "notes": [said(language, note) for note in shown.notes],
        "fault": None if fault is None else _fault(shown, fault, language),
    }


def _fault(shown: Shown, fault: Fault, language: str) -> dict[str, Any]:
    return {
        "kind": fault.kind,
        "message": fault.message,
        "module": fault.module,
        "module_type": fault.module_type,
        "operation": fault.operation,
        "call": fault.call,
        "inputs": [shown.anatomy.recording.records[number].name for number in fault.sources],
        "advice": None if fault.advice is None else said(language, fault.advice),
        "line": None if fault.line is None else fault.line._asdict(),
    }


def kernels(shown: Shown, layer: str) -> tuple[dict[str, Array], dict[str, Any]]:
    """`weight`, and `bias` where there is one, of a layer, and its kind. NotFound names the layers with weights."""
    modules = dict(shown.module.named_modules())
    own = {name: getattr(modules.get(layer), name, None) for name in ("weight", "bias")}
    if not isinstance(own["weight"], Tensor):
        template = N_("There are no weights in a layer called {layer}. Layers with weights: {layers}.")
        named = [name for name, module in modules.items() if isinstance(getattr(module, "weight", None), Tensor)]
        raise NotFound("no_weights", template, layer=shortened(layer), layers=", ".join(named))
    facts = {"kind": type(modules[layer]).__name__, "groups": int(getattr(modules[layer], "groups", 1))}
    found = {name: value for name, value in own.items() if isinstance(value, Tensor)}
    return {name: numbers_of(value.detach()).numpy() for name, value in found.items()}, facts


def all_kernels(shown: Shown) -> dict[str, Array]:
    """`LAYER.weight`, and `LAYER.bias` where there is one, of all layers. TooLarge where they are many."""
    found = sum(parameter.numel() for parameter in shown.module.parameters())
    if found > MOST_AT_ONCE:
        template = N_("{title} has {found} parameters; at most {most} are sent at once. Ask for one layer's.")
        raise TooLarge("too_many_weights", template, title=shown.title, found=found, most=MOST_AT_ONCE)
    return {name: value.detach().numpy() for name, value in shown.module.named_parameters()}


def _preparation(shown: Shown) -> dict[str, Any]:
    wanted, channels = shown.preparation, shown.preparation.channels
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
        "grid": part.grid,
        "parameters": each.parameters,
        "receptive_field": None if field is None else asdict(field),
        "seconds": shown.anatomy.recording.record(each.name).seconds,
        "macs": each.macs or 0,
        "macs_known": each.macs is not None,
        "kernels": [each.name] if each.operation in _WEIGHTED else [],
        "options": _options(shown.anatomy.recording.record(each.name)),
        "settings": dict(each.settings),
        "editable": part.touch is not None and part.layout != "other",
        "reachable": part.layout != "other" and shown.anatomy.can_probe(part.name),
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
