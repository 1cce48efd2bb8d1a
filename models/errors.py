"""What may go wrong in `models`: one exception, told apart by its `code` and the `field` it is about."""

from typing import Any

from lente.models.phrases import N_, Phrase


class ModelError(ValueError):
    """A request that the networks or the arithmetic cannot honour.

    `code` is a stable word for programs ("kernel_too_large"), `field` the argument at fault ("kernel"). The `sentence`
    quotes the bad value and says what is accepted: `template`, marked with N_ and without a full stop, may name
    `field` and the `values`.
    """

    def __init__(self, code: str, template: str, field: str = "", **values: Any) -> None:
        self.sentence = Phrase(template, field=field, **values)
        super().__init__(self.sentence)
        self.code = code
        self.field = field


class Unexplained(ModelError):
    """An operation whose arithmetic, or what it reads, is not known: `layer` and `operation` name it."""

    def __init__(self, layer: str, operation: str, module_type: str, why: Phrase) -> None:
        template = N_("{layer!r} ({operation} in {module_type}) can't be explained: {why}")
        values = {"layer": layer, "operation": operation, "module_type": module_type, "why": why}
        super().__init__("unexplained", template, "layer", **values)
        self.layer = layer
        self.operation = operation
        self.why = why
