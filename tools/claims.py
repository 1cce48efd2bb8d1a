"""Holds every sentence of the pages that claims something about networks, data or sums to what carries it.

python -m tools.claims             writes docs/claims.md
python -m tools.claims --check     exits with 1 where a sentence has no mark, a mark names what is not there, or
                                   docs/claims.md is not what would be written
python -m tools.claims --template  prints the sentences without a mark, ready to be marked

The marks stand beside the sentences, in the source language's own catalogue, locale/en/LC_MESSAGES/*.po. A sentence
bears one or several of:

#. claim: tests/PATH::NAME   a test, of Python by its function or of Node by its title, that fails once it is false
#. claim: card NAME.FIGURE   a figure of a network's card
#. claim: definition         what a word means, or how a thing is made here: true by what it says
#. use                       says how to use the page, names or asks something, or tells of a fault: claims nothing

Every message of the pages with at least six words has to be marked. What is said by `app/` and `models/` alone, their
refusals, is left to the tests of what they refuse.
"""

import json
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass

from babel.messages.pofile import normalize, read_po

from lente.app.paths import LOCALE, ROOT
from tools.messages import places

CATALOGUES = LOCALE / "en" / "LC_MESSAGES"
WRITTEN = ROOT / "docs" / "claims.md"
CARDS = ROOT / "models" / "weights"
FEWEST_WORDS = 6
_NO_WORDS = re.compile(r"\{[^}]*\}|%\(\w+\)s|<[^>]*>")
_HEAD = """# What the pages claim, and what carries it

Every sentence on the pages and in the lesson that claims something about networks, data or sums, with the test or the
figure of a card that carries it; *definition* stands where a sentence says what a word means or how a thing is made.
Written by `python -m tools.claims` from the marks in `locale/en/LC_MESSAGES`; `make check` fails where one is missing.
"""


@dataclass(frozen=True)
class Mark:
    """What is known of a sentence: what carries it, or that it claims nothing."""

    carriers: tuple[str, ...]
    use: bool


def page_of(place: str) -> str | None:
    """The page or room of a file that says something to visitors; None for the server's answers."""
    parts = place.split("/")
    if place.startswith("static/js/"):
        return parts[2]
    if parts[0] == "templates":
        return "frame" if parts[1] == "_partials" or parts[1] == "base.html" else parts[1].removesuffix(".html")
    return "frame" if place.startswith("app/pages/") else None


def sentences() -> dict[str, str]:
    """Every message that has to be marked, with the page on which it is said first."""
    found = {}
    for message, said_by in places().items():
        pages = [page for place in said_by if (page := page_of(place))]
        words = [word for word in _NO_WORDS.sub(" ", message).split() if re.search("[A-Za-z]", word)]
        if pages and len(words) >= FEWEST_WORDS:
            found[message] = pages[0]
    return found


def marks() -> dict[str, Mark]:
    found = {}
    for path in sorted(CATALOGUES.glob("*.po")):
        with path.open("rb") as file:
            for message in read_po(file, locale="en", abort_invalid=True):
                if message.id:
                    found[str(message.id)] = _mark(message.auto_comments)
    return found


def _mark(comments: list[str]) -> Mark:
    """Of extracted comments, of which one may have been wrapped over several lines."""
    words = " ".join(comments)
    carriers = tuple(part.strip() for part in re.split(r"\bclaim: ", words)[1:])
    return Mark(carriers, use=words == "use")


def faults() -> Iterator[str]:
    """All that is wrong with the marks."""
    said, known = sentences(), marks()
    for message in sorted(said.keys() - known.keys()):
        yield f"not marked: {message}"
    for message in sorted(known.keys() - places().keys()):
        yield f"marked, but nobody says it any more: {message}"
    for message, mark in known.items():
        if mark.use == bool(mark.carriers):
            yield f"neither a claim nor of use: {message}"
        for carrier in mark.carriers:
            if why := missing(carrier):
                yield f"{why}: {carrier}, which is to carry: {message}"


def missing(carrier: str) -> str:
    """Why nothing carries a claim under this name; empty where something does."""
    if carrier == "definition":
        return ""
    if carrier.startswith("card "):
        network, _, figure = carrier.removeprefix("card ").rpartition(".")
        card = CARDS / f"{network}.json"
        there = card.is_file() and figure in json.loads(card.read_text(encoding="utf-8"))["figures"]
        return "" if there else "no such figure"
    path, _, name = carrier.partition("::")
    file = ROOT / path
    if not path.startswith("tests/") or not file.is_file():
        return "no such test file"
    text = file.read_text(encoding="utf-8")
    title = json.dumps(name, ensure_ascii=False)
    return "" if re.search(rf"\bdef {re.escape(name)}\(", text) or f"test({title}" in text else "no such test"


def written() -> str:
    """docs/claims.md as it has to be."""
    by_page: dict[str, list[str]] = {}
    known = marks()
    for message, page in sentences().items():
        mark = known.get(message)
        if mark and mark.carriers:
            carriers = "<br>".join(_linked(carrier) for carrier in mark.carriers)
            by_page.setdefault(page, []).append(f"| {_cell(message)} | {carriers} |")
    tables = (
        "\n".join([f"\n## {page}\n", "| says | carried by |", "|---|---|", *rows]) for page, rows in by_page.items()
    )
    return _HEAD + "\n".join(tables) + "\n"


def _cell(message: str) -> str:
    return re.sub(r"<[^>]*>", "", message).replace("|", "\\|")


def _linked(carrier: str) -> str:
    path, _, name = carrier.partition("::")
    return f"[{name}](../{path})" if name else f"*{carrier}*" if carrier == "definition" else carrier


def template() -> str:
    known = marks()
    return "\n".join(f'#. \nmsgid {normalize(message)}\nmsgstr ""\n' for message in sentences() if message not in known)


def main() -> None:
    if "--template" in sys.argv:
        print(template(), end="")
        return
    wrong = list(faults())
    if "--check" not in sys.argv:
        WRITTEN.write_text(written(), encoding="utf-8")
    elif not WRITTEN.is_file() or WRITTEN.read_text(encoding="utf-8") != written():
        wrong.append("docs/claims.md is stale: python -m tools.claims writes it")
    for fault in wrong:
        print(fault)
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
