"""What every page is asked at every size or in every language: a part by `make test`, the rest by `make thorough`."""

from collections.abc import Collection
from typing import Any

import pytest


def in_turn(rows: Collection[Any], columns: Collection[Any]) -> list[Any]:
    """Pairs for `parametrize`: each row with one column after another; all other pairs are thorough."""
    pairs = []
    for number, row in enumerate(rows):
        for place, column in enumerate(columns):
            marks = () if place == number % len(columns) else pytest.mark.thorough
            pairs.append(pytest.param(row, column, marks=marks, id=f"{name_of(row)}-{name_of(column)}"))
    return pairs


def name_of(one: Any) -> str:
    """A page's noun, a size's numbers, or what it is."""
    return str(getattr(one, "noun", "-".join(map(str, one)) if isinstance(one, tuple) else one))
