"""What may go wrong in `models`: one exception, told apart by its `code` and the `field` it is about."""

from typing import Any

from lente.models.phrases import Phrase


class ModelError(ValueError):
    """A request that the networks or the arithmetic cannot honour.

    `code` is a stable word for programs ("kernel_too_large"), `field` the argument at fault ("kernel"). The `sentence`
    quotes the bad value and says what is accepted, without a full stop: with `values` it is a template, marked with
    N_, that may name them and `field`.
    """

    def __init__(self, code: str, template: str, field: str = "", **values: Any) -> None:
        named = {"field": field, **values}
        self.sentence = Phrase(template, **named) if values else Phrase("{message}", message=template)
        super().__init__(self.sentence)
        self.code = code
        self.field = field


class Unexplained(ModelError):
    """An operation whose arithmetic, or what it reads, is not known: `layer` and `operation` name it."""

    def __init__(self, layer: str, operation: str, module_type: str, why: str) -> None:
        super().__init__("unexplained", f"{layer!r} ({operation} in {module_type}) can't be explained: {why}", "layer")
        self.layer = layer
        self.operation = operation
        self.why = why
