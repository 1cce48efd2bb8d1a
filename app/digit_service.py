"""The digit network as routes and the live channel use it: drawings gathered into one batch."""

from typing import TYPE_CHECKING

from starlette.datastructures import State

from app.batches import MicroBatches
from app.digits import Values

if TYPE_CHECKING:
    from app.compute import Compute


async def read_digit(state: State, picture: Values) -> dict[str, Values]:
    """What every layer of the digit network says to a picture (28, 28) in 0..1: see app.digit_reader."""
    if not hasattr(state, "digit_batches"):
        compute: Compute = state.compute
        network = (await compute.networks()).get("digit_cnn")
        from app.digit_reader import DigitReader

        state.digit_batches = MicroBatches(compute.small, DigitReader(network).read)
    batches: MicroBatches[Values, dict[str, Values]] = state.digit_batches
    return await batches.run(picture)
