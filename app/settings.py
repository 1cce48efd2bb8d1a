"""Every setting of the server, each with its help; `lente serve --help` prints them."""

import argparse
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, Self

LOG_FORMATS = ("text", "json")


def _help(text: str) -> dict[str, str]:
    return {"help": text}


def _within(low: float, high: float, text: str) -> dict[str, Any]:
    """Help for a number from `low` to `high`: what a bad one is told is said when the server starts."""
    kind: type[int] | type[float] = float if isinstance(low, float) else int

    def number(given: str) -> float:
        try:
            value = kind(given)
        except ValueError:
            value = kind(low) - 1
        if not low <= value <= high:
            whole = "a whole number" if kind is int else "a number"
            raise argparse.ArgumentTypeError(f"{given} is not accepted: {whole} from {low:g} to {high:g} is")
        return value

    return {**_help(text), "kind": number}


def _place(text: str) -> Path | str:
    """A folder, or the address of a Redis."""
    if "://" not in text:
        return Path(text)
    if not text.startswith(("redis://", "rediss://", "unix://")):
        raise argparse.ArgumentTypeError(
            f"{text} is neither a folder nor an address with redis://, rediss:// or unix://"
        )
    return text


def _log_format(text: str) -> str:
    if text not in LOG_FORMATS:
        raise argparse.ArgumentTypeError(f"{text} is none of {', '.join(LOG_FORMATS)}")
    return text


@dataclass(frozen=True)
class Settings:
    """What an operator can decide. Each can be given as an option or as LENTE_NAME in the environment."""

    host: str = field(default="127.0.0.1", metadata=_help("network address to listen on"))
    port: int = field(default=8000, metadata=_within(0, 65535, "port to listen on; 0 picks a free one"))
    lan: bool = field(
        default=False, metadata=_help("let the computers of the same network in, and show their address as a QR code")
    )
    allowed_host: str = field(
        default="", metadata=_help("further names under which the server answers, separated by commas; * for any")
    )
    embed_from: str = field(
        default="*", metadata=_help("sites that may show an embedded exhibit in a frame, separated by commas, or none")
    )
    rate: int = field(
        default=300,
        metadata=_within(
            0, 1_000_000, "requests in a second that one client may make in the long run; 0 for any number"
        ),
    )
    connections: int = field(
        default=1000, metadata=_within(8, 100_000, "connections open at once; idle ones make room for new ones")
    )
    store: Path | str = field(
        default=Path("var/uploads"),
        metadata={
            **_help("folder that keeps uploaded pictures, or redis://host:port/0 where several servers share them"),
            "kind": _place,
        },
    )
    store_megabytes: int = field(
        default=256, metadata=_within(1, 10_000_000, "megabytes of uploads to keep; the oldest go first")
    )
    store_days: float = field(
        default=7.0, metadata=_within(0.01, 36_500.0, "days after which a picture that nobody looks at is deleted")
    )
    upload_megabytes: int = field(default=20, metadata=_within(1, 1000, "largest picture file accepted, in megabytes"))
    upload_megapixels: int = field(
        default=25, metadata=_within(1, 200, "largest picture accepted, in millions of pixels")
    )
    weights: Path = field(
        default=Path("var/weights"), metadata=_help("folder with the weights of torchvision's networks")
    )
    queue: int = field(
        default=64, metadata=_within(1, 10_000, "requests that may wait for a network before the server answers 503")
    )
    wait_until_ready: bool = field(
        default=False, metadata=_help("listen once the networks are loaded, not before: for behind a load balancer")
    )
    modules: bool = field(
        default=False,
        metadata=_help("send scripts and style sheets as they are written, file by file, not bundled by page"),
    )
    metrics_port: int = field(
        default=0, metadata=_within(0, 65535, "port on which /metrics answers Prometheus; 0 for none")
    )
    log_format: str = field(
        default="text",
        metadata={**_help("how the log is written; json has a line for each request"), "kind": _log_format},
    )

    @classmethod
    def from_arguments(cls, arguments: argparse.Namespace) -> Self:
        return cls(**{one.name: getattr(arguments, one.name) for one in fields(cls)})

    @classmethod
    def add_arguments(cls, parser: argparse.ArgumentParser) -> None:
        """Adds one option for each setting to `parser`; defaults come from the environment."""
        for one in fields(cls):
            option = "--" + one.name.replace("_", "-")
            given = os.environ.get(f"LENTE_{one.name.upper()}")
            usual: Callable[[Any], Any] = _switched if isinstance(one.default, bool) else type(one.default)
            kind: Callable[[Any], Any] = one.metadata.get("kind", usual)
            switch = kind is _switched
            default: Any = one.default if given is None else _switched(given) if switch else given  # argparse makes it
            how: dict[str, Any] = {"action": argparse.BooleanOptionalAction} if switch else {"type": kind}
            parser.add_argument(option, default=default, help=f"{one.metadata['help']} (%(default)s)", **how)

    @classmethod
    def parse(cls, arguments: Sequence[str] = ()) -> Self:
        """Settings from a list of options, for example ["--port", "0"]."""
        parser = argparse.ArgumentParser()
        cls.add_arguments(parser)
        return cls.from_arguments(parser.parse_args(arguments))

    @property
    def address(self) -> str:
        """The network address to listen on: with `lan` every one of this computer's."""
        return "0.0.0.0" if self.lan and self.host == "127.0.0.1" else self.host

    @property
    def shares_uploads(self) -> bool:
        """Whether `store` is the address of a Redis."""
        return isinstance(self.store, str) and "://" in self.store

    @property
    def names(self) -> tuple[str, ...]:
        """The host names under which the server answers besides localhost and addresses in figures."""
        return tuple(_listed(self.allowed_host))

    @property
    def framing(self) -> str:
        """`embed_from` as the directive frame-ancestors wants it."""
        sites = _listed(self.embed_from)
        return " ".join(sites) if sites and sites != ["none"] else "'none'"


def _switched(text: str) -> bool:
    return text.lower() in ("1", "true", "yes", "on")


def _listed(text: str) -> list[str]:
    return [part for part in text.replace(",", " ").replace(";", " ").split() if part]
