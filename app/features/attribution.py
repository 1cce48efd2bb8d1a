"""Why a network sees a class in a picture: four answers, all from captum. Importing this imports torch.

Grad-CAM: Selvaraju et al., 2016, https://arxiv.org/abs/1610.02391. Saliency: Simonyan et al., 2013,
https://arxiv.org/abs/1312.6034. Integrated gradients: Sundararajan et al., 2017, https://arxiv.org/abs/1703.01365.
Occlusion: Zeiler and Fergus, 2013, https://arxiv.org/abs/1311.2901. Random weights as a check: Adebayo et al., 2018,
https://arxiv.org/abs/1810.03292.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import torch
from PIL import Image, ImageFilter
from torch import Tensor, nn

from lente.app.errors import BadInput
from lente.app.features.preparation import Prepared, normalised
from lente.app.features.shown import Shown
from lente.app.features.surgery import operated, read_surgery
from lente.app.i18n import N_
from lente.app.server.queues.long_work import Progress
from lente.models.tracing.recording import record

Method = Literal["grad_cam", "saliency", "integrated_gradients", "occlusion"]
Baseline = Literal["black", "white", "mean", "blur"]

_MOST_AT_ONCE = 4
_VALUES_AT_ONCE = 24_000_000  # of all layers, which a backward pass keeps: one picture of EfficientNet-Lite0
_SLICE = re.compile(r"(\d{1,6})(?::(\d{1,6}))?")


@dataclass(frozen=True)
class Question:
    """What is asked.

    Attributes:
        method: how it is answered.
        index: the class; None for the most likely one.
        layer: for Grad-CAM; "" for the last layer that is a map.
        baseline: what integrated gradients come from, and what occlusion covers with.
        steps: of integrated gradients.
        window, stride: of occlusion, in pixels of what the network is given.
        randomise: whether the weights are replaced by random ones first.
        target: units that are asked about instead of a class, LAYER@3,10:20,10:20; "" for a class.
    """

    method: Method
    index: int | None = None
    layer: str = ""
    baseline: Baseline = "black"
    steps: int = 32
    window: int = 32
    stride: int = 16
    randomise: bool = False
    target: str = ""


@dataclass(frozen=True)
class Answer:
    """How much each place speaks for the class (H, W), in logits where `facts` say so, and what belongs to it."""

    attribution: Tensor
    facts: dict[str, Any]


class Scores(nn.Module):
    """A network up to its logits, (B, C, H, W) to (B, K), or to the sum of units that are aimed at, (B, 1).

    `told` is called with the size of each batch.
    """

    def __init__(
        self,
        shown: Shown,
        network: nn.Module,
        told: Callable[[int], None] = lambda _count: None,
        aim: "Aim | None" = None,
    ) -> None:
        super().__init__()
        self.shown = shown
        self.network = network
        self.told = told
        self.aim = aim

    def forward(self, x: Tensor) -> Tensor:
        self.told(len(x))
        return self.shown.scores(self.network, x) if self.aim is None else self.aim.sums(self.network, x)


@dataclass(frozen=True)
class Aim:
    """Units of a layer: a slice along each of its axes, without the batch."""

    layer: str
    region: tuple[slice, ...]

    def sums(self, network: nn.Module, x: Tensor) -> Tensor:
        """The sum of the units for each picture, (B, 1)."""
        recording = record(network, x, [self.layer], gradients=torch.is_grad_enabled())
        output = recording.output(recording.record(self.layer))
        return output[(slice(None), *self.region)].flatten(1).sum(1, keepdim=True)


def read_aim(target: str, shown: Shown) -> Aim | None:
    """What `target` names; None for "". NotFound, and BadInput for what does not lie in the layer."""
    if not target:
        return None
    layer, _, place = target.rpartition("@")
    part = shown.anatomy.part(layer)
    found = [_SLICE.fullmatch(each.strip()) for each in place.split(",")] if place else []
    spans = [_span(match) for match in found if match is not None]
    shape = part.shape
    inside = len(spans) == len(found) == len(shape) and all(
        0 <= start < end <= side for (start, end), side in zip(spans, shape, strict=True)
    )
    if not inside:
        template = N_("{field} {value} names no units of {layer}, whose shape is {shape}: 3,10:20,10:20 is accepted.")
        sizes = ",".join(map(str, shape))
        raise BadInput("bad_target", template, field="target", value=place, layer=part.name, shape=sizes)
    return Aim(part.name, tuple(slice(start, end) for start, end in spans))


def _span(match: re.Match[str]) -> tuple[int, int]:
    first, last = match.groups()
    return int(first), int(first) + 1 if last is None else int(last)


def check_classes(shown: Shown) -> None:
    """Raises BadInput for a network that names no classes."""
    if not shown.classes:
        raise BadInput("no_classes", N_("{title} names no classes: there is nothing to ask why."), title=shown.title)


def check(question: Question, shown: Shown) -> None:
    """Raises BadInput or NotFound for what the network cannot answer."""
    aim = read_aim(question.target, shown)
    if aim is None:
        check_classes(shown)
    classes, side = len(shown.classes), min(shown.input_shape[-2:])
    if aim is None and question.index is not None and not 0 <= question.index < classes:
        template = N_("{field} {value} does not exist: from 0 to {last} are accepted.")
        raise BadInput("out_of_range", template, field="class", value=question.index, last=classes - 1)
    if question.method == "grad_cam":
        part = shown.anatomy.part(_cam_layer(question, shown, aim))
        shown.anatomy.probe(part.name)
        if part.layout not in ("CHW", "HWC"):
            template = N_("Grad-CAM needs a layer of maps; {layer} has the shape {shape}.")
            raise BadInput("layer_without_maps", template, layer=part.name, shape=",".join(map(str, part.shape)))
        if aim is not None and part.name not in shown.anatomy.on_the_way(aim.layer):
            template = N_("What {target} says does not come from {layer}: a layer on the way to it is accepted.")
            raise BadInput("layer_off_the_way", template, target=aim.layer, layer=part.name)
    if question.method == "occlusion" and (question.window > side or question.stride > question.window):
        template = N_("The window {window} and the stride {stride} do not fit: stride <= window <= {side} is accepted.")
        raise BadInput("occlusion_window", template, window=question.window, stride=question.stride, side=side)


def answer(shown: Shown, prepared: Prepared, surgery: str, question: Question, progress: Progress) -> Answer:
    """The answer to `question`, which `check` has passed; `progress` is told of every batch that has run."""
    network = operated(shown.pristine, read_surgery(surgery), shown.anatomy)
    if question.randomise:
        randomise(network)
    x = torch.from_numpy(prepared.values)[None]
    aim = read_aim(question.target, shown)
    with torch.no_grad():
        logits = Scores(shown, network, aim=aim)(x)[0]
    index = int(logits.argmax()) if question.index is None or aim is not None else question.index
    found = _METHODS[question.method](_Case(shown, prepared, network, x, index, question, progress))
    facts = {"method": question.method, "class": index, "logit": float(logits[index]), "randomised": question.randomise}
    return Answer(found.attribution.detach(), {**facts, **found.facts})


def randomise(network: nn.Module, seed: int = 0) -> None:
    """Replaces every weight of `network`, which is the caller's own, by noise of the same mean and spread."""
    generator = torch.Generator().manual_seed(seed)
    for module in network.modules():
        for name, old in list(module.named_parameters(recurse=False)):
            noise = torch.randn(old.shape, generator=generator)
            spread = old.std() if old.numel() > 1 else torch.zeros(())
            setattr(module, name, nn.Parameter(noise * spread + old.mean(), requires_grad=False))


