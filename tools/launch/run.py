"""`./run`: install what is missing, then go on as `tools.launch.start` in the environment, or as `manage.py`."""

import os
from collections.abc import Sequence

from tools.launch import install, managing
from tools.launch.console import paint, run_command, say
from tools.launch.options import parse
from tools.launch.places import Places
from tools.launch.running import alone
from tools.launch.services import uses_own_services


def main(arguments: Sequence[str]) -> int:
    """Run the command. Returns only when it can't go on."""
    if arguments[:1] == [managing.WORD]:
        managing.go_on(arguments[1:])
    parse(arguments)
    places = Places.of_the_project().make()
    say(f"\n  {paint('Tomoni', '1')}\n")
    with alone(places):
        install.ensure(["", "embedded"] if uses_own_services(os.environ) else [""], places)
    install.go_on_inside("tools.launch.start", arguments)


if __name__ == "__main__":
    run_command(main)
