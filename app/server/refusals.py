"""How the server answers a request that failed: in one shape, JSON under /api, a page elsewhere.

Pages lie above: whoever wires the server puts the function that renders an error's page into `app.state.error_page`.
"""

from collections.abc import Callable, Coroutine
from typing import Any, TypeAlias

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from lente.app.errors import LenteError, NotFound, known
from lente.app.i18n import N_, language_of
from lente.models.errors import ModelError

Handlers: TypeAlias = dict[int | type[Exception], Callable[[Request, Any], Coroutine[Any, Any, Response]]]
Headers: TypeAlias = dict[str, str]
ErrorPage: TypeAlias = Callable[[Request, int, str, Headers], Response]
"""Renders the page that says, with that status and those headers, that sentence."""


def handlers() -> Handlers:
    """What answers each kind of error."""
    return {
        LenteError: _answer_known,
        ModelError: _answer_known,
        HTTPException: _answer_http,
        Exception: answer_unexpected,
    }


async def _answer_known(request: Request, error: Exception) -> Response:
    return answer(request, known(error))


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
    """The answer to an error that nobody foresaw; Starlette writes it down."""
    return answer(request, known(error))


def answer(request: Request, error: LenteError, status: int | None = None, headers: Headers | None = None) -> Response:
    """`error` as the request wants it: its language, JSON or a page."""
    language = language_of(request)
    status = status or error.status
    headers = {**(headers or {}), **error.headers}
    if request.url.path.startswith("/api/"):
        return JSONResponse({"error": error.told(language)}, status_code=status, headers=headers)
    page: ErrorPage = request.app.state.error_page
    return page(request, status, error.words(language), headers)
