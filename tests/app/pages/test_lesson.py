"""What the lesson asks and tells, against the networks and pictures themselves."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor
from torch.nn import functional

from lente.app.paths import ROOT
from lente.app.pictures.samples import SAMPLES
from lente.models.diffusion.schedule import Schedule
from lente.models.mnist.reader import digits, values
from lente.models.networks import catalogue
from lente.models.networks.digit_cnn import DigitCNN

READ = """import { lessonSteps } from "./static/js/lesson/steps.js";
console.log(JSON.stringify(lessonSteps));"""


@pytest.fixture(scope="module")
def steps() -> dict[str, dict[str, Any]]:
    """The steps as the pages have them, by name."""
    node = shutil.which("node", path=f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
    assert node
    command = [node, "--input-type=module", "--eval", READ]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    return {step["name"]: step for step in json.loads(done.stdout)}


def weight(network: str, layer: str) -> Tensor:
    return dict(catalogue.load(network).named_parameters())[f"{layer}.weight"]


def sureness(space: str, low: list[float], high: list[float]) -> tuple[set[int], float, float]:
    """What the digit network reads in codes all over a rectangle: the digits, the least probability, and the least
    likeness to a digit."""
    sides = [torch.linspace(a, b, 7) for a, b in zip(low, high, strict=True)]
    codes = torch.cartesian_prod(*sides)
    reader = catalogue.load("digit_cnn")
    assert isinstance(reader, DigitCNN)
    with torch.no_grad():
        pictures = catalogue.load(space).decode(codes).reshape(-1, 1, 28, 28)  # type: ignore[operator]
        sure, digits = reader(pictures).max(1)
        judged = catalogue.digit_judge()(reader.maps(pictures))
    return set(digits.tolist()), float(sure.min()), float(judged.min())


def test_pixels_and_their_values(steps: dict[str, dict[str, Any]]) -> None:
    cat, balls = SAMPLES["sample-cat"].read(), SAMPLES["sample-balls"].read()
    assert balls.shape == (320, 480, 3)
    assert balls.size == 460_800
    row, column = steps["scale"]["state"]["unit"]
    assert cat[row, column, 0] == 204
    assert steps["scale"]["answer"] == 204 / 255
    row, column = steps["colour"]["state"]["unit"]
    assert balls[row, column].tolist() == [186, 48, 35]


def test_sums_have_as_many_products_as_the_networks_weights(steps: dict[str, dict[str, Any]]) -> None:
    assert steps["decide"]["answer"] == weight("digit_cnn", "dense2")[0].numel()
    assert steps["network"]["answer"] == weight("digit_cnn", "conv2")[0].numel()
    assert steps["layer"]["answer"] == weight("photo_cnn", "conv1")[0].numel()
    assert weight("photo_cnn", "conv1").shape == (32, 3, 7, 7)
    assert steps["bottleneck"]["answer"] == 28 * 28 / catalogue.card("autoencoder_2d").z  # type: ignore[operator]


def test_what_comes_back_to_the_five_is_its_share_less_one(steps: dict[str, dict[str, Any]]) -> None:
    """The first of MNIST's digits to learn from, which the page opens with."""
    known = digits(train=True)
    assert known.labels[0] == 5
    x = torch.from_numpy(values(known.images[:1]))[:, None]
    scores = catalogue.load("digit_cnn").logits(x).requires_grad_()  # type: ignore[operator]
    (back,) = torch.autograd.grad(functional.cross_entropy(scores, torch.tensor([5])), scores)
    assert round(float(scores.detach().softmax(1)[0, 5]), 3) == 0.766
    assert round(float(back[0, 5]), 3) == steps["blame"]["answer"]
    assert abs(float(back.sum())) < 1e-6


def test_the_empty_corner_is_empty_and_decodes_to_digits() -> None:
    low, high = [-37.0, -18.0], [-17.0, -5.0]
    codes = catalogue.codes("autoencoder_2d").mu
    inside = ((codes > torch.tensor(low)) & (codes < torch.tensor(high))).all(1)
    assert not inside.any()
    digits, least, judged = sureness("autoencoder_2d", low, high)
    assert least > 0.9
    assert judged > 0.5
    assert digits == {3}
    assert (round(float(codes.min()), 1), round(float(codes.max()), 1)) == (-51.4, 119.9)


def test_the_place_that_is_asked_for_decodes_to_the_answer(steps: dict[str, dict[str, Any]]) -> None:
    digits, least, _ = sureness("vae_2d", [-0.4, -3.0], [0.4, -2.1])
    assert digits == {steps["latent"]["answer"]}
    assert least > 0.9


def test_the_noisy_pixel_is_the_sum_that_the_schedule_makes(steps: dict[str, dict[str, Any]]) -> None:
    schedule = Schedule.cosine()
    step = int((schedule.a - 0.8).abs().argmin())
    clean, noise = torch.ones(1, 1, 1, 1), torch.full((1, 1, 1, 1), -0.5)
    assert schedule.noisy(clean, noise, torch.tensor([step])).item() == pytest.approx(
        steps["noise"]["answer"], abs=2e-3
    )
    assert schedule.a[1000] < 1e-3
    assert schedule.s[1000] > 0.999
