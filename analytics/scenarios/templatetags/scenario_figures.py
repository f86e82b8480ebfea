"""Filters that say what people did in the reader's language: see `words`."""

from django import template

from analytics.scenarios import words
from analytics.scenarios.views.asked import Asked
from analytics.scenarios.views.shown import Row, runs_url

register = template.Library()

register.filter("shared", words.shared)


@register.simple_tag
def behind(asked: Asked, row: Row, kind: str) -> str:
    """Return the address of the runs behind a number of the table."""
    choice = row.choice.key if row.choice else ""
    return runs_url(asked, scene=row.scene.key, choice=choice, kind=kind)
