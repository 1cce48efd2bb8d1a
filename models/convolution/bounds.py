"""How much somebody who serves convolutions accepts."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Bounds:
    """The most that is accepted, where somebody bounds it.

    Attributes:
        number: how far from zero a number may be.
        numbers: how many there may be in one tensor.
        side: rows, and columns, of a kernel or a pooling window.
        stride, padding, dilation: in pixels.
    """

    number: float | None = None
    numbers: int | None = None
    side: int | None = None
    stride: int | None = None
    padding: int | None = None
    dilation: int | None = None


UNBOUNDED = Bounds()
