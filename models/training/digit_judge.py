"""Trains the digit network's judge on digits, each a little different each time, and on pictures of nothing.

Hendrycks, Mazeika and Dietterich, "Deep anomaly detection with outlier exposure", 2018:
https://arxiv.org/abs/1812.04606.
"""

from dataclasses import replace

import numpy as np
import torch
import torch.nn.functional as F

from lente.models.networks.digit_cnn import DigitCNN
from lente.models.networks.digit_judge import DigitJudge
from lente.models.training import digit_outliers
from lente.models.training.data import Pictures
from lente.models.training.digit import BATCH, inked, mixed, moved
from lente.models.training.run import Run, progress, shuffled

EPOCHS = 12
RATE = 3e-3
# How many of the digits that it learnt from it turns away.
REFUSED = 0.005
# Dots as large as digits: how many in a batch, of how many that are made once.
TAPS = 8
MADE = 2000


def train(run: Run, network: DigitCNN, pictures: Pictures) -> DigitJudge:
    """A judge of what `network` sees, which itself stays as it is; from 0.5 on, a picture passes as a digit."""
    torch.manual_seed(run.seed)
    judge = DigitJudge()
    learning = replace(run, name=f"{run.name}: judge", epochs=EPOCHS)
    steps = learning.steps(len(pictures), BATCH)
    optimiser = torch.optim.AdamW(judge.parameters(), RATE)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, RATE, steps)
    dots = digit_outliers.taps(10 if run.dry_run else MADE, np.random.default_rng(run.seed))
    batches = zip(progress(learning, steps), mixed(learning, pictures), shuffled(len(dots), TAPS), strict=False)
    for bar, (images, labels), some in batches:
        nothings_too = torch.cat([images, dots[some]])
        with torch.no_grad():  # there is no way back into the network
            maps = network.maps(inked(moved(nothings_too / 255)))
        target = (torch.arange(len(nothings_too)) < len(labels)).float()
        loss = F.binary_cross_entropy_with_logits(judge.logits(maps), target)
        optimiser.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        optimiser.step()
        schedule.step()
        bar.set_postfix(loss=f"{loss.item():.3f}")
    return with_limit(judge, network, pictures)


@torch.no_grad()
def with_limit(judge: DigitJudge, network: DigitCNN, pictures: Pictures) -> DigitJudge:
    """Moves the last bias so that the share REFUSED of the digits falls below 0.5."""
    scores = [judge.logits(network.maps(some / 255)) for some in torch.split(pictures.images, 500)]
    judge.dense2.bias.sub_(torch.quantile(torch.cat(scores), REFUSED))
    return judge
