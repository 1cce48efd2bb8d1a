"""Languages: what a visitor reads."""

import string

import pytest

from lente.app.i18n import languages, preferred
from tools.messages import left_over, missing

TRANSLATIONS = [code for code in languages() if code != "en"]


@pytest.mark.parametrize("code", TRANSLATIONS)
def test_everything_that_can_be_shown_is_translated(code: str) -> None:
    assert missing(code) == []


@pytest.mark.parametrize("code", TRANSLATIONS)
def test_nothing_is_translated_that_is_never_shown(code: str) -> None:
    assert left_over(code) == []


@pytest.mark.parametrize("code", TRANSLATIONS)
def test_a_translation_has_the_placeholders_of_its_message(code: str) -> None:
    def fields(text: str) -> set[str]:
        return {name for _, name, _, _ in string.Formatter().parse(text) if name}

    different = {
        message: text for message, text in languages()[code].messages.items() if fields(message) != fields(text)
    }
    assert different == {}


@pytest.mark.parametrize(
    ("header", "code"),
    [
        ("es", "es"),
        ("es-MX,es;q=0.9,en;q=0.8", "es"),
        ("en-GB,en;q=0.9,es;q=0.8", "en"),
        ("de,es;q=0.5,en;q=0.4", "es"),
        ("de", "en"),
        ("", "en"),
        ("es;q=0,en", "en"),
        ("es;q=nonsense", "en"),
    ],
)
def test_the_root_follows_accept_language(header: str, code: str) -> None:
    assert preferred(header) == code
