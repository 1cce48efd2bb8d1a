"""The pages: one route for each noun and language."""

import gzip
import hashlib
import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from functools import cache
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from lente.app.convolution.bounds import BOUNDS
from lente.app.i18n import N_, SOURCE_LANGUAGE, language_of, languages
from lente.app.pages.classroom import room, share
from lente.app.pages.contexts import Exhibit, Frame, Page
from lente.app.pages.early import EARLY
from lente.app.pages.exhibits import EXHIBITS, exhibits_of, style_of
from lente.app.paths import TEMPLATES
from lente.app.server.built import BARE, Built, Bundle
from lente.app.server.statics import FOREVER

HOME = Page("home", dict.fromkeys(languages(), ""), N_("Lente"), N_("How a machine sees an image."))
PAGES = [
    Page("image", {"es": "imagen"}, N_("Image"), N_("To a machine, a picture is a table of numbers.")),
    Page("convolution", {"es": "convolucion"}, N_("Convolution"), N_("A small window of weights slides over it.")),
    Page(
        "digits",
        {"es": "digitos", "fr": "chiffres"},
        N_("Digits"),
        N_("A network reads the digits that you write, unit by unit."),
    ),
    Page(
        "learning",
        {"es": "aprendizaje", "fr": "apprentissage"},
        N_("Learning"),
        N_("Watch a network learn: every gradient is a sum that adds up."),
    ),
    Page(
        "features",
        {"es": "caracteristicas", "fr": "caracteristiques"},
        N_("Features"),
        N_("What each layer finds in a photograph."),
    ),
    Page(
        "autoencoder", {"fr": "autoencodeur"}, N_("Autoencoder"), N_("Squeeze a picture into a few numbers and back.")
    ),
    Page("latent", {"es": "latente"}, N_("Latent space"), N_("Move through the numbers and new pictures appear.")),
    Page(
        "diffusion",
        {"es": "difusion"},
        N_("Diffusion"),
        N_("Noise goes out, step by step, and a digit that nobody wrote is left."),
    ),
]
LESSON = Page(
    "lesson",
    {"es": "leccion", "fr": "lecon"},
    N_("Lesson"),
    N_("All the pages, step by step: predict, try, understand."),
)
CLASSROOM = Page(
    "classroom", {"es": "aula", "fr": "classe"}, N_("In the classroom"), N_("Where everybody in the room finds Lente.")
)
OWN: dict[str, Callable[[Request], dict[str, Any]]] = {
    "classroom": lambda request: {"room": room(request)},
    "convolution": lambda _: {"bounds": asdict(BOUNDS)},
}  # what one page's template is given beside the frame


def routes() -> list[Route]:
    """Routes of the root, the home page, every page and every exhibit in every language."""
    found = [Route("/", _root), Route("/share", share)]
    found += [Route("/embed/{name}.css", _style), Route("/embed/{name}", _to_exhibit)]
    for language in languages():
        found += [Route(f"/{language}", _to_home), Route(f"/{language}/messages.js", _messages)]
        for page in [HOME, *PAGES, LESSON]:
            found += _routes_of(page, language)
        found += _routes_of(CLASSROOM, language)
        found += [_route_of(exhibit, page, language) for page in PAGES for exhibit in exhibits_of(page.noun)]
    return found


def _routes_of(page: Page, language: str) -> list[Route]:
    async def show(request: Request) -> Response:
        return _render(request, f"{page.noun}.html", page, language)

    async def move(request: Request) -> Response:
        return RedirectResponse(_with_query(request, page.path(language)), status_code=308)

    others = {page.noun, *page.slugs.values()} - {page.slug(language), ""} if page is not HOME else set()
    return [Route(page.path(language), show), *(Route(f"/{language}/{slug}", move) for slug in others)]


def _route_of(exhibit: Exhibit, page: Page, language: str) -> Route:
    async def show(request: Request) -> Response:
        return _render(request, f"{page.noun}.html", page, language, exhibit=exhibit)

    return Route(f"/{language}/embed/{exhibit.name}", show)


async def _style(request: Request) -> Response:
    """What hides the rest of a page around an exhibit."""
    exhibit = next((one for one in EXHIBITS if one.name == request.path_params["name"]), None)
    if exhibit is None:
        raise HTTPException(404)
    return Response(style_of(exhibit), media_type="text/css", headers={"Cache-Control": "no-cache"})


async def _to_exhibit(request: Request) -> Response:
    """An exhibit in the visitor's language."""
    path = f"/{language_of(request)}/embed/{request.path_params['name']}"
    return RedirectResponse(_with_query(request, path), status_code=307, headers={"Vary": "Accept-Language"})


