"""The body of a request: read, and how it stands in the API's documentation."""

from typing import Any

from fastapi import Request

from lente.app.diffusion import wish
from lente.app.server import received
from lente.app.server.wire import read_aside

WHOLE = {"type": "integer"}
PICTURES = {"type": "array", "items": {"type": "array", "items": {"type": "array", "items": {"type": "number"}}}}


def described(**properties: Any) -> dict[str, Any]:
    """How a body that is read by hand stands in the API's documentation."""
    schema = {"type": "object", "properties": properties}
    binary = {"schema": {"type": "string", "format": "binary"}}
    return {"requestBody": {"content": {"application/json": {"schema": schema}, received.BINARY[1]: binary}}}


async def read(request: Request) -> dict[str, Any]:
    """Tensors and facts in one, see wish.read; a long body in a thread. BadInput."""
    body, kind = await request.body(), request.headers.get("content-type", "")
    return await read_aside(request, wish.read, body, kind)
