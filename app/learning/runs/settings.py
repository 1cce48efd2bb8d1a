"""What a run may be told, checked before anything is done."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from lente.app.learning.batch import Label, Picture

MOST_STEPS = 20_000
KEY_LENGTH = 64


class Changed(BaseModel):
    """Settings that take effect while a run learns; what is left out stays."""

    model_config = ConfigDict(extra="forbid")

    rate: float | None = Field(default=None, ge=1e-6, le=100, allow_inf_nan=False)
    batch: int | None = Field(default=None, ge=1, le=512)
    optimiser: Literal["sgd", "momentum", "adam"] | None = None
    digits: int | None = Field(default=None, ge=10, le=60_000)
    augmented: bool | None = None
    noise: float | None = Field(default=None, ge=0, le=1, allow_inf_nan=False)


class Begun(Changed):
    """Settings of a new run: seed, zeros to begin with and ReLU hold from the start."""

    seed: int | None = Field(default=None, ge=0, le=2**31 - 1)
    zeros: bool | None = None
    relu: bool | None = None


class Told(BaseModel):
    """What the owner of a run tells it: other settings, to go on up to a step (`until`), or to pause."""

    key: str = Field(max_length=KEY_LENGTH)
    settings: Changed = Changed()
    until: int | None = Field(default=None, ge=0, le=MOST_STEPS)
    pause: bool = False


class Looked(BaseModel):
    """What is wanted of a frame: points after the first `have`; kernels, maps of `digit`; as it was at step `at`."""

    version: int = Field(default=-1)
    have: int = Field(default=0, ge=0)
    wants: list[Literal["kernels", "maps"]] = []
    digit: Picture | None = None
    at: int | None = Field(default=None, ge=0)


class Climbed(BaseModel):
    """A picture of 28 × 28 values, 0..1, that is to become the digit `target`.

    Attributes:
        steps: how often it is changed.
        most: grey levels, of 255, by which a step changes a pixel at most.
    """

    picture: Picture
    target: Label
    steps: int = Field(default=40, ge=1, le=60)
    most: int = Field(default=8, ge=1, le=64)
