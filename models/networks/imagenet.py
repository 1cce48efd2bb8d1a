"""The thousand things of ImageNet, in the order of the networks' outputs, with names of ours in three languages.

Deng et al., "ImageNet: a large-scale hierarchical image database", 2009. Several classes may be kinds of one thing,
such as five cats; `group` names it.
"""

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FILE = Path(__file__).with_name("imagenet.tsv")


@dataclass(frozen=True)
class ImageNetClass:
    """One of the thousand: its names by the language's code, and the thing that it is a kind of, or ""."""

    names: dict[str, str]
    group: str


@cache
def classes() -> tuple[ImageNetClass, ...]:
    """All of them, in the order of the outputs."""
    with FILE.open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        return tuple(ImageNetClass({code: row[code] for code in ("en", "es", "fr")}, row["group"]) for row in rows)


@cache
def names(language: str = "en") -> tuple[str, ...]:
    """Their names in a language; in English where there are none in it."""
    return tuple(one.names.get(language, one.names["en"]) for one in classes())


@cache
def groups() -> tuple[tuple[str, tuple[int, ...]], ...]:
    """Things of which there are several kinds, and the places of these."""
    found: dict[str, list[int]] = {}
    for place, one in enumerate(classes()):
        if one.group:
            found.setdefault(one.group, []).append(place)
    return tuple((group, tuple(places)) for group, places in found.items())
