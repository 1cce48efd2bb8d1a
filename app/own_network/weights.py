"""Weights as people have them: state dicts, checkpoints of trainings, with what a wrapper put before their names.

Files are read with `weights_only=True`, so that nothing in them is run, and up to a bound on their size. Importing this
module imports torch.
"""

import difflib
import pickle
import re
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.parameter import is_lazy

MOST_BYTES = 8_000_000_000
_PICKLES = (".pt", ".pth", ".bin", ".ckpt", ".pkl", ".tar", ".weights")
_WITHIN = ("state_dict", "model_state_dict", "model", "net", "network", "weights", "params", "ema", "module")
_BEFORE = ("module.", "model.", "net.", "network.", "_orig_mod.", "backbone.", "encoder.")
_MOST_NAMED = 8


class BadWeights(ValueError):
    """The file's numbers are not this network's; the message names what does not match."""


def load_weights(network: nn.Module, path: Path) -> None:
    """Puts the weights in a file into `network`. Raises BadWeights."""
    found = without_wrappers(state_of(read_weights(path), path), network.state_dict())
    wrong = mismatches(network, found)
    if wrong:
        raise BadWeights(f"the weights of {path} do not fit:\n" + "\n".join(wrong))
    try:
        network.load_state_dict(found)
    except Exception as error:  # a module may have its own way to load
        raise BadWeights(f"the weights of {path} do not fit: {' '.join(str(error).split())}") from error


def read_weights(path: Path) -> Any:
    """What the file holds. Raises BadWeights for one that is too large, damaged or no file of weights."""
    try:
        size = path.stat().st_size
    except OSError as error:
        raise BadWeights(f"the weights {path} cannot be read: {error.strerror}") from error
    if size > MOST_BYTES or _unpacked(path) > MOST_BYTES:
        raise BadWeights(f"{path} is larger than {MOST_BYTES / 1e9:g} GB, the most that is read")
    if path.suffix == ".safetensors":
        return _safetensors(path)
    try:
        return torch.load(path, map_location="cpu", weights_only=True)
    except pickle.UnpicklingError as error:
        raise BadWeights(_pickled(path, error)) from error
    except Exception as error:  # whatever a damaged file makes its reader raise
        raise BadWeights(f"{path} is no file of weights: {type(error).__name__}: {_first_line(error)}") from error


def _unpacked(path: Path) -> int:
    if not zipfile.is_zipfile(path):
        return 0
    with zipfile.ZipFile(path) as archive:
        return sum(each.file_size for each in archive.infolist())


def _safetensors(path: Path) -> dict[str, Tensor]:
    from safetensors import SafetensorError
    from safetensors.torch import load_file

    try:
        return load_file(path)
    except SafetensorError as error:
        raise BadWeights(f"{path} is no safetensors file: {error}") from error


def _pickled(path: Path, error: Exception) -> str:
    """What to do where a file holds more than numbers: a whole model, or settings of a training."""
    names = re.findall(r"(?:GLOBAL |global )([\w.]+)", str(error))
    if not names:
        return f"{path} is no file of weights that can be read safely: {_first_line(error)}"
    what = f" ({names[0]})"
    return (
        f"{path} holds more than numbers{what}, and may run code when it is read. "
        "Once, where you trust it and its classes can be imported:\n"
        f"    kept = torch.load({str(path)!r}, weights_only=False)\n"
        "    state = kept.state_dict() if isinstance(kept, torch.nn.Module) else kept['state_dict']\n"
        "    torch.save(state, 'weights.pth')\n"
        "then --weights weights.pth"
    )


def state_of(found: Any, path: Path) -> dict[str, Tensor]:
    """The state dict in what a file holds: it may lie under "state_dict" and the like."""
    if isinstance(found, nn.Module):
        found = found.state_dict()
    for _ in range(3):
        if isinstance(found, Mapping) and any(isinstance(value, Tensor) for value in found.values()):
            return {str(key): value for key, value in found.items() if isinstance(value, Tensor)}
        inner = next((found[key] for key in _WITHIN if key in found), None) if isinstance(found, Mapping) else None
        if inner is None:
            break
        found = inner
    keys = ", ".join(map(str, list(found)[:_MOST_NAMED])) if isinstance(found, Mapping) else type(found).__name__
    raise BadWeights(
        f"{path} holds no weights by name; it holds {keys or 'nothing'}. {' or '.join(_WITHIN[:2])} is looked for"
    )


def without_wrappers(state: dict[str, Tensor], wanted: Mapping[str, Any]) -> dict[str, Tensor]:
    """The state under the names that the network has, as far as a wrapper's "module." and the like explain the
    others."""
    best = dict(state)
    tried = dict(state)
    for _ in range(3):
        before = next((word for word in _BEFORE if any(key.startswith(word) for key in tried)), None)
        if _hits(best, wanted) == len(wanted) or before is None:
            break
        # Of a training's checkpoint only what lies in the network is wanted: its loss may have weights too.
        tried = {key.removeprefix(before): value for key, value in tried.items() if key.startswith(before)}
        if _hits(tried, wanted) > _hits(best, wanted):
            best = dict(tried)
    for word in _BEFORE:  # the network that was given may itself be wrapped
        longer = {f"{word}{key}": value for key, value in state.items()}
        if _hits(longer, wanted) > _hits(best, wanted):
            best = longer
    return best


def _hits(state: Mapping[str, Any], wanted: Mapping[str, Any]) -> int:
    return len(state.keys() & wanted.keys())


def mismatches(network: nn.Module, state: Mapping[str, Tensor]) -> list[str]:
    """What does not match, a line for each, with the nearest that would."""
    wanted = network.state_dict()
    missing, unknown = [key for key in wanted if key not in state], [key for key in state if key not in wanted]
    lines = []
    for key in wanted.keys() & state.keys():
        theirs, mine = state[key], wanted[key]
        if not is_lazy(mine) and tuple(theirs.shape) != tuple(mine.shape):
            lines.append(f"  {key}: the file has {_sides(theirs)}, the network {_sides(mine)}")
    lines.sort()
    for keys, tensors, others, among, place in (
        (missing, wanted, unknown, state, "file"), (unknown, state, missing, wanted, "network")
    ):  # fmt: skip
        told = ((key, tensors[key]) for key in keys)
        lines.extend(
            f"  {key} {_sides(each)} is not in the {place}{_nearest(key, each, others, among)}" for key, each in told
        )
    most = 3 * _MOST_NAMED
    return lines if len(lines) <= most else [*lines[:most], f"  and {len(lines) - most} more"]


def _nearest(key: str, tensor: Tensor, names: list[str], among: Mapping[str, Tensor]) -> str:
    """The most similar name, of the same shape where there is one."""
    lazy = is_lazy(tensor)
    alike = [name for name in names if not lazy and _sides(among[name]) == _sides(tensor)]
    found = difflib.get_close_matches(key, alike or names, 1, 0.3)
    return f"; nearest is {found[0]} {_sides(among[found[0]])}" if found else ""


def _sides(tensor: Tensor) -> str:
    if is_lazy(tensor):
        return "(of any shape)"
    return f"({', '.join(map(str, tensor.shape))})"


def _first_line(error: Exception) -> str:
    return (str(error).strip() or "damaged").splitlines()[0]
