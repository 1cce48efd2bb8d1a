"""Tensors to bytes: safetensors, JSON or PNG, as the request's Accept header asks.

Tensors travel as safetensors in float32: the browser reads them as typed-array views without a copy, and
`safetensors.numpy.load` opens them in Python. Weights and codes, of which there are many, travel as `lean` makes them.
JSON names the same tensors as nested lists. Scalars and words travel in the safetensors' metadata as JSON under the key
"json", and beside the tensors in a JSON answer.
"""

import asyncio
import gzip
import hashlib
import io
import json
import math
from collections.abc import Callable, Coroutine, Iterator, Mapping
from contextlib import nullcontext
from json.encoder import encode_basestring_ascii as quoted
from typing import Annotated, Any, Concatenate, ParamSpec, TypeVar

import numpy as np
from fastapi import Query, Request
from fastapi.responses import Response
from fastapi.routing import APIRoute
from PIL import Image
from pydantic import TypeAdapter
from starlette.types import Receive, Scope, Send

from lente.app.errors import TooLarge
from lente.app.i18n import N_
from lente.app.server.shares import HERE, address

Array = np.ndarray[Any, np.dtype[Any]]
P = ParamSpec("P")
R = TypeVar("R")

SAFETENSORS = "application/vnd.safetensors"
FEW_VALUES = 4096
MOST_JSON_VALUES = 1_000_000
FEW_BYTES = 8192
MOST_TENSORS = 64
MOST_HEADER_BYTES = 65_536
FASTEST = 1
PACKED = 6
BYTES_OF_READ = 10  # what a byte of JSON becomes: a number of four letters takes a place in a list, and 24 bytes
BYTES_OF_WRITTEN = 40  # what a number becomes: twenty letters, in pieces and in one
_WORTH_SQUEEZING = 1 << 16
_WORTH_PACKING = 1 << 10
_MOST_TAGGED = 1 << 21
_WORTH_A_PIECE = 1 << 18
_ANYTHING = TypeAdapter[Any](Any)
_ENCODER = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":"))
_TYPES = {"F32": "<f4", "U8": "u1"}
_NAMES = {np.dtype(type).char: name for name, type in {**_TYPES, "F16": "<f2"}.items()}


class JSONRoute(APIRoute):
    """A route that reads a body of JSON of more than FEW_BYTES in a thread."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        ordinary = super().get_route_handler()

        async def handler(request: Request) -> Response:
            reading = _JSONRequest(request.scope, request.receive)
            early = await self.early(reading)
            return await ordinary(reading) if early is None else early

        return handler

    async def early(self, _request: Request) -> Response | None:
        """An answer that needs no more than the request; None where it needs FastAPI's way to the endpoint."""
        return None


class _JSONRequest(Request):
    async def json(self) -> Any:
        body = await self.body()
        return await read_aside(self, read_json, body)


def read_json(body: bytes) -> Any:
    """What a body of JSON says. While it is read no other thread works: json's own way takes two to ten times as long.

    Raises json.JSONDecodeError.
    """
    try:
        return _ANYTHING.validate_json(body)
    except ValueError:  # or half a surrogate pair, which json takes
        return json.loads(body)


async def read_aside(
    request: Request, read: Callable[Concatenate[bytes, P], R], body: bytes, *more: P.args, **options: P.kwargs
) -> R:
    """What `read` makes of a body: where it is long in a thread, one after another, once there is room for it."""
    if len(body) <= FEW_BYTES:
        return read(body, *more, **options)
    compute = request.app.state.compute
    async with compute.budget.coming(BYTES_OF_READ * len(body)):
        return await compute.reading.run(read, body, *more, **options)  # type: ignore[no-any-return]


