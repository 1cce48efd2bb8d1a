"""What a map or a class looks for: a picture made from noise that moves it most. Importing this imports torch."""

import base64
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
import torch
from torch import Tensor

from lente.app.features.reaching import accepts, before_cut, check_channel, reacher
from lente.app.features.shown import Shown
from lente.app.features.surgery import operated, read_surgery
from lente.app.server.queues.long_work import Progress
from lente.models.features.visualisation import Moment, visualise

SIZE = 128
EVERY = 8  # steps from one picture that is shown to the next


@dataclass(frozen=True)
class Wish:
    """Which map of which layer, or which of its values, and whether the picture is to move it down instead of up."""

    layer: str
    channel: int
    opposite: bool = False
    steps: int = 128
    seed: int = 0


@dataclass(frozen=True)
class Made:
    """The picture (3, S, S) in 0..1, and what the layer truly says to it: its map's strongest value, least and mean."""

    picture: Tensor
    facts: dict[str, Any]


def check(shown: Shown, wish: Wish) -> None:
    """NotFound, BadInput for a map that there is not."""
    check_channel(shown, wish.layer, wish.channel)


def picture_for(shown: Shown, surgery: str, wish: Wish, progress: Progress) -> Made:
    """The picture for `wish`, which `check` has passed; `progress` is told of every step, and shown some of them."""
    part = check_channel(shown, wish.layer, wish.channel)
    raised = reacher(shown, surgery, before_cut(shown, part))
    size = min(SIZE, shown.preparation.size)
    if size != shown.preparation.size and not accepts(
        operated(shown.pristine, read_surgery(surgery), shown.anatomy), shown.input_shape[0], size
    ):
        size = shown.preparation.size
    sign = -1 if wish.opposite else 1
    normalised = _normaliser(shown)

    def score(pictures: Tensor) -> Tensor:
        return sign * raised(normalised(pictures))[:, wish.channel].mean()

    def told(moment: Moment) -> None:
        seen = {"picture": as_png(moment.picture)} if moment.step % EVERY == 0 else None
        progress(moment.step, moment.steps, seen)

    picture = visualise(score, size, wish.steps, wish.seed, told)
    with torch.no_grad():
        answer = reacher(shown, surgery, part)(normalised(picture[None]))[0, wish.channel]
    facts = {
        "layer": part.name,
        "channel": wish.channel,
        "opposite": wish.opposite,
        "seed": wish.seed,
        "steps": wish.steps,
        "size": size,
        "strongest": float(answer.max()),
        "least": float(answer.min()),
        "mean": float(answer.mean()),
    }
    return Made(picture, facts)


def as_png(picture: Tensor) -> str:
    """(3, H, W) in 0..1 as the address of a PNG that holds itself."""
    pixels = (255 * picture).round().byte().permute(1, 2, 0).contiguous().numpy()
    return png_address(pixels)


def png_address(pixels: "np.ndarray[Any, np.dtype[np.uint8]]") -> str:
    """(H, W, 3) as the address of a PNG that holds itself."""
    quickly = [cv2.IMWRITE_PNG_COMPRESSION, 1, cv2.IMWRITE_PNG_STRATEGY, cv2.IMWRITE_PNG_STRATEGY_HUFFMAN_ONLY]
    content = cv2.imencode(".png", cv2.cvtColor(pixels, cv2.COLOR_RGB2BGR), quickly)[1]
    return "data:image/png;base64," + base64.b64encode(content.tobytes()).decode()


def _normaliser(shown: Shown) -> Callable[[Tensor], Tensor]:
    """What makes pictures (B, 3, S, S) in 0..1 into what the network is given, in grey where it sees no colours."""
    wanted, channels = shown.preparation, shown.input_shape[0]
    mean, std = (torch.tensor(each[:channels])[:, None, None] for each in (wanted.mean, wanted.std))

    def normalised(pictures: Tensor) -> Tensor:
        return ((pictures.mean(1, keepdim=True) if channels == 1 else pictures) - mean) / std

    return normalised
