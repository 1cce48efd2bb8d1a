"""Brings many networks that nobody here wrote to `lente open`'s door, and holds what comes of it against PyTorch.

python -m tools.networks                 all of torchvision, 300 of timm's, a hundred in the styles of courses
python -m tools.networks --minutes 20    as many of them, in a random order, as can be done in that time
python -m tools.networks --only timm     of one source: torchvision, timm or courses
python -m tools.networks --again         those once more that were not right

Weights are random. Of each network: whether it opens, its modules' outputs beside what plain hooks see, units that are
written out and that add up, and, where TorchLens can run, its outputs as a second witness. Each runs in a process of
its own, with bounds of time and memory, and has a line in the file of --out as soon as it is done: a run that was ended
goes on where it was. Prints what is not right, and the figures at the end. timm and TorchLens are wanted for this
alone: pip install 'lente[networks]'.
"""

import argparse
import json
import random
import time
from collections import Counter
from contextlib import suppress
from pathlib import Path

import torch

from tools.networks.sources import SOURCES, Sources
from tools.networks.trying import Apart, Told

LONGEST_SECONDS = 300


def figures(all_told: list[Told]) -> str:
    counted = [one for one in all_told if not _left_out(one)]
    done = [one for one in counted if one["state"] == "opened"]
    sums = {key: sum(one[key] for one in done) for key in ("compared", "equal", "close", "units", "explained", "added")}
    witness = [one["witness"] for one in done if one.get("witness")]
    share = {key: 100 * sums[key] / max(1, sums[of]) for key, of in (("close", "compared"), ("explained", "units"))}
    reasons: Counter[str] = Counter()
    for one in done:
        reasons.update(one["unexplained"])
    left, opened_share = len(all_told) - len(counted), 100 * len(done) / max(1, len(counted))
    same = [sum(one[n] for one in witness) for n in (0, 1)]
    lines = [
        f"{len(counted)} networks, {left} left out: {opened_share:.1f} % opened",
        f"{sums['compared']:,} outputs of modules: {sums['equal']:,} equal to what hooks see to the last bit, "
        f"{sums['close']:,} ({share['close']:.2f} %) to 0.00001",
        f"{sums['units']:,} units: {sums['explained']:,} written out ({share['explained']:.2f} %), "
        f"{sums['added']:,} of them add up",
        f"TorchLens ran on {len(witness)}: {same[0]:,} outputs compared, {same[1]:,} the same",
    ]
    return "\n".join([*lines, *(f"  {count:,} units: {why}" for why, count in reasons.most_common(20))])


def right(told: Told) -> bool:
    """Whether there is nothing to look into."""
    if told["state"] != "opened":
        return bool(told["state"].startswith("left out: more than"))
    return bool(told["equal"] == told["compared"] and told["added"] == told["explained"])


def _left_out(told: Told) -> bool:
    """Whether it says nothing of Lente: too large, or broken without Lente too."""
    return told["state"].startswith("left out") or "so it does" in told.get("own", "")


def known(out: Path) -> dict[str, Told]:
    """What the file says of each network, by its name; what stands further down counts. A line that was cut off says
    nothing."""
    found: dict[str, Told] = {}
    for line in out.read_text(encoding="utf-8").splitlines() if out.exists() else ():
        with suppress(json.JSONDecodeError):
            told = json.loads(line)
            found[told["name"]] = told
    return found


def main(sources: Sources = SOURCES) -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", choices=sources)
    parser.add_argument("--minutes", type=float, default=float("inf"), help="after which no other is begun")
    parser.add_argument("--seconds", type=float, default=LONGEST_SECONDS, help="for each network (%(default)s)")
    parser.add_argument("--units", type=int, default=1000, help="of each network (%(default)s)")
    parser.add_argument("--seed", type=int, default=0, help="of the order")
    parser.add_argument("--out", type=Path, default=Path("var/networks.jsonl"), help="what is known (%(default)s)")
    parser.add_argument("--again", action="store_true", help="those once more that were not right")
    chosen = parser.parse_args()
    torch.set_num_threads(1)
    until = time.monotonic() + 60 * chosen.minutes
    brought = [one for name, source in sources.items() if chosen.only in (None, name) for one in source()]
    random.Random(chosen.seed).shuffle(brought)
    chosen.out.parent.mkdir(parents=True, exist_ok=True)
    done = known(chosen.out)
    apart = Apart(brought, chosen.units, chosen.seconds)
    with chosen.out.open("a", encoding="utf-8") as file:
        file.write("\n" * bool(done))  # whatever was cut off there ends here
        for number, (name, *_) in enumerate(brought):
            if name in done and (right(done[name]) or not chosen.again):
                continue
            if time.monotonic() > until:
                break
            told = done[name] = apart.told(number)
            file.write(json.dumps(told) + "\n")
            file.flush()
            if not right(told):
                print(json.dumps(told)[:1000], flush=True)
    apart.end()
    tried = [done[one[0]] for one in brought if one[0] in done]
    print(f"\n{len(tried)} of {len(brought)} networks were tried")
    print(figures(tried))


if __name__ == "__main__":
    main()
