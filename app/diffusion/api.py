"""The API of diffusion: noise put into pictures, found in them, and taken out of them step by step.

Bodies come as JSON, or as safetensors whose facts stand in the metadata under "json", as the answers do.
"""

import base64
from typing import Annotated, Any

import numpy as np
from fastapi import APIRouter, Query, Request, Response

from lente.app.diffusion import wish
from lente.app.diffusion.body import PICTURES, WHOLE, described, read
from lente.app.diffusion.service import DiffusionDep
from lente.app.server import received
from lente.app.server.progress import NDJSON, shared_response, steps_response, wants_steps
from lente.app.server.wire import SAFETENSORS, kept_response, packed, tensors_response

router = APIRouter(prefix="/api/diffusion", tags=["diffusion"])

STEPS: dict[int | str, dict[str, Any]] = {200: {"content": {SAFETENSORS: {}, "application/json": {}, NDJSON: {}}}}


@router.get("", response_class=Response)
async def describe(request: Request, service: DiffusionDep) -> Response:
    """What the network is like, and the schedule's shares of picture `a` and of noise `s`, (steps + 1,) each.

    Facts: `steps`, `classes`, `any` (the label of no class), `kinds`, `parameters`, the card's `figures`, and what is
    accepted at most: `most_pictures`, `most_steps`, `most_guidance`, `most_passes`.
    """
    from lente.app.diffusion.work import schedule

    facts = {
        "steps": wish.STEPS, "classes": wish.CLASSES, "any": wish.CLASSES, "kinds": wish.KINDS,
        "most_pictures": wish.MOST_PICTURES, "most_steps": wish.MOST_STEPS, "most_guidance": wish.MOST_GUIDANCE,
        "most_passes": wish.MOST_PASSES, **service.diffusion.facts,
    }  # fmt: skip
    return kept_response(request, schedule(), facts)


@router.get("/noise", response_class=Response)
async def noise(
    request: Request,
    service: DiffusionDep,
    seed: Annotated[int, Query(ge=0, lt=2**32)] = 0,
    count: Annotated[int, Query(ge=1, le=wish.MOST_PICTURES)] = 1,
) -> Response:
    """The `noise` (count, 1, 28, 28) that a seed stands for: each picture its own, however many follow."""
    from lente.app.diffusion.work import seeded

    return kept_response(request, {"noise": await service.compute.large.run(seeded, count, seed)})


@router.get("/errors")
async def errors(service: DiffusionDep) -> dict[str, Any]:
    """How far the network is off: at `steps` the mean squared `errors` per pixel of its estimates.

    Of the first `count` test digits, each with noise of its own; it is measured once.
    """
    return await service.errors()


@router.post(
    "/look", response_class=Response, openapi_extra=described(x=PICTURES, step=WHOLE, labels={"type": "array"})
)
async def look(request: Request, service: DiffusionDep) -> Response:
    """What the network finds in noisy pictures `x` (N, 28, 28), -1..1 and noise, at `step`.

    The `velocity`, `told` the class and `untold`, the `noise` and the clean picture that follows, `estimate`, all
    (N, 1, 28, 28). `labels` are classes, 10 for any digit; `guidance` is 1 unless given: 0 has `untold` alone, 1 has
    `told` alone.
    """
    asked = wish.look(await read(request))
    return tensors_response(request, *await service.look(asked))


@router.post(
    "/sample",
    response_class=Response,
    responses=STEPS,
    openapi_extra=described(
        count=WHOLE, steps=WHOLE, kind={"type": "string"}, guidance={"type": "number"}, seed=WHOLE,
        labels={"type": "array"}, start=WHOLE, noise=PICTURES, pictures=PICTURES, known=PICTURES, again=WHOLE,
        wants={"type": "array", "items": {"type": "string"}},
    ),
)  # fmt: skip
async def sample(request: Request, service: DiffusionDep) -> Response:
    """Pictures out of noise: `images` (count, 1, 28, 28), 0..1.

    `count` pictures in `steps` steps of a `kind`, "ddim" or "ancestral", with `guidance` and `seed`; `labels` are
    classes, 10 for any digit. They begin with the seed's noise or the one given, at step `start`, there in
    `pictures` (0..1) where some are given; of these the pixels of `known` (0 or 1) stay, and each step is
    done `again` times so that the rest goes with them.

    For `Accept: application/x-ndjson` a line of JSON for each step, whose `seen.moment` is a safetensors file in
    base64: what `wants` names of x, noise, estimate, told, untold, remaining, fresh, after, or in bytes 0..255
    x_bytes, estimate_bytes, after_bytes; with its facts step, earlier, a, s, next_a, next_s, sigma. The last line's
    `result.images` is such a file too. Otherwise what `wants` names comes as (steps, count, 1, 28, 28) with the images.
    Closing the connection ends the work, unless somebody else waits for the same: what a seed alone decides is drawn
    once for all who ask.
    """
    asked = wish.wish(await read(request))
    from lente.app.diffusion.work import images

    diffusion = service.diffusion

    def work(progress: Any) -> Any:
        done = 0

        def tell(moment: Any) -> None:
            nonlocal done
            done += 1
            progress(done, asked.visited, {"moment": _base64(*diffusion.told(moment, asked.wants))})

        return diffusion.sample(asked, tell)

    def result(last: Any) -> dict[str, Any]:
        return {"images": _base64({"images": images(last.after)}, {})}

    long, words, room = service.compute.long, asked.words, asked.together * wish.PICTURE_BYTES
    if wants_steps(request) and words is not None:
        return shared_response(request, long, service.compute.shared, ("diffusion", words), work, result, room)
    if wants_steps(request):
        return steps_response(request, long, work, result, room)
    tensors, facts = await long.result(lambda progress: _all(diffusion, asked, progress), room + wish.MOST_BYTES)
    return tensors_response(request, tensors, facts)


def _all(diffusion: Any, asked: wish.Wish, progress: Any) -> tuple[dict[str, received.Array], dict[str, Any]]:
    """Every moment's tensors, one after another, and the images."""
    from lente.app.diffusion.work import images

    tensors: dict[str, received.Array] = {}
    moments: list[dict[str, Any]] = []

    def tell(moment: Any) -> None:
        told, facts = diffusion.told(moment, asked.wants)
        for name, tensor in told.items():
            if name not in tensors:
                tensors[name] = np.empty((asked.visited, *tensor.shape), tensor.dtype)
            tensors[name][len(moments)] = tensor
        moments.append(facts)
        progress(len(moments), asked.visited)

    last = diffusion.sample(asked, tell)
    return {"images": images(last.after), **tensors}, {"moments": moments}


def _base64(tensors: dict[str, received.Array], facts: dict[str, Any]) -> str:
    return base64.b64encode(packed(tensors, facts)).decode()
