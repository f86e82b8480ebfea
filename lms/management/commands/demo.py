"""`manage.py demo`: build the demo world, check it, take it away."""

import datetime as dt
import sys
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from core.scope import CLIENT, scoped
from lms.demo import build, check, content, plan, removal, telling

SHOWN = 50


class Command(BaseCommand):
    """Works as the owner of the tables, in an empty database."""

    help = "Builds the demo world: a client, 16 partners, 320 reps, 18 months of learning."
    requires_system_checks: list[str] = []  # reading all addresses is a third of its start

    def add_arguments(self, parser: CommandParser) -> None:
        """What to do, and which world."""
        what = parser.add_mutually_exclusive_group()
        what.add_argument("--remove", action="store_true", help="take the demo world away")
        what.add_argument("--check", action="store_true", help="prove that it agrees with itself")
        parser.add_argument("--lang", choices=content.LANGUAGES, default="ja", help="its language")
        parser.add_argument(
            "--seed", type=int, default=plan.SEED, help="another number, another world"
        )
        parser.add_argument(
            "--now",
            type=dt.datetime.fromisoformat,
            help="the moment at which it ends, with its zone",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Do what was asked, and tell each step."""
        if settings.TOMONI_ROLE != "owner":
            raise CommandError("The demo world is built as the owner: set TOMONI_ROLE=owner.")
        with scoped(CLIENT):
            if options["remove"]:
                self._remove()
            elif options["check"]:
                self._check()
            else:
                self._build(options)

    def _build(self, options: dict[str, Any]) -> None:
        now = options["now"] or timezone.now()
        if now.tzinfo is None or now > timezone.now():
            raise CommandError("--now needs a zone, and must not lie in the future.")
        try:
            build.refuse_if_inhabited()
        except build.RefusedError as refusal:
            raise CommandError(str(refusal)) from refusal
        with telling.Progress(self.stdout.write) as progress:
            drawn = plan.plan(options["lang"], now.astimezone(dt.UTC), options["seed"])
            reps, lessons = len(drawn.world.reps), len(drawn.finishes)
            progress.done(f"world: {reps} reps, {lessons} lessons finished")
            build.build(drawn, progress)

    def _remove(self) -> None:
        taken = removal.remove()
        if not taken:
            raise CommandError("There is no demo world here.")
        for name, count in sorted(taken.items()):
            self.stdout.write(f"{count:7}  {name}")
        self.stdout.write("The demo world is gone.")

    def _check(self) -> None:
        problems = check.problems()
        for problem in problems[:SHOWN]:
            self.stdout.write(problem)
        if problems:
            self.stdout.write(f"{len(problems)} things don't agree.")
            sys.exit(1)
        self.stdout.write("The demo world agrees with itself.")
