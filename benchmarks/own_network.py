"""From `lente open` to the first maps of somebody's network on the screen, against importing torch and running it bare.

    python -m lente.benchmarks.own_network [--rounds N] [--networks NAME ...]

Both ways take turns, each in a process of its own: by the clock, medians. The browser is there before. Memory is the
most that the process held until the maps were painted, less what it holds for a network of next to nothing and what the
network's own numbers take twice (somebody's and the copy that is shown), against all that PyTorch makes in one pass.
"""

import argparse
import statistics
import subprocess
import sys
import time
from dataclasses import dataclass

from playwright.sync_api import Browser, sync_playwright

from lente.benchmarks._painted import AFTER_PAINT
from lente.benchmarks.browser import FLAGS, chromium
from lente.benchmarks.capacity import Process
from lente.benchmarks.digits_page import until

NETWORKS = {
    "resnet50": "torchvision.models:resnet50",
    "swin_t": "torchvision.models:swin_t",
    "vit_b_16": "torchvision.models:vit_b_16",
    "unet": "lente.benchmarks._networks:UNet",
    "segformer": "lente.benchmarks._networks:Segformer",
}
NOTHING = "lente.benchmarks._networks:Nothing"
WANTED = {"resnet50": 1.5}
BARE = """
import torch
from {module} import {name}
network = {name}().eval()
with torch.inference_mode():
    network(torch.rand(1, 3, 224, 224))
"""
# What PyTorch makes in a pass, less views and what is done in place; and what the network's own numbers take.
SIZES = """
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves
class Made(TorchDispatchMode):
    bytes = 0
    def __torch_dispatch__(self, func, types, args=(), kwargs=None):
        made = func(*args, **(kwargs or {{}}))
        if not any(each.alias_info for each in func._schema.returns):
            self.bytes += sum(each.nbytes for each in tree_leaves(made) if isinstance(each, torch.Tensor))
        return made
with Made() as made, torch.no_grad():
    network(torch.rand(1, 3, 224, 224))
print(made.bytes / 1e6, sum(each.nbytes for each in (*network.parameters(), *network.buffers())) / 1e6)
"""
PAINTED = "async () => {" + AFTER_PAINT + "await new Promise(afterPaint); }"


@dataclass
class Opened:
    """Seconds from the start of the process to its address, and to the first maps painted; the most memory, in MB."""

    address: float
    painted: float
    megabytes: float


def bare(place: str, more: str = "") -> tuple[float, str]:
    """Seconds that the bare way takes, and what it prints."""
    module, _, name = place.partition(":")
    start = time.perf_counter()
    command = [sys.executable, "-c", (BARE + more).format(module=module, name=name)]
    said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return time.perf_counter() - start, said


def opened(browser: Browser, place: str) -> Opened:
    start = time.perf_counter()
    command = [sys.executable, "-m", "lente", "open", place, "--no-browser"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            line = next(line for line in process.stdout if " is at " in line)
            address = time.perf_counter() - start
            page = browser.new_page(viewport={"width": 1366, "height": 768})
            page.goto(line.split(" is at ")[1].split()[0], wait_until="commit")
            until(page, "document.querySelector('lente-feature-grid')?.stack != null")
            page.evaluate(PAINTED)
            painted = time.perf_counter() - start
            page.close()
            return Opened(address, painted, Process(process.pid).most_megabytes)
        finally:
            process.kill()


def row(browser: Browser, name: str, rounds: int, nothing: float) -> str:
    place = NETWORKS[name]
    made, numbers = map(float, bare(place, SIZES)[1].split())
    pairs = [(bare(place)[0], opened(browser, place)) for _ in range(rounds)]
    middle = statistics.median
    yardstick, painted = middle(one for one, _ in pairs), middle(one.painted for _, one in pairs)
    maps = middle(one.megabytes for _, one in pairs) - nothing - 2 * numbers
    address = middle(one.address for _, one in pairs)
    times = f"{yardstick:.2f} | {address:.2f} | {painted:.2f} | {painted / yardstick:.2f} | {WANTED.get(name, 3):g}"
    return f"| {name} | {times} | {made:.0f} | {maps:.0f} | {maps / made:.2f} | 3 |"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--networks", nargs="+", choices=NETWORKS, default=list(NETWORKS))
    chosen = parser.parse_args()
    print("| network | torch and a bare pass, s | address, s | painted, s | ratio | wanted |", end="")
    print(" a pass makes, MB | held for it, MB | ratio | wanted |\n" + "|---" * 10 + "|")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        nothing = statistics.median(opened(browser, NOTHING).megabytes for _ in range(3))
        for name in chosen.networks:
            print(row(browser, name, chosen.rounds, nothing), flush=True)
        browser.close()


if __name__ == "__main__":
    main()
