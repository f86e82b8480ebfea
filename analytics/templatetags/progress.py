"""Tags that say progress in the reader's language, and lead to its pages."""

import datetime as dt
from typing import Any
from urllib.parse import urlencode

from django import template
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import mark_safe

from analytics import words
from analytics.figures import Mean, Share
from analytics.queries.members import Member
from analytics.queries.team import Word
from analytics.queries.where import Where
from core import months
from core.words import month_short
from gamification.queries import rules

register = template.Library()

register.filter("ago", words.ago)
register.filter("remark", words.remark)
register.filter("share", words.share)


@register.inclusion_tag("components/tile.html")
def share_tile(share: Share, label: str, note: str) -> dict[str, str]:
    """Draw a share as a figure with its base."""
    value = words.share(share)
    is_figure = value.removesuffix("%").isdecimal()
    shown = {"value": value.removesuffix("%"), "unit": "%"} if is_figure else {"value": value}
    return {"label": label, "note": note, **shown}


@register.inclusion_tag("components/chip.html")
def due_chip(member: Member) -> dict[str, str]:
    """Draw what is left of what somebody was asked to learn, and by when."""
    tone, parts = words.due(member, rules.today())
    whole = format_html_join(
        mark_safe("<wbr>"), '<span class="nowrap">{}</span>', zip(parts, strict=True)
    )
    return {"tone": tone, "label": format_html("<span>{}</span>", whole)}


@register.filter
def month_before_short(value: dt.date) -> str:
    """Return the name of the month before."""
    return month_short(months.before(value))


@register.filter
def reason(word: Word) -> str:
    """Say why to talk to somebody today."""
    return words.reason(word)


@register.filter
def change(now: Mean, before: Mean) -> int | None:
    """Return by how many points a mean has changed; None where one of the two is missing."""
    if now.percent is None or before.percent is None:
        return None
    return now.percent - before.percent


@register.simple_tag
def progress_url(name: str, where: Where | None, state: str = "", **values: Any) -> str:
    """Return the address of a page about a place: `team`, `members`, `modules`, …, its team included.

    Without a place it is the page about everybody. `state` narrows a list of people down.
    """
    if where is None:
        return reverse(f"analytics:{name}_of_everybody", kwargs=values)
    query = {"team": str(where.team.pk) if where.team else "all"}
    if where.viewer.of_client:
        values["organisation_id"] = where.organisation.pk
        query = query if where.team else {}
    found = reverse(f"analytics:{name}{'_of' if where.viewer.of_client else ''}", kwargs=values)
    if state:
        query["state"] = state
    return f"{found}?{urlencode(query)}" if query else found
