"""The networks in the box: loaded once, looked up by name. Importing this module imports torch."""

from functools import cached_property

import torch
from torch import nn

from app.errors import NotFound
from app.i18n import N_
from models import catalogue


class Networks:
    """Every trained network by its name, loaded when it is first asked for, and kept."""

    def __init__(self) -> None:
        torch.set_num_threads(1)
        self._loaded: dict[str, nn.Module] = {}
        for name in ("digit_cnn", "vae_2d"):
            self.get(name)

    @cached_property
    def names(self) -> list[str]:
        return catalogue.names()

    def get(self, name: str) -> nn.Module:
        """The network called `name`, in evaluation mode; NotFound names the ones there are."""
        if name not in self.names:
            template = N_("There is no network called {name}. There are: {names}.")
            raise NotFound("unknown_network", template, name=name, names=", ".join(self.names))
        if name not in self._loaded:
            self._loaded[name] = catalogue.load(name)
        return self._loaded[name]
