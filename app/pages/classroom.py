"""What the classroom page shows: the addresses under which the others of a room reach this server."""

import ipaddress

from starlette.requests import Request

from lente.app.pages.contexts import Room
from lente.app.settings import Settings


def room(request: Request) -> Room:
    """The address that the page was asked for under, unless only this computer knows it, and those of its networks."""
    from lente.app.pages import lan

    settings: Settings = request.app.state.settings
    found = [] if _only_here(request.url.hostname or "") else [str(request.base_url)]
    if not _only_here(settings.address):
        found += [f"http://{address}:{settings.port}/" for address in lan.addresses()]
    return Room([lan.invitation(address) for address in dict.fromkeys(found)])


def _only_here(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
