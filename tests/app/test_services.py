"""What a server has one of each is made once, whoever asks first and however many do."""

import asyncio
from collections import Counter
from pathlib import Path
from typing import Any

import httpx2
import numpy as np
import pytest

from lente.app.digits import mnist
from lente.app.digits.reader import DigitReader
from lente.app.latent.spaces import Latents
from lente.app.main import create_app
from lente.app.server.queues.once import Once
from lente.app.settings import Settings
from tests.app.conftest import LOCALHOST

JSON = {"Accept": "application/json"}
CODE = {"z": [[0.5, -0.5]]}
DIGIT = np.eye(28, dtype=np.float32).tobytes()


def counted(monkeypatch: pytest.MonkeyPatch, where: Any, name: str, made: Counter[str]) -> None:
    original = getattr(where, name)

    def counting(*arguments: Any) -> Any:
        made[f"{where.__name__}.{name}"] += 1
        return original(*arguments)

    monkeypatch.setattr(where, name, counting)


@pytest.mark.slow
def test_two_first_requests_at_once_find_one_of_everything(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made: Counter[str] = Counter()
    for where, name in ((DigitReader, "__init__"), (Latents, "__init__"), (mnist, "mistakes")):
        counted(monkeypatch, where, name, made)

    async def main() -> list[httpx2.Response]:
        app = create_app(Settings(store=tmp_path))
        async with (
            app.router.lifespan_context(app),
            httpx2.AsyncClient(transport=httpx2.ASGITransport(app), base_url=LOCALHOST, headers=JSON) as client,
        ):
            asked = [
                request
                for _ in range(2)
                for request in (
                    client.post("/api/digits/values", content=DIGIT),
                    client.get("/api/digits/mistakes"),
                    client.post("/api/latent/vae_2d/decode", json=CODE),
                )
            ]
            return await asyncio.gather(*asked)

    answers = asyncio.run(main())
    assert [answer.status_code for answer in answers] == [200] * 6
    assert [answer.json() for answer in answers[:3]] == [answer.json() for answer in answers[3:]]
    assert made == {"DigitReader.__init__": 1, "Latents.__init__": 1, "lente.app.digits.mnist.mistakes": 1}


def test_what_failed_is_tried_again_and_who_leaves_takes_it_from_nobody() -> None:
    begun: list[int] = []

    async def make() -> int:
        begun.append(len(begun))
        await asyncio.sleep(0)
        if len(begun) == 1:
            raise OSError("not yet")
        await asyncio.sleep(0)
        return len(begun)

    async def main() -> None:
        once = Once(make)
        told = await asyncio.gather(once(), once(), return_exceptions=True)
        assert [str(error) for error in told] == ["not yet", "not yet"]
        leaving, staying = asyncio.create_task(once()), asyncio.create_task(once())
        await asyncio.sleep(0)
        leaving.cancel()
        assert await staying == 2
        assert await once() == 2

    asyncio.run(main())
    assert begun == [0, 1]
