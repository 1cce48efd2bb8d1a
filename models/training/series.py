"""`lente train latent`: all latent networks that the pages compare, trained alike, some at a time.

Each is stored when it is done, and what is stored is not trained again: the series goes on where it was stopped.
"""

from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import replace
from multiprocessing import get_context

from lente.models.networks import catalogue
from lente.models.networks.catalogue import Card, CatalogueError
from lente.models.training.latent import RECIPE
from lente.models.training.run import Run

SERIES = "latent"


def names() -> list[str]:
    """The networks of the series."""
    return [name for name in catalogue.names() if name.startswith(("autoencoder", "vae"))]


def train(run: Run, jobs: int, one: Callable[[Run], Card]) -> list[Card]:
    """Trains by `one`, `jobs` at a time, whatever is not done; returns its cards. Raises what stopped the first."""
    runs = [replace(run, name=name) for name in names()]
    with ProcessPoolExecutor(jobs, get_context("spawn")) as pool:
        trainings = [pool.submit(one, single) for single in runs if not done(single)]
        try:
            return [training.result() for training in as_completed(trainings)]
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise


def done(run: Run) -> bool:
    """Whether the network is stored, whole, as this run would train it."""
    try:
        card = catalogue.card(run.name, run.output)
        for file in card.files:
            catalogue.tensors(run.name, file, run.output)
    except CatalogueError:
        return False
    return (card.command, card.recipe) == (run.command, RECIPE)
