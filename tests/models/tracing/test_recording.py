"""What is recorded is what was computed, also where it was overwritten later, and by nobody else."""

import threading
from collections import Counter
from collections.abc import Callable

import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from lente.models.errors import ModelError
from lente.models.tracing.recording import Recording, record
from tests.models.examples import (
    TORCHVISION,
    TUTORIALS,
    Residual,
    Shared,
    hooks_on,
    torchvision_network,
    tutorial_network,
)


def copied_by_hooks(network: nn.Module, x: Tensor) -> dict[str, Tensor]:
    """The oracle: copies of all leaf modules' outputs, made by plain hooks in an ordinary forward pass."""
    copies: dict[str, Tensor] = {}
    calls: Counter[str] = Counter()
    handles = []
    for path, module in network.named_modules():
        if path and not list(module.children()):

            def keep(_module: nn.Module, _args: object, output: Tensor, path: str = path) -> None:
                copies[f"{path}:{calls[path]}" if calls[path] else path] = output.clone()
                calls[path] += 1

            handles.append(module.register_forward_hook(keep))
    with torch.no_grad():
        network(x.clone())
    for handle in handles:
        handle.remove()
    return copies


@pytest.mark.slow
@pytest.mark.parametrize("name", TORCHVISION)
def test_torchvision_outputs_equal_those_that_hooks_copy(name: str) -> None:
    network, x = torchvision_network(name), torch.randn(1, 3, 64, 64)
    recording, lent, oracle = record(network, x), record(network, x, copied=False), copied_by_hooks(network, x)
    assert len(oracle) > 20
    for layer, output in oracle.items():
        assert torch.equal(recording[layer], output), layer
        if recording.record(layer).operation in ("conv2d", "batch_norm"):
            assert (output < 0).any(), layer
    for layer, output in recording.outputs().items():
        assert torch.equal(lent[layer], output), layer
    assert memory_of(lent) == memory_of(recording)


def memory_of(recording: Recording) -> int:
    """Bytes that its outputs hold; what several lie in counts once."""
    memories = [output.untyped_storage() for output in recording.outputs().values()]
    return sum({each.data_ptr(): each.nbytes() for each in memories}.values())


@pytest.mark.parametrize("copied", [True, False])
@pytest.mark.parametrize("name", TUTORIALS)
def test_tutorial_outputs_equal_those_that_hooks_copy(name: str, copied: bool) -> None:
    network, x = tutorial_network(name), torch.randn(2, 3, 16, 16)
    recording, oracle = record(network, x, copied=copied), copied_by_hooks(network, x)
    for layer, output in oracle.items():
        assert torch.equal(recording[layer], output), layer
    assert all(recording.record(layer).inputs for layer in recording.layers)
    assert torch.equal(recording["input"], x)


class Writing(nn.Module):
    """Overwrites what it is given, in a way of its own, and gives it."""

    def __init__(self, write: Callable[[Tensor], object]) -> None:
        super().__init__()
        self.write = write
        self.passes = 0

    def forward(self, x: Tensor) -> Tensor:
        self.passes += 1
        self.write(x)
        return x


def assigned(x: Tensor) -> None:
    x[:, 0] = 3


def through_numpy(x: Tensor) -> None:
    values = x.numpy()
    values *= 2


def unseen(x: Tensor) -> None:
    with torch._C.DisableTorchFunction():
        x.mul_(2)


WRITERS: dict[str, Callable[[Tensor], object]] = {
    "a method": lambda x: x.add_(1),
    "an operator": lambda x: x.__imul__(2),
    "a flag": lambda x: F.relu(x, inplace=True),
    "a flag by place": lambda x: F.hardtanh(x, -0.1, 0.1, True),
    "out": lambda x: torch.mul(x, 2, out=x),
    "an assignment": assigned,
    "a view": lambda x: x.view(-1).mul_(2),
    "a part": lambda x: x[:, 1:].zero_(),
    "detached": lambda x: x.detach().mul_(2),
    "data": lambda x: x.data.mul_(2),
    "another tensor of its memory": lambda x: torch.from_dlpack(x).mul_(2),
    "NumPy": through_numpy,
    "unseen": unseen,
}


