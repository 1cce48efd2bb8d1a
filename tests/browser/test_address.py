"""What an address says and no page takes is quoted with what is accepted, and the page opens as on a first visit."""

import pytest
from playwright.sync_api import expect

from lente.app.pages.contexts import Page as Noun
from lente.app.pages.routes import PAGES
from tests.browser.conftest import OpenPage
from tests.browser.test_failed import WALK, walk


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("aprendizaje?rate=abc", "rate=abc"),
        ("latente?z=1e999,abc&utm_source=mail", "z=1e999,abc"),
        ("imagen?unit=a,b", "unit=a,b"),
        ("convolucion?kernel=1,x", "kernel=1,x"),
        ("difusion?guidance=99&asked=3", "guidance=99"),
        ("aprendizaje?rate=-1", "rate=-1"),
    ],
)
def test_what_makes_no_sense_in_an_address_is_quoted(open_page: OpenPage, path: str, said: str) -> None:
    page = open_page(f"/es/{path}")
    expect(page.get_by_role("alert").filter(has_text=f"«{said}», en la dirección")).to_be_in_viewport(ratio=1)


# All that a page takes from its address, but for names of pictures, networks and layers: the server answers for those.
TAKEN = {
    "image": "notation channels tint size unit channel rank index example",
    "convolution": "matrix operation size channels scale divisor bias flip padding mode stride dilation pool "
    "poolstride display preset kernel kernels unit channel shown example speed",
    "digits": "digit centre temperature lines view unit weightlayer weight explained muted changes right down "
    "class start step seed",
    "learning": "kernel seed rate places shownkernel pictures trained label picture unit index steprate nudge "
    "along far runseed",
    "features": "unit crop normalisation range sort muted edits method class about around baseline window random "
    "graphcolour slice swap said",
    "autoencoder": "model z digit errors loss guesses code off",
    "latent": "model z view off outlines label network code span digit seed scale frozen sample slide slidez mu "
    "sigma drawn bellseed beta digits blend step walk walked aim shots moment",
    "diffusion": "noised noiseseed index seenlabel outseed outsteps outkind outlabel moment traced asked guidance "
    "toldseed toldstep toldpixel scribbleclass scribblestart scribbleseed fillclass filldigit "
    "fillseed again ends endkind endclass endshare flowstep flowstart flowseed arrows rival "
    "rivalsteps rivalseed",
}


@pytest.mark.without_axe
@pytest.mark.parametrize("noun", PAGES, ids=lambda noun: noun.noun)
def test_every_piece_of_an_address_that_cannot_be_read_is_quoted_and_the_page_opens(
    open_page: OpenPage, noun: Noun
) -> None:
    names = TAKEN[noun.noun].split()
    page = open_page(noun.path("en") + "?" + "&".join(f"{name}=a1b" for name in names))
    walk(page)
    notice = page.locator("main > .notice[role=alert]").first
    for name in names:
        expect(notice).to_contain_text(f"{name}=a1b")
    expect(notice).to_contain_text("accepted is")
    expect(page.locator("main [aria-busy=true], main .waiting")).to_have_count(0)


HUGE = ";".join([",".join(["1"] * 30)] * 30)


@pytest.mark.parametrize(
    ("path", "said", "accepted"),
    [
        ("convolution?kernel=1,2,3;4,5", "“kernel=1,2,3;4,5” in the address", "as many rows and columns"),
        ("convolution?kernel=a,b;c,d", "“kernel=a,b;c,d” in the address", "such as 0,1;1,0"),
        (f"convolution?kernel={HUGE}", "30 is out of reach", "1 to 7"),
        ("convolution?stride=1e308", "is out of reach", "1 to "),
        ("learning?kernel=1,2,3;4,5", "“kernel=1,2,3;4,5” in the address", "3 rows of 3 numbers from −10 to 10"),
        ("learning?layer=nowhere", "no unit “nowhere”", "is shown"),
        ("learning?index=99999", "no weight “99999”", "is shown"),
        ("digits?weight=99999", "“weight=99999” in the address", "a whole number from 0 to 249"),
        ("features?muted=abc", "“muted=abc” in the address", "only what this page itself has written"),
        ("features?normalisation=0.5", "“normalisation=0.5” in the address", "as many means as standard deviations"),
        ("latent?code=1,2,3", "“code=1,2,3” in the address", "10 numbers"),
        ("latent?moment=99999", "“moment=99999” in the address", "a whole number from 0 to"),
    ],
)
def test_what_is_accepted_in_an_address_is_said_beside_what_is_not(
    open_page: OpenPage, path: str, said: str, accepted: str
) -> None:
    page = open_page(f"/en/{path}")
    walk(page)
    alert = page.get_by_role("alert").filter(has_text=said)
    expect(alert).to_contain_text(accepted)


def test_an_address_that_says_nothing_wrong_is_told_nothing(open_page: OpenPage) -> None:
    page = open_page("/es/latente?z=1,-0.5&digit=12&step=3&label=4&utm_source=mail")
    page.evaluate(WALK)
    expect(page.locator(".decoded")).to_be_visible()
    expect(page.get_by_role("alert")).to_have_count(0)