@dataclass(frozen=True, eq=False)
class _Case:
    shown: Shown
    prepared: Prepared
    network: nn.Module
    x: Tensor
    index: int
    question: Question
    progress: Progress

    @property
    def aim(self) -> Aim | None:
        return read_aim(self.question.target, self.shown)

    def scores(self, total: int) -> Scores:
        """The network's logits, telling how many of `total` pictures are done."""
        done = 0

        def told(count: int) -> None:
            nonlocal done
            self.progress(min(done, total), total)
            done += count

        return Scores(self.shown, self.network, told, self.aim)

    def baseline(self) -> Tensor:
        """(1, C, S, S), normalised as the network's pictures are."""
        wanted, pixels = self.prepared.preparation, self.prepared.pixels
        if self.question.baseline == "mean":
            return torch.zeros_like(self.x)
        if self.question.baseline == "blur":
            image = Image.fromarray(pixels).filter(ImageFilter.GaussianBlur(wanted.size / 16))
            filled = normalised(np.asarray(image), wanted)
        else:
            filled = normalised(pixels * 0 + (255 if self.question.baseline == "white" else 0), wanted)
        return torch.from_numpy(filled[: self.x.shape[1]])[None]


def _grad_cam(case: _Case) -> Answer:
    from captum.attr import LayerGradCam  # seconds, so only in the thread for long work

    layer = _cam_layer(case.question, case.shown, case.aim)
    probed = _Probed(case.shown, case.network, layer, case.aim)
    case.progress(0, 1)
    x = case.x.clone().requires_grad_()
    map_ = LayerGradCam(probed, probed.probe).attribute(x, target=case.index, relu_attributions=False)
    return Answer(map_[0, 0], {"layer": case.shown.anatomy.part(layer).name, "signed": True})


