"""The networks in the box: loaded once, looked up by name. Importing this module imports torch."""

import threading
from collections.abc import Callable
from contextlib import suppress
from functools import cached_property
from typing import TypeVar

import torch
from torch import nn

from lente.app.errors import NotFound, Unavailable
from lente.app.i18n import N_
from lente.models.networks import catalogue
from lente.models.networks.digit_judge import DigitJudge
from lente.models.phrases import shortened

FIRST = ("digit_cnn", "vae_2d")
Loaded = TypeVar("Loaded", bound=nn.Module)


class Box:
    """Every network of the box by its name, loaded when it is first asked for, and kept; those of FIRST at once."""

    def __init__(self) -> None:
        torch.set_num_threads(1)
        self._loaded: dict[str, nn.Module] = {}
        self._lock = threading.RLock()
        for name in FIRST:
            with suppress(Unavailable):
                self.get(name)

    @cached_property
    def names(self) -> list[str]:
        return catalogue.names()

    @property
    def loaded(self) -> list[str]:
        return list(self._loaded)

    def get(self, name: str) -> nn.Module:
        """The network called `name`, in evaluation mode; NotFound names the ones there are."""
        check_name(name, self.names)
        if name not in self._loaded:
            with self._lock:
                if name not in self._loaded:
                    self._loaded[name] = self._load(name)
        return self._loaded[name]  # without waiting for another one to be loaded

    @cached_property
    def judge(self) -> DigitJudge:
        """What tells digits from nothing for the digit network; Unavailable where it is missing or damaged."""
        return self._complete("digit_cnn", lambda: catalogue.digit_judge(catalogue.FOLDER))

    def _load(self, name: str) -> nn.Module:
        return self._complete(name, lambda: catalogue.load(name, catalogue.FOLDER))

    def _complete(self, name: str, load: Callable[[], Loaded]) -> Loaded:
        try:
            return load()
        except catalogue.CatalogueError as error:
            template = N_(
                "The network {name} is not complete: its weights are missing or damaged. Install Lente again."
            )
            raise Unavailable("network_incomplete", template, name=name) from error


def check_name(name: str, names: list[str]) -> None:
    """Raises NotFound, which says what the names are, for a network that is not among them."""
    if name not in names:
        template = N_("There is no network called {name}. There are: {names}.")
        raise NotFound("unknown_network", template, name=shortened(name), names=", ".join(names))
