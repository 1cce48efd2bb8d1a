"""Nonsense of every kind: an answer or a clean refusal, never a failure, nothing of the inside, never a hang.

Longer: make fuzz, which sets LENTE_FUZZ to how many times as many examples are tried.
"""

import io
import json
import os
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image
from safetensors.numpy import save

from lente.app.errors import BadInput, TooLarge
from lente.app.pictures.decoding import Limits, read_picture
from tests.app.running import Running, running
from tests.conftest import ROOT

TIMES = int(os.environ.get("LENTE_FUZZ", "1"))
EXAMPLES = 4 * TIMES
SECONDS = 60

KNOWN = {
    "name": ["digit_cnn", "photo_cnn"],
    "model": ["vae_2d", "pca", "vae_conditional_2d"],
    "image": ["sample-cat", "sample-face"],
    "id": ["sample-cat"],
    "layer": ["conv1", "conv2", "relu1", "output"],
    "numbers": ["0,1,2"],
    "frame": ["0", "3"],
}
INSIDE = ["Traceback", "site-packages", 'File "', str(ROOT), "RuntimeError", "torch.", "numpy."]

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    folder = tmp_path_factory.mktemp("fuzz")
    with (folder / "errors.txt").open("w") as errors, running(folder, "--weights", str(folder), errors=errors) as it:
        yield it
    assert "Traceback" not in (folder / "errors.txt").read_text()


@pytest.fixture(scope="module")
def operations(server: Running) -> list[Any]:
    """Every operation that the API documents, but the one that fetches files from the internet."""
    _, document = server.ask("GET", "/api/openapi.json")
    schema = schemathesis.openapi.from_dict(json.loads(document))
    found = [each.ok() for each in schema.get_all_operations()]
    return [one for one in found if not (one.path.endswith("/weights") and one.method != "get")]


def test_the_api_survives_what_its_own_document_allows_and_forbids(server: Running, operations: list[Any]) -> None:
    assert len(operations) > 35
    answered = [operation.path for operation in operations if 200 in _fuzz(server, operation)]
    assert len(answered) > len(operations) / 3, "nonsense that is refused at the door tries nothing"


