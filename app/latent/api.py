"""The API of latent spaces: where pictures lie, and what codes decode to.

Codes may come as JSON `{"z": [[0.1, 1.2], ...]}`, as safetensors, or as bare float32 (application/octet-stream), which
costs the least. Networks that are given a class too (`classes` in their description) need `labels`.
"""

import asyncio
import io
from typing import Annotated, Any

import numpy as np
from fastapi import APIRouter, Query, Request, Response

from lente.app.latent import codes
from lente.app.latent.service import LatentDep
from lente.app.server import received
from lente.app.server.wire import (
    Half,
    Late,
    Lean,
    kept_json,
    kept_response,
    png_response,
    read_aside,
    tensors_response,
    unchanged,
    validators,
    wants_png,
)

router = APIRouter(prefix="/api/latent", tags=["latent"])

Rows = Annotated[int, Query(ge=1, le=40)]
Reach = Annotated[float, Query(gt=0, le=1000, alias="range")]
Side = Annotated[float | None, Query(ge=-1000, le=1000)]


def _body(**properties: Any) -> dict[str, Any]:
    """How a body that is read by hand stands in the API's documentation."""
    schema = {"type": "object", "properties": properties}
    binary = {"schema": {"type": "string", "format": "binary"}}
    return {
        "requestBody": {"content": {"application/json": {"schema": schema}, **dict.fromkeys(received.BINARY, binary)}}
    }


WHOLE = {"type": "integer"}
CODE = {"type": "array", "items": {"type": "number"}}
NUMBERS = {"type": "array", "items": CODE}
MOST_FRAMES = 256
LABELS = {"type": "array", "items": WHOLE}


@router.get("")
async def models(service: LatentDep) -> dict[str, list[str]]:
    """The names of the latent spaces."""
    return {"models": service.latents.names}


@router.get("/digits/{numbers}")
async def digits(request: Request, numbers: str, service: LatentDep) -> Response:
    """Test digits of MNIST by their numbers, as in /api/latent/digits/0,7,12: `images` (N, 1, 28, 28)."""
    from lente.models.mnist.reader import values

    known = await service.test_digits()
    chosen = received.indices(numbers, len(known))
    return kept_response(request, {"images": values(known[chosen])[:, None]})


@router.get("/copies/{numbers}")
async def copies(
    request: Request,
    numbers: str,
    service: LatentDep,
    model: Annotated[list[str], Query(max_length=8, description="names of spaces; repeat it for several")],
) -> Response:
    """Test digits of MNIST as spaces rebuild them from their codes, as in /api/latent/copies/0,7?model=autoencoder_2d.

    `images` (spaces * digits, 1, 28, 28), space by space. One picture, a row for each space, for `Accept: image/png`.
    """
    spaces = [await service.space(name) for name in model]
    versions = [space.version for space in spaces]
    version = "-".join(versions) if all(versions) else ""
    if (kept := unchanged(request, version)) is not None:
        return kept
    chosen = [received.indices(numbers, len(space.codes.mu)) for space in spaces]
    asked = zip(spaces, chosen, strict=True)
    images = np.concatenate([await service.decode(space.name, *space.codes_of(places)) for space, places in asked])
    if wants_png(request):
        return png_response(_mosaic(images, len(spaces), len(chosen[0])), headers=validators(version))
    return tensors_response(request, {"images": images}, headers=validators(version))


@router.get("/{model}", response_model=dict[str, Any])
async def describe(request: Request, model: str, service: LatentDep) -> Response:
    """What a latent space is like.

    `kind` (vae, autoencoder, pca), `z` numbers in a code, `beta`, `classes` it is given, the card's `figures`; of the
    test digits' codes by number: `mean`, `std`, `low`, `high`, mean `sigma` and mean `kl` in nats (VAE), and the two
    `axes` along which they spread most.
    """
    space = await service.space(model)
    return kept_json(request, await service.compute.large.run(lambda: space.description))


@router.get("/{model}/map")
async def map(
    request: Request,
    model: str,
    service: LatentDep,
    half: Half = False,
    every: Annotated[int, Query(ge=1, le=10_000, description="only the first of every so many digits")] = 1,
) -> Response:
    """The test digits' codes: `mu` (N, Z), `log_variance` (N, Z) for a VAE, `labels` (N,)."""
    space = await service.space(model)
    if (kept := unchanged(request, space.version)) is not None:
        return kept
    tensors = {name: codes[::every] for name, codes in space.lean_codes.items()}
    return tensors_response(request, Lean(tensors) if half else tensors, headers=validators(space.version))


