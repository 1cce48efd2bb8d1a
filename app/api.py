"""create_api(state): every noun of the API in one application, and its documentation in OpenAPI."""

from importlib.metadata import version

from fastapi import FastAPI
from starlette.datastructures import State

from lente.app import errors, health
from lente.app.convolution import api as convolution
from lente.app.digits import api as digits
from lente.app.features.api import networks
from lente.app.latent import api as latent
from lente.app.live import channel as live
from lente.app.pictures import api as images
from lente.app.pictures.store import Store
from lente.app.server import validation
from lente.app.server.middleware.clients import Clients
from lente.app.settings import Settings

NOUNS = (convolution, health, images, networks, digits, latent, live)  # in the order in which routes are tried


def create_api(state: State) -> FastAPI:
    """The API. It shares `state` with the server that it is part of, and puts its store there."""
    api = FastAPI(
        title="Lente", version=version("lente"), docs_url=None, redoc_url=None, openapi_url="/api/openapi.json",
        exception_handlers={**errors.handlers(), **validation.handlers()},
    )  # fmt: skip
    state.store = _store(state.settings)
    api.state = state
    for noun in NOUNS:
        api.include_router(noun.router)
    api.add_middleware(Clients)
    return api


def _store(settings: Settings) -> Store:
    if not settings.shares_uploads:
        return Store(settings)
    from lente.app.pictures.redis_store import RedisStore

    return RedisStore(settings)
