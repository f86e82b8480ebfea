"""Tags that draw people: faces, roles, and where somebody stands."""

from typing import Any

from django import template
from django.template.context import Context
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from partners.models import Person
from partners.queries.people import state_of
from partners.roles import DUTIES, LABELS

register = template.Library()

_STATES = {
    "active": ("ok", _("Signed up")),
    "invited": ("primary", _("Invited")),
    "expired": ("warn", _("Invitation expired")),
    "new": ("warn", _("Not invited")),
    "stopped": ("", _("Partner stopped")),
    "inactive": ("", _("Has left")),
}


@register.inclusion_tag("components/avatar.html", takes_context=True)
def face(context: Context, person: Person, size: str = "") -> dict[str, Any]:
    """Draw a person's picture as the viewer of the page may load it, else the silhouette."""
    viewer = context.get("person")
    return {"url": person.picture_url_for(viewer) if viewer else "", "size": size}


@register.inclusion_tag("components/chip.html")
def state_chip(person: Person) -> dict[str, Any]:
    """Draw how far a person's invitation is, for one read by `queries.people.with_invitation`."""
    tone, label = _STATES[state_of(person)]
    return {"tone": tone, "label": label}


def state_word(person: Person) -> str:
    """Return the same in words."""
    return str(_STATES[state_of(person)][1])


@register.filter
def role_words(roles: list[str]) -> str:
    """Return roles in words, in their usual order."""
    return gettext(", ").join(str(LABELS[role]) for role in LABELS if role in roles)


@register.filter
def duties(roles: list[str]) -> list[Promise]:
    """Return what somebody with these roles can do, a line for each."""
    return [DUTIES[role] for role in DUTIES if role in roles]
