"""Whatever is written out adds up: random graphs of operations, with constants, parameters and computed indices."""

import random
from collections import Counter
from collections.abc import Callable

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor, nn
from torch.nn import functional as F

from lente.models.errors import Unexplained
from lente.models.tracing.explaining import Explanation, explain
from lente.models.tracing.receptive_field import box
from lente.models.tracing.recording import Recording, record

pytestmark = pytest.mark.slow

SIDE = 4  # of all axes but the batch, so that what belongs to one may be taken for another's


class Given(nn.Module):
    """What the steps are given besides their input: parameters, and constants that are none."""

    def __init__(self) -> None:
        super().__init__()
        self.maps = nn.Parameter(torch.randn(SIDE, SIDE, SIDE))
        self.token = nn.Parameter(torch.randn(1, 1, SIDE, SIDE))
        self.rows = nn.Parameter(torch.randn(SIDE, SIDE))
        self.slopes = nn.Parameter(torch.rand(SIDE))
        self.one = nn.Parameter(torch.tensor(0.7))
        self.fixed = [torch.randn(SIDE, SIDE, SIDE)]


Step = Callable[[Tensor, Given], Tensor]


def written(x: Tensor, g: Given) -> Tensor:
    y = x.clone()
    y[:, 1] = g.maps[0]
    y[:, :, 0] = 0.5
    y[:, 2] = x[:, 0] * 2
    return y


def into_zeros(x: Tensor, g: Given) -> Tensor:
    y = torch.zeros(x.shape)
    y[:, :2] = x[:, 2:]
    y[:, 3, x.sum((0, 1, 2)).argmax()] = g.one
    return y


def into_a_constant(x: Tensor, g: Given) -> Tensor:
    y = g.fixed[0].clone()
    y += x[0]
    return y + x.tanh()


def copied(x: Tensor, _g: Given) -> Tensor:
    y = torch.ones(x.shape)
    y.copy_(x.mean(1, keepdim=True))
    return y + x


