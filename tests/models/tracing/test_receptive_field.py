"""Fields are exact: what a gradient reaches in linear networks, and what is known of famous ones."""

import random

import pytest
import torch
from torch import Tensor, nn

from lente.models.errors import ModelError
from lente.models.tracing.receptive_field import (
    Box,
    ReceptiveField,
    box,
    effective_field,
    fields,
    receptive_field,
    receptive_fields,
)
from lente.models.tracing.recording import Recording, record
from tests.models.examples import recorded, tutorial_network

pytestmark = pytest.mark.slow


def positive(network: nn.Module) -> nn.Module:
    """All weights positive, so that no two paths from a pixel to a unit cancel."""
    for parameter in network.parameters():
        nn.init.uniform_(parameter, 0.1, 1)
    return network.eval()


def reached(recording: Recording, layer: str, unit: tuple[int, ...]) -> Box:
    """The oracle: the hull of the pixels in which a unit has a derivative."""
    (gradient,) = torch.autograd.grad(recording[layer][(0, *unit)], recording["input"], retain_graph=True)
    rows, columns = gradient[0].abs().sum(0).nonzero(as_tuple=True)
    if not len(rows):
        return Box(0, 0, 0, 0)
    return Box(int(rows.min()), int(columns.min()), int(rows.max()) + 1, int(columns.max()) + 1)


