"""Beneath the maps of the features page: why, what if, which maps, two photos, a layer to take away."""

import io
import json
import re
from pathlib import Path
from typing import Any
from urllib.parse import quote
from urllib.request import Request, urlopen

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Locator, Page, expect

from lente.models.networks import catalogue
from tests.browser.conftest import OpenPage

PATH = "/en/features?network=photo_cnn"
PHOTO = "photo_cnn/{}/sample-cat"
PATIENCE_SECONDS = 20


def api(server: str, path: str, timeout: float = 120) -> Any:
    request = Request(f"{server}/api/networks/{path}", headers={"Accept": "application/json"})
    with urlopen(request, timeout=timeout) as answer:
        return json.load(answer)


def surgery(*edits: dict[str, Any]) -> str:
    return quote(json.dumps(edits))


def number(text: str) -> float:
    return float(text.replace("−", "-").removesuffix("%"))


@pytest.fixture(scope="module", autouse=True)
def captum(server: str) -> None:
    """The server imports captum when it is first asked why: seconds."""
    api(server, PHOTO.format("attribution") + "?method=saliency")


def open_at(open_page: OpenPage, query: str, part: str, **options: Any) -> Page:
    """The page, scrolled to one of its parts: what lies far below loads later."""
    page = open_page(f"{PATH}&{query}", **options)
    page.locator(f"lente-feature-{part}").scroll_into_view_if_needed()
    return page


def legend_end(page: Page, inside: str) -> Locator:
    return page.locator(f"{inside} lente-legend span").nth(1)


def value(page: Page, inside: str, part: str) -> Locator:
    return page.locator(f"{inside} [data-part={part}] output")


def point(page: Page, inside: str, part: str, row: int, column: int, side: int) -> None:
    """Moves the mouse to a place of one of three maps."""
    map_ = page.locator(f"{inside} [data-part={part}] lente-map")
    map_.scroll_into_view_if_needed()
    box = map_.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + (column + 0.5) / side * box["width"], box["y"] + (row + 0.5) / side * box["height"])


def type_number(page: Page, field: str, text: str) -> None:
    page.locator(f"[data-field={field}] input").click()
    page.keyboard.press("ControlOrMeta+A")
    page.keyboard.type(text)


def test_grad_cam_of_any_layer_for_any_class(open_page: OpenPage, server: str) -> None:
    page = open_at(open_page, "method=grad_cam", "why")
    says = page.locator(".why-says")
    expect(says).to_contain_text("block4.relu2")
    page.locator("[data-field=class]").select_option("2")
    page.locator("[data-field=camlayer]").select_option("block2.relu2")
    made = api(server, PHOTO.format("attribution") + "?method=grad_cam&class=2&layer=block2.relu2")
    expect(says).to_contain_text(re.compile(rf"For church, whose score is .?{abs(made['logit']):.3f}\. block2\.relu2"))
    end = np.abs(made["attribution"]).max()
    assert number(legend_end(page, ".why-legend").inner_text()) == pytest.approx(end, rel=6e-3)
    expect(page).to_have_url(re.compile("camlayer=block2.relu2.*class=2"))


def test_integrated_gradients_say_what_they_leave_over(open_page: OpenPage, server: str) -> None:
    page = open_at(open_page, "method=integrated_gradients", "why")
    page.locator("[data-field=baseline]").select_option("white")
    expect(page.locator(".why-says")).to_contain_text("that of the white picture")
    made = api(server, PHOTO.format("attribution") + "?method=integrated_gradients&baseline=white")
    told = page.locator("[data-delta]")
    assert number(re.search(r"delta: (\S+),", told.inner_text()).group(1)) == pytest.approx(  # type: ignore[union-attr]
        made["convergence_delta"], abs=2e-3
    )


