"""Pupils of fifteen read the first screens: the words of the field stand behind a fold, a term or a line."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from lente.app.i18n import languages
from lente.app.pages.contexts import Page as Noun
from lente.app.pages.routes import HOME, PAGES
from lente.app.paths import ROOT
from tests.browser.conftest import WHOLE, OpenPage
from tests.browser.reading import readable
from tests.browser.sweeps import in_turn

HARD = re.compile(r"\b(entropy|entropía|entropie|nats?|BCE|KL|logits?)\b|\bN\(0", re.IGNORECASE)
UNHEARD = re.compile(r"\b(talk|slide's|charla|exposé)\b|la diapositiva|de la diapositive", re.IGNORECASE)


# A sign that French sets a blank before, and English and Spanish do not; a licence is quoted in its own language.
CLOSE_UP = re.compile(r"[\w»)][:;?!](?=\s|$)")
APART = re.compile(r"[\w»)] [:;?!](?=\s|$)")
# What a line may break before its sign: a blank that is no hard one.
PARTED = """() => {
  const found = [];
  const walk = (node) => {
    if (node.nodeType === Node.TEXT_NODE && / %/.test(node.data)) found.push(node.data.trim());
    for (const child of [...(node.shadowRoot?.childNodes ?? []), ...node.childNodes]) walk(child);
  };
  walk(document.querySelector("main"));
  return found;
}"""


@pytest.mark.without_axe
@pytest.mark.parametrize(("noun", "language"), in_turn([HOME, *PAGES], languages()))
def test_words_are_plain_and_set_as_the_language_sets_them(open_page: OpenPage, noun: Noun, language: str) -> None:
    page = open_page(noun.path(language))
    page.evaluate(WHOLE)
    for exhibit in page.locator("main .exhibit").all():
        exhibit.scroll_into_view_if_needed()
        expect(exhibit.locator(".waiting")).to_have_count(0)
    texts = [text for text in readable(page, "main", tooltips=False) if "Copyright" not in text]
    assert len(texts) > 10
    assert page.evaluate(PARTED) == [], "a line may break before these signs"
    assert [text for text in texts if (CLOSE_UP if language == "fr" else APART).search(text)] == [], "signs"
    page.evaluate("document.querySelectorAll('.further').forEach((rest) => rest.remove())")
    assert [text for text in readable(page, "main", tooltips=False) if HARD.search(text)] == [], "hard words"


@pytest.mark.parametrize("code", [code for code in languages() if code != "en"])
def test_nobody_is_told_of_a_talk_that_they_never_heard(code: str) -> None:
    said = languages()[code].messages
    found = {message: text for message, text in said.items() if UNHEARD.search(message) or UNHEARD.search(text)}
    lesson = "".join(path.read_text(encoding="utf-8") for path in Path(ROOT, "static/js/lesson").glob("*.js"))
    assert [message for message in found if f'"{message}"' not in lesson] == []
