"""Languages and catalogues.

A message's key is its English text; `locale/LANGUAGE/LC_MESSAGES/*.po` hold the translations, one file for each page.
Adding a language is adding a folder.
"""

import io
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from babel import Locale
from babel.core import negotiate_locale
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import Translations

from lente.app.paths import LOCALE
from lente.models.phrases import N_ as N_
from lente.models.phrases import Phrase

if TYPE_CHECKING:
    from starlette.requests import HTTPConnection

SOURCE_LANGUAGE = "en"


@dataclass(frozen=True)
class Language:
    """A language of the interface: its code, its own name and its messages."""

    code: str
    name: str
    messages: dict[str, str]
    translations: Translations


@cache
def languages() -> dict[str, Language]:
    """Every language of the locale folder by its code, the source language first."""
    folders = sorted(LOCALE.iterdir(), key=lambda folder: (folder.name != SOURCE_LANGUAGE, folder.name))
    return {folder.name: _read(folder) for folder in folders if folder.is_dir()}


def _read(folder: Path) -> Language:
    translations = Translations()
    messages: dict[str, str] = {}
    for path in sorted(folder.glob("LC_MESSAGES/*.po")):
        with path.open("rb") as file:
            catalogue = read_po(file, locale=folder.name, abort_invalid=True)
        compiled = io.BytesIO()
        write_mo(compiled, catalogue)
        compiled.seek(0)
        translations.add(Translations(compiled))
        messages |= {str(message.id): str(message.string) for message in catalogue if message.id and message.string}
    name = Locale.parse(folder.name).get_display_name() or folder.name
    return Language(folder.name, name.capitalize(), messages, translations)


def translate(code: str, message: str) -> str:
    """`message` in the language `code`, or as it is where it has no translation."""
    language = languages().get(code)
    return language.messages.get(message, message) if language else message


def said(code: str, phrase: Phrase) -> str:
    """`phrase` in the language `code`, with those of its values that are words."""
    values = {name: said(code, value) if isinstance(value, Phrase) else value for name, value in phrase.values.items()}
    return translate(code, phrase.template).format(**values)


def language_of(connection: "HTTPConnection") -> str:
    """The language of a request: its path's first part, else what Accept-Language prefers, else the source language."""
    first = connection.url.path.split("/")[1]
    if first in languages():
        return first
    return preferred(connection.headers.get("accept-language", ""))


def preferred(accept_language: str) -> str:
    """The code of the language that an Accept-Language header prefers (RFC 9110, section 12.5.4)."""
    weighted = []
    for part in accept_language.split(","):
        tag, _, parameter = part.strip().partition(";q=")
        try:
            weight = float(parameter or 1)
        except ValueError:
            continue
        if tag and weight > 0:
            weighted.append((-weight, tag.replace("-", "_")))
    wanted = [tag for _, tag in sorted(weighted, key=lambda pair: pair[0])]
    found = negotiate_locale(wanted, list(languages()))
    return found if found else SOURCE_LANGUAGE
