"""The pages' bundles, static/built/: which page has which, and the files themselves, sent past all other layers.

bundles/pages.mjs writes them under names that change with their content: a browser may keep them for ever, and an
update brings only what is another. In a checkout they count only while all that they were made of is as it was, so
that an edit shows on reload.
"""

import hashlib
import json
import mimetypes
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from lente.app.paths import BUILT, IN_CHECKOUT, ROOT
from lente.app.server.middleware.headers import OF_EVERY_ANSWER, content_security_policy
from lente.app.server.statics import FOREVER

ADDRESS = "/static/built/"
BARE = "frame"
PACKED = {"br": ".br", "gzip": ".gz"}


@dataclass(frozen=True)
class Bundle:
    """What a page is made of: the addresses of its scripts, its style sheet and its fonts, and what it says.

    Attributes:
        late: the script of what the page imports when it is wanted.
        font: of its text, and `figures` that of its numbers.
        messages: that its scripts may say, in English.
    """

    script: str
    late: str
    sheet: str
    font: str
    figures: str
    messages: frozenset[str]


class Built:
    """The bundles in `folder`, none where it holds none or, if `checked`, where `root` holds other sources by now."""

    def __init__(self, folder: Path = BUILT, root: Path = ROOT, checked: bool = IN_CHECKOUT) -> None:
        self._root, self._checked = root, checked
        self._bundles: dict[str, Bundle] = {}
        self._inputs: dict[str, str] = {}
        self._seen: tuple[int, ...] = ()
        self._fresh = True
        try:
            manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
        except OSError:
            return
        self._inputs = manifest["inputs"]
        if "fonts" not in manifest:
            return  # bundled before an update
        for noun, page in manifest["pages"].items():
            names = (page["page"], page["late"], page["sheet"], manifest["fonts"]["next"], manifest["fonts"]["mono"])
            script, late, sheet, font, figures = (ADDRESS + name for name in names)
            self._bundles[noun] = Bundle(script, late, sheet, font, figures, frozenset(page["messages"]))

    def of(self, noun: str) -> Bundle | None:
        """The bundle of the page called `noun`; None where its scripts have to come as they are written."""
        if self._checked and self._bundles:
            self._look()
        return self._bundles.get(noun) if self._fresh else None

    def _look(self) -> None:
        """Reads the sources again where one of them has another time than when they were read last."""
        seen = tuple(self._times())
        if seen != self._seen:
            self._seen = seen
            self._fresh = 0 not in seen and all(
                hashlib.sha256((self._root / path).read_bytes()).hexdigest() == digest
                for path, digest in self._inputs.items()
            )

    def _times(self) -> Iterator[int]:
        for path in self._inputs:
            try:
                yield (self._root / path).stat().st_mtime_ns
            except OSError:
                yield 0


class BuiltFiles:
    """Middleware that answers for the files of `folder` itself, from memory, as packed as the browser takes them."""

    def __init__(self, app: ASGIApp, folder: Path = BUILT) -> None:
        self.app = app
        self._files = {f"{ADDRESS}{path.name}": path for path in folder.iterdir()} if folder.is_dir() else {}
        self._kept: dict[tuple[str, str], tuple[list[tuple[bytes, bytes]], bytes]] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        asked = scope["type"] == "http" and scope["path"] in self._files and scope["method"] in ("GET", "HEAD")
        answer = self._answer(scope["path"], Headers(scope=scope).get("accept-encoding", "")) if asked else None
        if answer is None:
            await self.app(scope, receive, send)
            return
        headers, body = answer
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": body if scope["method"] == "GET" else b""})

    def _answer(self, address: str, accepted: str) -> tuple[list[tuple[bytes, bytes]], bytes] | None:
        """Headers and body; None where the file has gone since, for one of another name."""
        takes = {
            part.split(";")[0].strip() for part in accepted.split(",") if not part.replace(" ", "").endswith(";q=0")
        }
        coding = next((name for name, end in PACKED.items() if name in takes and address + end in self._files), "")
        if (address, coding) not in self._kept:
            try:
                body = self._files[address + PACKED.get(coding, "")].read_bytes()
            except OSError:
                return None
            headers = {
                "content-type": mimetypes.guess_type(address)[0] or "application/octet-stream",
                "content-length": str(len(body)),
                "cache-control": FOREVER,
                "vary": "Accept-Encoding",
                "content-security-policy": content_security_policy(),
                **({"content-encoding": coding} if coding else {}),
            }
            own = [(name.encode(), value.encode()) for name, value in headers.items()]
            self._kept[address, coding] = ([*own, *OF_EVERY_ANSWER], body)
        return self._kept[address, coding]
