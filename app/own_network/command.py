"""`lente open model.py:MyNet --weights w.safetensors --image cat.jpg`: one's own network on the features page."""

import argparse
import importlib
import importlib.util
import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from torch import nn


ANSWERS = ("classes", "logits", "labels", "boxes", "mask", "none")  # outputs.AnswerKind, without importing torch


class BadCode(ValueError):
    """There is no network where the command looks for one; the message says what was found."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `lente open`."""
    add_network(parser)
    add = parser.add_argument
    add("--title", help="what the page calls it")
    add("--no-browser", action="store_true", help="print the address and open no browser")
    add("--host", default="127.0.0.1", help="network address to listen on (%(default)s)")
    add("--port", type=int, default=0, help="port to listen on; a free one unless given")
    add("--language", default="en", help="of the page (%(default)s)")


def add_network(parser: argparse.ArgumentParser) -> None:
    """What says which network it is, and what goes into it."""
    add = parser.add_argument
    add("network", help="FILE.py:NAME or package.module:NAME; the name of a class, a function or a network in it")
    add("--arguments", default="{}", metavar="JSON", help="what NAME is called with: '{\"classes\": 10}'")
    add("--weights", type=Path, help="its weights: .safetensors, or .pth, .pt, .ckpt, of which only numbers are read")
    add("--image", help="the picture to begin with, or a tensor as it goes in, .npy or .pt; a cat unless given")
    add(
        "--input",
        action="append",
        default=[],
        metavar="NAME=FILE",
        help="what goes in beside it, by its argument's name",
    )
    add("--classes", help="names of its classes with commas between, or a text file with one on each line")
    add("--mean", type=_numbers, help="with which its pictures are normalised: 0.485,0.456,0.406")
    add("--std", type=_numbers, help="the spread, likewise: 0.229,0.224,0.225")
    add(
        "--size",
        type=_size,
        help="of the picture that goes in, in pixels: 224, or rows x columns, 120x160; found by trying",
    )
    add("--output", help="which part of what it returns is the answer: out, 1, heads.0")
    add("--answer", choices=ANSWERS, help="what that is; guessed where it is plain")
    add("--seed", type=int, help="of random numbers, in its weights or in its run")


def run(arguments: argparse.Namespace) -> None:
    """Opens the network and stays until Ctrl+C; ends the program with a sentence where that cannot be."""
    from lente.app.own_network.window import opened_window

    try:
        # It keeps a copy; the network itself is in no variable here, so that its memory is free.
        window = opened_window(
            network_at(arguments), arguments.image, wishes_of(arguments), browser=not arguments.no_browser,
            host=arguments.host, port=arguments.port, language=arguments.language,
        )  # fmt: skip
    except (ValueError, OSError) as error:
        sys.exit(f"lente open: {error}")
    for note in window.notes:
        print(f"note: {note}", flush=True)
    print(f"{arguments.network} is at {window.url}  (Ctrl+C ends it)", flush=True)
    window.wait()


def network_at(arguments: argparse.Namespace) -> "nn.Module":
    """The network that the command names, with its weights. Raises BadCode and BadWeights."""
    import torch

    if arguments.seed is not None:
        torch.manual_seed(arguments.seed)
    network = network_of(arguments.network, arguments.arguments)
    if arguments.weights:
        from lente.app.own_network.weights import load_weights

        load_weights(network, arguments.weights)
    return network


def network_of(place: str, arguments: str = "{}") -> "nn.Module":
    """The network at FILE.py:NAME or package.module:NAME, called with `arguments`, a JSON object. Raises BadCode."""
    from torch import nn

    where, colon, name = place.rpartition(":")
    if not colon or not where or not name:
        raise BadCode(f"{place!r} names no network: FILE.py:NAME or package.module:NAME is accepted")
    module = _from_file(Path(where)) if where.endswith(".py") else _from_package(where)
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
    with _running(str(path)):
        spec.loader.exec_module(module)
    return module


def _from_package(name: str) -> Any:
    """The module of that name, also where it lies in this folder."""
    here = str(Path.cwd())
    if here not in sys.path:
        sys.path.insert(0, here)
    with _running(name):
        return importlib.import_module(name)


