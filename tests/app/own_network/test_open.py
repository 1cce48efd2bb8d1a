"""Networks of one's own on the features page: everything that the page promises holds for code it has never seen."""

import io
import json
import random
import re
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image
from safetensors.torch import save_file
from torch import Tensor, nn
from torch.nn import functional as F
from torch.utils.flop_counter import FlopCounterMode

from lente import Window, show
from lente.app.cli import main
from lente.app.features import description
from lente.app.features.preparation import Prepared
from lente.app.features.shown import Shown
from lente.app.own_network import window as windows
from lente.app.own_network.opening import CannotOpen, Wishes, opened
from lente.app.own_network.pictures import BadGiven, read_given
from lente.app.server.queues.long_work import Progress
from lente.models.tracing.explaining import explain
from tests.models.examples import TUTORIALS, hooks_on, tutorial_network

pytestmark = pytest.mark.slow


def noise(side: int = 16, channels: int = 3) -> Tensor:
    return torch.randn(1, channels, side, side, generator=torch.Generator().manual_seed(5))


def looked_at(network: nn.Module, x: Tensor, **wishes: Any) -> tuple[Shown, Any]:
    """The opened network and what it computes for `x`."""
    shown = opened(network, read_given(x), Wishes(**wishes))
    values = x[0].numpy()
    pixels = np.zeros((*values.shape[1:], 3), np.uint8)
    return shown, shown.capture(Prepared(pixels, values, None, values.shape[1:], shown.preparation))


@pytest.mark.parametrize("name", TUTORIALS)
def test_every_promise_is_kept_for_networks_in_the_styles_of_tutorials(name: str) -> None:
    network, x = tutorial_network(name), noise()
    with torch.no_grad(), FlopCounterMode(display=False) as counter:
        wanted = network(x.clone())
    shown, capture = looked_at(network, x)
    told = description.told(shown)
    assert told["macs"] == counter.get_total_flops() // 2
    assert told["parameters"] == sum(each.numel() for each in network.parameters())
    assert all(each["explained"] for each in told["layers"])
    assert all(each["obstacle"] is None for each in description.told_fields(shown, Progress()).values())
    dice = random.Random(0)
    for layer in told["layers"]:
        unit = [dice.randrange(n) for n in layer["shape"]]
        assert explain(capture.recording, layer["name"], unit).error() < 1e-4
    found, answers = capture.recording.returned, capture.recording.answers
    for path in answers:
        part = wanted if path == () else wanted[path[0]]
        assert torch.equal(found if path == () else found[path[0]], part)


class Refusing(nn.Module):
    """A running maximum, which is known to nobody here, between two convolutions."""

    def __init__(self) -> None:
        super().__init__()
        self.first = nn.Conv2d(1, 2, 3)
        self.last = nn.Conv2d(2, 2, 3)

    def forward(self, x: Tensor) -> Tensor:
        x, _ = self.first(x).cummax(dim=3)
        return self.last(x)  # type: ignore[no-any-return]


def test_what_cannot_be_explained_is_named_and_the_rest_is_explained() -> None:
    shown, capture = looked_at(Refusing(), noise(12, 1))
    layers = {each["name"]: each for each in description.told(shown)["layers"]}
    fields = description.told_fields(shown, Progress())
    assert [name for name, each in layers.items() if not each["explained"]] == ["cummax", "cummax:1"]
    assert fields["first"]["obstacle"] is None
    assert fields["last"]["obstacle"] == "cummax"
    assert explain(capture.recording, "last", (1, 2, 3)).error() < 1e-4
    assert shown.classes == ()


class Heads(nn.Module):
    """Answers a dict of tuples: maps, then logits."""

    def __init__(self, ending: Callable[[Tensor], Tensor]) -> None:
        super().__init__()
        self.logits = nn.Conv2d(3, 4, 3)
        self.ending = ending

    def forward(self, x: Tensor) -> dict[str, Any]:
        maps = self.logits(x)
        return {"maps": maps, "heads": (maps.mean((2, 3)).sigmoid(), self.ending(maps.amax((2, 3))))}


