"""Convolution and pooling through the API, against torch and the worked examples of the talk."""

import io
import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from fastapi.testclient import TestClient
from httpx2 import Response
from PIL import Image
from safetensors.numpy import load
from torch.nn import functional

from lente import models
from lente.app.convolution.request import CODES, Kernel

SOBEL = [[1, 0, -1], [2, 0, -2], [1, 0, -1]]
SHARPEN = [[0, -1, 0], [-1, 5, -1], [0, -1, 0]]


def matrix(text: str) -> list[list[float]]:
    return [[float(number) for number in row.split()] for row in text.split("/")]


def convolve(client: TestClient, accept: str = "application/json", **body: Any) -> Response:
    return client.post("/api/convolution", json=body, headers={"accept": accept})


def pool(client: TestClient, **body: Any) -> Response:
    return client.post("/api/pooling", json=body, headers={"accept": "application/json"})


def test_what_does_a_convolution_do(client: TestClient) -> None:
    image = matrix("0 .6 .6 0 / .6 0 0 .6 / .6 .6 .6 .6 / .6 0 0 .6")
    output = convolve(client, matrix=image, kernel=SOBEL, padding=1).json()["output"]
    assert output[0][0] == pytest.approx(-1.2)


def test_does_the_image_get_compressed(client: TestClient) -> None:
    image = matrix("3 3 2 1 0 / 0 0 1 3 1 / 3 1 2 2 3 / 2 0 0 2 2 / 2 0 0 0 1")
    answer = convolve(client, matrix=image, kernel=matrix("0 1 2 / 2 2 0 / 0 1 2")).json()
    assert answer["output"] == matrix("12 12 17 / 10 17 19 / 9 6 14")
    assert answer["shape"] == [3, 3]
    assert answer["formula"]["height"] == "floor((5 + 2 * 0 - 1 * (3 - 1) - 1) / 1) + 1 = 3"


def test_padding(client: TestClient) -> None:
    image = matrix(
        "60 113 56 139 85 / 73 121 54 84 128 / 131 99 70 129 127 / 80 57 115 69 134 / 104 126 123 95 130"
    )  # fmt: skip
    for padding in (1, "same"):
        output = convolve(client, matrix=image, kernel=SHARPEN, padding=padding).json()["output"]
        assert output[0][0] == 114
        assert np.shape(output) == (5, 5)


def test_strided_convolution(client: TestClient) -> None:
    image = matrix(
        "2 3 7 4 6 2 9 / 6 6 9 8 7 4 3 / 3 4 8 3 8 9 7 / 7 8 3 6 6 3 4 / 4 2 1 8 3 4 6 / 3 2 4 1 9 8 3 / 0 1 3 9 2 1 4"
    )  # fmt: skip
    answer = convolve(client, matrix=image, kernel=matrix("3 4 4 / 1 0 2 / -1 0 3"), stride=2).json()
    assert answer["output"][0][0] == 91
    assert answer["shape"] == [3, 3]


def test_max_pooling(client: TestClient) -> None:
    image = matrix("7 3 5 2 / 8 7 1 6 / 4 9 3 9 / 0 8 4 5")
    answer = pool(client, matrix=image, kind="max", size=2, stride=2).json()
    assert answer["output"] == [[8, 6], [9, 9]]
    assert answer["formula"]["width"] == "floor((4 - 2) / 2) + 1 = 2"
    assert pool(client, matrix=image, kind="average").json()["output"] == [[6.25, 3.5], [5.25, 5.25]]


@pytest.mark.parametrize("seed", range(25))
def test_any_convolution_is_torchs(client: TestClient, seed: int) -> None:
    random = np.random.default_rng(seed)
    channels, outputs, stride, dilation = (int(random.integers(1, 4)) for _ in range(4))
    side = [int(random.integers(10, 20)) for _ in range(2)]
    kernel_side = [int(random.integers(1, 5)) for _ in range(2)]
    padding, mode = int(random.integers(0, 5)), str(random.choice(["zeros", "reflect", "replicate", "circular"]))
    x = random.normal(size=(channels, *side)).round(2)
    kernel = random.normal(size=(outputs, channels, *kernel_side)).round(2)
    bias = random.normal(size=outputs).round(2)

    padded = functional.pad(torch.tensor(x)[None], (padding,) * 4, mode="constant" if mode == "zeros" else mode)
    wanted = functional.conv2d(padded, torch.tensor(kernel), torch.tensor(bias), stride, 0, dilation)[0].numpy()
    answer = convolve(
        client, tensor=x.tolist(), kernel=kernel.tolist(), bias=bias.tolist(),
        stride=stride, padding=padding, padding_mode=mode, dilation=dilation,
    )  # fmt: skip
    assert answer.status_code == 200, answer.text
    assert np.allclose(answer.json()["output"], wanted, atol=1e-9)
    assert answer.json()["shape"] == list(wanted.shape)
    sizes = [int(formula.rsplit("=")[1]) for formula in answer.json()["formula"].values()]
    assert sizes == list(wanted.shape[1:])


