"""The live channel: the same answers as over HTTP, the newest wins, errors are answers too."""

import asyncio
import json
from typing import Any

import numpy as np
import pytest
import torch
from fastapi.testclient import TestClient
from safetensors.numpy import load, save
from starlette.testclient import WebSocketTestSession
from starlette.websockets import WebSocketDisconnect
from torchvision.transforms.functional import normalize

from lente.app.live import asks as live_asks
from lente.app.live.channel import MOST_BYTES, MOST_STREAMS, TOGETHER, Channel
from lente.app.server.shares import Shares
from lente.app.server.wire import unpacked
from lente.models.networks import catalogue
from lente.models.networks.photo_cnn import MEAN, STD

Tensors = dict[str, np.ndarray]

LIVE = "ws://localhost/api/live"


def message(tensors: Tensors, **facts: Any) -> bytes:
    return save(tensors, {"json": json.dumps(facts)})


def answer(socket: WebSocketTestSession) -> tuple[Tensors, dict[str, Any]]:
    return unpacked(socket.receive_bytes())


def asked(client: TestClient, tensors: Tensors, **facts: Any) -> tuple[Tensors, dict[str, Any]]:
    with client.websocket_connect(LIVE) as socket:
        socket.send_bytes(message(tensors, id=1, **facts))
        return answer(socket)


def test_a_code_decodes_as_over_http(client: TestClient) -> None:
    z = np.array([[0.5, -1.25]], np.float32)
    tensors, facts = asked(client, {"z": z}, ask="decode", model="vae_2d")
    told = load(client.post("/api/latent/vae_2d/decode", json={"z": z.tolist()}).content)
    assert facts == {"id": 1}
    np.testing.assert_allclose(tensors["images"], told["images"], atol=1e-6)


def test_many_codes_at_once_decode_as_each_alone(client: TestClient) -> None:
    z = np.random.default_rng(0).normal(size=(80, 2)).astype(np.float32)
    together, _ = asked(client, {"z": z}, ask="decode", model="vae_2d")
    alone, _ = asked(client, {"z": z[70:71]}, ask="decode", model="vae_2d")
    np.testing.assert_allclose(together["images"][70:71], alone["images"], atol=1e-6)


def test_a_drawing_is_read_as_over_http(client: TestClient) -> None:
    values = np.zeros((112, 112), np.float32)
    values[20:90, 50:60] = 1
    tensors, facts = asked(client, {"values": values}, ask="digit")
    response = client.post("/api/digits/values", content=values.tobytes())
    told, said = unpacked(response.content)
    assert facts == {"id": 1, **said}
    assert set(tensors) == set(told)
    for name in told:
        np.testing.assert_allclose(tensors[name], told[name], atol=1e-5)
    few, _ = asked(client, {"values": values}, ask="digit", layers=False)
    assert set(few) == {"probabilities", "judged", "raw", "centred"}


def test_a_picture_is_encoded_as_over_http(client: TestClient) -> None:
    images = np.random.default_rng(1).random((1, 28, 28), np.float32)
    tensors, _ = asked(client, {"images": images}, ask="encode", model="vae_2d")
    told = load(client.post("/api/latent/vae_2d/encode", json={"images": images.tolist()}).content)
    np.testing.assert_allclose(tensors["mu"], told["mu"], atol=1e-5)
    np.testing.assert_allclose(tensors["log_variance"], told["log_variance"], atol=1e-5)


def test_a_frame_is_convolved_as_over_http(client: TestClient) -> None:
    pixels = np.random.default_rng(2).integers(0, 256, (24, 32, 4), np.uint8)
    kernel = [[1, 0, -1], [2, 0, -2], [1, 0, -1]]
    tensors, facts = asked(client, {"pixels": pixels}, ask="convolution", kernel=kernel, padding="same")
    query = {"width": 32, "height": 24, "kernel": json.dumps(kernel)}
    headers = {"Accept": "application/vnd.safetensors"}
    told = client.post("/api/convolution/frame", params=query, content=pixels.tobytes(), headers=headers)
    np.testing.assert_array_equal(tensors["output"], load(told.content)["output"])
    assert facts["shape"] == [3, 24, 32]


