"""What is handed out to run Lente elsewhere agrees with Kubernetes' published schema, and with itself."""

import ipaddress
import re
from dataclasses import fields
from pathlib import Path
from typing import Any

import kubernetes_validate
import pytest
import yaml
from fastapi.testclient import TestClient

from lente.app.main import create_app
from lente.app.run import check_proxies
from lente.app.settings import Settings
from tests.conftest import ROOT

MANIFESTS = sorted((ROOT / "deploy" / "kubernetes").glob("*.yaml"))
OBJECTS: list[dict[str, Any]] = [one for path in MANIFESTS for one in yaml.safe_load_all(path.read_text())]
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text())["services"]
NGINX = (ROOT / "deploy" / "nginx.conf").read_text()


def named(kind: str, name: str = "lente") -> dict[str, Any]:
    return next(one for one in OBJECTS if one["kind"] == kind and one["metadata"]["name"] == name)


def pod(one: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = one["spec"]["template"]["spec"]
    return found


@pytest.mark.parametrize("one", OBJECTS, ids=lambda one: f"{one['kind']}-{one['metadata']['name']}")
@pytest.mark.parametrize("version", ["1.30", "1.37"])
@pytest.mark.filterwarnings("ignore")
def test_the_schema_of_kubernetes_accepts(one: dict[str, Any], version: str) -> None:
    kubernetes_validate.validate(one, version, strict=True)


@pytest.mark.filterwarnings("ignore")
def test_the_schema_would_not_accept_a_slip() -> None:
    slipped = {**named("Service"), "specs": {}}
    with pytest.raises(kubernetes_validate.ValidationError):
        kubernetes_validate.validate(slipped, "1.37", strict=True)


def test_all_kinds_are_there_and_point_at_each_other() -> None:
    assert {"Deployment", "Service", "HorizontalPodAutoscaler", "Ingress"} <= {one["kind"] for one in OBJECTS}
    labels = named("Deployment")["spec"]["template"]["metadata"]["labels"]
    assert named("Service")["spec"]["selector"].items() <= labels.items()
    assert named("HorizontalPodAutoscaler")["spec"]["scaleTargetRef"]["name"] == named("Deployment")["metadata"]["name"]
    (rule,) = named("Ingress")["spec"]["rules"]
    assert rule["host"] in environment(pod(named("Deployment")))["LENTE_ALLOWED_HOST"]
    service = rule["http"]["paths"][0]["backend"]["service"]
    assert service["port"]["name"] in [port["name"] for port in named("Service", service["name"])["spec"]["ports"]]
    store = environment(pod(named("Deployment")))["LENTE_STORE"]
    assert named("Service", "lente-redis")["metadata"]["name"] in store


def environment(spec: dict[str, Any]) -> dict[str, str]:
    return {one["name"]: one["value"] for one in spec["containers"][0]["env"]}


def test_every_variable_is_a_setting_and_its_value_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    docker = dict(re.findall(r"(LENTE_\w+)=(\S+)", (ROOT / "Dockerfile").read_text()))
    compose = {name: re.sub(r"\$\{.*:-(.*)}", r"\1", value) for name, value in COMPOSE["lente"]["environment"].items()}
    names = {f"LENTE_{one.name.upper()}" for one in fields(Settings)}
    for each in (docker, compose, environment(pod(named("Deployment")))):
        ours = {name: value for name, value in each.items() if name.startswith("LENTE_")}
        assert ours
        assert set(ours) <= names
        with monkeypatch.context() as patch:
            for name, value in ours.items():
                patch.setenv(name, value)
            settings = Settings.parse()
        assert settings.shares_uploads == ("LENTE_STORE" in ours and "redis" in ours["LENTE_STORE"])


def test_no_service_of_kubernetes_sets_a_setting() -> None:
    """A Service called lente would give each pod LENTE_PORT=tcp://..., and no server would start."""
    assert pod(named("Deployment"))["enableServiceLinks"] is False


@pytest.mark.parametrize("one", [named("Deployment"), named("StatefulSet", "lente-redis")], ids=["lente", "redis"])
def test_nothing_runs_as_root_or_writes_beside_its_volume(one: dict[str, Any]) -> None:
    assert pod(one)["securityContext"]["runAsNonRoot"] is True
    (container,) = pod(one)["containers"]
    assert container["securityContext"]["readOnlyRootFilesystem"] is True
    assert container["securityContext"]["allowPrivilegeEscalation"] is False
    assert [mount["mountPath"] for mount in container["volumeMounts"]] == ["/data"]


def test_the_school_s_servers_cannot_write_beside_their_volume_either() -> None:
    assert COMPOSE["lente"]["read_only"] is True
    assert COMPOSE["lente"]["volumes"] == ["/data"]
    assert not re.search(r"^USER (root|0)", (ROOT / "Dockerfile").read_text(), re.MULTILINE)
    assert re.search(r"^USER \d+", (ROOT / "Dockerfile").read_text(), re.MULTILINE)


def test_redis_is_bounded_and_keeps_what_it_confirmed_everywhere() -> None:
    for command in (
        COMPOSE["redis"]["command"].split(),
        pod(named("StatefulSet", "lente-redis"))["containers"][0]["args"],
    ):
        options = dict(zip(command[1::2], command[2::2], strict=True))
        assert options["--appendfsync"] == "always"
        assert options["--maxmemory-policy"] == "allkeys-lru"
        assert re.fullmatch(r"\d+[mg]b", options["--maxmemory"])


def test_nginx_asks_the_service_of_compose_and_is_reached_where_it_listens() -> None:
    assert "server lente:8000 " in NGINX
    listens = re.findall(r"listen (\d+)", NGINX)
    assert [port.split(":")[1] for port in COMPOSE["nginx"]["ports"]] == listens
    assert COMPOSE["nginx"]["volumes"] == ["./deploy/nginx.conf:/etc/nginx/nginx.conf:ro"]


def test_the_probes_tell_ready_from_alive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise OSError("no weights")

    monkeypatch.setattr("lente.app.features.networks.Networks", fail)
    (container,) = pod(named("Deployment"))["containers"]
    probes = {name: container[f"{name}Probe"]["httpGet"]["path"] for name in ("startup", "liveness", "readiness")}
    with TestClient(create_app(Settings(store=tmp_path)), "http://10.0.0.7", raise_server_exceptions=False) as client:
        assert client.get(probes["startup"]).status_code == 200
        assert client.get(probes["liveness"]).status_code == 200
        answer = client.get(probes["readiness"])
    assert answer.status_code == 503
    assert answer.json()["error"]["code"] == "not_ready"


def test_addresses_are_believed_from_named_proxies_only() -> None:
    cluster = environment(pod(named("Deployment")))
    for network in (COMPOSE["lente"]["environment"]["FORWARDED_ALLOW_IPS"], cluster["FORWARDED_ALLOW_IPS"]):
        check_proxies(network)
        assert ipaddress.ip_network(network).is_private
    with pytest.raises(SystemExit, match="name your proxies"):
        check_proxies("10.0.0.1,*")


def test_a_request_that_ended_a_server_is_not_handed_to_the_next() -> None:
    lines = [line.split("#")[0] for line in NGINX.splitlines()]
    assert not any("non_idempotent" in line for line in lines)


@pytest.mark.parametrize("name", ["Makefile", "Dockerfile"])
def test_the_index_of_pytorch_is_asked_for_pytorch_alone(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8").replace("\\\n", " ")
    assert "--extra-index-url" not in text
    assert "--index-strategy" not in text
    (line,) = (one for one in text.splitlines() if "--index-url" in one)
    assert re.search(r"--no-deps\s+--index-url \S+\s+\$\((TORCH\)|grep -oE '\^torch\(vision\)\?==\[\^ ]\+' )", line)


def test_images_of_others_are_named_by_what_they_hold() -> None:
    pods = [pod(one) for one in OBJECTS if "template" in one["spec"]]
    images = [one["image"] for one in COMPOSE.values()] + [one["image"] for it in pods for one in it["containers"]]
    images += re.findall(r"^ARG PYTHON=(\S+)", (ROOT / "Dockerfile").read_text(), re.MULTILINE)
    others = [image for image in images if image.partition(":")[0] != "lente"]
    assert len(others) == 4
    assert [image for image in others if not re.fullmatch(r"[a-z]+:[\w.-]+@sha256:[0-9a-f]{64}", image)] == []
    froms = re.findall(r"^FROM (\S+)", (ROOT / "Dockerfile").read_text(), re.MULTILINE)
    assert set(froms) == {"${PYTHON}"}
