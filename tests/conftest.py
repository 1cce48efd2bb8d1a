"""What all tests share: their order, and the data that is at hand."""

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Puts the browser's tests last: where they have begun, an event loop runs, and no other can be begun beside it."""
    items.sort(key=lambda item: "browser" in item.path.parts)


@pytest.fixture(scope="session")
def data() -> Path | None:
    """The folder with MNIST, where there is one: $LENTE_DATA, ./data or ../shared/data."""
    candidates = [os.environ.get("LENTE_DATA"), ROOT / "data", ROOT.parent / "shared" / "data"]
    return next((Path(one) for one in candidates if one and (Path(one) / "MNIST").is_dir()), None)
