"""What may go wrong in `models`: one exception, told apart by its `code` and the `field` it is about."""


class ModelError(ValueError):
    """A request that the networks or the arithmetic cannot honour.

    `code` is a stable word for programs ("kernel_too_large"), `field` the argument at fault ("kernel"), and the
    message quotes the bad value and says what is accepted.
    """

    def __init__(self, code: str, message: str, field: str = "") -> None:
        super().__init__(message)
        self.code = code
        self.field = field


class Unexplained(ModelError):
    """An operation whose arithmetic, or what it reads, is not known: `layer` and `operation` name it."""

    def __init__(self, layer: str, operation: str, module_type: str, why: str) -> None:
        super().__init__("unexplained", f"{layer!r} ({operation} in {module_type}) can't be explained: {why}", "layer")
        self.layer = layer
        self.operation = operation
        self.why = why
