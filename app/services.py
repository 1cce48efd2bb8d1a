"""services(settings, compute): what a server has one of each, for everything that answers."""

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from lente.app.diffusion.service import DiffusionService, diffusion_service
from lente.app.digits.reader import DigitReader, digit_reader
from lente.app.latent.service import LatentService, latent_service
from lente.app.learning.runs.runs import Runs
from lente.app.pictures.decoder import Decoder
from lente.app.pictures.store import Store
from lente.app.server.compute import Compute
from lente.app.server.queues.budget import Budget
from lente.app.server.queues.once import Once
from lente.app.settings import Settings

if TYPE_CHECKING:
    from lente.app.features.networks import Networks


@dataclass(frozen=True)
class Services:
    """What a server has one of each, in `app.state.services`.

    Attributes:
        compute: the lanes, and the networks that run in them.
        decoder: reads uploaded files.
        store: the pictures.
        runs: the networks that learn.
        digits, latent, diffusion: made when they are first asked for, since they wait for the networks.
    """

    compute: "Compute[Networks]"
    decoder: Decoder
    store: Store
    digits: Once[DigitReader]
    latent: Once[LatentService]
    diffusion: Once[DiffusionService]
    runs: Runs


def services(settings: Settings, compute: "Compute[Networks]") -> Services:
    """All of them, of one server."""
    decoder = Decoder(compute.budget)
    store = _store(settings, decoder, compute.budget)
    return Services(
        compute,
        decoder,
        store,
        Once(partial(digit_reader, compute)),
        Once(partial(latent_service, compute)),
        Once(partial(diffusion_service, compute)),
        Runs(compute),
    )


def _store(settings: Settings, decoder: Decoder, budget: Budget) -> Store:
    if not settings.shares_uploads:
        return Store(settings, decoder.read, budget)
    from lente.app.pictures.redis_store import RedisStore

    return RedisStore(settings, decoder.read, budget)
