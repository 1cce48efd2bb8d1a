"""Data that a machine may have: $LENTE_DATA, or shared/data beside the clone."""

import os
from pathlib import Path

import pytest

BESIDE = Path(__file__).parents[3] / "shared" / "data"


def data_folder(needed: str) -> Path:
    """The folder that holds `needed`; where there is none, the test that asked is skipped and says why."""
    for folder in (Path(os.environ.get("LENTE_DATA", BESIDE)), BESIDE):
        if (folder / needed).exists():
            return folder
    pytest.skip(f"no {needed} in $LENTE_DATA or {BESIDE}")
