"""create_api(state): every noun of the API in one application, and its documentation in OpenAPI."""

from importlib.metadata import version

from fastapi import FastAPI
from starlette.datastructures import State

from app import errors
from app.api import convolution, digits, health, images, latent, live, networks, validation
from app.clients import Clients
from app.settings import Settings
from app.store import Store

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
    from app.redis_store import RedisStore

    return RedisStore(settings)
