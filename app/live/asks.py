"""What can be asked over the live channel: each takes a message's tensors and facts, and gives those of the answer."""

from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
from pydantic import ValidationError

from lente.app.convolution.request import Kernel, convolve
from lente.app.diffusion import wish
from lente.app.digits.drawing import from_bytes, place
from lente.app.errors import BadInput
from lente.app.i18n import N_
from lente.app.latent import codes
from lente.app.learning.runs.frames import frame
from lente.app.learning.runs.settings import Looked
from lente.app.pictures.decoding import to_tensor
from lente.app.server import received
from lente.app.server.queues.budget import Budget
from lente.app.services import Services
from lente.models.phrases import shortened

if TYPE_CHECKING:
    from lente.app.features.shown import Shown

Array: TypeAlias = np.ndarray[Any, np.dtype[Any]]
Tensors: TypeAlias = dict[str, Array]
Facts: TypeAlias = dict[str, Any]
Handler: TypeAlias = Callable[[Services, Tensors, Facts], Awaitable[tuple[Tensors, Facts]]]


async def decode(services: Services, tensors: Tensors, facts: Facts) -> tuple[Tensors, Facts]:
    """Codes `z` (N, Z) of the latent space `model`, with `labels` where it needs them, to `images` (N, 1, 28, 28)."""
    service = await services.latent()
    space = await service.space(str(facts.get("model")))
    z = codes.codes(tensors, "z", space.z)
    images = await service.decode(space.name, z, received.labels(facts, len(z), space.classes))
    return {"images": images}, {}


async def encode(services: Services, tensors: Tensors, facts: Facts) -> tuple[Tensors, Facts]:
    """Pictures `images` (N, 28, 28), 0..1, to `mu` and for a VAE `log_variance`, (N, Z) each, in the space `model`."""
    service = await services.latent()
    space = await service.space(str(facts.get("model")))
    images = received.pictures(tensors)
    place = await service.encode(space.name, images, received.labels(facts, len(images), space.classes))
    return {"mu": place.mu} if place.log_variance is None else place._asdict(), {}


async def digit(services: Services, tensors: Tensors, facts: Facts) -> tuple[Tensors, Facts]:
    """A pad's `values`, 28 x 28 or 112 x 112, to what POST /api/digits/values answers: `center` is true unless told.

    Without `layers` only the probabilities come, and the drawing `centred` and `raw`.
    """
    placed = place(from_bytes(_tensor(tensors, "values").tobytes()))
    found, told = await (await services.digits()).read(placed, bool(facts.get("center", True)))
    if not facts.get("layers", True):
        found = {name: found[name] for name in ("probabilities", "judged", "raw", "centred")}
    return found, told


async def denoise(services: Services, tensors: Tensors, facts: Facts) -> tuple[Tensors, Facts]:
    """Noisy pictures `x` (N, 28, 28) at `step` to what POST /api/diffusion/look answers."""
    service = await services.diffusion()
    return await service.look(wish.look({**facts, **tensors}))


async def convolution(services: Services, tensors: Tensors, facts: Facts) -> tuple[Tensors, Facts]:
    """A camera's `pixels` (H, W, 3 or 4), bytes, to a convolution's `output`: settings as in POST /api/convolution."""
    pixels = _pixels(tensors)
    given = {name: facts[name] for name in Kernel.__dataclass_fields__ if name in facts}
    kernel = Kernel(**{"weights": facts.get("kernel"), **given})

    def convolved() -> tuple[Array, Facts]:
        return convolve(kernel.checked(), to_tensor(pixels), services.compute.beside, services.compute.budget)

    output, told = await services.compute.filters.run(convolved)
    return {"output": np.ascontiguousarray(output, np.float32)}, told


async def features(services: Services, tensors: Tensors, facts: Facts) -> tuple[Tensors, Facts]:
    """A camera's `pixels` (H, W, 3 or 4), bytes, to the outputs of the layers `layers` of the network `network`.

    With them come the `probabilities` of its classes.
    """
    pixels = _pixels(tensors)
    await services.compute.networks()  # from here on what imports torch may be imported
    from lente.app.features.view import shown

    found = await shown(services.compute, str(facts.get("network")))
    layers = facts.get("layers", [])
    if not isinstance(layers, list) or not all(isinstance(one, str) for one in layers):
        raise BadInput("layers", N_("layers is {found}; a list of names is accepted."), found=shortened(layers))
    return await services.compute.large.run(_features, found, pixels, layers, services.compute.budget)


def _features(found: "Shown", pixels: Array, layers: list[str], budget: Budget) -> tuple[Tensors, Facts]:
    from lente.app.features.layers import whole_layers
    from lente.app.features.prediction import prediction
    from lente.app.features.preparation import prepare

    with budget.of(found.pass_bytes):
        capture = found.capture(prepare(pixels, found.preparation))
    tensors, facts = whole_layers(capture, layers, None)
    return {**tensors, "probabilities": prediction(found, capture).probabilities.numpy()}, facts


async def run(services: Services, tensors: Tensors, facts: Facts) -> tuple[Tensors, Facts]:
    """What POST /api/learning/runs/{run}/frame answers: `digit` (28, 28) is a tensor, all else are facts."""
    given = {name: facts[name] for name in ("version", "have", "wants", "at") if facts.get(name) is not None}
    digit = tensors.get("digit")
    try:
        looked = Looked(**given, digit=None if digit is None else digit.reshape(-1).tolist())
    except ValidationError as error:
        wrong = error.errors()[0]
        template = N_("{field} is {found}: this is not accepted here.")
        found = shortened(wrong["input"])
        raise BadInput("bad_frame", template, field=str(wrong["loc"][0]), found=found) from error
    return await frame(services.runs, str(facts.get("run")), looked)


def _pixels(tensors: Tensors) -> Array:
    pixels = _tensor(tensors, "pixels")
    if pixels.dtype != np.uint8 or pixels.ndim != 3 or pixels.shape[2] not in (3, 4) or pixels.size == 0:
        template = N_("pixels are {shape} of {type}; height × width × 3 or 4 bytes are accepted.")
        shape = " × ".join(map(str, pixels.shape))
        raise BadInput("pixels_shape", template, shape=shape, type=str(pixels.dtype))
    return pixels[..., :3]


def _tensor(tensors: Tensors, name: str) -> Array:
    if name not in tensors:
        raise BadInput("missing", N_("{field} is missing."), field=name)
    return tensors[name]


ASKS: Mapping[str, Handler] = {
    "decode": decode, "encode": encode, "digit": digit, "denoise": denoise, "convolution": convolution,
    "features": features, "run": run,
}  # fmt: skip
