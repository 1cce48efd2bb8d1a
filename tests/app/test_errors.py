"""Every error in one shape, in the visitor's language, without the server's inside."""

from collections.abc import Iterator

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from lente.app.errors import BadInput, BadPicture, Busy, LenteError, NotFound, TooLarge
from lente.app.server import refusals, validation
from lente.models.errors import ModelError

TEMPLATE = "There is nothing at {path}."
RAISED = {
    "bad": (BadInput("bad", TEMPLATE, path="x"), 422),
    "picture": (BadPicture("picture", TEMPLATE, path="x"), 415),
    "missing": (NotFound("missing", TEMPLATE, path="x"), 404),
    "large": (TooLarge("large", TEMPLATE, path="x"), 413),
    "busy": (Busy("busy", TEMPLATE, path="x"), 503),
    "model": (ModelError("model", "unit 9 is not there; 0 to 5 are"), 422),
}


@pytest.fixture(scope="module")
def failing() -> Iterator[TestClient]:
    """A server whose routes fail in every way."""
    app = FastAPI(exception_handlers={**refusals.handlers(), **validation.handlers()})

    @app.get("/api/raise/{name}")
    async def fail(name: str) -> None:
        raise RAISED[name][0]

    @app.get("/api/number/{number}")
    async def number(number: int) -> int:
        return number

    @app.get("/api/broken")
    async def broken() -> None:
        raise RuntimeError("password=hunter2 at /home/teacher/secret.py")

    with TestClient(app, raise_server_exceptions=False) as client:
        yield client


@pytest.mark.parametrize("name", RAISED)
def test_an_error_has_its_status_code_and_sentence(failing: TestClient, name: str) -> None:
    answer = failing.get(f"/api/raise/{name}")
    assert answer.status_code == RAISED[name][1]
    assert set(answer.json()) == {"error"}
    assert answer.json()["error"]["code"] == name
    wanted = "unit 9 is not there; 0 to 5 are." if name == "model" else "There is nothing at x."
    assert answer.json()["error"]["message"] == wanted


def test_a_busy_server_says_when_to_come_back(failing: TestClient) -> None:
    assert int(failing.get("/api/raise/busy").headers["retry-after"]) >= 1


def test_an_error_speaks_the_language_of_the_request(failing: TestClient) -> None:
    spanish = failing.get("/api/raise/missing", headers={"accept-language": "es-ES,es;q=0.9"}).json()
    assert spanish["error"]["message"] == "No hay nada en x."


def test_a_wrong_value_is_quoted(failing: TestClient) -> None:
    answer = failing.get("/api/number/seven")
    assert answer.status_code == 422
    assert "number: 'seven'" in answer.json()["error"]["message"]
    long = failing.get("/api/number/" + "7a" * 300)
    assert len(long.json()["error"]["message"]) < 250


@pytest.mark.parametrize(
    ("path", "value", "reason"),
    [
        ("images/sample-cat?size=grande", "'grande'", "tiene que ser un número entero"),
        ("images/sample-cat?size=0", "'0'", "tiene que ser 1 como mínimo"),
        ("images/sample-cat?size=9000", "'9000'", "tiene que ser 8192 como máximo"),
        ("latent/vae_2d/grid?range=0", "'0'", "tiene que ser mayor que 0"),
        ("networks/digit_cnn/export/sample-cat?layer=conv1&format=zip", "'zip'", "se acepta: 'npz', 'safetensors'"),
    ],
)
def test_the_reason_is_in_the_language_too(client: TestClient, path: str, value: str, reason: str) -> None:
    answer = client.get(f"/api/{path}", headers={"accept-language": "es"})
    assert answer.status_code == 422
    assert f"{value} no se puede usar ({reason})" in answer.json()["error"]["message"]


def test_what_is_not_there_and_what_is_not_done_are_told_apart(failing: TestClient) -> None:
    assert failing.get("/api/none").json()["error"]["code"] == "not_found"
    wrong = failing.post("/api/broken")
    assert (wrong.status_code, wrong.json()["error"]["code"]) == (405, "method_not_allowed")
    assert wrong.headers["allow"] == "GET"


def test_nothing_of_the_inside_leaks_out(failing: TestClient) -> None:
    answer = failing.get("/api/broken")
    assert answer.status_code == 500
    assert answer.json()["error"]["code"] == "internal"
    for secret in ("hunter2", "secret.py", "RuntimeError", "Traceback"):
        assert secret not in answer.text


def test_a_page_that_is_not_there_is_a_page(client: TestClient) -> None:
    answer = client.get("/es/nada")
    assert answer.status_code == 404
    assert answer.headers["content-type"].startswith("text/html")
    assert "/es/nada" in answer.text
    assert 'lang="es"' in answer.text


def test_what_is_in_the_address_cannot_become_markup(client: TestClient) -> None:
    assert "<script>alert" not in client.get("/es/<script>alert(1)</script>").text


def test_a_message_is_complete_by_itself() -> None:
    error = LenteError("code", "{a} and {b}", a=1, b="two")
    assert str(error) == "1 and two"