def test_a_frame_goes_through_a_network(client: TestClient) -> None:
    pixels = np.random.default_rng(3).integers(0, 256, (128, 128, 4), np.uint8)
    tensors, told = asked(client, {"pixels": pixels}, ask="features", network="photo_cnn", layers=["input", "conv1"])
    x = torch.from_numpy(pixels[..., :3]).permute(2, 0, 1)[None] / 255
    x = normalize(x, list(MEAN), list(STD))
    np.testing.assert_allclose(tensors["input"], x, atol=1e-5)
    wanted = catalogue.load("photo_cnn")(x)[0]
    np.testing.assert_allclose(tensors["probabilities"], wanted, atol=1e-4)
    assert list(told["layers"]) == ["input", "conv1"]


def test_in_one_stream_the_newest_wins_and_the_last_is_answered(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    computed: list[float] = []
    decode = live_asks.ASKS["decode"]

    async def noted(state: Any, tensors: Tensors, facts: dict[str, Any]) -> Any:
        computed.append(facts["id"])
        return await decode(state, tensors, facts)

    monkeypatch.setitem(live_asks.ASKS, "decode", noted)  # type: ignore[arg-type]
    z = np.zeros((200, 2), np.float32)
    with client.websocket_connect(LIVE) as socket:
        for id in range(1, 201):
            socket.send_bytes(message({"z": z}, id=id, ask="decode", model="vae_2d", stream="map"))
        answered = [answer(socket)[1]["id"]]
        while answered[-1] < 200:
            answered.append(answer(socket)[1]["id"])
    assert answered == sorted(answered) == computed
    assert answered[-1] == 200
    assert len(answered) < 200


def test_streams_do_not_overtake_each_other(client: TestClient) -> None:
    z = np.zeros((1, 2), np.float32)
    with client.websocket_connect(LIVE) as socket:
        for id in range(10):
            socket.send_bytes(message({"z": z}, id=id, ask="decode", model="vae_2d", stream=f"view {id}"))
        assert {answer(socket)[1]["id"] for _ in range(10)} == set(range(10))


@pytest.mark.parametrize(
    ("sent", "code"),
    [
        (b"", "message_unreadable"),
        (b"\xff" * 40, "message_unreadable"),
        (message({}, ask="decode"), "ask_unknown"),
        (message({}, id=2, ask="dream"), "ask_unknown"),
        (message({}, id=True, ask="decode"), "ask_unknown"),
        (message({"z": np.zeros((1, 2), np.int64)}, id=2, ask="decode"), "message_unreadable"),
        (message({"z": np.zeros((1, 2), np.float32)}, id=2, ask="decode", model="vae_2d")[:-3], "message_unreadable"),
        (message({"z": np.zeros((1, 3), np.float32)}, id=2, ask="decode", model="vae_2d"), "code_length"),
        (message({"z": np.full((1, 2), np.nan, np.float32)}, id=2, ask="decode", model="vae_2d"), "out_of_range"),
        (message({}, id=2, ask="decode", model="vae_2d"), "missing"),
        (message({}, id=2, ask="decode", model="none"), "unknown_model"),
        (message({"values": np.zeros((3, 3), np.float32)}, id=2, ask="digit"), "drawing_size"),
        (message({"pixels": np.zeros((3, 3), np.uint8)}, id=2, ask="convolution", kernel=[[1]]), "pixels_shape"),
        (message({"pixels": np.zeros((3, 3, 3), np.uint8)}, id=2, ask="convolution", kernel="a"), "kernel_dimensions"),
        (message({"pixels": np.zeros((9, 9, 3), np.uint8)}, id=2, ask="features", network="none"), "unknown_network"),
        (bytes(MOST_BYTES + 1), "message_too_large"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_cannot_be_answered_says_why_and_the_channel_lives_on(client: TestClient, sent: bytes, code: str) -> None:
    with client.websocket_connect(LIVE, headers={"Accept-Language": "es"}) as socket:
        socket.send_bytes(sent)
        tensors, facts = answer(socket)
        assert tensors == {}
        assert facts["error"]["code"] == code
        assert facts["error"]["message"]
        socket.send_bytes(message({"z": np.zeros((1, 2), np.float32)}, id=3, ask="decode", model="vae_2d"))
        assert answer(socket)[1] == {"id": 3}


def test_a_refusal_speaks_the_pages_language(client: TestClient) -> None:
    with client.websocket_connect(f"{LIVE}?language=es") as socket:
        socket.send_bytes(message({}, id=2, ask="decode", model="none"))
        assert answer(socket)[1]["error"]["message"].startswith("No hay")


def test_a_channel_has_so_many_streams_at_work_and_no_more(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    ended: list[str] = []

    async def endless(_state: Any, _tensors: Tensors, facts: dict[str, Any]) -> Any:
        try:
            await asyncio.Event().wait()
        finally:
            ended.append(facts["stream"])

    z = {"z": np.zeros((1, 2), np.float32)}
    with client.websocket_connect(LIVE) as socket:
        for id in range(2 * MOST_STREAMS):
            socket.send_bytes(message(z, id=id, ask="decode", model="vae_2d", stream=f"short {id}"))
            assert answer(socket)[1] == {"id": id}
        monkeypatch.setitem(live_asks.ASKS, "decode", endless)  # type: ignore[arg-type]
        for id in range(MOST_STREAMS + 1):
            socket.send_bytes(message(z, id=id, ask="decode", stream=str(id)))
        assert answer(socket)[1]["error"]["code"] == "too_many_streams"
    client.get("/api/health")
    assert sorted(ended, key=int) == [str(id) for id in range(MOST_STREAMS)]


def test_only_our_own_pages_get_a_channel(client: TestClient) -> None:
    with client.websocket_connect(LIVE, headers={"Origin": "http://localhost"}) as socket:
        socket.send_bytes(b"")
        assert "error" in answer(socket)[1]
    with (
        pytest.raises(WebSocketDisconnect),
        client.websocket_connect(LIVE, headers={"Origin": "http://elsewhere.example"}),
    ):
        pass


def test_a_flood_of_messages_lets_others_in_between(client: TestClient) -> None:
    turns = 0

    async def main() -> None:
        nonlocal turns
        left = iter([{"type": "websocket.connect"}, *[{"type": "websocket.receive", "bytes": b"x"}] * 500])

        async def receive() -> Any:
            return next(left, {"type": "websocket.disconnect"})

        async def send(_message: Any) -> None:
            pass

        async def other() -> None:
            nonlocal turns
            while True:
                turns += 1
                await asyncio.sleep(0)

        scope = {"type": "websocket", "app": client.app, "query_string": b"", "headers": [], "client": ("10.0.0.7", 5)}
        beside = asyncio.create_task(other())
        await Channel()(scope, receive, send)
        beside.cancel()

    asyncio.run(main())
    assert turns >= 500 // TOGETHER


@pytest.mark.parametrize(("codes", "answers"), [(1, [12]), (50_000, [3, 6, 9, 12])])
def test_of_what_waits_together_the_newest_is_computed_and_large_messages_let_others_in_sooner(
    client: TestClient, monkeypatch: pytest.MonkeyPatch, codes: int, answers: list[int]
) -> None:
    """However slowly the network works, a hand is answered with what it asked last."""
    computed: list[int] = []

    async def noted(_services: Any, _tensors: Tensors, facts: dict[str, Any]) -> Any:
        computed.append(facts["id"])
        return {}, {}

    monkeypatch.setitem(live_asks.ASKS, "decode", noted)  # type: ignore[arg-type]
    z = {"z": np.zeros((codes, 2), np.float32)}
    asks = [message(z, id=id, ask="decode", model="vae_2d") for id in range(1, 13)]
    left = iter([{"type": "websocket.connect"}, *({"type": "websocket.receive", "bytes": one} for one in asks)])

    async def receive() -> Any:
        if (one := next(left, None)) is not None:
            return one
        await asyncio.sleep(0.01)
        return {"type": "websocket.disconnect"}

    async def send(_message: Any) -> None:
        pass

    scope = {"type": "websocket", "app": client.app, "query_string": b"", "headers": [], "client": ("10.0.0.7", 5)}
    asyncio.run(Channel()(scope, receive, send))  # type: ignore[arg-type]
    assert computed == answers


def test_answers_that_a_channel_does_not_read_are_bounded(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client.app.state, "shares", Shares(1000, 1000))  # type: ignore[attr-defined]
    z = {"z": np.zeros((4, 2), np.float32)}
    _, facts = asked(client, z, ask="decode", model="vae_2d")
    assert (facts["id"], facts["error"]["code"], facts["error"]["status"]) == (1, "too_much_unread", 503)
    z = {"z": np.zeros((4, 3), np.float32)}
    assert asked(client, z, ask="decode", model="vae_2d")[1]["error"]["code"] == "code_length"
