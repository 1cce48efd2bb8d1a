"""The picture that is found is moved as PyTorch's own grid moves it, and its score grows."""

import pytest
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from lente.models.features import visualisation
from lente.models.features.visualisation import Moment, visualise


def test_a_picture_is_moved_as_pytorchs_own_grid_moves_it(monkeypatch: pytest.MonkeyPatch) -> None:
    grids: list[Tensor] = []
    sample = F.grid_sample
    monkeypatch.setattr(F, "grid_sample", lambda x, grid, **how: (grids.append(grid), sample(x, grid, **how))[1])
    shown: list[Moment] = []
    network = nn.Conv2d(3, 4, 5)
    visualise(lambda pictures: network(pictures)[:, 1].mean(), 32, 6, 3, shown.append)
    generator = torch.Generator().manual_seed(3)
    for grid in grids:
        across, down, size = torch.rand(3, generator=generator).tolist()
        scale = 1 / (0.9 + 0.2 * size)
        jitter = visualisation.JITTER
        theta = torch.tensor([[[scale, 0, 2 * jitter * (2 * across - 1)], [0, scale, 2 * jitter * (2 * down - 1)]]])
        assert torch.allclose(grid, F.affine_grid(theta, [1, 3, 32, 32], align_corners=False), atol=1e-6)
    assert len(grids) == len(shown) == 6
    assert shown[-1].score > shown[1].score
