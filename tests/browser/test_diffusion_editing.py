"""Told what to draw, from a scribble, fill in, between two digits: by hand, against the server, numpy and scipy."""

import io
import json
import re
import urllib.request
from typing import Any

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Page, expect
from safetensors.numpy import load
from scipy.spatial.distance import pdist

from tests.browser.conftest import PATIENCE_MS, OpenPage, until

REST = """(id) => {
  const exhibit = document.querySelector(`lente-diffusion-${id}`);
  return exhibit !== null && exhibit.querySelector(".waiting, [aria-busy=true]") === null
    && ["drawn", "sheet", "forming"].every((name) => !exhibit[name]?.busy);
}"""


def at_rest(page: Page, name: str) -> None:
    """Until the exhibit has come near and all that forms has formed."""
    page.locator(f"lente-diffusion-{name}").scroll_into_view_if_needed()
    until(page, REST, name, seconds=3 * PATIENCE_MS / 1000)


def numbers(page: Page, name: str, expression: str) -> np.ndarray:
    """Numbers of an exhibit, (N, 784)."""
    found = page.evaluate(f"((one) => Array.from({expression}))(document.querySelector('lente-diffusion-{name}'))")
    return np.array(found).reshape(-1, 784)


def asked(server: str, path: str, body: dict[str, Any] | None = None) -> dict[str, np.ndarray]:
    request = urllib.request.Request(f"{server}/api/{path}", headers={"Accept": "application/vnd.safetensors"})
    if body is not None:
        request.data = json.dumps(body).encode()
        request.add_header("Content-Type", "application/json")
    with urllib.request.urlopen(request) as answer:
        return load(answer.read())


def figure(text: str) -> float:
    found = re.findall(r"\d+\.\d+", text)
    assert len(found) == 1, text
    return float(found[0])


def stroke(page: Page, pad: str, *points: tuple[float, float]) -> None:
    """A stroke through points in shares of a pad."""
    canvas = page.locator(f"{pad} canvas")
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    assert box is not None
    places = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in points]
    page.mouse.move(*places[0])
    page.mouse.down()
    for place in places[1:]:
        page.mouse.move(*place, steps=6)
    page.mouse.up()


def test_what_is_rubbed_out_is_filled_in_and_the_rest_stays(open_page: OpenPage, server: str) -> None:
    page = open_page("/en/diffusion?filldigit=3")
    at_rest(page, "fill")
    digit = asked(server, "latent/digits/3")["images"].reshape(784)
    rubbed = numbers(page, "fill", "one.rubber.rubbed")[0] > 0
    assert 200 < rubbed.sum() < 600
    pictures = numbers(page, "fill", "one.pictures")
    assert pictures.shape == (8, 784)
    np.testing.assert_allclose(pictures[:, ~rubbed], np.tile(digit[~rubbed], (8, 1)), atol=1e-6)
    assert pdist(pictures[:, rubbed]).min() > 0
    page.get_by_role("button", name="Whole again").click()
    at_rest(page, "fill")
    np.testing.assert_allclose(numbers(page, "fill", "one.pictures"), np.tile(digit, (8, 1)), atol=1e-6)
    stroke(page, "lente-rubber", (0.2, 0.5), (0.8, 0.5))
    at_rest(page, "fill")
    again = numbers(page, "fill", "one.rubber.rubbed")[0].reshape(28, 28) > 0
    assert again[14, 8:20].all()
    assert not again[:10].any()
    told = page.locator("lente-diffusion-fill [data-figure=likeness]").inner_text().replace("\xa0", " ")
    read = "one.pictures.length / 784 }, (_, i) => one.read(one.pictures.subarray(784 * i, 784 * i + 784)).judged)"
    judged = page.evaluate(f"((one) => Array.from({{ length: {read})(document.querySelector('lente-diffusion-fill'))")
    assert figure(told) == pytest.approx(100 * np.mean(judged), abs=0.06)
    page.reload()
    at_rest(page, "fill")
    assert (numbers(page, "fill", "one.rubber.rubbed")[0].reshape(28, 28) > 0).tolist() == again.tolist()


def test_a_number_that_no_test_digit_has_is_quoted_and_nothing_is_lost(open_page: OpenPage) -> None:
    page = open_page("/en/diffusion")
    at_rest(page, "fill")
    before = numbers(page, "fill", "one.pictures")
    field = page.locator("lente-diffusion-fill").get_by_label("Test digit")
    for typed, said in (("10000", "10000 is out of reach, accepted are 0 to 9999"), ("two", "“two” is not a number")):
        field.fill(typed)
        field.press("Enter")
        expect(page.locator("lente-diffusion-fill [role=alert]")).to_contain_text(said)
    np.testing.assert_array_equal(numbers(page, "fill", "one.pictures"), before)


