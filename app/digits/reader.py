"""The digit network as routes and the live channel use it: drawings gathered into one batch, every layer kept."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any, cast

import numpy as np
from fastapi import Depends, Request

from lente.app.digits.drawing import Placed, Values
from lente.app.server.compute import Compute
from lente.app.server.queues.once import Once

if TYPE_CHECKING:
    from lente.app.server.box import Box
    from lente.models.networks.digit_cnn import DigitCNN
    from lente.models.networks.digit_judge import DigitJudge

Tensors = dict[str, Values]
Facts = dict[str, Any]


class DigitReader:
    """Reads digits with `network`, gives what each of its layers says, and what `judge` makes of it.

    Attributes:
        mistakes: the test digits that it reads wrong; see lente.app.digits.mnist.
    """

    def __init__(self, compute: "Compute[Box]", network: "DigitCNN", judge: "DigitJudge") -> None:
        self.compute = compute
        self.network = network
        self.judge = judge
        self.mistakes = Once(self._mistakes)
        self._batches = compute.gathered("digits", compute.small, self._read)

    async def read(self, placed: Placed, center: bool) -> tuple[Tensors, Facts]:
        """What every layer says to a drawing, centred or as it lies, and the digit that is read.

        Tensors: `input` (1, 1, 28, 28), every layer (1, ...) by its name, `logits` and `probabilities` (10,), `judged`
        (1,), `raw` and `centred` (28, 28). Facts: `digit`, and `box` of the ink.
        """
        tensors = await self._batches.run(placed.centred if center else placed.raw)
        facts = {"digit": int(np.argmax(tensors["probabilities"])), "box": placed.box}
        return {**tensors, "raw": placed.raw, "centred": placed.centred}, facts

    async def ascend(self, picture: Values, target: int, steps: int, most: float) -> Tensors:
        """`pictures` (S + 1, 28, 28) from `picture` (28, 28) towards `target`, their `probabilities` and `judged`."""
        return await self.compute.run(self._ascend, picture, target, steps, most)

    async def _mistakes(self) -> tuple[Tensors, Facts]:
        from lente.app.digits.mnist import mistakes

        return await self.compute.run(mistakes, self.network)

    def _ascend(self, picture: Values, target: int, steps: int, most: float) -> Tensors:
        import torch

        from lente.models.networks.ascent import ascend

        pictures, probabilities = ascend(self.network, torch.from_numpy(picture), target, steps, most)
        with torch.inference_mode():
            judged = self.judge(self.network.maps(pictures.unsqueeze(1)))
        return {"pictures": pictures.numpy(), "probabilities": probabilities.numpy(), "judged": judged.numpy()}

    def _read(self, pictures: Sequence[Values]) -> list[dict[str, Values]]:
        """For each picture its tensors by name, batched to one: `input`, every layer, `logits`, `probabilities` and
        `judged`."""
        import torch  # seconds, so behind the first page

        from lente.models.tracing.recording import record

        batch = torch.from_numpy(np.stack(pictures)).unsqueeze(1)
        recording = record(self.network, batch)
        outputs = {name: output.numpy() for name, output in recording.outputs().items()}
        with torch.inference_mode():
            judged = self.judge(torch.from_numpy(outputs["flatten"])).numpy()
        last, before = recording.layers[-1], recording.layers[-2]
        return [
            {
                "input": batch[i : i + 1].numpy(),
                **{name: output[i : i + 1] for name, output in outputs.items()},
                "logits": outputs[before][i],
                "probabilities": outputs[last][i],
                "judged": judged[i : i + 1],
            }
            for i in range(len(pictures))
        ]


async def digit_reader(compute: "Compute[Box]") -> DigitReader:
    """The reader, once the networks are loaded; Unavailable where the digit network is not in the box."""
    box = await compute.networks()
    return DigitReader(compute, cast("DigitCNN", box.get("digit_cnn")), box.judge)


async def _digits(request: Request) -> Once[DigitReader]:
    digits: Once[DigitReader] = request.app.state.services.digits
    return digits


DigitsDep = Annotated[Once[DigitReader], Depends(_digits)]
