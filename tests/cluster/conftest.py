"""Run by `make cluster`, and by nothing that does not name this folder: it needs nginx and Redis."""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass

import pytest

from tests.cluster.parts import Nginx, Redis, Server, missing


def pytest_ignore_collect(config: pytest.Config) -> bool | None:
    asked = any("tests/cluster" in str(one) for one in config.args)
    if asked and (packages := missing()):
        pytest.exit(f"nginx and Redis are needed: apt-get install {' '.join(packages)}", returncode=2)
    return None if asked else True


@dataclass
class Cluster:
    """Three servers that share a Redis, and nginx in front."""

    redis: Redis
    servers: list[Server]
    nginx: Nginx

    @property
    def url(self) -> str:
        return self.nginx.url


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    folder = tmp_path_factory.mktemp("cluster")
    with ExitStack() as stack:
        redis = stack.enter_context(Redis(folder / "redis"))
        servers = [Server(folder / f"server{i}", redis.url) for i in range(3)]
        for one in servers:
            stack.push(one)
            one.begin()
        for one in servers:
            one.wait()
        nginx = stack.enter_context(Nginx(folder / "nginx", servers))
        yield Cluster(redis, servers, nginx)
