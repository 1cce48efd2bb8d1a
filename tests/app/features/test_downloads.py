"""torchvision's networks: files are checked before they are opened, fetched with progress, or put by hand."""

import pickle
import threading
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import torch
from fastapi.testclient import TestClient

from lente.app.errors import Unavailable
from lente.app.features.downloads import Weights
from lente.models import pretrained
from lente.models.errors import ModelError
from lente.models.pretrained import Pretrained, load
from tests.app.conftest import AT_HOME
from tests.app.features.test_networks_api import API, JSON, told
from tests.app.random_networks import hash_of, write_weights

NAMES = list(pretrained.pretrained())


@pytest.mark.parametrize("name", NAMES)
def test_files_are_the_ones_that_torchvision_fetches(name: str) -> None:
    source = pretrained.pretrained()[name]
    meta = source.recipe.meta
    assert source.url.rsplit("/", 1)[1] == source.file
    assert len(source.sha256) == 8
    assert source.sha256 in source.file
    assert source.parameters == meta["num_params"]
    assert source.megabytes == pytest.approx(meta["_file_size"] * 1024**2 / 1e6, rel=0.03)


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_every_network_is_loaded_from_its_file(name: str, tmp_path: Path) -> None:
    source = replace(pretrained.pretrained()[name], digits=write_weights(name, tmp_path))
    network = load(source, tmp_path)
    stored = torch.load(tmp_path / source.file, weights_only=True)
    (tmp_path / source.file).unlink()
    assert set(network.state_dict()) == set(stored)
    assert all(torch.equal(network.state_dict()[key], value) for key, value in stored.items())
    assert not network.training
    with torch.no_grad():
        assert network(torch.zeros(1, 3, 64, 64)).shape == (1, 1000)


@pytest.mark.slow
def test_densenets_old_names_are_understood(tmp_path: Path) -> None:
    known = pretrained.pretrained()["densenet121"]
    write_weights("densenet121", tmp_path)
    stored = torch.load(tmp_path / known.file, weights_only=True)
    old = {}
    for key, value in stored.items():
        for word in ("norm", "conv"):
            for digit in "12":
                if "denselayer" in key:
                    key = key.replace(f".{word}{digit}.", f".{word}.{digit}.")
        old[key] = value
    assert set(old) != set(stored)
    torch.save(old, tmp_path / known.file)
    network = load(replace(known, digits=hash_of(tmp_path / known.file)), tmp_path)
    assert all(torch.equal(network.state_dict()[key], value) for key, value in stored.items())


class _Bomb:
    def __reduce__(self) -> Any:
        return (Path.touch, (Path(self.path),))  # type: ignore[attr-defined]


def _bomb(folder: Path, file: str) -> Path:
    """A pickle that leaves a trace where it is opened carelessly."""
    bomb = _Bomb()
    bomb.path = str(folder / "opened")  # type: ignore[attr-defined]
    (folder / file).write_bytes(pickle.dumps(bomb))
    return folder / "opened"


def test_a_file_with_another_hash_is_never_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = pretrained.pretrained()["squeezenet1_1"]
    trace = _bomb(tmp_path, source.file)

    def opened(*_arguments: Any, **_options: Any) -> None:
        raise AssertionError("an unchecked file was opened")

    monkeypatch.setattr(torch, "load", opened)
    with pytest.raises(ModelError) as caught:
        load(source, tmp_path)
    assert caught.value.code == "weights_altered"
    assert source.file in str(caught.value)
    assert not trace.exists()


def test_code_in_a_pickle_is_not_run_even_if_the_hash_is_right(tmp_path: Path) -> None:
    source = pretrained.pretrained()["squeezenet1_1"]
    trace = _bomb(tmp_path, source.file)
    with pytest.raises(ModelError) as caught:
        load(replace(source, digits=hash_of(tmp_path / source.file)), tmp_path)
    assert caught.value.code == "weights_foreign"
    assert not trace.exists()


def test_another_networks_weights_are_refused(tmp_path: Path) -> None:
    sources = pretrained.pretrained()
    write_weights("squeezenet1_1", tmp_path)
    (tmp_path / sources["squeezenet1_1"].file).rename(tmp_path / sources["resnet18"].file)
    wrong = replace(sources["resnet18"], digits=hash_of(tmp_path / sources["resnet18"].file))
    with pytest.raises(Unavailable) as caught:
        Weights(tmp_path).load(wrong)
    assert caught.value.code == "weights_foreign"