ENDINGS = {"none": lambda x: x, "softmax": lambda x: F.softmax(x, 1), "log": lambda x: F.log_softmax(x, dim=1)}


@pytest.mark.parametrize("ending", ENDINGS.values(), ids=ENDINGS)
def test_the_answer_is_found_in_what_the_network_returns(ending: Callable[[Tensor], Tensor]) -> None:
    from lente.app.features.prediction import prediction

    torch.manual_seed(0)
    network, x = Heads(ending), noise()
    shown, capture = looked_at(network, x, classes=["ant", "bee", "cow", "doe"])
    logits = network.logits(x).amax((2, 3))[0]
    said = prediction(shown, capture)
    assert torch.allclose(said.probabilities, logits.softmax(0), atol=1e-6)
    assert torch.allclose(said.logits, logits, atol=1e-6)
    scores = shown.scores(shown.module, x)[0]
    assert torch.allclose(scores.softmax(0), logits.softmax(0), atol=1e-6)


def test_the_original_is_left_as_it_is_and_may_learn_on() -> None:
    network = nn.Sequential(nn.Conv2d(3, 2, 3), nn.Dropout(), nn.Flatten(), nn.LazyLinear(4)).train()
    network(noise())
    shown = opened(network, read_given(noise()), Wishes())
    before = shown.module[0].weight.clone()
    with torch.no_grad():
        network[0].weight.add_(1)
    assert torch.equal(shown.module[0].weight, before)
    assert network.training
    assert network[0].weight.requires_grad
    assert not hooks_on(network)


def test_the_size_is_found_by_trying() -> None:
    lenet = nn.Sequential(nn.Conv2d(1, 6, 5), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(6 * 12 * 12, 10))
    picture = read_given(np.zeros((100, 300), np.uint8))
    assert opened(lenet, picture, Wishes()).input_shape == (1, 28, 28)
    assert opened(lenet, picture, Wishes(size=29)).input_shape == (1, 29, 29)
    assert opened(nn.Sequential(nn.Flatten(), nn.Linear(3 * 1024, 10)), picture, Wishes()).input_shape == (3, 32, 32)


@pytest.mark.parametrize(
    ("network", "wishes", "words"),
    [
        (nn.Conv2d(3, 2, 3), {"classes": ["a", "b"]}, "1 × 2 × 14 × 14 from conv2d"),
        (nn.Sequential(nn.Flatten(), nn.Linear(768, 3)), {"classes": ["a", "b"]}, "2 names .* 3 numbers"),
        (nn.Conv2d(3, 2, 3), {"std": [0, 1, 1]}, r"std \[0, 1, 1\].*above 0"),
        (nn.Identity(), {}, "does nothing"),
    ],
)
def test_what_cannot_be_opened_is_refused_with_the_reason(network: nn.Module, wishes: Any, words: str) -> None:
    with pytest.raises(CannotOpen, match=words):
        opened(network, read_given(noise()), Wishes(**wishes))


def test_torchscript_is_refused() -> None:
    with pytest.warns(FutureWarning):
        script = torch.jit.script(nn.Conv2d(3, 2, 3))
    with pytest.raises(CannotOpen, match="TorchScript"):
        opened(script, read_given(noise()), Wishes())


@pytest.mark.parametrize(
    ("image", "words"),
    [
        (7, "int is no picture"),
        ("no/such.jpg", "no/such.jpg cannot be read"),
        (np.zeros((4, 4, 7)), r"\(4, 4, 7\)"),
        (np.full((4, 4), 3.0), "from 0 to 3"),
        (torch.zeros(2, 2, 3, 4, 4), r"\(2, 2, 3, 4, 4\)"),
        (torch.zeros(65, 4, 5), "from 1 to 64"),
        (torch.full((3, 4, 4), torch.nan), "no numbers"),
    ],
)
def test_what_is_no_picture_is_refused_with_its_shape(image: Any, words: str) -> None:
    with pytest.raises(BadGiven, match=words):
        read_given(image)


