"""Weights as people have them: what a training wrote, with whatever it put around them and before their names."""

import pickle
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import save_file
from torch import nn

from lente.app.own_network.weights import BadWeights, load_weights, read_weights


def network() -> nn.Module:
    return nn.Sequential(nn.Conv2d(3, 4, 3), nn.BatchNorm2d(4), nn.Flatten(), nn.Linear(16, 2))


def trained() -> dict[str, torch.Tensor]:
    torch.manual_seed(9)
    return network().state_dict()


def before(word: str) -> dict[str, torch.Tensor]:
    return {f"{word}{name}": value for name, value in trained().items()}


KEPT: dict[str, Any] = {
    "bare": trained,
    "state_dict": lambda: {"state_dict": trained(), "epoch": 3},
    "model_state_dict": lambda: {"model_state_dict": trained(), "optimizer_state_dict": {"state": {}}, "loss": 0.5},
    "DataParallel": lambda: before("module."),
    "compiled": lambda: before("_orig_mod."),
    "Lightning": lambda: {
        "state_dict": {**before("net."), "loss.weight": torch.ones(2)},
        "pytorch-lightning_version": "2",
    },
    "Lightning, compiled": lambda: {"state_dict": before("model._orig_mod.")},
}


@pytest.mark.parametrize("kept", KEPT.values(), ids=KEPT)
@pytest.mark.parametrize("suffix", [".pth", ".pt", ".ckpt"])
def test_whatever_lies_around_the_weights_they_are_found(kept: Any, suffix: str, tmp_path: Path) -> None:
    torch.save(kept(), tmp_path / f"weights{suffix}")
    mine = network()
    load_weights(mine, tmp_path / f"weights{suffix}")
    assert all(torch.equal(mine.state_dict()[name], value) for name, value in trained().items())


def test_a_network_that_is_wrapped_takes_weights_that_are_not(tmp_path: Path) -> None:
    save_file(trained(), tmp_path / "weights.safetensors")
    mine = nn.DataParallel(network())
    load_weights(mine, tmp_path / "weights.safetensors")
    assert torch.equal(mine.module[0].weight, trained()["0.weight"])


def test_what_does_not_match_is_named_with_its_shape_and_the_nearest(tmp_path: Path) -> None:
    state = trained()
    state["classifier.weight"] = state.pop("3.weight")
    state["0.weight"] = torch.zeros(4, 3, 5, 5)
    torch.save(state, tmp_path / "weights.pth")
    with pytest.raises(BadWeights) as refused:
        load_weights(network(), tmp_path / "weights.pth")
    words = str(refused.value)
    assert "0.weight: the file has (4, 3, 5, 5), the network (4, 3, 3, 3)" in words
    assert "3.weight (2, 16) is not in the file; nearest is classifier.weight (2, 16)" in words
    assert "classifier.weight (2, 16) is not in the network; nearest is 3.weight (2, 16)" in words


class Trap:
    """Writes a file when it is read by pickle."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> Any:
        return Path.touch, (self.path,)


def test_nothing_in_a_file_is_run_and_a_whole_model_is_told_how_to_be_saved(tmp_path: Path) -> None:
    torch.save(network(), tmp_path / "model.pth")
    with pytest.raises(BadWeights, match=r"torch\.save\(state, 'weights\.pth'\)"):
        read_weights(tmp_path / "model.pth")
    (tmp_path / "trap.pkl").write_bytes(pickle.dumps({"state_dict": Trap(tmp_path / "sprung")}))
    with pytest.raises(BadWeights):
        read_weights(tmp_path / "trap.pkl")
    assert not (tmp_path / "sprung").exists()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"no weights at all", "is no file of weights"),
        ({"epoch": 3, "best": 0.9}, "holds epoch, best"),
        ([1, 2], "list"),
    ],
)
def test_what_holds_no_weights_says_what_it_holds(content: Any, words: str, tmp_path: Path) -> None:
    path = tmp_path / "weights.pth"
    if isinstance(content, bytes):
        path.write_bytes(content)
    else:
        torch.save(content, path)
    with pytest.raises(BadWeights, match=words):
        load_weights(network(), path)


def test_a_file_that_is_too_large_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    torch.save(trained(), tmp_path / "weights.pth")
    monkeypatch.setattr("lente.app.own_network.weights.MOST_BYTES", 100)
    with pytest.raises(BadWeights, match="larger than"):
        read_weights(tmp_path / "weights.pth")
