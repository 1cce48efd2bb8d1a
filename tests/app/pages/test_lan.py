"""How a room finds the server: what is bound, what is printed, what the page for the projector shows."""

import json
import re
import socket
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from fastapi.testclient import TestClient

from lente.app.main import create_app
from lente.app.pages import lan
from lente.app.run import tell
from lente.app.settings import Settings
from tests.app.conftest import LOCALHOST
from tests.app.running import running

ADDRESS = "http://192.168.1.20:8000/"


def decoded(dark: "np.ndarray[Any, Any]") -> str:
    """What OpenCV reads in modules (H, W), true where they are dark."""
    pixels = np.where(np.kron(np.pad(dark, 4), np.ones((8, 8), bool)), 0, 255).astype(np.uint8)
    return str(cv2.QRCodeDetector().detectAndDecode(pixels)[0])


def from_svg(svg: str) -> "np.ndarray[Any, Any]":
    """The dark modules of a QR code whose rows are written as strokes: M x y, h run, m dx dy, h run, ..."""
    side = int(re.findall(r'viewBox="0 0 (\d+)', svg)[0])
    dark, x, y = np.zeros((side, side), bool), 0.0, 0.0
    for command, numbers in re.findall(r"([Mmh])([-\d. ]+)", re.findall(r'stroke="#000" d="([^"]*)"', svg)[0]):
        values = [float(one) for one in numbers.split()]
        if command == "h":
            dark[int(y), int(x) : int(x + values[0])] = True
            x += values[0]
        else:
            x, y = (values[0], values[1]) if command == "M" else (x + values[0], y + values[1])
    return dark


def from_terminal(text: str) -> "np.ndarray[Any, Any]":
    """The dark modules of a QR code in half blocks, which are light."""
    halves = {"█": (1, 1), "▀": (1, 0), "▄": (0, 1), " ": (0, 0)}
    rows = [[halves[one] for one in line] for line in text.splitlines()]
    return ~np.concatenate([np.array(row, bool).T for row in rows])


def test_a_camera_reads_the_address_from_page_and_terminal() -> None:
    assert decoded(from_svg(lan.invitation(ADDRESS).picture)) == ADDRESS
    assert decoded(from_terminal(lan.printed(ADDRESS, coloured=False))) == ADDRESS


def test_in_a_terminal_blocks_are_light_whatever_its_colours() -> None:
    lines = lan.printed(ADDRESS).splitlines()
    assert all(line.startswith("\033[97;40m") and line.endswith("\033[0m") for line in lines)


def test_only_this_computer_is_let_in_unless_the_room_is() -> None:
    assert Settings().address == "127.0.0.1"
    assert Settings.parse(["--lan"]).address == "0.0.0.0"
    assert Settings.parse(["--lan", "--host", "192.168.1.20"]).address == "192.168.1.20"


def test_the_address_and_its_code_are_printed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("lente.app.pages.lan.addresses", lambda: ["192.168.1.20", "10.0.0.3"])
    tell(Settings(lan=True, port=8000))
    printed = capsys.readouterr().out
    assert "http://192.168.1.20:8000/" in printed
    assert "http://10.0.0.3:8000/" in printed
    code = "\n".join(line for line in printed.splitlines() if line.startswith(("█", "▀")))
    assert decoded(from_terminal(code)) == ADDRESS
    tell(Settings(port=8000))
    assert "192.168" not in capsys.readouterr().out


def test_addresses_are_those_of_networks_and_not_of_this_computer_alone() -> None:
    found = lan.addresses()
    assert len(found) == len(set(found))
    for address in found:
        assert not address.startswith(("127.", "169.254.", "0."))
        with socket.socket() as mine:
            mine.bind((address, 0))


@pytest.fixture
def room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> TestClient:
    monkeypatch.setattr("lente.app.pages.lan.addresses", lambda: ["192.168.1.20", "10.0.0.3"])
    return TestClient(create_app(Settings(store=tmp_path, lan=True, port=8000)), LOCALHOST)


def codes(page: str) -> list[str]:
    return [decoded(from_svg(svg)) for svg in re.findall(r"<svg[^>]*segno.*?</svg>", page, re.DOTALL)]


def test_the_page_shows_where_the_room_finds_it(room: TestClient) -> None:
    for path, words in (("/es/aula", "Abre Lente"), ("/en/classroom", "Open Lente")):
        page = room.get(path).text
        assert codes(page) == [ADDRESS]
        assert "192.168.1.20:8000</a>" in page
        assert "10.0.0.3:8000" in page, "another network of the same computer"
        assert words in page


def test_who_came_by_a_name_is_shown_that_name(room: TestClient) -> None:
    page = room.get("/es/aula", headers={"host": "10.9.8.7:8000"}).text
    assert codes(page) == ["http://10.9.8.7:8000/"]


def test_a_server_for_one_says_how_to_let_the_room_in(tmp_path: Path) -> None:
    page = TestClient(create_app(Settings(store=tmp_path)), LOCALHOST).get("/es/aula").text
    assert codes(page) == []
    assert "make run LAN=1" in page
    assert "lente serve --lan" in page


def test_what_is_shared_is_where_the_others_find_it(room: TestClient) -> None:
    told = room.get("/share", params={"path": "/es/digitos?digit=7"}).json()
    assert told["addresses"] == [f"{ADDRESS}es/digitos?digit=7", "http://10.0.0.3:8000/es/digitos?digit=7"]
    assert decoded(from_svg(told["picture"])) == f"{ADDRESS}es/digitos?digit=7"
    assert room.get("/share", params={"path": "https://example.org/"}).status_code == 400
    long = room.get("/share", params={"path": f"/es/digitos?drawing={'A' * 4000}"}).json()
    assert (len(long["addresses"]), long["picture"]) == (2, ""), "too long for a camera"


def test_what_only_this_computer_can_open_is_shared_with_nobody(tmp_path: Path) -> None:
    told = TestClient(create_app(Settings(store=tmp_path)), LOCALHOST).get("/share", params={"path": "/es/"}).json()
    assert (told["addresses"], told["picture"]) == ([], "")


@pytest.mark.slow
def test_without_the_option_nothing_listens_to_the_network(tmp_path: Path) -> None:
    outside = lan.addresses()
    if not outside:
        pytest.skip("this computer is in no network")
    with running(tmp_path) as server:
        assert server.ask("GET", "/es/")[0] == 200
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection((outside[0], server.port), timeout=10)
        assert json.loads(server.ask("GET", "/api/health")[1])