def test_occlusion_tells_how_far_it_is_and_stops(open_page: OpenPage, server: str) -> None:
    page = open_at(open_page, "method=occlusion&window=2", "why")  # sixteen thousand passes
    expect(page.locator(".long output")).to_have_text(re.compile(r"[1-9]\d* of 16\u202f130 passes"))
    assert int(page.get_by_role("progressbar").get_attribute("aria-valuenow") or 0) > 0
    page.locator("[data-do=stop]").press("Enter")
    expect(page.locator(".long output")).to_have_text(re.compile(r"Stopped after \d+ of 16\u202f130"))
    expect(page.locator("[data-do=again]")).to_be_focused()
    # The server has one thread for such work: it answers only if it has stopped.
    assert api(server, PHOTO.format("attribution") + "?method=saliency", PATIENCE_SECONDS)["signed"] is False
    page.locator("[data-field=window]").select_option("32")
    expect(page.locator(".long")).to_have_count(0)
    made = api(server, PHOTO.format("attribution") + "?method=occlusion&window=32")
    end = np.abs(made["attribution"]).max()
    assert number(legend_end(page, ".why-legend").inner_text()) == pytest.approx(end, rel=6e-3)


def test_random_weights_are_a_check(open_page: OpenPage, server: str) -> None:
    page = open_at(open_page, "method=grad_cam", "why")
    page.locator("[data-field=random]").focus()
    page.keyboard.press("Space")
    asked = PHOTO.format("attribution") + "?method=grad_cam"
    trained = api(server, asked)
    random = api(server, f"{asked}&randomise=true&class={trained['class']}")
    maps = [np.ravel(made["attribution"]) for made in (trained, random)]
    correlation = page.locator("[data-correlation]")
    expect(correlation).to_be_visible()
    told = number(correlation.get_attribute("data-correlation") or "")
    assert told == pytest.approx(np.corrcoef(*maps)[0, 1], abs=6e-3)
    expect(page).to_have_url(re.compile("random=1"))


def test_a_map_is_scaled_and_the_answer_follows(open_page: OpenPage, server: str) -> None:
    page = open_at(open_page, "layer=relu1&unit=17,33,54", "surgery")
    expect(page.locator("lente-feature-edits")).to_have_text("Nothing is changed yet.")
    type_number(page, "factor", "-2")
    edit = {"edit": "scale", "layer": "relu1", "channels": [17], "factor": -2}
    classes = api(server, f"{PHOTO.format('prediction')}?limit=10&surgery={surgery(edit)}")["classes"]
    most = max(classes, key=lambda one: abs(one["difference"]))
    told = page.locator("lente-feature-surgery .signed-bar").first
    expect(told).to_contain_text(most["name"])
    expect(told).to_contain_text(f"{100 * most['original']:.1f} → {100 * most['probability']:.1f} %")
    point(page, "lente-feature-surgery", "second", 33, 54, 64)
    before = api(server, f"{PHOTO.format('activations')}?layer=relu1&channel=17")["relu1"][0][0][33][54]
    for part, wanted in (("first", before), ("second", -2 * before), ("more", -3 * before)):
        assert number(value(page, "lente-feature-surgery", part).inner_text()) == pytest.approx(wanted, abs=6e-5)
    expect(page.locator(".edits li")).to_have_text(re.compile("relu1: map 17 times −2"))
    expect(page).to_have_url(re.compile("edits=scale%7Erelu1%7E17%7E-2|edits=scale~relu1~17~-2"))


def test_changes_are_taken_back_one_by_one_or_all(open_page: OpenPage, server: str) -> None:
    page = open_at(open_page, "layer=block1.add&unit=3,4,5&edits=scale~relu1~17~3!swap~relu1~0~1", "surgery")
    items = page.locator(".edits li")
    expect(items).to_have_count(2)
    edits = [
        {"edit": "scale", "layer": "relu1", "channels": [17], "factor": 3},
        {"edit": "swap", "layer": "relu1", "channels": [0, 1]},
    ]
    asked = f"{PHOTO.format('activations')}?layer=block1.add&channel=3&difference=true&surgery="
    first = page.locator("lente-feature-surgery lente-legend").nth(1).locator("span").nth(1)
    for left in (edits, edits[:1]):
        far = np.abs(api(server, asked + surgery(*left))["block1.add"]).max()
        expect(first).to_have_text(f"{far:.3g}")
        items.last.get_by_role("button").focus()
        page.keyboard.press("Enter")
    expect(page.locator("lente-feature-surgery .triple-says")).to_have_text("The same everywhere.")
    page.locator("[data-do=mute-map]").click()
    page.locator("[data-field=other] input").fill("9")
    page.locator("[data-do=swap]").click()
    expect(items).to_have_text([re.compile("maps 3 and 9 have changed places"), re.compile("map 3 switched off")])
    page.locator("[data-do=undo-all]").click()
    expect(items).to_have_count(0)
    expect(page).not_to_have_url(re.compile("edits|muted"))


