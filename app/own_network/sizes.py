"""How large a picture a network is given: what would fit where it breaks, and how much memory that would take."""

from collections.abc import Callable, Sequence
from math import prod

import torch
from torch import nn

from lente.models.tracing.faults import Fault
from lente.models.tracing.recording import Recording, record

MOST_BYTES = 8_000_000_000
LARGEST_SIDE = 512  # below, nothing is measured first
TRIED_SIDE = 128
LONGEST_SIDE = 16_384
_HELD = 3  # times what a pass makes: the maps, and what is made of them


class TooBig(ValueError):
    """What is asked for would take more memory than there is; the message says how much."""


def check_memory(network: nn.Module, shape: Sequence[int]) -> None:
    """Raises TooBig where a pass for one picture of `shape` (..., H, W) would make too much.

    Measured on a small picture: what a layer makes grows with the pixels.
    """
    rows, columns = shape[-2:]
    if max(rows, columns) <= LARGEST_SIDE:
        return
    pixels = rows * columns
    if max(rows, columns) > LONGEST_SIDE:
        raise TooBig(f"{rows} × {columns} is too large: at most {LONGEST_SIDE} pixels a side are accepted")
    small = tuple(min(side, TRIED_SIDE) for side in (rows, columns))
    recording = record(network, torch.zeros(1, *shape[:-2], *small), (), until_fault=True)
    made = sum(prod(one.shape) for one in recording.records) * 4
    expected = made * pixels / prod(small)
    if expected * _HELD > MOST_BYTES:
        side = int((MOST_BYTES / _HELD / made * prod(small)) ** 0.5)
        raise TooBig(
            f"a picture of {rows} × {columns} would make {expected * _HELD / 1e9:.1f} GB of maps: "
            f"at most {MOST_BYTES / 1e9:g} GB are accepted, some {side} × {side} pixels"
        )


def fitting_side(recording: Recording, run: Callable[[int], Recording], most: int = 512) -> int | None:
    """The side of a square picture that brings a network past a dense layer that got the wrong count of numbers.

    What such a layer gets grows with the picture: the side is found by halving. None where there is none.
    """
    wanted = _wanted(recording.fault)
    if wanted is None:
        return None
    module, count = wanted
    low, high = 8, most
    while low <= high:
        side = (low + high) // 2
        found = run(side)
        if found.fault is None:
            return side
        got = _got(found.fault, module)
        if got is None:  # too small to come so far, or too large for something else
            low = side + 1
        elif got == count:
            return None
        elif got < count:
            low = side + 1
        else:
            high = side - 1
    return None


def _wanted(fault: Fault | None) -> tuple[str, int] | None:
    if fault is None or fault.operation != "linear" or len(fault.shapes.get("weight", ())) != 2:
        return None
    return fault.module, fault.shapes["weight"][1]


def _got(fault: Fault, module: str) -> int | None:
    given = fault.shapes.get("input", ())
    return given[-1] if fault.module == module and fault.operation == "linear" and given else None
