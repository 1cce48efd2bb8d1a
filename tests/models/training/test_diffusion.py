"""The trainer of the diffusion network, and the rulers for what is drawn."""

from pathlib import Path

import numpy as np
import pytest
import torch
from scipy import linalg

from lente.models.training import diffusion, generated
from lente.models.training.data import synthetic
from lente.models.training.run import Run


class Stopped(Exception):
    pass


def test_a_training_that_was_stopped_ends_as_one_that_was_not(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    learn = synthetic(1, 28)
    monkeypatch.setattr(diffusion, "BATCH", 16)
    run = Run("diffusion", tmp_path, epochs=2)
    monkeypatch.setenv("LENTE_DATA", str(tmp_path / "whole"))
    whole = diffusion.train(run, learn).state_dict()

    monkeypatch.setenv("LENTE_DATA", str(tmp_path / "stopped"))
    keep, objective, seen = diffusion.Training.keep, diffusion.objective, []

    def stop_after_an_epoch(training: diffusion.Training, path: Path) -> None:
        keep(training, path)
        raise Stopped

    def counted(*arguments: object) -> torch.Tensor:
        seen.append(1)
        return objective(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(diffusion.Training, "keep", stop_after_an_epoch)
    with pytest.raises(Stopped):
        diffusion.train(run, learn)
    monkeypatch.setattr(diffusion.Training, "keep", keep)
    monkeypatch.setattr(diffusion, "objective", counted)
    again = diffusion.train(run, learn).state_dict()
    assert len(seen) == len(learn) // 16
    assert all(torch.equal(whole[name], again[name]) for name in whole)


def test_the_frechet_distance_is_that_of_its_formula() -> None:
    ours, theirs = torch.randn(500, 6), 2 * torch.randn(400, 6) + torch.arange(6)
    first, second = np.cov(ours.numpy().T), np.cov(theirs.numpy().T)
    root = linalg.sqrtm(first @ second).real
    apart = ((ours.mean(0) - theirs.mean(0)) ** 2).sum().item()
    expected = apart + np.trace(first + second - 2 * root)
    assert generated.frechet_distance(ours, theirs) == pytest.approx(expected, rel=1e-4)
    assert generated.frechet_distance(ours, ours) == pytest.approx(0, abs=1e-4)


def test_precision_falls_with_nonsense_and_recall_with_sameness() -> None:
    generator = torch.Generator().manual_seed(0)
    real, alike, far = (torch.randn(400, 4, generator=generator) for _ in range(3))
    precision, recall = generated.precision_and_recall(real, alike)
    assert precision > 90
    assert recall > 90
    mixed = torch.cat([alike[:200], far[:200] + 50])
    assert generated.precision_and_recall(real, mixed)[0] == pytest.approx(precision / 2, abs=5)
    narrow = 0.1 * alike
    precision, recall = generated.precision_and_recall(real, narrow)
    assert precision > 95
    assert recall < 20
