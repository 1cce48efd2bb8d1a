"""The digit network as routes and the live channel use it: drawings gathered into one batch, every layer kept."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from starlette.datastructures import State

from lente.app.digits.drawing import Placed, Values
from lente.app.server.queues.batches import MicroBatches

if TYPE_CHECKING:
    from torch import nn

    from lente.app.server.compute import Compute


async def read_digit(state: State, placed: Placed, center: bool) -> tuple[dict[str, Values], dict[str, Any]]:
    """What every layer says to a drawing, centred or as it lies, both of these pictures, and the digit that is read.

    See DigitReader for the layers.
    """
    batches = await _batches(state)
    tensors = await batches.run(placed.centred if center else placed.raw)
    facts = {"digit": int(np.argmax(tensors["probabilities"])), "box": placed.box}
    return {**tensors, "raw": placed.raw, "centred": placed.centred}, facts


async def _batches(state: State) -> "MicroBatches[Values, dict[str, Values]]":
    if not hasattr(state, "digit_batches"):
        compute: Compute = state.compute
        network = (await compute.networks()).get("digit_cnn")
        state.digit_batches = MicroBatches(compute.small, DigitReader(network).read)
    batches: MicroBatches[Values, dict[str, Values]] = state.digit_batches
    return batches


class DigitReader:
    """Reads digits with `network`, and gives what each of its layers says.

    `read` takes pictures (28, 28) in 0..1 and gives for each its tensors by name: `input` (1, 1, 28, 28), every layer
    (1, ...) and `logits` and `probabilities` (10,).
    """

    def __init__(self, network: "nn.Module") -> None:
        self.network = network

    def read(self, pictures: Sequence[Values]) -> list[dict[str, Values]]:
        import torch  # seconds, so behind the first page

        from lente.models.tracing.recording import record

        batch = torch.from_numpy(np.stack(pictures)).unsqueeze(1)
        recording = record(self.network, batch)
        outputs = {name: output.numpy() for name, output in recording.outputs().items()}
        last, before = recording.layers[-1], recording.layers[-2]
        return [
            {
                "input": batch[i : i + 1].numpy(),
                **{name: output[i : i + 1] for name, output in outputs.items()},
                "logits": outputs[before][i],
                "probabilities": outputs[last][i],
            }
            for i in range(len(pictures))
        ]
