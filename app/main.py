"""create_app(settings): wires the server together and computes nothing.

The pages and the files are here. The API, whose libraries take a second to import, is made behind the first page, and
the networks, whose take several, behind the API.
"""

import asyncio
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from starlette.applications import Starlette
from starlette.middleware.errors import ServerErrorMiddleware
from starlette.routing import Mount
from starlette.types import ASGIApp

from lente.app.errors import Busy
from lente.app.pages import routes as pages
from lente.app.paths import STATIC
from lente.app.server import refusals, statics
from lente.app.server.built import Built, BuiltFiles
from lente.app.server.compute import Compute
from lente.app.server.lazy import Behind, ByPath
from lente.app.server.memory import keep_freed_memory
from lente.app.server.middleware.body_limit import BodyLimit
from lente.app.server.middleware.headers import SecurityHeaders
from lente.app.server.middleware.held import Unsent
from lente.app.server.middleware.hosts import Doors
from lente.app.server.middleware.observing import Observed, Observer
from lente.app.server.middleware.rate import RateLimit
from lente.app.server.middleware.shutdown import Ending
from lente.app.server.operating.logs import log_request
from lente.app.server.queues.budget import Budget
from lente.app.server.shares import Shares
from lente.app.settings import Settings

if TYPE_CHECKING:
    from lente.app.features.networks import Networks
    from lente.app.services import Services

Computing: TypeAlias = "Compute[Networks]"

HEAD_START_SECONDS = 0.25
SWEEP_SECONDS = 3600
ASIDE_AT_ONCE = 3  # large bodies that are read or written beside the event loop: each takes many times its bytes
CLIENT_BYTES = 100_000_000
TOTAL_BYTES = 150_000_000


def create_app(settings: Settings | None = None, framed_by: str = "'none'") -> Starlette:
    """The server as an ASGI application; `framed_by` says which sites may put whole pages into a frame."""
    settings = settings or Settings()
    keep_freed_memory()  # before any lane's thread has memory of its own
    compute: Computing = Compute(settings.queue, lambda: _networks(settings.weights, compute.budget))
    version = statics.version()
    files = Mount(f"/static/{version}", statics.VersionedFiles(directory=STATIC), name="static")
    app = Starlette(
        routes=[*pages.routes(), files],
        lifespan=lambda app: _lifespan(app, compute),
        exception_handlers=refusals.handlers(),
    )
    app.state.settings = settings
    app.state.static_version = version
    app.state.built = None if settings.modules else Built()
    app.state.environments = pages.environments()
    app.state.error_page = pages.error_page
    app.state.shares = Shares(max(CLIENT_BYTES, settings.upload_megabytes * 3_000_000), TOTAL_BYTES)
    app.state.compute = compute
    app.state.api = Behind(lambda: _api(app, compute))
    app.add_middleware(ByPath, "/api/", app.state.api)
    app.add_middleware(BodyLimit, upload_megabytes=settings.upload_megabytes, shares=app.state.shares)
    app.add_middleware(Unsent, app.state.shares)
    app.add_middleware(RateLimit, settings.rate)
    app.add_middleware(Doors, settings.names)
    app.add_middleware(ServerErrorMiddleware, handler=refusals.answer_unexpected)
    app.add_middleware(Ending)
    app.add_middleware(SecurityHeaders, settings.framing, framed_by)
    app.add_middleware(statics.CompressText)
    app.add_middleware(BuiltFiles)
    _observe(app, settings, compute)
    return app


def _observe(app: Starlette, settings: Settings, compute: Computing) -> None:
    """Adds what tells the operator of each request, where any of it is wanted."""
    observers: list[Observer] = []
    if settings.metrics_port:
        from lente.app.server.operating.metrics import Metrics

        app.state.metrics = Metrics(compute)
        observers.append(app.state.metrics.observe)
    if settings.log_format == "json":
        observers.append(log_request)
    if observers:
        app.add_middleware(Observed, observers)


@asynccontextmanager
async def _lifespan(app: Starlette, compute: Computing) -> AsyncIterator[None]:
    asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(ASIDE_AT_ONCE, "aside"))
    behind = asyncio.create_task(_behind(app, compute))
    if app.state.settings.wait_until_ready:
        await app.state.api.ready()
        await compute.networks()
    yield
    behind.cancel()
    await compute.close()
    if (services := getattr(app.state, "services", None)) is not None:
        services.decoder.close()
        services.runs.close()


async def _behind(app: Starlette, compute: Computing) -> None:
    """Loads the rest, then keeps the store as young as it was promised to be."""
    await asyncio.sleep(HEAD_START_SECONDS)  # whoever opens the first page does not share the processor
    await app.state.api.ready()
    compute.start()
    services: Services = app.state.services
    with suppress(Exception):  # health tells of it
        await compute.networks()
    await asyncio.to_thread(services.decoder.warm)
    while True:
        with suppress(Busy):  # then the next time
            await compute.pictures.run(services.store.sweep)
        await asyncio.sleep(SWEEP_SECONDS)


def _api(app: Starlette, compute: Computing) -> ASGIApp:
    from lente.app.api import create_api
    from lente.app.services import services

    return create_api(services(app.state.settings, compute), app.state)


def _networks(weights: Path, budget: Budget) -> "Networks":
    from lente.app.features.networks import Networks

    return Networks(weights, budget)
