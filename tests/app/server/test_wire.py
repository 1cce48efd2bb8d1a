"""Tensors on the wire, read back with the libraries that clients use."""

import asyncio
import gzip
import io
import json
import math
from types import SimpleNamespace

import numpy as np
import pytest
import torch
from fastapi import Request, Response
from PIL import Image
from safetensors import SafetensorError, safe_open
from safetensors.numpy import load
from safetensors.torch import load as load_torch
from starlette.applications import Starlette
from starlette.responses import JSONResponse
from starlette.types import Message

from lente.app.server.queues.budget import Budget
from lente.app.server.wire import (
    SAFETENSORS,
    SafetensorsResponse,
    lean,
    packed,
    png_response,
    tag,
    tensors_response,
    unpacked,
    wants_png,
)


def request(accept: str) -> Request:
    return Request({"type": "http", "headers": [(b"accept", accept.encode())]})


def sent(response: Response) -> bytes:
    """What goes over the wire."""
    messages: list[Message] = []

    async def receive() -> Message:
        raise AssertionError("there is nothing to read")

    async def send(message: Message) -> None:
        messages.append(message)

    app = Starlette()
    app.state.compute = SimpleNamespace(budget=Budget())
    asyncio.run(response({"type": "http", "app": app}, receive, send))
    body = b"".join(message["body"] for message in messages[1:])
    assert dict(messages[0]["headers"])[b"content-length"] == str(len(body)).encode()
    return body


TENSORS = {"maps": np.arange(24, dtype=np.float64).reshape(2, 3, 4) / 7, "probabilities": np.array([0.25, 0.75])}


def test_safetensors_bytes_are_the_formats_own() -> None:
    body = sent(SafetensorsResponse({"x": np.array([[1.0, -2.0]], dtype=np.float32)}))
    length = int.from_bytes(body[:8], "little")
    assert json.loads(body[8 : 8 + length]) == {"x": {"dtype": "F32", "shape": [1, 2], "data_offsets": [0, 8]}}
    assert body[8 + length :] == b"\x00\x00\x80\x3f\x00\x00\x00\xc0"
    assert (8 + length) % 8 == 0, "a typed array needs its numbers aligned"


def test_numpy_and_torch_read_what_was_written() -> None:
    body = sent(tensors_response(request(SAFETENSORS), TENSORS))
    for name, tensor in load(body).items():
        assert tensor.dtype == np.float32
        assert np.array_equal(tensor, TENSORS[name].astype(np.float32))
    assert load_torch(body)["maps"].shape == torch.Size([2, 3, 4])


def test_views_that_are_not_contiguous_are_written_in_order() -> None:
    turned = np.arange(6, dtype=np.uint8).reshape(2, 3).T
    assert load(sent(SafetensorsResponse({"x": turned})))["x"].tolist() == [[0, 3], [1, 4], [2, 5]]


def test_large_tensors_arrive_whole_and_in_their_place() -> None:
    tensors = {name: np.random.default_rng(0).random((side, 300)).T for name, side in (("a", 4), ("b", 900), ("c", 2))}
    for name, tensor in load(sent(SafetensorsResponse(tensors, {"n": 1}))).items():
        assert np.array_equal(tensor, tensors[name].astype(np.float32))


def test_facts_travel_beside_the_tensors(tmp_path: pytest.TempPathFactory) -> None:
    facts = {"shape": [2], "name": "señal"}
    path = tmp_path / "answer.safetensors"  # type: ignore[operator]
    path.write_bytes(sent(tensors_response(request("*/*"), TENSORS, facts)))
    with safe_open(path, "numpy") as file:
        assert json.loads(file.metadata()["json"]) == facts
    answer = json.loads(tensors_response(request("application/json"), TENSORS, facts).body)
    assert answer["name"] == "señal"
    assert answer["probabilities"] == [0.25, 0.75]


@pytest.mark.parametrize(
    ("accept", "media_type"),
    [
        ("", SAFETENSORS),
        ("*/*", SAFETENSORS),
        ("application/json", "application/json"),
        (f"{SAFETENSORS}, application/json;q=0.5", SAFETENSORS),
    ],
)
def test_json_is_for_those_who_ask_for_it(accept: str, media_type: str) -> None:
    assert tensors_response(request(accept), TENSORS).media_type == media_type


def test_json_numbers_lose_nothing() -> None:
    numbers = np.random.default_rng(0).normal(size=100).astype(np.float32)
    written = json.loads(tensors_response(request("application/json"), {"x": numbers}).body)["x"]
    assert np.array_equal(np.array(written, dtype=np.float32), numbers)


@pytest.mark.parametrize("count", [3, 10_000])
def test_what_json_has_no_number_for_is_null(count: int) -> None:
    line, facts = np.full(count, 2.0), {"loss": math.inf, "points": [{"loss": math.nan, "step": 3}]}
    line[1] = np.nan
    text = sent(tensors_response(request("application/json"), {"line": line}, facts))
    told = json.loads(text, parse_constant=pytest.fail)
    assert told["line"][:3] == [2, None, 2]
    assert told["loss"] is None
    file = packed({}, facts)
    metadata = json.loads(file[8 : 8 + int.from_bytes(file[:8], "little")])["__metadata__"]
    assert json.loads(metadata["json"], parse_constant=pytest.fail)["points"] == [{"loss": None, "step": 3}]


