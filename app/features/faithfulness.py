"""Deletion and insertion curves of an attribution, beside two that should be worse. Importing this imports torch."""

from dataclasses import replace
from typing import Any

import torch
from torch import Tensor

from lente.app.features.attribution import Question, Scores, answer
from lente.app.features.preparation import Prepared, normalised
from lente.app.features.shown import Shown
from lente.app.features.surgery import operated, read_surgery
from lente.app.server.queues.long_work import Progress
from lente.models.features.curves import PARTS, area, curve

SMALL = 8  # pixels a side of the picture that is given back to: no form is left in it


def curves(shown: Shown, prepared: Prepared, surgery: str, question: Question, progress: Progress) -> dict[str, Any]:
    """Both curves of the attribution for `question`, of a random order, and of the attribution of random weights."""
    quiet = Progress()
    quiet.token = progress.token
    told = answer(shown, prepared, surgery, replace(question, randomise=False), quiet)
    asked = replace(question, index=told.facts["class"])
    random = answer(shown, prepared, surgery, replace(asked, randomise=True), quiet)
    noise = torch.rand(told.attribution.shape, generator=torch.Generator().manual_seed(0))
    orders = {"attribution": told.attribution, "random": noise, "randomised": random.attribution}
    network = operated(shown.pristine, read_surgery(surgery), shown.anatomy)
    scores, total, passes = Scores(shown, network), 2 * len(orders) * (PARTS + 1), 0

    def probability(pictures: Tensor) -> Tensor:
        return scores(pictures).softmax(1)[:, told.facts["class"]]  # type: ignore[no-any-return]

    def step() -> None:
        nonlocal passes
        progress(passes, total)
        passes += 1

    whole = torch.from_numpy(prepared.values)
    grey = torch.from_numpy(normalised(prepared.pixels * 0 + 127, prepared.preparation))
    blurred = _blurred(whole)
    made: dict[str, Any] = {"class": told.facts["class"], "method": question.method}
    with torch.no_grad():
        for name, attribution in orders.items():
            strength = attribution.detach().float()
            deletion = curve(probability, whole, grey, strength, step)
            insertion = curve(probability, blurred, whole, strength, step)
            made[name] = {
                "deletion": deletion,
                "insertion": insertion,
                "deletion_area": area(deletion),
                "insertion_area": area(insertion),
            }
    return made


def _blurred(picture: Tensor) -> Tensor:
    """(C, S, S) of which only its coarse colours are left."""
    small = torch.nn.functional.interpolate(picture[None], (SMALL, SMALL), mode="area")
    return torch.nn.functional.interpolate(small, picture.shape[-2:], mode="bilinear")[0]
