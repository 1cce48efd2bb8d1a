"""The learning page in a real browser, against what torch says."""

import re

import numpy as np
import pytest
import torch
from playwright.sync_api import Page, Route, WebSocketRoute, expect
from torch.nn import functional

from tests.browser.conftest import OpenPage, until

SOBEL = [1, 0, -1, 2, 0, -2, 1, 0, -1]


def number(page: Page, part: str) -> float:
    """The last number of a part of the page."""
    text = page.locator(f"[data-part={part}]").inner_text().replace("−", "-")
    return float(re.findall(r"-?[\d.]+(?:e[+-]\d+)?", text)[-1])


def kernel(page: Page, part: str) -> "np.ndarray[tuple[int], np.dtype[np.float64]]":
    return np.array(page.locator(f"lente-matrix[data-part={part}]").evaluate("one => [...one.values]"))


def test_the_kernel_ends_at_the_hidden_one(open_page: OpenPage) -> None:
    page = open_page("/en/learning?rate=0.12")
    page.locator("[data-do=fast]").click()
    expect(page.locator("[data-part=state]")).to_contain_text("arrived at the hidden kernel")
    assert np.allclose(kernel(page, "weights"), SOBEL, atol=0.005)
    page.locator("[data-do=show]").click()
    expect(page.locator("lente-one-kernel .kernel-weight input").nth(3)).to_have_value("2")


def test_a_weight_of_the_hidden_kernel_is_pointed_at_as_the_others_are(open_page: OpenPage) -> None:
    page = open_page("/en/learning?shownkernel=1")
    page.locator("lente-one-kernel .kernel-weight input").nth(5).hover()
    expect(page.get_by_role("heading", name="The weight in row 2, column 3")).to_be_visible()
    page.mouse.move(2, 2)
    expect(page.get_by_role("heading", name="The weight in row 2, column 3")).to_be_visible()


def faint(route: Route) -> None:
    """What a network that has all but learnt is told: every number has a power of ten."""
    answer = route.fetch().json()
    for term in answer["terms"]:
        term.update(input=term["input"] * 1e-10, product=term["product"] * 1e-10)
    route.fulfill(json=answer)


@pytest.mark.without_axe
def test_the_sums_of_a_step_are_no_wider_than_a_phone_on_the_whole_screen_too(open_page: OpenPage) -> None:
    page = open_page("/en/learning", viewport={"width": 390, "height": 844}, has_touch=True)
    page.route(re.compile("/api/learning/gradients/(unit|weight)"), faint)
    page.locator("#step").scroll_into_view_if_needed()
    expect(page.locator("#step .step-terms").first).to_contain_text("e−")
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    page.locator("#step .whole-screen button").click()
    until(page, "document.fullscreenElement !== null")
    assert page.evaluate("document.fullscreenElement.scrollWidth") == 390
    page.unroute_all(behavior="ignoreErrors")  # what is asked at the last moment


def test_what_is_written_out_is_autograds(open_page: OpenPage) -> None:
    """The gradient on the page, and the step after it, from the page's own picture and weights."""
    page = open_page("/es/aprendizaje?image=noise&rate=0.2")
    until(page, "document.querySelector('lente-one-kernel').seen !== null")
    told = page.evaluate("""() => {
        const { picture, kernel, place } = document.querySelector('lente-one-kernel');
        return { picture: [...picture.data], kernel: [...kernel], place };
    }""")
    x = torch.tensor(told["picture"], dtype=torch.float64).reshape(1, 1, 34, 34)
    own = torch.tensor(told["kernel"], dtype=torch.float64).reshape(1, 1, 3, 3).requires_grad_()
    wanted = functional.conv2d(x, torch.tensor(SOBEL, dtype=torch.float64).reshape(1, 1, 3, 3))
    made = functional.conv2d(x, own)
    functional.mse_loss(made, wanted).backward()  # type: ignore[no-untyped-call]
    assert own.grad is not None
    gradient = own.grad.flatten().numpy()
    assert np.allclose(kernel(page, "gradients"), gradient, rtol=1e-6)
    page.locator("lente-matrix[data-part=weights]").hover(position={"x": 5, "y": 5})
    assert abs(number(page, "gradient") - gradient[0]) < 1e-4
    row, column = divmod(told["place"], 32)
    term = 2 * (made - wanted)[0, 0, row, column] * x[0, 0, row, column]
    assert abs(number(page, "term") - term.item()) < 1e-3
    page.locator("lente-one-kernel [data-do=step]").click()
    expect(page.locator("[data-part=state]")).to_contain_text("Paso 1")
    assert np.allclose(kernel(page, "weights"), np.array(told["kernel"]) - 0.2 * gradient, rtol=1e-6)


