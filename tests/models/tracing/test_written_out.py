"""Attention and recurrent layers, which PyTorch does in one call, step by step; and writes through views."""

import random
from typing import Any

import pytest
import torch
from torch import Tensor, nn
from torch.utils.flop_counter import FlopCounterMode

from lente.models.tracing.costs import totals
from lente.models.tracing.describing import describe_recording
from lente.models.tracing.explaining import explain
from lente.models.tracing.recording import Recording, record


def assert_all_adds_up(recording: Recording) -> None:
    dice = random.Random(0)
    for one in recording.records[1:]:
        unit = [dice.randrange(side) for side in recording.unit_shape(one)]
        assert explain(recording, one.name, unit).error() < 1e-4, one.name


class Attending(nn.Module):
    def __init__(self, **how: Any) -> None:
        super().__init__()
        self.attend = nn.MultiheadAttention(8, 2, batch_first=True, **how)

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor | None]:
        x = x.flatten(2).transpose(1, 2)
        return self.attend(x, x, x)  # type: ignore[no-any-return]


@pytest.mark.parametrize("how", [{}, {"bias": False}, {"add_bias_kv": True}, {"add_zero_attn": True}])
@pytest.mark.parametrize("fast", [True, False])
def test_attention_is_written_out_with_its_fast_path_and_without(how: dict[str, bool], fast: bool) -> None:
    torch.manual_seed(0)
    network, x = Attending(**how).eval(), torch.randn(1, 8, 3, 3)
    torch.backends.mha.set_fastpath_enabled(fast)
    try:
        with torch.no_grad():
            wanted = network(x)
        recording = record(network, x)
    finally:
        torch.backends.mha.set_fastpath_enabled(True)
    for mine, theirs in zip(recording.returned, wanted, strict=True):
        assert torch.allclose(mine, theirs, atol=1e-6)
    assert "multi_head_attention_forward" not in {one.operation for one in recording.records}
    assert_all_adds_up(recording)


class Walking(nn.Module):
    def __init__(self, kind: type[nn.RNNBase], **how: Any) -> None:
        super().__init__()
        self.walk = kind(4, 3, batch_first=True, **how)

    def forward(self, x: Tensor) -> Any:
        return self.walk(x[:, 0])


KINDS = {
    "LSTM": (nn.LSTM, {}),
    "LSTM, two layers": (nn.LSTM, {"num_layers": 2}),
    "LSTM, both ways": (nn.LSTM, {"bidirectional": True, "bias": False}),
    "GRU": (nn.GRU, {"num_layers": 2, "bidirectional": True}),
    "RNN": (nn.RNN, {}),
    "RNN, relu": (nn.RNN, {"nonlinearity": "relu"}),
}


@pytest.mark.parametrize(("kind", "how"), KINDS.values(), ids=KINDS)
def test_recurrent_layers_are_written_out_step_by_step(kind: type[nn.RNNBase], how: dict[str, Any]) -> None:
    torch.manual_seed(0)
    network, x = Walking(kind, **how).eval(), torch.randn(1, 1, 5, 4)
    with torch.no_grad():
        wanted, state = network(x)
    recording = record(network, x)
    assert torch.equal(recording.returned[0], wanted)
    states = recording.returned[1]
    pairs = zip(states, state, strict=True) if isinstance(state, tuple) else [(states, state)]
    assert all(torch.equal(mine, theirs) for mine, theirs in pairs)
    assert (0,) in recording.answers
    assert torch.equal(recording.output(recording.answers[0,]), wanted)
    assert_all_adds_up(recording)
    # What multiplies: each step reads its 4 numbers, or what the layer before gave, and the state's 3.
    gates, ways = {nn.LSTM: 4, nn.GRU: 3}.get(kind, 1) * 3, 2 if how.get("bidirectional") else 1
    read = [4, 3 * ways][: how.get("num_layers", 1)]
    layers = describe_recording(network, recording)
    linear = sum(layer.macs or 0 for layer in layers if layer.operation == "linear")
    assert linear == sum(5 * ways * gates * (numbers + 3) for numbers in read)


def test_a_long_recurrence_stays_one_layer_and_is_named() -> None:
    recording = record(Walking(nn.LSTM).eval(), torch.randn(1, 1, 200, 4))
    (layer,) = {one.operation for one in recording.records} - {"input", "getitem"}
    assert layer == "lstm"
    costs = totals(Walking(nn.LSTM), describe_recording(Walking(nn.LSTM), recording, fields=False), recording)
    assert costs.unknown


class Pasting(nn.Module):
    """Writes a part of the picture into a slice of something empty, and changes maps through views, as detectors do."""

    def __init__(self) -> None:
        super().__init__()
        self.conv = nn.Conv2d(3, 4, 3, padding=1)
        self.places = nn.Embedding(9, 9)
        self.register_buffer("order", torch.arange(9))

    def forward(self, x: Tensor) -> Tensor:
        whole = x.new_zeros(1, 3, 9, 9)
        whole[:, :, 2:7, 2:7].copy_(x[:, :, 2:7, 2:7])
        y = self.conv(whole)
        kept = y[:, 1]
        y[:, 0].add_(1)
        y[0, 1:3].mul_(2)
        return y + self.places(self.order) + kept


def test_nothing_that_ran_is_left_out_whatever_is_written_into() -> None:
    torch.manual_seed(0)
    network, x = Pasting().eval(), torch.randn(1, 3, 9, 9)
    with torch.no_grad():
        wanted = network(x)
    recording = record(network, x)
    assert torch.equal(recording.returned, wanted)
    assert recording.answers[()].name == recording.layers[-1]
    operations = [one.operation for one in recording.records]
    assert operations.count("write_into") == 3
    assert {"conv2d", "constant", "view_of"} <= set(operations)
    assert_all_adds_up(recording)
    # Walked back from the end, everything leads to the picture or is a constant.
    fields = {each.name: each.receptive_field for each in describe_recording(network, recording)}
    assert all(field is not None for field in fields.values())
    assert fields["places"] is not None
    assert fields["places"].size == (0, 0)


def test_multiplications_are_those_that_pytorch_counts() -> None:
    class Several(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.conv = nn.Conv2d(3, 8, 3, groups=1)
            self.attend = nn.MultiheadAttention(8, 2, batch_first=True)
            self.head = nn.Bilinear(8, 8, 5)

        def forward(self, x: Tensor) -> Tensor:
            y = self.conv(x).flatten(2).transpose(1, 2)
            y = torch.einsum("btc,bsc->bts", y, y).softmax(-1) @ y
            y = self.attend(y, y, y, need_weights=False)[0].mean(1)
            return self.head(y, y)  # type: ignore[no-any-return]

    network, x = Several().eval(), torch.randn(1, 3, 8, 8)
    torch.backends.mha.set_fastpath_enabled(False)
    try:
        with torch.no_grad(), FlopCounterMode(display=False) as counter:
            network(x)
    finally:
        torch.backends.mha.set_fastpath_enabled(True)
    recording = record(network, x)
    layers = describe_recording(network, recording, fields=False)
    assert totals(network, layers, recording).macs == counter.get_total_flops() // 2
