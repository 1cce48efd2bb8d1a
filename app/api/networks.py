"""The API of networks: what there is, what each is made of, and the weights of its layers."""

from typing import Any

from fastapi import APIRouter, Request, Response

from app.dependencies import ComputeDep
from app.wire import tensors_response

router = APIRouter(prefix="/api/networks", tags=["networks"])


@router.get("")
async def names(compute: ComputeDep) -> dict[str, list[str]]:
    """The networks' names, in the order in which the talk meets them."""
    return {"networks": (await compute.networks()).names}


@router.get("/{name}")
async def network(name: str, compute: ComputeDep) -> dict[str, Any]:
    """Layers in order: operation, shape, parameters, multiplications, options."""
    networks = await compute.networks()
    from app.description import describe

    return await compute.small.run(lambda: describe(name, networks.get(name)))


@router.get("/{name}/kernels/{layer}", response_class=Response)
async def kernels(request: Request, name: str, layer: str, compute: ComputeDep) -> Response:
    """The tensors `weight`, (O, I, H, W) or (O, I), and `bias`, (O,), of a layer."""
    networks = await compute.networks()
    from app.description import kernels

    return tensors_response(request, kernels(networks.get(name), layer))
