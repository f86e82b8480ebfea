"""What happened to a person, in words, the newest first."""

import dataclasses
import datetime as dt
import uuid
from collections.abc import Iterable, Iterator
from typing import Any

from django.utils.translation import gettext as _

from partners.models import Invitation, Person
from partners.queries.invitations import latest
from partners.roles import LABELS


@dataclasses.dataclass(frozen=True)
class Entry:
    """One line of a person's history. `who` is a name, empty where nobody signed in did it."""

    at: dt.datetime
    text: str
    who: str = ""


def of_person(viewer: Person, person: Person) -> list[Entry]:
    """Return what happened to a person whom the viewer may see. Three queries."""
    rows = list(
        person.events.select_related("organisation", "team", "pgh_context").order_by("pgh_id")  # type: ignore[attr-defined]
    )
    names = _names(viewer, rows)
    entries = [*_changes(rows, names), *_of_invitations(latest(viewer, person))]
    return sorted(entries, key=lambda entry: entry.at, reverse=True)


def _names(viewer: Person, rows: Iterable[Any]) -> dict[str, str]:
    ids = {actor for row in rows if (actor := _actor(row))}
    found = Person.objects.visible_to(viewer).filter(pk__in=ids)
    return {str(each.pk): each.name for each in found}


def _actor(row: Any) -> str:
    person = (row.pgh_context.metadata if row.pgh_context else {}).get("person", "")
    try:
        return str(uuid.UUID(person))
    except (ValueError, TypeError, AttributeError):
        return ""


def _changes(rows: list[Any], names: dict[str, str]) -> Iterator[Entry]:
    before: Any = None
    for row in rows:
        texts = _differences(before, row) if before else [_entered(row)]
        for text in texts:
            yield Entry(row.pgh_created_at, text, names.get(_actor(row), ""))
        before = row


def _entered(row: Any) -> str:
    return _("Entered at %(place)s as %(roles)s") % {
        "place": _place(row),
        "roles": _roles(row.roles),
    }


def _differences(old: Any, new: Any) -> list[str]:
    texts: list[str] = []
    if (old.organisation_id, old.team_id) != (new.organisation_id, new.team_id):
        places = {"before": _place(old), "after": _place(new)}
        texts.append(_("Moved from %(before)s to %(after)s") % places)
    if set(old.roles) != set(new.roles):
        roles = {"before": _roles(old.roles), "after": _roles(new.roles)}
        texts.append(_("Roles changed from %(before)s to %(after)s") % roles)
    if old.is_active != new.is_active:
        texts.append(_("Came back") if new.is_active else _("Left; can't sign in any more"))
    if old.picture_id != new.picture_id:
        texts.append(_("Changed the picture") if new.picture_id else _("Took the picture away"))
    if old.territory != new.territory:
        texts.append(_("Territory is now “%(territory)s”") % {"territory": new.territory or "–"})
    if old.joined_on != new.joined_on:
        texts.append(_("First day changed"))
    return texts


def _place(row: Any) -> str:
    # An organisation or team is never deleted, so both can be read.
    return f"{row.organisation.name} · {row.team.name}" if row.team else str(row.organisation.name)


def _roles(roles: Iterable[str]) -> str:
    return _(", ").join(str(LABELS[role]) for role in LABELS if role in set(roles))


def _of_invitations(invitations: Iterable[Invitation]) -> Iterator[Entry]:
    for each in invitations:
        who = each.created_by.name if each.created_by else ""
        made = _("Invited by mail") if each.mailed_to else _("Invitation made to hand over")
        yield Entry(each.created_at, made, who)
        if each.accepted_at:
            yield Entry(each.accepted_at, _("Accepted the invitation"))
        elif each.revoked_at:
            yield Entry(each.revoked_at, _("That invitation was taken back or replaced"))
