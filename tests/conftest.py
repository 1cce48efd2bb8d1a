"""What all tests share: the data that is at hand, and one thread for each operation."""

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="session")
def data() -> Path | None:
    """The folder with MNIST, where there is one: $LENTE_DATA, ./data or ../shared/data."""
    candidates = [os.environ.get("LENTE_DATA"), ROOT / "data", ROOT.parent / "shared" / "data"]
    return next((Path(one) for one in candidates if one and (Path(one) / "MNIST").is_dir()), None)
