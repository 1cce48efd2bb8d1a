"""Tensors to bytes: safetensors, JSON or PNG, as the request's Accept header asks.

Tensors travel as safetensors in float32: the browser reads them as typed-array views without a copy, and
`safetensors.numpy.load` opens them in Python. JSON names the same tensors as nested lists. Scalars and words travel in
the safetensors' metadata as JSON under the key "json", and beside the tensors in a JSON answer.
"""

import io
import json
from collections.abc import Mapping
from typing import Any

import numpy as np
from fastapi import Request
from fastapi.responses import JSONResponse, Response
from PIL import Image
from safetensors.numpy import save

Array = np.ndarray[Any, np.dtype[Any]]

SAFETENSORS = "application/vnd.safetensors"


class SafetensorsResponse(Response):
    """Named tensors as safetensors, float32."""

    media_type = SAFETENSORS

    def __init__(self, tensors: Mapping[str, Array], facts: Mapping[str, Any] | None = None, **options: Any) -> None:
        self.facts = facts
        super().__init__(tensors, **options)

    def render(self, content: Any) -> bytes:
        metadata = {"json": json.dumps(self.facts)} if self.facts else None
        return save({name: _float32(tensor) for name, tensor in content.items()}, metadata)


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