def _cam_layer(question: Question, shown: Shown, aim: Aim | None) -> str:
    """The layer of Grad-CAM: the one asked for, or the last one of maps, on the way to what is aimed at."""
    return question.layer or shown.anatomy.last_map(aim.layer if aim else "")


class _Probed(nn.Module):
    """A network with an identity in it through which one layer's output goes, channels first, for captum to hook."""

    def __init__(self, shown: Shown, network: nn.Module, layer: str, aim: Aim | None) -> None:
        super().__init__()
        self.scores = Scores(shown, network, aim=aim)
        self.probe = nn.Identity()
        shown.anatomy.insert(network, layer, self._through)
        self.last = shown.anatomy.part(layer).layout == "HWC"

    def _through(self, output: Tensor) -> Tensor:
        # A copy goes on: what follows may overwrite it before captum looks.
        if self.last:
            return self.probe(output.permute(0, 3, 1, 2)).permute(0, 2, 3, 1).clone()  # type: ignore[no-any-return]
        return self.probe(output).clone()  # type: ignore[no-any-return]

    def forward(self, x: Tensor) -> Tensor:
        return self.scores(x)  # type: ignore[no-any-return]


def _saliency(case: _Case) -> Answer:
    from captum.attr import Saliency

    x = case.x.clone().requires_grad_()
    gradient = Saliency(case.scores(1)).attribute(x, target=case.index, abs=True)
    return Answer(gradient[0].amax(0), {"signed": False})


def _integrated_gradients(case: _Case) -> Answer:
    from captum.attr import IntegratedGradients

    steps, baseline = case.question.steps, case.baseline()
    method = IntegratedGradients(case.scores(steps + 2))
    found, delta = method.attribute(
        case.x,
        baselines=baseline,
        target=case.index,
        n_steps=steps,
        internal_batch_size=max(1, min(_MOST_AT_ONCE, _VALUES_AT_ONCE // case.shown.anatomy.values)),
        return_convergence_delta=True,
    )
    with torch.no_grad():
        start = float(Scores(case.shown, case.network, aim=case.aim)(baseline)[0, case.index])
    facts = {"baseline": case.question.baseline, "baseline_logit": start, "steps": steps, "signed": True}
    return Answer(found[0].sum(0).float(), {**facts, "sum": float(found.sum()), "convergence_delta": float(delta)})


def _occlusion(case: _Case) -> Answer:
    from captum.attr import Occlusion

    window, stride, channels = case.question.window, case.question.stride, case.x.shape[1]
    down, across = (-(-(side - window) // stride) + 1 for side in case.x.shape[-2:])
    places = down * across
    found = Occlusion(case.scores(places + 1)).attribute(
        case.x,
        sliding_window_shapes=(channels, window, window),
        strides=(channels, stride, stride),
        baselines=case.baseline(),
        target=case.index,
        perturbations_per_eval=_MOST_AT_ONCE,
    )
    return Answer(found[0, 0], {"baseline": case.question.baseline, "places": places, "signed": True})


_METHODS: dict[str, Callable[[_Case], Answer]] = {
    "grad_cam": _grad_cam,
    "saliency": _saliency,
    "integrated_gradients": _integrated_gradients,
    "occlusion": _occlusion,
}
