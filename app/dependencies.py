"""What routes of every room are given: `async def route(compute: ComputeDep)`.

A room's own are where the room is, as lente.app.pictures.dependency. These functions are asynchronous though they wait
for nothing: others would each cost a request a hop to another thread.
"""

from typing import Annotated, Any

from fastapi import Depends, Request

from lente.app.server.compute import Compute


async def _compute(request: Request) -> Compute[Any]:
    compute: Compute[Any] = request.app.state.services.compute
    return compute


ComputeDep = Annotated[Compute[Any], Depends(_compute)]
