"""Tensors to bytes: safetensors, JSON or PNG, as the request's Accept header asks.

Tensors travel as safetensors in float32: the browser reads them as typed-array views without a copy, and
`safetensors.numpy.load` opens them in Python. JSON names the same tensors as nested lists. Scalars and words travel in
the safetensors' metadata as JSON under the key "json", and beside the tensors in a JSON answer.
"""

import io
import json
from collections.abc import Mapping
from json.encoder import encode_basestring_ascii as quoted
from typing import Any

import numpy as np
from fastapi import Request
from fastapi.responses import JSONResponse, Response
from PIL import Image
from starlette.types import Receive, Scope, Send

Array = np.ndarray[Any, np.dtype[Any]]

SAFETENSORS = "application/vnd.safetensors"
_WORTH_A_PIECE = 1 << 18
_TYPES = {"F32": "<f4", "U8": "u1"}
_NAMES = {np.dtype(type).char: name for name, type in _TYPES.items()}


class SafetensorsResponse(Response):
    """Named tensors as safetensors, float32. Large ones are sent from where they are, without a copy."""

    media_type = SAFETENSORS

    def __init__(self, tensors: Mapping[str, Array], facts: Mapping[str, Any] | None = None, **options: Any) -> None:
        super().__init__(**options)
        self.pieces = _pieces({name: _float32(tensor) for name, tensor in tensors.items()}, facts)
        self.headers["content-length"] = str(sum(map(len, self.pieces)))

    async def __call__(self, _scope: Scope, _receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        for piece in self.pieces:
            await send({"type": "http.response.body", "body": piece, "more_body": True})
        await send({"type": "http.response.body", "body": b""})


def packed(tensors: Mapping[str, Array], facts: Mapping[str, Any] | None = None) -> bytes:
    """`tensors`, float32 or bytes, and `facts` as a safetensors file."""
    return b"".join(_pieces(tensors, facts))


def _pieces(tensors: Mapping[str, Array], facts: Mapping[str, Any] | None) -> list[bytes | memoryview]:
    """A safetensors file in pieces, one after another: large tensors as they lie in memory, all else together."""
    entries = [f'"__metadata__":{{"json":{quoted(json.dumps(facts))}}}'] if facts else []
    end = 0
    for name, tensor in tensors.items():
        start, end = end, end + tensor.nbytes
        kind, shape = _NAMES[tensor.dtype.char], list(tensor.shape)
        entries.append(f'{quoted(name)}:{{"dtype":"{kind}","shape":{shape},"data_offsets":[{start},{end}]}}')
    text = f"{{{','.join(entries)}}}".encode()
    text += b" " * (-len(text) % 8)
    small = [len(text).to_bytes(8, "little"), text]
    pieces: list[bytes | memoryview] = []
    for tensor in tensors.values():
        if tensor.nbytes < _WORTH_A_PIECE:
            small.append(tensor.tobytes())
            continue
        pieces += [b"".join(small), np.ascontiguousarray(tensor).data.cast("B")]
        small = []
    return [*pieces, b"".join(small)]


def unpacked(file: bytes) -> tuple[dict[str, Array], dict[str, Any]]:
    """The tensors and the facts of a safetensors file. ValueError or KeyError where it is none."""
    start = 8 + int.from_bytes(file[:8], "little")
    header = json.loads(file[8:start].decode())
    facts = json.loads(header.pop("__metadata__", {}).get("json", "{}"))
    if start > len(file) or not isinstance(facts, dict):
        raise ValueError("the header is cut short, or its facts are no object")
    return {name: _view(file, start, **entry) for name, entry in header.items()}, facts


def _view(file: bytes, start: int, dtype: str, shape: list[int], data_offsets: list[int]) -> Array:
    first, end = data_offsets
    if not 0 <= first <= end <= len(file) - start:
        raise ValueError("a tensor ends outside the file")
    own = bytearray(memoryview(file)[start + first : start + end])  # torch wants to be able to write
    return np.frombuffer(own, _TYPES[dtype]).reshape(shape)


def tensors_response(
    request: Request, tensors: Mapping[str, Array], facts: Mapping[str, Any] | None = None, **options: Any
) -> Response:
    """Answers with `tensors` and `facts` as the request accepts: safetensors unless it asks for JSON."""
    accept = request.headers.get("accept", "")
    if "application/json" in accept and SAFETENSORS not in accept:
        return JSONResponse({**_lists(tensors), **(facts or {})}, **options)
    return SafetensorsResponse(tensors, facts, **options)


def wants_png(request: Request) -> bool:
    """Whether the request asks for a picture."""
    return "image/png" in request.headers.get("accept", "")


def png_response(picture: Array, **options: Any) -> Response:
    """A PNG of `picture`: (H, W) or (H, W, 3) with values 0..1; what lies outside is clipped."""
    pixels = np.round(np.clip(picture, 0, 1) * 255).astype(np.uint8)
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "PNG")
    return Response(file.getvalue(), media_type="image/png", **options)


def _float32(tensor: Array) -> Array:
    return np.ascontiguousarray(tensor, dtype=np.float32)


def _lists(tensors: Mapping[str, Array]) -> dict[str, Any]:
    return {name: tensor.tolist() for name, tensor in tensors.items()}