def test_large_json_is_written_as_small_json_is() -> None:
    tensors = {"maps": np.random.default_rng(0).random((3, 50, 70)), "line": np.arange(9001.0), "one": np.zeros(())}
    facts = {"name": "señal", "kind": [1, 2]}
    whole = sent(tensors_response(request("application/json"), tensors, facts))
    wanted = JSONResponse({**{name: tensor.tolist() for name, tensor in tensors.items()}, **facts}).body
    assert whole == wanted


def test_a_png_has_the_tensors_values_and_is_clipped() -> None:
    answer = png_response(np.array([[-1.0, 0.0, 0.5, 1.0, 9.0]]))
    assert answer.media_type == "image/png"
    assert np.asarray(Image.open(io.BytesIO(answer.body))).tolist() == [[0, 0, 128, 255, 255]]
    colours = np.random.default_rng(0).random((4, 5, 3))
    shown = np.asarray(Image.open(io.BytesIO(png_response(colours).body)))
    assert np.abs(shown / 255 - colours).max() <= 0.5 / 255 + 1e-9


def test_a_png_is_for_those_who_ask_for_it() -> None:
    assert wants_png(request("image/png"))
    assert not wants_png(request("*/*"))


def raw(size: int, **entries: object) -> bytes:
    """A safetensors file with that header and so many bytes of tensors."""
    header = json.dumps(entries).encode()
    return len(header).to_bytes(8, "little") + header + bytes(size)


def entry(first: int, end: int) -> dict[str, object]:
    return {"dtype": "U8", "shape": [end - first], "data_offsets": [first, end]}


STRANGE = {
    "overlap": raw(8, a=entry(0, 8), b=entry(4, 8)),
    "the same twice": raw(8, a=entry(0, 8), b=entry(0, 8)),
    "gap": raw(8, a=entry(0, 2), b=entry(4, 8)),
    "rest": raw(8, a=entry(0, 4)),
    "too many": raw(65, **{str(i): entry(i, i + 1) for i in range(65)}),
    "long header": raw(0, **{"x" * 70_000: entry(0, 0)}),
}


@pytest.mark.parametrize("name", STRANGE)
def test_tensors_lie_one_after_another_and_are_few(name: str) -> None:
    """What safetensors itself refuses first, where it does."""
    if name not in ("too many", "long header"):
        with pytest.raises(SafetensorError):
            load(STRANGE[name])
    with pytest.raises(ValueError, match=r"overlap|between|at most"):
        unpacked(STRANGE[name])


def test_tensors_are_read_in_whichever_order_they_are_named() -> None:
    found, _ = unpacked(raw(8, b=entry(2, 8), a=entry(0, 2)))
    assert {name: len(tensor) for name, tensor in found.items()} == {"b": 6, "a": 2}


def test_lean_tensors_are_the_same_numbers_in_the_smallest_type_that_holds_them() -> None:
    digits, third = np.arange(300, dtype=np.uint8), np.float32(1 / 3)
    given = {
        "bytes": digits, "halves": np.array([0.5, -65504, 2**-24]), "thirds": np.array([third]),
        "large": np.array([1e6]), "endless": np.array([np.inf]),
    }  # fmt: skip
    found = load(SafetensorsResponse(lean(given)).pieces[0])
    kinds = {"bytes": np.uint8, "halves": np.float16, "thirds": np.float32, "large": np.float32, "endless": np.float32}
    assert {name: tensor.dtype for name, tensor in found.items()} == kinds
    for name, tensor in found.items():
        np.testing.assert_array_equal(tensor.astype(np.float32), given[name].astype(np.float32))


def test_a_tag_changes_with_the_numbers_their_type_and_their_shape() -> None:
    one = np.zeros((2, 3), np.float32)
    others = [one.T, one.astype(np.float16), one + 1]
    assert len({tag({"x": x}) for x in [one, *others]}) == 4
    assert tag({"x": one}) == tag({"x": one.copy()})


@pytest.mark.parametrize(("client", "coding"), [("192.0.2.7", "gzip"), ("127.0.0.1", None)])
def test_what_is_mostly_zeros_is_squeezed_for_other_computers_alone(client: str, coding: str | None) -> None:
    scope = {"type": "http", "headers": [(b"accept-encoding", b"gzip")], "client": (client, 50_000)}
    tensors = {"maps": np.zeros((50, 50, 50), np.float32)}
    answer = tensors_response(Request(scope), tensors, sparse=True)
    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    asyncio.run(answer(scope, None, send))  # type: ignore[arg-type]
    headers = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
    body = b"".join(message["body"] for message in sent[1:])
    assert headers.get("content-encoding") == coding
    assert int(headers["content-length"]) == len(body)
    np.testing.assert_array_equal(load(gzip.decompress(body) if coding else body)["maps"], tensors["maps"])