def test_rows_and_columns_may_have_settings_of_their_own(client: TestClient) -> None:
    x, kernel = np.arange(63.0).reshape(7, 9), np.arange(6.0).reshape(2, 3)
    settings = {"stride": [1, 2], "padding": [0, 1], "dilation": [2, 1]}
    wanted = functional.conv2d(torch.tensor(x)[None, None], torch.tensor(kernel)[None, None], **settings)[0, 0]
    answer = convolve(client, matrix=x.tolist(), kernel=kernel.tolist(), **settings).json()
    assert np.allclose(answer["output"], wanted.numpy())
    assert answer["formula"] == {
        "height": "floor((7 + 2 * 0 - 2 * (2 - 1) - 1) / 1) + 1 = 5",
        "width": "floor((9 + 2 * 1 - 1 * (3 - 1) - 1) / 2) + 1 = 5",
    }
    pooled = pool(client, matrix=x.tolist(), size=[2, 3], stride=[1, 3]).json()
    assert np.allclose(pooled["output"], functional.max_pool2d(torch.tensor(x)[None], (2, 3), (1, 3))[0].numpy())
    wrong = convolve(client, matrix=x.tolist(), kernel=[[1]], stride=[1, 0]).json()["error"]
    assert wrong["code"] == "stride_invalid"
    assert "stride 0" in wrong["message"]


def test_whatever_models_refuse_has_a_code_of_the_api() -> None:
    folder = Path(models.__file__).parent / "convolution"
    found = re.findall(r'ModelError\(\s*"(\w+)"', "".join(file.read_text() for file in folder.glob("*.py")))
    assert len(found) > 10
    assert set(found) <= set(CODES)


@pytest.mark.parametrize(
    ("kind", "size", "stride"), [("max", 2, 2), ("max", 3, 1), ("average", 3, 2), ("average", 5, 5)]
)
def test_any_pooling_is_torchs(client: TestClient, kind: str, size: int, stride: int) -> None:
    x = np.random.default_rng(size).normal(size=(3, 11, 13)).round(2)
    function = functional.max_pool2d if kind == "max" else functional.avg_pool2d
    wanted = function(torch.tensor(x), size, stride).numpy()
    answer = pool(client, tensor=x.tolist(), kind=kind, size=size, stride=stride)
    assert np.allclose(answer.json()["output"], wanted)


def photo(client: TestClient, id: str = "sample-cat") -> np.ndarray[Any, np.dtype[np.float32]]:
    answer = client.get(f"/api/images/{id}", headers={"accept": "application/vnd.safetensors"})
    return load(answer.content)["image"]


