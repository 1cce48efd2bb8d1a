"""What is asked of the diffusion network, checked before any work is done. Nothing here needs torch."""

import math
from collections.abc import Hashable
from dataclasses import dataclass
from typing import Any

import numpy as np

from lente.app.errors import BadInput, TooLarge
from lente.app.i18n import N_
from lente.app.server import received
from lente.app.server.wire import unpacked
from lente.models.phrases import shortened

Array = received.Array
Labels = np.ndarray[Any, np.dtype[np.int64]]

STEPS = 1000
CLASSES = 10
KINDS = ("ddim", "ancestral")
MOST_PICTURES = 100
MOST_STEPS = 250
MOST_GUIDANCE = 10.0
MOST_AGAIN = 10
MOST_PASSES = 10_000
MOST_BYTES = 16_000_000
LARGEST = 1000.0
PIXELS = received.SIDE * received.SIDE
PICTURE_BYTES = 800_000
"""What the network takes for each picture that it is given at once, as measured."""
FLOATS = ("x", "velocity", "noise", "estimate", "told", "untold", "remaining", "fresh", "after")
BYTES = ("x_bytes", "estimate_bytes", "after_bytes")
WANTS = (*FLOATS, *BYTES)


@dataclass(frozen=True)
class Look:
    """One look at noisy pictures x (N, 1, 28, 28) at `step`, told labels (N,), with guidance."""

    x: Array
    step: int
    labels: Labels
    guidance: float

    @property
    def together(self) -> int:
        """How many pictures the network is given at once."""
        return _together(len(self.x), self.guidance)


@dataclass(frozen=True)
class Wish:
    """Pictures to be taken out of noise.

    Attributes:
        labels: (N,), 10 for any digit.
        start: the step at which it begins, 1 to STEPS.
        noise: what it begins with (N, 1, 28, 28); None for that of the seed.
        pictures: clean ones, 0..1, that the noise is put into first (N, 1, 28, 28); None where noise is all there is.
        known: which pixels of `pictures` stay, 0 or 1 (N, 1, 28, 28); None for none.
        again: how often each step is done where pixels stay, 1 to MOST_AGAIN.
        wants: what of each moment is told, see WANTS.
    """

    count: int
    steps: int
    kind: str
    guidance: float
    seed: int
    labels: Labels
    start: int
    noise: Array | None
    pictures: Array | None
    known: Array | None
    again: int
    wants: tuple[str, ...]

    @property
    def words(self) -> Hashable | None:
        """What alone decides the pictures, where they come from a seed; None where something is a visitor's own."""
        if self.noise is not None or self.pictures is not None:
            return None
        own = (self.count, self.steps, self.kind, self.guidance, self.seed, self.start, self.again, self.wants)
        return (*own, self.labels.tobytes())

    @property
    def visited(self) -> int:
        """How many steps it takes from `start`, those included that are done again."""
        return max(1, math.ceil(self.steps * self.start / STEPS)) * self.again

    @property
    def together(self) -> int:
        """How many pictures the network is given at once."""
        return _together(self.count, self.guidance)

    @property
    def passes(self) -> int:
        """How many pictures the network is given in all."""
        return self.together * self.visited


def _together(count: int, guidance: float) -> int:
    return count * (1 if guidance in (0, 1) else 2)


def read(body: bytes, kind: str) -> dict[str, Any]:
    """A request's body, tensors and facts in one: JSON, or safetensors with its facts in the metadata."""
    if kind.partition(";")[0].strip().lower() != received.BINARY[1]:
        return received.read_body(body or b"{}", "application/json", "noise", PIXELS)
    try:
        tensors, facts = unpacked(body)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        template = N_("The body cannot be read ({reason}). JSON or safetensors are accepted.")
        raise BadInput("body_unreadable", template, reason=shortened(str(error))) from error
    return {**facts, **tensors}


def look(asked: dict[str, Any]) -> Look:
    """What POST /api/diffusion/look is asked. BadInput, TooLarge."""
    x = _noises(asked, "x", MOST_PICTURES)
    return Look(x, received.whole(asked, "step", STEPS, 1, STEPS), _labels(asked, len(x)), _guidance(asked))


def wish(asked: dict[str, Any]) -> Wish:
    """What POST /api/diffusion/sample is asked. BadInput, TooLarge."""
    given = "noise" if asked.get("noise") is not None else "pictures" if asked.get("pictures") is not None else None
    first = None if given is None else len(received.required(asked, given))
    count = received.whole(asked, "count", first or 1, 1, MOST_PICTURES)
    noise = _noises(asked, "noise", count) if asked.get("noise") is not None else None
    pictures = _pictures(asked, "pictures", count)
    found = Wish(
        count,
        received.whole(asked, "steps", 25, 1, MOST_STEPS),
        received.one_of(asked, "kind", KINDS),
        _guidance(asked),
        received.whole(asked, "seed", 0, 0, 2**32 - 1),
        _labels(asked, count),
        received.whole(asked, "start", STEPS, 1, STEPS),
        noise,
        pictures,
        _pictures(asked, "known", count),
        received.whole(asked, "again", 1, 1, MOST_AGAIN),
        _wants(asked),
    )
    _check(found)
    return found


