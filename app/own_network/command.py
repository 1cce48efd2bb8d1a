"""`lente open model.py:MyNet --weights w.safetensors --image cat.jpg`: one's own network on the features page."""

import argparse
import importlib
import importlib.util
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from torch import nn


class BadCode(ValueError):
    """There is no network where the command looks for one; the message says what was found."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `lente open`."""
    add = parser.add_argument
    add("network", help="FILE.py:NAME or package.module:NAME; the name of a class, a function or a network in it")
    add("--arguments", default="{}", metavar="JSON", help="what NAME is called with: '{\"classes\": 10}'")
    add("--weights", type=Path, help="its weights, a safetensors file; as it comes unless given")
    add("--image", help="the picture to begin with; a cat unless given")
    add("--classes", help="names of its classes with commas between, or a text file with one on each line")
    add("--mean", type=_numbers, help="with which its pictures are normalised: 0.485,0.456,0.406")
    add("--std", type=_numbers, help="the spread, likewise: 0.229,0.224,0.225")
    add("--size", type=int, help="side of the square that it is given, in pixels; found by trying unless given")
    add("--output", help="which part of what it returns says the classes: out, 1, heads.0")
    add("--title", help="what the page calls it")
    add("--no-browser", action="store_true", help="print the address and open no browser")
    add("--host", default="127.0.0.1", help="network address to listen on (%(default)s)")
    add("--port", type=int, default=0, help="port to listen on; a free one unless given")
    add("--language", default="en", help="of the page (%(default)s)")


def run(arguments: argparse.Namespace) -> None:
    """Opens the network and stays until Ctrl+C; ends the program with a sentence where that cannot be."""
    from lente.app.own_network.window import opened_window

    try:
        network = network_of(arguments.network, arguments.arguments)
        if arguments.weights:
            load_weights(network, arguments.weights)
        window = opened_window(
            network, arguments.image, _wishes(arguments), browser=not arguments.no_browser, host=arguments.host,
            port=arguments.port, language=arguments.language,
        )  # fmt: skip
    except (ValueError, OSError) as error:
        sys.exit(f"lente open: {error}")
    print(f"{arguments.network} is at {window.url}  (Ctrl+C ends it)", flush=True)
    window.wait()


def network_of(place: str, arguments: str = "{}") -> "nn.Module":
    """The network at FILE.py:NAME or package.module:NAME, called with `arguments`, a JSON object. Raises BadCode."""
    from torch import nn

    where, colon, name = place.rpartition(":")
    if not colon or not where or not name:
        raise BadCode(f"{place!r} names no network: FILE.py:NAME or package.module:NAME is accepted")
    module = _from_file(Path(where)) if where.endswith(".py") else importlib.import_module(where)
    found = getattr(module, name, None)
    if found is None:
        names = ", ".join(each for each in vars(module) if not each.startswith("_"))
        raise BadCode(f"there is no {name} in {where}; there are {names}")
    made = found if isinstance(found, nn.Module) else _called(found, name, arguments)
    if not isinstance(made, nn.Module):
        raise BadCode(f"{name} makes a {type(made).__name__}, not a torch.nn.Module")
    return made


def _from_file(path: Path) -> Any:
    """The module that the file is; what lies beside it can be imported, as when Python runs it."""
    if not path.is_file():
        raise BadCode(f"there is no file {path}")
    sys.path.insert(0, str(path.parent.resolve()))
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[path.stem] = module
    spec.loader.exec_module(module)
    return module


def _called(found: Any, name: str, arguments: str) -> Any:
    try:
        given = json.loads(arguments)
    except ValueError as error:
        raise BadCode(f'--arguments {arguments} is no JSON: {{"classes": 10}} is accepted') from error
    try:
        return found(**given)
    except TypeError as error:
        raise BadCode(f"{name} cannot be called with {arguments}: {error}; see --arguments") from error


def load_weights(network: "nn.Module", path: Path) -> None:
    """Puts the weights of a safetensors file into `network`; ValueError where they are another network's."""
    from safetensors import SafetensorError
    from safetensors.torch import load_file

    if path.suffix in (".pt", ".pth", ".bin", ".ckpt", ".pkl"):
        raise BadCode(
            f"{path} is a pickle, which may run code when it is read; once, where you trust it: "
            "safetensors.torch.save_file(torch.load(path), 'weights.safetensors')"
        )
    try:
        weights = load_file(path)
    except SafetensorError as error:
        raise BadCode(f"{path} is no safetensors file: {error}") from error
    try:
        network.load_state_dict(weights)
    except RuntimeError as error:
        raise BadCode(f"the weights of {path} do not fit: {error}") from error


def _wishes(arguments: argparse.Namespace) -> Any:
    from lente.app.own_network.opening import Wishes

    return Wishes(
        title=arguments.title,
        classes=_classes(arguments.classes),
        mean=arguments.mean,
        std=arguments.std,
        size=arguments.size,
        output=arguments.output,
        weights=arguments.weights.name if arguments.weights else "",
        lines=_lines(arguments),
    )


def _lines(arguments: argparse.Namespace) -> tuple[str, ...]:
    """The lines of Python that make the network again."""
    where, _, name = arguments.network.rpartition(":")
    given = ", ".join(f"{key}={value!r}" for key, value in json.loads(arguments.arguments).items())
    lines = [f"from {Path(where).stem if where.endswith('.py') else where} import {name}", ""]
    if arguments.weights:
        lines.insert(0, "from safetensors.torch import load_file")
    lines.append(f"network = {name}({given})")
    if arguments.weights:
        lines.append(f'network.load_state_dict(load_file("{arguments.weights}"))')
    return (*lines, "network.eval()")


def _classes(text: str | None) -> list[str] | None:
    if text is None:
        return None
    path = Path(text)
    parts = path.read_text(encoding="utf-8").splitlines() if path.is_file() else text.split(",")
    return [part.strip() for part in parts if part.strip()]


def _numbers(text: str) -> list[float]:
    return [float(part) for part in text.split(",")]
