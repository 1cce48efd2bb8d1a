"""The diffusion network as the features page shows it: told one step and one class, given a digit with noise in it.

Its name says which: diffusion.STEP.LABEL.SEED. Importing this module imports torch.
"""

import re
from typing import TYPE_CHECKING

import numpy as np
import torch

from lente.app.digits.drawing import place
from lente.app.digits.paper import find_ink
from lente.app.errors import NotFound
from lente.app.features.anatomy import shared_copy
from lente.app.features.preparation import Preparation, Prepared
from lente.app.features.shown import Shown
from lente.app.i18n import N_
from lente.app.pictures.decoding import Picture
from lente.models.diffusion.sampling import SIDE, noise
from lente.models.diffusion.schedule import STEPS, Schedule
from lente.models.networks.diffusion import NO_CLASS, ToldUNet
from lente.models.phrases import shortened

if TYPE_CHECKING:
    from lente.app.server.box import Box

PREFIX = "diffusion."
_NAME = re.compile(r"diffusion\.(\d{1,4})\.(\d{1,2})\.(\d{1,10})")
_PREPARATION = Preparation(SIDE, SIDE, (0.5,), (0.5,))


def noisy(name: str, box: "Box") -> Shown:
    """The network that `name` says. NotFound where it says none."""
    step, label, seed = _told(name)
    trained = box.get("diffusion")
    module = ToldUNet(step, label)
    module.load_state_dict(trained.state_dict(), assign=True)
    module.requires_grad_(False).eval()

    def prepared(picture: Picture) -> Prepared:
        clean = 2 * torch.from_numpy(_digit(picture))[None, None] - 1
        x = Schedule.cosine().noisy(clean, noise(1, seed)[0], torch.tensor([step]))[0]
        grey = ((x[0].clamp(-1, 1) + 1) * 127.5).round().byte().numpy()
        return Prepared(np.repeat(grey[..., None], 3, axis=2), x.numpy(), None, picture.shape[:2], _PREPARATION)

    return Shown(
        name, N_("Diffusion network"), "digit", module, shared_copy(module), _PREPARATION, (),
        "diffusion.safetensors", {}, prepares=prepared,
        recipe=(
            "from lente.models.networks.diffusion import ToldUNet",
            "",
            f"network = ToldUNet({step}, {label}).eval()",
            'network.load_state_dict(catalogue.load("diffusion").state_dict())',
        ),
    )  # fmt: skip


def _told(name: str) -> tuple[int, int, int]:
    found = _NAME.fullmatch(name)
    step, label, seed = map(int, found.groups()) if found else (0, 0, 0)
    if not (1 <= step <= STEPS and label <= NO_CLASS and seed < 2**32):
        template = N_(
            "There is no network called {name}: diffusion.STEP.LABEL.SEED is accepted, with a step from 1 to {steps}, "
            "a digit from 0 to 9 or {any} for any, and a seed from 0 to {last}."
        )
        raise NotFound("unknown_network", template, name=shortened(name), steps=STEPS, any=NO_CLASS, last=2**32 - 1)
    return step, label, seed


def _digit(picture: Picture) -> "np.ndarray[tuple[int, ...], np.dtype[np.float32]]":
    """A digit's values (28, 28), 0..1: as they are where the picture is so small, else placed as MNIST's are."""
    if picture.shape[:2] == (SIDE, SIDE):
        return picture[..., 0].astype(np.float32) / np.float32(255)
    return place(find_ink(picture).ink).centred
