"""The errors that a visitor can meet, and how each becomes words.

LenteError
├── BadInput           422  a value that cannot be used
│   └── BadPicture     415  a file that is not a picture that Lente reads
├── Forbidden          403  what only whoever sits at the server's own computer may do
├── NotFound           404  a name or an id that nothing bears
├── Unavailable        409  a network that is known and whose weights are not there, or not what they should be
├── TooLarge           413  more bytes, pixels or rows than are accepted
└── Busy               503  the queue is full; Retry-After says when to come back

A message is a template in English (its own key in the catalogues) and the values that go into it, so that the answer
speaks the language of the request, quotes the bad value and says what is accepted. Whatever answers a visitor makes a
LenteError of what was raised (`known`) and lets it speak (`LenteError.told`): an answer of the API, a page, a line of
progress, the live channel.
"""

from typing import Any, ClassVar

from lente.app.i18n import N_, said
from lente.models.errors import ModelError
from lente.models.phrases import Phrase


class LenteError(Exception):
    """Any error that a visitor can understand and mend.

    Args:
        code: stable name for programs, such as "kernel_empty".
        template: sentence with {placeholders}, in English.
        values: what goes into the placeholders; a Phrase is translated like the sentence.
    """

    status: ClassVar[int] = 500

    def __init__(self, code: str, template: str, **values: Any) -> None:
        self.sentence = Phrase(template, **values)
        super().__init__(self.sentence)
        self.code = code

    @property
    def values(self) -> dict[str, Any]:
        return self.sentence.values

    @property
    def headers(self) -> dict[str, str]:
        return {}

    def words(self, language: str) -> str:
        """What happened, in the language of that code."""
        words = said(language, self.sentence)
        return words.encode("utf-8", "backslashreplace").decode()  # JSON may bring half a surrogate pair

    def told(self, language: str) -> dict[str, str]:
        """The error as every answer has it: its code and its words."""
        return {"code": self.code, "message": self.words(language)}


class BadInput(LenteError):
    status = 422


class BadPicture(BadInput):
    status = 415


class Forbidden(LenteError):
    status = 403


class NotFound(LenteError):
    status = 404


class Unavailable(LenteError):
    status = 409


class TooLarge(LenteError):
    status = 413


class Busy(LenteError):
    status = 503
    retry_after_seconds = 1

    @property
    def headers(self) -> dict[str, str]:
        return {"Retry-After": str(self.retry_after_seconds)}


def known(error: Exception) -> LenteError:
    """`error` as a visitor meets it: with its own sentence where it has one, without the server's inside otherwise."""
    if isinstance(error, LenteError):
        return error
    if isinstance(error, ModelError):
        return BadInput(error.code, N_("{reason}."), reason=error.sentence)
    return LenteError("internal", N_("Something failed inside the server. It has been written down."))
