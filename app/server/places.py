"""Places in tensors, as addresses hold them."""

from lente.app.errors import BadInput
from lente.app.i18n import N_
from lente.models.phrases import shortened


def whole_numbers(text: str) -> tuple[int, ...]:
    """Whole numbers between commas. BadInput quotes what is none."""
    try:
        return tuple(int(part) for part in text.split(","))
    except ValueError as error:
        template = N_("{found} is no place: whole numbers with commas between them are accepted, such as 0,12,12.")
        raise BadInput("bad_place", template, found=shortened(text)) from error
