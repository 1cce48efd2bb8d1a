"""Trains the autoencoders and the variational ones, all alike, on MNIST, Fashion-MNIST or a folder of pictures."""

import torch
from torch import Tensor, nn

from lente.models.networks.autoencoder import Autoencoder
from lente.models.networks.catalogue import build
from lente.models.networks.vae import VAE, cross_entropy
from lente.models.training.data import Pictures
from lente.models.training.film import Film
from lente.models.training.run import Run, moving_average, progress, shuffled

BATCH = 128
RATE = 3e-3
EPOCHS = 50
AVERAGE = 0.998
# The share of pixels that the encoder does not see at first, falling to none: it copies unseen digits better for it.
# Vincent et al., "Extracting and composing robust features with denoising autoencoders", 2008.
HIDDEN_PIXELS = 0.15
RECIPE = (
    f"Adam, one cycle to {RATE:g}, batches of {BATCH}, weights averaged, "
    f"{HIDDEN_PIXELS:.0%} of the pixels hidden at first and none at the end"
)
FILMED = "vae_2d"
WIDTHS = (128, 256)


def train(run: Run, learn: Pictures, test: Pictures) -> tuple[nn.Module, dict[str, Tensor] | None]:
    """The network trained as `run` says, its weights averaged over the last steps, and the film of it if it has one."""
    torch.manual_seed(run.seed)
    torch.set_num_threads(1)
    network = initialised(build(run.name)).train()
    average = moving_average(network, AVERAGE)
    steps = run.steps(len(learn), BATCH)
    film = Film(test, steps) if run.name == FILMED else None
    optimiser = torch.optim.Adam(network.parameters(), RATE, fused=True)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, RATE, steps, pct_start=0.05)
    for step, (bar, index) in enumerate(zip(progress(run, steps), shuffled(len(learn), BATCH), strict=False)):
        if film:
            film(step, BATCH, average.module)
        hidden = HIDDEN_PIXELS * (1 - step / steps)
        loss = objective(network, learn.images[index] / 255, learn.labels[index], hidden)
        optimiser.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        optimiser.step()
        schedule.step()
        average.update_parameters(network)
        if step % 100 == 0:
            bar.set_postfix(loss=f"{loss.item():.2f}")
    if film:
        film(steps, BATCH, average.module)
    return average.module, film.tensors() if film else None


def initialised(network: nn.Module) -> nn.Module:
    """Weights as wide as ReLU asks for: two numbers reach all of a deep decoder from the first step on.

    He, Zhang, Ren and Sun, "Delving deep into rectifiers", 2015.
    """
    for layer in network.modules():
        if isinstance(layer, nn.Linear) and layer.out_features in WIDTHS:
            nn.init.kaiming_normal_(layer.weight, nonlinearity="relu")
            nn.init.zeros_(layer.bias)
    return network


def objective(network: nn.Module, x: Tensor, labels: Tensor, hidden: float) -> Tensor:
    """What is minimised, in nats a picture: cross-entropy, and for a VAE beta times the KL divergence as well.

    `hidden` is the share of pixels that the encoder does not see, 0..1.
    """
    seen = x * (torch.rand_like(x) >= hidden)
    if isinstance(network, VAE):
        reconstruction, divergence = network.loss(x, labels if network.classes else None, seen)
        return (reconstruction + network.beta * divergence).mean()
    assert isinstance(network, Autoencoder)
    return cross_entropy(network.decoder.logits(network.encode(seen)), x).mean()