class SafetensorsResponse(Response):
    """Named tensors as safetensors, float32 or as lean ones are. Large ones are sent from where they are, uncopied."""

    media_type = SAFETENSORS

    def __init__(
        self,
        tensors: Mapping[str, Array],
        facts: Mapping[str, Any] | None = None,
        squeezed: bool = False,
        **options: Any,
    ) -> None:
        super().__init__(**options)
        self._squeezed = squeezed
        if not isinstance(tensors, Lean):
            tensors = {name: np.ascontiguousarray(tensor, dtype=np.float32) for name, tensor in tensors.items()}
        self.pieces = _pieces(tensors, facts)
        self.headers["content-length"] = str(sum(map(len, self.pieces)))

    async def __call__(self, _scope: Scope, _receive: Receive, send: Send) -> None:
        if self._squeezed:
            self.pieces = [await asyncio.to_thread(lambda: gzip.compress(b"".join(self.pieces), FASTEST, mtime=0))]
            self.headers["content-encoding"] = "gzip"
            self.headers["content-length"] = str(len(self.pieces[0]))
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        for piece in self.pieces:
            await send({"type": "http.response.body", "body": piece, "more_body": True})
        await send({"type": "http.response.body", "body": b""})


def packed(tensors: Mapping[str, Array], facts: Mapping[str, Any] | None = None) -> bytes:
    """`tensors`, float32 or bytes, and `facts` as a safetensors file."""
    return b"".join(_pieces(tensors, facts))


def _pieces(tensors: Mapping[str, Array], facts: Mapping[str, Any] | None) -> list[bytes | memoryview]:
    """A safetensors file in pieces, one after another: large tensors as they lie in memory, all else together."""
    entries = [f'"__metadata__":{{"json":{quoted(dumped(facts))}}}'] if facts else []
    end = 0
    for name, tensor in tensors.items():
        start, end = end, end + tensor.nbytes
        kind, shape = _NAMES[tensor.dtype.char], list(tensor.shape)
        entries.append(f'{quoted(name)}:{{"dtype":"{kind}","shape":{shape},"data_offsets":[{start},{end}]}}')
    text = f"{{{','.join(entries)}}}".encode()
    text += b" " * (-len(text) % 8)
    small: list[bytes | memoryview] = [len(text).to_bytes(8, "little"), text]
    pieces: list[bytes | memoryview] = []
    for tensor in tensors.values():
        if tensor.nbytes < _WORTH_A_PIECE:
            small.append(np.ascontiguousarray(tensor).data.cast("B") if tensor.size else b"")
            continue
        pieces += [b"".join(small), np.ascontiguousarray(tensor).data.cast("B")]
        small = []
    return [*pieces, b"".join(small)]


def unpacked(file: bytes) -> tuple[dict[str, Array], dict[str, Any]]:
    """The tensors and the facts of a safetensors file. ValueError or KeyError where it is none.

    As the format demands, the tensors lie one after another and are all that there is; at most MOST_TENSORS are read,
    and a header of MOST_HEADER_BYTES.
    """
    start = 8 + int.from_bytes(file[:8], "little")
    if start > MOST_HEADER_BYTES:
        raise ValueError(f"the header has {start - 8} bytes; at most {MOST_HEADER_BYTES} are accepted")
    header = json.loads(file[8:start].decode())
    facts = json.loads(header.pop("__metadata__", {}).get("json", "{}"))
    if start > len(file) or not isinstance(facts, dict):
        raise ValueError("the header is cut short, or its facts are no object")
    if len(header) > MOST_TENSORS:
        raise ValueError(f"there are {len(header)} tensors; at most {MOST_TENSORS} are accepted")
    places = sorted(tuple(entry["data_offsets"]) for entry in header.values())
    ends = [0, *(end for _, end in places)]
    if [first for first, _ in places] + [len(file) - start] != ends:
        raise ValueError("the tensors overlap, or leave bytes between them")
    return {name: _view(file, start, **entry) for name, entry in header.items()}, facts


def _view(file: bytes, start: int, dtype: str, shape: list[int], data_offsets: list[int]) -> Array:
    first, end = data_offsets
    if not 0 <= first <= end <= len(file) - start:
        raise ValueError("a tensor ends outside the file")
    own = bytearray(memoryview(file)[start + first : start + end])  # torch wants to be able to write
    return np.frombuffer(own, _TYPES[dtype]).reshape(shape)


