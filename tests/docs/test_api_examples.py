"""The examples of docs/api.md do what they say, in curl, Python and JavaScript, and no endpoint is without them."""

import contextlib
import io
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from urllib.request import urlopen

import pytest

from tests.docs.conftest import ROOT, blocks

DOCUMENT = "docs/api.md"
MARK = "-- next block --"
PRINTS = re.compile(r"^(?:print|console\.log)\(.*?\);?\s+(?:#|//) (.*)$", re.MULTILINE)


def promised(block: str) -> list[str]:
    """What the comments say that the block prints."""
    return PRINTS.findall(block)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, server: str) -> Path:
    """Where the examples run, with the pictures that the first of them fetches."""
    place: Path = tmp_path_factory.mktemp("examples")
    with urlopen(f"{server}/api/networks"):  # answers once they are loaded
        pass
    run_shell(place, server)
    return place


def run_shell(place: Path, server: str) -> None:
    bash = shutil.which("bash")
    assert bash, "the examples need bash"
    assert shutil.which("curl"), "the examples need curl. On Debian: sudo apt-get install curl"
    text = "\n".join(block for block in blocks(DOCUMENT, "sh") if not block.startswith("LENTE="))
    environment = {**os.environ, "LENTE": server, "no_proxy": "127.0.0.1"}
    done = subprocess.run([bash, "-euxo", "pipefail", "-c", text], cwd=place, env=environment, capture_output=True)
    assert done.returncode == 0, done.stderr.decode()[-2000:]


def test_curl_gets_what_it_asks_for(folder: Path) -> None:
    beginnings = {"cat.png": b"\x89PNG", "edges.png": b"\x89PNG", "sheet.png": b"\x89PNG", "digit.png": b"\x89PNG"}
    beginnings |= {"walk.gif": b"GIF", "codes.npz": b"PK", "layer.npz": b"PK", "saliency.json": b"{"}
    for name, beginning in beginnings.items():
        assert (folder / name).read_bytes().startswith(beginning), name
    assert json.loads((folder / "steps.ndjson").read_text().splitlines()[-1])["result"]["attribution"]


def test_python_prints_what_the_examples_say(folder: Path, server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    monkeypatch.setenv("LENTE", server)
    names: dict[str, object] = {}
    for block in blocks(DOCUMENT, "python"):
        with contextlib.redirect_stdout(io.StringIO()) as said:
            exec(block, names)
        assert said.getvalue().splitlines() == promised(block), block


def test_javascript_prints_what_the_examples_say(folder: Path, server: str) -> None:
    first, *others = blocks(DOCUMENT, "js")
    script = folder / "examples.mjs"
    script.write_text(first + "".join(f'{block}console.log("{MARK}");\n' for block in others), encoding="utf-8")
    node = shutil.which("node", path=f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
    assert node
    environment = {**os.environ, "LENTE": server}
    done = subprocess.run([node, script.name], cwd=folder, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-2000:]
    said = [part.splitlines() for part in done.stdout.split(f"{MARK}\n")]
    assert said[:-1] == [promised(block) for block in others]


def test_every_example_says_what_it_prints() -> None:
    for language in ("python", "js"):
        _, *others = blocks(DOCUMENT, language)
        assert [block for block in others if not promised(block)] == []


def test_every_endpoint_is_in_the_document_and_no_other(server: str) -> None:
    with urlopen(f"{server}/api/openapi.json") as answer:
        paths = json.load(answer)["paths"]
    there = {f"{method.upper()} {path}" for path, methods in paths.items() for method in methods}
    told = re.findall(r"^### `(\w+ /api/\S+)`$", (ROOT / DOCUMENT).read_text(encoding="utf-8"), re.MULTILINE)
    assert sorted(there) == sorted(told)
