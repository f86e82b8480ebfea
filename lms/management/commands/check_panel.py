"""`manage.py check_panel`: hold the panel of sales against the demo generator's own totals, cell for cell."""

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from core.scope import CLIENT, scoped
from lms.demo import panels
from lms.demo.panels import Comparison

SHOWN = 20


class Command(BaseCommand):
    """Reads only; its exit code is 1 if a single figure differs."""

    help = "Proves that the panel of sales equals the totals that the demo was drawn with."
    requires_system_checks: list[str] = []  # reading all addresses is a third of its start

    def handle(self, *args: Any, **options: Any) -> None:
        """Compare, and print both sides."""
        try:
            with scoped(CLIENT):
                found = panels.compare()
        except FileNotFoundError as error:
            raise CommandError(
                "There is no demo world here: `manage.py demo` builds it."
            ) from error
        self._print(found)
        differences = found.differences()
        for cell in differences[:SHOWN]:
            where = " ".join(cell)
            self.stdout.write(f"{where}: drawn {found.drawn[cell]}, counted {found.counted[cell]}")
        if differences:
            self.stdout.write(f"{len(differences)} cells differ.")
            sys.exit(1)
        self.stdout.write(f"All {len(found.drawn)} cells are equal.")

    def _print(self, found: Comparison) -> None:
        self.stdout.write(f"{'':14}{'drawn':>16}{'counted':>16}")
        for name, (drawn, counted) in sorted(found.sums().items()):
            self.stdout.write(f"{name:14}{drawn:16,}{counted:16,}")
