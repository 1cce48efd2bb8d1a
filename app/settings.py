"""Every setting of the server, each with its help; `lente serve --help` prints them."""

import argparse
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, Self


def _help(text: str) -> dict[str, str]:
    return {"help": text}


@dataclass(frozen=True)
class Settings:
    """What an operator can decide. Each can be given as an option or as LENTE_NAME in the environment."""

    host: str = field(default="127.0.0.1", metadata=_help("network address to listen on"))
    port: int = field(default=8000, metadata=_help("port to listen on; 0 picks a free one"))
    store: Path = field(default=Path("var/uploads"), metadata=_help("folder that keeps uploaded pictures"))
    store_megabytes: int = field(default=256, metadata=_help("megabytes of uploads to keep; the oldest go first"))
    upload_megabytes: int = field(default=20, metadata=_help("largest picture file accepted, in megabytes"))
    upload_megapixels: int = field(default=25, metadata=_help("largest picture accepted, in millions of pixels"))
    weights: Path = field(
        default=Path("var/weights"), metadata=_help("folder with the weights of torchvision's networks")
    )
    queue: int = field(default=64, metadata=_help("requests that may wait for a network before the server answers 503"))

    @classmethod
    def from_arguments(cls, arguments: argparse.Namespace) -> Self:
        return cls(**{one.name: getattr(arguments, one.name) for one in fields(cls)})

    @classmethod
    def add_arguments(cls, parser: argparse.ArgumentParser) -> None:
        """Adds one option for each setting to `parser`; defaults come from the environment."""
        for one in fields(cls):
            kind: Callable[[Any], Any] = type(one.default)
            default = kind(os.environ.get(f"LENTE_{one.name.upper()}", one.default))
            option = "--" + one.name.replace("_", "-")
            parser.add_argument(option, type=kind, default=default, help=f"{one.metadata['help']} (%(default)s)")

    @classmethod
    def parse(cls, arguments: Sequence[str] = ()) -> Self:
        """Settings from a list of options, for example ["--port", "0"]."""
        parser = argparse.ArgumentParser()
        cls.add_arguments(parser)
        return cls.from_arguments(parser.parse_args(arguments))
