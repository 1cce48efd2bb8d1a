"""Networks as people bring them: broken, of any layout, with several inputs, whatever they answer."""

import dataclasses
import random
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from lente.app.errors import LenteError
from lente.app.features import attribution, description
from lente.app.features.layers import small_layers, whole_layers
from lente.app.features.prediction import prediction, told
from lente.app.features.preparation import Prepared
from lente.app.features.shown import Shown
from lente.app.own_network.checking import checked
from lente.app.own_network.inputs import read_inputs
from lente.app.own_network.opening import CannotOpen, Wishes, opened
from lente.app.own_network.pictures import painted, read_given
from lente.app.own_network.window import noted
from lente.app.server.queues.long_work import Progress
from lente.models.tracing.explaining import explain

pytestmark = pytest.mark.slow


def noise(*shape: int) -> Tensor:
    return torch.randn(*shape, generator=torch.Generator().manual_seed(5))


def looked_at(network: nn.Module, x: Tensor, **wishes: Any) -> tuple[Shown, Any]:
    """The opened network and what it computes for `x`, without its batch."""
    given = read_given(x)
    shown = opened(network, given, Wishes(**wishes))
    assert given.values is not None
    picture = painted(given.values, shown.preparation)
    return shown, shown.capture(Prepared(picture, given.values, None, picture.shape[:2], shown.preparation))


PICTURE = np.zeros((100, 140, 3), np.uint8)


class Lenet(nn.Module):
    """A course's network; `count` is what its dense layer is made for."""

    def __init__(self, count: int) -> None:
        super().__init__()
        self.conv = nn.Conv2d(1, 16, 3)
        self.dense = nn.Linear(count, 10)

    def forward(self, x: Tensor) -> Tensor:
        x = F.relu(self.conv(x))
        x = torch.flatten(x, 1)
        return self.dense(x)  # type: ignore[no-any-return]


def test_a_network_that_breaks_is_drawn_up_to_its_fault() -> None:
    shown, capture = looked_at(Lenet(10), noise(1, 15, 15))
    fault = shown.fault
    assert fault is not None
    assert (fault.module, fault.operation, fault.shapes["input"]) == ("dense", "linear", (1, 2704))
    assert fault.advice == "Linear(10, 10) got 2704 numbers; Linear(2704, 10) would take them"
    assert fault.line is not None
    assert fault.line.file == __file__
    assert fault.line.text.startswith("return self.dense(x)")
    layers = description.told(shown)["layers"]
    assert [each["name"] for each in layers] == ["conv", "relu", "flatten"]
    assert description.told_notes(shown, "es")["fault"]["inputs"] == ["flatten"]
    assert torch.equal(capture.recording["relu"], F.relu(shown.module.conv(noise(1, 1, 15, 15))))
    assert explain(capture.recording, "flatten", (7,)).error() < 1e-5
    assert "dense" in noted(shown)[0]
    with pytest.raises(LenteError, match="broke before it answered"):
        prediction(shown, capture)


BROKEN = {
    "channels": (nn.Sequential(nn.Conv2d(3, 8, 3), nn.Conv2d(4, 8, 3)), "made for 4 channels and got 8"),
    "pool": (nn.Sequential(nn.Conv2d(3, 8, 3), nn.MaxPool2d(99)), "shrunk to"),
    "norm": (nn.Sequential(nn.Conv2d(3, 8, 3), nn.BatchNorm2d(9)), "made for 9 channels and got 8"),
    "unflatten": (nn.Sequential(nn.Conv2d(3, 8, 3), nn.Flatten(), nn.Unflatten(1, (7, 7))), "do not fill"),
}


@pytest.mark.parametrize(("network", "words"), BROKEN.values(), ids=BROKEN)
def test_what_would_have_fitted_is_said(network: nn.Module, words: str) -> None:
    shown, _ = looked_at(network, noise(3, 16, 16))
    assert shown.fault is not None
    assert words in str(shown.fault.advice)
    assert len(description.told(shown)["layers"]) >= 1


def test_the_size_that_a_dense_layer_was_made_for_is_found() -> None:
    # 74 x 74 is in nobody's list: 16 maps of 72 x 72 numbers.
    shown = opened(Lenet(16 * 72 * 72), read_given(PICTURE), Wishes())
    assert shown.fault is None
    assert shown.input_shape == (1, 74, 74)


