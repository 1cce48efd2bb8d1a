"""How long one photograph's convolution takes on a server, alone and beside a class that drags, in turn:

    python -m lente.benchmarks.convolution_class [--rounds 6] [--seconds 3] [--hands 30]

Milliseconds from the request's first byte to the answer's last; a row for each kernel, medians of all rounds. The hands
drag through the latent plane 60 times a second each, over the live channel.
"""

import argparse
import json
from collections import defaultdict
from typing import Any

import numpy as np

from lente.app.server.wire import SAFETENSORS
from lente.benchmarks._load import Caller, Client, Tally, request, run, upload
from lente.benchmarks._server import serving
from lente.benchmarks.classroom import LOCAL, RATE, draggers, photograph

SIZES = (3, 7, 11)
PAUSE_SECONDS = 0.02


class Class:
    """One photograph on one server, and the hands that may be at work there.

    Attributes:
        alone: tallies by the kernel's side.
        busy: the same beside the hands, and theirs under "drag".
    """

    def __init__(self, port: int, hands: int) -> None:
        self._port, self._hands = port, hands
        self.alone: dict[str, Tally] = defaultdict(Tally)
        self.busy: dict[str, Tally] = defaultdict(Tally)

    def turn(self, seconds: float) -> None:
        """Convolves for so long alone, then for as long beside the hands."""
        for tallies, hands in ((self.alone, 0), (self.busy, self._hands)):
            everybody: list[Client] = [Caller((LOCAL, self._port), _convolutions(), tallies.__getitem__)]
            everybody += draggers(self._port, hands, RATE, tallies["drag"])
            run(everybody, seconds)
            for client in everybody:
                client.socket.close()

    def rows(self) -> list[str]:
        """The table's rows."""
        sides = [[f"{tallies[name].milliseconds(50):.1f}" for tallies in (self.alone, self.busy)] for name in _names()]
        drag = self.busy["drag"]
        dragged = f"| a drag (median, p99) | | {drag.milliseconds(50):.1f}, {drag.milliseconds(99):.1f} |"
        return [*(f"| {name} | {' | '.join(cells)} |" for name, cells in zip(_names(), sides, strict=True)), dragged]


def _names() -> list[str]:
    return [f"{side}x{side}" for side in SIZES]


def _convolutions() -> Any:
    """The photograph is stored, then convolved with each kernel in turn."""
    stored = yield "upload", upload(photograph(0)), 0
    id = json.loads(stored)["id"]
    asked = {}
    for side, name in zip(SIZES, _names(), strict=True):
        kernel = np.random.default_rng(side).normal(size=(side, side)).round(3).tolist()
        body = json.dumps({"image": id, "kernel": kernel, "padding": "same"}).encode()
        asked[name] = request("POST", "/api/convolution", body, accept=SAFETENSORS)
    while True:
        for name, sent in asked.items():
            yield name, sent, PAUSE_SECONDS


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=6)
    parser.add_argument("--seconds", type=float, default=3, help="of each turn")
    parser.add_argument("--hands", type=int, default=30)
    chosen = parser.parse_args()
    with serving() as (port, _):
        measured = Class(port, chosen.hands)
        for _ in range(chosen.rounds):
            measured.turn(chosen.seconds)
    print("| kernel | alone, ms | beside the hands, ms |\n|---|---|---|", *measured.rows(), sep="\n")


if __name__ == "__main__":
    main()
