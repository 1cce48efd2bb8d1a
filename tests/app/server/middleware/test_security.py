"""Who may ask, from where, how often, and what a browser is told about each answer."""

import ast
import re
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

from lente.app.main import create_app
from lente.app.server.middleware.rate import Buckets
from lente.app.settings import Settings
from tests.app.conftest import LOCALHOST
from tests.conftest import ROOT


@pytest.fixture
def pages(tmp_path: Path) -> TestClient:
    """A client of pages, files and refusals; its networks are never loaded."""
    return TestClient(create_app(Settings(store=tmp_path)), LOCALHOST, raise_server_exceptions=False)


@pytest.mark.parametrize(
    "host",
    ["localhost", "LOCALHOST:8000", "127.0.0.1:8000", "[::1]:8000", "192.168.1.20:8000", "10.0.0.4", "localhost."],
)
def test_this_computer_and_addresses_in_figures_are_answered(pages: TestClient, host: str) -> None:
    assert pages.get("/es/aula", headers={"host": host}).status_code == 200


@pytest.mark.parametrize(
    "host", ["evil.example", "localhost.evil.example", "127.0.0.1.evil.example", "[::1", "a b", "1"]
)
def test_other_names_are_refused_with_the_way_to_allow_them(pages: TestClient, host: str) -> None:
    answer = pages.get("/es/", headers={"host": host})
    assert answer.status_code == 421
    assert host in answer.text.replace("&#39;", "'")
    assert "--allowed-host" in answer.text
    assert 'lang="es"' in answer.text


def test_a_name_is_allowed_by_the_setting(tmp_path: Path) -> None:
    app = create_app(Settings(store=tmp_path, allowed_host="lente.school.example, other.example"))
    client = TestClient(app, "http://lente.school.example:8000")
    assert client.get("/es/").status_code == 200
    assert client.get("/es/", headers={"host": "school.example"}).status_code == 421
    anyone = TestClient(create_app(Settings(store=tmp_path, allowed_host="*")), "http://whatever.example")
    assert anyone.get("/es/").status_code == 200


FOREIGN = [
    {"origin": "http://evil.example"},
    {"origin": "http://localhost:9999"},
    {"origin": "https://localhost.evil.example"},
    {"origin": "null"},
    {"origin": "file://"},
    {"origin": "http://[zz"},
    {"origin": "//["},
    {"sec-fetch-site": "cross-site"},
]


@pytest.mark.parametrize("headers", FOREIGN)
def test_foreign_pages_change_nothing(client: TestClient, headers: dict[str, str]) -> None:
    answer = client.post(
        "/api/pooling", json={"matrix": [[1, 2], [3, 4]]}, headers={**headers, "accept-language": "es"}
    )
    assert answer.status_code == 403
    assert answer.json()["error"]["code"] == "wrong_origin"
    assert headers.get("origin", "another site") in answer.json()["error"]["message"]
    assert client.get("/api/images", headers=headers).status_code == 200, "reading is what addresses are for"


def test_own_pages_and_programs_may(client: TestClient) -> None:
    for headers in (
        {},
        {"origin": "http://localhost"},
        {"origin": "http://localhost", "sec-fetch-site": "same-origin"},
    ):
        assert client.post("/api/pooling", json={"matrix": [[1, 2], [3, 4]]}, headers=headers).status_code == 200


def test_a_page_behind_a_proxy_may(tmp_path: Path) -> None:
    app = create_app(Settings(store=tmp_path, allowed_host="lente.school.example"))
    with TestClient(app, "http://10.0.0.4:8000") as client:
        headers = {"origin": "https://lente.school.example"}
        assert client.post("/api/pooling", json={"matrix": [[1]], "size": 1}, headers=headers).status_code == 200


def test_channels_are_opened_by_own_pages_only(client: TestClient) -> None:
    for headers in ({"origin": "http://evil.example"}, {"host": "evil.example"}):
        with (
            pytest.raises(WebSocketDisconnect) as refused,
            client.websocket_connect("ws://localhost/api/live", headers=headers),
        ):
            pass
        assert refused.value.code == 1008


def test_every_answer_keeps_the_page_to_itself(pages: TestClient) -> None:
    broken = create_app(Settings())
    broken.router.add_route("/es/broken", _fail)
    failing = TestClient(broken, LOCALHOST, raise_server_exceptions=False)
    answers = [
        pages.get("/es/"),
        pages.get("/es/none"),
        pages.get("/", headers={"host": "x"}),
        failing.get("/es/broken"),
    ]
    assert [answer.status_code for answer in answers] == [200, 404, 421, 500]
    for answer in answers:
        policy = answer.headers["content-security-policy"]
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["referrer-policy"] == "same-origin"
        assert "uvicorn" not in str(answer.headers).lower()
    assert "hunter2" not in answers[3].text


async def _fail(_request: object) -> None:
    raise RuntimeError("password=hunter2")


