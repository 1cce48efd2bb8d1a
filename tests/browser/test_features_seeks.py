"""What a map looks for, and how little turns the answer, as somebody at the features page sees it."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_features import api

pytestmark = pytest.mark.slow

OpenPage = Callable[..., Page]
PATH = "/en/features?layer=stage2.block2.widen_relu&unit=5,9,9"


def test_the_page_opens_with_a_network_that_is_right_and_folds_its_layers(open_page: OpenPage, server: str) -> None:
    page = open_page("/en/features")
    expect(page.locator("[data-field=network]")).to_have_value("efficientnet_lite0")
    expect(page.locator(".verdict")).to_contain_text("a cat")
    first = api(server, "efficientnet_lite0/prediction/sample-cat")["classes"][0]
    expect(page.locator(f".class[data-class='{first['index']}'] .class-name")).to_have_text(first["name"])
    layers = api(server, "efficientnet_lite0")["layers"]
    assert len(layers) > 140
    assert page.locator("lente-feature-layers .layer").count() < 40
    block = page.locator("[data-block='stage4.block2']")
    block.click()
    page.locator("[data-layer='stage4.block2.widen_relu']").click()
    expect(page).to_have_url(re.compile(r"layer=stage4\.block2\.widen_relu"))
    page.locator("[data-field=kind]").select_option("addition")
    expect(page.locator("lente-feature-layers .layer")).to_have_count(9)


def test_a_map_is_asked_what_it_looks_for(open_page: OpenPage) -> None:
    page = open_page(PATH)
    page.locator("[data-do=seek]").click()
    dream = page.locator(".seeks-dream img")
    expect(dream).to_have_attribute("src", re.compile("^data:image/png"))
    page.locator("[data-part=photographs]").wait_for()
    values = [
        float(row.inner_text().replace("−", "-")) for row in page.locator(".seeks [data-part] td:last-child").all()
    ]
    assert len(values) == 2
    patch = page.locator(".patch").first
    assert float(patch.locator(".figures").inner_text()) == pytest.approx(values[1], abs=0.02)
    unit, image = patch.get_attribute("data-unit"), patch.get_attribute("data-image")
    patch.click()
    expect(page).to_have_url(re.compile(f"unit={unit}"))
    page.wait_for_function(
        "value => Math.abs(document.querySelector('[data-channel-value]')?.dataset.channelValue - value) < 0.01",
        arg=values[1],
    )
    assert image


def test_a_dream_can_be_stopped(open_page: OpenPage) -> None:
    page = open_page(PATH.replace("stage2.block2.widen_relu&unit=5,9,9", "dense&unit=5"))
    page.locator("[data-do=seek]").click()
    page.locator(".seeks-dream [data-do=stop]").click()
    expect(page.locator(".seeks-dream [data-state=stopped]")).to_be_visible()


def test_a_small_nudge_turns_the_answer(open_page: OpenPage) -> None:
    page = open_page("/en/features")
    page.locator("[data-do=smallest]").click()
    expect(page.locator("lente-feature-nudge [data-turned=true]")).to_contain_text("instead of")
    assert page.locator(".nudge img").count() == 3
    assert float(page.locator("lente-feature-nudge label output").inner_text()) < 4


def test_a_class_is_found_without_accents(open_page: OpenPage) -> None:
    page = open_page("/es/caracteristicas")
    field: Any = page.locator("lente-feature-why lente-class-picker input")
    field.click()
    field.press_sequentially("cafe exp")
    page.locator("lente-feature-why [data-class='967']").click()
    expect(page).to_have_url(re.compile("class=967"))
    expect(field).to_have_value("café exprés")
