"""Which network a gradient is asked of; MNIST's digits are read before it is, where there are some."""

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Annotated

from fastapi import Depends, Request

from lente.app.learning.batch import Asked
from lente.models.mnist.reader import training_digits

if TYPE_CHECKING:
    from torch import nn

Find = Callable[[Asked], "Awaitable[nn.Module]"]


async def _networks(request: Request) -> Find:
    services = request.app.state.services

    async def find(asked: Asked) -> "nn.Module":
        if asked.digits:
            await services.compute.read_once("training digits", training_digits)
        if asked.run is not None:
            learning = services.runs.find(asked.run)
            return await services.runs.do(learning, learning.learner.at)  # type: ignore[no-any-return]
        found: nn.Module = (await services.compute.networks()).get("digit_cnn")
        return found

    return find


NetworksDep = Annotated[Find, Depends(_networks)]
