"""Until an answer is there, the words beside the one that is shown are about the question that it answers."""

import re
from typing import NamedTuple

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import OpenPage
from tests.browser.test_features_studies import open_at


class Case(NamedTuple):
    """A part of a page that says what it is about, at `first` and after `press`, which asks `address`."""

    path: str
    exhibit: str
    part: str
    first: str
    press: str
    address: str
    says: str


PHOTO = "/en/features?network=photo_cnn&layer=block2.conv1&unit=3,10,14"
LAYER = ".layers [data-layer='block3.conv1']"
MAPS = "/activations.*channel="
MAP = "block2.conv1, map 3"
CASES = {
    "blame": Case(PHOTO, "lente-feature-blame", ".blame-columns", MAP, LAYER, "/blame", "block3.conv1"),
    "two photos": Case(PHOTO, "lente-feature-two", "lente-feature-two h3", MAP, LAYER, MAPS, "block3.conv1"),
    "surgery": Case(
        PHOTO, "lente-feature-surgery", "lente-feature-surgery h3 >> nth=0", MAP, LAYER, MAPS, "block3.conv1"
    ),
    "one unit": Case(
        "/en/learning", "lente-one-step", ".step-unit", "pool1", ".step-walk >> nth=0", "/gradients/unit", "conv2"
    ),
    "told": Case(
        "/en/diffusion", "lente-diffusion-told", ".told-pictures", "told 8", ".told-exhibit [data-label='3']", "/look",
        "told 3",
    ),
}  # fmt: skip


class Held:
    """What the page asks of an address, without an answer until it is released."""

    def __init__(self, page: Page, address: str) -> None:
        self.routes: list[Route] = []
        self.released = False
        page.route(re.compile(address), self.hold)

    def hold(self, route: Route) -> None:
        if self.released:
            route.continue_()
        else:
            self.routes.append(route)

    def wait_for(self, page: Page, count: int = 1) -> None:
        for _ in range(3000):
            if len(self.routes) >= count:
                return
            page.wait_for_timeout(20)
        pytest.fail(f"{len(self.routes)} asked, {count} expected")

    def release(self) -> None:
        self.released = True
        for route in self.routes:
            route.continue_()


def test_until_the_answer_is_there_the_words_are_those_of_the_answer_that_is_shown(open_page: OpenPage) -> None:
    """The score of one question never stands behind the words of another."""
    page = open_at(open_page, "method=saliency&layer=block2.conv1&unit=3,10,14&about=unit", "why")
    says = page.locator(".why-says")
    expect(says).to_contain_text("block2.conv1")
    before = says.inner_text()
    held = Held(page, "/attribution")
    choices = (("about", "map"), ("about", "square"), ("around", "7"), ("about", ""))
    for asked, (field, choice) in enumerate(choices, start=1):
        page.locator(f"[data-field={field}]").select_option(choice)
        held.wait_for(page, asked)
        expect(page.locator(".why-photo")).to_have_attribute("aria-busy", "true")
        assert says.inner_text() == before
    held.release()
    expect(says).to_contain_text("whose score is")


def test_a_picture_out_of_noise_keeps_its_seed_until_the_next_forms(open_page: OpenPage) -> None:
    page = open_at(open_page, "layer=block2.conv1&unit=3,10,14", "seeks")
    page.locator("[data-do=seek]").click()
    words = page.locator(".seeks-dream figcaption")
    expect(page.locator(".seeks")).to_have_attribute("aria-busy", "false")
    expect(words).to_have_text("A picture that map 3 looks for. Seed 0.")
    Held(page, "/visualisation")
    page.locator("[data-do=seed]").click()
    page.locator("[data-do=opposite]").click()
    expect(page.locator(".seeks")).to_have_attribute("aria-busy", "true")
    expect(words).to_have_text("A picture that map 3 looks for. Seed 0.")


@pytest.mark.parametrize("case", CASES.values(), ids=list(CASES))
def test_the_words_change_with_the_answer_and_not_before(open_page: OpenPage, case: Case) -> None:
    page = open_page("/en/")
    page.route_web_socket(re.compile("/api/live"), lambda socket: socket.close())  # all over HTTP, which can be held
    page.goto(page.url.replace("/en/", case.path))
    page.locator(case.exhibit).scroll_into_view_if_needed()
    part = page.locator(case.part)
    expect(part).to_contain_text(case.first)
    page.wait_for_load_state("networkidle")
    before = part.inner_text()
    held = Held(page, case.address)
    page.locator(case.press).click()
    held.wait_for(page)
    page.wait_for_timeout(100)  # and is painted
    assert part.inner_text() == before
    held.release()
    expect(part).to_contain_text(case.says)