def _fuzz(server: Running, operation: Any) -> set[int]:
    """The statuses of its answers."""
    statuses = set()

    @settings(
        max_examples=EXAMPLES, deadline=None, database=None, derandomize=TIMES == 1,
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(st.data())
    def ask(data: st.DataObject) -> None:
        case = data.draw(operation.as_strategy())
        if data.draw(st.integers(0, 3)):
            known = {name: data.draw(st.sampled_from(KNOWN[name])) for name in case.path_parameters or {}}
            case.path_parameters = known or case.path_parameters
        answer = case.call(base_url=f"http://127.0.0.1:{server.port}", timeout=SECONDS)
        _check(answer.status_code, answer.headers, answer.content, f"{operation.method} {answer.request.url}")
        statuses.add(answer.status_code)

    ask()
    return statuses


def _check(status: int, headers: Any, content: bytes, asked: str) -> None:
    assert status < 500 or status == 503, (asked, status, content[:300])
    assert "content-security-policy" in {name.lower() for name in headers}, asked
    if status >= 400:
        error = json.loads(content)["error"]
        assert set(error) == {"code", "message"}, asked
        assert 0 < len(error["message"]) < 1000, asked
        assert error["code"] != "internal", asked
        for word in INSIDE:
            assert word not in error["message"], (asked, error)


BODIES = [
    b"", b"{", b"[]", b"null", b"1e999", b"{}", b"[" * 100_000, b'{"a":' * 5000, b"\xff\xfe", b"\0" * 1000,
    b'"\\ud800"', b'{"matrix": "\\ud800"}', b'{"matrix": NaN}', b'{"matrix": [[1e400]]}', b'{"matrix": [[1], [1, 2]]}',
    b'{"matrix": [[]], "kernel": [[]]}', b'{"matrix": [[1]], "kernel": [[1]], "stride": 1e9}', b'{"images": []}',
    b'{"z": [[null]]}', b'{"z": []}', b'{"z": [[1e308, -1e308]]}',
]  # fmt: skip
POSTS = [
    "convolution", "pooling", "images", "digits", "digits/values", "convolution/frame?width=3&height=3&kernel=[[1]]",
    "latent/vae_2d/decode", "latent/vae_2d/encode", "latent/vae_2d/sample", "latent/vae_2d/interpolation",
    "latent/vae_2d/animation", "diffusion/look", "diffusion/sample", "diffusion/inversion", "diffusion/animation",
    "diffusion/compare", "learning/runs", "learning/gradients", "learning/gradients/slice",
]  # fmt: skip
KINDS = [
    "application/json", "multipart/form-data; boundary=x", "multipart/form-data", "application/octet-stream",
    "application/vnd.safetensors", "x",
]  # fmt: skip


@pytest.mark.parametrize("post", POSTS)
def test_bodies_that_nobody_documented_are_refused(server: Running, post: str) -> None:
    for i, body in enumerate(BODIES):
        kinds = KINDS if TIMES > 1 else [KINDS[0], KINDS[1 + i % 5]]
        for kind in kinds:
            status, content = server.ask("POST", f"/api/{post}", body, **{"Content-Type": kind})
            _check(status, ["content-security-policy"], content, f"{post} {kind} {body[:40]!r}")


SAFETENSORS = "application/vnd.safetensors"
SHAPES: list[tuple[int, ...]] = [(), (0,), (2,), (1, 28, 28)]


def test_a_tensor_in_the_place_of_anything_is_refused(server: Running) -> None:
    paths = json.loads(server.ask("GET", "/api/openapi.json")[1])["paths"]
    known = {"{" + name + "}": values[0] for name, values in KNOWN.items()}
    asked = 0
    for path, methods in paths.items():
        content = methods.get("post", {}).get("requestBody", {}).get("content", {})
        if SAFETENSORS not in content:
            continue
        kinds = content["application/json"]["schema"]["properties"]
        usual = {name: np.zeros(SHAPES[-1][:depth], np.float32) for name in kinds if (depth := _depth(kinds[name])) > 1}
        where = "/".join(known.get(part, part) for part in path.split("/"))
        for name in kinds:
            for shape in SHAPES:
                body = save({**usual, name: np.zeros(shape, np.float32)})
                status, answer = server.ask("POST", where, body, **{"Content-Type": SAFETENSORS})
                _check(status, ["content-security-policy"], answer, f"{where} {name} {shape}")
                asked += 1
    assert asked > 100


def _depth(kind: dict[str, Any]) -> int:
    """Of lists within lists."""
    return 1 + _depth(kind["items"]) if kind.get("type") == "array" and "items" in kind else 0


LOOK = "/api/networks/digit_cnn"
PATHS = [
    "/api/images/..%2f..%2fetc%2fpasswd", "/api/images/%00", "/api/images/%ff", "/api/networks/..%2fvae_2d", "/%ff",
    f"{LOOK}/kernels/__class__", f"{LOOK}/activations/sample-cat?layer=__init__", "/api/latent/%00", "//evil.example",
    f"{LOOK}/activations/sample-cat?surgery=" + "%5B" * 3000, "/static/..%2f..%2fpyproject.toml", "/es?x=" + "a" * 8000,
    "/es/%3Cscript%3E", "/es/../../app/main.py", "/api/images/sample-cat?size=%F0%9F%99%82", "/en/embed/%2e%2e",
]  # fmt: skip


@pytest.mark.parametrize("path", PATHS)
def test_addresses_that_lead_nowhere_are_refused(server: Running, path: str) -> None:
    status, content = server.ask("GET", path)
    assert 300 <= status < 500
    for word in [*INSIDE[:4], "root:", "[project]", "<script>\n"]:
        assert word.encode() not in content


PIXELS = np.random.default_rng(7).integers(0, 256, (24, 31, 3), dtype=np.uint8)


def _file(format: str, mode: str = "RGB", **options: Any) -> bytes:
    file = io.BytesIO()
    Image.fromarray(PIXELS).convert(mode).save(file, format, **options)
    return file.getvalue()


def _turned() -> Image.Exif:
    exif = Image.Exif()
    exif[0x0112] = 6
    return exif


FILES: dict[str, Callable[[], bytes]] = {
    "jpeg": lambda: _file("JPEG"),
    "progressive jpeg": lambda: _file("JPEG", progressive=True),
    "turned jpeg": lambda: _file("JPEG", exif=_turned()),
    "png": lambda: _file("PNG"),
    "png palette": lambda: _file("PNG", "P"),
    "png 16 bit": lambda: _file("PNG", "I;16"),
    "webp": lambda: _file("WEBP"),
    "webp lossless": lambda: _file("WEBP", lossless=True),
    "gif": lambda: _file("GIF", "P"),
    "bmp": lambda: _file("BMP"),
    "tiff": lambda: _file("TIFF"),
    "tiff lzw": lambda: _file("TIFF", compression="tiff_lzw"),
    "tiff jpeg": lambda: _file("TIFF", compression="jpeg"),
    "avif": lambda: _file("AVIF"),
}  # fmt: skip
SMALL = Limits(megabytes=1, megapixels=1)


@pytest.mark.parametrize("name", FILES)
def test_a_damaged_picture_is_a_picture_or_is_refused(name: str) -> None:
    whole = FILES[name]()
    assert read_picture(whole, SMALL).shape == (24, 31, 3) or name == "turned jpeg"
    random = np.random.default_rng(len(name))
    for _ in range(60 * TIMES):
        _read(_damaged(whole, random), name)


def _damaged(whole: bytes, random: np.random.Generator) -> bytes:
    """Cut short, bits flipped (in the first bytes too, where sizes are), bytes doubled or overwritten."""
    data = bytearray(whole)
    for _ in range(random.integers(1, 6)):
        end = len(data) if random.random() < 0.5 else min(64, len(data))
        data[random.integers(end)] ^= 1 << random.integers(8)
    if random.random() < 0.4:
        del data[random.integers(1, len(data)) :]
    if random.random() < 0.2:
        start = random.integers(len(data))
        data[start:start] = data[start : start + 40]
    return bytes(data)


def _read(data: bytes, name: str) -> None:
    refusals: list[str] = []
    try:
        picture = read_picture(data, SMALL)
    except (BadInput, TooLarge) as refusal:
        refusals.append(str(refusal))
    if refusals:
        assert 0 < len(refusals[0]) < 200, name
        return
    height, width, channels = picture.shape
    assert channels == 3
    assert picture.dtype == np.uint8
    assert 0 < height * width <= 1_000_000


@pytest.mark.parametrize("name", FILES)
def test_a_damaged_upload_is_answered_cleanly(name: str, server: Running) -> None:
    whole, random = FILES[name](), np.random.default_rng(99)
    for _ in range(4 * TIMES):
        status, content = server.upload(_damaged(whole, random))
        assert status in (201, 413, 415), content[:300]
        _check(status, ["content-security-policy"], content, name)
    assert server.upload(whole)[0] == 201


def test_after_all_that_the_server_still_works(server: Running) -> None:
    assert server.ask("GET", "/es/")[0] == 200
    assert json.loads(server.ask("GET", "/api/health")[1])["status"] == "ready"
    assert server.ask("GET", "/api/networks/photo_cnn/prediction/sample-cat")[0] == 200