def tensors_response(
    request: Request,
    tensors: Mapping[str, Array],
    facts: Mapping[str, Any] | None = None,
    sparse: bool = False,
    **options: Any,
) -> Response:
    """Answers with `tensors` and `facts` as the request accepts: safetensors unless it asks for JSON.

    Many numbers of what is `sparse` are 0: for another computer, to which the way is long, it is compressed.
    """
    accept = request.headers.get("accept", "")
    if "application/json" not in accept or SAFETENSORS in accept:
        squeezed = sparse and far(request) and sum(tensor.nbytes for tensor in tensors.values()) > _WORTH_SQUEEZING
        return SafetensorsResponse(tensors, facts, squeezed, **options)
    found = sum(tensor.size for tensor in tensors.values())
    if found <= FEW_VALUES:
        return _json_response({**_lists(tensors), **(facts or {})}, **options)
    if found > MOST_JSON_VALUES:
        template = N_(
            "The output has {found} values; at most {most} are written as JSON. Accept: {better} has no limit."
        )
        raise TooLarge("too_many_values", template, found=found, most=MOST_JSON_VALUES, better=SAFETENSORS)
    made = Late(lambda: b"".join(_json_pieces(tensors, facts or {})), "application/json", **options)
    made.room = BYTES_OF_WRITTEN * found
    return made


def far(request: Request) -> bool:
    """Whether who asks is another computer that takes compressed answers."""
    return address(request.scope) not in HERE and "gzip" in request.headers.get("accept-encoding", "")


class Late(Response):
    """An answer whose body `make` makes in a thread once it is sent: nothing large is made in the event loop.

    Attributes:
        room: the bytes that this takes.
    """

    room = 0

    def __init__(self, make: Callable[[], bytes], media_type: str, **options: Any) -> None:
        super().__init__(media_type=media_type, **options)
        self._make = make

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async with scope["app"].state.compute.budget.coming(self.room) if self.room else nullcontext():
            self.body = await asyncio.to_thread(self._make)
        self.headers["content-length"] = str(len(self.body))
        await super().__call__(scope, receive, send)


def wants_png(request: Request) -> bool:
    """Whether the request asks for a picture."""
    return "image/png" in request.headers.get("accept", "")


def png_response(picture: Array, **options: Any) -> Response:
    """A PNG of `picture`: (H, W) or (H, W, 3) with values 0..1; what lies outside is clipped."""
    if picture.size > FEW_VALUES:
        made = Late(lambda: _png(picture), "image/png", **options)
        made.room = picture.nbytes + 2 * picture.size
        return made
    return Response(_png(picture), media_type="image/png", **options)


def _png(picture: Array) -> bytes:
    pixels = np.empty(picture.shape, np.uint8)
    for row, values in enumerate(picture):  # one after another: all at once take many times their bytes
        pixels[row] = np.round(np.clip(values, 0, 1) * 255)
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "PNG")
    return file.getvalue()


Half = Annotated[bool, Query(description="in fewer bytes: float16 where no number changes, bytes for bytes")]


class Lean(dict[str, Array]):
    """Tensors that are sent in the type that they have."""


def lean(tensors: Mapping[str, Array]) -> Lean:
    """The same numbers in fewer bytes: bytes as they are, and float16 where every number is one, else float32."""
    return Lean({name: _lean(tensor) for name, tensor in tensors.items()})


def _lean(tensor: Array) -> Array:
    if tensor.dtype == np.uint8:
        return np.ascontiguousarray(tensor)
    whole = np.ascontiguousarray(tensor, dtype=np.float32)
    with np.errstate(over="ignore"):
        half = whole.astype(np.float16)
    return half if np.isfinite(half).all() and np.array_equal(half.astype(np.float32), whole) else whole