def test_a_kernel_is_changed_by_hand(open_page: OpenPage, server: str) -> None:
    page = open_at(open_page, "layer=conv1&unit=3,5,5", "surgery")
    page.locator("[data-field=slice]").select_option("1")
    weights = np.array(api(server, "photo_cnn/kernels/conv1")["weight"])[3, 1]
    map_ = page.locator(".slice-map")
    map_.scroll_into_view_if_needed()
    box = map_.bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + 2.5 / 7 * box["width"], box["y"] + 1.5 / 7 * box["height"])
    expect(page.locator(".slice-weight")).to_contain_text("row 2, column 3")
    type_number(page, "weight", "0.75")
    weights[1, 2] = 0.75
    edit = {"edit": "kernel", "layer": "conv1", "output": 3, "input": 1, "values": weights.tolist()}
    asked = f"{PHOTO.format('activations')}?layer=conv1&channel=3&surgery={surgery(edit)}"
    wanted = api(server, asked)["conv1"][0][0]
    point(page, "lente-feature-surgery", "second", 8, 30, 64)
    second = value(page, "lente-feature-surgery", "second")
    expect(second).to_have_text(f"{wanted[8][30]:.4f}".replace("-", "−"))
    page.get_by_text("Write the numbers yourself").click()
    field = page.locator("lente-feature-slice textarea")
    field.fill("1 2\n3 4")
    field.press("Control+Enter")
    expect(page.locator("lente-feature-slice [role=alert]")).to_contain_text("7 × 7 weights; yours are 2 × 2")
    page.locator("[data-do=zero]").click()
    expect(page.locator("lente-feature-slice [role=alert]")).to_have_count(0)
    expect(page).to_have_url(re.compile(r"edits=kernel.*conv1.*(0,){6}0"))


def test_the_maps_that_carry_a_class(open_page: OpenPage, server: str) -> None:
    page = open_at(open_page, "layer=relu1&unit=0,5,5&class=4", "carriers")
    page.locator("[data-do=ablate]").press("Enter")
    made = api(server, f"{PHOTO.format('ablation')}?layer=relu1&class=4")
    best = int(np.argmax(made["logit"]))
    bars = page.locator("lente-feature-carriers .signed-bar")
    expect(bars.first).to_contain_text(f"map {best}")
    expect(bars.first).to_contain_text(f"{made['logit'][best]:.2f} ({100 * made['probability'][best]:.1f} points)")
    expect(page.locator("[data-result].carriers")).to_be_focused()
    bars.first.click()
    expect(page).to_have_url(re.compile(rf"unit={best},"))
    expect(bars.first).to_have_attribute("aria-pressed", "true")
    expect(page.locator(".channel-head h2")).to_have_text(f"relu1, map {best}")


def test_what_comes_back_in_training_is_a_sum(open_page: OpenPage, server: str) -> None:
    page = open_at(open_page, "layer=conv1&unit=3,10,12&said=4", "blame")
    shown = page.locator("[data-part=blame-weight]")
    expect(shown).to_be_visible()
    asked = f"{PHOTO.format('blame')}?layer=conv1&channel=3&class=4"
    made = api(server, asked)
    assert number(shown.inner_text()) == pytest.approx(made["weight"]["total"], rel=0.01)
    assert number(page.locator("[data-part=blame-unit]").inner_text()) == pytest.approx(made["sum"]["total"], rel=0.01)
    page.locator("[data-part=blame-kernel]").click(position={"x": 8, "y": 8})
    corner = api(server, f"{asked}&weight=3,{made['index'][1]},0,0")["weight"]["total"]
    expect(shown).not_to_have_text(f"{made['weight']['total']:.3g}".replace("-", "−"))
    assert number(shown.inner_text()) == pytest.approx(corner, rel=0.01)
    page.locator("lente-feature-blame [data-field=said]").click()
    page.locator("lente-feature-blame [role=option]").first.click()
    expect(page).not_to_have_url(re.compile("said="))


