"""What all catalogues have to keep to, in every language."""

import re
from pathlib import Path

import pytest

from lente.app.i18n import languages
from lente.app.paths import ROOT

CATALOGUES = {code: language.messages for code, language in languages().items() if code != "en"}
# A letter x between two sizes, where a sign of multiplication belongs.
LETTER_X = re.compile(r"(?<=[\d}NxX]) x (?=[\d{N])|\b(height|alto|hauteur) x ")
# Thousands that a line may break between, or that read as decimals in another language.
BROKEN_THOUSANDS = re.compile(r"(?<!\d)\d{1,3}[ ,\u00a0]\d{3}(?![\d.,;])")
# The three words that a class meets in English, by the name that each language has beside it.
BESIDE = {
    "es": {"Padding": "relleno", "Stride": "paso", "Bias": "sesgo", "kernel": "núcleo"},
    "fr": {"Padding": "remplissage", "Stride": "pas", "Bias": "biais", "kernel": "noyau"},
}

# Biddings to one whom one calls « tu », of verbs that do not end in -e then.
BIDS = "choisis fais écris lis mets vois dis prends remplis finis reviens va appuie essaie mène".split()  # noqa: SIM905


@pytest.mark.parametrize("code", CATALOGUES)
def test_sizes_are_written_with_a_sign_of_multiplication(code: str) -> None:
    said = {text for pair in CATALOGUES[code].items() for text in pair}
    assert [text for text in said if LETTER_X.search(text)] == []


@pytest.mark.parametrize("code", CATALOGUES)
def test_thousands_are_set_apart_by_a_narrow_space_that_no_line_breaks_at(code: str) -> None:
    said = {text for pair in CATALOGUES[code].items() for text in pair}
    assert [text for text in said if BROKEN_THOUSANDS.search(text)] == []


@pytest.mark.parametrize("code", CATALOGUES)
def test_quotes_are_those_of_the_language(code: str) -> None:
    straight = [text for text in CATALOGUES[code].values() if re.search("[“”]", text)]
    assert straight == []


@pytest.mark.parametrize("code", CATALOGUES)
def test_a_number_keeps_its_point_which_the_page_sets_as_the_visitor_wants(code: str) -> None:
    decimals = re.compile(r"\d\.\d+")
    other = [
        (said, found)
        for said, found in CATALOGUES[code].items()
        if sorted(decimals.findall(said)) != sorted(decimals.findall(found))
    ]
    assert other == []


def test_french_says_vous_everywhere() -> None:
    """Words that belong to « tu », and the verbs that other sentences bid with -ez, where a bidding begins."""
    said = CATALOGUES["fr"].values()
    verbs = {stem.lower() for text in said for stem in re.findall(r"\b(\w+)ez\b", text)}
    assert len(verbs) > 40
    bids = "|".join([*(f"{verb}e" for verb in verbs), *BIDS])
    begins = r"(?:^|[.;:!?…] ?\n?|, (?:ou |et |puis )?|\b(?:ou|et|puis) |\()"
    tu = re.compile(rf"\b(tu|toi|ton|ta|tes|tiens|tiennes?)\b|{begins}(?!copie\b)({bids})\b", re.IGNORECASE)
    assert [text for text in said if tu.search(text)] == []


@pytest.mark.parametrize("code", CATALOGUES)
def test_an_english_term_stands_beside_its_name_where_it_is_met_first(code: str) -> None:
    for term, name in BESIDE[code].items():
        assert name in CATALOGUES[code][term].lower(), term


@pytest.mark.parametrize("code", CATALOGUES)
def test_a_class_that_has_another_meaning_says_which_one(code: str) -> None:
    for name in ("French horn", "tench"):
        assert re.search(r" \(\w+\)$|^cor d'harmonie$", CATALOGUES[code][name]), name
    assert re.search("perro|chien", CATALOGUES[code]["English springer"])


def test_what_the_server_says_has_no_letter_between_sizes() -> None:
    said = re.compile(r'" x "|\} x \{')
    found = [
        path.relative_to(ROOT)
        for folder in ("app", "models")
        for path in Path(ROOT, folder).rglob("*.py")
        if said.search(path.read_text(encoding="utf-8"))
    ]
    assert found == []
