"""The digit network as routes and the live channel use it: drawings gathered into one batch."""

from typing import TYPE_CHECKING, Any

import numpy as np
from starlette.datastructures import State

from lente.app.digits.drawing import Placed, Values
from lente.app.server.queues.batches import MicroBatches

if TYPE_CHECKING:
    from lente.app.server.compute import Compute


async def read_digit(state: State, placed: Placed, center: bool) -> tuple[dict[str, Values], dict[str, Any]]:
    """What every layer says to a drawing, centred or as it lies, both of these pictures, and the digit that is read.

    See lente.app.digits.reader for the layers.
    """
    batches = await _batches(state)
    tensors = await batches.run(placed.centred if center else placed.raw)
    facts = {"digit": int(np.argmax(tensors["probabilities"])), "box": placed.box}
    return {**tensors, "raw": placed.raw, "centred": placed.centred}, facts


async def _batches(state: State) -> "MicroBatches[Values, dict[str, Values]]":
    if not hasattr(state, "digit_batches"):
        compute: Compute = state.compute
        network = (await compute.networks()).get("digit_cnn")
        from lente.app.digits.reader import DigitReader

        state.digit_batches = MicroBatches(compute.small, DigitReader(network).read)
    batches: MicroBatches[Values, dict[str, Values]] = state.digit_batches
    return batches
