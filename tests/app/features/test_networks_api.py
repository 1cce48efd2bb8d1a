"""What a visitor is told about networks, against PyTorch and hooks of the tests' own."""

import io
import resource
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from fastapi.testclient import TestClient
from PIL import Image
from safetensors.numpy import load as read_safetensors
from torch import nn
from torch.utils.flop_counter import FlopCounterMode
from torchvision.transforms import functional as transforms

from lente.app.features.networks import Networks
from lente.app.features.preparation import Crop, Preparation, prepare
from lente.app.pictures.samples import SAMPLES
from lente.app.server.wire import unpacked
from lente.models.networks import catalogue
from tests.models.examples import hooks_on

API = "/api/networks"
JSON = {"Accept": "application/json"}


def tensors(client: TestClient, path: str, **query: Any) -> dict[str, torch.Tensor]:
    answer = client.get(f"{API}/{path}", params=query)
    assert answer.status_code == 200, answer.text
    return {name: torch.from_numpy(array) for name, array in read_safetensors(answer.content).items()}


def told(client: TestClient, path: str, language: str = "en", **query: Any) -> Any:
    answer = client.get(f"{API}/{path}", params=query, headers={**JSON, "Accept-Language": language})
    assert answer.status_code == 200, answer.text
    return answer.json()


def networks(client: TestClient) -> Networks:
    state: Any = client.app
    assert client.portal is not None
    client.portal.call(state.state.api.ready)
    loaded: Networks = client.portal.call(state.state.services.compute.networks)
    return loaded


def copied_by_hooks(network: nn.Module, x: torch.Tensor) -> dict[str, list[torch.Tensor]]:
    """Every module's outputs, call after call, each copied before anything can overwrite it."""
    kept: dict[str, list[torch.Tensor]] = {}

    def keep(name: str) -> Any:
        return lambda _module, _inputs, output: kept.setdefault(name, []).append(output.clone())

    handles = [module.register_forward_hook(keep(name)) for name, module in network.named_modules() if name]
    with torch.no_grad():
        network(x)
    for handle in handles:
        handle.remove()
    return kept


def test_networks_are_listed_before_they_are_loaded(looker: TestClient) -> None:
    listed = {one["name"]: one for one in told(looker, "", "es")["networks"]}
    assert list(listed)[:4] == ["efficientnet_lite0", "squeezenet", "photo_cnn", "digit_cnn"]
    assert len(listed) == 13
    assert listed["digit_cnn"]["kind"] == "digit"
    assert listed["digit_cnn"]["title"] == "Red de dígitos"
    assert listed["resnet18"]["here"]
    assert not listed["vgg16"]["here"]


@pytest.mark.parametrize("name", ["digit_cnn", "photo_cnn", "resnet18", "squeezenet1_1"])
def test_a_network_is_described_as_pytorch_counts_it(looker: TestClient, name: str) -> None:
    described = told(looker, name)
    network = networks(looker).shown(name).module
    assert described["parameters"] == sum(each.numel() for each in network.parameters())
    assert sum(layer["parameters"] for layer in described["layers"]) == described["parameters"]
    with FlopCounterMode(display=False) as counter, torch.no_grad():
        network(torch.zeros(1, *described["input"]))
    assert described["macs"] * 2 == counter.get_total_flops()


def test_layers_come_in_order_with_their_inputs(looker: TestClient) -> None:
    layers = {layer["name"]: layer for layer in told(looker, "digit_cnn")["layers"]}
    assert list(layers)[:4] == ["conv1", "relu1", "pool1", "conv2"]
    assert layers["conv1"]["shape"] == [10, 28, 28]
    assert layers["conv1"]["inputs"] == ["input"]
    assert layers["conv1"]["receptive_field"]["size"] == [5, 5]
    assert layers["pool2"]["receptive_field"]["size"] == [16, 16]
    assert layers["conv1"]["macs"] == 10 * 28 * 28 * 25
    assert layers["conv1"]["options"]["padding"] == [2, 2]


def test_receptive_fields_of_resnet18_are_the_known_ones(looker: TestClient) -> None:
    layers = {layer["name"]: layer for layer in told(looker, "resnet18")["layers"]}
    ends = ["conv1", "layer1.1.relu:1", "layer2.1.relu:1", "layer3.1.relu:1", "layer4.1.relu:1"]
    assert [layers[name]["receptive_field"]["size"][0] for name in ends] == [7, 43, 99, 211, 435]
    assert sorted(layers["layer2.0.add"]["inputs"]) == ["layer2.0.bn2", "layer2.0.downsample.1"]


