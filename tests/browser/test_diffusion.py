"""The diffusion page in a real browser, against what the API answers."""

import json
import re
import urllib.request
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPage, until

STARTING_SECONDS = 120  # the first answer waits until the server has its networks
IN, SEEN, OUT = "lente-diffusion-in", "lente-diffusion-seen", "lente-diffusion-out"
PANEL = (
    "([exhibit, part]) => Array.from(document.querySelector(`${exhibit} [data-part=${part}] lente-map`).tensor.data)"
)
READY = "([exhibit]) => document.querySelector(`${exhibit} [data-part=x] lente-map`) !== null"


def ask(server: str, path: str, **body: Any) -> dict[str, Any]:
    data = json.dumps(body).encode() if body else None
    headers = {"Accept": "application/json", "Content-Type": "application/json"}
    with urllib.request.urlopen(urllib.request.Request(f"{server}/api/diffusion{path}", data, headers)) as answer:
        return json.load(answer)  # type: ignore[no-any-return]


def panel(page: Page, exhibit: str, part: str) -> np.ndarray:
    return np.array(page.evaluate(PANEL, [exhibit, part]))


def ready(page: Page, exhibit: str) -> None:
    page.locator(exhibit).scroll_into_view_if_needed()
    until(page, READY, [exhibit], seconds=STARTING_SECONDS)


def numbers(text: str) -> list[float]:
    """All numbers of a written sum, their signs with them."""
    plain = text.replace("\u2212", "-").replace("- ", "-")
    return [float(one) for one in re.findall(r"-?\d+(?:\.\d+)?", plain)]


def test_noise_is_put_in_as_the_formula_says(open_page: OpenPage, server: str) -> None:
    page = open_page("/en/diffusion?digit=7&noised=300&noiseseed=5")
    ready(page, IN)
    schedule, noise = ask(server, ""), np.array(ask(server, "/noise?seed=5")["noise"]).ravel()
    until(page, "() => document.querySelector('lente-diffusion-in').clean.some((value) => value > 0)")
    until(page, "() => document.querySelector('lente-diffusion-in').isUpdatePending === false")
    clean = panel(page, IN, "clean")
    expected = schedule["a"][300] * clean + schedule["s"][300] * noise
    np.testing.assert_allclose(panel(page, IN, "x"), expected, atol=1e-5)
    page.locator(f"{IN} [data-part=step]").press("End")
    np.testing.assert_allclose(panel(page, IN, "x"), noise, atol=0.02)
    expect(page.locator(f"{IN} [data-part=shares]")).to_contain_text("Step 1000 of 1000")


def test_the_sum_of_the_touched_pixel_adds_up(open_page: OpenPage) -> None:
    page = open_page("/en/diffusion?digit=7&noised=300")
    ready(page, IN)
    page.locator(f"{IN} [data-part=x] lente-map").click(position={"x": 40, "y": 60})
    expect(page).to_have_url(re.compile(r"index=\d+,\d+"))
    x, a, clean, s, noise = numbers(page.locator(f"{IN} [data-sum=noisy] output").inner_text())
    assert x == pytest.approx(a * clean + s * noise, abs=1e-3)


def test_what_the_network_sees_is_what_the_server_finds(open_page: OpenPage, server: str) -> None:
    page = open_page("/en/diffusion?digit=7&noised=500&seenlabel=9")
    ready(page, SEEN)
    until(page, "() => document.querySelector('lente-diffusion-in').clean.some((value) => value > 0)")
    until(page, "() => document.querySelector('lente-diffusion-seen').found?.noised.clean.some((value) => value > 0)")
    until(page, "() => document.querySelector('lente-diffusion-seen').isUpdatePending === false")
    x = panel(page, SEEN, "x")
    found = ask(server, "/look", x=x.reshape(1, 28, 28).tolist(), step=500, labels=9)
    estimate, clean = panel(page, SEEN, "estimate"), panel(page, SEEN, "clean")
    np.testing.assert_allclose(estimate, np.array(found["estimate"]).ravel(), atol=1e-3)
    letters = page.locator(f"{SEEN} [data-sum=noise] .noise-letters")
    expect(letters).to_have_text("ε\u0302 = s · x + a · v")
    assert letters.locator(".hatted").evaluate("one => getComputedStyle(one, '::before').content").startswith('"ˆ"')
    said = numbers(page.locator(f"{SEEN} [data-part=error]").inner_text())
    assert said[0] == pytest.approx(np.square(estimate - clean).mean(), rel=0.01)
    expect(page.locator(f"{SEEN} lente-chart")).to_be_visible()


def test_a_unit_of_it_opens_on_the_features_page(open_page: OpenPage) -> None:
    page = open_page("/en/diffusion?digit=7&noised=500&seenlabel=9&noiseseed=3")
    ready(page, SEEN)
    until(page, "() => document.querySelector('lente-diffusion-seen').found?.noised.clean.some((value) => value > 0)")
    page.locator(f"{SEEN} [data-do=units]").click()
    expect(page).to_have_url(re.compile(r"/en/features\?.*network=diffusion\.500\.9\.3"))
    expect(page.locator("lente-feature-grid").first).to_be_visible()
    expect(page.locator("select[data-field=network]")).to_have_value("diffusion.500.9.3")


def test_a_digit_comes_out_of_noise_and_each_step_adds_up(open_page: OpenPage, server: str) -> None:
    page = open_page("/en/diffusion?outlabel=3&outsteps=10&outseed=4&outkind=ancestral")
    ready(page, OUT)
    moment = page.locator(f"{OUT} [data-part=moment]")
    expect(moment).to_contain_text("10 of 10")
    images = np.array(ask(server, "/sample", labels=3, steps=10, seed=4, kind="ancestral")["images"]).ravel()
    np.testing.assert_allclose((panel(page, OUT, "after").clip(-1, 1) + 1) / 2, images, atol=1e-3)
    page.locator(f"{OUT} [data-do=back]").click()
    expect(moment).to_contain_text("9 of 10")
    after, next_a, estimate, kept, rest, sigma, fresh = numbers(
        page.locator(f"{OUT} [data-sum=after] output").inner_text()
    )
    assert after == pytest.approx(next_a * estimate + kept * rest + sigma * fresh, abs=1e-3)
    page.locator(f"{OUT} [data-part=moments]").press("Home")
    expect(moment).to_contain_text("1 of 10: from step 1000")
    expect(page).to_have_url(re.compile("moment=0"))


def test_sixteen_digits_form_at_once(open_page: OpenPage, server: str) -> None:
    page = open_page("/en/diffusion?outsteps=5")
    ready(page, OUT)
    page.locator(f"{OUT} [data-do=sixteen]").click()
    pictures = page.locator(f"{OUT} lente-pictures")
    expect(pictures).to_be_visible()
    expect(page.locator(f"{OUT} [data-do=sixteen]")).to_be_enabled()
    shown = np.array(page.evaluate(f"Array.from(document.querySelector('{OUT} lente-pictures').pictures)"))
    images = np.array(ask(server, "/sample", count=16, steps=5, seed=1)["images"]).ravel()
    np.testing.assert_allclose(shown, images, atol=0.01)


def test_a_seed_that_cannot_be_used_is_quoted_and_the_digit_stays(open_page: OpenPage) -> None:
    page = open_page("/en/diffusion?outsteps=2")
    ready(page, OUT)
    field = page.locator(f"{OUT} lente-number input")
    field.fill("-4")
    field.press("Enter")
    expect(page.locator(f"{OUT} [role=alert]")).to_contain_text("-4")
    assert "outseed" not in page.url
