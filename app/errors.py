"""The errors that a visitor can meet, and the one handler that answers them.

LenteError
├── BadInput           422  a value that cannot be used
│   └── BadPicture     415  a file that is not a picture that Lente reads
├── NotFound           404  a name or an id that nothing bears
├── TooLarge           413  more bytes, pixels or rows than are accepted
└── Busy               503  the queue is full; Retry-After says when to come back

A message is a template in English (its own key in the catalogues) and the values that go into it, so that the answer
speaks the language of the request, quotes the bad value and says what is accepted.
"""

from collections.abc import Callable, Coroutine
from typing import Any, ClassVar, TypeAlias

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from lente.app.i18n import N_, language_of, said
from lente.models.errors import ModelError
from lente.models.phrases import Phrase

Handlers: TypeAlias = dict[int | type[Exception], Callable[[Request, Any], Coroutine[Any, Any, Response]]]


class LenteError(Exception):
    """Any error that a visitor can understand and mend.

    Args:
        code: stable name for programs, such as "kernel_empty".
        template: sentence with {placeholders}, in English.
        values: what goes into the placeholders.
    """

    status: ClassVar[int] = 500

    def __init__(self, code: str, template: str, **values: Any) -> None:
        super().__init__(template.format(**values))
        self.code = code
        self.template = template
        self.values = values

    @property
    def headers(self) -> dict[str, str]:
        return {}


class BadInput(LenteError):
    status = 422


class BadPicture(BadInput):
    status = 415


class NotFound(LenteError):
    status = 404


class TooLarge(LenteError):
    status = 413


class Busy(LenteError):
    status = 503
    retry_after_seconds = 1

    @property
    def headers(self) -> dict[str, str]:
        return {"Retry-After": str(self.retry_after_seconds)}


def handlers() -> Handlers:
    """What answers each kind of error, in one shape: JSON under /api, a page elsewhere."""
    return {
        LenteError: _answer_lente,
        ModelError: _answer_model,
        HTTPException: _answer_http,
        Exception: answer_unexpected,
    }


async def _answer_lente(request: Request, error: Exception) -> Response:
    assert isinstance(error, LenteError)
    return answer(request, error)


async def _answer_model(request: Request, error: Exception) -> Response:
    assert isinstance(error, ModelError)
    return answer(request, BadInput(error.code, N_("{reason}."), reason=error.sentence))


async def _answer_http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    if isinstance(error.__cause__, LenteError):  # raised while the body was read
        return answer(request, error.__cause__)
    if error.status_code == 404:
        return answer(request, NotFound("not_found", N_("There is nothing at {path}."), path=request.url.path))
    if error.status_code == 405:
        template = N_("{path} does not answer {method}.")
        wrong = LenteError("method_not_allowed", template, path=request.url.path, method=request.method)
        return answer(request, wrong, status=405, headers=dict(error.headers or {}))
    wrong = LenteError("refused", N_("The request was refused: {reason}."), reason=error.detail)
    return answer(request, wrong, status=error.status_code, headers=dict(error.headers or {}))


async def answer_unexpected(request: Request, error: Exception) -> Response:
    return answer(request, LenteError("internal", N_("Something failed inside the server. It has been written down.")))


def answer(
    request: Request, error: LenteError, status: int | None = None, headers: dict[str, str] | None = None
) -> Response:
    """`error` as the request wants it: its language, JSON or a page."""
    language = language_of(request)
    message = said(language, Phrase(error.template, **error.values))
    message = message.encode("utf-8", "backslashreplace").decode()  # JSON may bring half a surrogate pair
    status = status or error.status
    headers = {**(headers or {}), **error.headers}
    if request.url.path.startswith("/api/"):
        body = {"error": {"code": error.code, "message": message}}
        return JSONResponse(body, status_code=status, headers=headers)
    from lente.app.pages.routes import error_page

    return error_page(request, status, message, headers)


def shortened(value: Any, longest: int = 60) -> str:
    """A value as it is quoted to whoever sent it."""
    text = repr(value)
    return text if len(text) <= longest else text[: longest - 1] + "…"
