"""Metrics in Prometheus' text format, on a port of their own, so that whoever visits Lente never sees them."""

from collections.abc import Iterable
from typing import Any

from prometheus_client import CollectorRegistry, Gauge, Histogram, start_http_server
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.registry import Collector

from lente.app.server.compute import Compute
from lente.app.server.middleware.observing import Answered

SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
SIZES = (1, 2, 4, 8, 16, 32, 64)


class Metrics:
    """A registry of one server: its requests as they are answered, its lanes and batches as they are when asked.

    Args:
        compute: the server's.
    """

    def __init__(self, compute: Compute[Any]) -> None:
        self.registry = CollectorRegistry()
        self._seconds = Histogram(
            "lente_request_seconds", "From a request's head to its answer's last byte.",
            ["method", "route", "status"], buckets=SECONDS, registry=self.registry,
        )  # fmt: skip
        self._ready = Gauge("lente_ready", "Whether the networks are loaded.", registry=self.registry)
        self._ready.set_function(lambda: float(compute.ready))
        self.registry.register(Lanes(compute))

    def observe(self, answered: Answered) -> None:
        self._seconds.labels(answered.method, answered.route, answered.status).observe(answered.seconds)

    def serve(self, port: int, address: str) -> None:
        """Answers at `port` in a thread that ends with the process. OSError where the port is taken."""
        start_http_server(port, address, registry=self.registry)


class Lanes(Collector):
    """What waits, what was refused, and how much went into each batch: read when Prometheus asks."""

    def __init__(self, compute: Compute[Any]) -> None:
        self.compute = compute

    def collect(self) -> Iterable[Metric]:
        waiting = GaugeMetricFamily("lente_waiting", "Requests in a lane, the one that runs included.", labels=["lane"])
        limit = GaugeMetricFamily("lente_waiting_limit", "Requests a lane takes before it refuses.", labels=["lane"])
        refused = CounterMetricFamily("lente_refused", "Requests told that the server is busy.", labels=["lane"])
        for name, lane in self.compute.lanes.items():
            waiting.add_metric([name], lane.waiting)
            limit.add_metric([name], lane.limit)
            refused.add_metric([name], lane.refused)
        sizes = HistogramMetricFamily("lente_batch_size", "Requests that ran as one batch.", labels=["batch"])
        for name, batches in list(self.compute.batches.items()):
            refused.add_metric([name], batches.refused)
            sizes.add_metric([name], *_histogram(dict(batches.sizes)))
        return [waiting, limit, refused, sizes]


def _histogram(sizes: dict[int, int]) -> tuple[list[tuple[str, float]], float]:
    """Counts of sizes as Prometheus' cumulative buckets and their sum."""
    buckets = [(str(float(most)), float(sum(count for size, count in sizes.items() if size <= most))) for most in SIZES]
    total = float(sum(sizes.values()))
    return [*buckets, ("+Inf", total)], float(sum(size * count for size, count in sizes.items()))
