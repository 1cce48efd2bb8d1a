"""What it costs that pictures are decoded in a process of their own.

    python -m lente.benchmarks.decoding [--rounds 21]

The same JPEG read here and by the process that is kept warm, in turn. Prints milliseconds, medians and the fastest, and
how much more the process takes: 10 ms at most is wanted for an ordinary photograph.
"""

import argparse
import io
import os
import statistics
import time

import numpy as np
from PIL import Image

from lente.app.pictures.decoder import Decoder
from lente.app.pictures.decoding import Limits, read_picture
from lente.app.server.memory import keep_freed_memory

SIZES = ((1024, 768), (2000, 1500), (4000, 3000))
BLUR, NOISE = 16, 6


def photograph(width: int, height: int) -> bytes:
    """A JPEG of soft shapes with a camera's noise."""
    dice = np.random.default_rng(0)
    coarse = dice.integers(0, 256, (height // BLUR, width // BLUR, 3), dtype=np.uint8)
    soft = np.asarray(Image.fromarray(coarse).resize((width, height), Image.Resampling.BICUBIC)).astype(np.int16)
    noisy = soft + dice.integers(-NOISE, NOISE + 1, soft.shape, dtype=np.int16)
    file = io.BytesIO()
    Image.fromarray(noisy.clip(0, 255).astype(np.uint8)).save(file, "JPEG", quality=88)
    return file.getvalue()


def main() -> None:
    parser = argparse.ArgumentParser(description="Measures what decoding in another process costs.")
    parser.add_argument("--rounds", type=int, default=21)
    rounds = parser.parse_args().rounds
    keep_freed_memory()
    print(f"{os.cpu_count()} processors at a load of {os.getloadavg()[0]:.1f}")
    decoder, limits = Decoder(), Limits()
    ways = read_picture, decoder.read
    for width, height in SIZES:
        data = photograph(width, height)
        taken: tuple[list[float], list[float]] = [], []
        for each in range(rounds + 2):
            for way, times in zip(ways, taken, strict=True):
                began = time.perf_counter()
                way(data, limits)
                if each >= 2:  # memory is fetched by then
                    times.append(1000 * (time.perf_counter() - began))
        here, there = taken
        more = statistics.median(there) - statistics.median(here)
        print(
            f"{width} x {height}, {len(data) / 1e6:.1f} MB: here {statistics.median(here):.1f} ms, in the process "
            f"{statistics.median(there):.1f}, {more:.1f} more; fastest {min(here):.1f} and {min(there):.1f}",
            flush=True,
        )
    decoder.close()


if __name__ == "__main__":
    main()
