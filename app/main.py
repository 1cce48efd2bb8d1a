"""create_app(settings): wires the server together and computes nothing."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.metadata import version

from fastapi import FastAPI

from app import errors, pages, statics
from app.api import convolution, digits, health, images, latent, networks
from app.body_limit import BodyLimit
from app.compute import Compute
from app.paths import STATIC
from app.security import SecurityHeaders
from app.settings import Settings
from app.store import Store
from models.memory import keep_freed_memory


def create_app(settings: Settings | None = None) -> FastAPI:
    """The server as an ASGI application."""
    settings = settings or Settings()

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        keep_freed_memory()  # before any lane's thread has memory of its own
        app.state.compute = Compute(settings.queue, settings.weights)
        app.state.compute.start()
        yield
        await app.state.compute.close()

    app = FastAPI(
        title="Lente", version=version("lente"), lifespan=lifespan,
        docs_url=None, redoc_url=None, openapi_url="/api/openapi.json",
    )  # fmt: skip
    app.state.settings = settings
    app.state.store = Store(settings)
    app.state.static_version = statics.version()
    app.state.environments = pages.environments()
    errors.install(app)
    for noun in (health, images, convolution, networks, digits, latent):
        app.include_router(noun.router)
    app.include_router(pages.router())
    app.mount(f"/static/{app.state.static_version}", statics.VersionedFiles(directory=STATIC), name="static")
    app.add_middleware(BodyLimit, upload_megabytes=settings.upload_megabytes)
    app.add_middleware(SecurityHeaders)
    app.add_middleware(statics.CompressText)
    return app