class Squeezed(nn.Module):
    """Takes any picture for so many of 784 pixels."""

    def __init__(self) -> None:
        super().__init__()
        self.dense = nn.Linear(784, 10)

    def forward(self, x: Tensor) -> Tensor:
        return self.dense(x.view(-1, 784))  # type: ignore[no-any-return]


def test_the_batch_that_goes_in_comes_out() -> None:
    assert opened(Squeezed(), read_given(PICTURE), Wishes()).input_shape == (1, 28, 28)
    forced = opened(Squeezed(), read_given(PICTURE), Wishes(size=224))
    assert any("192 rows" in note for note in forced.notes)


class Raising(nn.Module):
    def __init__(self, error: Exception) -> None:
        super().__init__()
        self.conv = nn.Conv2d(3, 4, 3)
        self.error = error

    def forward(self, x: Tensor) -> Tensor:
        self.conv(x)
        raise self.error


@pytest.mark.parametrize("error", [TypeError("no such thing"), KeyError("head"), ValueError(), ZeroDivisionError("x")])
def test_whatever_a_network_raises_is_told_with_its_line(error: Exception) -> None:
    fault = opened(Raising(error), read_given(PICTURE), Wishes()).fault
    assert fault is not None
    assert fault.kind == type(error).__name__
    assert fault.line is not None
    assert fault.line.text == "raise self.error"
    assert fault.operation == ""


class Tokens(nn.Module):
    """Patches, a class's token, attention and a recurrent layer: layers of two to five axes, and lists."""

    def __init__(self) -> None:
        super().__init__()
        self.patch = nn.Conv2d(3, 8, 4, 4)
        self.token = nn.Parameter(noise(1, 1, 8))
        self.attend = nn.MultiheadAttention(8, 2, batch_first=True)
        self.walk = nn.LSTM(8, 5, batch_first=True)
        self.head = nn.Linear(5, 3)

    def forward(self, x: Tensor) -> Tensor:
        y = self.patch(x).flatten(2).transpose(1, 2)
        y = torch.cat([self.token.expand(len(y), -1, -1), y], 1)
        y = y + self.attend(y, y, y, need_weights=False)[0]
        y = sum(y.reshape(1, 17, 2, 2, 2).unbind(2)).reshape(1, 17, 4).repeat(1, 1, 2)  # type: ignore[union-attr]
        y, _ = self.walk(y)
        return self.head(y[:, 0])  # type: ignore[no-any-return]


def test_every_layer_has_units_whatever_its_axes() -> None:
    torch.manual_seed(1)
    network = Tokens().eval()
    x = noise(3, 16, 16)
    with torch.no_grad():
        wanted = network(x[None])
    shown, capture = looked_at(network, x)
    assert torch.allclose(capture.recording.returned, wanted, atol=1e-6)
    layers = {each["name"]: each for each in description.told(shown)["layers"]}
    assert {len(each["shape"]) for each in layers.values()} >= {1, 2, 3, 4}
    assert all(each["explained"] and each["macs_known"] for each in layers.values())
    assert (layers["flatten"]["layout"], layers["transpose"]["layout"]) == ("CT", "TC")
    assert layers["transpose"]["grid"] == (0, 4, 4)
    assert layers["cat"]["grid"] == (1, 4, 4)
    dice = random.Random(0)
    for name, each in layers.items():
        unit = tuple(dice.randrange(side) for side in each["shape"])
        assert explain(capture.recording, name, unit).error() < 1e-4, name
    _, facts = small_layers(capture, 8, 4)
    assert set(facts["layers"]) == {"input", *layers}
    tensors, facts = whole_layers(capture, list(layers), None)
    assert all(tensors[name].shape[1:] == tuple(each["shape"]) for name, each in layers.items())


class Outputs(nn.Module):
    """Answers whatever it is told to make of 6 numbers."""

    def __init__(self, ending: Any) -> None:
        super().__init__()
        self.conv = nn.Conv2d(3, 6, 3)
        self.ending = ending

    def forward(self, x: Tensor) -> Any:
        return self.ending(self.conv(x))


@dataclasses.dataclass
class Answered:
    logits: Tensor
    hidden: Tensor


