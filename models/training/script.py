"""The plain PyTorch lines that train a run of `lente.models.training.learner` again, to the same weights."""

from __future__ import annotations

from dataclasses import asdict

from lente.models.training.learner import Learner

_LINES = '''"""Trains the digit network again as it was trained on Lente's learning page."""

import torch
from safetensors.torch import save_file
from torch.nn import functional

from lente.models.mnist.reader import digits
from lente.models.training.digit import moved
from lente.models.training.learner import Settings, fresh, labels_of, optimiser_of

torch.set_num_threads(1)
CHANGES = {{{changes}}}  # from which step on
STEPS = {steps}

data = digits(train=True)
images = torch.tensor(data.images)[:, None]
given = torch.tensor(data.labels).long()
settings = CHANGES[0]
network = fresh(settings)
optimiser = optimiser_of(settings, network)
labels = labels_of(given, settings)
dice = torch.Generator().manual_seed(settings.seed)
order = torch.empty(0, dtype=torch.int64)

for step in range(STEPS):
    if step and step in CHANGES:
        before, settings = settings, CHANGES[step]
        if settings.optimiser != before.optimiser:
            optimiser = optimiser_of(settings, network)
        for group in optimiser.param_groups:
            group["lr"] = settings.rate
        if settings.digits != before.digits:
            order = order[:0]
        labels = labels_of(given, settings)
    count = min(settings.batch, settings.digits)
    if len(order) < count:
        order = torch.randperm(settings.digits, generator=dice)
    index, order = order[:count], order[count:]
    x = images[index] / 255
    if settings.augmented:
        x = moved(x, dice=dice)
    loss = functional.cross_entropy(network.logits(x), labels[index])
    optimiser.zero_grad()
    loss.backward()
    optimiser.step()

save_file(network.state_dict(), "digit_cnn.safetensors")
'''


def script(learner: Learner) -> str:
    """The lines, for as many steps as were made."""
    changes = ", ".join(
        f"{step}: Settings({', '.join(f'{name}={value!r}' for name, value in asdict(settings).items())})"
        for step, settings in learner.changes
        if step == 0 or step < learner.steps
    )
    return _LINES.format(changes=changes, steps=learner.steps)
