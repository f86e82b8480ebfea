"""`manage.py verify_statistics`: published numbers beside those of the report's own functions, digit by digit."""

import sys
from typing import Any

from django.core.management.base import BaseCommand


class Command(BaseCommand):
    """Computes every case anew; its exit code is 1 where too few digits agree. Needs no database."""

    help = (
        "Proves that the report's statistics give the numbers that were published for public data."
    )
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        """Print a table: published, ours, how many digits agree."""
        from analytics.associations.engine import published  # noqa: PLC0415 - only who verifies needs it

        wrong = 0
        self.stdout.write("| case | number | published | ours | digits agreed | needed | |")
        self.stdout.write("|---|---|---|---|---|---|---|")
        for case in published.CASES:
            if not published.there(case):
                self.stdout.write(
                    f"| {case} | | | the package with its data isn't installed | | | – |"
                )
                continue
            for each in published.numbers(case):
                wrong += not each.holds
                mark = "✓" if each.holds else "✗"
                self.stdout.write(
                    f"| {each.case} | {each.what} | {each.published:.12g} | {each.ours:.12g} |"
                    f" {each.agree:.1f} | {each.digits:g} | {mark} |"
                )
        if wrong:
            self.stdout.write(f"{wrong} numbers differ.")
            sys.exit(1)