def test_what_the_answer_is_can_be_said_and_is_guessed_only_where_it_is_plain() -> None:
    x = noise(3, 8, 8)
    pooled = lambda y: y.mean((2, 3))  # noqa: E731
    mu = Outputs(lambda y: (y.sigmoid(), pooled(y), pooled(y) * 2))
    assert looked_at(mu, x)[0].classes == ()
    chosen, capture = looked_at(mu, x, output="2", answer="logits")
    assert torch.allclose(prediction(chosen, capture).logits, capture.recording.returned[2][0])
    assert len(looked_at(Outputs(lambda y: Answered(pooled(y), y)), x)[0].classes) == 6
    labels, capture = looked_at(Outputs(pooled), x, answer="labels")
    assert torch.allclose(prediction(labels, capture).probabilities, capture.recording.returned[0].sigmoid())
    boxes, capture = looked_at(Outputs(lambda y: pooled(y)[:, :4]), x, answer="boxes")
    said = told(prediction(boxes, capture), boxes.classes, "en", 10)
    assert said["kind"] == "boxes"
    assert [each["logit"] for each in said["classes"]] == pytest.approx(capture.recording.returned[0].tolist())
    mask, capture = looked_at(Outputs(lambda y: y), x, answer="mask")
    shares = capture.recording.returned[0].argmax(0).flatten().bincount(minlength=6) / 36
    assert torch.allclose(prediction(mask, capture).probabilities, shares)
    assert looked_at(Outputs(pooled), x, answer="none")[0].classes == ()
    assert any("taken for scores" in note for note in looked_at(Outputs(pooled), x)[0].notes)


def test_any_unit_pixel_or_box_is_a_target_for_attribution() -> None:
    x = noise(3, 8, 8)
    shown, capture = looked_at(Outputs(lambda y: y.relu()), x)
    leaf = x[None].clone().requires_grad_()
    shown.module.conv(leaf)[0, 2, 1:4, 2:3].sum().backward()
    assert leaf.grad is not None
    question = attribution.Question("saliency", target="conv@2,1:4,2")
    attribution.check(question, shown)
    found = attribution.answer(shown, capture.prepared, "", question, Progress())
    assert torch.allclose(found.attribution, leaf.grad[0].abs().amax(0), atol=1e-6)
    with pytest.raises(LenteError, match="whose shape is 6,6,6"):
        attribution.check(attribution.Question("saliency", target="conv@2,1:9,2"), shown)


class Two(nn.Module):
    """A picture, a mask and a number."""

    def __init__(self) -> None:
        super().__init__()
        self.conv = nn.Conv2d(4, 3, 3)

    def forward(self, mask: Tensor, image: Tensor, scale: float = 1.0) -> Tensor:
        return self.conv(torch.cat([image, mask], 1)).mean((2, 3)) * scale  # type: ignore[no-any-return]


def test_what_goes_in_beside_the_picture_is_given_by_name(tmp_path: Path) -> None:
    from PIL import Image

    x, network = noise(3, 8, 8), Two()
    mask = np.arange(64, dtype=np.uint8).reshape(8, 8) * 4
    Image.fromarray(mask).save(tmp_path / "mask.png")
    shown, capture = looked_at(network, x, inputs=read_inputs([f"mask={tmp_path}/mask.png", "scale=0.5"]))
    wanted = network(torch.from_numpy(mask)[None, None] / 255, x[None], 0.5)
    assert torch.allclose(capture.recording.returned, wanted, atol=1e-6)
    assert shown.scores(shown.module, torch.stack([x, x])).shape == (2, 3)
    with pytest.raises(ValueError, match=r"takes no 'mosk'; it takes mask, image, scale"):
        looked_at(network, x, inputs={"mosk": mask})