def test_a_missing_file_is_named_with_its_folder(looker: TestClient, shelf: Path) -> None:
    answer = looker.get(f"{API}/convnext_tiny", headers=JSON)
    assert answer.status_code == 409
    message = answer.json()["error"]["message"]
    assert "convnext_tiny-983f1562.pth" in message
    assert shelf.name in message
    assert str(shelf) not in answer.text, "what lies above it is nobody's business"
    assert str(shelf) not in looker.get(f"{API}/convnext_tiny/weights").text
    state = told(looker, "convnext_tiny/weights")
    assert (state["state"], state["bytes"]) == ("absent", 0)
    assert told(looker, "resnet18/weights")["state"] == "present"


@pytest.mark.parametrize(
    ("address", "host", "status"),
    [
        (AT_HOME[0], "localhost:8000", 202), (AT_HOME[0], "127.0.0.1", 202), ("::1", "[::1]:8000", 202),
        ("192.168.1.20", "localhost", 403), ("192.168.1.20", "192.168.1.10:8000", 403),
        (AT_HOME[0], "192.168.1.10", 403),
    ],
)  # fmt: skip
def test_only_whoever_sits_at_the_servers_computer_fetches_weights(
    looker: TestClient, address: str, host: str, status: int
) -> None:
    visitor = TestClient(looker.app, raise_server_exceptions=False, client=(address, 5))
    headers = {"host": host, "accept-language": "es"}
    answer = visitor.delete(f"{API}/convnext_tiny/weights", headers=headers)
    assert answer.status_code == status
    if status == 403:
        assert visitor.post(f"{API}/convnext_tiny/weights", headers=headers).status_code == 403
        assert "localhost" in answer.json()["error"]["message"]


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[tuple[Pretrained, Path]]:
    """A server on this machine that has SqueezeNet's file, as if it were torchvision's."""
    (tmp_path / "shop").mkdir()
    known = pretrained.pretrained()["squeezenet1_1"]
    digits = write_weights("squeezenet1_1", tmp_path / "shop")

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, format: str, *arguments: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(tmp_path / "shop")))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    source = replace(known, digits=digits)
    address = f"http://127.0.0.1:{server.server_port}/{known.file}"
    source.__dict__["recipe"] = SimpleNamespace(url=address)
    yield source, tmp_path / "weights"
    server.shutdown()
    server.server_close()


def fetched(weights: Weights, source: Pretrained) -> None:
    thread = weights.fetch(source)
    assert thread is not None
    thread.join(60)
    assert not thread.is_alive()


def test_a_file_is_fetched_checked_and_kept(shop: tuple[Pretrained, Path]) -> None:
    source, folder = shop
    weights = Weights(folder)
    assert weights.state(source)["state"] == "absent"
    fetched(weights, source)
    state = weights.state(source)
    assert state["state"] == "present"
    assert state["bytes"] == state["total"] == (folder / source.file).stat().st_size
    assert [path.name for path in folder.iterdir()] == [source.file]
    weights.load(source)


def test_a_damaged_download_is_thrown_away(shop: tuple[Pretrained, Path]) -> None:
    source, folder = shop
    wrong = replace(source, digits="00000000")
    wrong.__dict__["recipe"] = source.recipe
    weights = Weights(folder)
    fetched(weights, wrong)
    assert weights.state(wrong)["state"] == "failed"
    error = weights.error(wrong)
    assert error is not None
    assert error.code == "weights_altered"
    assert list(folder.iterdir()) == []
    fetched(weights, source)
    assert weights.state(source)["state"] == "present"


def test_without_internet_the_file_can_be_put_by_hand(shop: tuple[Pretrained, Path], tmp_path: Path) -> None:
    source, folder = shop
    offline = replace(source)
    offline.__dict__["recipe"] = SimpleNamespace(url="http://127.0.0.1:9/" + source.file)
    weights = Weights(folder)
    fetched(weights, offline)
    error = weights.error(offline)
    assert error is not None
    assert error.code == "weights_unreachable"
    assert all(each in str(error) for each in (source.file, folder.name, offline.url))
    (tmp_path / "shop" / source.file).rename(folder / source.file)
    weights.load(source)


def test_a_download_is_not_started_twice_and_can_be_stopped(shop: tuple[Pretrained, Path]) -> None:
    source, folder = shop
    weights = Weights(folder)
    first = weights.fetch(source)
    assert first is not None
    weights.stop(source)
    first.join(60)
    assert weights.state(source)["state"] in ("absent", "present")
    assert not list(folder.glob(".*"))
