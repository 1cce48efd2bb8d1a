"""Where Redis cannot be reached, the server says so, says when to come back, and does the rest of its work."""

import io
import socket
from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient
from PIL import Image

from lente.app.main import create_app
from lente.app.settings import Settings
from tests.app.conftest import LOCALHOST


@pytest.fixture(scope="module")
def lonely() -> Iterator[TestClient]:
    """A client of a server whose Redis is not there."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    settings = Settings(store=f"redis://127.0.0.1:{port}/0")
    with TestClient(create_app(settings), LOCALHOST, raise_server_exceptions=False) as client:
        yield client


@pytest.mark.slow
def test_an_upload_is_refused_for_now_not_for_good(lonely: TestClient) -> None:
    file = io.BytesIO()
    Image.new("RGB", (4, 4)).save(file, "PNG")
    for _ in range(2):  # the second is refused without a try
        answer = lonely.post("/api/images", files={"file": file.getvalue()})
        assert answer.status_code == 503
        assert answer.headers["Retry-After"] == "2"
        assert answer.json()["error"]["code"] == "store_away"
        assert "127.0.0.1" not in answer.text


def test_a_picture_of_another_server_is_not_said_to_be_missing(lonely: TestClient) -> None:
    assert lonely.get(f"/api/images/{'0' * 64}").status_code == 503


def test_what_needs_no_upload_works(lonely: TestClient) -> None:
    assert lonely.get("/api/images/sample-face").status_code == 200
    assert lonely.get("/api/images/nothing").status_code == 404
    assert lonely.get("/en/").status_code == 200
