"""Latent spaces as the routes use them: loaded behind the first request, small asks gathered into one batch."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any

import numpy as np
from fastapi import Depends, Request

from lente.app.errors import NotFound, Unavailable
from lente.app.i18n import N_
from lente.app.server.compute import Compute
from lente.app.server.queues.batches import MicroBatches
from lente.app.server.queues.once import Once

if TYPE_CHECKING:
    from lente.app.latent.spaces import Code, Encoded, Latents, Space
    from lente.app.server.box import Box
    from lente.models.mnist.reader import Bytes
    from lente.models.networks.catalogue import Frame

Array = np.ndarray[Any, np.dtype[Any]]

FEW = 4
SMALL = 64


@dataclass
class LatentService:
    """The one door to the latent spaces. What is small shares a batch; what is large never delays it.

    Attributes:
        dragging: for the FEW codes of a moving hand; decoding them costs less than handing them to another thread.
    """

    latents: "Latents"
    compute: "Compute[Box]"
    dragging: "MicroBatches[Code, Array]"
    decoding: "MicroBatches[Code, Array]"
    encoding: "MicroBatches[tuple[str, Array, Array | None], Encoded]"

    async def space(self, name: str) -> "Space":
        """The space called `name`; NotFound where there is none."""
        if name in self.latents.loaded:
            return self.latents.loaded[name]
        return await self.compute.load(self.latents.get, name)

    async def test_digits(self) -> "Bytes":
        """MNIST's test digits (10000, 28, 28)."""
        return await self.compute.read_once("test digits", lambda: self.latents.test_digits)

    async def film(self, name: str) -> "list[Frame]":
        """The training of `name`, moment by moment; NotFound where there is no film."""
        await self.space(name)
        return await self.compute.read_once(f"film of {name}", lambda: self.latents.film(name))

    async def frame(self, name: str, number: int) -> "Frame":
        """One moment of the training of `name`; NotFound where there is none."""
        film = await self.film(name)
        if not 0 <= number < len(film):
            template = N_("There is no frame {number}; the film of {name} has frames 0 to {last}.")
            raise NotFound("unknown_frame", template, number=number, name=name, last=len(film) - 1)
        return film[number]

    async def decode(self, name: str, z: Array, labels: Array | None = None) -> Array:
        """Codes (N, Z) of a loaded space to (N, 1, 28, 28)."""
        from lente.app.latent.spaces import Code

        code = Code(name, z, labels)
        if len(z) <= FEW:
            return await self.dragging.run(code)
        if len(z) <= SMALL:
            return await self.decoding.run(code)
        return (await self.compute.large.run(self.latents.decode_all, [code]))[0]

    async def encode(self, name: str, images: Array, labels: Array | None = None) -> "Encoded":
        """Pictures (N, 1, 28, 28) to their places in a loaded space."""
        if len(images) <= SMALL:
            return await self.encoding.run((name, images, labels))
        return (await self.compute.large.run(self.latents.encode_all, [(name, images, labels)]))[0]

    async def read_digits(self, images: Array) -> dict[str, Array]:
        """The digit network's `probabilities` (N, 10) of pictures (N, 1, 28, 28), and how like a digit they are,
        `judged` (N,); nothing where it is damaged."""
        lane = self.compute.small if len(images) <= SMALL else self.compute.large
        try:
            return await lane.run(self.latents.read_digits, images)
        except Unavailable:
            return {}


async def latent_service(compute: "Compute[Box]") -> LatentService:
    """The service, once the networks are loaded."""
    latents = await compute.load(_latents, await compute.networks())
    return LatentService(
        latents,
        compute,
        dragging=compute.gathered("dragging", compute.here, latents.decode_all),
        decoding=compute.gathered("decoding", compute.small, latents.decode_all),
        encoding=compute.gathered("encoding", compute.small, latents.encode_all),
    )


def _latents(box: "Box") -> "Latents":
    from lente.app.latent.spaces import Latents

    return Latents(box)


async def _service(request: Request) -> LatentService:
    latent: Once[LatentService] = request.app.state.services.latent
    return await latent()


LatentDep = Annotated[LatentService, Depends(_service)]