@pytest.mark.parametrize("writer", WRITERS)
def test_what_is_overwritten_stays_as_it_was_without_copies(writer: str) -> None:
    writing = Writing(WRITERS[writer])
    network, x = nn.Sequential(nn.Conv2d(3, 4, 3), writing, nn.Conv2d(4, 4, 3), nn.ReLU()), torch.randn(1, 3, 8, 8)
    recording = record(network, x, copied=False)
    assert writing.passes == (2 if writer == "unseen" else 1), "seen too late, it is done again"
    oracle = copied_by_hooks(network, x)
    assert not torch.equal(oracle["0"], oracle["1"])
    for layer in ("0", "2", "3"):
        assert torch.equal(recording[layer], oracle[layer])


def test_without_copies_nothing_is_copied_that_nobody_overwrites() -> None:
    made: list[int] = []

    def look(_module: nn.Module, _args: object, output: Tensor) -> None:
        with torch._C.DisableTorchFunction():  # who asks for its address may write there
            made.append(output.data_ptr())

    network = nn.Sequential(nn.Conv2d(3, 4, 3), nn.BatchNorm2d(4), nn.ReLU(), nn.Conv2d(4, 4, 3)).eval()
    for module in network:
        module.register_forward_hook(look)
    recording = record(network, torch.randn(1, 3, 8, 8), copied=False)
    assert [recording[layer].data_ptr() for layer in ("0", "1", "2")] == made[:3]
    recording.returned.zero_()  # what is answered is the caller's own
    assert recording["3"].any()


def test_operations_between_modules_are_recorded_with_their_edges() -> None:
    network, x = tutorial_network("residual"), torch.randn(1, 3, 8, 8)
    recording = record(network, x)
    assert recording.layers == ["enter", "conv", "norm", "shortcut", "add", "mul", "div", "sub", "rsub", "mean"]
    edges = {layer: recording.record(layer).inputs for layer in recording.layers}
    assert edges["enter"] == ("input",)
    assert edges["add"] == ("norm", "shortcut")
    assert edges["sub"] == ("mul", "div")
    assert edges["div"] == ("enter",)
    assert isinstance(network, Residual)
    with torch.no_grad():
        added = recording["norm"] + recording["shortcut"]
        assert torch.equal(recording["add"], added)
        assert torch.equal(recording["mul"], added * network.scale)


def test_a_module_called_again_appears_again() -> None:
    recording = record(Shared(), torch.randn(1, 3, 8, 8))
    assert recording.layers == ["conv", "relu", "conv:1", "relu:1", "conv:2", "relu:2"]
    assert recording.record("conv:2").inputs == ("relu:1",)
    assert (recording["conv:1"] < 0).any()
    assert (recording["relu:1"] >= 0).all()


def test_resnet18_calls_eight_modules_twice() -> None:
    recording = record(torchvision_network("resnet18"), torch.randn(1, 3, 64, 64))
    assert len([layer for layer in recording.layers if layer.endswith(":1")]) == 8
    assert torch.equal(recording["layer1"], recording["layer1.1.relu:1"])
    assert recording.record("layer4").name == "layer4.1.relu:1"
    assert recording.record("layer2.0.add").inputs == ("layer2.0.bn2", "layer2.0.downsample.1")


def test_a_module_of_several_operations_bears_its_name_on_the_last() -> None:
    network = nn.Sequential(nn.Conv2d(3, 4, 3, padding=1, padding_mode="circular"))
    x = torch.randn(1, 3, 5, 5)
    recording = record(network, x)
    assert recording.layers == ["0.pad", "0"]
    assert torch.equal(recording["0"], network(x))


def test_the_network_is_left_as_it_was() -> None:
    network, x = Shared().train(), torch.randn(1, 3, 8, 8)
    before = x.clone()
    record(network, x)
    assert network.training
    assert torch.equal(x, before)
    assert not hooks_on(network)
    assert torch.is_grad_enabled()


def test_hooks_are_gone_after_an_exception() -> None:
    network = torchvision_network("resnet18")
    with pytest.raises(RuntimeError):
        record(network, torch.randn(1, 5, 64, 64))
    assert not hooks_on(network)
    assert len(record(network, torch.randn(1, 3, 64, 64)).layers) == 69