def test_too_large_a_rate_runs_away_and_the_address_holds_what_was_set(open_page: OpenPage) -> None:
    page = open_page("/fr/apprentissage", viewport={"width": 390, "height": 844}, has_touch=True)
    slider = page.locator("lente-one-kernel [data-part=rate]")
    slider.focus()
    page.keyboard.press("End")
    expect(page.locator("lente-one-kernel [data-part=rate-value]")).to_have_text("2")
    page.locator("[data-places='9']").tap()
    page.locator("[data-do=fast]").tap()
    expect(page.locator("[data-part=state]")).to_contain_text("s'est emballé")
    page.reload()
    expect(page.locator("lente-one-kernel [data-part=rate-value]")).to_have_text("2")
    expect(page.locator("[data-places='9']")).to_have_attribute("aria-pressed", "true")
    assert page.evaluate("document.documentElement.scrollWidth") == 390


def test_few_places_leave_no_error_and_find_another_kernel(open_page: OpenPage) -> None:
    page = open_page("/en/learning?places=5&image=noise&rate=0.05")
    page.locator("[data-do=fast]").click()
    expect(page.locator("[data-part=state]")).to_contain_text("the kernel is another")
    assert not np.allclose(kernel(page, "weights"), SOBEL, atol=0.1)


def test_the_miniature_learns(open_page: OpenPage) -> None:
    page = open_page("/en/")
    words = page.locator("mini-learning small")
    page.locator('[data-stop="learning"]').scroll_into_view_if_needed()
    expect(words).to_contain_text("loss 47.6")
    page.locator("mini-learning button").click()
    expect(words).not_to_contain_text("loss 47.6")
    assert float(words.inner_text().split()[-1]) < 5


def opened(open_page: OpenPage, path: str) -> Page:
    """The page at the way back, once it has what came back."""
    page = open_page(path)
    page.locator("#step").scroll_into_view_if_needed()
    expect(page.locator("[data-part=weight-gradient]")).to_be_attached()
    return page


def test_what_comes_back_is_walked_to_the_loss(open_page: OpenPage) -> None:
    """From a unit of the first layers to the scores, each time to the strongest reader."""
    page = opened(open_page, "/en/learning?layer=pool1&unit=4,3,5")
    heading = page.locator(".step-unit h3")
    for layer in ("conv2", "relu2", "pool2", "flatten", "dense1", "relu3", "dense2"):
        page.locator(".step-walk").first.click()
        expect(heading).to_contain_text(layer)
        until(page, f"document.querySelector('lente-one-step').unitSum.layer === '{layer}'")
        if page.locator(".step-walk").count() and page.locator("[data-part=sum]").inner_text() == "0":
            return  # it was shut here
    unit = int(re.findall(r"\d+", heading.inner_text())[-1])
    right = page.evaluate("document.querySelector('lente-one-step').gradients.facts.labels[0]")
    expect(page.locator(".step-unit")).to_contain_text("the right digit" if unit == right else "not the right one")
    assert "unit" in page.url


