"""The API of images: keep a picture, and give it back as the server sees it."""

import hashlib
from typing import Annotated, Any

import numpy as np
from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel

from lente.app.dependencies import ComputeDep
from lente.app.errors import TooLarge
from lente.app.i18n import N_, language_of, translate
from lente.app.pictures.decoding import Picture, encoded, resized, to_tensor
from lente.app.pictures.dependency import StoreDep, UploadDep
from lente.app.pictures.samples import SAMPLES, sheet
from lente.app.pictures.store import Store
from lente.app.server.wire import SAFETENSORS, tensors_response, unchanged, validators

router = APIRouter(prefix="/api/images", tags=["images"])

MOST_VALUES = {SAFETENSORS: 12_000_000, "application/json": 1_000_000}
SMALL_PIXELS = 65_536
EXACT = ("image/webp", "image/png")
KINDS = ("image/jpeg", *EXACT, SAFETENSORS, "application/json")
MOST_WEBP = 16_383
IMMUTABLE = "private, max-age=31536000, immutable"
FOR_AN_HOUR = "private, max-age=3600"


class ImageAnswer(BaseModel):
    """A picture that the server keeps: its id, and its size in pixels once it is upright."""

    id: str
    width: int
    height: int


class SampleAnswer(ImageAnswer):
    """A picture that comes along, with its title in the language of the request."""

    title: str


class SamplesAnswer(BaseModel):
    samples: list[SampleAnswer]


@router.get("")
async def samples(request: Request, response: Response) -> SamplesAnswer:
    """The pictures that come along. Uploaded ones are never listed."""
    response.headers.update({"Vary": "Accept-Language", "Cache-Control": FOR_AN_HOUR})
    language = language_of(request)
    found = [
        SampleAnswer(id=one.id, title=translate(language, one.title), width=one.width, height=one.height)
        for one in SAMPLES.values()
    ]
    return SamplesAnswer(samples=found)


@router.get("/sheet", response_class=Response, responses={200: {"content": {"image/webp": {}}}})
async def samples_sheet(request: Request) -> Response:
    """The pictures that come along in one, side by side in the order of their list, each cut to 128 x 96 pixels."""
    content = sheet()
    version = hashlib.blake2b(content, digest_size=8).hexdigest()
    headers = validators(version) | {"Cache-Control": FOR_AN_HOUR}
    return unchanged(request, version) or Response(content, media_type="image/webp", headers=headers)


@router.post("", status_code=201)
async def keep(response: Response, file: UploadDep, store: StoreDep, compute: ComputeDep) -> ImageAnswer:
    """Keeps a picture file under the SHA-256 of its bytes: JPEG, PNG, WebP, GIF, BMP, TIFF, AVIF, HEIC or JPEG 2000."""
    image = await compute.pictures.run(store.put, file)
    response.headers["Location"] = f"/api/images/{image.id}"
    return ImageAnswer(id=image.id, width=image.width, height=image.height)


@router.get(
    "/{id}",
    response_class=Response,
    responses={
        200: {"content": {"image/jpeg": {}, "image/png": {}, "image/webp": {}, SAFETENSORS: {}, "application/json": {}}}
    },
)
async def show(
    request: Request,
    id: str,
    store: StoreDep,
    compute: ComputeDep,
    size: Annotated[int | None, Query(ge=1, le=8192, description="longest side in pixels, at most")] = None,
) -> Response:
    """The picture upright, in RGB; what is transparent on white or on black, whichever shows it better.

    A JPEG, or a PNG where the picture is small; always a PNG for `Accept: image/png`. For `Accept: image/webp` a WebP
    with every pixel as it is, in fewer bytes. For `Accept: application/json` or safetensors the tensor `image`
    (3, H, W), 0..1.
    """
    kind = _kind(request.headers.get("accept", ""))
    headers = {
        "ETag": f'"{id}-{kind}-{size or "whole"}"',
        "Cache-Control": FOR_AN_HOUR if id in SAMPLES else IMMUTABLE,
        "Vary": "Accept",
    }
    if request.headers.get("if-none-match") == headers["ETag"]:
        return Response(status_code=304, headers=headers)
    if kind in MOST_VALUES:
        tensor = await compute.pictures.run(_tensor, store, id, size, MOST_VALUES[kind])
        return tensors_response(request, {"image": tensor}, headers=headers)
    content, media_type = await compute.pictures.run(_file, store, id, size, kind)
    return Response(content, media_type=media_type, headers=headers)


@router.delete("/{id}", status_code=204)
async def delete(id: str, store: StoreDep, compute: ComputeDep) -> None:
    """Deletes an uploaded picture: whoever has it knows its id, and nobody else does."""
    await compute.pictures.run(store.delete, id)


def _kind(accept: str) -> str:
    """What the header asks for: a tensor or, if it wants WebP or PNG alone, exact pixels; else any picture."""
    for kind in (SAFETENSORS, "application/json"):
        if kind in accept:
            return kind
    exact = [kind for kind in EXACT if kind in accept]
    return exact[0] if exact and "image/*" not in accept and "*/*" not in accept else "image/jpeg"


def _picture(store: Store, id: str, size: int | None) -> Picture:
    picture = store.get(id)
    return resized(picture, size) if size else picture


def _tensor(store: Store, id: str, size: int | None, most: int) -> "np.ndarray[Any, Any]":
    picture = _picture(store, id, size)
    if picture.size > most:
        template = N_(
            "The picture has {found} values; at most {most} are given this way. Ask for a smaller one: ?size=512"
        )
        raise TooLarge("too_many_values", template, found=picture.size, most=most)
    return to_tensor(picture)


def _file(store: Store, id: str, size: int | None, kind: str) -> tuple[bytes, str]:
    picture = _picture(store, id, size)
    if kind == "image/webp" and max(picture.shape) <= MOST_WEBP:
        return encoded(picture, "WEBP"), kind
    if kind in EXACT or picture.shape[0] * picture.shape[1] <= SMALL_PIXELS:
        return encoded(picture, "PNG"), "image/png"
    return encoded(picture, "JPEG"), "image/jpeg"
