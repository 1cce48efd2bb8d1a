"""What all tests share: their order."""

from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Puts the browser's tests last: where they have begun, an event loop runs, and no other can be begun beside it."""
    items.sort(key=lambda item: "browser" in item.path.parts)
