"""The addresses under which the others of a room reach this server: for the classroom page, and for what is shared."""

import ipaddress

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from lente.app.pages.contexts import Room
from lente.app.paths import IN_CHECKOUT
from lente.app.settings import Settings

LONGEST_PATH = 8000
COMMANDS = [*(["make run LAN=1"] if IN_CHECKOUT else []), "lente serve --lan"]


def room(request: Request) -> Room:
    """The address that the page was asked for under, unless only this computer knows it, and those of its networks."""
    from lente.app.pages import lan

    return Room([lan.invitation(address) for address in addresses(request)], COMMANDS)


async def share(request: Request) -> Response:
    """Where the others find the page `path` of this server, with a QR code; no address where nobody else is let in."""
    from lente.app.pages import lan

    path = request.query_params.get("path", "")
    if not path.startswith("/") or len(path) > LONGEST_PATH:
        raise HTTPException(400)
    found = [address.rstrip("/") + path for address in addresses(request)]
    told = {"addresses": found, "picture": lan.qr_code(found[0]) if found else "", "commands": COMMANDS}
    return JSONResponse(told, headers={"Cache-Control": "no-store"})


def addresses(request: Request) -> list[str]:
    """This server's addresses for the others, the likeliest first."""
    from lente.app.pages import lan

    settings: Settings = request.app.state.settings
    found = [] if _only_here(request.url.hostname or "") else [str(request.base_url)]
    if not _only_here(settings.address):
        found += [f"http://{address}:{settings.port}/" for address in lan.addresses()]
    return [*dict.fromkeys(found)]


def _only_here(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
