"""Convolution through the API beside the libraries that do nothing else, in one run:

    python -m lente.benchmarks.convolution

Every method takes its turn before any takes the next, so that a busy machine is busy for all; medians are compared.
The API's time is from the request's first byte to the answer's last, in this process, less what it takes to write the
numbers down, which takes a turn of its own. An empty request asks for the convolution of a single number.
"""

import argparse
import asyncio
import json
import os
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import numpy as np
from fastapi import Request
from starlette.applications import Starlette

from lente.app.convolution.request import Kernel, convolve
from lente.app.main import create_app
from lente.app.pictures.decoding import encoded, to_tensor
from lente.app.server.wire import SAFETENSORS, tensors_response
from lente.app.settings import Settings

Array = np.ndarray[Any, np.dtype[Any]]
SIZES = (3, 5, 7, 9, 11, 13, 15)
WARM_MILLISECONDS = 10


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--sizes", type=int, nargs="*", default=SIZES, help="of kernels, rows and columns")
    parser.add_argument("--seconds", type=float, default=4, help="of camera frames, 0 for none")
    arguments = parser.parse_args()
    asyncio.run(run(arguments.rounds, arguments.sizes, arguments.seconds))


async def run(rounds: int, sizes: Sequence[int], seconds: float) -> None:
    with tempfile.TemporaryDirectory() as folder:
        app = create_app(Settings(store=Path(folder)))
        async with app.router.lifespan_context(app):
            await app.state.api.ready()
            await app.state.services.compute.networks()
            picture = np.random.default_rng(0).integers(0, 256, (768, 1024, 3), dtype=np.uint8)
            id = app.state.services.store.put(encoded(picture, "PNG")).id
            print("1024x768 RGB, milliseconds (median)\n")
            names = list(libraries(picture, np.ones((3, 3))))
            columns = ["kernel", *names, "empty request", "writing the answer", "API less writing", "to the fastest"]
            print(f"| {' | '.join(columns)} |\n{'|---' * len(columns)}|")
            for size in sizes:
                print(await photo_row(app, picture, id, size, rounds, names), flush=True)
            if seconds:
                print("\n320x240 camera frames\n")
                await frames(app, seconds)


async def photo_row(app: Starlette, picture: Array, id: str, size: int, rounds: int, names: list[str]) -> str:
    kernel = np.random.default_rng(size).normal(size=(size, size))
    body = json.dumps({"image": id, "kernel": kernel.tolist(), "padding": "same"}).encode()
    nothing = json.dumps({"matrix": [[1]], "kernel": [[1]]}).encode()
    methods: dict[str, Callable[[], Any]] = {
        **libraries(picture, kernel),
        "writing": writing(picture, kernel),
        "nothing": lambda: ask(app, "/api/convolution", nothing, "application/json"),
        "API": lambda: ask(app, "/api/convolution", body, "application/json"),
    }
    times = await interleaved(methods, rounds)
    fastest = min(times[name] for name in names)
    computing = times["API"] - times["writing"]
    shown = [f"{times[name]:.1f}" for name in (*names, "nothing", "writing")]
    cells = [f"{size}x{size}", *shown, f"{computing:.1f}", f"{computing / fastest:.2f}"]
    return f"| {' | '.join(cells)} |"


def writing(picture: Array, kernel: Array) -> Callable[[], Any]:
    """Writes the API's answer down as the API does."""
    settings = Kernel(kernel.tolist(), padding="same").checked()
    output, facts = convolve(settings, to_tensor(picture))
    request = Request({"type": "http", "headers": [(b"accept", SAFETENSORS.encode())]})
    return lambda: tensors_response(request, {"output": output}, facts)


async def interleaved(methods: dict[str, Callable[[], Any]], rounds: int) -> dict[str, float]:
    """Median milliseconds of each method, all once a round in an order drawn anew.

    In its turn each runs for WARM_MILLISECONDS before the time that counts, as under a hand that drags: the caches are
    its own by then, and what the method before left running has ended.
    """
    times: dict[str, list[float]] = {name: [] for name in methods}
    random = np.random.default_rng(0)
    for _ in range(rounds):
        for name in random.permutation(list(methods)):
            warm = 0.0
            while warm < WARM_MILLISECONDS:
                warm += await timed(methods[name])
            times[name].append(await timed(methods[name]))
    return {name: statistics.median(taken) for name, taken in times.items()}


