"""What the tests of the documents share: a real server, and the blocks of code in a document."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
FENCE = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def blocks(document: str, language: str) -> list[str]:
    """The fenced blocks in one language, in order."""
    text = (ROOT / document).read_text(encoding="utf-8")
    return [code for found, code in FENCE.findall(text) if found == language]


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a running server, which reaches nothing outside this machine."""
    folder: Path = tmp_path_factory.mktemp("server")
    options = ["--port", "0", "--store", str(folder / "store"), "--weights", str(folder / "weights")]
    outside = dict.fromkeys(("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"), "http://127.0.0.1:9")
    environment = {**os.environ, **outside, "no_proxy": ""}
    command = [sys.executable, "-m", "lente", "serve", *options]
    with subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        address = process.stdout.readline().split()[3].rstrip("/").replace("localhost", "127.0.0.1")
        try:
            yield address
        finally:
            process.terminate()