def test_kernels_are_the_weights(looker: TestClient) -> None:
    found = tensors(looker, "digit_cnn/kernels/conv2")
    module = networks(looker).shown("digit_cnn").module.get_submodule("conv2")
    assert torch.equal(found["weight"], module.weight)
    assert torch.equal(found["bias"], module.bias)


def test_all_kernels_at_once_are_the_weights_and_are_sent_again_only_when_they_are_others(looker: TestClient) -> None:
    found = tensors(looker, "digit_cnn/kernels")
    module = networks(looker).shown("digit_cnn").module
    assert found.keys() == dict(module.named_parameters()).keys()
    for name, parameter in module.named_parameters():
        assert torch.equal(found[name], parameter), name
    tag = looker.get("/api/networks/digit_cnn/kernels").headers["etag"]
    again = looker.get("/api/networks/digit_cnn/kernels", headers={"If-None-Match": tag})
    assert (again.status_code, again.content) == (304, b"")


KEPT = [
    "photo_cnn",
    "photo_cnn/kernels/conv1",
    "photo_cnn/input/sample-cat?whole=true",
    "photo_cnn/prediction/sample-cat?limit=5",
    "",
    "photo_cnn/activations/sample-cat?layer=relu1",
    "photo_cnn/thumbnails/sample-cat?layer=relu1",
    "photo_cnn/field/sample-cat?layer=relu1&unit=0,1,2",
]