def test_embeds_alone_may_be_framed_and_by_whom_is_a_setting(pages: TestClient, tmp_path: Path) -> None:
    def framing(client: TestClient, path: str) -> list[str]:
        return re.findall(r"frame-ancestors ([^;]*)", client.get(path).headers["content-security-policy"])

    assert framing(pages, "/es/embed/image") == framing(pages, "/embed/image") == []
    for path in ("/es/", "/es/embedded", "/es/none/embed/image", "/api/none"):
        assert framing(pages, path) == ["'none'"]
    some = TestClient(create_app(Settings(store=tmp_path, embed_from="https://aula.example;evil, 'self'")), LOCALHOST)
    assert framing(some, "/es/embed/image") == ["https://aula.example evil 'self'"]
    nobody = TestClient(create_app(Settings(store=tmp_path, embed_from="none")), LOCALHOST)
    assert framing(nobody, "/es/embed/image") == ["'none'"]


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_a_bucket_gives_what_flows_into_it() -> None:
    clock = Clock()
    buckets = Buckets(rate=10, most=20, clock=clock)
    assert [buckets.take("a", 1) for _ in range(20)] == [0] * 20
    assert buckets.take("a", 1) == pytest.approx(0.1)
    assert buckets.take("a", 5) == pytest.approx(0.5), "what is refused costs nothing"
    assert buckets.take("b", 20) == 0, "another client's is its own"
    clock.now = 0.5
    assert buckets.take("a", 5) == 0
    assert buckets.take("a", 1) > 0
    clock.now = 1e9
    assert buckets.take("a", 20) == 0
    assert buckets.take("a", 1) > 0, "no more fits in than `most`"


@pytest.mark.slow
def test_dragging_is_never_too_much_and_a_flood_is_told_when_to_come_back(tmp_path: Path) -> None:
    app = create_app(Settings(store=tmp_path, rate=2))
    student = TestClient(app, LOCALHOST, client=("192.168.1.5", 5000))
    other = TestClient(app, LOCALHOST, client=("192.168.1.6", 5000))
    answers = [student.get("/api/none", headers={"accept-language": "es"}) for _ in range(60)]
    assert [answer.status_code for answer in answers[:8]] == [404] * 8
    refused = [answer for answer in answers if answer.status_code == 429]
    assert refused
    assert int(refused[0].headers["retry-after"]) == 1
    assert "1 s" in refused[0].json()["error"]["message"]
    assert other.get("/api/none").status_code == 404
    assert student.get("/es/").status_code == 200


@pytest.mark.slow
def test_the_computer_itself_is_not_counted(tmp_path: Path) -> None:
    teacher = TestClient(create_app(Settings(store=tmp_path, rate=2)), LOCALHOST, client=("127.0.0.1", 5000))
    assert {teacher.get("/api/none").status_code for _ in range(60)} == {404}


def test_the_default_lets_a_hand_drag_at_60_hz() -> None:
    clock = Clock()
    rate = Settings().rate
    buckets = Buckets(rate, 4 * rate, clock)
    for step in range(60 * 60):
        clock.now = step / 60
        assert buckets.take("a", 4) == 0


def test_nobody_takes_all_channels(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lente.app.server.middleware.rate.MOST_CHANNELS", 2)
    live = "ws://localhost/api/live"
    with TestClient(create_app(Settings(store=tmp_path)), client=("192.168.1.5", 5000)) as greedy:
        with greedy.websocket_connect(live), greedy.websocket_connect(live):
            with pytest.raises(WebSocketDisconnect) as refused, greedy.websocket_connect(live):
                pass
            assert refused.value.code == 1013
        with greedy.websocket_connect(live):
            pass


PICKLING = {"pickle", "cPickle", "_pickle", "cloudpickle", "dill", "joblib", "shelve", "marshal"}


def only_in_part(path: Path) -> set[str]:
    """What `torch.load` throws is caught by its name; an unpickler that knows a few names alone is one of ours."""
    used = set(re.findall(r"\bpickle\.(\w+)", path.read_text()))
    return {"pickle"} if used <= {"Unpickler", "UnpicklingError"} else set()


def test_nothing_in_the_programs_reads_pickles() -> None:
    for path in [path for folder in ("app", "models", "lente") for path in (ROOT / folder).rglob("*.py")]:
        allowed = only_in_part(path)
        for node in ast.walk(ast.parse(path.read_text())):
            names = [one.name for one in node.names] if isinstance(node, ast.Import | ast.ImportFrom) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            assert not PICKLING & {name.split(".")[0] for name in names} - allowed, path
            if isinstance(node, ast.Call):
                called = ast.unparse(node.func)
                options = {one.arg: ast.unparse(one.value) for one in node.keywords}
                assert options.get("allow_pickle", "False") == "False", path
                if called.endswith(("torch.load", "load_state_dict_from_url")):
                    assert options.get("weights_only") == "True", path
