"""Diffusion in the plane and against the VAE, touched, against PyTorch."""

import re

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from playwright.sync_api import Page, expect

from lente.models.diffusion import mixture
from lente.models.diffusion.schedule import Schedule
from lente.models.mnist import reader
from lente.models.networks import catalogue
from lente.models.networks.diffusion_plane import PlaneDiffusion
from lente.models.training.diffusion_plane import Velocity, answer, flow
from tests.browser.conftest import OpenPage, until

PLANE = "/en/embed/flow"
START = [-1.1, -1.5]


def numbers(text: str) -> list[float]:
    return [float(found.replace("−", "-")) for found in re.findall(r"[−-]?\d+(?:\.\d+)?", text)]


def network() -> PlaneDiffusion:
    found = catalogue.load("diffusion_plane")
    assert isinstance(found, PlaneDiffusion)
    return found


def velocity(whose: str) -> Velocity:
    own = network()
    points = own.points(catalogue.codes("vae_2d").mu)
    if whose == "best":
        return lambda x, a, s: mixture.velocity(x, points, a, s)
    return lambda x, a, s: answer(own, x, a, s)


def rows(page: Page) -> list[list[float]]:
    """The written sums: x, a, x0, s, noise of both axes."""
    table = page.locator(".flow-sum tr")
    expect(table).to_have_count(2)
    return [numbers(row) for row in table.all_inner_texts()]


@pytest.mark.parametrize("whose", ["network", "best"])
def test_the_point_ends_where_pytorch_sends_it(open_page: OpenPage, whose: str) -> None:
    page = open_page(f"{PLANE}?flowstep=0&arrows={whose}&flowstart={START[0]},{START[1]}")
    until(page, f"document.querySelector('lente-diffusion-plane').ways.get('{whose}')?.way.whole")
    end = flow(velocity(whose), torch.tensor([START]), Schedule.cosine())[0]
    expect(page.locator(".flow-sums")).to_contain_text("x = a · x₀ + s · ε")
    assert [row[0] for row in rows(page)] == pytest.approx(end.tolist(), abs=4e-3)
    points = network().points(catalogue.codes("vae_2d").mu)
    distance = torch.cdist(end[None], points).amin().item()
    assert numbers(page.locator(".flow-end").inner_text())[0] == pytest.approx(distance, abs=4e-3)


@pytest.mark.parametrize("step", [1000, 400, 40])
def test_the_written_sum_adds_up(open_page: OpenPage, step: int) -> None:
    page = open_page(f"{PLANE}?flowstep={step}")
    schedule = Schedule.cosine()
    for x, a, clean, s, noise in rows(page):
        assert a == pytest.approx(schedule.a[step].item(), abs=6e-4)
        assert s == pytest.approx(schedule.s[step].item(), abs=6e-4)
        assert a * clean + s * noise == pytest.approx(x, abs=4e-3)


def test_mouse_and_arrow_keys_move_the_start(open_page: OpenPage) -> None:
    page = open_page(f"{PLANE}?flowstep=0")
    before = rows(page)
    box = page.locator("lente-diffusion-plane lente-plane").bounding_box()
    assert box
    page.mouse.click(box["x"] + 0.75 * box["width"], box["y"] + 0.25 * box["height"])
    expect(page).to_have_url(re.compile("flowstart=1.7"))
    assert rows(page) != before
    page.keyboard.press("Shift+ArrowRight")
    expect(page).to_have_url(re.compile("flowstart=2"))


def test_a_finger_moves_the_start(open_page: OpenPage) -> None:
    page = open_page(PLANE, viewport={"width": 390, "height": 844}, has_touch=True)
    expect(page.locator(".flow-sum tr")).to_have_count(2)
    page.locator("lente-diffusion-plane lente-plane").tap(position={"x": 60, "y": 60})
    expect(page).to_have_url(re.compile("flowstart=-"))


