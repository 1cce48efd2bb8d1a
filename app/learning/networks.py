"""Which network a gradient is asked of."""

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Annotated

from fastapi import Depends, Request

if TYPE_CHECKING:
    from torch import nn

Find = Callable[[str | None], "Awaitable[nn.Module]"]


async def _networks(request: Request) -> Find:
    services = request.app.state.services

    async def find(run: str | None) -> "nn.Module":
        if run is not None:
            learning = services.runs.find(run)
            return await services.runs.do(learning, learning.learner.at)  # type: ignore[no-any-return]
        found: nn.Module = (await services.compute.networks()).get("digit_cnn")
        return found

    return find


NetworksDep = Annotated[Find, Depends(_networks)]
