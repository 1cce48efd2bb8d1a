"""A server without a socket."""

import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from PIL import Image, ImageDraw

from lente.app.main import create_app
from lente.app.settings import Settings

LOCALHOST = "http://localhost"
AT_HOME = ("127.0.0.1", 50_000)
"""The address of a client who sits at the server's own computer."""


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """A client of a whole server with a store of its own."""
    store: Path = tmp_path_factory.mktemp("store")
    with TestClient(create_app(Settings(store=store)), LOCALHOST, raise_server_exceptions=False) as client:
        yield client


@pytest.fixture(scope="session")
def random_box(tmp_path_factory: pytest.TempPathFactory) -> Path:
    from tests.app.random_networks import fill_box

    folder: Path = tmp_path_factory.mktemp("box")
    fill_box(folder)
    return folder


@pytest.fixture(scope="module")
def box(random_box: Path) -> Iterator[Path]:
    """The box's classifiers with random weights, wherever the trained ones are."""
    from lente.models.networks import catalogue

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(catalogue, "FOLDER", random_box)
        yield random_box


@pytest.fixture(scope="session")
def random_shelf(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, str]]:
    from tests.app.random_networks import write_weights

    folder: Path = tmp_path_factory.mktemp("shelf")
    return folder, {name: write_weights(name, folder) for name in ("resnet18", "squeezenet1_1")}


@pytest.fixture(scope="module")
def shelf(random_shelf: tuple[Path, dict[str, str]]) -> Iterator[Path]:
    """A folder with weights files of torchvision's ResNet-18 and SqueezeNet that hold random weights."""
    from tests.app.random_networks import expecting

    folder, digits = random_shelf
    with expecting(digits):
        yield folder


@pytest.fixture(scope="module")
def looker(
    box: Path,  # noqa: ARG001, which puts its networks where the server looks
    shelf: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[TestClient]:
    """A client of a server whose networks have random weights."""
    settings = Settings(store=tmp_path_factory.mktemp("store"), weights=shelf)
    with TestClient(create_app(settings), LOCALHOST, raise_server_exceptions=False) as client:
        yield client


@pytest.fixture(scope="module")
def one(looker: TestClient) -> str:
    """Id of an uploaded picture of 300 x 300 pixels with a written one in it."""
    image = Image.new("L", (300, 300), 255)
    ImageDraw.Draw(image).line((100, 110, 100, 190), fill=0, width=10)
    file = io.BytesIO()
    image.save(file, "PNG")
    kept: str = looker.post("/api/images", files={"file": file.getvalue()}).json()["id"]
    return kept
