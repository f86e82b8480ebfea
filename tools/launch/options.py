"""What `./run` can be told."""

import argparse
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Options:
    """The command line of `./run`; `lan` is None without --lan, "" without an address."""

    empty: bool
    reset: bool
    lang: str | None
    port: int | None
    lan: str | None
    check: bool


def parse(arguments: Sequence[str]) -> Options:
    """Read the command line; leaves with a message when it is wrong."""
    parser = argparse.ArgumentParser(
        prog="./run",
        usage="./run [OPTION ...]\n       ./run manage COMMAND ...",
        description="Starts Tomoni with everything that it needs. Ctrl-C stops it all.",
        epilog="./run manage COMMAND ... is manage.py for what ./run in another terminal keeps running; "
        "./run manage help lists the commands. What ./run keeps lies in .state. "
        "docs/operations.md tells how to run it for real.",
    )
    add = parser.add_argument
    add("--empty", action="store_true", help="without the demo world: set up your own company")
    add("--reset", action="store_true", help="erase everything and begin anew")
    add("--lang", choices=["ja", "en"], help="language of the demo world (ja)")
    add("--port", type=int, help="port of the web server (8000, or the next free one)")
    add(
        "--lan",
        nargs="?",
        const="",
        metavar="ADDRESS",
        help="let phones on this network in, by HTTPS; prints a QR code",
    )
    add("--check", action="store_true", help="start, wait until everything is ready, and stop")
    return Options(**vars(parser.parse_args(arguments)))
