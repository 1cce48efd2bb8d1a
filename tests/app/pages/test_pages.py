"""Every page in every language, and what surrounds it."""

import html
import json
import re

import pytest
from fastapi.testclient import TestClient

from lente.app.i18n import languages
from lente.app.pages.routes import HOME, LESSON, PAGES

ADDRESSES = [page.path(code) for code in languages() for page in [HOME, *PAGES, LESSON]]


@pytest.mark.parametrize("path", ADDRESSES)
def test_a_page_answers_in_its_language(client: TestClient, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 200
    assert f'<html lang="{path.split("/")[1]}">' in answer.text


@pytest.mark.parametrize("path", ADDRESSES)
def test_everything_that_a_page_names_is_there(client: TestClient, path: str) -> None:
    text = client.get(path).text
    addresses = re.findall(r'(?:src|href)="(/[^"]*)"', text)
    addresses += re.findall(r'": ?"(/[^"]+)"', text)
    assert len(addresses) > 10
    for address in set(addresses):
        assert client.get(address.replace("&amp;", "&").replace("\\u0026", "&")).status_code == 200, address


@pytest.mark.parametrize("language", list(languages()))
def test_the_way_on_from_the_autoencoder_leads_to_the_latent_space(client: TestClient, language: str) -> None:
    paths = {noun.noun: noun.path(language) for noun in PAGES}
    way = re.search(r'class="onward"><a href="([^"]+)"', client.get(paths["autoencoder"]).text)
    assert way is not None
    assert way[1] == paths["latent"]


def test_the_root_sends_to_the_visitors_language(client: TestClient) -> None:
    answer = client.get("/?seed=3", headers={"Accept-Language": "es-ES"}, follow_redirects=False)
    assert answer.headers["location"] == "/es/?seed=3"
    assert answer.headers["vary"] == "Accept-Language"


def test_another_languages_word_in_the_address_leads_to_the_right_one(client: TestClient) -> None:
    answer = client.get("/es/convolution?preset=sobel", follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (308, "/es/convolucion?preset=sobel")


def test_a_missing_page_is_a_page(client: TestClient) -> None:
    answer = client.get("/es/nada")
    assert answer.status_code == 404
    assert answer.headers["content-type"].startswith("text/html")
    assert "/es/nada" in answer.text
    assert "Aquí no hay nada" in answer.text


def test_a_missing_address_of_the_api_is_json(client: TestClient) -> None:
    answer = client.get("/api/nothing", headers={"Accept-Language": "es"})
    assert answer.status_code == 404
    assert answer.json() == {"error": {"code": "not_found", "message": "No hay nada en /api/nothing."}}


def test_nothing_is_run_but_the_servers_own(client: TestClient) -> None:
    answer = client.get("/en/")
    policy = dict(part.strip().split(" ", 1) for part in answer.headers["content-security-policy"].split(";"))
    nonce = re.search(r"'nonce-([^']+)'", policy["script-src"])
    assert nonce
    assert "unsafe" not in answer.headers["content-security-policy"]
    for tag in re.findall(r"<script(?![^>]*src=)[^>]*>", answer.text):
        assert f'nonce="{nonce[1]}"' in tag
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_text_is_compressed_and_tensors_are_not(client: TestClient) -> None:
    accepts = {"Accept-Encoding": "gzip"}
    assert client.get("/en/", headers=accepts).headers.get("content-encoding") == "gzip"
    assert client.get("/api/openapi.json", headers=accepts).headers.get("content-encoding") is None


def test_the_convolution_page_is_told_what_the_api_accepts(client: TestClient) -> None:
    schema = client.get("/api/openapi.json").json()["components"]["schemas"]["ConvolutionRequest"]["properties"]
    told = re.search(r"data-bounds='([^']*)'", client.get("/en/convolution").text)
    assert told is not None
    bounds = json.loads(html.unescape(told[1]))
    for name in ("stride", "padding", "dilation"):
        assert bounds[name] == schema[name]["oneOf"][0]["maximum"]
    for side, number, code in (
        (bounds["side"], bounds["number"], None),
        (bounds["side"] + 1, 1, "kernel_too_large"),
        (1, 1.01 * bounds["number"], "kernel_out_of_range"),
    ):
        body = {"matrix": [[1] * (side + 1)], "kernel": [[number] * side]}
        answer = client.post("/api/convolution", json=body, headers={"accept": "application/json"})
        assert answer.json().get("error", {}).get("code") == code