def test_a_weight_is_chosen_and_moved(open_page: OpenPage) -> None:
    page = opened(open_page, "/es/aprendizaje?pictures=many&layer=conv1&unit=1,4,4&index=1,0,2,2")
    expect(page.locator(".step-picture")).to_have_count(16)
    page.locator("lente-matrix[data-part=kernel]").click(position={"x": 8, "y": 8})
    until(page, "document.querySelector('lente-one-step').index.join() === '1,0,0,0'")
    until(page, "document.querySelector('lente-one-step').weightSum.unit.join() === '1,0,0,0'")
    told = page.evaluate("""() => {
        const { gradients, weightSum, descent } = document.querySelector('lente-one-step');
        return [gradients.tensors['conv1.weight'].data[25], weightSum.total, weightSum.by_picture, descent];
    }""")
    assert abs(told[0] - told[1]) <= 1e-4 * max(abs(told[0]), 1e-6)
    assert abs(sum(told[2]) - told[1]) < 1e-9
    page.locator("[data-part=rate][max='2']").focus()
    page.keyboard.press("End")
    until(page, "document.querySelector('lente-one-step').descent.rate === 100")
    moved = page.evaluate("document.querySelector('lente-one-step').descent")
    assert abs(moved["new"] - (moved["weight"] - 100 * moved["gradient"])) < 1e-9


@pytest.mark.parametrize(("exhibit", "label"), [("lente-step-weight", "Kernel"), ("lente-run-controls", "Seed")])
def test_a_number_that_is_none_is_quoted_where_it_was_typed_and_nothing_is_lost(
    open_page: OpenPage, exhibit: str, label: str
) -> None:
    page = opened(open_page, "/en/learning")
    field = page.locator(exhibit).get_by_label(label, exact=True)
    field.scroll_into_view_if_needed()
    before = field.input_value()
    for typed in ("77777", "-1", "1.5", "four"):
        field.fill(typed)
        field.press("Enter")
        expect(page.locator(exhibit).get_by_role("alert")).to_contain_text(typed)
    field.press("Escape")
    expect(field).to_have_value(before)
    expect(page.locator(exhibit).get_by_role("alert")).to_have_count(0)
    field.fill("2")
    field.press("Enter")
    expect(field).to_have_value("2")


def test_two_weights_move_over_a_landscape(open_page: OpenPage) -> None:
    """The dot has the loss that is written above, the step leads lower, and the second weight is chosen."""
    page = opened(open_page, "/fr/apprentissage?steprate=3&along=beside")
    page.locator("lente-loss-plane").scroll_into_view_if_needed()
    expect(page.locator("[data-part=plane-right]")).to_be_visible()
    expect(page.locator(".plane-says")).to_contain_text("conv1.weight[0, 0, 2, 3]")
    own = number(page, "loss")
    box = page.locator(".plane-map lente-map").bounding_box()
    assert box
    page.locator(".plane-map lente-map").hover(position={"x": box["width"] / 2, "y": box["height"] / 2})
    expect(page.locator("[data-part=plane-cell]")).to_contain_text("perte 0.26")
    assert abs(number(page, "plane-cell") - own) < 0.001
    right = page.locator("[data-part=plane-right]").inner_text().replace("−", "-")
    old, rate, gradient, new = (float(each) for each in re.findall(r"(?<![\d.])-?[\d.]+", right.replace("- ", "")))
    assert abs(old - rate * gradient - new) < 0.01
    found = page.evaluate("document.querySelector('lente-loss-plane').found.plane")
    assert found["loss_after"] < found["loss"]
    expect(page.locator(".plane-step path")).to_have_count(2)
    page.locator("[data-part=along]").select_option("bias")
    expect(page.locator(".plane-says")).to_contain_text("conv1.bias[0]")
    assert "along=bias" in page.url


def begun(open_page: OpenPage, path: str = "/en/learning") -> Page:
    """The page at a run that has just been begun."""
    page = open_page(path)
    page.locator("#noise").scroll_into_view_if_needed()
    page.locator("lente-from-noise [data-setting=digits]").select_option("100")
    page.locator("lente-from-noise [data-setting=batch]").select_option("16")
    page.locator("lente-from-noise [data-do=play]").click()
    until(page, "document.querySelector('lente-from-noise').first.points.length > 4")
    return page


