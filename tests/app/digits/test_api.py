"""The API of digits: pictures of digits in, what PyTorch says to them out."""

import io
from typing import Any

import numpy as np
import pytest
import torch
from fastapi.testclient import TestClient
from PIL import Image, ImageDraw
from safetensors.numpy import load
from torch.nn import functional

from lente.app.digits.drawing import as_it_lies, place, resample
from lente.app.digits.paper import find_ink
from lente.app.pictures.samples import SAMPLES
from lente.models.mnist import reader
from lente.models.networks import catalogue

Values = np.ndarray[Any, np.dtype[Any]]


def drawing(digit: str = "seven", side: int = 112, width: int = 9) -> Values:
    """A seven, or a nought, light on dark, 0..255."""
    image = Image.new("L", (side, side))
    pen = ImageDraw.Draw(image)
    scale = side / 112
    if digit == "seven":
        points = [(30, 24), (80, 24), (48, 92)]
        pen.line([(x * scale, y * scale) for x, y in points], fill=255, width=round(width * scale), joint="curve")
    else:
        pen.ellipse([32 * scale, 18 * scale, 80 * scale, 96 * scale], outline=255, width=round(width * scale))
    return np.asarray(image)


def on_paper(digit: str = "seven") -> Values:
    """The same as a photograph would show it: dark on paper that is darker to one side, with noise."""
    rng = np.random.default_rng(0)
    ink = np.asarray(Image.fromarray(drawing(digit)).resize((400, 400), Image.Resampling.BICUBIC)) / 255
    paper = np.pad(ink, ((60, 90), (120, 40)))
    shade = np.linspace(0.92, 0.6, paper.shape[1])[None, :]
    grey = shade * (1 - 0.75 * paper) + rng.normal(0, 0.015, paper.shape)
    return np.uint8(np.clip(grey, 0, 1) * 255)


def png(values: Values) -> bytes:
    file = io.BytesIO()
    Image.fromarray(values).save(file, "PNG")
    return file.getvalue()


def post(client: TestClient, content: bytes, query: str = "", **headers: str) -> Any:
    return client.post(f"/api/digits{query}", files={"file": ("digit.png", content)}, headers=headers)


@pytest.mark.slow
def test_every_layer_is_what_the_network_says_to_the_input(client: TestClient) -> None:
    tensors = load(post(client, png(drawing())).content)
    network = catalogue.load("digit_cnn")
    with torch.no_grad():
        x = torch.from_numpy(tensors["input"])
        assert x.shape == (1, 1, 28, 28)
        for name, module in network.named_children():
            x = module(x)
            np.testing.assert_allclose(tensors[name], x.numpy(), atol=1e-5, err_msg=name)
    np.testing.assert_allclose(tensors["probabilities"], x[0].numpy(), atol=1e-6)
    np.testing.assert_array_equal(tensors["logits"], tensors["dense2"][0])
    assert tensors["probabilities"].argmax() == 7


@pytest.mark.parametrize("digit", ["seven", "nought"])
def test_light_on_dark_dark_on_light_and_on_paper_are_the_same_digit(client: TestClient, digit: str) -> None:
    expected = 7 if digit == "seven" else 0
    for picture in (drawing(digit), 255 - drawing(digit), on_paper(digit), drawing(digit, 1000)):
        answer = post(client, png(picture), accept="application/json")
        assert answer.status_code == 200, answer.text
        assert answer.json()["digit"] == expected
        assert answer.json()["probabilities"][expected] > 0.5


def test_a_small_digit_in_a_corner_is_read_when_it_is_centred(client: TestClient) -> None:
    corner = np.zeros((112, 112), np.uint8)
    corner[74:110, 74:110] = np.asarray(Image.fromarray(drawing()).resize((36, 36), Image.Resampling.BOX))
    centred = post(client, png(corner), accept="application/json").json()
    lying = post(client, png(corner), "?center=false", accept="application/json").json()
    assert centred["probabilities"][7] > 0.5
    assert lying["input"] != centred["input"]
    np.testing.assert_allclose(lying["input"][0][0], lying["raw"])
    np.testing.assert_allclose(centred["input"][0][0], centred["centred"])


