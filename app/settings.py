"""Every setting of the server, each with its help; `lente serve --help` prints them."""

import argparse
import os
from collections.abc import Sequence
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, Self


def _setting(default: Any, help: str) -> Any:
    return field(default=default, metadata={"help": help})


@dataclass(frozen=True)
class Settings:
    """What an operator can decide. Each can be given as an option or as LENTE_NAME in the environment."""

    host: str = _setting("127.0.0.1", "network address to listen on")
    port: int = _setting(8000, "port to listen on; 0 picks a free one")
    store: Path = _setting(Path("var/uploads"), "folder that keeps uploaded pictures")
    store_megabytes: int = _setting(256, "most megabytes of uploaded pictures to keep; the oldest go first")
    upload_megabytes: int = _setting(20, "largest picture file accepted, in megabytes")
    upload_megapixels: int = _setting(25, "largest picture accepted, in millions of pixels")
    weights: Path = _setting(Path("var/weights"), "folder that keeps the weights of torchvision's networks")
    queue: int = _setting(64, "requests that may wait for a network before the server answers 503")

    @classmethod
    def from_arguments(cls, arguments: argparse.Namespace) -> Self:
        return cls(**{one.name: getattr(arguments, one.name) for one in fields(cls)})

    @classmethod
    def add_arguments(cls, parser: argparse.ArgumentParser) -> None:
        """Adds one option for each setting to `parser`; defaults come from the environment."""
        for one in fields(cls):
            kind = type(one.default)
            default = kind(os.environ.get(f"LENTE_{one.name.upper()}", one.default))
            option = "--" + one.name.replace("_", "-")
            parser.add_argument(option, type=kind, default=default, help=f"{one.metadata['help']} (%(default)s)")

    @classmethod
    def parse(cls, arguments: Sequence[str] = ()) -> Self:
        """Settings from a list of options, for example ["--port", "0"]."""
        parser = argparse.ArgumentParser()
        cls.add_arguments(parser)
        return cls.from_arguments(parser.parse_args(arguments))
