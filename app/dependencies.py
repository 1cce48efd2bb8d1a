"""What routes of every room are given: `async def route(compute: ComputeDep)`.

A room's own are where the room is, as lente.app.pictures.dependency. These functions are asynchronous though they wait
for nothing: others would each cost a request a hop to another thread.
"""

from typing import Annotated, Any

from fastapi import Depends, Request

from lente.app.errors import Forbidden
from lente.app.i18n import N_
from lente.app.server.compute import Compute
from lente.app.server.shares import HERE


async def _compute(request: Request) -> Compute[Any]:
    compute: Compute[Any] = request.app.state.services.compute
    return compute


async def _at_home(request: Request) -> None:
    """Lets those pass who sit at the server's own computer and name it so; a reverse proxy names another host."""
    client, host = request.client, (request.url.hostname or "").rstrip(".")
    if client is None or client.host not in HERE or host not in ("localhost", *HERE):
        raise Forbidden("not_at_home", N_("Only whoever sits at the server's own computer, at localhost, may do this."))


AtHome = Depends(_at_home)
ComputeDep = Annotated[Compute[Any], Depends(_compute)]
