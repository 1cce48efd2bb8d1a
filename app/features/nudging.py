"""The nudge that turns an answer, and what it does to another network. Importing this module imports torch."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor

from lente.app.errors import BadInput
from lente.app.features.attribution import Scores, check_classes
from lente.app.features.class_names import class_names, kinds_of
from lente.app.features.preparation import Crop, Prepared, prepare
from lente.app.features.shown import Shown
from lente.app.features.surgery import operated, read_surgery
from lente.app.features.visualisation import png_address
from lente.app.i18n import N_
from lente.app.server.queues.long_work import Progress
from lente.models.features import nudge

ROUNDS = 11  # of the search for the smallest, at most: seven doublings, four halvings
LIKELIEST = 3


@dataclass(frozen=True)
class Push:
    """What is asked: by how many grey levels at most, None for the smallest that is enough."""

    epsilon: float | None


def check(shown: Shown) -> None:
    """BadInput for a network that names no classes, or is not given photographs."""
    check_classes(shown)
    if shown.kind != "photo" or shown.input_shape[0] != 3:
        raise BadInput("not_in_colour", N_("{title} is not given photographs in colour."), title=shown.title)


def push(
    shown: Shown, other: Shown, prepared: Prepared, surgery: str, asked: Push, language: str, progress: Progress
) -> dict[str, Any]:
    """Before and after, the change amplified, and what both networks say to either."""
    network = operated(shown.pristine, read_surgery(surgery), shown.anatomy)
    scored = Scores(shown, network)
    mean, std = (torch.tensor(each)[:, None, None] for each in (prepared.preparation.mean, prepared.preparation.std))
    before = torch.from_numpy(prepared.pixels.transpose(2, 0, 1).copy()).float() / 255
    passes, total = 0, nudge.STEPS * (ROUNDS if asked.epsilon is None else 1)

    def scores(pictures: Tensor) -> Tensor:
        answer: Tensor = scored((pictures - mean) / std)
        return answer

    def told() -> None:
        nonlocal passes
        progress(min(passes, total), total)
        passes += 1

    with torch.no_grad():
        label = int(scores(before[None])[0].argmax())
    labels = kinds_of(shown.classes, label)
    if asked.epsilon is None:
        found = nudge.smallest(scores, before, labels, told)
    else:
        found = nudge.nudged(scores, before, labels, asked.epsilon, told)
    change = found.picture - before
    widest = float(change.abs().max())
    with torch.no_grad():
        said = {name: _likeliest(scores(each[None])[0], shown, language) for name, each in _both(before, found.picture)}
        second = {name: _second(other, each, language) for name, each in _both(before, found.picture)}
    return {
        "class": label,
        "kinds": list(labels),
        "epsilon": found.epsilon,
        "turned": found.turned,
        "largest_change": 255 * widest,
        "amplified": 0.5 / widest if widest else 1.0,
        "before": {"picture": _png(before), "classes": said["before"], "second": second["before"]},
        "after": {"picture": _png(found.picture), "classes": said["after"], "second": second["after"]},
        "change": _png(0.5 + change * (0.5 / widest if widest else 1.0)),
        "other": other.name,
    }


def _both(before: Tensor, after: Tensor) -> list[tuple[str, Tensor]]:
    return [("before", before), ("after", after)]


def _second(other: Shown, picture: Tensor, language: str) -> list[dict[str, Any]]:
    """What another network says to the same square, of which it is given the whole."""
    pixels = _pixels(picture)
    given = prepare(pixels, other.preparation, Crop(0, 0, pixels.shape[0]))
    logits = other.scores(operated(other.pristine, (), other.anatomy), torch.from_numpy(given.values)[None])[0]
    return _likeliest(logits, other, language)


def _likeliest(logits: Tensor, shown: Shown, language: str) -> list[dict[str, Any]]:
    names, shares = class_names(shown.classes, language), logits.softmax(0)
    order = shares.argsort(descending=True)[:LIKELIEST].tolist()
    return [{"index": index, "name": names[index], "probability": float(shares[index])} for index in order]


def _pixels(picture: Tensor) -> "np.ndarray[Any, np.dtype[np.uint8]]":
    return (255 * picture).round().clamp(0, 255).byte().permute(1, 2, 0).contiguous().numpy()


def _png(picture: Tensor) -> str:
    return png_address(_pixels(picture))