# Each keeps (B, 4, 4, 4).
STEPS: dict[str, Step] = {
    "a class token": lambda x, g: torch.cat([g.token.expand(len(x), -1, -1, -1), x], 1)[:, :SIDE],
    "cat with a constant": lambda x, g: torch.cat([x[:, 1:], g.fixed[0][:1].expand(len(x), 1, -1, -1)], dim=1),
    "stack with a parameter": lambda x, g: torch.stack([g.maps.expand_as(x), x], 1).flatten(1, 2)[:, 2:6],
    "stack, then sum": lambda x, g: torch.stack([x, g.maps.expand_as(x)], 1).sum(1),
    "a parameter in the shape of another": lambda x, g: g.token.expand_as(x) * x + g.rows.type_as(x),
    "a learnt power": lambda x, g: (x.abs() + 0.5) ** g.one,
    "a power for each place": lambda x, g: torch.pow(x.abs() + 0.5, g.maps),
    "a computed power": lambda x, _: (x.abs() + 0.5) ** x.tanh(),
    "two to the power": lambda x, _: 2 ** x.tanh(),
    "a learnt base": lambda x, g: g.maps.abs() ** x.tanh(),
    "clamp by a parameter": lambda x, g: x.clamp(min=g.maps),
    "clamp by two": lambda x, g: torch.clamp(x, g.maps - 1, g.fixed[0].abs()),
    "clamp by numbers": lambda x, _: x.clamp(-0.4, max=0.7),
    "max of two": lambda x, _: torch.max(x, x.flip(2)),
    "max with a parameter": lambda x, g: torch.max(g.maps, x),
    "min of two": lambda x, g: torch.min(x, other=g.rows),
    "maximum": lambda x, g: torch.maximum(x, g.fixed[0]),
    "minimum": lambda x, _: torch.minimum(x, x.roll(1, 3)),
    "max along an axis": lambda x, _: x.max(1, keepdim=True).values - x,
    "max of everything": lambda x, _: x.max() - x,
    "min along an axis": lambda x, _: torch.min(x, dim=2, keepdim=True)[0] + x,
    "amax and amin": lambda x, _: x.amax((2, 3), keepdim=True) - x.amin(1, True),
    "where": lambda x, g: torch.where(x > 0, x, g.maps),
    "where by a constant": lambda x, g: torch.where(g.fixed[0] > 0, x, 0.3),
    "where, as a method": lambda x, g: x.where(x < 0.2, g.fixed[0]),
    "glu": lambda x, g: F.glu(torch.cat([x, x * 0.5 + g.one], 1), dim=1),
    "glu, last axis": lambda x, _: F.glu(x.repeat(1, 1, 1, 2)),
    "std": lambda x, _: (x - x.mean(1, keepdim=True)) / (x.std(1, keepdim=True) + 0.1),
    "std of everything": lambda x, _: x / (torch.std(x) + 0.1),
    "var": lambda x, _: x - torch.var(x, (2, 3), correction=0, keepdim=True),
    "var, biased": lambda x, _: x - x.var(1, False)[:, None],
    "var and mean": lambda x, _: torch.sub(*torch.var_mean(x, dim=1, keepdim=True)) + x,
    "normalize": lambda x, _: F.normalize(x, dim=1),
    "normalize, sums": lambda x, _: F.normalize(x, p=1.0, dim=(2, 3)),
    "local response": lambda x, _: F.local_response_norm(x, 3, alpha=0.5),
    "local response, even": lambda x, _: F.local_response_norm(x, size=2, alpha=0.9, beta=0.5, k=2.0),
    "addmm": lambda x, g: torch.addmm(g.slopes, x.reshape(-1, SIDE), g.rows, beta=0.5, alpha=2).view_as(x),
    "addmm of what was computed": lambda x, _: (x[0, 0].addmm(x[0, 1], x[-1, 2], alpha=0.5)).expand(
        len(x), SIDE, -1, -1
    ),
    "baddbmm": lambda x, g: torch.baddbmm(x[:, 0], x[:, 1], x[:, 2], beta=0.3)[:, None] + x * g.one,
    "logsumexp": lambda x, _: x - x.logsumexp(1, keepdim=True),
    "logsumexp of two axes": lambda x, _: x - torch.logsumexp(x, (2, 3))[:, :, None, None],
    "einsum with a parameter": lambda x, g: torch.einsum("bchw,cd->bdhw", x, g.rows),
    "einsum of itself": lambda x, _: torch.einsum("bchw,bchv->bcwv", x, x) / SIDE,
    "einsum of three": lambda x, g: torch.einsum("...hw,wv,...hw->...hv", x, g.rows, x.tanh()),
    "a sum by einsum": lambda x, _: x - torch.einsum("bchw->bc", x)[..., None, None] / 16,
    "written to": written,
    "written into zeros": into_zeros,
    "added to a constant": into_a_constant,
    "copied into a constant": copied,
    "topk": lambda x, _: x.topk(SIDE, dim=1).values,
    "topk, smallest": lambda x, _: x.topk(2, 2, largest=False)[0].repeat(1, 1, 2, 1),
    "a computed index": lambda x, _: x[:, x.mean((0, 2, 3)).argsort()],
    "a computed choice": lambda x, _: x.index_select(3, x[0, 0, 0].argsort()),
    "gathered": lambda x, _: torch.gather(x, 1, x.argsort(1)),
    "a constant index": lambda x, _: x[:, torch.tensor([2, 0, 3, 1])],
    "repeated by a tensor": lambda x, _: x.repeat_interleave(torch.tensor([0, 2, 1, 1]), dim=1),
    "a quotient": lambda x, _: x / (x.abs() + 1),
    "over a parameter": lambda x, g: x / g.slopes.add(0.5),
    "a parameter over it": lambda x, g: g.maps / (x.abs() + 1),
    "1 over what may be 0": lambda x, _: (1 / F.relu(x + 1)).clamp(max=3) + x.tanh(),
    "1 less it": lambda x, _: 1 - x,
    "a multiple less": lambda x, g: torch.sub(x, g.maps, alpha=0.5),
    "scaled as learnt": lambda x, g: g.slopes[:, None, None] * x,
    "prelu": lambda x, g: F.prelu(x, g.slopes),
    "masked by what was computed": lambda x, g: x.masked_fill(x > 0.5, g.one),
    "masked by a constant": lambda x, g: x.masked_fill(g.fixed[0] > 0.5, -2.0),
    "softmax": lambda x, _: x.softmax(1) - F.log_softmax(x, dim=3) / 5,
    "padded": lambda x, _: F.pad(x, (1, 1, 2, 0))[:, :, :SIDE, :SIDE] + F.pad(x, (1, 0), value=0.25)[..., :SIDE],
    "padded by reflection": lambda x, _: F.pad(x, (1, 2, 0, 1), mode="reflect")[:, :, 1:, 3:].repeat(1, 1, 1, 2)[
        ..., :SIDE
    ],
    "a Fourier transform": lambda x, _: torch.fft.fft(x).real / 4,
}
# What may be refused, and why.
REFUSED = {
    "1 over what may be 0": ("it divides by 0", "its value is inf, which no sum makes"),
    "a Fourier transform": ("the arithmetic of 'real' is not known here",),
}


