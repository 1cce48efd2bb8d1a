"""Headers that keep a page to itself: nothing from elsewhere, no sniffing, no framing but of what is made for it."""

import re
import secrets

from starlette.types import ASGIApp, Message, Receive, Scope, Send

OF_EVERY_ANSWER = [
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(self), microphone=(), geolocation=()"),
]
_EMBED = re.compile(r"(/[a-z]{2,3})?/embed(/|$)")


def content_security_policy(nonce: str | None = None, framed_by: str = "'none'") -> str:
    """The policy of a page; `nonce` lets its import map in, `framed_by` says which sites may put it into a frame.

    For "*" nothing is said about frames: the directive's own * would leave out files and the panes of notebooks.
    """
    scripts = f"'self' 'nonce-{nonce}'" if nonce else "'self'"
    directives = [
        "default-src 'self'",
        f"script-src {scripts}",
        "img-src 'self' blob: data:",
        "media-src 'self' blob:",
        "worker-src 'self' blob:",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
    ]
    return "; ".join(directives if framed_by == "*" else [*directives, f"frame-ancestors {framed_by}"])


class SecurityHeaders:
    """Middleware that gives each request a nonce (scope["state"]["nonce"]) and each answer its headers.

    Args:
        embed_from: sites that may frame what lies under /embed/, as in frame-ancestors.
        framed_by: sites that may frame everything else.
    """

    def __init__(self, app: ASGIApp, embed_from: str = "*", framed_by: str = "'none'") -> None:
        self.app = app
        self.embed_from = embed_from
        self.framed_by = framed_by

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        nonce = secrets.token_urlsafe(16)
        scope.setdefault("state", {})["nonce"] = nonce
        framed_by = self.embed_from if _EMBED.match(scope["path"]) else self.framed_by

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                policy = (b"content-security-policy", content_security_policy(nonce, framed_by).encode("latin-1"))
                message["headers"] = [*message.get("headers", ()), policy, *OF_EVERY_ANSWER]
            await send(message)

        await self.app(scope, receive, send_with_headers)
