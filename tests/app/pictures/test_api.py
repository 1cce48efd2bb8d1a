"""Images through the API."""

import asyncio
import io
import json
from typing import Any

import numpy as np
import pytest
from fastapi.testclient import TestClient
from PIL import Image
from safetensors.numpy import load

PHOTO = np.random.default_rng(3).integers(0, 256, (300, 400, 3), dtype=np.uint8)


def png(pixels: np.ndarray[Any, Any]) -> bytes:
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "PNG")
    return file.getvalue()


@pytest.fixture(scope="module")
def photo(client: TestClient) -> str:
    """The id of an uploaded picture, PHOTO."""
    answer = client.post("/api/images", files={"file": ("holiday.jpg", png(PHOTO))})
    assert answer.status_code == 201
    id: str = answer.json()["id"]
    return id


def opened(content: bytes) -> Image.Image:
    return Image.open(io.BytesIO(content))


def test_an_upload_gives_its_id_and_size(client: TestClient, photo: str) -> None:
    again = client.post("/api/images", files={"file": ("other name.txt", png(PHOTO), "text/plain")})
    assert again.status_code == 201
    assert again.json() == {"id": photo, "width": 400, "height": 300}
    assert client.get(again.headers["location"]).status_code == 200


def test_a_picture_is_a_jpeg_unless_another_form_is_asked_for(client: TestClient, photo: str) -> None:
    browser = "image/avif,image/webp,image/png,image/svg+xml,image/*;q=0.8,*/*;q=0.5"
    for accept in ("*/*", browser):
        answer = client.get(f"/api/images/{photo}", headers={"accept": accept})
        assert answer.headers["content-type"] == "image/jpeg"
        assert opened(answer.content).size == (400, 300)
    small = client.get("/api/images/sample-face", headers={"accept": browser})
    assert small.headers["content-type"] == "image/png", "few pixels are worth being exact"


def test_png_webp_safetensors_and_json_have_the_exact_values(client: TestClient, photo: str) -> None:
    url = f"/api/images/{photo}"
    lossless = client.get(url, headers={"accept": "image/webp"})
    assert lossless.headers["content-type"] == "image/webp"
    assert np.array_equal(np.asarray(opened(lossless.content)), PHOTO)
    shown = np.asarray(opened(client.get(url, headers={"accept": "image/png"}).content))
    assert np.array_equal(shown, PHOTO)
    binary = load(client.get(url, headers={"accept": "application/vnd.safetensors"}).content)["image"]
    assert binary.dtype == np.float32
    assert binary.shape == (3, 300, 400)
    assert np.array_equal(np.round(binary * 255), PHOTO.transpose(2, 0, 1))
    written = client.get(url, headers={"accept": "application/json"}).json()["image"]
    assert np.array_equal(np.array(written, dtype=np.float32), binary)


def test_size_is_the_longer_side(client: TestClient, photo: str) -> None:
    answer = client.get(f"/api/images/{photo}?size=40", headers={"accept": "image/png"})
    assert opened(answer.content).size == (40, 30)
    assert opened(client.get(f"/api/images/{photo}?size=4000").content).size == (400, 300)


def test_a_picture_of_a_hash_never_changes_and_is_not_sent_twice(client: TestClient, photo: str) -> None:
    answer = client.get(f"/api/images/{photo}")
    assert "immutable" in answer.headers["cache-control"]
    tag = answer.headers["etag"]
    assert not tag.startswith("W/")
    repeated = client.get(f"/api/images/{photo}", headers={"if-none-match": tag})
    assert (repeated.status_code, repeated.content) == (304, b"")
    others = [
        client.get(f"/api/images/{photo}?size=10"),
        client.get(f"/api/images/{photo}", headers={"accept": "image/png"}),
    ]
    assert len({tag, *(other.headers["etag"] for other in others)}) == 3
    assert "immutable" not in client.get("/api/images/sample-cat").headers["cache-control"]


def test_samples_are_listed_in_the_language_of_the_visitor_and_uploads_never(client: TestClient, photo: str) -> None:
    english = client.get("/api/images", headers={"accept-language": "en"})
    spanish = client.get("/api/images", headers={"accept-language": "es"})
    assert photo not in english.text
    assert {one["id"] for one in english.json()["samples"]} == {one["id"] for one in spanish.json()["samples"]}
    titles = {one["id"]: (one["title"], other["title"]) for one, other in zip(
        english.json()["samples"], spanish.json()["samples"], strict=True)}  # fmt: skip
    assert titles["sample-cat"] == ("Cat", "Gato")
    assert all(one != other for one, other in titles.values())
    for one in english.json()["samples"]:
        assert opened(client.get(f"/api/images/{one['id']}").content).size == (one["width"], one["height"])


