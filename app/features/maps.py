"""Maps made small, and the one scale that a layer's maps are painted on.

A layer's scale ends at the 99.5th percentile of its sizes |v|, so that one outlier does not darken the rest. Where
there are more than SAMPLE values it is taken over every n-th, n without a common divisor with the sides of the map.
The smallest and the largest value are exact.
"""

import math
from dataclasses import dataclass
from functools import cache
from typing import Any

import cv2
import numpy as np
import torch
from torch import Tensor

PERCENTILE = 99.5
SAMPLE = 4_096
LEVELS = 254
OWN_LEVELS = 126  # seven bits: what is left of noise is most of what travels

Array = np.ndarray[Any, np.dtype[Any]]
Ends = tuple[float, float]


@dataclass(frozen=True)
class Scale:
    """How to paint a layer: symmetric about zero where it is signed, else from zero.

    Attributes:
        low, high: the ends of the scale; values outside are clipped.
        lowest, highest: of all values.
        signed: whether there are negative values.
        clipped: whether values lie outside the scale.
        constant: whether all values are the same.
    """

    low: float
    high: float
    lowest: float
    highest: float
    signed: bool
    clipped: bool
    constant: bool


def numbers_of(output: Tensor) -> Tensor:
    """An output of any kind of numbers as NumPy and the page know them: of complex ones their sizes, else float32."""
    if output.is_quantized:
        output = output.dequantize()
    if output.layout != torch.strided:
        output = output.to_dense()
    if output.is_complex():
        output = output.abs()
    return output if output.dtype == torch.float32 else output.float()


def extremes(output: Tensor) -> Ends:
    """The smallest and the largest value of a layer that has any; no numbers where any value is none."""
    lowest, highest = torch.aminmax(output)
    return lowest.item(), highest.item()


def scale_of(output: Tensor, ends: Ends | None = None) -> Scale:
    """The scale for all maps of a layer, whatever its shape, of which `ends` are the `extremes`."""
    if output.numel() == 0:
        return Scale(0.0, 0.0, 0.0, 0.0, False, False, True)
    lowest, highest = ends or extremes(output)
    if not math.isfinite(lowest) or not math.isfinite(highest):  # undefined where any value is
        output = output[torch.isfinite(output)]
        if output.numel() == 0:
            return Scale(0.0, 0.0, 0.0, 0.0, False, False, True)
        lowest, highest = extremes(output)
    extreme = max(abs(lowest), abs(highest))
    end = _percentile(output) or extreme
    return Scale(
        low=-end if lowest < 0 else 0.0,
        high=end,
        lowest=lowest,
        highest=highest,
        signed=lowest < 0,
        clipped=end < extreme,
        constant=lowest == highest,
    )


def _percentile(output: Tensor) -> float:
    values = output.flatten().numpy()
    step = math.ceil(len(values) / SAMPLE)
    while step > 1 and any(math.gcd(step, side) > 1 for side in output.shape[-2:]):
        step += 1
    sizes = np.abs(values[::step])
    rank = math.ceil(len(sizes) * PERCENTILE / 100) - 1
    return float(np.partition(sizes, rank)[rank])


def as_maps(output: Tensor, layout: str) -> Tensor:
    """One picture's output as (C, H, W): a vector (Z,) as (1, 1, Z), channels first; tokens (T, W) as (1, T, W)."""
    if output.dim() == 3:
        return output.permute(2, 0, 1) if layout == "HWC" else output
    return output.reshape(1, 1, -1) if output.dim() <= 1 else output.reshape(-1, *output.shape[-2:])[:, :, :]


def thumbnails(maps: Array, side: int) -> Array:
    """(C, H, W) to (C, h, w), neither larger than `side`, each value the mean of the area that it covers."""
    channels, height, width = maps.shape
    if height > side:
        strips = math.gcd(height, side)  # whose rows are averaged alike
        rows = maps.reshape(-1, height // strips, width)
        maps = (_areas(height // strips, side // strips) @ rows).reshape(channels, side, width)
    if width > side:
        strips = math.gcd(width, side)
        columns = maps.reshape(-1, width // strips)
        maps = (columns @ _areas(width // strips, side // strips).T).reshape(channels, -1, side)
    return maps


@cache
def _areas(length: int, parts: int) -> Array:
    """(parts, length): which share each pixel has in each of the parts of equal length; rows sum to 1."""
    edges, pixels = np.linspace(0, length, parts + 1), np.arange(length)
    overlap = np.minimum(edges[1:, None], pixels + 1) - np.maximum(edges[:-1, None], pixels)
    shares: Array = (overlap.clip(min=0) * parts / length).astype(np.float32)
    return shares


def as_bytes(maps: Array, scale: Scale) -> Array:
    """Finite values on their scale as bytes: low is 0, high 254, and zero exactly 127 where the scale is signed."""
    span = scale.high - scale.low
    gain = LEVELS / span if span else 0.0
    rows = maps.clip(scale.low, scale.high).reshape(len(maps), -1)
    levels: Array = cv2.convertScaleAbs(rows, alpha=gain, beta=-scale.low * gain).reshape(maps.shape)
    return levels


def as_own_bytes(maps: Array) -> tuple[Array, Array]:
    """Finite maps (C, H, W) as bytes, each on a scale of its own: `low` and `high` (C, 2), which are 0 and 126.

    As on a layer's scale zero is exactly 0, or 63 where the map has values on both sides of it.
    """
    rows = maps.reshape(len(maps), -1)
    lowest, highest = rows.min(1), rows.max(1)
    signed = lowest < 0
    extreme = np.maximum(highest, -lowest)
    ends: Array = np.stack([np.where(signed, -extreme, 0), extreme], 1).astype(np.float32)
    span = ends[:, 1] - ends[:, 0]
    gain = np.divide(OWN_LEVELS, span, out=np.zeros_like(span), where=span > 0)
    levels: Array = np.rint((rows - ends[:, :1]) * gain[:, None]).astype(np.uint8).reshape(maps.shape)
    return levels, ends