@pytest.mark.parametrize("side", [1, 2, 3, 7, 11, 13, 15])
@pytest.mark.parametrize(("padding", "mode"), [(0, "zeros"), ("same", "zeros"), ("same", "reflect"), (20, "circular")])
def test_a_kernel_is_laid_on_each_channel_of_a_photo(client: TestClient, side: int, padding: Any, mode: str) -> None:
    kernel = np.random.default_rng(side).normal(size=(side, side)).round(2)
    x = torch.from_numpy(photo(client)).double()[None]
    total = side - 1
    pads = (total // 2, total - total // 2) * 2 if padding == "same" else (padding,) * 4
    padded = functional.pad(x, pads, mode="constant" if mode == "zeros" else mode)
    wanted = functional.conv2d(padded, torch.tensor(kernel).expand(3, 1, side, side), groups=3)[0].numpy()
    body = {"image": "sample-cat", "kernel": kernel.tolist(), "padding": padding, "padding_mode": mode}
    output = load(convolve(client, "application/vnd.safetensors", **body).content)["output"]
    assert output.dtype == np.float32
    assert output.shape == wanted.shape
    assert np.abs(output - wanted).max() < 2e-5 * max(1, np.abs(kernel).sum())


@pytest.mark.parametrize(
    ("kernel", "code"), [(SOBEL, ""), ([[1, "one"]], "kernel_not_a_number"), ([[[1]]], "kernel_channels")]
)
def test_a_picture_asked_for_again_is_answered_as_the_first_time(client: TestClient, kernel: Any, code: str) -> None:
    body = {"image": "sample-coffee", "kernel": kernel, "size": 97, "bias": 0.25}
    first, second, third = (convolve(client, "application/vnd.safetensors", **body) for _ in range(3))
    assert first.content == second.content == third.content
    assert {first.status_code, second.status_code} == {422 if code else 200}
    assert not code or first.json()["error"]["code"] == code


@pytest.mark.parametrize(
    ("change", "code"),
    [({"size": "8"}, "size_invalid"), ({"size": True}, "size_invalid"), ({"matrix": [[1]]}, "input_missing")],
)
def test_a_picture_at_hand_is_asked_for_as_any_other(client: TestClient, change: dict[str, Any], code: str) -> None:
    asked = {"image": "sample-cat", "size": 8, "kernel": SOBEL}
    accept = "application/vnd.safetensors"
    assert [convolve(client, accept, **asked).status_code for _ in range(2)] == [200, 200]
    assert convolve(client, accept, **asked | change).json()["error"]["code"] == code


AT_HAND = '"image": "sample-cat", "size": 8'
TEXTS = {
    "whole numbers": '{%s, "kernel": [[1, 2], [3, 4]], "padding": "same"}',
    "a bias for each kernel": '{%s, "kernel": [[[[1]], [[0.1]], [[1e-3]]], [[[2]], [[3]], [[4]]]], "bias": [5, 6]}',
    "a bias for each channel": '{%s, "kernel": [[1]], "bias": [1, 2, 3]}',
    "a name twice": '{%s, "kernel": [[1]], "kernel": [[2]]}',
    "no number": '{%s, "kernel": [[NaN]]}',
    "infinite": '{%s, "kernel": [[1e999]]}',
    "a whole number too large": '{%s, "kernel": [[123456789012345678901234567890]]}',
    "a word": '{%s, "kernel": [["1"]]}',
    "does not fit": '{%s, "kernel": [[1, 1, 1, 1, 1, 1, 1, 1, 1]]}',
    "misspelt": '{%s, "kernel": [[1]], "strides": 2}',
    "no kernel": "{%s}",
    "a comma too many": '{%s, "kernel": [[1]],}',
    "a bracket too few": '{%s, "kernel": [[1]}',
    "a list": '[{%s, "kernel": [[1]]}]',
}


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_a_brief_question_is_answered_as_a_long_one(client: TestClient, text: str) -> None:
    brief = (text % AT_HAND).encode()
    headers = {"accept": "application/vnd.safetensors", "content-type": "application/json"}
    assert client.get("/api/networks").status_code == 200  # once they are loaded, brief questions go their own way
    convolve(client, headers["accept"], image="sample-cat", size=8, kernel=[[1]])
    answers = [client.post("/api/convolution", content=sent, headers=headers) for sent in (brief, brief + 4096 * b" ")]
    assert answers[0].status_code == answers[1].status_code
    assert answers[0].content == answers[1].content


def test_a_cube_adds_up_the_channels_of_a_photo(client: TestClient) -> None:
    cube = np.random.default_rng(0).normal(size=(3, 3, 3)).round(2)
    wanted = functional.conv2d(torch.from_numpy(photo(client)).double()[None], torch.tensor(cube)[None], stride=2)[0]
    body = {"image": "sample-cat", "kernel": cube.tolist(), "stride": 2, "bias": 0.25}
    answer = convolve(client, "application/vnd.safetensors", **body)
    output = load(answer.content)["output"]
    assert output.shape == (1, 149, 225)
    assert np.allclose(output, wanted.numpy() + 0.25, atol=1e-5)
    header = json.loads(answer.content[8 : 8 + int.from_bytes(answer.content[:8], "little")])
    assert json.loads(header["__metadata__"]["json"])["shape"] == [1, 149, 225]


def test_size_reduces_the_photo_first(client: TestClient) -> None:
    answer = convolve(client, image="sample-galaxies", kernel=[[1]], size=50)
    assert answer.json()["shape"] == [3, 44, 50]
    small = client.get("/api/images/sample-galaxies?size=50", headers={"accept": "application/json"}).json()
    assert np.allclose(answer.json()["output"], small["image"], atol=1e-6)


def test_a_picture_is_clipped_and_otherwise_exact(client: TestClient) -> None:
    body = {"image": "sample-face", "kernel": [[2.0]], "bias": -0.5}
    answer = convolve(client, "image/png", **body)
    assert answer.headers["content-type"] == "image/png"
    shown = np.asarray(Image.open(io.BytesIO(answer.content)))
    wanted = np.round(np.clip(photo(client, "sample-face") * 2 - 0.5, 0, 1) * 255).transpose(1, 2, 0)
    assert np.abs(shown - wanted).max() <= 1
    assert np.median(np.abs(shown - wanted)) == 0
    jpeg = convolve(client, "image/jpeg", **body)
    assert Image.open(io.BytesIO(jpeg.content)).size == (32, 32)
    assert Image.open(io.BytesIO(convolve(client, "image/png", matrix=[[0, 1]], kernel=[[1]]).content)).size == (2, 1)


def test_what_is_no_picture_is_not_given_as_one(client: TestClient) -> None:
    answer = convolve(client, "image/png", image="sample-face", kernel=[[[[1]]] * 3] * 2)
    assert answer.status_code == 406
    assert "2 channels" in answer.json()["error"]["message"]


def test_pooling_a_photo(client: TestClient) -> None:
    wanted = functional.max_pool2d(torch.from_numpy(photo(client)), 4).numpy()
    body = {"image": "sample-cat", "size": 4}
    answer = client.post("/api/pooling", json=body, headers={"accept": "application/vnd.safetensors"})
    assert np.allclose(load(answer.content)["output"], wanted)


ONE = {"matrix": [[1.0]]}
BAD = {
    "no input": ({"kernel": [[1]]}, 422, "input_missing", "matrix, tensor, image"),
    "two inputs": ({**ONE, "image": "sample-cat", "kernel": [[1]]}, 422, "input_missing", "matrix, image"),
    "no kernel": (ONE, 422, "missing", "kernel"),
    "empty kernel": ({**ONE, "kernel": []}, 422, "kernel_empty", "kernel"),
    "kernel of empty rows": ({**ONE, "kernel": [[]]}, 422, "kernel_empty", "kernel"),
    "ragged kernel": ({**ONE, "kernel": [[1, 2], [1]]}, 422, "kernel_ragged", "kernel[1] has 1"),
    "number for a row": ({**ONE, "kernel": [[1, 2], 5]}, 422, "kernel_ragged", "kernel[1]: 5"),
    "word in kernel": ({**ONE, "kernel": [[1, "a"]]}, 422, "kernel_not_a_number", "kernel[0][1]: 'a'"),
    "number as word": ({**ONE, "kernel": [["1"]]}, 422, "kernel_not_a_number", "'1'"),
    "truth in kernel": ({**ONE, "kernel": [[True]]}, 422, "kernel_not_a_number", "True"),
    "nothing in kernel": ({**ONE, "kernel": [[None]]}, 422, "kernel_not_a_number", "None"),
    "huge number": ({**ONE, "kernel": [[1e300]]}, 422, "kernel_out_of_range", "1e+300"),
    "kernel of one dimension": ({**ONE, "kernel": [1]}, 422, "kernel_dimensions", "1 dimensions"),
    "kernel is an object": ({**ONE, "kernel": {"a": 1}}, 422, "kernel_dimensions", "2, 3, 4"),
    "kernel of 32": ({**ONE, "kernel": [[1] * 32]}, 422, "kernel_too_large", "1 × 32"),
    "kernel beyond the image": ({**ONE, "kernel": [[1] * 3] * 3}, 422, "kernel_does_not_fit", "3"),
    "slices": ({"tensor": [[[1]]], "kernel": [[[1]], [[1]]]}, 422, "kernel_channels", "2 slices"),
    "ragged matrix": ({"matrix": [[1, 2], [3]], "kernel": [[1]]}, 422, "matrix_ragged", "matrix[1]"),
    "matrix of words": ({"matrix": [["x"]], "kernel": [[1]]}, 422, "matrix_not_a_number", "'x'"),
    "million pixels": ({"matrix": [[1] * 1000] * 1000, "kernel": [[1]]}, 413, "matrix_too_many", "262144"),
    "stride 0": ({**ONE, "kernel": [[1]], "stride": 0}, 422, "stride_invalid", "0 cannot"),
    "stride 1.5": ({**ONE, "kernel": [[1]], "stride": 1.5}, 422, "stride_invalid", "1.5"),
    "stride in words": ({**ONE, "kernel": [[1]], "stride": "two"}, 422, "stride_invalid", "'two'"),
    "dilation 0": ({**ONE, "kernel": [[1]], "dilation": 0}, 422, "dilation_invalid", "0"),
    "padding -1": ({**ONE, "kernel": [[1]], "padding": -1}, 422, "padding_invalid", "-1"),
    "padding in words": ({**ONE, "kernel": [[1]], "padding": "some"}, 422, "padding_invalid", "'some'"),
    "same with stride": ({**ONE, "kernel": [[1]], "padding": "same", "stride": 2}, 422, "same_needs_stride_1", "2"),
    "padding mode": ({**ONE, "kernel": [[1]], "padding_mode": "mirror"}, 422, "padding_mode_unknown", "reflect"),
    "too much reflection": (
        {**ONE, "kernel": [[1]], "padding": 1, "padding_mode": "reflect"}, 422, "padding_too_large", "1"),
    "bias in words": ({**ONE, "kernel": [[1]], "bias": "x"}, 422, "bias_not_a_number", "'x'"),
    "a bias for each channel": (
        {"image": "sample-cat", "kernel": [[1]], "bias": [1, 2, 3]}, 422, "bias_invalid", "kernels (1)"),
    "two biases": ({**ONE, "kernel": [[1]], "bias": [1, 2]}, 422, "bias_invalid", "has 2 numbers"),
    "no such image": ({"image": "nope", "kernel": [[1]]}, 404, "unknown_image", "nope"),
    "image is a number": ({"image": 7, "kernel": [[1]]}, 404, "unknown_image", "7"),
    "too much": ({"image": "sample-galaxies", "kernel": [[[[1]]] * 3] * 20}, 413, "output_too_large", "17440000"),
    "too long for JSON": ({"image": "sample-galaxies", "kernel": [[1]]}, 413, "too_many_values", "safetensors"),
    "misspelt": ({**ONE, "kernel": [[1]], "strides": 2}, 422, "invalid", "strides"),
}  # fmt: skip


@pytest.mark.parametrize(("body", "status", "code", "said"), BAD.values(), ids=BAD)
def test_bad_input_is_quoted_with_what_is_accepted(
    client: TestClient, body: dict[str, Any], status: int, code: str, said: str
) -> None:
    answer = convolve(client, **body)
    assert (answer.status_code, answer.json()["error"]["code"]) == (status, code)
    assert said in answer.json()["error"]["message"]


@pytest.mark.parametrize("name", [name for name in BAD if name != "misspelt"])
def test_bad_input_is_answered_in_spanish_too(client: TestClient, name: str) -> None:
    body = BAD[name][0]
    english, spanish = (
        client.post("/api/convolution", json=body, headers={"accept": "application/json", "accept-language": language})
        for language in ("en", "es")
    )
    assert english.json()["error"]["code"] == spanish.json()["error"]["code"]
    assert english.json()["error"]["message"] != spanish.json()["error"]["message"]


@pytest.mark.parametrize(
    ("text", "status", "code"),
    [
        ('{"matrix": [[NaN]], "kernel": [[1]]}', 422, "matrix_out_of_range"),
        ('{"matrix": [[1]], "kernel": [[Infinity]]}', 422, "kernel_out_of_range"),
        ('{"matrix": [[1]], "kernel": [[1]], "bias": -Infinity}', 422, "bias_out_of_range"),
        ('{"matrix": [[1]], "kernel": [[1e999]]}', 422, "kernel_out_of_range"),
        ('{"matrix": [[1]], "kernel": [[1]], "stride": NaN}', 422, "stride_invalid"),
        ('{"matrix": [[1]], "kernel": [[' + "9" * 400 + "]]}", 422, "kernel_out_of_range"),
        ('{"matrix": [[1]], "kernel": [[' + "9" * 5000 + "]]}", 400, "refused"),
        ("[" * 100_000, 400, "refused"),
        ('{"matrix": ', 422, "not_json"),
        ('{"image": "\\ud800", "kernel": [[1]]}', 404, "unknown_image"),
        ('{"\\ud800": 1}', 422, "invalid"),
        ("[]", 422, "invalid"),
        ('"kernel"', 422, "invalid"),
        ("", 422, "missing"),
        (" " * 5_000_000, 413, "body_too_large"),
    ],
)
def test_what_is_not_proper_json_is_refused(client: TestClient, text: str, status: int, code: str) -> None:
    headers = {"content-type": "application/json", "accept": "application/json"}
    answer = client.post("/api/convolution", content=text, headers=headers)
    assert (answer.status_code, answer.json()["error"]["code"]) == (status, code)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"kind": "median"}, "kind_unknown"),
        ({"size": 0}, "size_invalid"),
        ({"size": 3}, "size_too_large"),
        ({"stride": 0}, "stride_invalid"),
        ({"matrix": [[1], [1, 2]]}, "matrix_ragged"),
        ({"matrix": None}, "input_missing"),
    ],
)
def test_bad_pooling_is_refused(client: TestClient, change: dict[str, Any], code: str) -> None:
    answer = pool(client, **{"matrix": [[1, 2], [3, 4]], **change})
    assert (answer.status_code, answer.json()["error"]["code"]) == (422, code)