def test_what_goes_in_may_have_any_proportion_many_channels_and_frames(tmp_path: Path) -> None:
    five, _ = looked_at(nn.Conv2d(5, 2, 3), noise(5, 8, 12))
    assert five.input_shape == (5, 8, 12)
    clip, capture = looked_at(nn.Conv3d(4, 2, 3), noise(4, 5, 8, 9))
    assert clip.input_shape == (4, 5, 8, 9)
    assert explain(capture.recording, capture.recording.layers[0], (1, 2, 3, 4)).error() < 1e-5
    wide = opened(nn.Conv2d(3, 2, 3), read_given(PICTURE), Wishes(size=(20, 60)))
    assert wide.input_shape == (3, 20, 60)
    np.save(tmp_path / "five.npy", noise(5, 8, 12).numpy())
    assert np.array_equal(read_given(tmp_path / "five.npy").values, noise(5, 8, 12).numpy())
    with pytest.raises(CannotOpen, match=r"reads 5 channels.*tensor \(5, H, W\)"):
        opened(nn.Conv2d(5, 2, 3), read_given(PICTURE), Wishes())


def test_a_picture_that_would_take_too_much_memory_is_refused_before_it_is_made() -> None:
    network = nn.Sequential(nn.Conv2d(3, 64, 3, padding=1), nn.ReLU())
    with pytest.raises(CannotOpen, match=r"GB of maps.*some \d+ × \d+ pixels"):
        opened(network, read_given(PICTURE), Wishes(size=16_000))


def test_lazy_layers_take_their_shape_from_the_picture() -> None:
    network = nn.Sequential(nn.LazyConv2d(4, 3), nn.ReLU(), nn.Flatten(), nn.LazyLinear(7))
    shown = opened(network, read_given(PICTURE), Wishes(size=16))
    assert shown.module[0].weight.shape == (4, 3, 3, 3)
    assert len(shown.classes) == 7
    assert isinstance(network[0].weight, nn.parameter.UninitializedParameter)


class Branching(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.bright, self.dark = nn.Conv2d(3, 2, 1), nn.Conv2d(3, 2, 1)

    def forward(self, x: Tensor) -> Tensor:
        return self.bright(x) if x.mean() > 0.5 else self.dark(x)  # type: ignore[no-any-return]


def test_the_layers_are_those_that_ran_for_the_picture_that_is_shown() -> None:
    shown, capture = looked_at(Branching(), torch.ones(3, 8, 8))
    layers = [each["name"] for each in description.told(shown)["layers"]]
    assert layers == capture.recording.layers
    assert layers[-1] == "bright"
    assert "dark" not in layers


def test_a_number_that_is_none_is_named_by_the_layer_where_it_begins() -> None:
    network = nn.Sequential(nn.Conv2d(3, 4, 3), nn.ReLU(), nn.Flatten(), nn.Linear(4 * 36, 3))
    with torch.no_grad():
        network[0].weight[1] = torch.nan
    shown, capture = looked_at(network, noise(3, 8, 8))
    with pytest.raises(LenteError, match=r"from the layer 0 \(conv2d\) on"):
        prediction(shown, capture)
    small_layers(capture, 8, 4)


NUMBERS = {
    "half": lambda y: y.half(),
    "bfloat16": lambda y: y.bfloat16(),
    "complex": torch.fft.fft2,
    "whole": lambda y: y.round().long(),
    "bool": lambda y: y > 0,
    "scalar": lambda y: y.mean(),
    "empty": lambda y: y[:, :0],
}


@pytest.mark.parametrize("ending", NUMBERS.values(), ids=NUMBERS)
def test_numbers_of_every_kind_are_shown(ending: Any) -> None:
    shown, capture = looked_at(Outputs(ending), noise(3, 8, 8))
    names = [each["name"] for each in description.told(shown)["layers"]]
    tensors, _ = whole_layers(capture, names, None)
    assert all(tensors[name].dtype == np.float32 for name in names)
    small_layers(capture, 8, 4)


def test_dice_are_said_and_a_seed_keeps_them() -> None:
    network = Outputs(lambda y: y + torch.randn_like(y))
    assert any("throws dice (randn_like)" in note for note in looked_at(network, noise(3, 8, 8))[0].notes)
    first, second = (looked_at(network, noise(3, 8, 8), seed=3)[1].recording.returned for _ in range(2))
    assert torch.equal(first, second)


def test_hooks_of_ones_own_do_not_run_in_the_copy_and_a_name_hides_no_network_of_the_box() -> None:
    seen: list[Tensor] = []
    network = nn.Sequential(nn.utils.parametrizations.weight_norm(nn.Conv2d(3, 2, 3)))
    network[0].register_forward_hook(lambda _m, _i, output: seen.append(output))
    shown, capture = looked_at(network, noise(3, 8, 8), title="digit_cnn")
    assert not seen
    assert any("Hooks of yours (1)" in note for note in shown.notes)
    assert shown.name == "my_digit_cnn"
    assert torch.allclose(capture.recording.returned, network(noise(1, 3, 8, 8)), atol=1e-6)
    kernels, _ = description.kernels(shown, "0")
    assert np.allclose(kernels["weight"], network[0].weight.detach())


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (nn.Conv2d, "Conv2d is a class: .* Conv2d()"),
        (nn.Conv2d(1, 1, 1).state_dict(), "a state_dict holds numbers"),
        (7, "a int is no torch.nn.Module"),
    ],
)
def test_what_is_no_network_is_told_what_it_is(given: Any, words: str) -> None:
    with pytest.raises(CannotOpen, match=words):
        opened(given, read_given(PICTURE), Wishes())


