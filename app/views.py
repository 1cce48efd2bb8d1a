"""What a request looks at: a picture, or part of it, going through a network, perhaps one that was operated on."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, TypeVar

import numpy as np
from fastapi import Depends, Query

from app.compute import Compute
from app.dependencies import ComputeDep, StoreDep
from app.digits import place
from app.errors import BadInput
from app.i18n import N_
from app.images import Picture
from app.ink import find_ink
from app.photos import Crop, Prepared, prepare
from app.store import Store

if TYPE_CHECKING:
    from app.captures import Capture
    from app.networks import Networks, Shown

R = TypeVar("R")


@dataclass(frozen=True)
class View:
    """What is looked at, and the means to look.

    Attributes:
        network, image: name and id.
        crop: the visitor's own, if any.
        center: whether a digit is placed as MNIST's are.
        surgery: JSON, see app.surgery; "" for none.
    """

    network: str
    image: str
    crop: Crop | None
    center: bool
    surgery: str
    store: Store
    compute: Compute

    async def shown(self) -> "Shown":
        """The network. NotFound, Unavailable."""
        return await shown(self.compute, self.network)

    async def look(self, work: Callable[["Shown", "Capture"], R]) -> R:
        """`work` on what the network computes for the picture, in the thread where such networks run."""
        networks, found, picture = await self._found()
        lane = self.compute.small if found.kind == "digit" else self.compute.large
        return await lane.run(lambda: work(found, self._capture(networks, found, picture)))

    def original(self) -> "View":
        """The same without the surgery."""
        return View(self.network, self.image, self.crop, self.center, "", self.store, self.compute)

    async def input(self) -> tuple["Shown", Picture, Prepared]:
        """The network, the whole picture, and what the network is given of it."""
        _, found, picture = await self._found()
        return found, picture, await self.compute.pictures.run(self._prepare, found, picture)

    async def _found(self) -> tuple["Networks", "Shown", Picture]:
        networks = await self.compute.networks()
        found = await self.shown()
        return networks, found, await self.compute.pictures.run(self.store.get, self.image)

    def _capture(self, networks: "Networks", found: "Shown", picture: Picture) -> "Capture":
        key = (self.network, self.image, self.crop, self.center, self.surgery)
        return networks.captures.get(key, lambda: found.capture(self._prepare(found, picture), self.surgery))

    def _prepare(self, found: "Shown", picture: Picture) -> Prepared:
        if self.crop is None and self.image in found.given:
            return found.given[self.image]
        if found.kind == "photo":
            return prepare(picture, found.preparation, self.crop)
        return as_digit(picture, self.center)


async def shown(compute: Compute, name: str) -> "Shown":
    """The classifying network called `name`; loading it delays nobody else."""
    networks = await compute.networks()
    present = networks.present(name)
    return await asyncio.to_thread(networks.shown, name) if present is None else present


def as_digit(picture: Picture, center: bool) -> Prepared:
    """A picture of a digit, light on dark or dark on light, as (1, 28, 28)."""
    placed = place(find_ink(picture).ink)
    values = placed.centred if center else placed.raw
    grey = np.round(values * 255).astype(np.uint8)
    return Prepared(np.repeat(grey[..., None], 3, axis=2), values[None], None, (picture.shape[0], picture.shape[1]))


async def _view(
    name: str,
    image: str,
    store: StoreDep,
    compute: ComputeDep,
    top: Annotated[float | None, Query(description="first row of the crop, in pixels of the picture")] = None,
    left: Annotated[float | None, Query(description="first column of the crop")] = None,
    size: Annotated[float | None, Query(description="side of the crop; give all three or none")] = None,
    center: Annotated[bool, Query(description="digits only: place the digit as MNIST's are")] = True,
    surgery: Annotated[str, Query(description="edits of the network, a JSON list")] = "",
) -> View:
    await compute.networks()  # from here on routes may import what imports torch
    return View(name, image, _crop(top, left, size), center, surgery.strip(), store, compute)


def _crop(top: float | None, left: float | None, size: float | None) -> Crop | None:
    if top is None and left is None and size is None:
        return None
    if top is None or left is None or size is None:
        template = N_("A crop needs top, left and size; found are top {top}, left {left}, size {size}.")
        raise BadInput("crop_incomplete", template, top=top, left=left, size=size)
    return Crop(top, left, size)


ViewDep = Annotated[View, Depends(_view)]