@pytest.mark.parametrize(
    ("file", "status", "code", "said"),
    [
        (b"", 415, "picture_empty", "empty"),
        (b"%PDF-1.7", 415, "picture_unknown", "PDF"),
        (png(PHOTO)[:5000], 415, "picture_damaged", "PNG"),
        (bytes(20_000_001), 413, "picture_too_many_bytes", "20 MB"),
        (png(np.zeros((5100, 5000, 3), dtype=np.uint8)), 413, "picture_too_many_pixels", "5000 × 5100"),
    ],
    ids=["empty", "pdf", "truncated", "heavy", "large"],
)
def test_what_is_no_picture_is_refused_with_a_reason(
    client: TestClient, file: bytes, status: int, code: str, said: str
) -> None:
    answer = client.post("/api/images", files={"file": ("photo.png", file)})
    assert answer.status_code == status
    assert answer.json()["error"]["code"] == code
    assert said in answer.json()["error"]["message"]


def test_refusals_speak_spanish(client: TestClient) -> None:
    for file in (b"", b"%PDF-1.7", png(PHOTO)[:5000]):
        messages = [
            client.post("/api/images", files={"file": ("a", file)}, headers={"accept-language": language}).json()
            for language in ("en", "es")
        ]
        assert messages[0]["error"]["code"] == messages[1]["error"]["code"]
        assert messages[0]["error"]["message"] != messages[1]["error"]["message"]


def test_a_form_without_its_file_is_refused(client: TestClient) -> None:
    for body in ({"data": {"file": "text"}}, {"files": {"other": b"x"}}, {"json": {}}, {"content": b""}):
        answer = client.post("/api/images", **body)
        assert answer.status_code == 422
        assert "file" in answer.json()["error"]["message"]


@pytest.mark.parametrize("id", ["nope", "a" * 64, "%2e%2e", "sample-none", "%00"])
def test_unknown_pictures_are_not_found(client: TestClient, id: str) -> None:
    answer = client.get(f"/api/images/{id}")
    assert answer.status_code == 404
    assert set(answer.json()["error"]) >= {"code", "message"}


@pytest.mark.parametrize("size", ["0", "-1", "9000", "x", "1e3"])
def test_impossible_sizes_are_refused(client: TestClient, photo: str, size: str) -> None:
    answer = client.get(f"/api/images/{photo}?size={size}")
    assert answer.status_code == 422
    assert size in answer.json()["error"]["message"]


def test_a_tensor_too_long_for_json_is_refused_with_a_way_out(client: TestClient) -> None:
    answer = client.get("/api/images/sample-galaxies", headers={"accept": "application/json"})
    assert answer.status_code == 413
    assert "size" in answer.json()["error"]["message"]
    smaller = client.get("/api/images/sample-galaxies?size=100", headers={"accept": "application/json"})
    assert smaller.status_code == 200


def test_too_long_an_upload_is_stopped_while_it_arrives(client: TestClient) -> None:
    """By a server in the middle of a body without end, of which no length was announced."""
    received, sent = 0, []
    start = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n'

    async def receive() -> dict[str, Any]:
        nonlocal received
        received += 1_000_000
        assert received < 30_000_000, "it reads on and on"
        body = start if received == 1_000_000 else bytes(1_000_000)
        return {"type": "http.request", "body": body, "more_body": True}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    headers = [(b"content-type", b"multipart/form-data; boundary=x"), (b"transfer-encoding", b"chunked")]
    scope = {"type": "http", "method": "POST", "path": "/api/images", "query_string": b"", "headers": headers}
    asyncio.run(client.app({**scope, "asgi": {"version": "3.0"}, "http_version": "1.1"}, receive, send))
    assert sent[0]["status"] == 413
    error = json.loads(sent[1]["body"])["error"]
    assert error["code"] == "body_too_large"
    assert "20 MB" in error["message"]


def test_an_announced_length_is_believed(client: TestClient) -> None:
    headers = {"content-type": "multipart/form-data; boundary=x", "content-length": "50000000"}
    answer = client.post("/api/images", content=b"--x--", headers=headers)
    assert answer.status_code == 413
    assert answer.json()["error"]["code"] == "body_too_large"
