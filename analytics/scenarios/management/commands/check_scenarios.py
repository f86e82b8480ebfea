"""`manage.py check_scenarios`: prove that every figure of scenarios is what the logs say, or say where not."""

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from analytics.scenarios import actions
from analytics.scenarios.models import Counted, Tally
from analytics.scenarios.queries import checks, recount
from core.scope import CLIENT, scoped

SHOWN = 50


class Command(BaseCommand):
    """Counts everything from the logs; its exit code is 1 if anything differs."""

    help = "Proves that the figures of scenarios equal a recount from the logs."

    def add_arguments(self, parser: CommandParser) -> None:
        """Whether to mend what differs."""
        parser.add_argument(
            "--mend", action="store_true", help="write what the logs say over what differs"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Compare figure for figure and list what differs."""
        with scoped(CLIENT):
            if options["mend"]:
                actions.rebuild()
            waiting = len(recount.uncounted(SHOWN))
            found = list(checks.differences())
            runs, kept = Counted.objects.count(), Tally.objects.count()
        for difference in found[:SHOWN]:
            self.stdout.write(str(difference))
        if found or waiting:
            self.stdout.write(f"{len(found)} figures differ; {waiting} runs wait to be counted.")
            sys.exit(1)
        self.stdout.write(f"{kept} figures of {runs} runs are what the logs say.")
