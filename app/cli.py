"""The command `lente`: serve, open, check, train, bench."""

import argparse
from collections.abc import Sequence
from typing import TypeAlias

from lente.app.settings import Settings

Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="lente", description="See how a machine sees an image.")
    commands = parser.add_subparsers(required=True, metavar="command")
    _add_serve(commands)
    _add_open(commands)
    _add_check(commands)
    _add_train(commands)
    _add_bench(commands)
    chosen, options = parser.parse_known_args(arguments)
    if options and chosen.run not in (_train, _bench):
        parser.error(f"unknown: {' '.join(options)}")
    chosen.run(chosen, options)


def _add_serve(commands: Commands) -> None:
    parser = commands.add_parser("serve", help="start the server and print its address")
    Settings.add_arguments(parser)
    parser.set_defaults(run=_serve)


def _serve(arguments: argparse.Namespace, _options: list[str]) -> None:
    from lente.app.run import serve

    serve(Settings.from_arguments(arguments))


def _add_open(commands: Commands) -> None:
    from lente.app.own_network import command as open_command

    parser = commands.add_parser("open", help="look into a PyTorch network of your own")
    open_command.add_arguments(parser)
    parser.set_defaults(run=lambda arguments, _options: open_command.run(arguments))


def _add_check(commands: Commands) -> None:
    from lente.app.own_network import checking

    parser = commands.add_parser("check", help="hold what Lente makes of a network of your own against PyTorch")
    checking.add_arguments(parser)
    parser.set_defaults(run=lambda arguments, _options: checking.run(arguments))


def _add_train(commands: Commands) -> None:
    """Its own options are read where torch is imported, so that the other commands start at once."""
    parser = commands.add_parser("train", help="train a network of the box again", add_help=False)
    parser.set_defaults(run=_train)


def _train(_arguments: argparse.Namespace, options: list[str]) -> None:
    from lente.models.training.command import main as train

    train(options)


def _add_bench(commands: Commands) -> None:
    parser = commands.add_parser("bench", help="measure how many students this computer serves", add_help=False)
    parser.set_defaults(run=_bench)


def _bench(_arguments: argparse.Namespace, options: list[str]) -> None:
    from lente.benchmarks.classroom import main as bench

    bench(options)


if __name__ == "__main__":
    main()
