"""Clients that keep count: a hand that drags over the page's own live channel, and whoever uploads pictures."""

import io
import json
import shutil
import subprocess
import threading
import time
from pathlib import Path
from typing import Any, Self

import httpx2 as httpx
import numpy as np
from PIL import Image

from tests.conftest import ROOT

ATTEMPTS = 8  # as static/js/shared/server/api.js has it
NODE = ROOT / ".venv" / "bin" / "node"


def picture(seed: int, side: int = 100) -> bytes:
    """A PNG of noise, some 3 * side * side bytes."""
    pixels = np.random.default_rng(seed).integers(0, 256, (side, side, 3), dtype=np.uint8)
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "PNG")
    return file.getvalue()


class Drag:
    """One hand on one page; `told` is what happened, once it has let go."""

    def __init__(self, url: str, hertz: float = 30) -> None:
        self.told: dict[str, Any] = {}
        node = str(NODE) if NODE.exists() else shutil.which("node") or "node"
        script = Path(__file__).with_name("drag.mjs")
        self.process = subprocess.Popen(
            [node, str(script), url, str(hertz)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        with self.process:
            try:
                out, errors = self.process.communicate(timeout=120)
            except subprocess.TimeoutExpired:
                self.process.kill()
                raise
        assert self.process.returncode == 0, errors.decode()
        self.told = json.loads(out)


class Uploads:
    """Uploads one picture after another in a thread, each again after a 503 as the page does; looks for them later."""

    def __init__(self, url: str, first_seed: int, pause: float = 0.1) -> None:
        self.url = url
        self.seeds: dict[str, int] = {}
        self.lost: list[str] = []
        self.retries = 0
        self.seconds: list[float] = []
        self._first, self._pause = first_seed, pause
        self._enough = threading.Event()
        self._thread = threading.Thread(target=self._run)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._enough.set()
        self._thread.join()

    def _run(self) -> None:
        with httpx.Client(base_url=self.url, timeout=120) as client:
            for seed in range(self._first, self._first + 100_000):
                if self._enough.wait(self._pause):
                    return
                self._upload(client, seed)

    def _upload(self, client: httpx.Client, seed: int) -> None:
        began = time.monotonic()
        for _ in range(ATTEMPTS):
            answer = client.post("/api/images", files={"file": picture(seed)})
            if answer.status_code == 201:
                self.seeds[answer.json()["id"]] = seed
                self.seconds.append(time.monotonic() - began)
                return
            if answer.status_code != 503:
                break
            self.retries += 1
            time.sleep(float(answer.headers["Retry-After"]))
        self.lost.append(f"{answer.status_code}: {answer.text[:200]}")

    def gone(self, url: str) -> list[str]:
        """The ids that the server at `url` does not give back pixel by pixel."""
        with httpx.Client(base_url=url, timeout=120, headers={"Accept": "image/png"}) as client:
            return [id for id, seed in self.seeds.items() if not _same(client.get(f"/api/images/{id}"), seed)]


def _same(answer: httpx.Response, seed: int) -> bool:
    if answer.status_code != 200:
        return False
    given, sent = (np.asarray(Image.open(io.BytesIO(file))) for file in (answer.content, picture(seed)))
    return bool(np.array_equal(given, sent))
