"""The API of diffusion in the plane, against the network itself."""

import numpy as np
import torch
from fastapi.testclient import TestClient
from safetensors.numpy import load

from lente.app.server.wire import unpacked
from lente.models.networks import catalogue


def test_the_browser_gets_the_networks_own_weights_and_how_to_run_them(client: TestClient) -> None:
    answer = client.get("/api/diffusion/plane?half=true")
    tensors, (_, facts) = load(answer.content), unpacked(client.get("/api/diffusion/plane").content)
    network = catalogue.load("diffusion_plane")
    x = np.array([[0.3, -1.2, 0.8, 0.6]], dtype=np.float32)
    found = x.T
    for layer in facts["layers"]:
        found = (
            tensors[f"{layer['name']}.weight"].astype(np.float32) @ found + tensors[f"{layer['name']}.bias"][:, None]
        )
        found = np.maximum(found, 0) if layer["then"] == "relu" else found
    given = torch.from_numpy(x)
    np.testing.assert_allclose(found[:, 0], network(given[:, :2], given[:, 2:3], given[:, 3:])[0], atol=1e-4)
    codes = catalogue.codes(facts["space"]).mu
    np.testing.assert_allclose(tensors["mean"], codes.mean(0), atol=1e-3)
    np.testing.assert_allclose(tensors["std"], codes.std(0), atol=1e-3)
    assert facts["figures"] == catalogue.card("diffusion_plane").figures
    assert (
        client.get("/api/diffusion/plane?half=true", headers={"If-None-Match": answer.headers["etag"]}).status_code
        == 304
    )


def test_the_plane_is_no_latent_space(client: TestClient) -> None:
    assert "diffusion_plane" not in client.get("/api/latent").json()["models"]
    assert (
        "diffusion_plane" not in client.get("/api/latent/diffusion_plane").json()["error"]["message"].partition(":")[2]
    )
