"""The lesson: tasks done on the real pages, what is kept of them, and the handout."""

import re
from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import OpenPage, until

PATIENT = {"timeout": 20_000}
TENSORS = "/en/image?lesson=tensors&rank=3"


def choose_4d(page: Page) -> None:
    page.locator('[data-rank="4"]').click()


def pad_by_one(page: Page) -> None:
    page.get_by_label("Padding", exact=True).fill("1")
    page.keyboard.press("Enter")


def press_conv2(page: Page) -> None:
    until(page, "document.querySelector('lente-network-2d')?.activations != null")
    place = page.evaluate("""() => {
        const net = document.querySelector("lente-network-2d");
        const { x, top, cell } = net.layout.blocks.find(({ name }) => name === "conv2");
        const box = net.cells.getBoundingClientRect();
        return [box.left + x + 4.5 * cell, box.top + top + 2.5 * cell];
    }""")
    page.mouse.click(*place)


def choose_conv1(page: Page) -> None:
    page.locator("lente-feature-layers button", has_text="conv1").first.click(timeout=40_000)


def choose_two_numbers(page: Page) -> None:
    page.get_by_role("group", name="Numbers in the code").get_by_role("button", name="2", exact=True).click()


def go_to_the_ones(page: Page) -> None:
    numbers = page.locator("lente-latent-map lente-sliders input.exact")
    for place, value in enumerate(("0", "-2.5")):
        numbers.nth(place).fill(value)
        numbers.nth(place).press("Enter")


COUNT = 22  # steps
TASKS: list[tuple[str, str, str, Callable[[Page], None]]] = [
    ("tensors", "4", "(4, 3, 10, 10)", choose_4d),
    ("padding", "114", "5 × 60 − 113 − 73 = 114", pad_by_one),
    ("network", "250", "5 × 5 × 10 = 250", press_conv2),
    ("layer", "147", "7 × 7 × 3 = 147", choose_conv1),
    ("bottleneck", "392", "784 / 2 = 392", choose_two_numbers),
    ("latent", "1", "A 1, and no picture went in", go_to_the_ones),
]


@pytest.mark.parametrize(("name", "answer", "reveal", "task"), TASKS, ids=[task[0] for task in TASKS])
def test_a_step_is_predicted_done_and_understood(
    open_page: OpenPage, name: str, answer: str, reveal: str, task: Callable[[Page], None]
) -> None:
    page = open_page("/en/lesson")
    page.locator(f'.lesson-step[data-step="{name}"] a').click()
    panel = page.locator(".lesson-panel")
    panel.get_by_role("textbox").fill(answer)
    panel.get_by_role("button", name="I think so").click()
    expect(panel.locator('[data-part="reveal"]')).not_to_contain_text(reveal)
    task(page)
    expect(panel.locator(".task-state")).to_contain_text("Done", **PATIENT)  # type: ignore[arg-type]
    expect(panel.locator('[data-part="question"] strong')).to_have_text(f"Right: {answer}.")
    expect(panel.locator('[data-part="reveal"]')).to_contain_text(reveal)


def test_a_wrong_guess_is_told_and_nonsense_is_asked_again(open_page: OpenPage) -> None:
    page = open_page(TENSORS)
    panel = page.locator(".lesson-panel")
    panel.get_by_role("textbox").fill("many")
    panel.get_by_role("button", name="I think so").click()
    expect(panel.get_by_role("alert")).to_contain_text("“many” is not a number")
    panel.get_by_role("textbox").fill("5")
    panel.get_by_role("button", name="I think so").click()
    choose_4d(page)
    expect(panel.locator('[data-part="question"] strong')).to_have_text("You said 5; it is 4.")


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/en/image", "You said “White”; it is “Almost black”."),
        ("/es/imagen", "Has dicho «Blanca»; es «Casi negra»."),
        ("/fr/image", "Vous avez dit « Blanche » ; c'est « Presque noire »."),
    ],
)
def test_what_was_chosen_is_quoted_as_the_language_quotes(open_page: OpenPage, path: str, words: str) -> None:
    page = open_page(f"{path}?lesson=colour")
    panel = page.locator(".lesson-panel")
    panel.locator(".question-options button").nth(1).click()
    page.locator("lente-channels input").first.uncheck()
    expect(panel.locator('[data-part="question"] strong')).to_have_text(words)


