"""A layer as a file that NumPy or safetensors opens, with a manifest of where it is from. Importing imports torch."""

import io
import json
from importlib.metadata import version
from typing import Any, Literal

import numpy as np
from safetensors.numpy import save

from lente.app.features.anatomy import Anatomy, Part, Touch
from lente.app.features.captures import Capture
from lente.app.features.layers import record_of
from lente.app.features.maps import Array, numbers_of
from lente.app.features.preparation import Prepared, is_strip
from lente.app.features.shown import Shown
from lente.app.features.surgery import Bias, Kernel, Mute, Scale, Surgery, Swap, read_surgery
from lente.app.features.view import View
from lente.models.pretrained import pretrained

Format = Literal["npz", "safetensors"]


def manifest(view: View, shown: Shown, capture: Capture, layer: str) -> dict[str, Any]:
    """What the exported numbers are, and the lines that make them again."""
    one = record_of(capture, layer)
    surgery = read_surgery(view.surgery)
    height, width = capture.prepared.whole
    crop, prepared = capture.prepared.crop, capture.prepared.preparation
    return {
        "network": shown.name,
        "weights": shown.weights,
        "layer": one.name,
        "operation": one.operation,
        "shape": list(one.shape),
        "dtype": "float32",
        "image": view.image,
        "width": width,
        "height": height,
        "crop": None if crop is None else {"top": crop.top, "left": crop.left, "size": crop.size},
        "mean": list(prepared.mean[: shown.input_shape[0]]),
        "std": list(prepared.std[: shown.input_shape[0]]),
        "surgery": [edit.model_dump() for edit in surgery],
        "versions": {name: version(name) for name in ("lente", "torch", "torchvision")},
        "code": recipe(shown, capture.prepared, view.crop is not None, surgery, one.name),
    }


def exported(capture: Capture, told: dict[str, Any], format: Format) -> bytes:
    """The layer and the network's input, with the manifest `told`: under "manifest", or in the file's metadata."""
    arrays: dict[str, Array] = {
        "input": capture.prepared.values[None],
        told["layer"]: numbers_of(capture.recording[told["layer"]]).numpy(),
    }
    if format == "safetensors":
        return save({name: np.ascontiguousarray(array) for name, array in arrays.items()}, {"json": json.dumps(told)})
    file = io.BytesIO()
    np.savez(file, allow_pickle=False, manifest=np.array(json.dumps(told)), **arrays)
    return file.getvalue()


def recipe(shown: Shown, prepared: Prepared, own_crop: bool, surgery: Surgery, layer: str) -> str:
    """A program that ends with the layer's output in `output`.

    It begins with picture.png or, for a digit and for a network that was opened, with layer.npz.

    picture.png is the picture as the server keeps it (GET /api/images/{id} as PNG), layer.npz the export.
    """
    part = shown.anatomy.part(layer)
    lines = [
        *_imports(shown, part),
        "",
        *_network(shown),
        *(line for edit in surgery for line in _edit(edit, shown.anatomy)),
        "",
        *_picture(shown, prepared, own_crop),
        "",
        *_output(part),
    ]
    return "\n".join(lines) + "\n"


def _imports(shown: Shown, part: Part) -> list[str]:
    own = [] if shown.opened or shown.name in pretrained() else ["from lente.models.networks import catalogue"]
    if part.touch is None:
        own.append("from lente.models.tracing.recording import record")
    if shown.kind == "digit" or shown.opened:
        return ["import numpy as np", "import torch", "", *own]
    more = ["from torchvision import models"] if shown.name in pretrained() else []
    others = ["import torch", "from PIL import Image", *more, "from torchvision.transforms import functional as change"]
    return [*others, *(["", *own] if own else [])]


def _network(shown: Shown) -> list[str]:
    if shown.opened:
        return list(shown.lines)
    if shown.recipe:
        return list(shown.recipe)
    source = pretrained().get(shown.name)
    if source is None:
        return [f'network = catalogue.load("{shown.name}")']
    return [f'network = models.{source.name}(weights="{source.recipe.name}").eval()']


def _picture(shown: Shown, prepared: Prepared, own_crop: bool) -> list[str]:
    if shown.kind == "digit" or shown.opened:
        return ['x = torch.from_numpy(np.load("layer.npz")["input"])']
    wanted, crop = prepared.preparation, prepared.crop
    lines = ['picture = Image.open("picture.png").convert("RGB")']
    way = wanted.resampling.name
    if crop is not None and (own_crop or is_strip(prepared.whole)):
        box = f"({crop.left}, {crop.top}, {crop.left + crop.size}, {crop.top + crop.size})"
        lines.append(f"picture = picture.resize(({wanted.size}, {wanted.size}), Image.Resampling.{way}, box={box})")
    else:
        lines.append(f"picture = change.resize(picture, {wanted.shorter}, change.InterpolationMode.{way})")
        lines.append(f"picture = change.center_crop(picture, {wanted.size})")
    return [*lines, f"x = change.normalize(change.to_tensor(picture), {list(wanted.mean)}, {list(wanted.std)})[None]"]


def _output(part: Part) -> list[str]:
    if part.touch is None:
        return [f'output = record(network, x)["{part.name}"]']
    return [
        "outputs = []",
        f'module = network.get_submodule("{part.touch.path}")',
        "module.register_forward_hook(lambda module, inputs, output: outputs.append(output.clone()))",
        "with torch.no_grad():",
        "    network(x)",
        f"output = outputs[{part.touch.call}]",
    ]


def _edit(edit: Mute | Scale | Swap | Kernel | Bias, anatomy: Anatomy) -> list[str]:
    if isinstance(edit, Bias):
        return ["", f'network.get_submodule("{edit.layer}").bias.data[{edit.output}] = {edit.value}']
    if isinstance(edit, Kernel):
        values = [list(row) for row in edit.values] if isinstance(edit.values, tuple) else edit.values
        place = f"weight.data[{edit.output}, {edit.input}]"
        return ["", f'network.get_submodule("{edit.layer}").{place} = torch.tensor({values})']
    part, touch = anatomy.touchable(edit.layer)
    before = "..., " if part.channels_last else ":, "
    if isinstance(edit, Swap):
        first, second = edit.channels
        change = f"output[{before}[{first}, {second}]] = output[{before}[{second}, {first}]]"
    else:
        factor = edit.factor if isinstance(edit, Scale) else 0.0
        change = f"output[{before}{list(edit.channels)}] *= {factor}"
    return ["", "", *_hook(touch, change)]


def _hook(touch: Touch, change: str) -> list[str]:
    first, turn = "def edit(module, inputs, output):", []
    if touch.calls > 1:  # the list belongs to this one function and counts its calls
        first = "def edit(module, inputs, output, calls=[]):"
        turn = ["    calls.append(1)", f"    if len(calls) != {touch.call + 1}:", "        return output"]
    return [
        first,
        *turn,
        "    output = output.clone()",
        f"    {change}",
        "    return output",
        "",
        "",
        f'network.get_submodule("{touch.path}").register_forward_hook(edit)',
    ]
