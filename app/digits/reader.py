"""The digit network at work on a batch of drawings, every layer kept. Importing this module imports torch."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from torch import nn

from lente.models.tracing.recording import record

Array = np.ndarray[Any, np.dtype[Any]]


class DigitReader:
    """Reads digits with `network`, and gives what each of its layers says.

    `read` takes pictures (28, 28) in 0..1 and gives for each its tensors by name: `input` (1, 1, 28, 28), every layer
    (1, ...) and `logits` and `probabilities` (10,).
    """

    def __init__(self, network: nn.Module) -> None:
        self.network = network

    def read(self, pictures: Sequence[Array]) -> list[dict[str, Array]]:
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
