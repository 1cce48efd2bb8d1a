"""Where in the pictures at hand a map answers most, cut to what the unit sees. Importing this module imports torch."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor

from lente.app.features.preparation import Prepared
from lente.app.features.reaching import check_channel, reacher
from lente.app.features.shown import Shown
from lente.app.features.visualisation import png_address
from lente.app.server.queues.long_work import Progress
from lente.models.tracing.receptive_field import box

OF_EACH = 3
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
) -> list[dict[str, Any]]:
    """The strongest units of a map in each of `pictures`, no two of one picture side by side, the strongest first."""
    part = check_channel(shown, layer, channel)
    reach = reacher(shown, surgery, part)
    found: list[Patch] = []
    for done, (image, prepared) in enumerate(pictures):
        progress(done, len(pictures))
        with torch.no_grad():
            answer = reach(torch.from_numpy(prepared.values)[None])[0, channel]
        for at in peaks(answer):
            unit = (channel, *at) if part.layout != "HWC" else (*at, channel)
            seen = box(shown.anatomy.recording, part.name, unit)
            picture = png_address(_cut(prepared.pixels, seen))
            found.append(Patch(image, unit, float(answer[at]), tuple(seen), picture))
    found.sort(key=lambda patch: patch.value, reverse=True)
    return [vars(patch) for patch in found]


def peaks(answer: Tensor) -> list[tuple[int, ...]]:
    """Places of the OF_EACH largest values of a map (H, W), each further than a twelfth of the map from those before;
    () for a single value."""
    if answer.dim() == 0:
        return [()]
    left, apart, places = answer.clone(), max(1, max(answer.shape) // 12), []
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
