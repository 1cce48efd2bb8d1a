"""Lente's server in a process of its own; networks whose weights are not here have random ones, which cost the same."""

import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path

SCATTERED = "resnet18"


@contextmanager
def serving(*options: str) -> Iterator[tuple[int, int]]:
    """A server that is ready: its port and its process's id."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "lente.benchmarks._server", folder, *options]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout is not None
            port = int(process.stdout.readline().split()[3].rstrip("/").rsplit(":", 1)[1])
            try:
                wait_for(f"http://127.0.0.1:{port}/api/health", '"ready"')
                yield port, process.pid
            finally:
                process.terminate()


def wait_for(address: str, words: str = "", seconds: float = 180) -> None:
    """Waits until the address answers with `words` in it."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        with suppress(OSError), urllib.request.urlopen(address) as answer:
            if words in answer.read().decode():
                return
        time.sleep(0.1)
    raise TimeoutError(f"{address} does not say {words}")


def _main(folder: Path, options: list[str]) -> None:
    import hashlib

    import torch

    from lente.app.run import serve
    from lente.app.settings import Settings
    from lente.models import pretrained

    source = pretrained.pretrained()[SCATTERED]
    weights = folder / source.file
    torch.manual_seed(0)
    torch.save(source.build().state_dict(), weights)
    with weights.open("rb") as file:
        digits = hashlib.file_digest(file, "sha256").hexdigest()[:8]
    known = {**pretrained.pretrained(), SCATTERED: replace(source, digits=digits)}
    pretrained.pretrained = lambda: known
    serve(Settings.parse(["--port", "0", "--store", f"{folder}/store", "--weights", str(folder), *options]))


if __name__ == "__main__":
    _main(Path(sys.argv[1]), sys.argv[2:])
