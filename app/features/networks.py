"""The networks that can be looked at: loaded once, looked up by name. Importing this module imports torch."""

import threading
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

import torch
from torch import Tensor, nn

from lente.app.errors import NotFound
from lente.app.features.anatomy import Anatomy, anatomy, shared_copy
from lente.app.features.captures import Capture, Captures
from lente.app.features.downloads import Unavailable, Weights
from lente.app.features.outputs import Answer
from lente.app.features.preparation import Preparation, Prepared
from lente.app.features.surgery import operated, read_surgery
from lente.app.i18n import N_
from lente.app.server.queues.long_work import LongWork
from lente.models import pretrained
from lente.models.networks import catalogue
from lente.models.networks.familiarity import Familiarity
from lente.models.tracing.recording import record

MEGABYTES_OF_MAPS = 512


@dataclass(frozen=True, eq=False)
class Shown:
    """A network that classifies pictures, and what the pages need to know to show it.

    Attributes:
        name, title: for programs and for people.
        kind: what it is given, a "digit" (1, 28, 28) or a "photo" (3, S, S).
        module: the network itself, in evaluation mode, shared: nobody changes it.
        pristine: a copy that never runs, from which copies for surgery are made; it shares its tensors.
        preparation: how a picture is prepared for it.
        classes: what its outputs stand for, in English.
        weights: where its numbers come from, a file's name.
        figures: what it reached when it was measured.
        answer: of a network that was opened: which part of what it returns says the classes; None where none does, and
            then there are no classes.
        lines: of a network that was opened: the lines of Python that make it, in `network`.
        given: what it is given for a picture in place of what `preparation` makes of it, by the picture's id.
        familiarity: what is like the pictures that it learnt from, where that is known.
    """

    name: str
    title: str
    kind: Literal["digit", "photo"]
    module: nn.Module
    pristine: nn.Module
    preparation: Preparation
    classes: tuple[str, ...]
    weights: str
    figures: dict[str, float]
    answer: Answer | None = None
    lines: tuple[str, ...] = ()
    given: dict[str, Prepared] = field(default_factory=dict)
    familiarity: Familiarity | None = None

    @property
    def input_shape(self) -> tuple[int, int, int]:
        side = self.preparation.size
        return (1 if self.kind == "digit" else self.preparation.channels, side, side)

    @property
    def opened(self) -> bool:
        """Whether somebody's own code made it."""
        return bool(self.lines)

    def scores(self, network: nn.Module, x: Tensor) -> Tensor:
        """What `network`, a copy of this one, says to pictures x (B, C, S, S) before the softmax: (B, K)."""
        if self.answer is not None:
            return self.answer.scores(network, x)
        logits = getattr(network, "logits", network)
        return logits(x)  # type: ignore[no-any-return]

    @cached_property
    def anatomy(self) -> Anatomy:
        """How it is put together; the first time it costs a forward pass."""
        return anatomy(self.module, self.input_shape)

    @cached_property
    def told(self) -> dict[str, Any]:
        """What the API says about it; made once."""
        from lente.app.features.description import describe

        return describe(self)

    def capture(self, prepared: Prepared, surgery: str = "") -> Capture:
        """What the network computes for `prepared`, after `surgery` (JSON, see lente.app.features.surgery)."""
        edits = read_surgery(surgery)
        module = operated(self.pristine, edits, self.anatomy) if edits else self.module
        return Capture(module, record(module, torch.from_numpy(prepared.values)[None]), prepared)


TITLES = {"digit_cnn": N_("Digit network"), "photo_cnn": N_("Photo network")}


