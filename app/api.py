"""create_api(services, state): every noun of the API in one application, and its documentation in OpenAPI."""

from importlib.metadata import version

from fastapi import FastAPI
from starlette.datastructures import State

from lente.app import health
from lente.app.convolution import api as convolution
from lente.app.diffusion import api as diffusion
from lente.app.diffusion import compare, plane
from lente.app.diffusion import editing as diffusion_editing
from lente.app.digits import api as digits
from lente.app.features.api import networks
from lente.app.latent import api as latent
from lente.app.learning import api as learning
from lente.app.learning.runs import api as runs
from lente.app.live import channel as live
from lente.app.pictures import api as images
from lente.app.server import refusals, validation
from lente.app.server.middleware.clients import Clients
from lente.app.services import Services

NOUNS = (
    convolution,
    health,
    images,
    networks,
    digits,
    latent,
    diffusion,
    diffusion_editing,
    compare,
    plane,
    learning,
    runs,
    live,
)  # in the order in which routes are tried


def create_api(services: Services, state: State) -> FastAPI:
    """The API. It shares `state` with the server that it is part of, and puts `services` there."""
    api = FastAPI(
        title="Lente", version=version("lente"), docs_url=None, redoc_url=None, openapi_url="/api/openapi.json",
        exception_handlers={**refusals.handlers(), **validation.handlers()},
    )  # fmt: skip
    state.services = services
    api.state = state
    for noun in NOUNS:
        api.include_router(noun.router)
    api.add_middleware(Clients)
    return api
