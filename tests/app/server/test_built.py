"""The pages' bundles: when they count, and how they travel."""

import gzip
import json
from hashlib import sha256
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from lente.app.server.built import Built, BuiltFiles

SCRIPT = b"console.log('lente');" * 50


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A checkout with one source, and the bundle that was made of it."""
    source, folder = tmp_path / "page.js", tmp_path / "built"
    source.write_text("one")
    folder.mkdir()
    pages = {"home": {"page": "home-AB.js", "late": "home.late-EF.js", "sheet": "home-CD.css", "messages": ["Share"]}}
    fonts = {"next": "next.woff2", "mono": "mono.woff2"}
    inputs = {"page.js": sha256(b"one").hexdigest()}
    (folder / "manifest.json").write_text(json.dumps({"inputs": inputs, "fonts": fonts, "pages": pages}))
    (folder / "home-AB.js").write_bytes(SCRIPT)
    (folder / "home-AB.js.gz").write_bytes(gzip.compress(SCRIPT))
    return tmp_path


def test_a_bundle_counts_until_a_source_is_another(root: Path) -> None:
    built = Built(root / "built", root, checked=True)
    bundle = built.of("home")
    assert bundle is not None
    assert (bundle.script, bundle.late) == ("/static/built/home-AB.js", "/static/built/home.late-EF.js")
    assert bundle.messages == {"Share"}
    assert built.of("latent") is None
    (root / "page.js").write_text("two")
    assert built.of("home") is None, "an edit shows on reload"
    (root / "page.js").write_text("one")
    assert built.of("home") == bundle
    (root / "page.js").unlink()
    assert built.of("home") is None


def test_what_is_installed_needs_no_sources(root: Path) -> None:
    (root / "page.js").unlink()
    assert Built(root / "built", root, checked=False).of("home") is not None
    assert Built(root / "nowhere", root, checked=True).of("home") is None


def test_a_file_travels_as_packed_as_the_browser_takes_it(root: Path) -> None:
    client = TestClient(BuiltFiles(Starlette(), root / "built"))
    address = "/static/built/home-AB.js"
    packed = client.get(address, headers={"Accept-Encoding": "br, gzip"})
    plain = client.get(address, headers={"Accept-Encoding": "gzip;q=0"})
    assert (packed.headers["content-encoding"], packed.content) == ("gzip", SCRIPT)
    assert int(packed.headers["content-length"]) < len(SCRIPT)
    assert ("content-encoding" in plain.headers, plain.content) == (False, SCRIPT)
    for answer in (packed, plain):
        assert answer.headers["content-type"].split(";")[0] in ("text/javascript", "application/javascript")
        assert "immutable" in answer.headers["cache-control"]
        assert answer.headers["vary"] == "Accept-Encoding"
        assert answer.headers["x-content-type-options"] == "nosniff"
    assert client.head(address).content == b""
    assert client.get("/static/built/../page.js").status_code == 404
    assert client.get("/static/built/gone.js").status_code == 404
    (root / "built" / "manifest.json").unlink()
    assert client.get("/static/built/manifest.json").status_code == 404, "bundled anew meanwhile"
