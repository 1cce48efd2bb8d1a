"""Every sentence of docs/safety.md is carried by a test, which docs/safety_tests.md names."""

import re

import pytest

from lente.app.features import networks
from lente.app.main import CLIENT_BYTES, TOTAL_BYTES
from lente.app.pictures import decoder, decoding, store, worker
from lente.app.server import connections
from lente.app.server.middleware import body_limit
from lente.app.server.queues import budget, long_work, shared, waiting_line
from lente.app.server.wire import MOST_JSON_VALUES
from tests.conftest import ROOT
from tools.claims import missing

SAID = (ROOT / "docs" / "safety.md").read_text(encoding="utf-8")
CARRIED = (ROOT / "docs" / "safety_tests.md").read_text(encoding="utf-8")
# What no test of ours can show: advice to people, and what other programs do.
OUTSIDE = {"advice", "of browsers", "of the system"}


def sentences() -> list[str]:
    """All that the document says: each sentence, and the first two cells of each row of its table."""
    found = []
    for block in re.split(r"\n\s*\n", SAID):
        if block.startswith("|"):
            rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in block.splitlines()[2:]]
            found += [f"{what}: {answer}" for what, answer, *_ in rows]
        elif not block.startswith("#"):
            found += re.split(r"(?<=[.])\s+(?=[A-Z`\[])", " ".join(block.split()))
    return found


def carried() -> dict[str, list[str]]:
    rows = [line.strip("| ").split(" | ") for line in CARRIED.splitlines() if line.startswith("| ")][1:]
    return {says: by.split("<br>") for says, by in rows}


def test_every_sentence_has_what_carries_it() -> None:
    assert [one for one in sentences() if one not in carried()] == [], "docs/safety_tests.md does not name them"
    assert [one for one in carried() if one not in sentences()] == [], "docs/safety.md says so no longer"


def test_what_carries_a_sentence_is_there() -> None:
    named = {one.strip("`") for each in carried().values() for one in each}
    assert {one: why for one in sorted(named - OUTSIDE) if (why := missing(one))} == {}


@pytest.mark.parametrize(
    "figure",
    [
        f"{worker.MEMORY_BYTES / 1e6:g} MB to decode",
        f"than {worker.SECONDS:g} s and {worker.SECONDS_FOR_A_MEGAPIXEL:g} s for each megapixel",
        f"elsewhere {body_limit.JSON_MEGABYTES:g} MB",
        f"in: {body_limit.PATIENCE_SECONDS:g} s, 1 s more for every {body_limit.SLOWEST_BYTES / 1e3:g} kB",
        f"would wait for more than {waiting_line.PATIENCE_SECONDS:g} s",
        f"work of more than {waiting_line.WORK_SECONDS:g} s, explanations of more than {long_work.LONGEST_SECONDS:g} s",
        f"more than {long_work.SHARE} explanations at once for one address, {long_work.LIMIT} for all",
        f"more than {CLIENT_BYTES / 1e6:g} MB on their way for one address, in or out, {TOTAL_BYTES / 1e6:g} MB",
        f"(a photograph {decoder.ROOM_SECONDS:g} s)",
        f"there are {budget.MOST_BYTES / 1e6:g} MB for all",
        f"(this, {networks.MEGABYTES_OF_MAPS} MB of what networks made of pictures, {store.MEMORY_BYTES / 1e6:g} MB",
        f"at work it has {budget.WHOLE_BYTES / 1e6:g} MB at most",
        f"asks for it, {shared.MOST_BYTES / 1e6:g} MB at most",
        f"letter by letter, for {connections.REQUEST_SECONDS:g} s",
        f"a JPEG of more than {decoding.MOST_SCANS:,} scans",
        f"that pass over more than {decoding.MOST_SCANNED / 1e6:,g} million pixels",
        f"run lengths for more than {decoding.MOST_RUN_LENGTH / 1e6:g} million",
        f"less than {connections.WRITTEN_BYTES / 1e3:g} kB in {connections.WRITING_SECONDS:g} s",
    ],
)
def test_a_figure_is_the_programs(figure: str) -> None:
    assert figure in " ".join(SAID.split())


def test_a_million_values_is_what_json_ends_at() -> None:
    assert "more than a million values as JSON" in SAID
    assert MOST_JSON_VALUES == 1_000_000
