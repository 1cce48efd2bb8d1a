"""The lines of PyTorch that compute a layer again, without Lente for torchvision's. Importing imports torch."""

from lente.app.features.anatomy import Anatomy, Part, Touch
from lente.app.features.networks import Shown
from lente.app.features.preparation import Prepared, is_strip
from lente.app.features.surgery import Bias, Kernel, Mute, Scale, Surgery, Swap
from lente.models.pretrained import pretrained


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
    before = "..., " if part.layout == "HWC" else ":, "
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
