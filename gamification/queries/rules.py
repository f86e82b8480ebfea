"""Reads of the rules of points, and of the clock that months go by."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from core.kept import Kept
from core.written import written_once
from gamification import months, points
from gamification.models import PointRule
from partners.queries.client import here


def zone() -> dt.tzinfo:
    """Return the time zone that the client's days and months follow."""
    return here()


def today() -> dt.date:
    """Return the client's day."""
    return timezone.now().astimezone(zone()).date()


def running_month() -> dt.date:
    """Return the month that is running now."""
    return months.month_of(timezone.now(), zone())


def all_rules() -> list[points.Rule]:
    """Return every rule that ever was, by name and number. One query."""
    return [points.Rule(*row) for row in _stored_rules()]


@written_once
def _stored_rules() -> QuerySet[PointRule, tuple[Any, ...]]:
    return PointRule.objects.order_by("key", "number").values_list(
        "key", "number", "points", "cap", "active_from", "active_until"
    )


_kept = Kept(all_rules, seconds=60)


def holding(rules: Sequence[points.Rule], at: dt.datetime) -> list[points.Rule]:
    """Return the rules that hold at a moment, one of each name."""
    keys = sorted({rule.key for rule in rules}, key=lambda key: (points.order(key), key))
    found = (points.rule_at(rules, key, at) for key in keys)
    return [rule for rule in found if rule is not None]


def coming(rules: Sequence[points.Rule], at: dt.datetime) -> list[points.Rule]:
    """Return the rules that have been announced and don't hold yet, the next one first."""
    later = [rule for rule in rules if rule.active_from > at]
    return sorted(later, key=lambda rule: rule.active_from)


def kept_rules() -> list[points.Rule]:
    """Return every rule that ever was, for pages: at most a minute old, and mostly without a query."""
    return _kept.get()


def shown_rules() -> dict[str, points.Rule]:
    """Return the rules that hold now, by name, as `kept_rules()` has them."""
    return {rule.key: rule for rule in holding(kept_rules(), timezone.now())}
