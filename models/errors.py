"""What may go wrong in `models`: one exception, told apart by its `code` and the `field` it is about."""

from typing import Any


def N_(message: str) -> str:  # noqa: N802 (gettext's own name)
    """Marks a message for translation and returns it as it is."""
    return message


class ModelError(ValueError):
    """A request that the networks or the arithmetic cannot honour.

    `code` is a stable word for programs ("kernel_too_large"), `field` the argument at fault ("kernel"), and the
    message quotes the bad value and says what is accepted. Where `values` are given, the message is a template for
    them and the field, which can be said in another language.
    """

    def __init__(self, code: str, template: str, field: str = "", **values: Any) -> None:
        self.code = code
        self.field = field
        self.template = template
        self.values = {"field": field, **values} if values else {}
        super().__init__(template.format(**self.values) if values else template)


class Unexplained(ModelError):
    """An operation whose arithmetic, or what it reads, is not known: `layer` and `operation` name it."""

    def __init__(self, layer: str, operation: str, module_type: str, why: str) -> None:
        super().__init__("unexplained", f"{layer!r} ({operation} in {module_type}) can't be explained: {why}", "layer")
        self.layer = layer
        self.operation = operation
        self.why = why
