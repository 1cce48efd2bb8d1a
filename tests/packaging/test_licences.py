"""What comes along of others' comes with the text of its licence."""

import json
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TEXTS = (ROOT / "static" / "vendor" / "licences.txt").read_text(encoding="utf-8")
PACKAGES = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))["packages"]
BUNDLED = [
    name
    for name in json.loads((ROOT / "package.json").read_text(encoding="utf-8"))["dependencies"]
    if name != "esbuild"  # bundles, and is not bundled
]


@pytest.mark.parametrize("name", BUNDLED)
def test_a_bundled_package_has_its_version_and_its_own_text(name: str) -> None:
    locked = PACKAGES[f"node_modules/{name}"]
    assert f"{name} {locked['version']} ({locked['license']})\n" in TEXTS
    text = (ROOT / "node_modules" / name / "LICENSE").read_text(encoding="utf-8").strip()
    assert text in TEXTS


def test_all_that_they_stand_on_is_there_too() -> None:
    told = set(re.findall(r"^(\S+) \d\S* \(", TEXTS, re.MULTILINE))
    assert {"lit-html", "@lit/reactive-element", "d3-interpolate", "delaunator", "robust-predicates"} <= told
