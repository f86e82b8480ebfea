"""`manage.py check_standings`: prove that ledger, standings and Redis agree, or say where they don't."""

import datetime as dt
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from gamification import actions, months
from gamification.boards import BoardLostError
from gamification.queries import checks

SHOWN = 50


class Command(BaseCommand):
    """Compares row for row; its exit code is 1 if anything differs."""

    help = "Proves that points ledger, standings and the rankings in Redis agree row for row."

    def add_arguments(self, parser: CommandParser) -> None:
        """One month or all, and whether to rebuild first."""
        parser.add_argument("--month", help="only this month, as 2026-11")
        parser.add_argument(
            "--rebuild", action="store_true", help="sum up the ledger and rebuild the boards first"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Check each month and list what differs."""
        wanted = self._months(options["month"])
        if options["rebuild"]:
            for month in wanted:
                actions.rebuild(month=month)
        try:
            found = [each for month in wanted for each in checks.differences(month)]
        except BoardLostError as error:
            raise CommandError(f"Redis can't be reached: {error}") from error
        for difference in found[:SHOWN]:
            self.stdout.write(str(difference))
        if found:
            self.stdout.write(f"{len(found)} rows differ in {len(wanted)} months.")
            sys.exit(1)
        self.stdout.write(f"Ledger, standings and Redis agree in {len(wanted)} months.")

    @staticmethod
    def _months(text: str | None) -> list[dt.date]:
        if text is None:
            return checks.all_months()
        month = months.parse(text)
        if month is None:
            raise CommandError(f"Not a month: {text!r}. Write it as 2026-11.")
        return [month]