async def timed(method: Callable[[], Any]) -> float:
    """Milliseconds of one call."""
    start = time.perf_counter()
    result = method()
    if isinstance(result, Awaitable):
        await result
    return 1000 * (time.perf_counter() - start)


def libraries(picture: Array, kernel: Array) -> dict[str, Callable[[], Any]]:
    """The same convolution by each library that is installed, on a float32 picture laid out as it likes best."""
    found = {"OpenCV": opencv, "PyTorch": pytorch, "SciPy direct": scipy_direct, "SciPy Fourier": scipy_fourier}
    package = {"OpenCV": "cv2", "PyTorch": "torch"}
    return {
        name: prepare(to_tensor(picture), kernel.astype(np.float32))
        for name, prepare in found.items()
        if find_spec(package.get(name, "scipy"))
    }


def opencv(x: Array, kernel: Array) -> Callable[[], Any]:
    import cv2

    pixels = np.ascontiguousarray(x.transpose(1, 2, 0))
    return lambda: cv2.filter2D(pixels, cv2.CV_32F, kernel, borderType=cv2.BORDER_CONSTANT)


def pytorch(x: Array, kernel: Array) -> Callable[[], Any]:
    import torch

    torch.set_num_threads(os.cpu_count() or 1)  # the server has taken this thread's others from it
    batch = torch.from_numpy(x)[None].contiguous(memory_format=torch.channels_last)
    weights = torch.from_numpy(kernel).expand(3, 1, *kernel.shape).contiguous()
    return lambda: torch.nn.functional.conv2d(batch, weights, padding="same", groups=3)


def scipy_direct(x: Array, kernel: Array) -> Callable[[], Any]:
    from scipy.ndimage import correlate

    planes = np.ascontiguousarray(x)
    return lambda: correlate(planes, kernel[None], mode="constant")


def scipy_fourier(x: Array, kernel: Array) -> Callable[[], Any]:
    from scipy.signal import oaconvolve

    planes, flipped = np.ascontiguousarray(x), np.ascontiguousarray(kernel[None, ::-1, ::-1])
    return lambda: oaconvolve(planes, flipped, mode="same", axes=(1, 2))


async def frames(app: Starlette, seconds: float) -> None:
    """Sends frames one after the other and prints how many come back in a second, as clipped bytes and exactly."""
    rgba = np.random.default_rng(1).integers(0, 256, (240, 320, 4), dtype=np.uint8).tobytes()
    print("| kernel | answer | frames a second | slowest of 20, ms |\n|---|---|---|---|")
    for size in (3, 7):
        kernel = np.random.default_rng(size).normal(size=(size, size)).round(3).tolist()
        path = "/api/convolution/frame?" + urlencode({"width": 320, "height": 240, "kernel": json.dumps(kernel)})
        for name, accept in (("bytes", "*/*"), ("float32", SAFETENSORS)):
            times, start = [], time.perf_counter()
            while time.perf_counter() - start < seconds:
                before = time.perf_counter()
                await ask(app, path, rgba, "application/octet-stream", accept)
                times.append(1000 * (time.perf_counter() - before))
            rate, slow = len(times) / (time.perf_counter() - start), np.percentile(times, 95)
            print(f"| {size}x{size} | {name} | {rate:.0f} | {slow:.1f} |", flush=True)


async def ask(app: Starlette, target: str, body: bytes, content_type: str, accept: str = SAFETENSORS) -> int:
    """Posts `body` to the application without a network; returns how many bytes came back."""
    path, _, query = target.partition("?")
    headers = {"content-type": content_type, "content-length": str(len(body)), "accept": accept}
    scope = {
        "type": "http", "method": "POST", "http_version": "1.1", "asgi": {"version": "3.0"}, "path": path,
        "query_string": query.encode(), "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
    }  # fmt: skip
    sent = [{"type": "http.request", "body": body, "more_body": False}]
    received: list[Any] = []

    async def receive() -> dict[str, Any]:
        if not sent:
            await asyncio.Event().wait()  # a client that stays
        return sent.pop()

    async def send(message: Any) -> None:
        received.append(message)

    await app(scope, receive, send)
    status = received[0]["status"]
    if status != 200:
        raise RuntimeError(f"{target} answered {status}: {received[1]['body'][:200]!r}")
    return sum(len(message.get("body", b"")) for message in received)


if __name__ == "__main__":
    main()
