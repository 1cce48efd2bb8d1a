"""The API of latent spaces, against the networks themselves, torch's own KL divergence and hostile input."""

import io
import json
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from fastapi.testclient import TestClient
from PIL import Image
from safetensors.numpy import load
from scipy.spatial.distance import cdist
from torch.distributions import Normal, kl_divergence

from lente.app.features.networks import Networks
from lente.app.latent.spaces import Latents
from lente.app.main import create_app
from lente.app.server.wire import unpacked
from lente.app.settings import Settings
from lente.models.mnist import reader
from lente.models.networks import catalogue
from tests.app.conftest import LOCALHOST

BINARY = {"Content-Type": "application/octet-stream"}


def post(client: TestClient, path: str, body: Any) -> dict[str, np.ndarray]:
    answer = client.post(f"/api/latent/{path}", json=body)
    assert answer.status_code == 200, answer.text
    return load(answer.content)


@pytest.mark.parametrize("name", ["vae_2d", "vae_10d", "autoencoder_8d", "pca"])
def test_a_code_decodes_to_what_the_network_makes_of_it(client: TestClient, name: str) -> None:
    network = catalogue.load(name)
    z = torch.linspace(-2, 2, 3 * network.z).reshape(3, -1)  # type: ignore[arg-type]
    images = post(client, f"{name}/decode", {"z": z.tolist()})["images"]
    assert images.shape == (3, 1, 28, 28)
    np.testing.assert_allclose(images, network.decode(z), atol=1e-5)  # type: ignore[operator]


def test_bare_floats_and_json_say_the_same(client: TestClient) -> None:
    z = np.array([[0.5, -1], [2, 0]], dtype="<f4")
    bare = client.post("/api/latent/vae_2d/decode", content=z.tobytes(), headers=BINARY).content
    np.testing.assert_array_equal(load(bare)["images"], post(client, "vae_2d/decode", {"z": z.tolist()})["images"])


def test_encoding_gives_the_networks_mu_and_log_variance(client: TestClient) -> None:
    x = torch.rand(2, 1, 28, 28, generator=torch.Generator().manual_seed(0))
    mu, log_variance = catalogue.load("vae_2d").encode(x)  # type: ignore[operator]
    found = post(client, "vae_2d/encode", {"images": x[:, 0].tolist()})
    np.testing.assert_allclose(found["mu"], mu, atol=1e-4)
    np.testing.assert_allclose(found["log_variance"], log_variance, atol=1e-4)


def test_the_described_kl_is_torchs(client: TestClient) -> None:
    stored = load(client.get("/api/latent/vae_10d/map").content)
    clouds = Normal(torch.from_numpy(stored["mu"]), torch.exp(0.5 * torch.from_numpy(stored["log_variance"])))
    kl = kl_divergence(clouds, Normal(0.0, 1.0)).mean(0)
    assert client.get("/api/latent/vae_10d").json()["kl"] == pytest.approx(kl.tolist(), abs=1e-4)


@pytest.mark.slow
def test_samples_are_of_n01_and_repeat_with_their_seed(client: TestClient) -> None:
    first, again = (post(client, "vae_2d/sample", {"count": 1000, "seed": 4})["z"] for _ in range(2))
    np.testing.assert_array_equal(first, again)
    assert abs(first.mean()) < 4 / np.sqrt(first.size)
    assert first.std() == pytest.approx(1, abs=4 / np.sqrt(2 * first.size))


def test_the_sheet_has_its_top_left_at_the_left_and_top(client: TestClient) -> None:
    sheet = load(client.get("/api/latent/vae_2d/grid?rows=3&columns=2&range=3").content)["images"]
    corner = post(client, "vae_2d/decode", {"z": [[-1.5, 2]]})["images"]
    np.testing.assert_allclose(sheet[:1], corner, atol=1e-5)
    picture = client.get("/api/latent/vae_2d/grid?rows=3&columns=2", headers={"Accept": "image/png"})
    assert Image.open(io.BytesIO(picture.content)).size == (56, 84)


@pytest.mark.parametrize("kind", ["linear", "spherical"])
def test_an_interpolation_begins_and_ends_where_it_should(client: TestClient, kind: str) -> None:
    z = post(client, "vae_2d/interpolation", {"start": [1, 0], "end": [0, 2], "steps": 5, "kind": kind})["z"]
    np.testing.assert_allclose(z[[0, -1]], [[1, 0], [0, 2]], atol=1e-6)
    middle = {"linear": [0.5, 1], "spherical": [1.5 / np.sqrt(2), 1.5 / np.sqrt(2)]}
    np.testing.assert_allclose(z[2], middle[kind], atol=1e-6)