def test_pictures_of_every_kind_are_the_same_picture() -> None:
    pixels = np.random.default_rng(0).integers(0, 256, (9, 7, 3), dtype=np.uint8)
    kinds = [Image.fromarray(pixels), pixels, pixels / 255, torch.from_numpy(pixels).permute(2, 0, 1)]
    assert all(np.array_equal(read_given(kind).picture, pixels) for kind in kinds)
    grey = pixels[..., 0]
    for kind in (Image.fromarray(grey), grey, torch.from_numpy(grey)):
        assert np.array_equal(read_given(kind).picture, np.repeat(grey[..., None], 3, axis=2))


@pytest.fixture(scope="module")
def window() -> Iterator[Window]:
    torch.manual_seed(3)
    network = nn.Sequential(nn.Conv2d(1, 4, 3), nn.ReLU(), nn.Flatten(), nn.Linear(400, 5))
    with show(network, noise(12, 1)[0], mean=0.1307, std=0.3081, classes="abcde", title="My net", browser=False) as one:
        yield one


def ask(window: Window, path: str) -> Any:
    base, image = window.url.split("/en/")[0], window.url.split("image=")[1]
    address = f"{base}/api/networks/{path.replace('IMAGE', image)}"
    request = urllib.request.Request(address, headers={"Accept": "application/json"})
    with urllib.request.urlopen(request) as answer:
        return json.load(answer)


def rebuilt() -> nn.Module:
    torch.manual_seed(3)
    return nn.Sequential(nn.Conv2d(1, 4, 3), nn.ReLU(), nn.Flatten(), nn.Linear(400, 5)).requires_grad_(False)


def test_the_page_has_the_networks_own_numbers(window: Window) -> None:
    x, network = noise(12, 1), rebuilt()
    assert ask(window, "")["networks"][0]["title"] == "My net"
    assert np.array_equal(ask(window, "My_net/input/IMAGE")["input"], x)
    classes = {each["name"]: each for each in ask(window, "My_net/prediction/IMAGE")["classes"]}
    logits = network(x)[0]
    wanted = logits.softmax(0)
    assert [classes[name]["probability"] for name in "abcde"] == pytest.approx(wanted.tolist(), abs=1e-6)
    explained = ask(window, "My_net/explanation/IMAGE?layer=0&unit=2,5,5")
    assert sum(term["product"] for term in explained["terms"]) + explained["bias"] == pytest.approx(
        float(network[0](x)[0, 2, 5, 5]), rel=1e-4
    )
    exact = ask(window, "My_net/field/IMAGE?layer=1&unit=2,5,5")["exact"]
    assert exact == {"top": 5, "left": 5, "bottom": 8, "right": 8}


def test_why_it_answers_so_is_the_gradient(window: Window) -> None:
    x = noise(12, 1).requires_grad_()
    rebuilt()(x)[0, 3].backward()
    assert x.grad is not None
    found = ask(window, "My_net/attribution/IMAGE?method=saliency&class=3")["attribution"]
    assert np.allclose(found, x.grad[0, 0].abs(), atol=1e-6)