class Branches(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.stem = nn.Conv2d(3, 4, (3, 2), stride=(2, 1), padding=(2, 0))
        self.left = nn.Sequential(
            nn.Conv2d(4, 4, 3, padding=2, dilation=2, groups=2), nn.AvgPool2d(3, 2, ceil_mode=True)
        )
        self.right = nn.Conv2d(4, 4, 1, stride=2, padding=1)
        self.even = nn.Conv2d(8, 2, 2, padding="same", dilation=3)
        self.up = nn.ConvTranspose2d(2, 2, 3, stride=2, padding=1)
        self.pool = nn.AdaptiveAvgPool2d((4, 3))
        self.shuffle = nn.PixelShuffle(2)
        self.dense = nn.Linear(4 * 3, 3)

    def forward(self, x: Tensor) -> Tensor:
        x = nn.functional.pad(self.stem(x), (1, 0, 2, 1))
        left, right = self.left(x), self.right(x)
        x = torch.cat([left, right[:, :, : left.shape[2], : left.shape[3]] + left], dim=1)
        x = self.even(self.shuffle(x).repeat(1, 4, 1, 1).permute(0, 1, 3, 2))
        x = self.pool(self.up(x)).permute(0, 2, 3, 1)
        return self.dense(x.mean(3).flatten(1)[:, None])


@pytest.mark.filterwarnings("ignore:Using padding='same' with even kernel")
def test_boxes_equal_what_gradients_reach() -> None:
    torch.manual_seed(0)
    recording = record(positive(Branches()), torch.rand(1, 3, 23, 19), gradients=True)
    dice = random.Random(0)
    for layer in recording.layers:
        shape = recording.unit_shape(recording.record(layer))
        for _ in range(40):
            unit = tuple(dice.randrange(n) for n in shape)
            assert box(recording, layer, unit) == reached(recording, layer, unit), (layer, unit)


def test_boxes_equal_what_gradients_reach_in_a_residual_network() -> None:
    recording = record(positive(tutorial_network("residual")), torch.rand(1, 3, 9, 9), gradients=True)
    for layer in recording.layers[:-1]:
        for y in range(9):
            assert box(recording, layer, (0, y, 8 - y)) == reached(recording, layer, (0, y, 8 - y)), layer


@pytest.mark.parametrize(
    ("layer", "size", "stride", "start"),
    [
        ("conv1", 7, 2, -3),
        ("layer1", 43, 4, -21),
        ("layer2", 99, 8, -49),
        ("layer3", 211, 16, -105),
        ("layer4", 435, 32, -217),
    ],
)
def test_resnet18_has_the_fields_that_are_known(layer: str, size: int, stride: int, start: int) -> None:
    expected = ReceptiveField((size, size), (stride, stride), (start, start), whole=False)
    assert receptive_field(recorded("resnet18"), layer) == expected


def test_vgg16_has_the_field_that_is_known() -> None:
    assert receptive_field(recorded("vgg16"), "features.16").size == (44, 44)


@pytest.mark.parametrize("name", ["squeezenet1_1", "densenet121", "convnext_tiny"])
def test_sizes_agree_with_the_boxes_of_units(name: str) -> None:
    recording = recorded(name)
    # Convolutions read all branches before them; one channel of a concatenation may see less than the layer does.
    known = {layer: field for layer, field in receptive_fields(recording).items() if not field.whole}
    layers = [layer for layer in known if recording.record(layer).operation == "conv2d"][::5]
    assert len(layers) > 3
    for layer in layers:
        field, (_, height, width) = known[layer], recording.record(layer).shape[1:]
        for y, x in {(0, 0), (height - 1, width // 2)}:
            top, left = field.start[0] + y * field.stride[0], field.start[1] + x * field.stride[1]
            expected = Box(top, left, top + field.size[0], left + field.size[1])
            assert box(recording, layer, (0, y, x), clipped=False) == expected, layer


def test_a_layer_that_enlarges_has_a_smaller_stride() -> None:
    network = nn.Sequential(
        nn.Conv2d(1, 4, 3, stride=4, padding=1),
        nn.Upsample(scale_factor=2),
        nn.Conv2d(4, 4, 3, padding=1),
        nn.ConvTranspose2d(4, 4, 4, stride=2, padding=1),
        nn.PixelShuffle(2),
    )
    found = receptive_fields(record(network, torch.rand(1, 1, 64, 64)))
    assert [field.stride[0] for field in found.values()] == [4, 2, 2, 1, 0.5]
    assert [field.size[0] for field in found.values()] == [3, 3, 7, 11, 11]


def test_layers_after_an_operation_that_is_not_known_have_no_field() -> None:
    class Running(nn.Module):
        def forward(self, x: Tensor) -> Tensor:
            return x.cummax(dim=2).values

    recording = record(nn.Sequential(nn.Conv2d(1, 2, 3), Running(), nn.ReLU()), torch.rand(1, 1, 8, 8))
    assert list(receptive_fields(recording)) == ["0"]
    with pytest.raises(ModelError, match="what 'cummax' reads is not known"):
        receptive_field(recording, "2")


def test_a_global_layer_sees_the_whole_picture() -> None:
    recording = recorded("mobilenet_v3_small")
    found = receptive_fields(recording)
    assert found["features.0.0"] == ReceptiveField((3, 3), (2, 2), (-1, -1), whole=False)
    # The squeeze-and-excitation of the first block looks everywhere.
    assert found["features.1.block.1.mul"].whole
    assert found["classifier.3"] == ReceptiveField((64, 64), (0, 0), (0, 0), whole=True)
    assert box(recording, "classifier.3", (5,)) == Box(0, 0, 64, 64)


def test_a_box_is_clipped_to_the_picture_or_not() -> None:
    recording = recorded("resnet18")
    assert box(recording, "layer1", (0, 0, 0)) == Box(0, 0, 22, 22)
    assert box(recording, "layer1", (0, 0, 0), clipped=False) == Box(-21, -21, 22, 22)


def test_a_unit_has_a_field_in_every_layer_before_it() -> None:
    network = nn.Sequential(nn.Conv2d(1, 4, 5), nn.MaxPool2d(2), nn.Conv2d(4, 6, 3), nn.Flatten(), nn.Linear(96, 2))
    recording = record(network, torch.rand(1, 1, 16, 16))
    assert fields(recording, "2", (5, 1, 2)) == {
        "input": ((0, 1), (2, 12), (4, 14)),
        "0": ((0, 4), (2, 8), (4, 10)),
        "1": ((0, 4), (1, 4), (2, 5)),
        "2": ((5, 6), (1, 2), (2, 3)),
    }
    assert fields(recording, "3", (17,))["2"] == ((1, 2), (0, 1), (1, 2))
    assert fields(recording, "4", (0,))["0"] == ((0, 4), (0, 12), (0, 12))


def test_the_effective_field_is_the_gradients_mass() -> None:
    torch.manual_seed(0)
    network = nn.Sequential(*(nn.Conv2d(1, 1, 3, padding=1, bias=False) for _ in range(6)))
    for parameter in network.parameters():
        nn.init.constant_(parameter, 1)
    recording = record(network, torch.rand(1, 1, 41, 41), gradients=True)
    field = effective_field(recording, "5", (0, 20, 20))
    assert field.mass.sum().item() == pytest.approx(1)
    # Six boxes of three, folded: row mass is that of the sum of six throws of -1, 0, 1.
    throws = [1.0]
    for _ in range(6):
        throws = [sum(throws[max(0, i - 2) : i + 1]) / 3 for i in range(len(throws) + 2)]
    assert field.mass.sum(1)[14:27].tolist() == pytest.approx(throws)
    holds = [field.mass[20 - r : 21 + r, 20 - r : 21 + r].sum().item() for r in range(8)]
    assert field.side == 2 * next(r for r, mass in enumerate(holds) if mass >= 0.95) + 1
    assert field.side < receptive_field(recording, "5").size[0] == 13
    assert field.center == (20.5, 20.5)


def test_a_dead_unit_has_no_effective_field() -> None:
    network = nn.Sequential(nn.Conv2d(1, 1, 3), nn.ReLU())
    nn.init.constant_(network[0].bias, -100)
    field = effective_field(record(network, torch.rand(1, 1, 8, 8), gradients=True), "1", (0, 2, 2))
    assert (field.side, field.mass.sum().item()) == (0, 0)


def test_a_unit_at_its_ceiling_is_moved_by_no_pixel() -> None:
    network = nn.Sequential(nn.Conv2d(1, 1, 3), nn.ReLU6())
    nn.init.constant_(network[0].bias, 100)
    picture = torch.rand(1, 1, 8, 8)
    field = effective_field(record(network, picture, gradients=True), "1", (0, 2, 2))
    assert (field.side, field.mass.sum().item()) == (0, 0)
    assert network(picture)[0, 0, 2, 2] == network(picture + 0.01 * torch.rand_like(picture))[0, 0, 2, 2] == 6


def test_an_effective_field_needs_gradients() -> None:
    with pytest.raises(ModelError, match="gradients=True"):
        effective_field(record(nn.Sequential(nn.Conv2d(1, 1, 3)), torch.rand(1, 1, 8, 8)), "0", (0, 2, 2))


def test_an_input_without_rows_has_no_field() -> None:
    with pytest.raises(ModelError, match="needs a picture"):
        receptive_field(record(nn.Sequential(nn.Linear(4, 2)), torch.rand(1, 4)), "0")


def test_a_pixel_of_the_picture_sees_itself() -> None:
    recording = record(nn.Conv2d(1, 1, 3), torch.rand(1, 1, 8, 8))
    assert receptive_field(recording, "input").size == (1, 1)
    assert tuple(box(recording, "input", (0, 5, 6))) == (5, 6, 6, 7)
