"""What each page's template is given: one dataclass for each page."""

from dataclasses import dataclass

from lente.app.pages.early import Early
from lente.app.server.built import Bundle


@dataclass(frozen=True)
class Page:
    """A page: its noun (route name, template, script and test), its address in each language and its title.

    Attributes:
        noun: the English noun that template, script and test bear.
        slugs: the last part of its address by language; the noun where a language has none of its own.
        title: the message that names it.
        summary: the message that says in one sentence what it shows.
    """

    noun: str
    slugs: dict[str, str]
    title: str
    summary: str

    def slug(self, language: str) -> str:
        return self.slugs.get(language, self.noun)

    def path(self, language: str) -> str:
        return f"/{language}/{self.slug(language)}"


@dataclass(frozen=True)
class Exhibit:
    """A part of a page that can stand alone.

    Attributes:
        name: the last part of its address under /embed/.
        noun: of the page that it belongs to.
        title: the message that names it.
        selector: where it is on the page, in CSS.
    """

    name: str
    noun: str
    title: str
    selector: str


@dataclass(frozen=True)
class Frame:
    """What every page shows around its exhibits.

    Attributes:
        language: code of the language that the page is written in.
        page: the page itself; None for an error page.
        pages: all pages in the order of the talk.
        lesson: the page that leads through all of them.
        exhibits: what of this page can stand alone.
        exhibit: what does stand alone here; None on a whole page.
        alternates: address of the same page by language code.
        nonce: of this answer's Content-Security-Policy.
        static: address of the front end's files, without a slash at the end.
        import_map: where the scripts' bare module names point to.
        bundle: script and style sheet of the whole page; None where it is made of as many as its scripts name.
        early: what the page asks the API for before its scripts are there.
        classroom: address of the page for the projector.
        upload_megabytes: the largest picture file that the server takes.
        upload_megapixels: the largest picture, in millions of pixels.
    """

    language: str
    page: Page | None
    pages: list[Page]
    lesson: Page
    exhibits: list[Exhibit]
    exhibit: Exhibit | None
    alternates: dict[str, str]
    nonce: str
    static: str
    import_map: dict[str, dict[str, str]]
    bundle: Bundle | None
    early: list[Early]
    classroom: str
    upload_megabytes: int
    upload_megapixels: int

    @property
    def paths(self) -> dict[str, str]:
        """Address of each page by its noun."""
        return {page.noun: page.path(self.language) for page in [*self.pages, self.lesson]}


@dataclass(frozen=True)
class Invitation:
    """An address of the server and its QR code as SVG."""

    address: str
    picture: str

    @property
    def spoken(self) -> str:
        """The address as one types it."""
        return self.address.removeprefix("http://").removesuffix("/")


@dataclass(frozen=True)
class Room:
    """How the others find the server.

    Attributes:
        invitations: its addresses, the likeliest first; none where only this computer is let in.
        commands: what lets the others in, any of them.
    """

    invitations: list[Invitation]
    commands: list[str]