def test_an_mnist_picture_that_is_not_centred_reaches_the_network_as_it_is(client: TestClient) -> None:
    picture = np.asarray(Image.fromarray(drawing()).resize((28, 28), Image.Resampling.BOX))
    tensors = load(post(client, png(picture), "?center=false").content)
    np.testing.assert_allclose(tensors["input"][0, 0], picture / np.float32(255), atol=1e-6)


@pytest.mark.parametrize("type", ["float32", "uint8"])
def test_a_pad_s_values_give_what_its_picture_gives(client: TestClient, type: str) -> None:
    values = drawing() if type == "uint8" else drawing().astype("<f4") / np.float32(255)
    headers = {"content-type": "application/octet-stream"}
    live = load(client.post("/api/digits/values", content=values.tobytes(), headers=headers).content)
    file = load(post(client, png(drawing())).content)
    np.testing.assert_allclose(live["softmax"], file["softmax"], atol=1e-5)


def test_the_steps_from_photograph_to_digit(client: TestClient) -> None:
    steps = load(post(client, png(on_paper()), "?steps=true").content)
    assert steps["grey"].shape == steps["ink"].shape
    assert steps["ink"][:20].max() == 0
    assert steps["ink"].max() == 1
    height, width = steps["crop"].shape
    assert 0.6 < width / height < 1.1


@pytest.mark.parametrize("picture", [np.zeros((100, 100), np.uint8), np.full((100, 100), 255, np.uint8)])
def test_an_empty_drawing_is_no_digit(client: TestClient, picture: Values) -> None:
    answer = post(client, png(picture))
    assert answer.status_code == 422
    assert answer.json()["error"]["code"] == "drawing_empty"


def test_photographs_without_a_digit_are_refused(client: TestClient) -> None:
    for name in ("sample-cat", "sample-coffee", "sample-astronaut", "sample-coins", "sample-chessboard"):
        answer = post(client, png(SAMPLES[name].read()))
        assert answer.status_code == 422, name
        assert answer.json()["error"]["code"] == "no_digit"


def test_noise_is_refused(client: TestClient) -> None:
    noise = np.random.default_rng(1).integers(0, 256, (200, 200), dtype=np.uint8)
    assert post(client, png(noise)).json()["error"]["code"] == "no_digit"


def test_what_is_no_picture_is_refused(client: TestClient) -> None:
    assert post(client, b"a,b,c\n1,2,3").status_code == 415
    assert post(client, b"").status_code == 415
    assert post(client, png(np.zeros((3, 3), np.uint8))).json()["error"]["code"] == "picture_too_small"
    assert client.post("/api/digits").status_code == 422


def test_values_of_the_wrong_number_or_size_are_refused(client: TestClient) -> None:
    headers = {"content-type": "application/octet-stream", "accept-language": "es"}
    wrong = client.post("/api/digits/values", content=bytes(100), headers=headers)
    assert wrong.status_code == 422
    assert "100 bytes" in wrong.json()["error"]["message"]
    beyond = np.full((28, 28), 2, "<f4").tobytes()
    answer = client.post("/api/digits/values", content=beyond, headers=headers)
    assert answer.json()["error"]["code"] == "drawing_values"
    missing = np.full((28, 28), np.nan, "<f4").tobytes()
    assert client.post("/api/digits/values", content=missing, headers=headers).status_code == 422


def test_resampling_is_torch_s() -> None:
    x = torch.rand(1, 1, 12, 20)
    values = x[0, 0].numpy()
    shrunk = functional.avg_pool2d(x, 3)[0, 0].numpy()
    np.testing.assert_allclose(resample(values, 0, 0, 3, 4), shrunk[:, :4], atol=1e-6)
    larger = functional.interpolate(x, scale_factor=2, mode="bilinear")[0, 0].numpy()
    np.testing.assert_allclose(resample(values, 0, 0, 0.5, 24)[1:-1, 1:], larger[1:-1, 1:24], atol=1e-6)