def test_guidance_walks_from_what_is_found_untold_past_what_is_found_told(open_page: OpenPage, server: str) -> None:
    page = open_page("/en/diffusion?asked=5&guidance=3&toldstep=10")
    at_rest(page, "told")
    until(page, "document.querySelector('lente-diffusion-told').both?.guidance === 3")
    x = numbers(page, "told", "one.both.x").reshape(1, 28, 28).tolist()
    step = page.evaluate("document.querySelector('lente-diffusion-told').both.step")
    for guidance, label, name in ((3, 5, "guided"), (1, 5, "told"), (1, 10, "untold")):
        seen = asked(server, "diffusion/look", {"x": x, "step": step, "labels": label, "guidance": guidance})
        np.testing.assert_allclose(numbers(page, "told", f"one.both.{name}")[0], seen["noise"].ravel(), atol=2e-3)
    for _ in range(4):
        page.get_by_label("Guidance", exact=True).press("ArrowRight")
    expect(page).to_have_url(re.compile("guidance=5(&|$)"))
    at_rest(page, "told")
    until(page, "document.querySelector('lente-diffusion-told').both?.guidance === 5")
    told = page.locator("lente-diffusion-told .told-sum").inner_text().replace("−", "-")
    found = re.search(r"\(?(-?[\d.]+)\)? \+ 5 · \((-?[\d.]+) - \(?(-?[\d.]+)\)?\) = (-?[\d.]+)", told)
    assert found is not None, told
    untold, aware, same, total = map(float, found.groups())
    assert untold == same
    assert total == pytest.approx(untold + 5 * (aware - untold), abs=2e-3)


def test_each_row_of_guidances_says_how_far_its_pictures_are_apart(open_page: OpenPage) -> None:
    page = open_page("/en/diffusion")
    at_rest(page, "told")
    figures = page.locator("lente-diffusion-told [data-figure=apart]")
    expect(figures).to_have_count(5)
    for row in range(5):
        pictures = numbers(page, "told", f"one.rows[{row}]")
        assert float(figures.nth(row).inner_text()) == pytest.approx(pdist(pictures).mean() / 28, abs=6e-4)


def test_the_distance_from_the_scribble_is_told_and_a_drawing_by_hand_changes_it(open_page: OpenPage) -> None:
    page = open_page("/en/diffusion?scribblestart=400")
    at_rest(page, "scribble")
    exhibit = page.locator("lente-diffusion-scribble")
    page.locator("lente-drawing[kept=scribble]").get_by_role("button", name="Clear").click()
    stroke(page, "lente-drawing[kept=scribble]", (0.5, 0.15), (0.5, 0.85))
    stroke(page, "lente-drawing[kept=scribble]", (0.3, 0.85), (0.7, 0.85))
    at_rest(page, "scribble")
    drawing = numbers(page, "scribble", "one.drawing")[0]
    assert drawing.max() > 0.9
    made = numbers(page, "scribble", "one.made.picture")[0]
    wanted = np.sqrt(np.square(drawing - made).mean())
    assert figure(exhibit.locator("[data-figure=apart]").inner_text()) == pytest.approx(wanted, abs=6e-4)
    row = exhibit.locator("[data-figure=row]")
    expect(row).to_have_count(5)
    for i in range(5):
        away = np.sqrt(np.square(drawing - numbers(page, "scribble", f"one.row[{i}]")[0]).mean())
        assert float(row.nth(i).inner_text()) == pytest.approx(away, abs=6e-4)
    np.testing.assert_allclose(made, numbers(page, "scribble", "one.row[1]")[0], atol=1e-5)
    page.reload()
    at_rest(page, "scribble")
    np.testing.assert_array_equal(numbers(page, "scribble", "one.drawing")[0], drawing)


def test_between_two_seeds_the_arc_keeps_the_spread_and_the_film_has_every_picture(open_page: OpenPage) -> None:
    page = open_page("/en/diffusion?ends=3,8")
    at_rest(page, "between")
    for i, way in enumerate(("arc", "straight")):
        noise = numbers(page, "between", f"one.strips[{i}].noise")
        assert noise.shape == (21, 784)
        told = page.locator(f"lente-diffusion-between [data-way={way}] output").first.inner_text()
        assert figure(told) == pytest.approx(noise[10].std(), abs=6e-4)
    page.get_by_label("From the first noise to the second").press("Home")
    first = page.locator("lente-diffusion-between [data-way] output:first-of-type")
    assert figure(first.nth(0).inner_text()) == figure(first.nth(1).inner_text())
    with page.expect_download() as download:
        page.get_by_role("button", name="Film as GIF").click()
    with open(download.value.path(), "rb") as file:
        film = Image.open(io.BytesIO(file.read()))
    assert (film.format, film.n_frames) == ("GIF", 40)  # type: ignore[attr-defined]


def test_two_test_digits_come_out_of_their_own_noise(open_page: OpenPage, server: str) -> None:
    page = open_page("/en/diffusion?endkind=digits&ends=0,18")
    at_rest(page, "between")
    ends = asked(server, "latent/digits/0,18")["images"].reshape(2, 784)
    found = numbers(page, "between", "one.strips[0].pictures")[[0, 20]]
    away = np.sqrt(np.square(found - ends).mean(1))
    assert (away < np.sqrt(np.square(found - ends[::-1]).mean(1))).all(), away
    field = page.locator("lente-diffusion-between").get_by_role("textbox", name="From")
    field.fill("10000")
    field.press("Enter")
    expect(page.locator("lente-diffusion-between [role=alert]")).to_contain_text("10000 is out of reach")


def test_what_is_hidden_is_gone_and_the_exhibits_stay(open_page: OpenPage) -> None:
    hidden = {
        "told": ("told-controls",),
        "scribble": ("scribble-pad", "scribble-controls"),
        "fill": ("fill-controls",),
        "between": ("between-controls", "export"),
    }
    page = open_page("/en/diffusion?hide=" + ",".join(name for names in hidden.values() for name in names))
    for exhibit, names in hidden.items():
        at_rest(page, exhibit)
        for name in names:
            control = page.locator(f"#{exhibit} [data-hideable={name}]").first
            expect(control).to_be_attached()
            expect(control).to_be_hidden()
        expect(page.locator(f"lente-diffusion-{exhibit}")).to_be_visible()
