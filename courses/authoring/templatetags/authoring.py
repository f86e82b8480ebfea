"""Tags that say where a module stands."""

from typing import Any

from django import template

from courses.authoring import words
from courses.authoring.differences import Changed
from courses.authoring.kinds import BY_NAME
from courses.authoring.naming import block_name

register = template.Library()


@register.inclusion_tag("components/chip.html")
def state_chip(state: str) -> dict[str, Any]:
    """Draw a module's state as a chip: word, colour and symbol."""
    label, tone, symbol = words.STATES[state]
    return {"label": label, "tone": tone, "icon": symbol}


@register.filter
def kind_icon(kind: str) -> str:
    """Return the symbol of a kind of block."""
    return BY_NAME[kind].icon if kind in BY_NAME else "list"


@register.simple_tag
def block_label(change: Changed) -> str:
    """Return how a changed block is called: its place and its kind."""
    return block_name(change.now or change.was or 0, change.kind)