def end(page: Page) -> None:
    page.evaluate("document.querySelector('lente-from-noise').endAll()")


def test_pressed_again_and_again_one_run_is_begun(open_page: OpenPage) -> None:
    page = open_page("/en/learning")
    page.locator("#noise").scroll_into_view_if_needed()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if request.method == "POST" else None)
    play = page.locator("lente-from-noise [data-do=play]")
    expect(play).to_be_enabled()
    play.evaluate("(button) => { for (let i = 0; i < 5; i++) button.click(); }")
    until(page, "document.querySelector('lente-from-noise').first.points.length > 0")
    begun = [url for url in asked if url.rstrip("/").endswith("/runs")]
    assert len(begun) == 1, asked
    expect(page.locator("lente-from-noise [role=alert]")).to_have_count(0)
    end(page)


def test_a_network_learns_and_is_looked_back_at(open_page: OpenPage) -> None:
    page = begun(open_page)
    until(page, "document.querySelector('lente-from-noise').first.tensors.maps?.shape.join() === '10,28,28'")
    page.locator("lente-from-noise [data-do=play]").click()
    expect(page.locator("lente-from-noise [data-do=play]")).to_have_text("Play")
    steps = page.evaluate("document.querySelector('lente-from-noise').first.points.map(({ step }) => step)")
    assert steps[:5] == [0, 1, 2, 5, 10]
    shares = page.evaluate("[...document.querySelector('lente-from-noise').first.tensors.probabilities.data]")
    read = f"read as {int(np.argmax(shares))},"
    expect(page.locator("lente-from-noise lente-class-bars output")).to_contain_text(read)
    page.locator("[data-part=scrub]").focus()
    page.keyboard.press("Home")
    expect(page.locator("[data-part=looked]")).to_have_text("step 0")
    bound = 1 / 5  # 1 / sqrt(25 inputs), PyTorch's own choice of random weights
    until(
        page,
        f"""Math.max(...document.querySelector('lente-from-noise').first.tensors.kernels.data.map(Math.abs))
        <= {bound}""",
    )
    assert "run=" in page.url
    page.locator("[data-do=count]").click()
    confusion = page.get_by_role("table", name="Which digit is taken for which")
    expect(confusion).to_be_visible()
    counts = np.array([int(one) for one in confusion.get_by_role("button").all_inner_texts()]).reshape(10, 10)
    assert counts.sum() == 10_000
    # By the headings, with the keys: the sevens that are read as 1.
    assert confusion.get_by_role("rowheader").all_inner_texts()[-10:] == [str(digit) for digit in range(10)]
    confusion.get_by_role("button").first.focus()
    for key in ["ArrowDown"] * 7 + ["ArrowRight", "Enter"]:
        page.keyboard.press(key)
    expect(page.locator("#said")).to_have_text(f"{counts[7, 1]} digits with the label 7, read as 1:")
    end(page)


def test_somebody_else_watches_and_may_not_change(open_page: OpenPage) -> None:
    page = begun(open_page)
    other = open_page(page.url[page.url.index("/en/") :])
    other.locator("#noise").scroll_into_view_if_needed()
    expect(other.locator("lente-from-noise")).to_contain_text("begun in another browser")
    expect(other.locator("lente-from-noise [data-do=play]")).to_be_disabled()
    until(other, "document.querySelector('lente-from-noise').first.points.length > 4")
    end(page)


def test_the_learnt_network_is_carried_to_the_digits_page(open_page: OpenPage) -> None:
    page = begun(open_page)
    page.locator("lente-from-noise [data-do=play]").click()
    expect(page.locator("lente-from-noise [data-do=play]")).to_have_text("Play")
    id = page.evaluate("document.querySelector('lente-from-noise').first.id")
    digits = open_page(f"/en/digits?run={id}")
    expect(digits.locator("#check")).to_contain_text("network of your run")
    until(digits, "document.querySelector('lente-weights').session.weights")
    kernel = digits.evaluate("document.querySelector('lente-weights').session.weights.conv1.weight.data[0]")
    until(
        page,
        """(kernel) => Math.abs(document.querySelector('lente-from-noise').first.tensors.kernels.data[0] - kernel)
        < 1e-6""",
        kernel,
    )
    end(page)


