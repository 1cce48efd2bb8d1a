"""The pictures that a gradient is asked for, with the digits that they are."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

import numpy as np
from pydantic import BaseModel, Field

from lente.app.errors import BadInput
from lente.app.i18n import N_
from lente.models.mnist.reader import training_digits, values

if TYPE_CHECKING:
    from torch import Tensor

MOST = 64
PIXELS = 28 * 28
DIGITS = 60_000

Pixel = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]
Picture = Annotated[list[Pixel], Field(min_length=PIXELS, max_length=PIXELS)]
Label = Annotated[int, Field(ge=0, le=9)]
Place = Annotated[int, Field(ge=0, lt=DIGITS)]


class Asked(BaseModel):
    """Pictures of 28 × 28 values, 0..1, with their labels; and digits of MNIST's 60,000 to learn from, by their places.

    Attributes:
        run: a network that is learning, or has learnt, in place of the digit network.
    """

    pictures: list[Picture] = Field(default=[], max_length=MOST)
    labels: list[Label] = Field(default=[], max_length=MOST)
    digits: list[Place] = Field(default=[], max_length=MOST)
    run: str | None = Field(default=None, max_length=64)


@dataclass(frozen=True)
class Batch:
    """`x` (B, 1, 28, 28) and `labels` (B,)."""

    x: "Tensor"
    labels: "Tensor"


def batch(asked: Asked) -> Batch:
    """The pictures that were sent first, then MNIST's. BadInput where there are none, or labels do not fit."""
    import torch

    count = len(asked.pictures) + len(asked.digits)
    if not 1 <= count <= MOST:
        template = N_("There are {found} pictures; 1 to {most} are accepted.")
        raise BadInput("pictures_count", template, found=count, most=MOST)
    if len(asked.labels) != len(asked.pictures):
        template = N_("There are {pictures} pictures and {labels} labels; each picture that is sent needs one.")
        raise BadInput("labels_count", template, pictures=len(asked.pictures), labels=len(asked.labels))
    sent = np.array(asked.pictures, np.float32).reshape(-1, 28, 28)
    if not asked.digits:
        return Batch(torch.from_numpy(sent)[:, None], torch.tensor(asked.labels))
    known = training_digits()
    x = np.concatenate([sent, values(known.images[asked.digits])])
    labels = [*asked.labels, *known.labels[asked.digits].tolist()]
    return Batch(torch.from_numpy(x)[:, None], torch.tensor(labels))
