"""What lies between two codes, or two pictures of noise."""

from typing import Any

import numpy as np

from lente.models.errors import ModelError
from lente.models.phrases import N_

Array = np.ndarray[Any, np.dtype[Any]]


def spherical(start: Array, end: Array, shares: Array) -> Array:
    """Between two codes (Z,) along an arc, their lengths interpolated: (len(shares), Z). Shoemake, 1985.

    Raises ModelError where one of them has no direction.
    """
    lengths = np.linalg.norm(start), np.linalg.norm(end)
    if min(lengths) < 1e-6:
        template = N_("A code of length 0 has no direction: an arc from or to it does not exist")
        raise ModelError("no_direction", template)
    angle = np.arccos(np.clip(np.dot(start, end) / (lengths[0] * lengths[1]), -1, 1))
    along = shares[:, None]
    if np.sin(angle) < 1e-6:
        straight: Array = start + along * (end - start)
        return straight
    directions = np.sin((1 - along) * angle) * start / lengths[0] + np.sin(along * angle) * end / lengths[1]
    arc: Array = directions / np.sin(angle) * (lengths[0] + along * (lengths[1] - lengths[0]))
    return arc