@pytest.mark.parametrize("path", KEPT)
def test_what_the_box_answers_is_sent_again_only_when_it_is_another(looker: TestClient, path: str) -> None:
    address = f"/api/networks/{path}".rstrip("/")
    first = looker.get(address)
    again = looker.get(address, headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert looker.get(address, headers={"If-None-Match": '"another"'}).content == first.content


def test_a_browser_is_not_asked_to_keep_what_becomes_of_an_uploaded_picture(looker: TestClient, one: str) -> None:
    assert "etag" not in looker.get(f"/api/networks/photo_cnn/activations/{one}?layer=relu1").headers


def test_pixels_as_bytes_make_the_very_input(looker: TestClient) -> None:
    address = "/api/networks/photo_cnn/input/sample-coffee"
    whole = unpacked(looker.get(address).content)[0]["input"]
    here, there = ({"Accept-Encoding": "identity"}, {"Accept-Encoding": "gzip"})
    found, facts = unpacked(looker.get(f"{address}?whole=true", headers=here).content)
    assert found.keys() == {"pixels"}
    assert found["pixels"].dtype == np.uint8
    mean, std = (np.array(facts[name], np.float32)[:, None, None] for name in ("mean", "std"))
    np.testing.assert_allclose((found["pixels"] / 255 - mean) / std, whole[0], atol=1e-6)

    far, same = unpacked(looker.get(f"{address}?whole=true", headers=there).content)
    assert same == facts
    assert far.keys() == {"picture"}, "for another computer a file"
    pixels = np.asarray(Image.open(io.BytesIO(far["picture"].tobytes())))
    np.testing.assert_array_equal(pixels.transpose(2, 0, 1), found["pixels"])
    assert len(far["picture"]) < 0.6 * found["pixels"].size


def test_large_maps_for_another_computer_look_the_same_and_one_is_exact(looker: TestClient) -> None:
    address = "/api/networks/photo_cnn/activations/sample-cat?layer=relu1&layer=conv1&layer=softmax"
    whole, facts = unpacked(looker.get(address).content)
    far, light = unpacked(looker.get(f"{address}&light=true", headers={"Accept-Encoding": "gzip"}).content)
    for layer in ("relu1", "conv1"):
        maps, ends = whole[layer][0], far[f"{layer}.ends"]
        low, high = (end[:, None, None] for end in ends.T)
        step = (high - low) / 126
        found = low + far[layer][0] * step
        assert (np.abs(found - maps) <= step * 0.501).all(), "a step of the 255 of the colours"
        assert (far[layer][0] == np.where(low < 0, 63, 0))[maps == 0].all(), "zero is zero"
        exact = light["layers"][layer]["exact"]
        assert maps[exact].max() == maps.max()
        np.testing.assert_array_equal(far[f"{layer}.exact"], maps[exact])
        assert {**light["layers"][layer]} == {**facts["layers"][layer], "exact": exact}
    np.testing.assert_array_equal(far["softmax"], whole["softmax"])
    here = looker.get(f"{address}&light=true", headers={"Accept-Encoding": "identity"})
    assert unpacked(here.content)[0].keys() == whole.keys(), "the server's own computer is given the numbers"


def test_the_facts_of_a_field_come_without_its_mass(looker: TestClient) -> None:
    address = "/api/networks/photo_cnn/field/sample-cat?layer=relu1&unit=0,1,2"
    (mass, facts), (none, same) = (unpacked(looker.get(address + more).content) for more in ("", "&mass=false"))
    assert (mass.keys(), none, same) == ({"mass"}, {}, facts)


def test_what_is_told_of_a_network_is_compressed_for_another_computer(looker: TestClient) -> None:
    address = "/api/networks/photo_cnn"
    far, here = (looker.get(address, headers={"Accept-Encoding": coding}) for coding in ("gzip", "identity"))
    assert (far.headers["content-encoding"], far.json()) == ("gzip", here.json())
    assert int(far.headers["content-length"]) < int(here.headers["content-length"]) / 5


def test_of_an_uploaded_picture_no_answer_is_kept(looker: TestClient, one: str) -> None:
    assert "etag" not in looker.get(f"/api/networks/photo_cnn/prediction/{one}").headers


def test_thumbnails_of_one_layer_are_those_of_it_among_all(looker: TestClient) -> None:
    address = "/api/networks/photo_cnn/thumbnails/sample-coffee?side=64&most=3"
    one, every = (unpacked(looker.get(address + more).content)[0] for more in ("&layer=relu1", ""))
    assert one.keys() == {"relu1"}
    assert one["relu1"].dtype == np.uint8
    np.testing.assert_array_equal(one["relu1"], every["relu1"])


@pytest.mark.parametrize("name", ["photo_cnn", "resnet18", "squeezenet1_1"])
def test_outputs_are_those_that_hooks_copy(looker: TestClient, name: str) -> None:
    given = tensors(looker, f"{name}/input/sample-coffee")["input"]
    expected = copied_by_hooks(networks(looker).shown(name).module, given)
    layers = [layer["name"] for layer in told(looker, name)["layers"]]
    compared = 0
    for first in range(0, len(layers), 12):
        found = tensors(looker, f"{name}/activations/sample-coffee", layer=layers[first : first + 12])
        for layer, output in found.items():
            path, _, call = layer.partition(":")
            if path in expected:
                copied = expected[path][int(call or 0)]  # with as many threads as the test has: not the same to the bit
                assert torch.allclose(output, copied, rtol=1e-4, atol=1e-5 * float(copied.abs().max())), layer
                compared += 1
    assert compared > 30


def test_convolution_and_normalisation_are_shown_before_relu_overwrites_them(looker: TestClient) -> None:
    found = tensors(
        looker, "resnet18/activations/sample-cat", layer=["layer1.0.bn1", "layer1.0.relu", "layer1.0.relu:1"]
    )
    assert found["layer1.0.bn1"].min() < 0
    assert torch.equal(found["layer1.0.bn1"].relu(), found["layer1.0.relu"])
    assert not torch.equal(found["layer1.0.relu"], found["layer1.0.relu:1"])


def test_some_maps_of_a_layer_can_be_asked_for(looker: TestClient) -> None:
    whole = tensors(looker, "photo_cnn/activations/sample-cat", layer="relu1")["relu1"]
    some = tensors(looker, "photo_cnn/activations/sample-cat", layer="relu1", channel=[5, 2])["relu1"]
    assert torch.equal(some, whole[:, [5, 2]])


def test_a_layers_scale_covers_all_but_its_extremes(looker: TestClient) -> None:
    answer = told(looker, "photo_cnn/activations/sample-cat", layer="conv1")
    values, scale = np.array(answer["conv1"]), answer["layers"]["conv1"]
    assert scale["lowest"] == pytest.approx(values.min())
    assert scale["highest"] == pytest.approx(values.max())
    assert scale["low"] == -scale["high"]
    assert np.mean(np.abs(values) <= scale["high"]) == pytest.approx(0.995, abs=0.002)


def test_thumbnails_are_the_maps_averaged_on_the_layers_scale(looker: TestClient) -> None:
    answer = looker.get(f"{API}/photo_cnn/thumbnails/sample-cat", params={"side": 16}, headers=JSON).json()
    small = tensors(looker, "photo_cnn/thumbnails/sample-cat", side=16)
    layers = [layer["name"] for layer in told(looker, "photo_cnn")["layers"]]
    assert answer["order"] == ["input", *layers]
    for layer in ("conv1", "block1.add", "block3.relu2"):
        whole = tensors(looker, "photo_cnn/activations/sample-cat", layer=layer)[layer][0]
        expected = F.adaptive_avg_pool2d(whole, 16) if whole.shape[-1] > 16 else whole
        scale = answer["layers"][layer]
        assert (scale["lowest"], scale["highest"]) == (float(whole.min()), float(whole.max()))
        level = (scale["high"] - scale["low"]) / 254
        painted = scale["low"] + small[layer].double() * level
        assert (painted - expected.clamp(scale["low"], scale["high"])).abs().max() <= level * 0.51
    assert small["softmax"].shape == (1, 1, 10)


def test_a_second_layer_costs_no_forward_pass(looker: TestClient) -> None:
    tensors(looker, "photo_cnn/thumbnails/sample-rings")
    before = networks(looker).captures.passes
    tensors(looker, "photo_cnn/activations/sample-rings", layer="block2.add")
    told(looker, "photo_cnn/prediction/sample-rings")
    told(looker, "photo_cnn/explanation/sample-rings", layer="conv1", unit="0,1,1")
    assert networks(looker).captures.passes == before
    tensors(looker, "photo_cnn/activations/sample-rings", layer="conv1", top=0, left=0, size=100)
    assert networks(looker).captures.passes == before + 1


@pytest.mark.parametrize("name", ["photo_cnn", "resnet18"])
def test_probabilities_are_the_softmax_of_what_the_network_says(looker: TestClient, name: str) -> None:
    given = tensors(looker, f"{name}/input/sample-cat")["input"]
    module = networks(looker).shown(name).module
    with torch.no_grad():
        expected = module(given)[0] if name == "photo_cnn" else module(given)[0].softmax(0)
    found = told(looker, f"{name}/prediction/sample-cat", limit=1000)["classes"]
    assert len(found) == len(expected)
    assert [one["probability"] for one in found] == sorted((one["probability"] for one in found), reverse=True)
    assert sum(one["probability"] for one in found) == pytest.approx(1, abs=1e-5)
    for one in found:
        assert one["probability"] == pytest.approx(float(expected[one["index"]]), rel=1e-4)


def test_classes_bear_names_in_the_language_asked_for(looker: TestClient) -> None:
    english = {one["index"]: one["name"] for one in told(looker, "photo_cnn/prediction/sample-cat")["classes"]}
    spanish = {one["index"]: one["name"] for one in told(looker, "photo_cnn/prediction/sample-cat", "es")["classes"]}
    assert english[9] == "tench"
    assert spanish[9] == "tenca (pez)"
    assert all(english[index] != spanish[index] for index in english if english[index] != "English springer")


def test_imagenets_classes_have_names_of_ours_in_the_order_of_torchvisions(looker: TestClient) -> None:
    from torchvision.models import ResNet18_Weights

    theirs = ResNet18_Weights.DEFAULT.meta["categories"]
    spanish = told(looker, "resnet18/prediction/sample-cat", "es", limit=1000)["classes"]
    english = told(looker, "resnet18/prediction/sample-cat", limit=1000)["classes"]
    assert {one["index"] for one in english} == set(range(1000))
    alike = [bool(words(one["name"]) & words(theirs[one["index"]])) for one in english]
    shifted = [bool(words(one["name"]) & words(theirs[one["index"] - 1])) for one in english]
    assert np.mean(alike) > 0.8 > 0.2 > np.mean(shifted)
    names = {one["index"]: one["name"] for one in spanish}
    assert (names[0], names[217], names[285], names[967]) == ("tenca", "springer inglés", "gato egipcio", "café exprés")


def words(name: str) -> set[str]:
    return set(name.lower().replace("-", " ").split())


def test_an_even_prediction_is_unsure(looker: TestClient) -> None:
    answer = told(looker, "photo_cnn/prediction/sample-cat", limit=2)
    assert len(answer["classes"]) == 2
    expected = answer["confidence"] < 0.5 or answer["entropy"] > answer["most_entropy"] / 2
    assert answer["unsure"] is expected
    assert answer["most_entropy"] == pytest.approx(np.log2(10))


def test_random_units_add_up(looker: TestClient) -> None:
    random = np.random.default_rng(0)
    layers = told(looker, "photo_cnn")["layers"]
    for _ in range(60):
        layer = layers[random.integers(len(layers))]
        unit = ",".join(str(random.integers(side)) for side in layer["shape"])
        found = told(looker, "photo_cnn/explanation/sample-cat", layer=layer["name"], unit=unit)
        if found["combine"] not in ("sum", "copy", "function", "max"):
            continue
        total = sum(term["product"] for term in found["terms"]) + (found["bias"] or 0)
        largest = max(abs(found["value"]), *(abs(term["product"]) for term in found["terms"]), 1e-12)
        assert abs(total - found["value"]) <= 1e-4 * largest, (layer["name"], unit)


def test_one_can_walk_from_a_class_back_to_rgb(looker: TestClient) -> None:
    given = tensors(looker, "photo_cnn/input/sample-cat")["input"]
    layer, unit, steps = "dense", [3], 0
    while layer != "input":
        query = {"layer": layer, "unit": ",".join(map(str, unit)), "limit": 1, "order": "contribution"}
        term = told(looker, "photo_cnn/explanation/sample-cat", **query)["terms"][0]
        below = term["layer"]
        value = tensors(looker, "photo_cnn/activations/sample-cat", layer=below)[below][(0, *term["unit"])]
        assert float(value) == pytest.approx(term["input"], rel=1e-6)
        layer, unit, steps = below, term["unit"], steps + 1
    assert steps > 8
    assert float(given[(0, *unit)]) == pytest.approx(term["input"])


def test_terms_can_be_taken_a_page_at_a_time(looker: TestClient) -> None:
    query = {"layer": "conv1", "unit": "0,20,20"}
    whole = told(looker, "photo_cnn/explanation/sample-cat", **query)
    page = told(looker, "photo_cnn/explanation/sample-cat", **query, limit=10, start=20)
    assert whole["count"] == len(whole["terms"]) == 147
    assert page["terms"] == whole["terms"][20:30]


def test_a_units_field_is_where_its_gradient_is(looker: TestClient) -> None:
    query = {"layer": "block2.add", "unit": "5,4,4"}
    mass = tensors(looker, "photo_cnn/field/sample-cat", **query)["mass"]
    facts = told(looker, "photo_cnn/field/sample-cat", **query)
    box = facts["exact"]
    assert float(mass.sum()) == pytest.approx(1, abs=1e-5)
    inside = mass[box["top"] : box["bottom"], box["left"] : box["right"]]
    assert float(inside.sum()) == pytest.approx(1, abs=1e-5)
    assert facts["effective"]["side"] < box["bottom"] - box["top"]


def test_what_the_network_saw_can_be_moved(looker: TestClient) -> None:
    answer = told(looker, "photo_cnn/input/sample-cat")
    assert answer["crop"] == {"top": 0, "left": pytest.approx(75.2, abs=1), "size": 300}
    crop = {"top": 10, "left": 20, "size": 128}
    moved = tensors(looker, "photo_cnn/input/sample-cat", **crop)
    expected = SAMPLES["sample-cat"].read()[10:138, 20:148].transpose(2, 0, 1) / 255
    assert np.allclose(moved["pixels"][:], expected, atol=1e-6)
    mean, std = (np.array(answer[name])[:, None, None] for name in ("mean", "std"))
    assert np.allclose(moved["input"][0], (expected - mean) / std, atol=1e-5)
    png = looker.get(f"{API}/photo_cnn/input/sample-cat", params=crop, headers={"Accept": "image/png"})
    assert png.headers["content-type"] == "image/png"


def test_the_normalisation_can_be_the_visitors_own(looker: TestClient) -> None:
    own = {"mean": [0.1, -0.2, 0.3], "std": [0.5, 1, 2]}
    answer = told(looker, "photo_cnn/input/sample-cat", **own)
    pixels = torch.tensor(answer["pixels"])
    expected = transforms.normalize(pixels, own["mean"], own["std"])
    assert torch.allclose(torch.tensor(answer["input"][0]), expected, atol=1e-6)
    assert (answer["mean"], answer["std"]) == (own["mean"], own["std"])
    with torch.no_grad():
        wanted = catalogue.load("photo_cnn", catalogue.FOLDER)(expected[None])[0]
    found = told(looker, "photo_cnn/prediction/sample-cat", **own)["classes"]
    assert found[0]["probability"] == pytest.approx(float(wanted.max()), rel=1e-4)
    assert told(looker, "photo_cnn/prediction/sample-cat")["classes"] != found


def test_photos_are_prepared_as_torchvision_does() -> None:
    from PIL import Image
    from torchvision.models import EfficientNet_B0_Weights, ResNet18_Weights, ResNet50_Weights

    for weights in (ResNet18_Weights.DEFAULT, ResNet50_Weights.DEFAULT, EfficientNet_B0_Weights.DEFAULT):
        recipe = weights.transforms()
        cubic = recipe.interpolation.value == "bicubic"
        wanted = Preparation(224, recipe.resize_size[0], tuple(recipe.mean), tuple(recipe.std), cubic)
        for sample in ("sample-cat", "sample-astronaut", "sample-galaxies", "sample-face"):
            picture = SAMPLES[sample].read()
            expected = recipe(Image.fromarray(picture)).numpy()
            assert np.allclose(prepare(picture, wanted).values, expected, atol=1e-5), (weights, sample)


def test_a_very_long_picture_is_cut_before_it_is_scaled() -> None:
    picture = np.zeros((10, 20_000, 3), dtype=np.uint8)
    picture[:, 9_995:10_005] = 255
    prepared = prepare(picture, Preparation(224, 256))
    assert prepared.values.shape == (3, 224, 224)
    assert prepared.crop == Crop(pytest.approx(0.625), pytest.approx(9995.625), pytest.approx(8.75))
    assert prepared.pixels.mean() == 255


def test_a_digit_is_read_from_any_picture_of_it(looker: TestClient, one: str) -> None:
    given = tensors(looker, f"digit_cnn/input/{one}")["input"]
    assert given.shape == (1, 1, 28, 28)
    ink = given[0, 0] > 0.5
    assert ink.any(1).sum() in (19, 20, 21)
    assert ink[:, 12:16].sum() == ink.sum()
    with torch.no_grad():
        expected = catalogue.load("digit_cnn", catalogue.FOLDER)(given)[0]
    found = told(looker, f"digit_cnn/prediction/{one}")["classes"]
    assert found[0]["probability"] == pytest.approx(float(expected.max()), rel=1e-5)


BAD = [
    ("nope", 404, "unknown_network", "nope"),
    ("vgg16/prediction/sample-cat", 409, "weights_missing", "vgg16-397923af.pth"),
    ("photo_cnn/kernels", 413, "too_many_weights", "1000000"),
    ("digit_cnn/kernels/relu1", 404, "no_weights", "relu1"),
    ("photo_cnn/activations/sample-cat", 422, "missing", "layer"),
    ("photo_cnn/activations/sample-cat?layer=conv9", 404, "unknown_layer", "conv9"),
    ("photo_cnn/activations/sample-cat?layer=conv1&channel=32", 422, "out_of_range", "32"),
    ("photo_cnn/activations/sample-cat?layer=conv1&channel=x", 422, "invalid", "x"),
    ("photo_cnn/activations/nothing?layer=conv1", 404, "unknown_image", "nothing"),
    ("photo_cnn/thumbnails/sample-cat?side=0", 422, "invalid", "0"),
    ("photo_cnn/prediction/sample-cat?limit=0", 422, "invalid", "0"),
    ("photo_cnn/explanation/sample-cat?layer=conv1&unit=0,12", 422, "unknown_unit", "32,64,64"),
    ("photo_cnn/explanation/sample-cat?layer=conv1&unit=0,-1,3", 422, "unknown_unit", "0,-1,3"),
    ("photo_cnn/explanation/sample-cat?layer=conv1&unit=0,a,3", 422, "unit_unreadable", "0,a,3"),
    ("photo_cnn/explanation/sample-cat?layer=conv1&unit=", 422, "unknown_unit", "32,64,64"),
    ("photo_cnn/explanation/sample-cat?layer=conv1&unit=0,0,0&order=size", 422, "invalid", "size"),
    ("photo_cnn/field/sample-cat?layer=conv1&unit=0,99,0", 422, "unknown_unit", "0,99,0"),
    ("photo_cnn/input/sample-cat?top=1", 422, "crop_incomplete", "1"),
    ("photo_cnn/input/sample-cat?top=0&left=0&size=301", 422, "crop_outside", "301"),
    ("photo_cnn/input/sample-cat?top=-1&left=0&size=100", 422, "crop_outside", "-1"),
    ("photo_cnn/input/sample-cat?top=0&left=0&size=2", 422, "crop_outside", "8"),
    ("photo_cnn/input/sample-cat?top=nan&left=0&size=nan", 422, "crop_outside", "nan"),
    ("photo_cnn/input/sample-cat?top=0&left=0&size=inf", 422, "crop_outside", "inf"),
    ("photo_cnn/input/sample-cat?mean=0&mean=0&mean=0", 422, "normalisation_incomplete", "mean"),
    ("photo_cnn/input/sample-cat?mean=0&std=1", 422, "mean_count", "3"),
    ("photo_cnn/input/sample-cat?mean=0&mean=0&mean=0&std=1&std=0&std=1", 422, "std_range", "0.0"),
    ("photo_cnn/input/sample-cat?mean=0&mean=0&mean=-1001&std=1&std=1&std=1", 422, "mean_range", "-1001"),
    ("photo_cnn/input/sample-cat?mean=nan&std=1", 422, "invalid", "nan"),
    ("photo_cnn/weights", 404, "unknown_network", "photo_cnn"),
]


@pytest.mark.parametrize(("path", "status", "code", "quoted"), BAD)
def test_bad_input_is_quoted(looker: TestClient, path: str, status: int, code: str, quoted: str) -> None:
    answer = looker.get(f"{API}/{path}", headers=JSON)
    assert answer.status_code == status, answer.text
    assert answer.json()["error"]["code"] == code
    assert quoted in answer.json()["error"]["message"]


@pytest.mark.slow
def test_eight_visitors_never_see_each_others_maps(looker: TestClient) -> None:
    pictures = [id for id in SAMPLES if id not in ("sample-cat", "sample-coffee")][:8]
    module = networks(looker).shown("photo_cnn").module
    expected = {}
    for id in pictures:
        given = torch.from_numpy(prepare(SAMPLES[id].read(), networks(looker).shown("photo_cnn").preparation).values)[
            None
        ]
        expected[id] = copied_by_hooks(module, given)["block2.add"][0]
    together = threading.Barrier(8)

    def visit(id: str) -> bool:
        together.wait()
        found = [
            tensors(looker, f"photo_cnn/activations/{id}", layer="block2.add", center=bool(turn % 2))["block2.add"]
            for turn in range(3)
        ]
        return all(torch.equal(each, expected[id]) for each in found)

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(visit, pictures))


