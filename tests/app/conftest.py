"""A server without a socket."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from app.main import create_app
from app.settings import Settings


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """A client of a whole server with a store of its own."""
    store: Path = tmp_path_factory.mktemp("store")
    with TestClient(create_app(Settings(store=store)), raise_server_exceptions=False) as client:
        yield client