CHECKED = """
import argparse
import torch
from torch import nn

argparse.ArgumentParser().add_argument("--epochs", type=int, default=3)


class Fits(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 4, 3)
        self.head = nn.Linear(4, 2).requires_grad_(False)

    def forward(self, x):
        return self.head(torch.relu(self.conv(x)).mean((2, 3)))


class Breaks(Fits):
    def forward(self, x):
        return self.head(self.conv(x))
"""


def test_the_command_check_prints_costs_and_holds_all_against_pytorch(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from lente.app.cli import main

    (tmp_path / "course.py").write_text(CHECKED)
    with pytest.raises(SystemExit) as good:
        main(["check", f"{tmp_path}/course.py:Fits", "--size", "8", "--units", "60"])
    said = capsys.readouterr().out
    assert good.value.code == 0
    assert "parameters  122  (trainable 112, frozen 10)" in said
    assert f"MACs        {36 * 27 * 4 + 8:,}" in said
    assert "2 of modules compared with what hooks see: 2 the same" in said
    assert "60 asked, 60 written out, 60 add up" in said
    with pytest.raises(SystemExit) as bad:
        main(["check", f"{tmp_path}/course.py:Breaks", "--size", "8"])
    said = capsys.readouterr().out
    assert bad.value.code == 1
    assert "it breaks in head (Linear)" in said
    assert "course.py, line 21: return self.head(self.conv(x))" in said


def test_check_finds_an_output_that_is_not_the_one_that_a_hook_sees(monkeypatch: pytest.MonkeyPatch) -> None:
    x = noise(3, 16, 16)
    shown, _ = looked_at(nn.Sequential(nn.Conv2d(3, 4, 3), nn.ReLU(), nn.Conv2d(4, 2, 3)), x)
    assert checked(shown, x[None], 30).good
    recording = shown.record(shown.module, x[None])
    recording["1"][0, 0, 2, 3] += 0.01
    monkeypatch.setattr(Shown, "record", lambda *_: recording)
    found = checked(shown, x[None], 0)
    assert (found.compared, found.equal, found.close, found.good) == (3, 2, 2, False)
    assert found.wrong == ["the output of 1 is not the one that a hook sees"]


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("import no_such_package_at_all", "needs no_such_package_at_all, which is not installed"),
        ("import sys\nsys.exit(2)", "ended the program while it was read"),
        ("def Net(:", r"SyntaxError.*line 1"),
        ("x = {}['weights']", r"KeyError.*line 1: x = "),
        ("class Net:\n    def __init__(self):\n        raise OSError('no data')", r"OSError: no data\n.*line 3"),
        ("Net = 3", "Net is a int"),
    ],
)
def test_no_bare_message_of_pythons_comes_from_a_file_that_cannot_be_read(
    code: str, words: str, tmp_path: Path
) -> None:
    from lente.app.cli import main

    (tmp_path / "broken.py").write_text(code)
    with pytest.raises(SystemExit, match=rf"(?s)lente check: .*{words}"):
        main(["check", f"{tmp_path}/broken.py:Net"])


def test_a_module_of_this_folder_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from lente.app.own_network.command import network_of

    (tmp_path / "course_here.py").write_text(CHECKED)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sys.path", [each for each in __import__("sys").path if each])
    assert isinstance(network_of("course_here:Fits"), nn.Module)