@contextmanager
def _running(what: str) -> Iterator[None]:
    """While somebody's file runs, it sees no arguments but its own; whatever it raises becomes a sentence."""
    kept, sys.argv = sys.argv, [what]
    try:
        yield
    except ModuleNotFoundError as error:
        missing = error.name or str(error)
        if missing == what or what.startswith(f"{missing}."):
            raise BadCode(f"there is no package or file {what} here: FILE.py:NAME or package.module:NAME") from error
        raise BadCode(f"{what} needs {missing}, which is not installed in this Python: {_line(error)}") from error
    except SystemExit as error:
        raise BadCode(
            f"{what} ended the program while it was read (exit {error.code}): "
            'what reads arguments or trains belongs under if __name__ == "__main__"'
        ) from error
    except Exception as error:
        raise BadCode(f"{what} cannot be read: {type(error).__name__}: {error}{_line(error)}") from error
    finally:
        sys.argv = kept


def _line(error: BaseException) -> str:
    from lente.models.tracing.faults import own_line

    if isinstance(error, SyntaxError):
        return f" ({error.filename}, line {error.lineno})"
    line = own_line(error)
    return "" if line is None else f"\n  {line.file}, line {line.number}: {line.text}"


def _called(found: Any, name: str, arguments: str) -> Any:
    try:
        given = json.loads(arguments)
    except ValueError as error:
        raise BadCode(f'--arguments {arguments} is no JSON: {{"classes": 10}} is accepted') from error
    if not isinstance(given, dict):
        raise BadCode(f'--arguments {arguments} is no JSON object: {{"classes": 10}} is accepted')
    if not callable(found):
        raise BadCode(f"{name} is a {type(found).__name__}, not a torch.nn.Module, nor what makes one")
    try:
        return found(**given)
    except Exception as error:  # whatever its author's code raises
        words = f"{name} cannot be called with {arguments}: {type(error).__name__}: {error}"
        raise BadCode(f"{words}{_line(error)}; see --arguments") from error


def wishes_of(arguments: argparse.Namespace) -> Any:
    """What the command says of the network. Raises BadGiven."""
    from lente.app.own_network.inputs import read_inputs
    from lente.app.own_network.opening import Wishes

    return Wishes(
        title=getattr(arguments, "title", None),
        classes=_classes(arguments.classes),
        mean=arguments.mean,
        std=arguments.std,
        size=arguments.size,
        output=arguments.output,
        answer=arguments.answer,
        inputs=read_inputs(arguments.input),
        seed=arguments.seed,
        weights=arguments.weights.name if arguments.weights else "",
        lines=_lines(arguments),
    )


def _lines(arguments: argparse.Namespace) -> tuple[str, ...]:
    """The lines of Python that make the network again."""
    where, _, name = arguments.network.rpartition(":")
    given = ", ".join(f"{key}={value!r}" for key, value in json.loads(arguments.arguments).items())
    lines = [f"from {Path(where).stem if where.endswith('.py') else where} import {name}", ""]
    if arguments.weights:
        lines.insert(0, "from lente.app.own_network.weights import load_weights")
    lines.append(f"network = {name}({given})")
    if arguments.weights:
        lines.append(f"load_weights(network, Path({str(arguments.weights)!r}))")
        lines.insert(0, "from pathlib import Path")
    return (*lines, "network.eval()")


def _classes(text: str | None) -> list[str] | None:
    if text is None:
        return None
    path = Path(text)
    parts = path.read_text(encoding="utf-8").splitlines() if path.is_file() else text.split(",")
    return [part.strip() for part in parts if part.strip()]


def _numbers(text: str) -> list[float]:
    try:
        return [float(part) for part in text.split(",")]
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r}: numbers with commas between them are accepted") from None


def _size(text: str) -> int | tuple[int, int]:
    sides = text.lower().replace("×", "x").split("x")
    if not 1 <= len(sides) <= 2 or not all(side.strip().isdigit() and int(side) > 0 for side in sides):
        raise argparse.ArgumentTypeError(f"{text!r}: 224, or rows x columns such as 120x160, is accepted")
    return int(sides[0]) if len(sides) == 1 else (int(sides[0]), int(sides[1]))