class Networks:
    """Every network by its name, loaded when it is first asked for, and kept.

    Args:
        weights: folder with torchvision's weights files.
    """

    def __init__(self, weights: Path = Path("var/weights")) -> None:
        torch.set_num_threads(1)
        self.weights = Weights(weights)
        self.captures = Captures(MEGABYTES_OF_MAPS * 1_000_000)
        self.long = LongWork()
        self._loaded: dict[str, nn.Module] = {}
        self._pristine: dict[str, nn.Module] = {}
        self._shown: dict[str, Shown] = {}
        self._opened: list[str] = []
        self._lock = threading.RLock()
        for name in ("digit_cnn", "vae_2d"):
            with suppress(Unavailable):
                self.get(name)

    @cached_property
    def names(self) -> list[str]:
        """Of the networks in the box."""
        return catalogue.names()

    @property
    def loaded(self) -> list[str]:
        return [*self._loaded, *(name for name in self._shown if name not in self._loaded)]

    @property
    def shown_names(self) -> list[str]:
        """Of the networks that can be looked at: those that were opened first, then those in the box."""
        return [*self._opened, *TITLES, *pretrained.pretrained()]

    def open(self, network: Shown) -> None:
        """Puts a network that is in nobody's box among the others."""
        with self._lock:
            self._shown[network.name] = network
            self._opened.insert(0, network.name)

    def get(self, name: str) -> nn.Module:
        """The network of the box called `name`, in evaluation mode; NotFound names the ones there are."""
        self._check(name, self.names)
        with self._lock:
            if name not in self._loaded:
                module = _from_box(name)
                self._pristine[name] = shared_copy(module)
                self._loaded[name] = module
            return self._loaded[name]

    def shown(self, name: str) -> Shown:
        """The classifying network called `name`. NotFound where there is none, Unavailable without its weights."""
        self._check(name, self.shown_names)
        with self._lock:
            if name not in self._shown:
                self._shown[name] = self._box(name) if name in TITLES else self._pretrained(name)
            return self._shown[name]

    def summaries(self) -> list[dict[str, Any]]:
        """What is known of each classifying network before it is loaded."""
        opened = [
            {"name": name, "title": self._shown[name].title, "kind": "photo", "source": "opened", "here": True}
            for name in self._opened
        ]
        box = [
            {"name": name, "title": title, "kind": "digit" if name == "digit_cnn" else "photo", "source": "box"}
            for name, title in TITLES.items()
        ]
        fetched = [
            {
                "name": one.name,
                "title": one.title,
                "kind": "photo",
                "source": "torchvision",
                "parameters": one.parameters,
                "megabytes": one.megabytes,
                "here": self.weights.here(one),
            }
            for one in pretrained.pretrained().values()
        ]
        return [*opened, *({**one, "here": True} for one in box), *fetched]

    def source(self, name: str) -> pretrained.Pretrained:
        """Where the weights of a network of torchvision's come from; NotFound for one that is in the box or nowhere."""
        sources = pretrained.pretrained()
        self._check(name, list(sources))
        return sources[name]

    def present(self, name: str) -> Shown | None:
        """The network where it is loaded already; NotFound where there is none of that name."""
        self._check(name, self.shown_names)
        return self._shown.get(name)

    def _check(self, name: str, names: list[str]) -> None:
        if name not in names:
            template = N_("There is no network called {name}. There are: {names}.")
            raise NotFound("unknown_network", template, name=name[:40], names=", ".join(names))

    def _box(self, name: str) -> Shown:
        module, card = self.get(name), catalogue.card(name, catalogue.FOLDER)
        kind: Literal["digit", "photo"] = "digit" if name == "digit_cnn" else "photo"
        preparation = Preparation(card.size, card.size, card.mean or (0.0,) * 3, card.std or (1.0,) * 3)
        classes, file = card.classes or tuple("0123456789"), f"{name}.safetensors"
        return Shown(
            name, TITLES[name], kind, module, self._pristine[name], preparation, classes, file, card.figures,
            familiarity=catalogue.familiarity(name, catalogue.FOLDER),
        )  # fmt: skip

    def _pretrained(self, name: str) -> Shown:
        source = pretrained.pretrained()[name]
        module = self.weights.load(source)
        recipe = source.recipe.transforms()
        preparation = Preparation(
            size=recipe.crop_size[0],
            shorter=recipe.resize_size[0],
            mean=tuple(recipe.mean),
            std=tuple(recipe.std),
            cubic=recipe.interpolation.value == "bicubic",
        )
        figures = source.recipe.meta["_metrics"]["ImageNet-1K"]
        classes, pristine = tuple(source.recipe.meta["categories"]), shared_copy(module)
        return Shown(name, source.title, "photo", module, pristine, preparation, classes, source.file, figures)


def _from_box(name: str) -> nn.Module:
    try:
        return catalogue.load(name, catalogue.FOLDER)
    except catalogue.CatalogueError as error:
        template = N_("The network {name} is not complete: its weights are missing or damaged. Install Lente again.")
        raise Unavailable("network_incomplete", template, name=name) from error
