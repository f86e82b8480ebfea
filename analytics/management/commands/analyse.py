"""`manage.py analyse FILE`: put any table of learning and sales through the report's engine, without importing it.

Prints what may be said, every number behind it, and what is doubted or refused; `--json` for programs. Needs no
database. Its exit code is 2 where the file can't be used.
"""

import json
import os
import sys
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone, translation

from analytics.associations import listing


class Command(BaseCommand):
    """Reads a CSV file and says what it shows."""

    help = "Analyses a CSV file of learning and sales with the report's own engine."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the file, and how its columns are called."""
        parser.add_argument("file", type=Path, help="a CSV file, a row for each unit (and time)")
        parser.add_argument(
            "--unit", help="whose figures they are (a rep); without it each row is one"
        )
        parser.add_argument("--group", help="where units belong together (a partner)")
        parser.add_argument("--time", help="month (2026-04), year, or whole numbers that count on")
        parser.add_argument("--learning", action="append", metavar="COL[,COL]")
        parser.add_argument("--sales", action="append", metavar="COL[,COL]", required=True)
        parser.add_argument("--treated", help="first treated time of a unit, or 0 and 1")
        parser.add_argument("--controls", action="append", metavar="COL[,COL]")
        parser.add_argument(
            "--currency", help="the currency of amounts; the most frequent one is used"
        )
        parser.add_argument(
            "--lag", type=int, default=1, help="times between learning and sales (1)"
        )
        parser.add_argument("--by-lot", action="store_true", help="who is treated was drawn by lot")
        parser.add_argument("--anyway", action="store_true", help="also list refused numbers")
        parser.add_argument("--json", action="store_true")
        parser.add_argument("--lang", choices=["ja", "en"])

    def handle(self, *args: Any, **options: Any) -> None:
        """Analyse, and print."""
        with translation.override(options["lang"] or _language()):
            told = _analysed(options)
            if options["json"]:
                self.stdout.write(json.dumps(told, ensure_ascii=False, indent=1))
            else:
                self.stdout.write("\n".join(listing.lines(told)))


def _language() -> str:
    wanted = os.environ.get("LANGUAGE", "")[:2]
    return wanted if wanted in {"ja", "en"} else settings.LANGUAGE_CODE


def _analysed(options: dict[str, Any]) -> dict[str, Any]:
    try:
        from analytics.associations.engine import analysis, reading  # noqa: PLC0415 - only who analyses needs it
    except ImportError as error:
        _end(listing.bad_file("no_libraries", {"name": error.name}))
    columns = reading.Columns(
        unit=options["unit"],
        group=options["group"],
        time=options["time"],
        learning=reading.names(options["learning"]),
        sales=reading.names(options["sales"]),
        treated=options["treated"],
        controls=reading.names(options["controls"]),
        currency=options["currency"],
    )
    if not columns.learning and not columns.treated:
        _end(listing.bad_file("no_learning", {}))
    if not 0 <= options["lag"] <= 24:
        _end(listing.bad_file("bad_lag", {}))
    try:
        panel = reading.panel(options["file"], columns, timezone.localdate())
    except reading.BadFile as bad:
        _end(listing.bad_file(bad.code, bad.values))
    found = analysis.analyse(
        panel, lag=options["lag"], by_lot=options["by_lot"], anyway=options["anyway"]
    )
    return listing.with_words(found.told())


def _end(text: str) -> Any:
    sys.stderr.write(f"{text}\n")
    sys.exit(2)