def test_progress_and_picture_survive_and_can_be_forgotten(open_page: OpenPage) -> None:
    page = open_page(TENSORS)
    page.get_by_role("button", name="I don't know").click()
    choose_4d(page)
    expect(page.locator(".task-state")).to_contain_text("Done")
    until(page, "localStorage.getItem('lesson.picture.tensors') !== null")
    page.reload()
    expect(page.locator('[data-part="reveal"]')).to_contain_text("(4, 3, 10, 10)")
    page.locator(".lesson-home").click()
    step = page.locator('.lesson-step[data-step="tensors"]')
    expect(step).to_have_attribute("data-done", "true")
    until(page, "document.querySelector('.lesson-step img')?.naturalWidth > 300")
    expect(page.locator('[data-do="go"]')).to_contain_text("From 0–255 to 0–1")
    page.on("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="Begin anew").click()
    expect(step).to_have_attribute("data-done", "false")
    assert page.evaluate("Object.keys(localStorage).filter((key) => key.includes('picture'))") == []


def test_the_picture_shows_what_the_exhibit_showed(open_page: OpenPage) -> None:
    page = open_page("/en/convolution?lesson=kernel")
    page.locator('[data-stop="what"]').click()
    until(page, "localStorage.getItem('lesson.picture.kernel') !== null")
    colours = page.evaluate("""async () => {
        const picture = new Image();
        picture.src = localStorage.getItem("lesson.picture.kernel");
        await picture.decode();
        const canvas = new OffscreenCanvas(picture.width, picture.height);
        const context = canvas.getContext("2d");
        context.drawImage(picture, 0, 0);
        const { data } = context.getImageData(0, 0, picture.width, picture.height);
        const coarse = (i) => data.slice(4 * i, 4 * i + 3).map((value) => value >> 5).join();
        return new Set(Array.from({ length: data.length / 4 }, (_, i) => coarse(i))).size;
    }""")
    assert colours > 20, "input, kernel and output, each in its colours, and words"


def test_on_paper_there_are_questions_room_and_pictures_and_no_answers(open_page: OpenPage) -> None:
    page = open_page(TENSORS)
    choose_4d(page)
    until(page, "localStorage.getItem('lesson.picture.tensors') !== null")
    page.locator(".lesson-home").click()
    handout = page.locator("lente-handout")
    expect(handout).to_be_hidden()
    page.emulate_media(media="print")
    expect(handout.locator(".handout-step")).to_have_count(COUNT)
    expect(handout.locator(".handout-step").first).to_contain_text("How many numbers is the machine given?")
    expect(handout.locator("img")).to_have_count(1)
    expect(page.locator(".frame-head")).to_be_hidden()
    expect(page.locator(".lesson-screen")).to_be_hidden()
    expect(handout).not_to_contain_text("480 × 320 × 3 = 460 800")
    page.emulate_media(media="screen")
    page.get_by_label("Teacher's notes").check()
    page.emulate_media(media="print")
    expect(handout).to_contain_text("480 × 320 × 3 = 460 800")
    page.emulate_media(media="screen")
    page.reload()
    expect(page.get_by_label("Teacher's notes")).to_be_checked()


@pytest.mark.parametrize(("width", "height"), [(360, 740), (1920, 1080)])
def test_the_panel_lies_beside_the_page_and_not_on_it(open_page: OpenPage, width: int, height: int) -> None:
    page = open_page("/es/latente?lesson=latent&z=-2,2", viewport={"width": width, "height": height})
    expect(page.locator(".lesson-panel h2")).to_have_text("De copiar a generar")
    assert page.evaluate("document.documentElement.scrollWidth") == width
    until(page, """() => {
        scrollTo(0, document.body.scrollHeight);
        const panel = document.querySelector("lente-lesson-panel").getBoundingClientRect();
        const foot = document.querySelector(".frame-foot").getBoundingClientRect();
        return foot.right <= panel.left + 1 || foot.bottom <= panel.top + 1;
    }""")  # fmt: skip
    page.get_by_role("button", name="Plegar la lección").click()
    expect(page.locator(".lesson-parts")).to_be_hidden()


def test_steps_follow_one_another_and_an_unknown_one_is_none(open_page: OpenPage) -> None:
    page = open_page("/en/image?lesson=colour&image=sample-balls")
    page.get_by_role("link", name="Next: What does a convolution do?").click()
    page.wait_for_url(re.compile("/en/convolution.*lesson=kernel"))
    page.get_by_role("link", name="Back: Three tables make a colour").click()
    page.wait_for_url(re.compile("/en/image.*lesson=colour"))
    page.goto(page.url.replace("colour", "nothing"))
    expect(page.locator("lente-pixel-loupe")).to_be_visible()
    expect(page.locator(".lesson-panel")).to_have_count(0)
    assert page.evaluate("getComputedStyle(document.body).paddingBottom") == "0px"


def told(page: Page, steps: dict[str, float | None]) -> None:
    """As if these steps had been answered and done."""
    kept = {name: {"predicted": predicted, "done": True} for name, predicted in steps.items()}
    page.evaluate("(steps) => localStorage.setItem('lesson', JSON.stringify({ steps, last: 'scale' }))", kept)
    page.reload()


def test_a_part_is_assigned_counted_and_brought_to_its_end(open_page: OpenPage) -> None:
    page = open_page("/es/leccion")
    page.get_by_text("Asignar una parte").click()
    page.get_by_label("Pasos").fill("1, 2-3")
    page.locator(".assigned").click()
    page.wait_for_url(re.compile(r"/es/leccion[?]steps=1-3$"))
    expect(page.locator(".lesson-step")).to_have_count(3)
    expect(page.locator("lente-lesson-end")).to_have_count(0)
    page.locator('[data-step="scale"] a').click()
    expect(page.locator(".lesson-count")).to_have_text("3/3")
    expect(page.get_by_role("link", name="Terminar")).to_have_attribute("href", "/es/leccion?steps=1-3")
    told(page, {"pixels": 2, "tensors": 3, "scale": None})
    page.get_by_role("link", name="Terminar").click()
    end = page.locator("lente-lesson-end")
    expect(end.locator(".lesson-score")).to_have_text("Has acertado 1 de 3.")
    expect(end.locator('[data-result="right"] a')).to_have_text(["Una imagen es una tabla de números"])
    expect(end.locator('[data-result="again"] a')).to_have_count(2)
    expect(end.get_by_role("button", name="Imprimir")).to_be_visible()
    expect(end.get_by_role("link", name="Dibuja un dígito tuyo")).to_have_attribute("href", "/es/digitos")
    expect(page.locator('[data-do="go"]')).to_have_count(0)
    end.locator('[data-result="again"] a').first.click()
    expect(page.locator(".lesson-panel h2")).to_have_text("De un número a un tensor")
    expect(page.locator(".lesson-count")).to_have_text("1/2")
    expect(page.locator(".lesson-panel")).to_have_attribute("data-at", "question")


def test_an_assigned_part_has_the_address_that_the_class_can_reach(open_page: OpenPage) -> None:
    page = open_page("/es/leccion")
    asked: list[str] = []

    def reach(route: Route) -> None:
        path = parse_qs(urlsplit(route.request.url).query)["path"][0]
        asked.append(path)
        address = f"http://192.168.7.7:8000{path}"
        square = "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 1 1'></svg>"
        route.fulfill(json={"addresses": [address], "picture": square, "commands": []})

    page.route("**/share?*", reach)
    part = page.locator("lente-lesson-assign")
    part.locator("summary").click()
    expect(part.locator(".assigned")).to_have_text("http://192.168.7.7:8000/es/leccion?steps=1-6")
    part.get_by_label("Pasos").fill("7-9")
    expect(part.locator(".assigned")).to_have_attribute("href", "http://192.168.7.7:8000/es/leccion?steps=7-9")
    expect(part.locator("img")).to_have_attribute("alt", re.compile(r"192\.168\.7\.7:8000/es/leccion\?steps=7-9"))
    assert asked[-1] == "/es/leccion?steps=7-9"
    page.unroute("**/share?*")
    page.reload()
    part.locator("summary").click()
    expect(part.locator("code").first).to_contain_text("LAN")  # on this computer alone: what has to be done


@pytest.mark.parametrize("text", ["0-3", "seis", "5-1", "17-99"])
def test_a_part_that_names_no_steps_is_refused_where_it_was_asked_for(open_page: OpenPage, text: str) -> None:
    page = open_page(f"/en/lesson?steps={text}")
    refusal = f"“{text}” names no steps of this lesson. Write numbers from 1 to {COUNT}, such as 1-5 or 1,3,7-9."
    expect(page.locator(".lesson-screen > [role=alert]")).to_have_text(refusal)
    expect(page.locator(".lesson-step")).to_have_count(COUNT)
    page.get_by_text("Assign a part of it").click()
    page.get_by_label("Steps").fill(text)
    expect(page.locator(".lesson-assign [role=alert]")).to_have_text(refusal)
    expect(page.locator(".assigned")).to_have_count(0)
    page.get_by_label("Steps").fill("4")
    expect(page.locator(".assigned")).to_have_attribute("href", re.compile(r"/en/lesson[?]steps=4$"))
    page.goto(page.url.replace("/lesson?", "/image?lesson=scale&"))
    expect(page.locator(".lesson-panel [role=alert]")).to_have_text(refusal)
    expect(page.locator(".lesson-count")).to_have_text(f"3/{COUNT}")


def test_the_whole_lesson_has_an_end(open_page: OpenPage) -> None:
    page = open_page("/en/lesson")
    names = page.locator(".lesson-step").evaluate_all("(steps) => steps.map((step) => step.dataset.step)")
    told(page, dict.fromkeys(names, 1))
    end = page.locator("lente-lesson-end")
    expect(end.locator(".lesson-score")).to_have_text(f"4 of {COUNT} predicted right.")
    expect(end.locator('[data-result="right"] li')).to_have_count(4)
    expect(end.locator('[data-result="again"] li')).to_have_count(COUNT - 4)
