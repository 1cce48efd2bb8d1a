"""Who may ask: names under which the server answers, and pages from which it may be changed.

A foreign page in a visitor's browser can send requests to any address. One that makes its own name point to this
machine (DNS rebinding) is told by the Host header, one that posts from elsewhere by Origin.
"""

import ipaddress
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from lente.app.errors import LenteError
from lente.app.i18n import N_
from lente.app.server.refusals import answer
from lente.models.phrases import shortened

HARMLESS = {"GET", "HEAD", "OPTIONS"}


class WrongHost(LenteError):
    status = 421


class WrongOrigin(LenteError):
    status = 403


class Doors:
    """Middleware that refuses foreign hosts, and changes (WebSockets too) from foreign pages.

    Args:
        names: host names accepted besides localhost and besides every address in figures, which nobody can point to
            somewhere else; "*" accepts any.
    """

    def __init__(self, app: ASGIApp, names: tuple[str, ...] = ()) -> None:
        self.app = app
        self.names = {name.lower() for name in names}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        refusal = self._refusal(scope) if scope["type"] in ("http", "websocket") else None
        if refusal is None:
            await self.app(scope, receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008, "reason": refusal.code})
        else:
            await answer(Request(scope), refusal)(scope, receive, send)

    def _refusal(self, scope: Scope) -> LenteError | None:
        headers = Headers(scope=scope)
        host, origin = headers.get("host", ""), headers.get("origin", "")
        if host and not self._is_ours(host):
            template = N_("The server does not answer for {host}. Whoever runs it can allow it with --allowed-host.")
            return WrongHost("wrong_host", template, host=shortened(host))
        if scope["type"] == "http" and scope["method"] in HARMLESS:
            return None
        from_elsewhere = not self._same(origin, host) if origin else headers.get("sec-fetch-site") == "cross-site"
        if from_elsewhere:
            template = N_("A page of {origin} may not change anything here.")
            return WrongOrigin("wrong_origin", template, origin=shortened(origin or "another site"))
        return None

    def _is_ours(self, host: str) -> bool:
        name = _name(host)
        return "*" in self.names or name == "localhost" or name in self.names or _in_figures(name)

    def _same(self, origin: str, host: str) -> bool:
        """Whether a page of `origin` comes from this server; behind a proxy, from one of the names allowed."""
        try:
            found = urlsplit(origin)
        except ValueError:  # a bracket that is not closed
            return False
        if found.scheme not in ("http", "https"):
            return False
        return found.netloc.lower() == host.lower() or (found.hostname or "") in self.names


def _name(host: str) -> str:
    """The Host header without its port and the brackets of IPv6."""
    try:
        return (urlsplit(f"//{host}").hostname or "").rstrip(".")
    except ValueError:
        return ""


def _in_figures(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True
