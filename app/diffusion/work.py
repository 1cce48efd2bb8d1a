"""The diffusion network at work. Importing this module imports torch."""

import copy
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from torch import Tensor

from lente.app.diffusion.wish import BYTES, Look, Wish
from lente.models import stopping
from lente.models.diffusion.editing import filled, inverted
from lente.models.diffusion.sampling import Moment, Sampler, noise
from lente.models.diffusion.schedule import STEPS, Schedule
from lente.models.mnist.reader import Bytes, values
from lente.models.networks import catalogue
from lente.models.networks.diffusion import NO_CLASS, DiffusionUNet

if TYPE_CHECKING:
    from lente.app.server.box import Box

Array = np.ndarray[Any, np.dtype[Any]]
Tensors = dict[str, Array]

DIGITS = 32
MEASURED = (1, *range(50, STEPS + 1, 50))


@dataclass(frozen=True)
class Diffusion:
    """The network, ready for its work: its weights lie as this processor is quickest with them."""

    network: DiffusionUNet
    schedule: Schedule

    @classmethod
    def of(cls, box: "Box") -> "Diffusion":
        network = copy.deepcopy(box.get("diffusion")).to(memory_format=torch.channels_last)
        assert isinstance(network, DiffusionUNet)
        return cls(network, Schedule.cosine())

    @cached_property
    def facts(self) -> dict[str, Any]:
        """Parameters, and the figures of the card."""
        card = catalogue.card("diffusion", catalogue.FOLDER)
        parameters = sum(weights.numel() for weights in self.network.parameters())
        return {"parameters": parameters, "figures": card.figures}

    def look(self, look: Look) -> tuple[Tensors, dict[str, Any]]:
        """The velocities that the network finds in pictures, and what follows: `noise` and `estimate`."""
        sampler = Sampler(self.network, self.schedule, guidance=look.guidance)
        with torch.inference_mode():
            moment = sampler.step(torch.from_numpy(look.x), look.step, 0, torch.from_numpy(look.labels))
        names = ("velocity", "noise", "estimate", "told", "untold")
        found = {name: tensor.numpy() for name in names if (tensor := of_moment(moment, name)) is not None}
        return found, {"step": look.step, **self._shares(look.step)}

    def moments(self, wish: Wish) -> Iterator[Moment]:
        """The moments of what is wished, one after another; Stopped where nobody waits for them any more."""
        sampler = Sampler(self.network, self.schedule, wish.steps, wish.kind, wish.guidance)
        x, generator = noise(wish.count, wish.seed)
        if wish.noise is not None:
            x = torch.from_numpy(wish.noise)
        classes, clean = torch.from_numpy(wish.labels), None
        if wish.pictures is not None:
            clean = 2 * torch.from_numpy(wish.pictures) - 1
        if clean is not None and wish.known is not None:
            way = filled(sampler, x, clean, torch.from_numpy(wish.known), classes, generator, wish.again)
        else:
            if clean is not None:
                x = self.schedule.noisy(clean, x, torch.full((wish.count,), wish.start))
            way = sampler.run(x, classes, wish.start, generator)
        with torch.inference_mode():
            for moment in way:
                yield moment
                stopping.check()

    def inverted(self, pictures: Array, steps: int, tell: Callable[[], None]) -> Array:
        """The noise (N, 1, 28, 28) out of which DDIM makes pictures (N, 1, 28, 28), 0..1, nearly; `tell` is called
        after each step."""
        sampler, clean = Sampler(self.network, self.schedule, steps), 2 * torch.from_numpy(pictures) - 1
        noisy = clean
        with torch.inference_mode():
            for noisy in inverted(sampler, clean, torch.full((len(clean),), NO_CLASS)):  # noqa: B007, the last is wanted
                tell()
                stopping.check()
        found: Array = noisy.contiguous().numpy()
        return found

    def sample(self, wish: Wish, tell: Callable[[Moment], object]) -> Moment:
        """The last moment of what is wished; `tell` is told each."""
        last = None
        for last in self.moments(wish):
            tell(last)
        assert last is not None
        return last

    def error(self, step: int, digits: Bytes) -> float:
        """How far the estimates of digits (N, 28, 28) are off at a step: mean squared error per pixel."""
        clean = 2 * torch.from_numpy(values(digits))[:, None] - 1
        x = self.schedule.noisy(clean, noise(len(clean), step)[0], torch.full((len(clean),), step))
        with torch.inference_mode():
            found = Sampler(self.network, self.schedule).step(x, step, 0, torch.full((len(clean),), NO_CLASS))
        return (found.estimate - clean).square().mean().item()

    def _shares(self, step: int) -> dict[str, float]:
        return {"a": self.schedule.a[step].item(), "s": self.schedule.s[step].item()}

    def told(self, moment: Moment, wants: tuple[str, ...]) -> tuple[Tensors, dict[str, Any]]:
        """What is wanted of a moment, (N, 1, 28, 28) each, and its facts: steps, shares of picture and noise, sigma."""
        tensors = {}
        for name in wants:
            if (tensor := of_moment(moment, name.removesuffix("_bytes"))) is not None:
                tensors[name] = as_bytes(tensor) if name in BYTES else tensor.contiguous().numpy()
        after = self._shares(moment.earlier)
        facts = {"step": moment.step, "earlier": moment.earlier, "sigma": moment.sigma, **self._shares(moment.step)}
        return tensors, {**facts, "next_a": after["a"], "next_s": after["s"]}


def of_moment(moment: Moment, name: str) -> Tensor | None:
    """What a moment calls `name`; velocities are of its `predicted`, and where no noise is put in it is all 0."""
    if name == "fresh" and moment.fresh is None:
        return torch.zeros_like(moment.x)
    found: Tensor | None = getattr(moment.predicted if name in ("velocity", "told", "untold") else moment, name)
    return found


def as_bytes(x: Tensor) -> Array:
    """Pixels -1..1 as 0..255; what lies outside is cut."""
    found: Array = ((x.clamp(-1, 1) + 1) * 127.5).round().byte().contiguous().numpy()
    return found


def seeded(count: int, seed: int) -> Array:
    """The noise (count, 1, 28, 28) that `seed` stands for."""
    found: Array = noise(count, seed)[0].numpy()
    return found


def images(x: Tensor) -> Array:
    """Pixels -1..1 as 0..1; what lies outside is cut."""
    found: Array = ((x.clamp(-1, 1) + 1) / 2).contiguous().numpy()
    return found


def schedule() -> Tensors:
    """`a` and `s` (STEPS + 1,)."""
    cosine = Schedule.cosine()
    assert len(cosine.a) == STEPS + 1
    return {"a": cosine.a.numpy(), "s": cosine.s.numpy()}
