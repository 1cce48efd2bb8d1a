"""The addresses under which the other computers of a room find this one, and the QR code that spares typing them."""

import io
import ipaddress
import socket

import segno

from lente.app.pages.contexts import Invitation

_ELSEWHERE = ("192.0.2.1", "10.255.255.254", "172.31.255.254", "192.168.255.254")

_LIGHT_ON_DARK, _PLAIN = "\033[97;40m", "\033[0m"


def addresses() -> list[str]:
    """This computer's IPv4 addresses in its networks, the one that leads out of it first; no packet is sent."""
    found = [_towards(elsewhere) for elsewhere in _ELSEWHERE] + _named()
    return [one for one in dict.fromkeys(found) if one and _reachable(one)]


def invitation(address: str) -> Invitation:
    """The address with its QR code."""
    return Invitation(address, qr_code(address))


def qr_code(address: str) -> str:
    """The address as SVG, dark on light with the quiet zone that cameras want; "" where it is too long for one."""
    file = io.BytesIO()
    try:
        code = segno.make(address, error="m")
    except segno.DataOverflowError:
        return ""
    code.save(file, kind="svg", xmldecl=False, svgns=True, omitsize=True, light="#fff", border=3)
    return file.getvalue().decode()


def printed(address: str, coloured: bool = True) -> str:
    """The QR code for a terminal, two rows of modules in each line of text: blocks are light, `coloured` makes sure."""
    file = io.StringIO()
    segno.make(address, error="l").terminal(file, border=2, compact=True)
    lines = file.getvalue().rstrip().splitlines()
    return "\n".join(f"{_LIGHT_ON_DARK}{line}{_PLAIN}" if coloured else line for line in lines)


def _towards(elsewhere: str) -> str:
    """The address that this computer would speak from; "" where no network leads there."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect((elsewhere, 9))
        except OSError:
            return ""
        return str(probe.getsockname()[0])


def _named() -> list[str]:
    try:
        return [str(each[4][0]) for each in socket.getaddrinfo(socket.gethostname(), None, socket.AF_INET)]
    except OSError:
        return []


def _reachable(address: str) -> bool:
    found = ipaddress.ip_address(address)
    return not (found.is_loopback or found.is_link_local or found.is_unspecified)