@router.get("/{model}/codes.npz")
async def npz(model: str, service: LatentDep) -> Response:
    """The same as /map, as a file for numpy.load."""
    stored = (await service.space(model)).codes
    arrays = {"mu": stored.mu.numpy(), "labels": stored.labels.numpy()}
    if stored.log_variance is not None:
        arrays["log_variance"] = stored.log_variance.numpy()
    headers = {"Content-Disposition": f'attachment; filename="{model}.npz"'}
    return Late(lambda: _npz(arrays), "application/octet-stream", headers=headers)


def _npz(arrays: dict[str, Any]) -> bytes:
    file = io.BytesIO()
    np.savez_compressed(file, allow_pickle=False, **arrays)
    return file.getvalue()


@router.get("/{model}/decoder")
async def decoder(request: Request, model: str, service: LatentDep, half: Half = False) -> Response:
    """The decoder's weights and biases, and as `layers` their order with what follows each (relu, sigmoid, nothing)."""
    space = await service.space(model)
    if (kept := unchanged(request, space.version)) is not None:
        return kept
    tensors, layers = space.lean_decoder
    facts = {"layers": layers, "classes": space.classes}
    return tensors_response(request, tensors if half else dict(tensors), facts, headers=validators(space.version))


@router.get("/{model}/grid")
async def grid(
    request: Request,
    model: str,
    service: LatentDep,
    rows: Rows = 20,
    columns: Rows = 20,
    reach: Reach = 3,
    left: Side = None,
    right: Side = None,
    bottom: Side = None,
    top: Side = None,
    label: Annotated[int, Query(ge=0, le=9)] = 0,
    classes: bool = False,
) -> Response:
    """A sheet of decoded codes over a rectangle of the first two numbers, from -range to range unless told.

    `images` (N, 1, 28, 28), row by row from the top left, y growing upwards, and with `classes` the digit network's
    `probabilities` (N, 10) and how like a digit each is, `judged` (N,). One picture of all for `Accept: image/png`.
    """
    from lente.app.latent.spaces import Sheet

    space = await service.space(model)
    sides = zip((left, right, bottom, top), (-reach, reach, -reach, reach), strict=True)
    edges = [side if given is None else given for given, side in sides]
    z = Sheet(rows, columns, edges[0], edges[1], edges[2], edges[3]).codes(space.z)
    labels = np.full(len(z), label) if space.classes else None
    images = await service.decode(model, z, labels)
    if wants_png(request):
        return png_response(_mosaic(images, rows, columns))
    tensors = {"images": images}
    if classes:
        tensors |= await service.read_digits(images)
    return tensors_response(request, tensors)


@router.post("/{model}/decode", openapi_extra=_body(z=NUMBERS, labels=LABELS))
async def decode(request: Request, model: str, service: LatentDep) -> Response:
    """Codes `z` (N, Z) to `images` (N, 1, 28, 28), 0..1. One code is a picture for `Accept: image/png`."""
    space = await service.space(model)
    read = await _read(request, "z", space.z)
    z = codes.codes(read, "z", space.z)
    images = await service.decode(model, z, received.labels(read, len(z), space.classes))
    if wants_png(request):
        return png_response(_mosaic(images, len(images), 1))
    return tensors_response(request, {"images": images})


@router.post("/{model}/encode", openapi_extra=_body(images={"type": "array"}, labels=LABELS))
async def encode(request: Request, model: str, service: LatentDep) -> Response:
    """Pictures `images` (N, 28, 28), 0..1, light on dark, to `mu` and for a VAE `log_variance`, (N, Z) each."""
    space = await service.space(model)
    read = await _read(request, "images", 784)
    images = await asyncio.to_thread(received.pictures, read)
    labels = received.labels(read, len(images), space.classes)
    place = await service.encode(model, images, labels)
    tensors = {"mu": place.mu}
    if place.log_variance is not None:
        tensors["log_variance"] = place.log_variance
    return tensors_response(request, tensors)


@router.post("/{model}/interpolation", openapi_extra=_body(start=CODE, end=CODE, steps=WHOLE, kind={"type": "string"}))
async def interpolation(request: Request, model: str, service: LatentDep) -> Response:
    """`steps` codes `z` from `start` to `end`, straight (`"kind": "linear"`) or along an arc (`"spherical"`).

    With their `images` and the digit network's `probabilities` (steps, 10) and `judged` (steps,).
    """
    from lente.models.interpolation import spherical

    space = await service.space(model)
    read = await _read(request, "ends", space.z)
    start, end = (codes.codes({name: [read.get(name)]}, name, space.z)[0] for name in ("start", "end"))
    shares = np.linspace(0, 1, received.whole(read, "steps", 9, 2, 256))
    kind = received.one_of(read, "kind", ("linear", "spherical"))
    z = spherical(start, end, shares) if kind == "spherical" else start + shares[:, None] * (end - start)
    images = await service.decode(model, z.astype(np.float32), received.labels(read, len(z), space.classes))
    return tensors_response(request, {"z": z, "images": images, **await service.read_digits(images)})


