"""The command `lente`: serve, train, data."""

import argparse
import socket
import sys
from collections.abc import Sequence
from typing import TypeAlias

from app.settings import Settings

Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="lente", description="See how a machine sees an image.")
    commands = parser.add_subparsers(required=True, metavar="command")
    _add_serve(commands)
    _add_train(commands)
    _add_data(commands)
    chosen, options = parser.parse_known_args(arguments)
    if options and chosen.run is not _train:
        parser.error(f"unknown: {' '.join(options)}")
    chosen.run(chosen, options)


def _add_serve(commands: Commands) -> None:
    parser = commands.add_parser("serve", help="start the server and print its address")
    Settings.add_arguments(parser)
    parser.set_defaults(run=_serve)


def _serve(arguments: argparse.Namespace, options: list[str]) -> None:
    import uvicorn

    from app.main import create_app

    settings = Settings.from_arguments(arguments)
    try:
        listener = socket.create_server((settings.host, settings.port), backlog=2048)
    except OSError as error:
        sys.exit(
            f"Port {settings.port} of {settings.host} cannot be used ({error.strerror}): choose another with --port."
        )
    # Without it the second half of an answer waits 40 ms for the first to be confirmed; what is accepted inherits it.
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    port = listener.getsockname()[1]
    host = "localhost" if settings.host in ("127.0.0.1", "0.0.0.0") else settings.host
    print(f"Lente is at http://{host}:{port}/  (Ctrl+C ends it)", flush=True)
    uvicorn.Server(uvicorn.Config(create_app(settings), log_level="warning")).run(sockets=[listener])


def _add_train(commands: Commands) -> None:
    """Its own options are read where torch is imported, so that the other commands start at once."""
    parser = commands.add_parser("train", help="train a network of the box again", add_help=False)
    parser.set_defaults(run=_train)


def _train(arguments: argparse.Namespace, options: list[str]) -> None:
    from models.train import main as train

    train(options)


def _add_data(commands: Commands) -> None:
    parser = commands.add_parser("data", help="fetch MNIST for the pages that show its digits")
    parser.set_defaults(run=_data)


def _data(arguments: argparse.Namespace, options: list[str]) -> None:
    from models.data import DataError, cache_folder, digits

    try:
        digits(None, train=False)
    except DataError as error:
        sys.exit(f"MNIST cannot be fetched: {error}. By hand: put its four files into {cache_folder()}/MNIST/raw.")
    print(f"MNIST is in {cache_folder()}")


if __name__ == "__main__":
    main()
