"""The networks that can be looked at: loaded once, looked up by name. Importing this module imports torch."""

from pathlib import Path
from typing import Any, Literal

from torch import nn

from lente.app.features.anatomy import shared_copy
from lente.app.features.captures import Captures
from lente.app.features.downloads import Weights
from lente.app.features.noisy import PREFIX, noisy
from lente.app.features.preparation import Preparation
from lente.app.features.shown import Shown
from lente.app.i18n import N_
from lente.app.server.box import Box, check_name
from lente.app.server.queues.budget import Budget
from lente.models import pretrained
from lente.models.networks import catalogue, imagenet

MEGABYTES_OF_MAPS = 192  # two passes of EfficientNet-Lite0, without and with a surgery
MOST_TOLD = 8

TITLES = {
    "efficientnet_lite0": "EfficientNet-Lite0",
    "squeezenet": "SqueezeNet 1.1",
    "photo_cnn": N_("Photo network"),
    "digit_cnn": N_("Digit network"),
}


class Networks(Box):
    """The networks of the box, and those that can be looked at: each loaded when it is first asked for, and kept.

    Args:
        weights: folder with torchvision's weights files.
        budget: of memory, to whose large work the captures give way.
    """

    def __init__(self, weights: Path = Path("var/weights"), budget: Budget | None = None) -> None:
        self.weights = Weights(weights)
        self.captures = Captures(MEGABYTES_OF_MAPS * 1_000_000, budget)
        self._pristine: dict[str, nn.Module] = {}
        self._shown: dict[str, Shown] = {}
        self._opened: list[str] = []
        self._told: dict[str, Shown] = {}
        super().__init__()

    @property
    def loaded(self) -> list[str]:
        box = super().loaded
        return [*box, *(name for name in self._shown if name not in box)]

    @property
    def shown_names(self) -> list[str]:
        """Of the networks that can be looked at: those that were opened first, then those in the box."""
        return [*self._opened, *TITLES, *pretrained.pretrained()]

    def open(self, network: Shown) -> None:
        """Puts a network that is in nobody's box among the others."""
        with self._lock:
            self._shown[network.name] = network
            self._opened.insert(0, network.name)

    def _load(self, name: str) -> nn.Module:
        module = super()._load(name)
        self._pristine[name] = shared_copy(module)
        return module

    def shown(self, name: str) -> Shown:
        """The network called `name`. NotFound where there is none, Unavailable without its weights."""
        if name.startswith(PREFIX):
            return self._noisy(name)
        check_name(name, self.shown_names)
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
        check_name(name, list(sources))
        return sources[name]

    def present(self, name: str) -> Shown | None:
        """The network where it is loaded already; NotFound where there is none of that name."""
        if name.startswith(PREFIX):
            return self._told.get(name)
        check_name(name, self.shown_names)
        return self._shown.get(name)

    def _noisy(self, name: str) -> Shown:
        """The diffusion network told what its name says; the latest few are kept."""
        with self._lock:
            found = self._told.pop(name, None) or noisy(name, self)
            self._told[name] = found
            while len(self._told) > MOST_TOLD:
                del self._told[next(iter(self._told))]
            return found

    def _box(self, name: str) -> Shown:
        module, card = self.get(name), catalogue.card(name, catalogue.FOLDER)
        kind: Literal["digit", "photo"] = "digit" if name == "digit_cnn" else "photo"
        mean, std = card.mean or (0.0,) * 3, card.std or (1.0,) * 3
        preparation = Preparation(card.size, card.shorter or card.size, mean, std, card.cubic)
        thousand = imagenet.names() if card.data == "ImageNet" else ()
        classes, file = thousand or card.classes or tuple("0123456789"), f"{name}.safetensors"
        return Shown(
            name, TITLES[name], kind, module, self._pristine[name], preparation, classes, file, card.figures,
            familiarity=catalogue.familiarity(name, catalogue.FOLDER), reliability=card.reliability,
            unsure=card.unsure, source=card.source,
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
        classes, pristine = imagenet.names(), shared_copy(module)  # torchvision has them in ImageNet's order too
        return Shown(name, source.title, "photo", module, pristine, preparation, classes, source.file, figures)