def test_eight_threads_never_see_each_others_outputs() -> None:
    network = torchvision_network("squeezenet1_1")
    pictures = [torch.randn(1, 3, 64, 64) for _ in range(8)]
    alone = [record(network, picture).outputs() for picture in pictures]
    wrong: list[str] = []
    done: list[int] = []

    def work(n: int) -> None:
        for _ in range(3):
            for name, output in record(network, pictures[n]).outputs().items():
                if not torch.equal(output, alone[n][name]):
                    wrong.append(name)
        done.append(n)

    threads = [threading.Thread(target=work, args=(n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(done) == list(range(8))
    assert not wrong
    assert not hooks_on(network)


def test_only_the_layers_asked_for_are_kept() -> None:
    network, x = torchvision_network("resnet18"), torch.randn(1, 3, 64, 64)
    everything, some = record(network, x), record(network, x, ["layer1.0.relu:1", "layer2", "fc", "layer1.0.add"])
    assert list(some.outputs()) == ["layer1.0.add", "layer1.0.relu:1", "layer2.1.relu:1", "fc"]
    for name, output in some.outputs().items():
        assert torch.equal(output, everything[name])
    assert some.layers == everything.layers
    with pytest.raises(ModelError, match=r"'conv1' was not kept"):
        some["conv1"]


def test_unknown_layers_are_named() -> None:
    with pytest.raises(ModelError, match=r"no layer 'conv9'; there are conv, relu") as caught:
        record(Shared(), torch.randn(1, 3, 8, 8), ["conv9"])
    assert caught.value.code == "unknown_layer"


def test_arguments_of_an_operation_have_names() -> None:
    layer = nn.Conv2d(3, 4, (3, 2), stride=2, padding=1, bias=False)
    arguments = record(nn.Sequential(layer), torch.randn(1, 3, 8, 8)).record("0").arguments
    assert arguments["weight"] is layer.weight
    assert arguments["bias"] is None
    assert (arguments["stride"], arguments["padding"], arguments["groups"]) == ((2, 2), (1, 1), 1)


class ThroughNumpy(nn.Module):
    def forward(self, x: Tensor) -> Tensor:
        return torch.from_numpy(x.numpy() * 2)


def test_what_leaves_pytorch_is_recorded_as_opaque() -> None:
    recording = record(nn.Sequential(nn.Conv2d(3, 4, 3), ThroughNumpy(), nn.ReLU()), torch.randn(1, 3, 8, 8))
    assert [recording.record(layer).operation for layer in recording.layers] == ["conv2d", "opaque", "relu"]
    assert recording.record("1").inputs == ("0",)
    assert torch.equal(recording["1"], recording["0"] * 2)


class ThroughView(nn.Module):
    def forward(self, x: Tensor) -> Tensor:
        y = x * 2
        y[:, 0].zero_()
        return F.relu(y)


def test_a_tensor_changed_through_a_view_is_told_from_the_one_recorded() -> None:
    x = torch.randn(1, 3, 4, 4)
    recording = record(ThroughView(), x)
    assert recording.layers == ["mul", "getitem", "zero", "write_into", "relu"]
    assert torch.equal(recording["mul"], x * 2)
    assert not recording["write_into"][:, 0].any()
    assert recording.record("relu").inputs == ("write_into",)


class ChildrenNamedLikeOperations(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.add = nn.Conv2d(3, 3, 1)
        self.input = nn.ReLU()

    def forward(self, x: Tensor) -> Tensor:
        return self.input(x + self.add(x))


def test_names_are_never_given_twice() -> None:
    recording = record(ChildrenNamedLikeOperations(), torch.randn(1, 3, 4, 4))
    assert [recording.record(layer).operation for layer in recording.layers] == ["conv2d", "add", "relu"]
    assert recording.layers == ["add", "add:1", "input:1"]


def test_gradients_reach_the_input_where_they_are_asked_for() -> None:
    network, x = tutorial_network("in_place"), torch.randn(1, 3, 8, 8)
    recording = record(network, x, ["norm"], gradients=True)
    (found,) = torch.autograd.grad(recording["norm"][0, 1, 2, 2], recording["input"])
    leaf = x.clone().requires_grad_()
    network.norm(network.conv(leaf * 2))[0, 1, 2, 2].backward()
    assert torch.allclose(found, leaf.grad)
    assert not record(network, x)["norm"].requires_grad
