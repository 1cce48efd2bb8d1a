"""From the start of the process to its first page, against the bare import of the web framework.

    python -m lente.benchmarks.start [--rounds N]

`import fastapi, uvicorn` is what any server of this kind waits for before it can do anything. Each is timed in turn in
a process of its own, compiled files warm: by the clock, and in seconds of the processor, which a busy machine stretches
less. Each server is ended once it has answered what is waited for.
"""

import argparse
import http.client
import json
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable

BARE = [sys.executable, "-c", "import fastapi, uvicorn"]
Waited = Callable[["subprocess.Popen[str]"], None]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=7)
    rounds = parser.parse_args().rounds
    with tempfile.TemporaryDirectory() as folder:
        serve = [sys.executable, "-m", "lente", "serve", "--port", "0", "--store", folder]
        ways: dict[str, tuple[list[str], Waited]] = {
            "import fastapi, uvicorn": (BARE, ended),
            "the first page": (serve, lambda server: until(server, "/es/", lambda body: b"</html>" in body)),
            "the API alive": (serve, lambda server: until(server, "/api/health", bool)),
            "networks ready": (
                serve,
                lambda server: until(server, "/api/health", loaded),
            ),
        }
        timed(*ways["the first page"])  # compiles what is not compiled yet
        times: dict[str, list[tuple[float, float]]] = {name: [] for name in ways}
        for _ in range(rounds):
            for name, way in ways.items():
                times[name].append(timed(*way))
    print("| from the start of the process to | seconds | ratio | of the processor | ratio |\n|---|---|---|---|---|")
    for name in ways:
        cells = []
        for kind in (0, 1):
            middle, bare = (statistics.median(one[kind] for one in times[way]) for way in (name, next(iter(ways))))
            cells += [f"{middle:.2f}", f"{middle / bare:.2f}"]
        print(f"| {name} | {' | '.join(cells)} |")


def timed(command: list[str], wait: Waited) -> tuple[float, float]:
    """Seconds by the clock and of the processor until `wait` is done with the process, which is ended then."""
    spent, start = processor(), time.perf_counter()
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            wait(process)
            passed = time.perf_counter() - start
        finally:
            process.kill()
    return passed, processor() - spent


def processor() -> float:
    """Seconds of the processor that ended processes of this one have used."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def ended(process: "subprocess.Popen[str]") -> None:
    process.wait()


def loaded(health: bytes) -> bool:
    return bool(json.loads(health)["status"] != "loading")


def until(server: "subprocess.Popen[str]", path: str, enough: Callable[[bytes], bool]) -> None:
    """Asks the server for `path` until its answer is enough."""
    assert server.stdout is not None
    port = int(server.stdout.readline().split()[3].rstrip("/").rsplit(":", 1)[1])
    while True:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        try:
            connection.request("GET", path)
            answer = connection.getresponse()
            if answer.status == 200 and enough(answer.read()):
                return
        finally:
            connection.close()
        time.sleep(0.02)


if __name__ == "__main__":
    main()