def test_a_question_that_cannot_be_answered_says_why(open_page: OpenPage) -> None:
    page = open_at(open_page, "method=saliency&class=10", "why", refused=422)
    expect(page.locator("lente-feature-why [role=alert]")).to_have_text(
        "class 10 does not exist: from 0 to 9 are accepted."
    )
    page.locator("[data-field=class]").select_option("1")
    expect(page.locator(".why-says")).to_contain_text("For chain saw")
    expect(page.locator("lente-feature-why [role=alert]")).to_have_count(0)


def test_two_photos_on_one_scale(open_page: OpenPage, server: str) -> None:
    page = open_at(open_page, "layer=block1.add&unit=3,4,5", "two")
    page.locator("[data-second=sample-rocket]").click()
    expect(page).to_have_url(re.compile("second=sample-rocket"))
    inside = "lente-feature-two"
    asked = "photo_cnn/activations/{}?layer=block1.add&channel=3"
    cat, rocket = (
        np.array(api(server, asked.format(image))["block1.add"][0][0]) for image in ("sample-cat", "sample-rocket")
    )
    expect(legend_end(page, inside)).to_have_text(f"{np.abs([cat, rocket]).max():.3g}")
    point(page, inside, "first", 10, 20, 32)
    for part, wanted in (("first", cat), ("second", rocket), ("more", rocket - cat)):
        assert number(value(page, inside, part).inner_text()) == pytest.approx(wanted[10, 20], abs=6e-5)
    expect(page.locator(".channel-value span")).to_have_text("row 10, column 20")
    first = api(server, "photo_cnn/prediction/sample-rocket")["classes"][0]
    expect(page.locator(".two-says").nth(1)).to_contain_text(f"{first['name']}, {100 * first['probability']:.1f} %")
    page.locator("[data-do=exchange]").click()
    expect(page).to_have_url(re.compile("image=sample-rocket.*second=sample-cat"))
    expect(value(page, inside, "first")).not_to_be_empty()