def test_the_export_says_how_to_make_the_layer_again(
    window: Window, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    image = window.url.split("image=")[1]
    with urllib.request.urlopen(f"{window.url.split('/en/')[0]}/api/networks/My_net/export/{image}?layer=1") as answer:
        (tmp_path / "layer.npz").write_bytes(answer.read())
    kept = np.load(tmp_path / "layer.npz")
    monkeypatch.chdir(tmp_path)
    names: dict[str, Any] = {"network": rebuilt()}
    exec(json.loads(str(kept["manifest"]))["code"], names)
    assert np.allclose(names["output"].detach(), kept["1"], atol=1e-6)


def test_a_notebook_may_frame_the_page_and_a_closed_window_answers_no_more() -> None:
    with show(nn.Conv2d(3, 2, 3), noise(), browser=False) as one:
        assert one.url.replace("&", "&amp;") in one._repr_html_()
        with urllib.request.urlopen(one.url) as page:
            assert "http://localhost:*" in page.headers["Content-Security-Policy"]
        with pytest.raises(urllib.error.HTTPError) as refused:
            ask(one, "Conv2d/prediction/IMAGE")
        assert "names no classes" in json.load(refused.value)["error"]["message"]
    one.close()
    with pytest.raises(urllib.error.URLError):
        urllib.request.urlopen(one.url)


CODE = """
import torch
from torch import nn
from parts import block

class Net(nn.Module):
    def __init__(self, classes=3):
        super().__init__()
        self.body = block()
        self.head = nn.Linear(8, classes)

    def forward(self, x):
        return self.head(self.body(x).mean((2, 3)))
"""


def written(folder: Path) -> nn.Module:
    """Writes model.py, weights.safetensors and cat.png; the network that they are."""
    (folder / "model.py").write_text(CODE)
    (folder / "parts.py").write_text("from torch import nn\n\ndef block():\n    return nn.Conv2d(3, 8, 3)\n")
    torch.manual_seed(2)
    body, head = nn.Conv2d(3, 8, 3), nn.Linear(8, 4)
    parts = {"body": body, "head": head}
    weights = {f"{name}.{key}": value for name, part in parts.items() for key, value in part.state_dict().items()}
    save_file(weights, folder / "weights.safetensors")
    Image.fromarray(np.full((40, 60, 3), (200, 100, 50), np.uint8)).save(folder / "cat.png")
    return nn.Sequential(body, nn.AdaptiveAvgPool2d(1), nn.Flatten(), head)


def test_the_command_opens_a_file_with_its_weights(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.syspath_prepend(tmp_path)
    seen: dict[str, Any] = {}

    def look(window: Window) -> None:
        seen.update(ask(window, "Net/prediction/IMAGE"), url=window.url)
        window.close()

    monkeypatch.setattr(windows.Window, "wait", look)
    network = written(tmp_path)
    options = {
        "arguments": '{"classes": 4}',
        "weights": f"{tmp_path}/weights.safetensors",
        "image": f"{tmp_path}/cat.png",
        "classes": "ant,bee,cow,doe",
        "mean": "0.5,0.5,0.5",
        "std": "0.2",
    }
    given = [word for name, value in options.items() for word in (f"--{name}", value)]
    main(["open", f"{tmp_path}/model.py:Net", *given, "--no-browser"])
    assert seen["url"] in capsys.readouterr().out
    colour = torch.tensor([200, 100, 50]).reshape(1, 3, 1, 1).expand(1, 3, 8, 8) / 255
    with torch.no_grad():
        wanted = network((colour - 0.5) / 0.2)[0].softmax(0)
    found = {each["name"]: each["probability"] for each in seen["classes"]}
    assert [found[name] for name in ("ant", "bee", "cow", "doe")] == pytest.approx(wanted.tolist(), abs=1e-5)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["model.py"], "FILE.py:NAME"),
        (["nowhere.py:Net"], "no file nowhere.py"),
        (["{folder}/model.py:Nit"], "there are .*Net"),
        (["{folder}/model.py:Net", "--arguments", "{}}"], "no JSON"),
        (["{folder}/model.py:Net", "--arguments", '{"depth": 3}'], "depth"),
        (["{folder}/model.py:Net", "--weights", "{folder}/weights.pth"], "cannot be read"),
        (
            ["{folder}/model.py:Net", "--weights", "{folder}/weights.safetensors"],
            r"do not fit.*head.weight: the file has \(4, 8\), the network \(3, 8\)",
        ),
        (["{folder}/model.py:Net", "--weights", "{folder}/cat.safetensors"], "no safetensors file"),
        (["{folder}/model.py:Net", "--image", "{folder}/dog.png"], "dog.png cannot be read"),
    ],
)
def test_the_command_says_what_is_wrong(
    options: list[str], words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(windows.Window, "wait", Window.close)
    written(tmp_path)
    (tmp_path / "cat.safetensors").write_bytes(io.BytesIO(b"cat").getvalue())
    filled = [option.replace("{folder}", str(tmp_path)) for option in options]
    with pytest.raises(SystemExit) as ended:
        main(["open", *filled, "--no-browser"])
    assert re.search(words, str(ended.value), re.DOTALL)


class Unruly(nn.Module):
    """A class token among the pixels, an index that was computed, and a division by 0."""

    def __init__(self) -> None:
        super().__init__()
        self.token = nn.Parameter(torch.full((1, 1, 6, 6), 0.9008))
        self.power = nn.Parameter(torch.tensor(2.5))

    def forward(self, x: Tensor) -> Tensor:
        x = torch.cat([self.token.expand(len(x), -1, -1, -1), x], 1)
        x = x[:, x.mean((0, 2, 3)).argsort()].abs() ** self.power
        return 1 / F.relu(x - 9)


def test_no_unit_of_any_layer_fails_inside_the_server() -> None:
    with show(Unruly(), noise(6, 3), title="Unruly", browser=False) as one:
        layers = {each["name"]: each["shape"] for each in ask(one, "Unruly")["layers"]}
        answers, codes = {}, set()
        for name, shape in layers.items():
            unit = ",".join("0" for _ in shape) or ","
            for path in ("explanation", "field"):
                try:
                    answers[path, name] = ask(one, f"Unruly/{path}/IMAGE?layer={name}&unit={unit}")
                except urllib.error.HTTPError as refused:
                    answers[path, name] = json.load(refused)["error"]["message"]
                    codes.add(refused.code)
        assert len(answers) == 2 * len(layers) > 12
        assert codes == {422}
        (token,) = answers["explanation", "cat"]["terms"]
        assert (token["kind"], token["name"], token["layer"]) == ("weight", "token", None)
        assert token["input"] == pytest.approx(0.9008)
        assert answers["explanation", "getitem"]["combine"] == "copy"
        assert [term["kind"] for term in answers["explanation", "pow"]["terms"]] == ["unit", "weight"]
        assert answers["explanation", "rdiv"] == "The layer rdiv (rdiv) cannot be written out: it divides by 0."
        assert "it picks places that were computed" in answers["field", "getitem"]


class Touchy(nn.Module):
    """Runs for one picture, and neither for several nor for gradients."""

    def __init__(self) -> None:
        super().__init__()
        self.conv = nn.Conv2d(3, 4, 3)
        self.last = nn.Linear(4, 3)

    def forward(self, x: Tensor) -> Tensor:
        if len(x) > 1 or x.requires_grad:
            raise KeyError("one at a time")
        return self.last(self.conv(x).relu().mean((2, 3)))  # type: ignore[no-any-return]


LONG = [
    "attribution/IMAGE?method=saliency",
    "ablation/IMAGE?layer=conv",
    "nudge/IMAGE?other=Touchy&epsilon=1",
    "faithfulness/IMAGE?method=saliency",
    "visualisation?layer=conv&channel=1&steps=2",
    "patches/IMAGE?layer=conv&channel=1",
    "fields",
]


def test_what_its_code_raises_in_long_work_is_told_with_its_line() -> None:
    with show(Touchy(), noise(32, 3), title="Touchy", classes="abc", browser=False) as one:
        told = {}
        for path in LONG:
            try:
                ask(one, f"Touchy/{path}")
            except urllib.error.HTTPError as refused:
                told[path] = (refused.code, json.load(refused)["error"]["message"])
    assert len(told) >= 4, "it fails at most of them"
    for path, (code, message) in told.items():
        assert code == 422, path
        assert re.search(r"Touchy fails at this: KeyError.*test_open\.py:\d+: raise KeyError", message), (path, message)
