"""Sentences for people, written in English where something happens and translated where it is shown."""

from typing import Any, Self


def N_(message: str) -> str:  # noqa: N802 (gettext's own name)
    """Marks a message for translation and returns it as it is."""
    return message


class Phrase(str):
    """A sentence in English, and what it takes to say it in another language.

    Attributes:
        template: the sentence with {placeholders}; its own key in the catalogues.
        values: what goes into the placeholders; one that is a Phrase is words too.
    """

    template: str
    values: dict[str, Any]

    def __new__(cls, template: str, **values: Any) -> Self:
        phrase = super().__new__(cls, template.format(**values))
        phrase.template, phrase.values = template, values
        return phrase


def shortened(value: Any, longest: int = 60) -> str:
    """A value as it is quoted to whoever sent it."""
    text = repr(value)
    return text if len(text) <= longest else text[: longest - 1] + "…"
