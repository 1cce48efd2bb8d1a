"""Feature visualisation: a picture that is changed, step by step, until it moves a unit of a network most.

Olah, Mordvintsev and Schubert, "Feature visualization", Distill, 2017: https://distill.pub/2017/feature-visualization/
The picture is kept as waves (Fourier parametrisation) in colours that vary independently, so that large forms and fine
ones, light and hue are found equally fast; it is moved and scaled a little before each step, so that nothing comes of
it that only a single pixel's place would hold. B pictures in a batch, H rows, W columns.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor

RATE = 0.05
JITTER = 0.06  # of the side, either way
SCALES = (0.9, 1.1)
SPREAD = 0.01  # of the waves at first: nearly grey
# Columns are the principal axes of the colours of 474 photographs of Imagenette, each as long as its spread: light,
# then red against blue, then green against both.
COLOURS = ((0.231, 0.089, 0.021), (0.244, 0.006, -0.040), (0.256, -0.086, 0.019))


class Waves:
    """A picture (1, 3, S, S) in 0..1 as the amplitudes of its waves, from the seed's noise."""

    def __init__(self, size: int, seed: int) -> None:
        generator = torch.Generator().manual_seed(seed)
        rows, columns = torch.fft.fftfreq(size), torch.fft.rfftfreq(size)
        frequency = torch.hypot(rows[:, None], columns[None]).clamp(min=1 / size)
        noise = torch.randn(3, *frequency.shape, 2, generator=generator)
        colours = torch.tensor(COLOURS)
        self.size = size
        self.amplitudes = (SPREAD * noise).requires_grad_()
        # As strong as in photographs: the slower, the stronger. As large as the amplitudes, for speed.
        self._scale = (1 / (4 * frequency))[..., None].expand(3, -1, -1, 2).contiguous()
        self._colours = colours / colours.norm(dim=0).max()

    def picture(self) -> Tensor:
        waves = torch.view_as_complex(self.amplitudes * self._scale)
        values = torch.fft.irfft2(waves, s=(self.size, self.size), norm="ortho")
        return torch.mm(self._colours, values.flatten(1)).sigmoid().view(1, 3, self.size, self.size)


@dataclass(frozen=True)
class Moment:
    """After `step` of `steps` steps: the picture (3, S, S), and the score that the last step saw."""

    step: int
    steps: int
    picture: Tensor
    score: float


def visualise(
    score: Callable[[Tensor], Tensor], size: int, steps: int, seed: int, told: Callable[[Moment], object]
) -> Tensor:
    """The picture (3, size, size) in 0..1 that `score`, of pictures (1, 3, size, size), was raised by.

    `told` is called before every step, and may raise to end the work.
    """
    waves = Waves(size, seed)
    generator = torch.Generator().manual_seed(seed)
    places = _places(size)
    optimiser = torch.optim.Adam([waves.amplitudes], lr=RATE, fused=True)
    reached = math.nan
    with torch.enable_grad():
        for step in range(steps):
            picture = waves.picture()
            told(Moment(step, steps, picture.detach()[0], reached))
            found = score(moved(picture, places, generator))
            (waves.amplitudes.grad,) = torch.autograd.grad(-found, [waves.amplitudes])
            optimiser.step()
            reached = found.item()
    with torch.no_grad():
        return waves.picture()[0]


def moved(picture: Tensor, places: Tensor, generator: torch.Generator) -> Tensor:
    """(1, 3, S, S), shifted by up to JITTER of its side and scaled by one of SCALES; its edge is mirrored outwards.

    `places` (1, S, S, 2) are those of its pixels.
    """
    across, down, size = torch.rand(3, generator=generator).tolist()
    scale = 1 / (SCALES[0] + (SCALES[1] - SCALES[0]) * size)
    shift = torch.tensor([2 * JITTER * (2 * each - 1) for each in (across, down)])
    grid = torch.add(shift, places, alpha=scale)
    return F.grid_sample(picture, grid, padding_mode="reflection", align_corners=False)


def _places(size: int) -> Tensor:
    """Of the middle of each pixel, how far right and down, from -1 to 1: (1, S, S, 2)."""
    return F.affine_grid(torch.eye(2, 3)[None], [1, 3, size, size], align_corners=False)