class Graph(nn.Module):
    def __init__(self, names: list[str], seed: int) -> None:
        super().__init__()
        torch.manual_seed(seed)
        self.names = names
        self.given = nn.ModuleList(Given() for _ in names)

    def forward(self, x: Tensor) -> Tensor:
        for name, given_ in zip(self.names, self.given, strict=True):
            assert isinstance(given_, Given)
            x = STEPS[name](x, given_)
        return x


def recorded(names: list[str], seed: int, batch: int) -> tuple[Graph, Recording]:
    graph = Graph(names, seed)
    x = torch.randn(batch, SIDE, SIDE, SIDE)
    recording = record(graph, x, gradients=True)
    assert torch.equal(recording.returned.detach(), graph(x).detach())
    return graph, recording


def made(explanation: Explanation) -> float:
    """What the terms make, from what anybody is told of them."""
    told = explanation.as_dict()
    inputs, products = (np.array([term[name] for term in told["terms"]]) for name in ("input", "product"))
    total, own = products.sum() + (told["bias"] or 0.0), told["own"] or 0
    match told["combine"]:
        case "product":
            return float(products.prod())
        case "quotient":
            return float(inputs[0] / inputs[1])
        case "root":
            return float(total**0.5)
        case "softmax":
            return float(products[own] / total)
        case "log_softmax":
            return float(np.log(products[own] / total))
        case "logsumexp":
            return float(np.log(total) + inputs.max())
        case "max" | "min":
            return float(inputs.max() if told["combine"] == "max" else inputs.min())
        case _:
            return float(total)


def check(graph: Graph, recording: Recording, layer: str, unit: tuple[int, ...], picture: int) -> str:
    """Nothing where the unit adds up, else the reason why it is refused."""
    one = recording.record(layer)
    place = (picture, *unit) if recording.has_batch(one) else unit
    try:
        explanation = explain(recording, layer, unit, picture)
    except Unexplained as refusal:
        return refusal.why if refusal.operation == one.operation else "another operation is blamed"
    value = recording[layer][place].item()
    assert explanation.value == value
    scale = max(abs(value), float(np.abs(explanation.products).max(initial=0.0)), 1e-30)
    assert abs(made(explanation) - value) <= 1e-4 * scale, (graph.names, layer, unit)
    for term in explanation.terms():
        if term.kind == "unit":
            assert term.layer is not None
            source = recording[term.layer]
            batched = recording.has_batch(recording.record(term.layer))
            # What is no longer told apart by pictures may read any of them.
            pictures = [picture] if recording.has_batch(one) else range(recording.batch)
            places = [(n, *term.unit) for n in pictures] if batched else [term.unit]
            assert term.input in [source[place].item() for place in places]
        else:
            assert term.layer is None
            assert (term.kind == "weight") == (term.name in dict(graph.named_parameters()))
    return ""


def seen(recording: Recording, layer: str, unit: tuple[int, ...]) -> None:
    """No pixel outside a unit's box moves it."""
    one = recording.record(layer)
    place = (0, *unit) if recording.has_batch(one) else unit
    value = recording[layer][place]
    if not value.requires_grad or one.number == 0:
        return
    try:
        field = box(recording, layer, unit)
    except Unexplained:
        return
    (gradient,) = torch.autograd.grad(value, recording["input"], retain_graph=True, materialize_grads=True)
    rows, columns = gradient[0].abs().sum(0).nan_to_num(1.0).nonzero(as_tuple=True)
    for row, column in zip(rows.tolist(), columns.tolist(), strict=True):
        assert field.top <= row < field.bottom, (layer, unit, field)
        assert field.left <= column < field.right, (layer, unit, field)


