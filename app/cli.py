"""The command `lente`: serve, train, bench."""

import argparse
import socket
import sys
from collections.abc import Sequence

from app.settings import Settings


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="lente", description="See how a machine sees an image.")
    commands = parser.add_subparsers(required=True, metavar="command")
    _add_serve(commands)
    _add_train(commands)
    chosen = parser.parse_args(arguments)
    chosen.run(chosen)


def _add_serve(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = commands.add_parser("serve", help="start the server and print its address")
    Settings.add_arguments(parser)
    parser.set_defaults(run=_serve)


def _serve(arguments: argparse.Namespace) -> None:
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


def _add_train(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = commands.add_parser("train", help="train a network of the box again")
    parser.set_defaults(run=_train)
    parser.add_argument("options", nargs=argparse.REMAINDER, help="see lente train --help")


def _train(arguments: argparse.Namespace) -> None:
    from models.train import main as train

    train(arguments.options)


if __name__ == "__main__":
    main()
