"""Which network a gradient is asked of."""

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Annotated

from fastapi import Depends, Request

if TYPE_CHECKING:
    from torch import nn

Find = Callable[[str | None], "Awaitable[nn.Module]"]


async def _networks(request: Request) -> Find:
    services = request.app.state.services

    async def find(_run: str | None) -> "nn.Module":
        found: nn.Module = (await services.compute.networks()).get("digit_cnn")
        return found

    return find


NetworksDep = Annotated[Find, Depends(_networks)]