def test_a_conditional_network_needs_a_class(client: TestClient) -> None:
    answer = client.post("/api/latent/vae_conditional_2d/decode", json={"z": [[0, 0]]})
    assert answer.status_code == 422
    images = post(client, "vae_conditional_2d/decode", {"z": [[0, 0], [0, 0]], "labels": [3, 8]})["images"]
    assert np.abs(images[0] - images[1]).max() > 0.5


def test_a_walk_becomes_an_animation(client: TestClient) -> None:
    walk = {"z": [[i / 4, 0] for i in range(5)], "format": "gif"}
    file = Image.open(io.BytesIO(client.post("/api/latent/vae_2d/animation", json=walk).content))
    assert (file.format, file.n_frames, file.size) == ("GIF", 5, (224, 224))  # type: ignore[attr-defined]


def test_codes_can_be_taken_away(client: TestClient) -> None:
    file = np.load(io.BytesIO(client.get("/api/latent/vae_2d/codes.npz").content))
    assert file["mu"].shape == (10000, 2)
    assert np.bincount(file["labels"].astype(int)).sum() == 10000


def test_the_film_ends_with_the_most_pictures(client: TestClient) -> None:
    film = load(client.get("/api/latent/vae_2d/film").content)
    assert (np.diff(film["pictures"]) > 0).all()
    last = len(film["pictures"]) - 1
    assert client.get(f"/api/latent/vae_2d/film/{last}/grid?rows=2&columns=2").status_code == 200
    assert client.get(f"/api/latent/vae_2d/film/{last + 1}/grid").status_code == 404


def test_an_unchanged_map_is_not_sent_again(client: TestClient) -> None:
    first = client.get("/api/latent/vae_2d/map")
    assert client.get("/api/latent/vae_2d/map", headers={"If-None-Match": first.headers["etag"]}).status_code == 304


BAD = [
    ("decode", '{"z": [[0]]}', 422, "[0]"),
    ("decode", '{"z": [[0, NaN]]}', 422, "nan"),
    ("decode", '{"z": [[0, 1e9]]}', 422, "1e+09"),
    ("decode", '{"z": "left"}', 422, "left"),
    ("decode", '{"z": [[0, "up"]]}', 422, "up"),
    ("decode", '{"z": []}', 422, "[]"),
    ("decode", "{", 422, "JSON"),
    ("decode", "[1]", 422, "list"),
    ("decode", json.dumps({"z": [[0, 0]] * 10000}), 413, "10000"),
    ("encode", '{"images": [[[0, 1]]]}', 422, "1 × 1 × 2"),
    ("encode", json.dumps({"images": [[[2.5] * 28] * 28]}), 422, "2.5"),
    ("sample", '{"count": -3}', 422, "-3"),
    ("interpolation", '{"start": [0, 1], "end": [1, 1], "kind": "zigzag"}', 422, "zigzag"),
    ("interpolation", '{"start": [0, 0], "end": [1, 1], "kind": "spherical"}', 422, "length 0"),
    ("animation", '{"z": [[0, 0]], "format": "mp4"}', 422, "mp4"),
]


@pytest.mark.parametrize(("path", "body", "status", "quoted"), BAD)
def test_bad_input_is_quoted(client: TestClient, path: str, body: str, status: int, quoted: str) -> None:
    headers = {"Content-Type": "application/json"}
    answer = client.post(f"/api/latent/vae_2d/{path}", content=body, headers=headers)
    assert answer.status_code == status
    assert quoted in answer.json()["error"]["message"]


@pytest.mark.parametrize("path", ["vae_3d", "photo_cnn", "vae_2d/film/99/grid", "autoencoder_2d/film", "vae_3d/map"])
def test_what_is_not_there_is_a_404(client: TestClient, path: str) -> None:
    assert client.get(f"/api/latent/{path}").status_code == 404


def test_a_digit_that_is_not_there_is_quoted(client: TestClient) -> None:
    assert load(client.get("/api/latent/digits/0,9999").content)["images"].shape == (2, 1, 28, 28)
    assert "10000" in client.get("/api/latent/digits/10000").json()["error"]["message"]
    assert client.get(f"/api/latent/digits/{'9' * 5000}").status_code == 422


def test_what_is_large_as_json_says_the_same_as_safetensors(client: TestClient) -> None:
    z = np.random.default_rng(0).normal(size=(40, 2))
    ask = partial(client.post, "/api/latent/vae_2d/decode", json={"z": z.tolist()})
    written = np.array(ask(headers={"Accept": "application/json"}).json()["images"], np.float32)
    np.testing.assert_array_equal(written, load(ask().content)["images"])


def test_more_than_a_million_values_are_not_written_as_json(client: TestClient) -> None:
    codes = {"z": np.zeros((4096, 2)).tolist()}
    answer = client.post("/api/latent/vae_2d/decode", json=codes, headers={"Accept": "application/json"})
    assert (answer.status_code, answer.json()["error"]["code"]) == (413, "too_many_values")


