"""`manage.py check_months`: prove that the table of months is what the records say, or say where not."""

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from analytics.associations import nightly
from analytics.associations.models import Month
from analytics.associations.queries import months
from core.scope import CLIENT, scoped
from partners.queries.client import client, zone


class Command(BaseCommand):
    """Counts every month anew; its exit code is 1 if anything differs."""

    help = "Proves that learning and sales by month equal a recount from the records."

    def add_arguments(self, parser: CommandParser) -> None:
        """Whether to write what the records say."""
        parser.add_argument(
            "--mend",
            action="store_true",
            help="count what differs anew; a frozen month gets a revision and keeps its rows",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Compare month for month and list what differs."""
        with scoped(CLIENT):
            left = self._differences(mend=options["mend"])
        if left:
            self.stdout.write(f"{left} rows differ.")
            sys.exit(1)
        self.stdout.write("Months and records agree.")

    def _differences(self, *, mend: bool) -> int:
        today, left = timezone.localdate(timezone=zone(client())), 0
        for month in Month.objects.order_by("month"):
            found = months.differences(month.month)
            for place, rows, figures in found:
                told = ", ".join(figures) or "where somebody belonged"
                self.stdout.write(f"{month} {place}: {rows} rows differ in {told}")
            if mend and found:
                nightly.count(month.month, today=today)
                found = months.differences(month.month)
            left += sum(rows for _, rows, _ in found)
        return left