def test_mistakes_on_the_digits_page_are_the_runs_own(open_page: OpenPage) -> None:
    """An untrained network reads most digits wrong; the boxed one would be wrong in fewer than two hundred."""
    page = begun(open_page, "/en/learning?runseed=2")
    page.locator("lente-from-noise [data-do=again]").click()
    expect(page.locator("[data-part=run-state]")).to_contain_text("Step 0")
    id = page.evaluate("document.querySelector('lente-from-noise').first.id")
    digits = open_page(f"/en/digits?run={id}&start=noise")
    digits.locator("#mistakes").scroll_into_view_if_needed()
    expect(digits.locator("lente-mistakes p")).to_contain_text("At step 0")
    wrong = re.findall(r"(\d)\D?(\d{3}) of", digits.locator("lente-mistakes p").inner_text())
    assert int("".join(wrong[0])) > 7000
    digits.locator("#ascent").scroll_into_view_if_needed()
    until(digits, "document.querySelector('lente-ascent').way?.judged === null")
    end(page)


def test_what_the_digits_page_cannot_show_it_says(open_page: OpenPage) -> None:
    page = open_page("/en/learning")
    id = page.evaluate("""async () => {
        const { first } = document.querySelector('lente-from-noise');
        await first.begin({ relu: false });
        return first.id;
    }""")
    digits = open_page(f"/en/digits?run={id}")
    expect(digits.locator("main .notice:visible").first).to_contain_text("no ReLU")
    end(page)


def test_a_cut_connection_goes_on_where_it_was(open_page: OpenPage) -> None:
    """The socket is cut while a run goes on: nothing of it is missing or comes twice."""
    channels: list[WebSocketRoute] = []

    def pass_on(route: WebSocketRoute) -> None:
        channels.append(route)
        route.connect_to_server()

    def open_cut(path: str) -> Page:
        page = open_page("/en/")
        page.route_web_socket("**/api/live?*", pass_on)
        page.goto(page.url.replace("/en/", path))
        return page

    page = begun(open_cut)
    until(page, "document.querySelector('lente-from-noise').first.points.length > 6")
    while not channels:
        page.wait_for_timeout(50)
    seen = page.evaluate("document.querySelector('lente-from-noise').first.points.length")
    channels[-1].close(code=1012)
    until(page, "(seen) => document.querySelector('lente-from-noise').first.points.length > seen + 2", seen)
    while len(channels) < 2:
        page.wait_for_timeout(50)
    page.locator("lente-from-noise [data-do=play]").click()
    expect(page.locator("lente-from-noise [data-do=play]")).to_have_text("Play")
    steps = page.evaluate("document.querySelector('lente-from-noise').first.points.map(({ step }) => step)")
    assert steps[:8] == [0, 1, 2, 5, 10, 20, 30, 40]
    assert steps[8:] == [50 * n for n in range(1, len(steps) - 7)]
    end(page)


def test_set_to_fail_asks_first(open_page: OpenPage) -> None:
    page = open_page("/fr/apprentissage")
    page.locator("#noise").scroll_into_view_if_needed()
    page.locator("[data-failure=zeros]").click()
    expect(page.locator("[data-part=reveal]")).to_have_count(0)
    page.locator("[data-option='1']").click()
    expect(page.locator("[data-part=reveal]")).to_contain_text("produit")
    until(page, "document.querySelector('lente-from-noise').first.points.length > 3")
    kernels = page.evaluate("[...document.querySelector('lente-from-noise').first.tensors.kernels.data]")
    assert set(kernels) == {0}
    end(page)
