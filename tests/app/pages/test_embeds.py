"""Exhibits alone: who may frame them, and what they are made of."""

import re

from fastapi.testclient import TestClient

from lente.app.i18n import languages
from lente.app.pages.exhibits import EXHIBITS, exhibits_of
from lente.app.pages.routes import HOME, LESSON, PAGES


def test_every_exhibit_answers_without_head_and_foot_and_may_be_framed_by_anybody(client: TestClient) -> None:
    for exhibit in EXHIBITS:
        answer = client.get(f"/es/embed/{exhibit.name}?z=1,2")
        assert answer.status_code == 200
        assert f'data-embed="{exhibit.name}"' in answer.text
        assert "frame-head" not in answer.text
        assert "frame-ancestors" not in answer.headers["content-security-policy"]
        assert exhibit.selector in client.get(f"/embed/{exhibit.name}.css").text


def test_everything_that_an_exhibit_names_is_there(client: TestClient) -> None:
    text = client.get("/es/embed/map").text
    addresses = re.findall(r'<(?:link|script)[^>]*(?:href|src)="(/(?:static|embed)[^"]*)"', text)
    assert len(addresses) > 3
    for address in addresses:
        assert client.get(address).status_code == 200, address


def test_a_whole_page_may_not_be_framed(client: TestClient) -> None:
    for page in [HOME, LESSON, *PAGES]:
        assert "frame-ancestors 'none'" in client.get(page.path("es")).headers["content-security-policy"]


def test_names_are_addresses_and_none_is_twice() -> None:
    names = [exhibit.name for exhibit in EXHIBITS]
    assert len(set(names)) == len(names)
    assert all(re.fullmatch(r"[a-z]+(-[a-z]+)*", name) for name in names)
    assert sum(len(exhibits_of(page.noun)) for page in PAGES) == len(EXHIBITS)


def test_without_a_language_the_visitors_own_is_taken(client: TestClient) -> None:
    headers = {"Accept-Language": "es"}
    answer = client.get("/embed/map?z=1,2", headers=headers, follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (307, "/es/embed/map?z=1,2")


def test_an_exhibit_that_is_not_there(client: TestClient) -> None:
    assert client.get("/es/embed/nothing").status_code == 404
    assert client.get("/embed/nothing.css").status_code == 404


def test_a_page_offers_its_own_exhibits_in_every_language(client: TestClient) -> None:
    for code in languages():
        text = client.get(f"/{code}/latent").text
        assert "&#34;lente-latent-cloud&#34;" in text
        assert "lente-tensor-ladder" not in text
