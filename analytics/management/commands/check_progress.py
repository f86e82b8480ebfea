"""`manage.py check_progress`: prove that the summaries of learning are what the records say, or say where not."""

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from analytics import actions
from analytics.queries import checks

SHOWN = 50


class Command(BaseCommand):
    """Counts everything from the records; its exit code is 1 if anything differs."""

    help = "Proves that the summaries behind progress pages equal a recount from the records."

    def add_arguments(self, parser: CommandParser) -> None:
        """Whether to mend what differs."""
        parser.add_argument(
            "--mend", action="store_true", help="write what the records say over what differs"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Compare row for row and list what differs."""
        found = checks.differences()
        for difference in found[:SHOWN]:
            self.stdout.write(str(difference))
        if not found:
            self.stdout.write("Summaries and records agree.")
            return
        self.stdout.write(f"{len(found)} summaries differ.")
        if not options["mend"]:
            sys.exit(1)
        actions.rebuild()
        left = len(checks.differences())
        self.stdout.write(f"Mended. {left} differ now.")
        if left:
            sys.exit(1)
