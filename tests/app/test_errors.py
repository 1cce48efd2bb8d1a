"""Every error in one shape, in the visitor's language, without the server's inside."""

import ast
import json
import string
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
from fastapi import FastAPI, Request, Response
from fastapi.testclient import TestClient

from lente.app.errors import BadInput, BadPicture, Busy, LenteError, NotFound, TooLarge
from lente.app.i18n import languages
from lente.app.live import channel
from lente.app.live.asks import ASKS
from lente.app.paths import ROOT
from lente.app.server import refusals, validation
from lente.app.server.progress import steps_response
from lente.app.server.queues.long_work import LongWork
from lente.app.server.shares import Shares
from lente.app.server.wire import packed, unpacked
from lente.models.convolution.convolution import convolve
from lente.models.convolution.pooling import max_pool
from lente.models.errors import ModelError, Unexplained
from lente.models.phrases import N_, Phrase

TEMPLATE = "There is nothing at {path}."
RAISED = {
    "bad": (BadInput("bad", TEMPLATE, path="x"), 422),
    "picture": (BadPicture("picture", TEMPLATE, path="x"), 415),
    "missing": (NotFound("missing", TEMPLATE, path="x"), 404),
    "large": (TooLarge("large", TEMPLATE, path="x"), 413),
    "busy": (Busy("busy", TEMPLATE, path="x"), 503),
    "model": (ModelError("model", "unit 9 is not there; 0 to 5 are"), 422),
}
FOUR = np.ones((4, 4))


def _refused(way: Callable[..., object], *arguments: Any, **options: Any) -> ModelError:
    """The error that a function of models/ raises."""
    with pytest.raises(ModelError) as caught:
        way(*arguments, **options)
    return caught.value


OF_MODELS = {
    "word": (
        _refused(convolve, FOUR, [["a"]]),
        "kernel[0][0]: 'a' no es un número. [['a']] solo puede contener números.",
    ),
    "window": (_refused(max_pool, FOUR, 5), "Una ventana (size) de 5 × 5 no cabe en la imagen, que es de 4 × 4."),
    "kernel": (
        _refused(convolve, FOUR, np.ones((2, 5))),
        "El kernel mide 5 píxeles de ancho y la imagen con su padding, 4: el kernel tiene que caber.",
    ),
    "why": (
        Unexplained("round", "round", "Net", Phrase(N_("it rounds"))),
        "'round' (round en Net) no se puede explicar: redondea.",
    ),
}
MODULES = sorted((ROOT / "models").rglob("*.py"))


@pytest.fixture(scope="module")
def failing() -> Iterator[TestClient]:
    """A server whose routes fail in every way."""
    app = FastAPI(exception_handlers={**refusals.handlers(), **validation.handlers()})

    @app.get("/api/raise/{name}")
    async def fail(name: str) -> None:
        raise RAISED[name][0]

    @app.get("/api/models/{name}")
    async def of_models(name: str) -> None:
        raise OF_MODELS[name][0]

    long = LongWork()

    @app.get("/api/steps/{name}")
    async def steps(request: Request, name: str) -> Response:
        def work(_progress: Any) -> None:
            raise OF_MODELS[name][0]

        return steps_response(request, long, work, lambda _result: {})

    @app.get("/api/number/{number}")
    async def number(number: int) -> int:
        return number

    @app.get("/api/broken")
    async def broken() -> None:
        raise RuntimeError("password=hunter2 at /home/teacher/secret.py")

    app.state.services = None
    app.state.shares = Shares(1_000_000, 1_000_000)
    app.include_router(channel.router)
    with TestClient(app, raise_server_exceptions=False) as client:
        yield client
    long.close()


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


def _answered(client: TestClient, name: str) -> Any:
    return client.get(f"/api/models/{name}", headers={"accept-language": "es"}).json()


def _streamed(client: TestClient, name: str) -> Any:
    lines = client.get(f"/api/steps/{name}", headers={"accept-language": "es"}).text.splitlines()
    return json.loads(lines[-1])


def _said_live(client: TestClient, name: str) -> Any:
    async def ask(*_: Any) -> Any:
        raise OF_MODELS[name][0]

    with pytest.MonkeyPatch.context() as patch, client.websocket_connect("/api/live?language=es") as socket:
        patch.setitem(ASKS, "digit", ask)  # type: ignore[arg-type]
        socket.send_bytes(packed({}, {"id": 1, "ask": "digit"}))
        return unpacked(socket.receive_bytes())[1]


@pytest.mark.parametrize("way", [_answered, _streamed, _said_live])
@pytest.mark.parametrize("name", OF_MODELS)
def test_what_models_refuse_speaks_spanish_however_it_is_answered(
    failing: TestClient, name: str, way: Callable[[TestClient, str], Any]
) -> None:
    error, spanish = OF_MODELS[name]
    told = way(failing, name)["error"]
    assert (told["code"], told["message"]) == (error.code, spanish)


def _calls(*names: str) -> Iterator[tuple[str, ast.Call]]:
    """Every call of these functions in models/, with its place."""
    for path in MODULES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in names:
                yield f"{path.name}:{node.lineno}", node


SENTENCES = sorted({ast.literal_eval(call.args[0]) for _, call in _calls("N_")})


@pytest.mark.parametrize("template", SENTENCES)
@pytest.mark.parametrize("language", [code for code in languages() if code != "en"])
def test_every_sentence_of_models_reaches_a_visitor_in_the_language(template: str, language: str) -> None:
    fields = {name: kind for _, name, kind, _ in string.Formatter().parse(template) if name}
    values = {name: 4321.5 if kind == "g" else name.upper() for name, kind in fields.items()}
    error = ModelError("code", template, **values)
    words = refusals.known(error).words(language)
    assert words != f"{error}."
    assert all(str(value) in words for value in values.values())


def test_no_error_of_models_is_written_where_nothing_can_translate_it() -> None:
    wrong = []
    for place, call in _calls("ModelError", "unexplained", "Phrase"):
        said = call.args[0 if isinstance(call.func, ast.Name) and call.func.id == "Phrase" else 1]
        if isinstance(said, (ast.JoinedStr, ast.Constant, ast.BinOp)):
            wrong.append(place)
    assert wrong == []
    assert len(list(_calls("ModelError"))) > 20


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
