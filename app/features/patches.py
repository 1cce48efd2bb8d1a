"""Where in the pictures at hand a map answers most, cut to what the unit sees, and which maps are like it.

Importing this module imports torch.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from lente.app.features.preparation import Prepared
from lente.app.features.reaching import check_channel, reacher
from lente.app.features.shown import Shown
from lente.app.features.visualisation import png_address
from lente.app.server.queues.long_work import Progress
from lente.models.tracing.receptive_field import box

_CHANGING = ("relu", "relu6", "hardtanh", "batch_norm", "dropout", "identity")
OF_EACH = 3
NEIGHBOURS = 6
PLACES = 14  # a side, of each map whose answers are compared
LEAST_SIDE = 8


@dataclass(frozen=True)
class Patch:
    """A unit of the map, its value, and what it sees of the picture that the network was given."""

    image: str
    unit: tuple[int, ...]
    value: float
    box: tuple[int, int, int, int]
    picture: str


def strongest(
    shown: Shown, surgery: str, layer: str, channel: int, pictures: Sequence[tuple[str, Prepared]], progress: Progress
) -> dict[str, Any]:
    """`patches`, the strongest units of a map in each of `pictures`, no two of one picture side by side, the strongest
    first; and `neighbours`, the maps that answer alike (correlation) and those with a kernel alike (cosine)."""
    part = check_channel(shown, layer, channel)
    reach = reacher(shown, surgery, part)
    found: list[Patch] = []
    answers = []
    for done, (image, prepared) in enumerate(pictures):
        progress(done, len(pictures))
        with torch.no_grad():
            whole = reach(torch.from_numpy(prepared.values)[None])[0]
        answer = whole[channel]
        answers.append(coarse(whole))
        for at in peaks(answer):
            unit = (channel, *at) if part.layout != "HWC" else (*at, channel)
            seen = box(shown.anatomy.recording, part.name, unit)
            picture = png_address(_cut(prepared.pixels, seen))
            found.append(Patch(image, unit, float(answer[at]), seen, picture))
    found.sort(key=lambda patch: patch.value, reverse=True)
    responses = torch.cat(answers, 1)
    alike = {"response": correlations(responses, channel), "kernel": cosines(shown, part.name, channel)}
    neighbours = {kind: nearest(values, channel) for kind, values in alike.items() if values is not None}
    return {"patches": [vars(patch) for patch in found], "neighbours": neighbours}


def coarse(output: Tensor) -> Tensor:
    """(C, H, W), or (C,), as (C, places): means of areas."""
    if output.dim() == 1:
        return output[:, None]
    rows, columns = (min(PLACES, length) for length in output.shape[1:])
    return F.adaptive_avg_pool2d(output, (rows, columns)).flatten(1)


def correlations(responses: Tensor, channel: int) -> Tensor:
    """(C, places) to (C,): Pearson's, with the answers of that map; 0 where a map is the same everywhere."""
    centred = responses - responses.mean(1, keepdim=True)
    return F.normalize(centred, dim=1) @ F.normalize(centred[channel], dim=0)


def cosines(shown: Shown, layer: str, channel: int) -> Tensor | None:
    """(C,): of the kernels that make the layer's maps with that map's; None where a map is made by no kernel."""
    record = shown.anatomy.recording.record(layer)
    while record.operation in _CHANGING and len(record.inputs) == 1:
        record = shown.anatomy.recording.record(record.inputs[0])
    module = dict(shown.module.named_modules()).get(record.name)
    if not isinstance(module, (nn.Conv2d, nn.Linear)):
        return None
    kernels = F.normalize(module.weight.detach().flatten(1), dim=1)
    return kernels @ kernels[channel]


def nearest(values: Tensor, channel: int) -> list[dict[str, Any]]:
    """The NEIGHBOURS maps with the largest values, but for the map itself."""
    order = [each for each in values.argsort(descending=True).tolist() if each != channel][:NEIGHBOURS]
    return [{"channel": each, "value": float(values[each])} for each in order]


def peaks(answer: Tensor) -> list[tuple[int, ...]]:
    """Places of the OF_EACH largest values of a map (H, W), each further than a twelfth of the map from those before;
    () for a single value."""
    if answer.dim() == 0:
        return [()]
    left, apart = answer.clone(), max(1, max(answer.shape) // 12)
    places: list[tuple[int, ...]] = []
    for _ in range(OF_EACH):
        row, column = divmod(int(left.argmax()), answer.shape[1])
        if torch.isneginf(left[row, column]):
            break
        places.append((row, column))
        rows, columns = (slice(max(0, at - apart), at + apart + 1) for at in (row, column))
        left[rows, columns] = -torch.inf
    return places


def _cut(pixels: "np.ndarray[Any, np.dtype[np.uint8]]", seen: tuple[int, int, int, int]) -> Any:
    """That box of the picture (S, S, 3), a little more where it is nearly nothing."""
    top, left, bottom, right = seen
    more = max(0, LEAST_SIDE - (bottom - top) + 1) // 2
    rows, columns = slice(max(0, top - more), bottom + more), slice(max(0, left - more), right + more)
    return np.ascontiguousarray(pixels[rows, columns])