def check_passes(count: int, steps: int, passes: int) -> None:
    """Raises TooLarge where pictures in so many steps take more passes than are accepted."""
    if passes > MOST_PASSES:
        template = N_(
            "{count} pictures in {steps} steps take {passes} passes through the network; at most {most} are accepted."
        )
        raise TooLarge("too_many_passes", template, count=count, steps=steps, passes=passes, most=MOST_PASSES)


def _check(found: Wish) -> None:
    if found.known is not None and found.pictures is None:
        raise BadInput("missing", N_("{field} is missing."), field="pictures")
    if found.known is not None and found.start != STEPS:
        template = N_("start is {found}: where pixels are known, {steps} is accepted, noise alone.")
        raise BadInput("start", template, found=found.start, steps=STEPS)
    if found.known is None and found.again != 1:
        template = N_("again is {found}: where no pixels are known, each step is done once.")
        raise BadInput("again", template, found=found.again)
    if found.noise is not None and len(found.noise) != found.count:
        template = N_("noise has {found} entries and count is {count}: one for each picture is accepted.")
        raise BadInput("noise_count", template, found=len(found.noise), count=found.count)
    check_passes(found.count, found.visited, found.passes)
    told = found.count * found.visited * PIXELS * sum(1 if name in BYTES else 4 for name in found.wants)
    if told > MOST_BYTES:
        template = N_("All moments together have {found} bytes; at most {most} are told: want fewer tensors.")
        raise TooLarge("too_much_wanted", template, found=told, most=MOST_BYTES)


def _wants(asked: dict[str, Any]) -> tuple[str, ...]:
    wants = asked.get("wants", ["estimate_bytes"])
    names = wants if isinstance(wants, list) else [wants]
    return tuple(dict.fromkeys(received.check_word(name, "wants", WANTS) for name in names))


def _guidance(asked: dict[str, Any]) -> float:
    value = asked.get("guidance", 1.0)
    number = isinstance(value, (int, float)) and not isinstance(value, bool)
    if not number or not 0 <= value <= MOST_GUIDANCE:
        template = N_("{name} is {found}; a number from {low:g} to {high:g} is accepted.")
        raise BadInput("guidance", template, name="guidance", found=shortened(value), low=0, high=MOST_GUIDANCE)
    return float(value)


def _labels(asked: dict[str, Any], count: int) -> Labels:
    """One class for each picture, or one for all; CLASSES, which is any digit, where there are none."""
    told = asked.get("labels", CLASSES)
    values = np.asarray(told if isinstance(told, (list, np.ndarray)) else [told], dtype=object).ravel()
    wrong = [value for value in values if isinstance(value, bool) or value not in range(CLASSES + 1)]
    if wrong or len(values) not in (1, count):
        template = N_(
            "labels is {found}; a class from 0 to {last}, or {any} for any digit, for each of the {count} pictures or "
            "one for all are accepted."
        )
        found = shortened(wrong[0] if wrong else told)
        raise BadInput("labels", template, found=found, last=CLASSES - 1, any=CLASSES, count=count)
    return np.broadcast_to(values.astype(np.int64), count).copy()


def _noises(asked: dict[str, Any], name: str, most: int) -> Array:
    """What `asked` calls `name`, (N, 1, 28, 28) of numbers of at most LARGEST."""
    rows = received.required(asked, name)
    received.check_count(rows, name, most)
    values = received.floats(rows, name)
    if values.shape[1:] not in ((28, 28), (1, 28, 28), (PIXELS,)):
        shape = " × ".join(str(size) for size in values.shape)
        template = N_("{name} has the shape {found}; N × 28 × 28 is accepted.")
        raise BadInput("image_shape", template, name=name, found=shape)
    received.check_range(values, name, -LARGEST, LARGEST)
    return np.array(values.reshape(-1, 1, 28, 28))  # a request's own bytes are not for writing


def _pictures(asked: dict[str, Any], name: str, count: int) -> Array | None:
    """Pictures with values 0..1, (count, 1, 28, 28); one stands for all."""
    if asked.get(name) is None:
        return None
    values = received.pictures(asked, name)
    if len(values) not in (1, count):
        template = N_("{name} has {found} entries; one for each of the {count} pictures or one for all are accepted.")
        raise BadInput("picture_count", template, name=name, found=len(values), count=count)
    return np.broadcast_to(values, (count, *values.shape[1:])).copy()
