"""Writes of where people belong: moving, leaving, coming back."""

import datetime as dt
import uuid
from collections.abc import Iterable

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import F
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from core.models import Asset
from core.outbox import publish
from partners.actions import guards
from partners.actions.people import fitting_team, locked
from partners.events import PersonDeactivated, PersonMoved, PersonReactivated
from partners.models import Account, Invitation, Membership, Organisation, Person, SignInLink, Team
from partners.problems import Problem
from partners.queries.client import today


@transaction.atomic
def move_person(
    *,
    actor: Person,
    person_id: uuid.UUID,
    organisation: Organisation,
    team: Team | None,
    on: dt.date,
    roles: Iterable[str] | None = None,
) -> bool:
    """Put a person into another organisation or team from a day on. Returns whether anything changed.

    `on` lies between the day they came to where they are now and today; from that very first day on,
    the place before counts as never having been. From the next request on they see the new
    organisation. What they answered and earned before stays with the organisation and month where it
    happened, as do their places in rankings of that time; their picture comes along. Raises Problem
    for a day out of these bounds, a team that is not the organisation's, roles that don't fit, and
    somebody who has left.
    """
    guards.admin_only(actor)
    guards.lock_admins()
    person = locked(person_id)
    if not person.is_active:
        raise Problem(_("People who have left can't be moved. Note first that they are back."))
    if (organisation.pk, team.pk if team else None) == (person.organisation_id, person.team_id):
        return False
    fitting_team(organisation, team)
    wanted = guards.fitting_roles(organisation, person.roles if roles is None else roles)
    if "admin" in person.roles and "admin" not in wanted:
        guards.not_oneself(actor, person, wanted)
        guards.keep_an_admin(person)
    _change_membership(person, organisation, team, on)
    before = person.organisation_id, person.team_id
    person.organisation, person.team, person.roles = organisation, team, wanted
    person.save(update_fields=["organisation", "team", "roles"])
    if person.picture_id is not None:
        Asset.objects.filter(pk=person.picture_id).update(organisation_id=organisation.pk)
    publish(
        PersonMoved(
            person_id=person.pk,
            from_organisation_id=before[0],
            from_team_id=before[1],
            to_organisation_id=organisation.pk,
            to_team_id=team.pk if team else None,
            on=on.isoformat(),
        )
    )
    return True


def _change_membership(
    person: Person, organisation: Organisation, team: Team | None, on: dt.date
) -> None:
    """End the current membership on the day before and begin the new one."""
    now = today()
    if on > now:
        raise Problem(_("Choose today or a day before."), "on")
    current = _current(person)
    if current is not None and on < current.days.lower:
        raise Problem(
            _("They have been where they are now since %(day)s. Choose that day or a later one.")
            % {"day": date_format(current.days.lower, "DATE_FORMAT")},
            "on",
        )
    if current is not None and on == current.days.lower:
        current.organisation, current.team = organisation, team
        current.save(update_fields=["organisation", "team"])
        return
    if current is not None:
        current.days = DateRange(current.days.lower, on)
        current.save(update_fields=["days"])
    _begin(person, organisation, team, on)


def _current(person: Person) -> Membership | None:
    return Membership.objects.filter(person=person, days__upper_inf=True).first()


def _begin(person: Person, organisation: Organisation, team: Team | None, on: dt.date) -> None:
    if Membership.objects.filter(person=person, days__overlap=DateRange(on, None)).exists():
        raise Problem(_("They belonged somewhere else on that day. Choose a later one."), "on")
    Membership.objects.create(
        person=person, organisation=organisation, team=team, days=DateRange(on, None)
    )


@transaction.atomic
def deactivate_person(*, actor: Person, person_id: uuid.UUID) -> bool:
    """Note that a person has left. Returns whether anything changed.

    Their sessions end for good at their next request; open invitations and sign-in links open nothing
    any more. What they learnt and earned stays. Raises Problem for oneself and the only administrator.
    """
    guards.admin_only(actor)
    guards.lock_admins()
    person = locked(person_id)
    if not person.is_active:
        return False
    guards.not_oneself(actor, person)
    guards.keep_an_admin(person)
    person.is_active, person.left_on = False, today()
    person.save(update_fields=["is_active", "left_on"])
    current = _current(person)
    if current is not None:
        last = max(person.left_on, current.days.lower)
        current.days = DateRange(current.days.lower, last + dt.timedelta(days=1))
        current.save(update_fields=["days"])
    _shut_doors(person)
    publish(
        PersonDeactivated(
            person_id=person.pk, organisation_id=person.organisation_id, team_id=person.team_id
        )
    )
    return True


def _shut_doors(person: Person) -> None:
    """End the person's sessions, invitations and mailed links."""
    Invitation.objects.open().filter(person=person).update(revoked_at=timezone.now())
    if person.account_id is not None:
        Account.objects.filter(pk=person.account_id).update(epoch=F("epoch") + 1)
        SignInLink.objects.filter(account_id=person.account_id, used_at__isnull=True).delete()


@transaction.atomic
def reactivate_person(*, actor: Person, person_id: uuid.UUID) -> bool:
    """Let a person who had left come back to where they were. Returns whether anything changed.

    They sign in as before; a team that was closed meanwhile is left out. Raises Problem where work
    with their organisation has been stopped.
    """
    guards.admin_only(actor)
    person = locked(person_id)
    if person.is_active:
        return False
    if not person.organisation.is_active:
        raise Problem(_("Work with this organisation has been stopped. Take it up again first."))
    if person.team and not person.team.is_active:
        person.team = None
    person.is_active, person.left_on = True, None
    person.save(update_fields=["is_active", "left_on", "team"])
    _belong_again(person)
    publish(
        PersonReactivated(
            person_id=person.pk, organisation_id=person.organisation_id, team_id=person.team_id
        )
    )
    return True


def _belong_again(person: Person) -> None:
    """Go on with the last membership if it ended today or not at all, else begin a new one today.

    Where they come back to another place, because their team was closed, the days before stay where they were.
    """
    last = Membership.objects.filter(person=person).order_by("-days").first()
    now = today()
    if last is None or (last.days.upper is not None and last.days.upper <= now):
        _begin(person, person.organisation, person.team, now)
        return
    same = (last.organisation_id, last.team_id) == (person.organisation_id, person.team_id)
    if not same and last.days.lower < now:
        last.days = DateRange(last.days.lower, now)
        last.save(update_fields=["days"])
        _begin(person, person.organisation, person.team, now)
        return
    last.days = DateRange(last.days.lower, None)
    last.organisation, last.team = person.organisation, person.team
    last.save(update_fields=["days", "organisation", "team"])