def random_units(recording: Recording, count: int, dice: random.Random) -> list[tuple[str, tuple[int, ...]]]:
    # Places that were computed, and yes or no, are no sums.
    layers = [layer for layer in recording.layers if recording[layer].is_floating_point()]
    return [
        (layer, tuple(dice.randrange(n) for n in recording.unit_shape(recording.record(layer))))
        for layer in dice.choices(layers, k=count)
    ]


@pytest.mark.parametrize("name", STEPS)
@pytest.mark.parametrize("batch", [1, 3])
def test_every_operation_is_written_out(name: str, batch: int) -> None:
    graph, recording = recorded([name], 3, batch)
    dice = random.Random(0)
    reasons = Counter(
        check(graph, recording, layer, unit, dice.randrange(batch)) for layer, unit in random_units(recording, 60, dice)
    )
    assert reasons[""] > 30
    assert set(reasons) - {""} <= set(REFUSED.get(name, ())), reasons


# Three steps or four of random operations, thirty units of each graph: few of them may be refused.
def test_random_graphs_add_up_or_say_why_not() -> None:
    reasons: Counter[str] = Counter()

    @settings(max_examples=50, deadline=None, derandomize=True, database=None)
    @given(
        st.lists(st.sampled_from(sorted(STEPS)), min_size=2, max_size=4),
        st.integers(0, 10_000),
        st.sampled_from([1, 3]),
    )
    def run(names: list[str], seed: int, batch: int) -> None:
        graph, recording = recorded(names, seed, batch)
        dice = random.Random(seed)
        for layer, unit in random_units(recording, 30, dice):
            reasons[check(graph, recording, layer, unit, dice.randrange(batch))] += 1
            seen(recording, layer, unit)

    run()
    refused = reasons.total() - reasons[""]
    assert reasons.total() > 1200
    assert refused < 0.05 * reasons.total(), reasons


@pytest.mark.parametrize(
    ("step", "kind", "name"),
    [("a class token", "weight", "given.0.token"), ("cat with a constant", "constant", None)],
)
def test_what_no_layer_made_is_no_place(step: str, kind: str, name: str | None) -> None:
    graph, recording = recorded([step], 0, 1)
    channel = 0 if kind == "weight" else SIDE - 1
    (term,) = explain(recording, "cat", (channel, 2, 3)).terms()
    given_ = graph.given[0]
    assert isinstance(given_, Given)
    source = given_.token[0, 0] if kind == "weight" else given_.fixed[0][0]
    assert (term.layer, term.kind, term.name) == (None, kind, name)
    assert term.input == source[2, 3].item()


def test_the_maximum_of_two_sees_one_place_of_each() -> None:
    _, recording = recorded(["max of two"], 0, 1)
    explanation = explain(recording, "maximum", (1, 0, 2))
    assert (explanation.operation, explanation.combine, len(explanation)) == ("maximum", "max", 2)
    assert [term.unit for term in explanation.terms()] == [(1, 0, 2), (1, 0, 2)]
    assert tuple(box(recording, "maximum", (1, 0, 2))) == (0, 2, SIDE, 3)


class Wrong(nn.Module):
    def forward(self, x: Tensor) -> Tensor:
        return x.type(torch.int32).float()


def test_a_sum_that_misses_its_value_is_refused_with_both_figures() -> None:
    recording = record(nn.Sequential(Wrong()), torch.full((1, 1, 2, 2), 3.75))
    with pytest.raises(Unexplained) as caught:
        explain(recording, recording.layers[0], (0, 1, 1))
    assert caught.value.operation == "type"
    assert str(caught.value.why) == "its terms make 3.75, and its value is 3"


def test_what_an_operation_throws_is_a_reason() -> None:
    class Untraced(nn.Module):
        def forward(self, x: Tensor) -> Tensor:
            return torch.einsum(x, [0, 1, 2, 3], [0, 1]) if x.shape[-1] < 9 else x

    recording = record(nn.Sequential(Untraced()), torch.rand(1, 2, 3, 3))
    layer = recording.layers[0]
    recording.record(layer).args = (recording.record(layer).args[0], [0, 1, 2], [0, 1])
    with pytest.raises(Unexplained, match="its numbers could not be traced"):
        explain(recording, layer, (1,))