def test_a_test_digit_is_mnists_own(client: TestClient) -> None:
    images = load(client.get("/api/latent/digits/0,61").content)["images"]
    own = reader.digits(train=False).images[[0, 61], None]
    assert np.array_equal(np.rint(255 * images), own)


def test_errors_are_of_the_digits_themselves(client: TestClient) -> None:
    """The first thousand, copied by the network from its own codes, pixel by pixel."""
    x = torch.tensor(reader.digits(train=False).images[:1000, None] / 255, dtype=torch.float32)
    network = catalogue.load("autoencoder_8d")
    copies = network.decode(network.encode(x))  # type: ignore[operator]
    expected = ((copies - x) ** 2).flatten(1).mean(1).sort().values
    found = load(client.get("/api/latent/autoencoder_8d/errors").content)["squared_error"]
    np.testing.assert_allclose(found, expected, rtol=0.02)


@pytest.mark.slow
def test_distances_are_to_the_nearest_test_digit(client: TestClient) -> None:
    """Against scipy's brute force, in double precision."""
    answer = client.post("/api/latent/vae_2d/sample", json={"count": 8, "seed": 1})
    drawn, known = load(answer.content), reader.digits(train=False).images.reshape(-1, 784) / 255
    expected = cdist(drawn["images"].reshape(8, -1), known, "sqeuclidean").min(1)
    np.testing.assert_allclose(drawn["distance"], expected, rtol=1e-4)
    between = np.sort(cdist(known[:300], known, "sqeuclidean"))[:, 1]
    _, facts = unpacked(answer.content)
    assert facts["typical_distance"] == pytest.approx(np.median(between), rel=1e-4)


def test_the_test_digits_are_held_once_and_as_bytes() -> None:
    latents = Latents(Networks())
    assert latents.test_digits.nbytes == 10_000 * 28 * 28
    assert latents.test_digits is latents.test_digits


@pytest.mark.parametrize("path", ["latent/digits/3", "digits/mistakes", "latent/pca"])
def test_damaged_digits_are_said_with_the_way_out(path: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lente.app.digits.mnist.digits", lambda train: reader.digits(train, tmp_path))
    app = create_app(Settings(store=tmp_path))
    with TestClient(app, LOCALHOST, raise_server_exceptions=False) as client:
        answer = client.get(f"/api/{path}", headers={"accept-language": "en"})
    assert answer.status_code == 500
    message = answer.json()["error"]["message"]
    assert "t10k-images-idx3-ubyte.xz is missing or damaged. Install Lente again." in message


@pytest.mark.parametrize("path", ["vae_2d/decoder", "autoencoder_8d/decoder", "vae_conditional_2d/map", "pca/decoder"])
def test_half_as_many_bytes_are_the_same_numbers(client: TestClient, path: str) -> None:
    whole, half = (client.get(f"/api/latent/{path}", params={"half": half}).content for half in (False, True))
    expected, found = load(whole), load(half)
    assert expected.keys() == found.keys()
    for name, tensor in found.items():
        assert expected[name].dtype == np.float32
        np.testing.assert_array_equal(tensor.astype(np.float32), expected[name])
        fits = np.array_equal(expected[name].astype(np.float16).astype(np.float32), expected[name])
        assert tensor.dtype in ((np.float16, np.uint8) if fits else (np.float32,)), name


def test_every_third_code_is_that_of_every_third_digit(client: TestClient) -> None:
    some, all_of_them = (load(client.get(f"/api/latent/vae_2d/map?every={every}").content) for every in (3, 1))
    for name, tensor in some.items():
        np.testing.assert_array_equal(tensor, all_of_them[name][::3])


def test_copies_are_the_decoded_codes_of_the_digits(client: TestClient) -> None:
    models, numbers = ["autoencoder_2d", "vae_conditional_2d"], [3, 0, 9999]
    address = f"/api/latent/copies/{','.join(map(str, numbers))}"
    found = load(client.get(address, params={"model": models}).content)["images"]
    for row, model in enumerate(models):
        codes = load(client.get(f"/api/latent/{model}/map").content)
        given = {"labels": codes["labels"][numbers].astype(int).tolist()} if "conditional" in model else {}
        decoded = post(client, f"{model}/decode", {"z": codes["mu"][numbers].tolist(), **given})["images"]
        np.testing.assert_allclose(found[3 * row : 3 * row + 3], decoded, atol=1e-6)
    picture = client.get(address, params={"model": models}, headers={"Accept": "image/png"})
    pixels = np.asarray(Image.open(io.BytesIO(picture.content)))
    assert pixels.shape == (2 * 28, 3 * 28)
    np.testing.assert_allclose(pixels[28:, :28] / 255, found[3, 0], atol=0.5 / 255 + 1e-6)
    assert client.get(address).status_code == 422
    assert client.get("/api/latent/copies/10000?model=autoencoder_2d").json()["error"]["code"] == "unknown_digit"
