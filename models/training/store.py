"""Turns a trained network into what is stored: weights, codes, film, and a card with its figures."""

from typing import Any

import torch
from torch import Tensor, nn

from lente.models.networks import catalogue
from lente.models.networks.autoencoder import Autoencoder
from lente.models.networks.catalogue import Card, Codes
from lente.models.networks.diffusion import DiffusionUNet
from lente.models.networks.diffusion_plane import PlaneDiffusion
from lente.models.networks.digit_cnn import DigitCNN
from lente.models.networks.digit_judge import DigitJudge
from lente.models.networks.familiarity import Familiarity
from lente.models.networks.pca import PCA
from lente.models.networks.photo_cnn import CLASSES, MEAN, SIZE, STD, PhotoCNN
from lente.models.networks.vae import VAE
from lente.models.training import data, diffusion, diffusion_plane, digit_judge, evaluate, generated
from lente.models.training.data import Pictures
from lente.models.training.latent import RECIPE
from lente.models.training.run import Run


def store(run: Run, network: nn.Module, learn: Pictures, test: Pictures, film: dict[str, Tensor] | None = None) -> Card:
    """Rounds the network to half precision, evaluates what that leaves, and writes it with its card."""
    weights = catalogue.halved(network)
    network = catalogue.with_weights(catalogue.build(run.name), weights)
    figures, beside = measured(run, network, learn, test)
    parts = {f"{run.name}.safetensors": weights}
    if isinstance(beside, Codes):
        parts[f"{run.name}.codes.safetensors"] = rounded(beside)
    if isinstance(beside, DigitJudge):
        parts[f"{run.name}.judge.safetensors"] = catalogue.halved(beside)
    if isinstance(beside, Familiarity):
        parts[f"{run.name}.familiar.safetensors"] = beside.stored()
    if film:
        parts[f"{run.name}.film.safetensors"] = film
    described = Card(
        name=run.name,
        architecture=type(network).__name__,
        data=learn.name,
        data_sha256=learn.sha256,
        seed=run.seed,
        epochs=run.epochs or 0,
        command=run.command,
        parameters=sum(value.numel() for value in [*network.parameters()] or weights.values()),
        figures={key: round(value, 6) for key, value in figures.items()},
        reliability=evaluate.photo_reliability(network, test) if isinstance(network, PhotoCNN) else {},
        **particulars(network),
    )
    return catalogue.save(described, parts, run.output)


def measured(
    run: Run, network: nn.Module, learn: Pictures, test: Pictures
) -> tuple[dict[str, float], Codes | DigitJudge | Familiarity | None]:
    """The figures of a network's card, and where the test pictures lie in its latent space, or what is familiar."""
    if isinstance(network, PhotoCNN):
        return evaluate.photo(network, learn, test, drawings(run))
    if isinstance(network, VAE):
        return evaluate.vae(network, test)
    if isinstance(network, Autoencoder):
        return evaluate.autoencoder(network, test)
    if isinstance(network, DiffusionUNet):
        return generated.diffusion(network, learn, test, 20 if run.dry_run else generated.SAMPLES), None
    if isinstance(network, PCA):
        figures, _ = evaluate.pca(network, test)
        return {**figures, **evaluate.ruler(test)}, None
    if isinstance(network, PlaneDiffusion):
        return diffusion_plane.figures(network, learn), None
    assert isinstance(network, DigitCNN)
    judge = digit_judge.train(run, network, learn)
    return evaluate.digit(network, judge, test), judge


def drawings(run: Run) -> Tensor | None:
    """Two hundred handwritten digits, to see how sure photo_cnn is of what it has never seen."""
    return None if run.dry_run else data.digits(None, train=False).images[:200]


def particulars(network: nn.Module) -> dict[str, Any]:
    """What only some cards say."""
    if isinstance(network, PhotoCNN):
        return {"classes": CLASSES, "size": SIZE, "mean": MEAN, "std": STD}
    if isinstance(network, VAE):
        classes = tuple(map(str, range(network.classes)))
        return {"z": network.z, "beta": network.beta, "classes": classes, "recipe": RECIPE}
    if isinstance(network, Autoencoder):
        return {"z": network.z, "recipe": RECIPE}
    if isinstance(network, PCA):
        return {"z": network.z}
    if isinstance(network, DiffusionUNet):
        return {"classes": tuple(map(str, range(10))), "recipe": diffusion.RECIPE}
    if isinstance(network, PlaneDiffusion):
        return {"z": 2, "recipe": diffusion_plane.RECIPE}
    return {"classes": tuple(map(str, range(10)))}


def rounded(codes: Codes) -> dict[str, Tensor]:
    """Codes as they are stored."""
    stored = {"mu": codes.mu.half(), "labels": codes.labels.to(torch.uint8)}
    return stored if codes.log_variance is None else {**stored, "log_variance": codes.log_variance.half()}
