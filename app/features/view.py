"""What a request looks at: a picture, or part of it, going through a network, perhaps one that was operated on."""

from collections.abc import Callable, Hashable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Annotated, TypeVar

import numpy as np
from fastapi import Depends, Query
from pydantic import Field

from lente.app.dependencies import ComputeDep
from lente.app.digits.drawing import place
from lente.app.digits.paper import find_ink
from lente.app.errors import BadInput
from lente.app.features.preparation import Crop, Normalisation, Preparation, Prepared, prepare
from lente.app.i18n import N_
from lente.app.pictures.decoding import Picture
from lente.app.pictures.dependency import StoreDep
from lente.app.pictures.store import Store
from lente.app.server.compute import Compute

if TYPE_CHECKING:
    from lente.app.features.captures import Capture
    from lente.app.features.networks import Networks
    from lente.app.features.shown import Shown

R = TypeVar("R")


@dataclass(frozen=True)
class View:
    """What is looked at, and the means to look.

    Attributes:
        network, image: name and id.
        crop, normalisation: the visitor's own, if any.
        center: whether a digit is placed as MNIST's are.
        surgery: JSON, see lente.app.features.surgery; "" for none.
    """

    network: str
    image: str
    crop: Crop | None
    normalisation: Normalisation | None
    center: bool
    surgery: str
    store: Store
    compute: "Compute[Networks]"

    async def shown(self) -> "Shown":
        """The network. NotFound, Unavailable."""
        return await shown(self.compute, self.network)

    async def look(self, work: Callable[["Shown", "Capture"], R], *asked: Hashable, passes: int = 0) -> R:
        """`work` on what the network computes for the picture, in the thread where such networks run.

        `asked` says which work it is: those who ask the same meanwhile are given the same, and change nothing of it.
        The work itself makes as many numbers as so many passes.
        """
        if not asked:
            return await self._look(work, passes)
        return await self.compute.alike.run((*asked, self.key), lambda: self._look(work, passes))

    async def _look(self, work: Callable[["Shown", "Capture"], R], passes: int) -> R:
        networks, found, picture = await self._found()
        lane = self.compute.small if found.kind == "digit" else self.compute.large

        def looking() -> R:
            with found.own_code():
                capture = self._capture(networks, found, picture)
                with self.compute.budget.of(passes * found.pass_bytes):
                    return work(found, capture)

        return await lane.run(looking)

    def original(self) -> "View":
        """The same without the surgery."""
        return replace(self, surgery="")

    def of(self, image: str) -> "View":
        """The same of another picture, from its middle; this one as it is."""
        return self if image == self.image else replace(self, image=image, crop=None)

    async def input(self) -> tuple["Shown", Picture, Prepared]:
        """The network, the whole picture, and what the network is given of it."""
        return await self.compute.alike.run(("input", self.key), self._input)

    async def _input(self) -> tuple["Shown", Picture, Prepared]:
        _, found, picture = await self._found()
        return found, picture, await self.compute.pictures.run(self._prepare, found, picture)

    async def _found(self) -> tuple["Networks", "Shown", Picture]:
        networks = await self.compute.networks()
        found = await self.shown()
        return networks, found, await self.compute.pictures.run(self.store.get, self.image)

    def _capture(self, networks: "Networks", found: "Shown", picture: Picture) -> "Capture":
        def capture() -> "Capture":
            with self.compute.budget.of(found.pass_bytes):
                return found.capture(self._prepare(found, picture), self.surgery)

        return networks.captures.get(self.key, capture)

    @property
    def key(self) -> tuple[Hashable, ...]:
        """What is looked at, in words."""
        return (self.network, self.image, self.crop, self.normalisation, self.center, self.surgery)

    def _prepare(self, found: "Shown", picture: Picture) -> Prepared:
        if self.crop is None and self.normalisation is None and self.image in found.given:
            return found.given[self.image]
        if found.prepares is not None:
            return found.prepares(picture)
        if found.kind == "digit":
            return as_digit(picture, self.center, found.preparation)
        wanted = self.normalisation.of(found.preparation) if self.normalisation else found.preparation
        return prepare(picture, wanted, self.crop)


async def shown(compute: "Compute[Networks]", name: str) -> "Shown":
    """The classifying network called `name`; loading it delays nobody else."""
    networks = await compute.networks()
    present = networks.present(name)
    if present is not None:
        return present
    return await compute.alike.run(("network", name), lambda: compute.load(networks.shown, name))


def as_digit(picture: Picture, center: bool, preparation: Preparation) -> Prepared:
    """A picture of a digit, light on dark or dark on light, as (1, 28, 28)."""
    placed = place(find_ink(picture).ink)
    values = placed.centred if center else placed.raw
    grey = np.round(values * 255).astype(np.uint8)
    return Prepared(np.repeat(grey[..., None], 3, axis=2), values[None], None, picture.shape[:2], preparation)


Numbers = Annotated[
    list[Annotated[float, Field(allow_inf_nan=False)]] | None,
    Query(description="photos only: of another normalisation; one for each channel, give mean and std or neither"),
]


async def _view(
    name: str,
    image: str,
    store: StoreDep,
    compute: ComputeDep,
    top: Annotated[float | None, Query(description="first row of the crop, in pixels of the picture")] = None,
    left: Annotated[float | None, Query(description="first column of the crop")] = None,
    size: Annotated[float | None, Query(description="side of the crop; give all three or none")] = None,
    mean: Numbers = None,
    std: Numbers = None,
    center: Annotated[bool, Query(description="digits only: place the digit as MNIST's are")] = True,
    surgery: Annotated[str, Query(description="edits of the network, a JSON list")] = "",
) -> View:
    await compute.networks()  # from here on routes may import what imports torch
    return View(name, image, _crop(top, left, size), _normalisation(mean, std), center, surgery.strip(), store, compute)


def _normalisation(mean: list[float] | None, std: list[float] | None) -> Normalisation | None:
    if mean is None and std is None:
        return None
    if mean is None or std is None:
        template = N_("A normalisation needs mean and std; only {found} is given.")
        raise BadInput("normalisation_incomplete", template, found="std" if mean is None else "mean")
    return Normalisation(tuple(mean), tuple(std))


def _crop(top: float | None, left: float | None, size: float | None) -> Crop | None:
    if top is None and left is None and size is None:
        return None
    if top is None or left is None or size is None:
        template = N_("A crop needs top, left and size; found are top {top}, left {left}, size {size}.")
        raise BadInput("crop_incomplete", template, top=top, left=left, size=size)
    return Crop(top, left, size)


ViewDep = Annotated[View, Depends(_view)]
