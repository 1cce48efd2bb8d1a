"""From `lente open` to the first maps of somebody's network on the screen, against importing torch and running it bare.

    python -m lente.benchmarks.own_network [--rounds N] [--networks NAME ...]

Both ways take turns, each in a process of its own, compiled files warm: by the clock, medians, and their ratio in
seconds of the processor. The browser is there before. Memory is the most that the process held until the maps were
painted, less what it holds for a network of next to nothing and what the network's own numbers take twice (somebody's
and the copy that is shown), against all that PyTorch makes in one pass.
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass

from playwright.sync_api import Browser, sync_playwright

from lente.benchmarks._painted import AFTER_PAINT
from lente.benchmarks.browser import FLAGS, chromium
from lente.benchmarks.capacity import Process
from lente.benchmarks.digits_page import until
from lente.benchmarks.start import processor

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
    """Seconds from the start of the process to its address, and to the first maps painted; seconds of the processor and
    the most memory until then, in MB."""

    address: float
    painted: float
    processor: float
    megabytes: float


def bare(place: str, more: str = "") -> tuple[float, float, str]:
    """Seconds that the bare way takes, by the clock and of the processor, and what it prints."""
    module, _, name = place.partition(":")
    start, spent = time.perf_counter(), processor()
    command = [sys.executable, "-c", (BARE + more).format(module=module, name=name)]
    said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return time.perf_counter() - start, processor() - spent, said


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
            painted, seen = time.perf_counter() - start, Process(process.pid)
            page.close()
            return Opened(address, painted, seen.seconds, seen.most_megabytes)
        finally:
            process.kill()


def row(browser: Browser, name: str, rounds: int, nothing: float) -> str:
    place, middle = NETWORKS[name], statistics.median
    made, numbers = map(float, bare(place, SIZES)[2].split())
    turns = [(bare(place), opened(browser, place)) for _ in range(rounds)]
    clock, spent = middle(one[0] for one, _ in turns), middle(one[1] for one, _ in turns)
    told = ("address", "painted", "processor", "megabytes")
    address, painted, used, most = (middle(getattr(one, each) for _, one in turns) for each in told)
    held = most - nothing - 2 * numbers
    times = f"{clock:.2f} | {address:.2f} | {painted:.2f} | {painted / clock:.2f} | {WANTED.get(name, 3):g}"
    return f"| {name} | {times} | {used / spent:.2f} | {made:.0f} | {held:.0f} | {held / made:.2f} | 3 |"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--networks", nargs="+", choices=NETWORKS, default=list(NETWORKS))
    chosen = parser.parse_args()
    print(
        "| network | torch and a bare pass, s | address, s | painted, s | ratio | wanted | of the processor |", end=""
    )
    print(" a pass makes, MB | held for it, MB | ratio | wanted |\n" + "|---" * 11 + "|", flush=True)
    with tempfile.TemporaryDirectory() as compiled, sync_playwright() as playwright:
        os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
        os.environ["PYTHONPYCACHEPREFIX"] = compiled
        browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        nothing = statistics.median(opened(browser, NOTHING).megabytes for _ in range(3))
        for name in chosen.networks:
            print(row(browser, name, chosen.rounds, nothing), flush=True)
        browser.close()


if __name__ == "__main__":
    main()