async def _root(request: Request) -> Response:
    headers = {"Vary": "Accept-Language"}
    return RedirectResponse(_with_query(request, f"/{language_of(request)}/"), status_code=307, headers=headers)


async def _to_home(request: Request) -> Response:
    return RedirectResponse(_with_query(request, request.url.path + "/"), status_code=308)


async def _messages(request: Request) -> Response:
    """The catalogue as a JavaScript module, or what of it the page called `page` may say."""
    module = _messages_module(language_of(request), _bundle(request, request.query_params.get("page", "")))
    headers = {"Cache-Control": FOREVER, "Vary": "Accept-Encoding"}
    if "gzip" in request.headers.get("accept-encoding", ""):
        return Response(module.packed, media_type="text/javascript", headers={**headers, "Content-Encoding": "gzip"})
    return Response(module.text, media_type="text/javascript", headers=headers)


def error_page(request: Request, status: int, message: str, headers: dict[str, str]) -> Response:
    """A page that says what went wrong and where to go from there."""
    language = language_of(request)
    return _render(request, "error.html", None, language, status=status, headers=headers, error=message)


def _render(
    request: Request,
    template: str,
    page: Page | None,
    language: str,
    status: int = 200,
    headers: dict[str, str] | None = None,
    exhibit: Exhibit | None = None,
    **more: Any,
) -> Response:
    environment: Environment = request.app.state.environments[language]
    frame = _frame(request, page, language, exhibit)
    own = OWN[page.noun](request) if page and page.noun in OWN else {}
    html = environment.get_template(template).render(frame=frame, request=request, status=status, **own, **more)
    return HTMLResponse(html, status_code=status, headers={"Cache-Control": "no-cache", **(headers or {})})


def _frame(request: Request, page: Page | None, language: str, exhibit: Exhibit | None) -> Frame:
    static = f"/static/{request.app.state.static_version}"
    here = page or HOME
    noun = page.noun if page else BARE
    bundle = _bundle(request, noun)
    plain = not exhibit and not request.query_params  # an address that says more may ask for something else
    return Frame(
        language=language,
        page=page,
        pages=PAGES,
        lesson=LESSON,
        exhibits=exhibits_of(here.noun),
        exhibit=exhibit,
        alternates={code: here.path(code) for code in languages()},
        nonce=request.state.nonce,
        static=static,
        import_map=_import_map(static, language, noun if bundle else "", bundle),
        bundle=bundle,
        early=EARLY.get(noun, []) if plain else [],
        classroom=CLASSROOM.path(language),
        upload_megabytes=request.app.state.settings.upload_megabytes,
        upload_megapixels=request.app.state.settings.upload_megapixels,
    )


def _bundle(request: Request, noun: str) -> Bundle | None:
    built: Built | None = request.app.state.built
    return built.of(noun) if built else None


def _import_map(static: str, language: str, noun: str, bundle: Bundle | None) -> dict[str, dict[str, str]]:
    vendor = {f"vendor/{name}": f"{static}/vendor/{name}.js" for name in ("lit", "d3", "three", "screenshot", "chart")}
    query = f"{f'page={noun}&' if noun else ''}version={_messages_module(language, bundle).digest}"
    halves = {"first": bundle.script, "late": bundle.late} if bundle else {}
    return {"imports": {**vendor, **halves, "messages": f"/{language}/messages.js?{query}"}}


@dataclass(frozen=True)
class _Module:
    text: str
    packed: bytes
    digest: str


@cache
def _messages_module(language: str, bundle: Bundle | None) -> _Module:
    """The messages of a language that a bundle's scripts may say, with what the frame names; all without a bundle."""
    messages = languages()[language].messages
    if bundle:
        named = {one.title for one in EXHIBITS} | {one.title for one in (HOME, *PAGES, LESSON, CLASSROOM)}
        messages = {message: said for message, said in messages.items() if message in bundle.messages | named}
    text = f"export default {json.dumps(messages, ensure_ascii=False, sort_keys=True)};\n"
    packed = gzip.compress(text.encode(), mtime=0)
    return _Module(text, packed, hashlib.sha256(text.encode()).hexdigest()[:12])


def _with_query(request: Request, path: str) -> str:
    return f"{path}?{request.url.query}" if request.url.query else path


def environments() -> dict[str, Environment]:
    """One template environment for each language."""
    return {code: _environment(code) for code in languages()}


def _environment(code: str) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=select_autoescape(),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    translations = languages()[code].translations
    environment.install_gettext_translations(translations, newstyle=True)  # type: ignore[attr-defined]
    environment.globals["languages"] = list(languages().values())
    environment.globals["source_language"] = SOURCE_LANGUAGE
    environment.filters["asdict"] = asdict
    return environment
