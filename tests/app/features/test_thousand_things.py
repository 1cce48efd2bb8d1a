"""What the networks of the box that know a thousand things say to the pictures that come along."""

import io
import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import torch
from fastapi.testclient import TestClient

from lente.app.main import create_app
from lente.app.pictures.samples import SAMPLES, Sample
from lente.app.settings import Settings
from lente.models.networks import catalogue, imagenet
from tests.app.conftest import LOCALHOST

NETWORKS = ("efficientnet_lite0", "squeezenet")


@pytest.fixture(scope="module")
def visitor(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    store: Path = tmp_path_factory.mktemp("store")
    with TestClient(create_app(Settings(store=store)), LOCALHOST) as client:
        yield client


def said(client: TestClient, image: str, network: str = NETWORKS[0], language: str = "en", **query: str) -> dict:
    path = f"/api/networks/{network}/prediction/{image}"
    answer = client.get(path, params=query, headers={"Accept-Language": language})
    assert answer.status_code == 200, answer.text
    told: dict = answer.json()
    return told


@pytest.mark.parametrize("sample", SAMPLES.values(), ids=SAMPLES)
def test_a_sample_is_named_rightly_or_says_why_it_is_there(visitor: TestClient, sample: Sample) -> None:
    answer = said(visitor, sample.id)
    assert bool(sample.classes) != bool(sample.shows), "one of the two"
    assert answer["shows"] == sample.shows
    if sample.classes:
        assert answer["classes"][0]["name"] in sample.classes
        assert not answer["unsure"]


def test_several_kinds_of_cat_are_a_cat(visitor: TestClient) -> None:
    answer = said(visitor, "sample-cat", limit="1000")
    shares = {one["index"]: one["probability"] for one in answer["classes"]}
    cats = [place for place, name in enumerate(imagenet.names()) if name.endswith(" cat")]
    assert answer["thing"]["name"] == "a cat"
    assert answer["thing"]["classes"] == cats
    assert answer["thing"]["probability"] == pytest.approx(sum(shares[place] for place in cats))
    assert answer["thing"]["probability"] > 0.7 > max(shares.values())
    assert said(visitor, "sample-cat", language="fr")["thing"]["name"] == "un chat"


def test_ten_things_have_no_kinds(visitor: TestClient) -> None:
    answer = said(visitor, "sample-cat", "photo_cnn")
    assert answer["thing"] is None
    assert answer["shows"] == ""


@pytest.mark.parametrize("network", NETWORKS)
def test_an_answer_below_the_measured_limit_is_unsure(visitor: TestClient, network: str) -> None:
    rule = catalogue.card(network).unsure
    for sample in SAMPLES:
        answer = said(visitor, sample, network, limit="1000")
        logits = np.array([one["logit"] for one in answer["classes"]])
        (limit,) = answer["limits"]
        probabilities = torch.tensor(logits).double().softmax(0)
        figure = {"score": logits.max(), "probability": float(probabilities.max())}[str(rule["figure"])]
        assert limit["value"] == pytest.approx(figure, rel=1e-4)
        assert (limit["figure"], limit["least"]) == (rule["figure"], rule["least"])
        assert answer["unsure"] is limit["crossed"] is bool(figure < rule["least"])


@pytest.mark.parametrize("network", NETWORKS)
def test_the_first_kernels_and_a_class_of_the_networks_of_others_add_up(visitor: TestClient, network: str) -> None:
    described = visitor.get(f"/api/networks/{network}").json()
    assert all(layer["explained"] for layer in described["layers"])
    assert all(layer["receptive_field"] for layer in described["layers"])
    random = np.random.default_rng(0)
    for layer in random.choice(described["layers"], 25, replace=False):
        unit = ",".join(str(random.integers(side)) for side in layer["shape"])
        query = {"layer": layer["name"], "unit": unit}
        found = visitor.get(f"/api/networks/{network}/explanation/sample-cat", params=query).json()
        if found["combine"] not in ("sum", "copy"):
            continue
        total = sum(term["product"] for term in found["terms"]) + (found["bias"] or 0)
        largest = max(abs(found["value"]), *(abs(term["product"]) for term in found["terms"]), 1e-12)
        assert abs(total - found["value"]) <= 1e-4 * largest, (layer["name"], unit)


def test_a_cat_of_another_kind_is_no_other_answer(visitor: TestClient) -> None:
    query = {"epsilon": "2"}
    answer = visitor.get("/api/networks/efficientnet_lite0/nudge/sample-cat", params=query).json()
    cats = said(visitor, "sample-cat")["thing"]["classes"]
    assert answer["kinds"] == cats
    assert answer["turned"]
    assert answer["after"]["classes"][0]["index"] not in cats


@pytest.mark.parametrize(
    ("network", "layer"), [("efficientnet_lite0", "stage3.block2.add"), ("squeezenet", "fire4.join")]
)
def test_their_lines_of_pytorch_make_the_exported_layer_after_a_surgery(
    visitor: TestClient, network: str, layer: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = {"efficientnet_lite0": "stem_relu", "squeezenet": "relu1"}[network]
    surgery = json.dumps([{"edit": "scale", "layer": first, "channels": [3], "factor": -2}])
    query = {"layer": layer, "surgery": surgery}
    path = f"/api/networks/{network}"
    code = visitor.get(f"{path}/manifest/sample-cat", params=query).json()["code"]
    picture = visitor.get("/api/images/sample-cat", headers={"Accept": "image/png"})
    (tmp_path / "picture.png").write_bytes(picture.content)
    monkeypatch.chdir(tmp_path)
    made: dict[str, torch.Tensor] = {}
    exec(code, made)
    exported = visitor.get(f"{path}/export/sample-cat", params=query)
    expected = np.load(io.BytesIO(exported.content))[layer]
    assert np.allclose(made["output"].numpy(), expected, rtol=1e-4, atol=1e-4 * np.abs(expected).max())


@pytest.mark.parametrize(
    ("network", "layer"), [("efficientnet_lite0", "stage4.block2.add"), ("squeezenet", "fire5.join")]
)
def test_their_receptive_fields_are_exact(visitor: TestClient, network: str, layer: str) -> None:
    """Beyond the field no pixel moves the unit; on its edges some do."""
    told = visitor.get(
        f"/api/networks/{network}/field/sample-cat",
        params={"layer": layer, "unit": "3,6,6"},
        headers={"Accept": "application/json"},
    ).json()
    field, side = told["exact"], 224
    module, kept = catalogue.load(network), []
    module.get_submodule(layer).register_forward_hook(lambda *call: kept.append(call[2]))
    x = (100 * torch.rand(1, 3, side, side, generator=torch.Generator().manual_seed(0))).requires_grad_()
    module(x)
    (gradient,) = torch.autograd.grad(kept[0][0, :64, 6, 6].sum(), x)
    moved = gradient[0].abs().sum(0) > 0
    rows, columns = moved.any(1).nonzero(), moved.any(0).nonzero()
    assert field["top"] <= int(rows.min())
    assert field["left"] <= int(columns.min())
    assert int(rows.max()) < field["bottom"]
    assert int(columns.max()) < field["right"]
    assert field["bottom"] - field["top"] - (int(rows.max()) + 1 - int(rows.min())) <= 8
