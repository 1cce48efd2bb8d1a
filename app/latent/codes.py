"""What arrives as latent codes, checked. Nothing here needs torch."""

from typing import Any

import numpy as np

from lente.app.errors import BadInput
from lente.app.i18n import N_
from lente.app.server import received
from lente.models.phrases import shortened

MOST_CODES = 4096
LARGEST = 1000.0


def codes(read: dict[str, Any], name: str, width: int, most: int = MOST_CODES) -> received.Array:
    """The codes that `read` calls `name`, (N, width): finite numbers of at most LARGEST, at most `most` codes.

    Raises:
        BadInput: missing, of another shape, not finite or absurdly large; the message quotes the value.
        TooLarge: more than `most`.
    """
    rows = received.required(read, name)
    received.check_count(rows, name, most)
    fits = isinstance(rows, np.ndarray) and rows.ndim == 2 and rows.shape[1] == width
    for i, row in enumerate([] if fits else rows):
        if not hasattr(row, "__len__") or isinstance(row, (str, dict)) or len(row) != width:
            template = N_("{name}[{row}] is {found}; a list of {wanted} numbers is accepted.")
            raise BadInput("code_length", template, name=name, row=i, found=shortened(row), wanted=width)
    values = received.floats(rows, name)
    received.check_range(values, name, -LARGEST, LARGEST)
    return values