def test_the_centre_of_mass_is_where_mnist_has_it_and_the_longer_side_is_20() -> None:
    values = np.zeros((80, 60), np.float32)
    values[50:75, 3:15] = 1
    centred = place(values).centred
    mass = centred.sum()
    assert middle_of(centred) == pytest.approx((14.5, 14.5), abs=0.01)
    assert mass == pytest.approx(20 * 20 * 12 / 25, rel=0.01)
    assert as_it_lies(values).sum() == pytest.approx(values.sum() * (28 / 80) ** 2, rel=0.01)


def middle_of(digit: np.ndarray[Any, Any]) -> tuple[float, float]:
    """Row and column of the centre of mass, from the edge."""
    steps = np.arange(len(digit)) + 0.5
    return float(digit.sum(1) @ steps / digit.sum()), float(digit.sum(0) @ steps / digit.sum())


def test_a_digit_of_mnist_stays_where_it_is_when_it_is_centred() -> None:
    digits = reader.values(reader.digits(train=False).images[:500])
    shifts = np.array([np.subtract(middle_of(place(digit).centred), middle_of(digit)) for digit in digits])
    assert np.abs(shifts.mean(0)).max() < 0.1
    assert np.abs(shifts).max() < 0.5


def test_ink_of_an_even_drawing_is_kept_as_it_is() -> None:
    grey = drawing(side=56)
    rgb = np.repeat(grey[..., None], 3, axis=2)
    np.testing.assert_allclose(find_ink(rgb).ink, grey / 255, atol=1e-6)
    np.testing.assert_allclose(find_ink(255 - rgb).ink, grey / 255, atol=1e-6)


@pytest.mark.slow
def test_mistakes_are_wrong_and_complete(client: TestClient) -> None:
    answer = client.get("/api/digits/mistakes", headers={"accept": "application/json"}).json()
    images, labels, said = (np.array(answer[name]) for name in ("images", "labels", "answers"))
    assert answer["total"] == 10_000
    assert len(images) == len(labels) == 52
    assert (labels != said).all()
    network = catalogue.load("digit_cnn")
    probabilities = network(torch.tensor(images, dtype=torch.float32)[:, None]).numpy()
    assert (probabilities.argmax(1) == said).all()
    assert (np.diff(probabilities.max(1)) <= 1e-6).all()


def ascended(client: TestClient, body: bytes, query: str) -> Any:
    kind = {"Content-Type": "application/octet-stream"}
    return client.post(f"/api/digits/ascent?{query}", content=body, headers=kind)


def test_a_picture_becomes_another_digit_by_the_gradient(client: TestClient) -> None:
    picture = reader.values(reader.digits(train=False).images[:1])[0]
    tensors = load(ascended(client, picture.tobytes(), "target=3&steps=5&most=8").content)
    x = torch.tensor(picture)[None, None].requires_grad_()
    network = catalogue.load("digit_cnn")
    scores(network, x)[0, 3].backward()  # type: ignore[no-untyped-call]
    assert x.grad is not None
    step = x.grad / x.grad.abs().max() * 8 / 255
    np.testing.assert_allclose(tensors["pictures"][1], (x + step).clamp(0, 1).detach()[0, 0], atol=1e-5)
    assert tensors["pictures"].shape == (6, 28, 28)
    said = network(torch.tensor(tensors["pictures"])[:, None])
    np.testing.assert_allclose(tensors["probabilities"], said, atol=1e-5)


def scores(network: torch.nn.Module, x: torch.Tensor) -> torch.Tensor:
    for name in ("conv1", "relu1", "pool1", "conv2", "relu2", "pool2", "flatten", "dense1", "relu3", "dense2"):
        x = network.get_submodule(name)(x)
    return x


@pytest.mark.parametrize(
    ("query", "body", "words"),
    [
        ("target=12", bytes(784), "12"),
        ("target=3&steps=1000", bytes(784), "1000"),
        ("target=3&most=200", bytes(784), "200"),
        ("target=3", bytes(5), "5"),
    ],
)
def test_what_cannot_become_a_digit_is_said(client: TestClient, query: str, body: bytes, words: str) -> None:
    answer = ascended(client, body, query)
    assert answer.status_code in (400, 422)
    assert words in answer.json()["error"]["message"]
