"""Whether the server is ready, and what it runs."""

import platform
from importlib.metadata import version
from typing import Any

from fastapi import APIRouter, Request

router = APIRouter(prefix="/api/health", tags=["health"])

LIBRARIES = ("lente", "fastapi", "torch", "torchvision")


@router.get("")
async def health(request: Request) -> dict[str, Any]:
    """Alive once this answers; ready once the networks are loaded."""
    compute = request.app.state.compute
    return {
        "status": compute.state,
        "versions": {"python": platform.python_version(), **{name: version(name) for name in LIBRARIES}},
        "networks": (await compute.networks()).loaded if compute.ready else [],
    }
