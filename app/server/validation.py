"""What pydantic refuses, as a sentence in the visitor's language that quotes the value."""

from typing import Any

from fastapi.exceptions import RequestValidationError
from starlette.requests import Request
from starlette.responses import Response

from lente.app.errors import BadInput
from lente.app.i18n import N_
from lente.app.server.refusals import Handlers, answer
from lente.models.phrases import Phrase, shortened

REASONS = {
    "int_parsing": N_("a whole number is wanted"),
    "int_type": N_("a whole number is wanted"),
    "int_from_float": N_("a whole number is wanted"),
    "int_parsing_size": N_("the number is too large"),
    "float_parsing": N_("a number is wanted"),
    "float_type": N_("a number is wanted"),
    "finite_number": N_("a finite number is wanted"),
    "bool_parsing": N_("true or false is wanted"),
    "bool_type": N_("true or false is wanted"),
    "string_type": N_("a text is wanted"),
    "string_too_short": N_("at least {min_length} characters are wanted"),
    "string_too_long": N_("at most {max_length} characters are accepted"),
    "string_unicode": N_("a text in UTF-8 is wanted"),
    "bytes_type": N_("bytes are wanted"),
    "list_type": N_("a list is wanted"),
    "tuple_type": N_("a list is wanted"),
    "dict_type": N_("an object with names and values is wanted"),
    "model_type": N_("an object with names and values is wanted"),
    "model_attributes_type": N_("an object with names and values is wanted"),
    "too_short": N_("at least {min_length} are wanted"),
    "too_long": N_("at most {max_length} are accepted"),
    "greater_than": N_("it must be greater than {gt:g}"),
    "greater_than_equal": N_("it must be at least {ge:g}"),
    "less_than": N_("it must be less than {lt:g}"),
    "less_than_equal": N_("it must be at most {le:g}"),
    "multiple_of": N_("it must be a multiple of {multiple_of:g}"),
    "literal_error": N_("accepted: {expected}"),
    "enum": N_("accepted: {expected}"),
    "extra_forbidden": N_("nothing of this name is accepted"),
}


def handlers() -> Handlers:
    return {RequestValidationError: _answer_validation}


async def _answer_validation(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    return answer(request, _refusal(error.errors()[0]))


def _refusal(first: dict[str, Any]) -> BadInput:
    if first["type"] == "json_invalid":
        reason, position = first["ctx"]["error"], first["loc"][-1]
        template = N_("The request is not JSON: {reason} at character {position}.")
        return BadInput("not_json", template, reason=reason, position=position)
    field = ".".join(str(part) for part in first["loc"][1:]) or str(first["loc"][0])
    if first["type"] == "missing":
        return BadInput("missing", N_("{field} is missing."), field=field)
    template = N_("{field}: {value} cannot be used ({reason}).")
    return BadInput("invalid", template, field=field, value=shortened(first.get("input")), reason=_reason(first))


def _reason(first: dict[str, Any]) -> str:
    """Why; what no sentence is known for stays as pydantic says it."""
    template, facts = REASONS.get(first["type"]), dict(first.get("ctx", {}))
    if "expected" in facts:  # 'npz' or 'safetensors'
        facts["expected"] = str(facts["expected"]).replace(" or ", ", ")
    try:
        return Phrase(template, **facts) if template else str(first["msg"])
    except (KeyError, ValueError):
        return str(first["msg"])
