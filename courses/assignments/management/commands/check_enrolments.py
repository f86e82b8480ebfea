"""`manage.py check_enrolments`: prove that enrolments are what a count anew gives, or say where they aren't."""

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from courses.assignments.actions import enrolling
from courses.assignments.models import Enrolment

SHOWN = 50


class Command(BaseCommand):
    """Compares row for row; its exit code is 1 if anything differs and was not mended."""

    help = "Proves that enrolments agree with people, targets, modules and progress."

    def add_arguments(self, parser: CommandParser) -> None:
        """Whether to mend what differs."""
        parser.add_argument("--repair", action="store_true", help="make them true as well")

    def handle(self, *args: Any, **options: Any) -> None:
        """Count anew and list what differs."""
        changes = enrolling.recount(repair=options["repair"])
        for change in changes[:SHOWN]:
            self.stdout.write(f"{change.what}: {change.person_id} in {change.assignment_id}")
        if not changes:
            self.stdout.write(f"All {Enrolment.objects.count()} enrolments are as they should be.")
        elif options["repair"]:
            self.stdout.write(f"{len(changes)} enrolments were mended.")
        else:
            self.stdout.write(f"{len(changes)} enrolments differ; --repair mends them.")
            sys.exit(1)