def test_a_layer_is_taken_away(open_page: OpenPage, server: str) -> None:
    page = open_at(
        open_page, "layer=relu1&unit=17,33,54&edits=scale~relu1~17~3", "export", permissions=["clipboard-read"]
    )
    edit = surgery({"edit": "scale", "layer": "relu1", "channels": [17], "factor": 3})
    lines = page.locator("lente-feature-export textarea")
    code = api(server, f"{PHOTO.format('manifest')}?layer=relu1&surgery={edit}")["code"].rstrip()
    expect(lines).to_have_value(code)
    page.locator("[data-do=copy]").click()
    expect(page.get_by_text("Copied.")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == code
    kept = {}
    for name in ("NPZ", "picture.png", "This map (PNG)", "All maps (PNG)"):
        with page.expect_download() as download:
            page.locator("lente-feature-export").get_by_text(name, exact=True).click()
        kept[name] = Path(download.value.path()).read_bytes()
    with np.load(io.BytesIO(kept["NPZ"])) as numbers:
        assert json.loads(str(numbers["manifest"]))["code"].rstrip() == code
        assert numbers["relu1"].shape == (1, 32, 64, 64)
    assert Image.open(io.BytesIO(kept["picture.png"])).size == (451, 300)
    one = np.asarray(Image.open(io.BytesIO(kept["This map (PNG)"])))
    assert one.shape[1] == 64 * 25 + 2 * 24
    squares = one[56 : 56 + 1600, 24 : 24 + 1600].reshape(64, 25, 64, 25, -1)
    assert (squares == squares[:, :1, :, :1]).all()  # whole squares, never smoothed
    assert len(np.unique(squares[:, 0, :, 0], axis=None)) > 30
    sheet = Image.open(io.BytesIO(kept["All maps (PNG)"]))
    assert sheet.width <= 1600 + 2 * 24


def test_a_phone_in_spanish(open_page: OpenPage, server: str) -> None:
    page = open_page(
        "/es/caracteristicas?network=photo_cnn&layer=relu1&unit=17,33,54",
        viewport={"width": 360, "height": 740},
        has_touch=True,
    )
    page.locator("lente-feature-surgery").scroll_into_view_if_needed()
    page.locator("[data-do=mute-map]").tap()
    expect(page.locator(".edits li")).to_have_text(re.compile("relu1: mapa 17 apagado"))
    edit = surgery({"edit": "mute", "layer": "relu1", "channels": [17]})
    classes = api(server, f"{PHOTO.format('prediction')}?limit=10&surgery={edit}")["classes"]
    most = max(classes, key=lambda one: abs(one["difference"]))
    expect(page.locator("lente-feature-surgery .signed-bar").first).to_contain_text(
        f"→ {100 * most['probability']:.1f} %"
    )
    page.locator("[data-method=saliency]").tap()
    expect(page.locator(".why-says")).to_contain_text("puntuación")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_the_groups_are_those_of_the_card_and_mark_this_pictures(open_page: OpenPage, server: str) -> None:
    card = json.loads((catalogue.FOLDER / "photo_cnn.json").read_text(encoding="utf-8"))
    count, sure, right = (np.array(card["reliability"][name]) for name in ("count", "confidence", "right"))
    assert card["figures"]["test_pictures"] == count.sum()
    page = open_at(open_page, "image=sample-coffee", "reliability")
    rows = page.locator(".reliability tbody tr")
    for row, n, share in zip(rows.all(), count, right, strict=True):
        cells = row.locator("td").all_inner_texts()
        assert cells[2].replace("\u202f", "") == str(n)
        assert cells[1].replace("\u00a0", " ") == (f"{100 * share:.1f} %" if n else "–")
    gap = 100 * (count * abs(right - sure)).sum() / count.sum()
    expect(page.locator("[data-part=error]")).to_contain_text(f"lie {gap:.1f} points apart")
    confidence = api(server, "photo_cnn/prediction/sample-coffee")["confidence"]
    place = min(int(confidence * 10), 9)
    expect(rows.nth(place)).to_have_attribute("data-here", "true")
    expect(page.locator(".reliability [data-here=true]")).to_have_count(1)
    said = page.locator("[data-part=here]")
    expect(said).to_contain_text(f"{100 * confidence:.1f} % sure. Of the {count[place]} photographs")
    expect(said).to_contain_text(f"{100 * right[place]:.1f} % were right")
    expect(page.locator("[data-part=changed]")).to_have_count(0)
    page.locator("[data-do=mute]").click()
    expect(page.locator("[data-part=changed]")).to_contain_text("Yours is changed")


def test_a_group_without_photographs_says_so(open_page: OpenPage) -> None:
    noise = np.random.default_rng(0).integers(0, 256, (160, 160, 3), np.uint8)
    file = io.BytesIO()
    Image.fromarray(noise).save(file, "PNG")
    page = open_page(PATH)
    picture = {"name": "noise.png", "mimeType": "image/png", "buffer": file.getvalue()}
    page.locator("input[type=file]").first.set_input_files(picture)
    expect(page.locator("[data-part=here]")).to_contain_text("Of no photograph was it 10 to 20 % sure.")


def test_a_square_of_a_map_is_asked_about_and_kept_in_the_address(open_page: OpenPage, server: str) -> None:
    page = open_at(open_page, "method=saliency&layer=block2.conv1&unit=3,10,14", "why")
    page.locator("[data-field=about]").select_option("square")
    page.locator("[data-field=around]").select_option("5")
    made = api(server, PHOTO.format("attribution") + "?method=saliency&target=block2.conv1@3,8:13,12:16")
    says = page.locator(".why-says")
    expect(says).to_contain_text(
        "For map 3 of block2.conv1, rows 8 to 12 and columns 12 to 15, whose numbers add up to"
    )
    assert number(says.inner_text().split()[-1].rstrip(".")) == pytest.approx(made["logit"], abs=6e-4)
    page.reload()
    page.locator("lente-feature-why").scroll_into_view_if_needed()
    expect(page.locator("[data-field=around]")).to_have_value("5")
    expect(says).to_contain_text("rows 8 to 12")
