"""Whether the server is ready, and what it runs."""

import platform
from importlib.metadata import version
from typing import Any

from fastapi import APIRouter

from lente.app.dependencies import ComputeDep
from lente.app.errors import Busy
from lente.app.i18n import N_

router = APIRouter(prefix="/api/health", tags=["health"])

# Found once: to look them up reads files, which takes long where other threads are at work.
VERSIONS = {"python": platform.python_version()} | {
    name: version(name) for name in ("lente", "fastapi", "torch", "torchvision")
}


@router.get("")
async def health(compute: ComputeDep) -> dict[str, Any]:
    """Alive once this answers; ready once the networks are loaded."""
    return {
        "status": compute.state,
        "versions": VERSIONS,
        "networks": (await compute.networks()).loaded if compute.ready else [],
    }


@router.get("/ready")
async def ready(compute: ComputeDep) -> dict[str, str]:
    """For load balancers: 200 once the networks are loaded, 503 until then."""
    if compute.state != "ready":
        raise Busy("not_ready", N_("The networks are being loaded."))
    return {"status": compute.state}
