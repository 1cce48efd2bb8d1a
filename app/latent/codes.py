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
    wrong = [] if fits else [i for i, row in enumerate(rows) if not _is_row(row, width)]
    values = received.floats(rows, name) if not wrong else np.zeros(0, np.float32)
    if values.ndim != 2:
        template, row = N_("{name}[{row}] is {found}; a list of {wanted} numbers is accepted."), (*wrong, 0)[0]
        raise BadInput("code_length", template, name=name, row=row, found=shortened(rows[row]), wanted=width)
    received.check_range(values, name, -LARGEST, LARGEST)
    return values


def _is_row(row: object, width: int) -> bool:
    return isinstance(row, (list, np.ndarray)) and getattr(row, "ndim", 1) == 1 and len(row) == width
