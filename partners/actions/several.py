"""One thing done with several people: with all whom it concerns, or with nobody."""

import datetime as dt
import uuid
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from partners.actions import belonging, guards, invitations
from partners.models import Person, Team
from partners.problems import Problem
from partners.queries import chosen as reads
from partners.queries import invitations as invitation_reads
from partners.queries.chosen import MOST, Sorted


@transaction.atomic
def invite(
    *,
    actor: Person,
    ids: Iterable[uuid.UUID],
    by_mail: bool,
    again: bool,
    wish: uuid.UUID | None = None,
) -> tuple[Sorted, list[invitations.Issued]]:
    """Invite these people as `invitations.invite` does; with `again` also those who hold an invitation.

    Who has signed up or left, or whose partner has been stopped, is left out. Returns who was and why. Raises
    Problem for more than MOST, and Granted if the same wish has made invitations before.
    """
    guards.admin_only(actor)
    people = _locked(actor, ids)
    if wish and invitation_reads.is_granted(wish):  # before who holds one by now is left out
        raise invitations.Granted(wish)
    found = reads.to_invite(people, again=again)
    return found, invitations.invite(actor=actor, people=found.fit, by_mail=by_mail, wish=wish)


@transaction.atomic
def move(*, actor: Person, ids: Iterable[uuid.UUID], team: Team, on: dt.date) -> Sorted:
    """Move these people of one organisation to a team of it, each as `belonging.move_person` does.

    Who has left or is in that team already is left out. Raises Problem where somebody can't be moved, and says who
    and why: then nobody was. So it does for people of several organisations, and for more than MOST.
    """
    guards.admin_only(actor)
    guards.lock_admins()
    people = _locked(actor, ids)
    organisation = reads.organisation_of(people)
    if people and organisation is None:
        raise Problem(_("These people belong to several organisations. Choose people of one."))
    found = reads.to_move(people, team)
    for person in found.fit:
        with _told_of(person):
            belonging.move_person(
                actor=actor, person_id=person.pk, organisation=person.organisation, team=team, on=on
            )
    return found


@transaction.atomic
def leave(*, actor: Person, ids: Iterable[uuid.UUID]) -> Sorted:
    """Note that these people have left, of each as `belonging.deactivate_person` does.

    Who has left already is left out. Raises Problem where it can't be noted of somebody, and says who and why: then
    it was noted of nobody; and for more than MOST.
    """
    guards.admin_only(actor)
    guards.lock_admins()
    found = reads.to_leave(_locked(actor, ids))
    for person in found.fit:
        with _told_of(person):
            belonging.deactivate_person(actor=actor, person_id=person.pk)
    return found


def _locked(actor: Person, ids: Iterable[uuid.UUID]) -> list[Person]:
    """Return these people as they are now, locked in the order in which `invitations.issue` locks them."""
    wanted = set(ids)
    if len(wanted) > MOST:
        words = _("At most %(most)s people at once, please: these are %(now)s.")
        raise Problem(words % {"most": MOST, "now": len(wanted)})
    rows = Person.objects.filter(pk__in=wanted).order_by("pk")
    list(rows.select_for_update(no_key=True).values_list("pk"))
    return reads.chosen(actor, wanted)


@contextmanager
def _told_of(person: Person) -> Iterator[None]:
    """Say of whom a Problem tells."""
    try:
        yield
    except Problem as problem:
        words = _("%(name)s: %(why)s Nothing was changed.")
        raise Problem(
            words % {"name": person.name, "why": problem.message}, problem.field
        ) from None