def test_hooks_are_gone_after_an_exception(looker: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    module = networks(looker).shown("photo_cnn").module

    def fail(_x: torch.Tensor) -> torch.Tensor:
        raise ZeroDivisionError

    with monkeypatch.context() as patch:
        patch.setattr(module.get_submodule("block3.add"), "forward", fail)
        answer = looker.get(f"{API}/photo_cnn/prediction/sample-balls?top=0&left=0&size=99", headers=JSON)
    assert answer.status_code == 500
    assert answer.json()["error"]["code"] == "internal"
    assert not hooks_on(module)
    assert told(looker, "photo_cnn/prediction/sample-balls")["classes"]


@pytest.mark.slow
@pytest.mark.parametrize(("network", "most"), [("digit_cnn", 4_000_000), ("photo_cnn", 20_000_000)])
def test_memory_is_flat_over_200_requests(looker: TestClient, one: str, network: str, most: int) -> None:
    captures, image = networks(looker).captures, one if network == "digit_cnn" else "sample-cat"
    before, captures.kept.most = captures.kept.most, most
    try:
        for turn in range(200):
            crop = {"top": turn % 50, "left": turn // 50, "size": 200}
            tensors(looker, f"{network}/thumbnails/{image}", center=False, **crop)
            if turn == 60:
                start = _resident_megabytes()
        assert len(captures.kept) < 200
        assert _resident_megabytes() - start < 25
    finally:
        captures.kept.most = before


def _resident_megabytes() -> float:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize() / 1e6
