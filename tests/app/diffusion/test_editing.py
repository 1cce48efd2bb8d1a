"""What is kept, led back and filmed: against the network itself, and hostile input."""

import asyncio
import io
import threading
from typing import Any

import numpy as np
import pytest
import torch
from fastapi.testclient import TestClient
from PIL import Image
from safetensors.numpy import load, save

from lente.app.diffusion import wish
from lente.app.diffusion.work import Diffusion
from lente.app.server.queues.long_work import LongWork, Progress, Step
from lente.models.diffusion.editing import filled, inverted
from lente.models.diffusion.sampling import Sampler, noise
from lente.models.diffusion.schedule import Schedule
from lente.models.networks import catalogue
from lente.models.networks.diffusion import NO_CLASS, DiffusionUNet

SAFETENSORS = {"Content-Type": "application/vnd.safetensors"}
STEPS = 4


@pytest.fixture(scope="module")
def picture() -> np.ndarray:
    return np.random.default_rng(0).random((1, 28, 28), dtype=np.float32)


@pytest.fixture(scope="module")
def known() -> np.ndarray:
    """All but the lower half."""
    known = np.ones((1, 28, 28), np.float32)
    known[:, 14:] = 0
    return known


def network() -> DiffusionUNet:
    found = catalogue.load("diffusion")
    assert isinstance(found, DiffusionUNet)
    return found


def post(client: TestClient, path: str, **asked: Any) -> Any:
    return client.post(f"/api/diffusion/{path}", json=asked)


def test_what_is_known_stays_and_the_rest_is_repaint(
    client: TestClient, picture: np.ndarray, known: np.ndarray
) -> None:
    asked = {"count": 2, "steps": STEPS, "seed": 7, "labels": 3, "again": 2}
    answer = post(client, "sample", **asked, pictures=picture.tolist(), known=known.tolist())
    images = load(answer.content)["images"][:, 0]
    kept = np.broadcast_to(known > 0, images.shape)
    np.testing.assert_allclose(images[kept], np.broadcast_to(picture, images.shape)[kept], atol=1e-6)
    x, generator = noise(2, 7)
    clean, mask = (torch.from_numpy(one)[None].expand(2, 1, 28, 28) for one in (2 * picture - 1, known))
    sampler = Sampler(network(), Schedule.cosine(), STEPS)
    *_, last = filled(sampler, x, clean, mask, torch.tensor([3, 3]), generator, again=2)
    np.testing.assert_allclose(images, (last.after[:, 0].clamp(-1, 1) + 1) / 2, atol=1e-3)


def test_a_picture_is_led_back_to_its_noise(client: TestClient, picture: np.ndarray) -> None:
    found = load(post(client, "inversion", pictures=picture.tolist(), steps=STEPS).content)["noise"]
    clean = torch.from_numpy(2 * picture - 1)[None]
    *_, x = inverted(Sampler(network(), Schedule.cosine(), STEPS), clean, torch.tensor([NO_CLASS]))
    np.testing.assert_allclose(found, x, atol=1e-3)


@pytest.mark.parametrize("format", ["gif", "webp"])
def test_pictures_become_a_film(client: TestClient, format: str) -> None:
    levels = np.linspace(0, 1, 5, dtype=np.float32)
    pictures = np.broadcast_to(levels[:, None, None], (5, 28, 28)).copy()
    body = save({"pictures": pictures}, {"json": f'{{"format": "{format}", "milliseconds": 120}}'})
    answer = client.post("/api/diffusion/animation", content=body, headers=SAFETENSORS)
    film = Image.open(io.BytesIO(answer.content))
    assert (film.format, getattr(film, "n_frames", 1), film.size) == (format.upper(), 5, (224, 224))
    for i, level in enumerate(levels):
        film.seek(i)
        film.load()
        assert film.info["duration"] == 120
        assert film.convert("L").getpixel((100, 100)) == pytest.approx(255 * level, abs=1)


HOSTILE = [
    ("sample", {"start": 500, "pictures": [[[0.0] * 28] * 28], "known": [[[1.0] * 28] * 28]}, 422, "500"),
    ("sample", {"again": 3}, 422, "again is 3"),
    ("sample", {"again": 11}, 422, "11"),
    ("sample", {"known": [[[1.0] * 28] * 28]}, 422, "pictures is missing"),
    (
        "sample",
        {"count": 100, "steps": 250, "again": 10, "pictures": [[[0.0] * 28] * 28], "known": [[[1.0] * 28] * 28]},
        413,
        "250000",
    ),
    ("inversion", {}, 422, "pictures is None"),
    ("inversion", {"pictures": [[[2.0] * 28] * 28]}, 422, "2"),
    ("inversion", {"pictures": [[[0.0] * 28] * 28] * 100, "steps": 250}, 413, "25000"),
    ("inversion", {"pictures": [[[0.0] * 28] * 28], "steps": 0}, 422, "steps"),
    ("animation", {"pictures": [[[0.0] * 28] * 28], "format": "mp4"}, 422, "mp4"),
    ("animation", {"pictures": [[[0.0] * 28] * 28] * 129}, 413, "129"),
    ("animation", {"pictures": [[[0.0] * 28] * 28], "milliseconds": "soon"}, 422, "soon"),
]


@pytest.mark.parametrize(("path", "asked", "status", "quoted"), HOSTILE)
def test_what_cannot_be_done_is_said_with_its_value(
    client: TestClient, path: str, asked: dict[str, Any], status: int, quoted: str
) -> None:
    answer = post(client, path, **asked)
    assert (answer.status_code, quoted in answer.json()["error"]["message"]) == (status, True), answer.text


def test_a_sampling_that_is_overtaken_stops_computing() -> None:
    passes, overtaken = [], threading.Event()
    torch.manual_seed(0)
    untrained = DiffusionUNet().eval().requires_grad_(False)
    untrained.register_forward_hook(lambda *_: passes.append(1))
    diffusion = Diffusion(untrained, Schedule.cosine())
    asked = wish.wish({"steps": 50})

    def work(progress: Progress) -> None:
        def tell(_moment: object) -> None:
            progress(len(passes), asked.visited)
            overtaken.wait(60)  # as long as the newer wish takes to come

        diffusion.sample(asked, tell)

    async def begin_and_leave() -> None:
        long = LongWork()
        steps = long.steps(work)
        assert isinstance(await anext(steps), Step)
        await steps.aclose()  # type: ignore[attr-defined]
        overtaken.set()
        while long.waiting:
            await asyncio.sleep(0.01)
        long.close()

    asyncio.run(begin_and_leave())
    assert len(passes) <= 2
