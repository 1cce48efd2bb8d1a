"""The diffusion network as the routes use it: loaded behind the first request."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any

import numpy as np
from fastapi import Depends, Request

from lente.app.diffusion.wish import PICTURE_BYTES, Look
from lente.app.server.compute import Compute
from lente.app.server.queues.once import Once

if TYPE_CHECKING:
    from lente.app.diffusion.work import Diffusion
    from lente.app.server.box import Box

FEW = 4
Tensors = dict[str, np.ndarray[Any, np.dtype[Any]]]


@dataclass
class DiffusionService:
    """The one door to the diffusion network: a look of a moving hand waits for no photograph, sampling is long work."""

    diffusion: "Diffusion"
    compute: "Compute[Box]"

    def __post_init__(self) -> None:
        self.errors = Once(self._measured)
        self._errors: dict[int, float] = {}

    async def look(self, look: Look) -> tuple[Tensors, dict[str, Any]]:
        """What the network finds in noisy pictures."""
        lane = self.compute.small if len(look.x) <= FEW else self.compute.large
        return await lane.run(self._look, look)

    def _look(self, look: Look) -> tuple[Tensors, dict[str, Any]]:
        with self.compute.budget.of(look.together * PICTURE_BYTES):
            return self.diffusion.look(look)

    async def _measured(self) -> dict[str, Any]:
        """How far the network is off at steps of the schedule; between two of them others have their turn."""
        from lente.app.diffusion.work import DIGITS, MEASURED
        from lente.app.digits.mnist import test_digits

        digits = await self.compute.load(lambda: test_digits().images[:DIGITS])
        for step in MEASURED:
            if step not in self._errors:
                self._errors[step] = await self.compute.large.run(self.diffusion.error, step, digits)
        return {"steps": list(MEASURED), "errors": [self._errors[step] for step in MEASURED], "count": DIGITS}


async def diffusion_service(compute: "Compute[Box]") -> DiffusionService:
    """The service, once the networks are loaded."""
    return DiffusionService(await compute.load(_diffusion, await compute.networks()), compute)


def _diffusion(box: "Box") -> "Diffusion":
    from lente.app.diffusion.work import Diffusion

    return Diffusion.of(box)


async def _service(request: Request) -> DiffusionService:
    diffusion: Once[DiffusionService] = request.app.state.services.diffusion
    return await diffusion()


DiffusionDep = Annotated[DiffusionService, Depends(_service)]
