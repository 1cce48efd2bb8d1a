"""The front end's files under an address that changes whenever one of them does.

The version is part of the path, /static/VERSION/..., since a query on the entry would not reach nested imports.
"""

import hashlib
from pathlib import Path

from starlette.datastructures import Headers
from starlette.middleware.gzip import GZipMiddleware
from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Receive, Scope, Send

from lente.app.paths import IN_CHECKOUT, STATIC

FOREVER = "public, max-age=31536000, immutable"


def version(folder: Path = STATIC) -> str:
    """Twelve hexadecimal digits that change with any file's name, size or time."""
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        status = path.stat()
        digest.update(f"{path.relative_to(folder)} {status.st_size} {status.st_mtime_ns}\n".encode())
    return digest.hexdigest()[:12]


class VersionedFiles(StaticFiles):
    """Static files that a browser may keep for ever, except in a checkout, where an edit shows on reload."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        response.headers["Cache-Control"] = "no-cache" if IN_CHECKOUT else FOREVER
        return response


class CompressText:
    """Compresses pages and scripts; leaves the API alone, whose tensors would cost more time than they save."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self.compressing = GZipMiddleware(app, minimum_size=1000, compresslevel=6)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        plain = scope["type"] != "http" or scope["path"].startswith("/api/") or Headers(scope=scope).get("range")
        await (self.app if plain else self.compressing)(scope, receive, send)