@router.post("/{model}/sample", openapi_extra=_body(count=WHOLE, seed=WHOLE))
async def sample(request: Request, model: str, service: LatentDep) -> Response:
    """`count` codes `z` drawn from N(0, I) with `seed`, their `images` and what the digit network says of each.

    That is its `probabilities`, and how like a digit each is, `judged`, 0..1. `distance` is the squared distance,
    summed over pixels, to the nearest test digit; the fact `typical_distance` is the median between test digits.
    """
    space = await service.space(model)
    read = await _read(request, "z", space.z)
    count = received.whole(read, "count", 16, 1, received.MOST_PICTURES)
    generator = np.random.default_rng(received.whole(read, "seed", 0, 0, 2**32 - 1))
    z = generator.standard_normal((count, space.z), dtype=np.float32)
    images = await service.decode(model, z, received.labels(read, count, space.classes))
    await service.test_digits()
    distance, typical = await service.compute.large.run(
        lambda: (service.latents.distances(images), service.latents.typical_distance)
    )
    tensors = {"z": z, "images": images, **await service.read_digits(images), "distance": distance}
    return tensors_response(request, tensors, {"typical_distance": typical})


async def _read(request: Request, name: str, width: int) -> dict[str, Any]:
    """The body as an object; where it is bare numbers, they are the tensor `name` in rows of `width`."""
    body, kind = await request.body() or b"{}", request.headers.get("content-type", "")
    return await read_aside(request, received.read_body, body, kind, name, width)


@router.post(
    "/{model}/animation", openapi_extra=_body(z=NUMBERS, labels=LABELS, format={"type": "string"}, milliseconds=WHOLE)
)
async def animation(request: Request, model: str, service: LatentDep) -> Response:
    """A walk through codes `z` as an animated file: `"format": "gif"` or `"webp"`, `milliseconds` for each picture."""
    from lente.app.pictures.animation import animated, wanted

    space = await service.space(model)
    read = await _read(request, "z", space.z)
    z = codes.codes(read, "z", space.z, MOST_FRAMES)
    kind, pause = wanted(read)
    images = await service.decode(model, z, received.labels(read, len(z), space.classes))
    file = await service.compute.pictures.run(animated, images[:, 0], kind, pause)
    headers = {"Content-Disposition": f'attachment; filename="{model}.{kind}"'}
    return Response(file, media_type=f"image/{kind}", headers=headers)


@router.get("/{model}/errors")
async def errors(request: Request, model: str, service: LatentDep) -> Response:
    """How well the space rebuilds 1,000 test digits: `squared_error` per pixel of each, ascending."""
    space = await service.space(model)
    await service.test_digits()
    found = await service.compute.large.run(service.latents.errors, model)
    return tensors_response(request, {"squared_error": found}, headers=validators(space.version))


@router.get("/{model}/film")
async def film(request: Request, model: str, service: LatentDep) -> Response:
    """Moments of a training: `mu` (F, N, Z) of the first test digits, `labels` (N,), `pictures` (F,) seen so far."""
    space = await service.space(model)
    frames = await service.film(model)
    tensors = {
        "mu": np.stack([frame.codes.mu.numpy() for frame in frames]),
        "labels": frames[0].codes.labels.numpy(),
        "pictures": np.array([frame.pictures for frame in frames]),
    }
    return tensors_response(request, tensors, headers=validators(space.version))


@router.get("/{model}/film/{frame}/grid")
async def film_grid(
    request: Request, model: str, frame: int, service: LatentDep, rows: Rows = 12, columns: Rows = 12, reach: Reach = 3
) -> Response:
    """The decoded sheet as the network would have made it at that moment: like /grid."""
    from lente.app.latent.spaces import Sheet, decode_frame

    moment = await service.frame(model, frame)
    z = Sheet(rows, columns, -reach, reach, -reach, reach).codes((await service.space(model)).z)
    images = await service.compute.large.run(decode_frame, moment, z)
    tensors = {"images": images, **await service.read_digits(images)}
    return tensors_response(request, tensors)


def _mosaic(images: received.Array, rows: int, columns: int) -> received.Array:
    """(rows * columns, 1, 28, 28) to one picture (rows * 28, columns * 28)."""
    cells = images.reshape(rows, columns, received.SIDE, received.SIDE)
    return cells.transpose(0, 2, 1, 3).reshape(rows * received.SIDE, columns * received.SIDE)
