"""An hour's load in miniature: whether memory and open files stay as they are over 200,000 requests and more.

    python -m lente.benchmarks.soak [--requests 200000]

Exits with 1 where the server's resident memory grows by more than 5 % once it is warm, a file stays open, a request is
lost or an answer is an error.
"""

import argparse
import itertools
import json
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from lente.benchmarks._load import Caller, Client, Tally, request, run, upload
from lente.benchmarks._server import serving
from lente.benchmarks.classroom import LOCAL, draggers, drawers, photograph

WARM_SHARE = 0.25
MOST_GROWTH = 0.05
ROUND_SECONDS = 10.0
LOOKS = ("/api/latent/vae_2d/grid?rows=4&columns=4", "/api/networks/digit_cnn", "/en/latent", "/api/health")


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--requests", type=int, default=200_000)
    wanted = parser.parse_args(arguments).requests
    with serving("--store-megabytes", "16") as (port, process):
        faults = soak(port, process, wanted)
    print("\n".join(faults) or "memory flat, no file left open, nothing lost")
    sys.exit(bool(faults))


def soak(port: int, process: int, wanted: int) -> list[str]:
    """Rounds of everything, each over new connections, until so many requests are answered; what was wrong."""
    tally, warm = Tally(), 0
    files = descriptors(process)
    numbers = itertools.count()
    print(f"{'answers':>9}{'megabytes':>11}{'files':>7}{'refused':>9}")
    while tally.answered < wanted:
        clients: list[Client] = [*draggers(port, 20, None, tally), *drawers(port, 2, tally)]
        clients += [Caller((LOCAL, port), _requests(numbers), lambda _name: tally) for _ in range(4)]
        run(clients, ROUND_SECONDS, until=lambda: tally.answered >= wanted)
        for client in clients:
            client.socket.close()
        time.sleep(0.5)
        now = resident(process)
        warm = warm or (now if tally.answered > WARM_SHARE * wanted else 0)
        print(f"{tally.answered:9}{now / 1e6:11.0f}{descriptors(process):7}{tally.refused:9}", flush=True)
    faults = [f"error: {error}" for error in tally.errors[:3]]
    if tally.lost:
        faults.append(f"{tally.lost} requests lost")
    if (growth := resident(process) / warm - 1) > MOST_GROWTH:
        faults.append(f"memory grew by {100 * growth:.1f} % once the server was warm")
    if (left := descriptors(process) - files) > 8:  # the libraries keep some for good
        faults.append(f"{left} files more are open than at first")
    return faults


def resident(process: int) -> int:
    """Resident memory of a process in bytes."""
    pages = int(Path(f"/proc/{process}/statm").read_text().split()[1])
    return pages * 4096


def descriptors(process: int) -> int:
    """Open files of a process."""
    return len(list(Path(f"/proc/{process}/fd").iterdir()))


def _requests(numbers: "itertools.count[int]") -> Any:
    """Pages, answers over HTTP, uploads, photographs looked at, and refusals."""
    photo = photograph(0)
    body = json.dumps({"z": [[0.5, -1]]}).encode()
    for number in numbers:
        yield from _looks()
        for _ in range(20):
            yield "decode", request("POST", "/api/latent/vae_2d/decode", body), 0
        stored = yield "upload", upload(photo + str(number).encode()), 0
        yield "photo_cnn", request("GET", f"/api/networks/photo_cnn/prediction/{json.loads(stored)['id']}"), 0


def _looks() -> Iterator[tuple[str, bytes, float]]:
    for path in LOOKS:
        yield "look", request("GET", path), 0


if __name__ == "__main__":
    main()
