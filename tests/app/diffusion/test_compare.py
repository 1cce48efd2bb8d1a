"""What drawn digits are compared by, against torch."""

import numpy as np
import torch
import torch.nn.functional as F
from fastapi.testclient import TestClient
from safetensors.numpy import load

from lente.models.mnist import reader
from lente.models.networks import catalogue


def test_the_figures_are_torchs(client: TestClient) -> None:
    learned = reader.values(reader.digits(train=True).images)
    random = np.random.default_rng(0)
    noisy = np.clip(learned[[7, 59_999, 20_123]] + random.normal(0, 0.05, (3, 28, 28)), 0, 1).astype(np.float32)
    pictures = np.concatenate([noisy, reader.values(reader.digits(train=False).images[:3])])
    answer = client.post("/api/diffusion/compare", json={"pictures": pictures.tolist()})
    assert answer.status_code == 200, answer.text
    found, x = load(answer.content), torch.from_numpy(pictures)
    assert found["indices"][:3].tolist() == [7, 59_999, 20_123]
    far = torch.cdist(x.flatten(1), torch.from_numpy(learned).flatten(1)) / 28
    np.testing.assert_allclose(found["nearest"], far.amin(1), atol=1e-3)
    np.testing.assert_allclose(found["neighbours"][:, 0], learned[found["indices"].astype(int)], atol=1e-6)
    np.testing.assert_allclose(found["probabilities"], catalogue.load("digit_cnn")(x[:, None]), atol=1e-4)
    edges = torch.tensor([[0.0, 1, 0], [1, -4, 1], [0, 1, 0]])[None, None]
    expected = F.conv2d(x[:, None], edges).flatten(1).var(1, correction=0)
    np.testing.assert_allclose(found["sharpness"], expected, rtol=1e-3)


def test_a_blurred_digit_is_less_sharp(client: TestClient) -> None:
    digit = reader.values(reader.digits(train=False).images[:1])
    blurred = F.avg_pool2d(torch.from_numpy(digit)[None], 3, stride=1, padding=1)[0].numpy()
    answer = client.post("/api/diffusion/compare", json={"pictures": np.concatenate([digit, blurred]).tolist()})
    sharp, soft = load(answer.content)["sharpness"]
    assert soft < 0.5 * sharp


def test_bad_pictures_are_quoted_with_what_is_accepted(client: TestClient) -> None:
    def refused(pictures: object) -> str:
        answer = client.post("/api/diffusion/compare", json={"pictures": pictures})
        assert answer.status_code in (400, 413, 422)
        return str(answer.json()["error"]["message"])

    assert "28 × 28" in refused([[0.0, 1.0]])
    assert "2" in refused(np.full((1, 28, 28), 2.0).tolist())
    assert "101" in refused(np.zeros((101, 28, 28)).tolist())
