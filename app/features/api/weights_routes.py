"""The API of torchvision's weights: fetch a network's file, and see how far that is."""

from typing import Any

from fastapi import APIRouter, Request

from lente.app.dependencies import ComputeDep
from lente.app.i18n import language_of, translate

router = APIRouter()


@router.get("/{name}/weights")
async def state(request: Request, name: str, compute: ComputeDep) -> dict[str, Any]:
    """Where the weights are: absent, fetching, checking, present or failed; bytes of total; how to put them by hand."""
    networks = await compute.networks()
    source = networks.source(name)
    told = await compute.pictures.run(networks.weights.state, source)
    error = networks.weights.error(source) if told["state"] == "failed" else None
    if error:
        message = translate(language_of(request), error.template).format(**error.values)
        told["error"] = {"code": error.code, "message": message}
    return told


@router.post("/{name}/weights", status_code=202)
async def fetch(request: Request, name: str, compute: ComputeDep) -> dict[str, Any]:
    """Starts to fetch the weights, unless that is going on already; ask again with GET for how far it is."""
    networks = await compute.networks()
    source = networks.source(name)
    await compute.pictures.run(networks.weights.fetch, source)
    return await state(request, name, compute)


@router.delete("/{name}/weights", status_code=202)
async def stop(request: Request, name: str, compute: ComputeDep) -> dict[str, Any]:
    """Ends a download that is going on."""
    networks = await compute.networks()
    networks.weights.stop(networks.source(name))
    return await state(request, name, compute)
