"""A run against the plain PyTorch loop, and against the lines that it hands out."""

import runpy
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file
from torch import Tensor
from torch.nn import functional

from lente.models.networks.digit_cnn import DigitCNN
from lente.models.training.learner import KEPT, LAYERS, Data, Learner, Settings, fresh, labels_of, mnist
from lente.models.training.script import script


@pytest.fixture(scope="module")
def data() -> Data:
    return mnist()


def weights(network: torch.nn.Module) -> Tensor:
    return torch.nn.utils.parameters_to_vector(network.parameters()).detach().clone()


def test_a_run_is_the_plain_loop_bit_for_bit(data: Data) -> None:
    """Written out here with nothing of the learner's but its start, which is torch's own distribution."""
    settings = Settings(seed=3, rate=0.05, batch=32, optimiser="momentum", digits=1000)
    learner = Learner(settings, data)
    torch.set_num_threads(1)
    network, dice = fresh(settings), torch.Generator().manual_seed(3)
    optimiser = torch.optim.SGD(network.parameters(), lr=0.05, momentum=0.9)
    order = torch.randperm(1000, generator=dice)
    for step in range(50):
        if step == 31:
            order = torch.randperm(1000, generator=dice)
        index = order[32 * (step % 31) : 32 * (step % 31) + 32]
        loss = functional.cross_entropy(network.logits(data.images[index] / 255), data.labels[index])
        optimiser.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        optimiser.step()
        learner.step()
        if step in (9, 24):
            learner.turn(learner.steps, 0.0)  # a pause changes nothing
            learner.at(5)
    assert torch.equal(weights(network), weights(learner.network))


@pytest.mark.slow
def test_the_lines_that_are_handed_out_train_it_again(
    data: Data, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    learner = Learner(Settings(seed=5, batch=8, digits=200, noise=0.3), data)
    for changed in ({}, {"rate": 0.01, "augmented": True}, {"optimiser": "sgd", "digits": 50}, {"noise": 0.0}):
        learner.change(**changed)
        for _ in range(6):
            learner.step()
    path = tmp_path / "again.py"
    path.write_text(script(learner), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    runpy.run_path(str(path))
    again = load_file(tmp_path / "digit_cnn.safetensors")
    assert all(torch.equal(again[name], tensor) for name, tensor in learner.network.state_dict().items())


def test_what_is_measured_is_what_torch_measures(data: Data) -> None:
    learner = Learner(Settings(batch=16, digits=100, rate=0.01), data)
    assert learner.points[0].step == 0
    assert learner.points[0].loss is None
    for _ in range(10):
        learner.step()
    point = learner.points[-1]
    assert [one.step for one in learner.points] == [0, 1, 2, 5, 10]
    scores = learner.network.logits(data.test_x[:500]).detach()
    assert point.test_loss == pytest.approx(functional.cross_entropy(scores, data.test_labels[:500]).item())
    assert point.test_accuracy == pytest.approx((scores.argmax(1) == data.test_labels[:500]).double().mean().item())
    sizes = [learner.network.get_submodule(name).weight.grad.norm().item() for name in LAYERS]  # type: ignore[union-attr, operator]
    assert point.sizes == pytest.approx(sizes)


def test_it_is_looked_back_at_and_no_more_is_kept_than_has_room(data: Data) -> None:
    learner = Learner(Settings(batch=1, digits=10, optimiser="sgd"), data)
    begun = weights(learner.network)
    for _ in range(3):
        learner.step()
    assert torch.equal(weights(learner.at(0)), begun)
    assert torch.equal(weights(learner.at(4)), weights(learner.network))
    for step in range(100, 300):
        learner.steps = step
        learner._keep()  # noqa: SLF001
    assert len(learner.kept) <= KEPT
    assert learner.kept[0] == 0


def test_the_confusion_matrix_is_torchs_count(data: Data) -> None:
    small = replace(data, test_x=data.test_x[:600], test_labels=data.test_labels[:600])
    learner = Learner(Settings(), small)
    counts, answers = learner.confusion()
    pairs = torch.stack([small.test_labels, answers], 1).double()
    by_torch = torch.histogramdd(pairs, bins=[10, 10], range=[0.0, 10.0, 0.0, 10.0]).hist
    assert torch.equal(counts.double(), by_torch)
    assert torch.equal(answers, learner.network(small.test_x).argmax(1))


def test_labels_are_wrong_as_often_as_asked(data: Data) -> None:
    assert torch.equal(labels_of(data.labels, Settings()), data.labels)
    assert not (labels_of(data.labels, Settings(noise=1.0)) == data.labels).any()
    share = (labels_of(data.labels, Settings(noise=0.3)) != data.labels).double().mean().item()
    assert share == pytest.approx(0.3, abs=0.01)


def test_set_to_fail_it_fails(data: Data) -> None:
    """From zeros nothing but the last bias learns; a hundred digits with wrong labels are learnt by heart."""
    zeros = Learner(Settings(zeros=True, rate=0.01), data)
    for _ in range(20):
        zeros.step()
    assert not weights(zeros.network)[:-10].any()
    wrong = Learner(Settings(digits=30, batch=30, noise=1.0, rate=0.003), data)
    for _ in range(120):
        wrong.step()
    x, labels = data.images[:30] / 255, data.labels[:30]
    answers = wrong.network.logits(x).argmax(1)
    assert not (answers == labels).any()
    assert wrong.points[-1].accuracy is not None
    assert wrong.points[-1].accuracy > 0.95
    runaway = Learner(Settings(seed=1, optimiser="sgd", rate=5.0), data)
    for _ in range(50):
        runaway.step()
    losses = [point.test_loss for point in runaway.points]
    assert max(losses) > 2 * losses[0]
    assert losses[-1] > losses[0] - 0.05


def test_what_holds_from_the_start_cannot_be_changed(data: Data) -> None:
    with pytest.raises(ValueError, match="seed"):
        Learner(Settings(), data).change(seed=2)
    assert isinstance(Learner(Settings(relu=False), data).at().relu1, torch.nn.Identity)
    assert isinstance(fresh(Settings()), DigitCNN)


@pytest.mark.slow
def test_a_hundred_digits_are_learnt_by_heart(data: Data) -> None:
    """Right ones and wrong ones: in training hardly a mistake, on other digits many, and with wrong labels most."""
    shares = []
    for noise in (0.0, 1.0):
        learner = Learner(Settings(digits=100, batch=50, rate=0.002, noise=noise), data)
        while learner.steps < 150:
            learner.step()
        point = learner.points[-1]
        assert point.accuracy is not None
        shares.append((point.accuracy, point.test_accuracy))
    (right, other), (wrong, lost) = shares
    assert right == 1
    assert 0.4 < other < 0.9
    assert wrong > 0.95
    assert lost < 0.2


@pytest.mark.slow
def test_without_relu_it_learns_all_the_same(data: Data) -> None:
    learner = Learner(Settings(relu=False), data)
    while learner.steps < 150:
        learner.step()
    assert learner.points[-1].test_accuracy > 0.8