def kept_json(request: Request, facts: Mapping[str, Any], kept: bool = True, **headers: str) -> Response:
    """Answers with `facts` as JSON, compressed for another computer, and, where it may be `kept`, with nothing to a
    client that has them."""
    if kept:
        version = tag({}, facts)
        if (same := unchanged(request, version)) is not None:
            same.headers.update(headers)
            return same
        headers = validators(version) | headers
    answer = _json_response(facts, headers=headers)
    if far(request) and len(answer.body) > _WORTH_PACKING:
        answer.body = gzip.compress(answer.body, PACKED, mtime=0)
        answer.headers.update({"content-length": str(len(answer.body)), "content-encoding": "gzip"})
    return answer


def kept_response(
    request: Request, tensors: Mapping[str, Array], facts: Mapping[str, Any] | None = None, **options: Any
) -> Response:
    """Answers as `tensors_response` does, and with nothing to a client that has the very answer already."""
    if sum(tensor.nbytes for tensor in tensors.values()) > _MOST_TAGGED:
        return tensors_response(request, tensors, facts, **options)
    version = tag(tensors, facts)
    kept = unchanged(request, version)
    return kept or tensors_response(request, tensors, facts, headers=validators(version), **options)


def tag(tensors: Mapping[str, Array], facts: Mapping[str, Any] | None = None) -> str:
    """Changes with the tensors and the facts: an entity tag for what a client keeps."""
    digest = hashlib.blake2b(json.dumps(facts).encode(), digest_size=8)
    for name, tensor in tensors.items():
        digest.update(f"{name} {tensor.dtype} {tensor.shape} ".encode())
        digest.update(np.ascontiguousarray(tensor).data.cast("B"))
    return digest.hexdigest()


def validators(version: str) -> dict[str, str]:
    """Headers of an answer that a client may keep as long as its version is the newest."""
    return {"ETag": f'"{version}"', "Cache-Control": "no-cache", "Vary": "Accept"}


def unchanged(request: Request, version: str) -> Response | None:
    """An empty answer where the client has this version already."""
    known = bool(version) and request.headers.get("if-none-match") == f'"{version}"'
    return Response(status_code=304, headers=validators(version)) if known else None


def _json_pieces(tensors: Mapping[str, Array], facts: Mapping[str, Any]) -> Iterator[bytes]:
    """The same as _json_response makes, in pieces of FEW_VALUES: each holds up all other threads."""
    start = b"{"
    for name, tensor in tensors.items():
        if name not in facts:
            yield start + _dumped(name) + b":"
            yield from _listed(tensor)
            start = b","
    for name, fact in facts.items():
        yield start + _dumped(name) + b":" + _dumped(fact)
        start = b","
    yield b"}"


def _listed(tensor: Array) -> Iterator[bytes]:
    if tensor.size <= FEW_VALUES:
        yield _dumped(tensor.tolist())
        return
    start = b"["
    for part in tensor if tensor.ndim > 1 else np.array_split(tensor, -(-tensor.size // FEW_VALUES)):
        yield start
        if tensor.ndim > 1:
            yield from _listed(part)
        else:
            yield _dumped(part.tolist())[1:-1]
        start = b","
    yield b"]"


def _json_response(content: Any, **options: Any) -> Response:
    return Response(_dumped(content), media_type="application/json", **options)


def _dumped(content: Any) -> bytes:
    return dumped(content).encode()


def dumped(content: Any) -> str:
    """JSON, as every browser reads it: see finite."""
    try:
        return _ENCODER.encode(content)
    except ValueError:
        return _ENCODER.encode(finite(content))


def finite(told: Any) -> Any:
    """JSON has no infinity: an infinite or undefined number becomes null."""
    if isinstance(told, dict):
        return {key: finite(value) for key, value in told.items()}
    if isinstance(told, (list, tuple)):
        return [finite(value) for value in told]
    return None if isinstance(told, float) and not math.isfinite(told) else told


def _lists(tensors: Mapping[str, Array]) -> dict[str, Any]:
    return {name: tensor.tolist() for name, tensor in tensors.items()}