FRAME = np.random.default_rng(9).integers(0, 256, (24, 32, 4), dtype=np.uint8)


def send_frame(client: TestClient, accept: str = "*/*", content: bytes = FRAME.tobytes(), **query: Any) -> Response:
    query = {"width": 32, "height": 24, "kernel": json.dumps(SOBEL), **query}
    return client.post("/api/convolution/frame", params=query, content=content, headers={"accept": accept})


def test_a_camera_frame_comes_back_convolved(client: TestClient) -> None:
    x = torch.from_numpy(FRAME[..., :3].astype(np.float64) / 255).permute(2, 0, 1)[None]
    wanted = functional.conv2d(x, torch.tensor(SOBEL).double().expand(3, 1, 3, 3), padding=1, groups=3)[0].numpy()
    exact = load(send_frame(client, "application/vnd.safetensors").content)["output"]
    assert np.allclose(exact, wanted, atol=1e-5)
    answer = send_frame(client)
    pixels = np.frombuffer(answer.content, dtype=np.uint8).reshape(24, 32, 4)
    assert (pixels[..., 3] == 255).all()
    assert np.abs(pixels[..., :3] - np.clip(wanted, 0, 1).transpose(1, 2, 0) * 255).max() <= 0.51


def test_the_size_of_a_smaller_frame_is_told(client: TestClient) -> None:
    answer = send_frame(client, padding=0)
    assert (answer.headers["x-width"], answer.headers["x-height"]) == ("30", "22")
    assert len(answer.content) == 30 * 22 * 4


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"content": b"short"}, "frame_size"),
        ({"width": 0}, "invalid"),
        ({"kernel": "[[1"}, "kernel_not_json"),
        ({"kernel": "[[1],[]]"}, "kernel_ragged"),
        ({"kernel": "[[NaN]]"}, "kernel_out_of_range"),
        ({"kernel": "[" * 1500}, "kernel_not_json"),
        ({"padding": "x"}, "padding_invalid"),
        ({"padding": "²"}, "padding_invalid"),
        ({"padding": "9" * 5000}, "padding_invalid"),
        ({"padding_mode": "x"}, "padding_mode_unknown"),
        ({"bias": "nan"}, "bias_out_of_range"),
    ],
)
def test_bad_frames_are_refused(client: TestClient, change: dict[str, Any], code: str) -> None:
    answer = send_frame(client, **change)
    assert (answer.status_code, answer.json()["error"]["code"]) == (422, code)


@pytest.mark.parametrize(
    ("settings", "products"),
    [
        ({"weights": [[1.0] * 3] * 3, "padding": "same"}, 3 * 42 * 52 * 9),
        ({"weights": [[[1.0] * 3] * 3] * 3}, 3 * 40 * 50 * 9),
        ({"weights": [[[[1.0] * 3] * 3] * 3] * 2, "padding": 5}, 2 * 3 * 50 * 60 * 9),
        ({"weights": [[1.0] * 3] * 3, "dilation": 8, "stride": 2}, 3 * 40 * 50 * 17 * 17),
    ],
)
def test_work_is_counted_with_its_border_and_its_gaps(settings: dict[str, Any], products: int) -> None:
    assert Kernel(**settings).checked().products((3, 40, 50)) == products