def test_the_crowd_flows_to_the_map_and_is_decoded(open_page: OpenPage) -> None:
    page = open_page(f"{PLANE}?flowstep=1000")
    button = page.locator(".flow-steps button")
    slider = page.locator(".flow-steps input")
    button.click()
    expect(slider).to_have_value("0", timeout=120_000)
    expect(button).to_have_text("Play")
    x, y = page.evaluate("""() => {
        const { x, y } = document.querySelector("lente-diffusion-plane").crowd.at(50);
        return [Array.from(x), Array.from(y)];
    }""")
    ends = torch.tensor(list(zip(x, y, strict=True)), dtype=torch.float32)
    starts = page.evaluate("""() => {
        const { x, y } = document.querySelector("lente-diffusion-plane").crowd.at(0);
        return [Array.from(x), Array.from(y)];
    }""")
    expected = flow(velocity("network"), torch.tensor(starts, dtype=torch.float32).T, Schedule.cosine())
    torch.testing.assert_close(ends, expected, rtol=0, atol=0.02)
    decoded = page.evaluate("Array.from(document.querySelector('lente-diffusion-plane').decoded.pictures)")
    own = network()
    pictures = catalogue.load("vae_2d").decode(ends[:12] * own.std + own.mean)  # type: ignore[operator]
    np.testing.assert_allclose(np.reshape(decoded, (12, 784)), pictures.flatten(1), atol=1e-3)


def test_the_question_comes_first_and_the_figures_are_torchs(open_page: OpenPage) -> None:
    page = open_page("/en/embed/versus?rivalsteps=5")
    question = page.locator("lente-diffusion-versus lente-guess button")
    expect(question).to_have_count(2)
    expect(page.locator(".versus-panels")).to_have_count(0)
    question.first.click()
    figures = catalogue.card("diffusion").figures
    surer = figures["confidence_25_guidance_0"] > figures["confidence_vae_10d"]
    expect(page.locator(".guess-answer")).to_contain_text("those out of noise" if surer else "the VAE’s")
    last = page.locator(".versus-facts tbody").first.locator("tr").first.locator("td").last
    expect(last).to_have_text(re.compile(r"\d"), timeout=120_000)
    facts = [numbers(row.split("\t")[-1]) for row in page.locator(".versus-facts tbody").first.inner_text().split("\n")]
    digits = torch.from_numpy(reader.values(reader.digits(train=False).images[100:200]))[:, None]
    edges = torch.tensor([[0.0, 1, 0], [1, -4, 1], [0, 1, 0]])[None, None]
    sharpness = F.conv2d(digits, edges).flatten(1).var(1, correction=0).mean().item()
    sure, read = catalogue.load("digit_cnn")(digits).max(1)
    assert facts[0] == pytest.approx([sharpness], abs=6e-4)
    assert facts[1] == [len(set(read.tolist()))]
    assert facts[3] == pytest.approx([100 * sure.mean().item()], abs=0.06)


def test_a_chosen_digit_has_the_nearest_training_digit_beside_it(open_page: OpenPage) -> None:
    page = open_page("/en/embed/versus?rivalsteps=5&rival=0")
    panel = page.locator(".versus-panels section").first
    expect(panel.locator(".versus-pair p")).to_contain_text("apart", timeout=60_000)
    panel.locator("lente-pictures canvas").first.click(position={"x": 5, "y": 60})
    pair = "Array.from(document.querySelectorAll('section:first-child > .versus-pair > lente-pictures')[{}].pictures)"
    picture, beside = (page.evaluate(pair.format(place)) for place in (0, 1))
    learned = torch.from_numpy(reader.values(reader.digits(train=True).images)).flatten(1)
    far = torch.cdist(torch.tensor([picture]), learned)[0] / 28
    assert numbers(panel.locator(".versus-pair p").inner_text())[0] == pytest.approx(far.min().item(), abs=1e-3)
    np.testing.assert_allclose(beside, learned[far.argmin()], atol=1e-6)
