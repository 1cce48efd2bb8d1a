"""What all tests share: their order, and one thread for each operation, whatever ran before them."""

import os
from collections import Counter
from pathlib import Path

import pytest

# A server of the process takes one thread for operations, in all threads that begin later; two add in another order.
os.environ["OMP_NUM_THREADS"] = "1"
ROOT = Path(__file__).parent.parent
SLOW = {"browser", "cluster", "docs", "packaging"}


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Marks what `make quick` leaves out by its folder, leaves out what `make thorough` adds, and sets the order.

    The browser's tests come last: where they have begun, an event loop runs, and no other can be begun beside it. Files
    with many tests come first, so that two processes, which take a file each, end together.
    """
    tests = Counter(item.path for item in items)
    for item in items:
        if SLOW.intersection(item.path.relative_to(ROOT).parts):
            item.add_marker(pytest.mark.slow)
    if "LENTE_THOROUGH" not in os.environ:
        config.hook.pytest_deselected(items=[item for item in items if item.get_closest_marker("thorough")])
        items[:] = [item for item in items if not item.get_closest_marker("thorough")]
    items.sort(key=lambda item: ("browser" in item.path.parts, -tests[item.path], item.path))
