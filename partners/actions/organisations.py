"""Writes of organisations and their teams."""

import uuid

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from core.outbox import publish
from partners import cleaning
from partners.actions.guards import admin_only
from partners.events import OrganisationResumed, OrganisationStopped
from partners.models import Account, Client, Organisation, Person, Team
from partners.problems import Problem
from partners.queries import organisations as reads
from partners.queries.client import own_zone

TAKEN = _("“%(name)s” is here already.")


def named(name: str, longest: int, field: str = "name") -> str:
    """Return a name fit to be kept. Raises Problem for an empty one, or one that is too long."""
    clean = cleaning.name(name)
    if not clean:
        raise Problem(_("Please give a name."), field)
    if len(clean) > longest:
        raise Problem(
            _("At most %(most)s letters, please: now there are %(now)s.")
            % {"most": longest, "now": len(clean)},
            field,
        )
    return clean


@transaction.atomic
def add_partner(*, actor: Person, name: str, area: str = "") -> Organisation:
    """Add a partner. Raises Problem for an empty name, or one that looks like another's."""
    admin_only(actor)
    clean = named(name, 120)
    if other := reads.namesake(clean):
        raise Problem(TAKEN % {"name": other.name}, "name")
    return Organisation.objects.create(name=clean, area=cleaning.name(area)[:60])


@transaction.atomic
def edit_organisation(
    *, actor: Person, organisation_id: uuid.UUID, name: str, area: str
) -> Organisation:
    """Rename an organisation and say where it is at home. Raises Problem as `add_partner` does.

    The client is called so in its letters too.
    """
    admin_only(actor)
    row = _organisation(organisation_id)
    clean = named(name, 120)
    if other := reads.namesake(clean, but=row.pk):
        raise Problem(TAKEN % {"name": other.name}, "name")
    row.name, row.area = clean, cleaning.name(area)[:60]
    row.save(update_fields=["name", "area"])
    if row.kind == Organisation.Kind.CLIENT:
        Client.objects.update(name=clean)
    return row


@transaction.atomic
def edit_client(
    *,
    actor: Person,
    organisation_id: uuid.UUID,
    name: str,
    area: str,
    language: str,
    time_zone: str,
) -> Organisation:
    """Change the client's name, area, language and time zone. Raises Problem as `add_partner` does.

    Days and months begin by the new time zone from now on; what was booked on a day or in a month stays there.
    """
    row = edit_organisation(actor=actor, organisation_id=organisation_id, name=name, area=area)
    Client.objects.update(language=language, time_zone=time_zone)
    transaction.on_commit(own_zone.forget)
    return row


@transaction.atomic
def set_organisation_active(*, actor: Person, organisation_id: uuid.UUID, active: bool) -> bool:
    """Stop working with a partner, or take it up again. Returns whether anything changed.

    Stopping ends all sessions of its people for good; what they learnt and earned stays. Nobody is
    deactivated one by one, so that taking it up again restores what was. Raises Problem for the client.
    """
    admin_only(actor)
    row = _organisation(organisation_id)
    if row.kind == Organisation.Kind.CLIENT:
        raise Problem(_("The client itself can't be stopped."))
    if row.is_active == active:
        return False
    row.is_active = active
    row.save(update_fields=["is_active"])
    if not active:
        Account.objects.filter(person__organisation=row).update(epoch=F("epoch") + 1)
    news = OrganisationResumed if active else OrganisationStopped
    publish(news(organisation_id=row.pk))
    return True


@transaction.atomic
def add_team(*, actor: Person, organisation_id: uuid.UUID, name: str) -> Team:
    """Add a team. Raises Problem for an empty name, or one that looks like another team's here."""
    admin_only(actor)
    row = _organisation(organisation_id)
    clean = named(name, 80)
    if other := reads.team_namesake(row.pk, clean):
        raise Problem(TAKEN % {"name": other.name}, "name")
    return Team.objects.create(organisation=row, name=clean)


@transaction.atomic
def rename_team(*, actor: Person, team_id: uuid.UUID, name: str) -> Team:
    """Rename a team. Raises Problem as `add_team` does."""
    admin_only(actor)
    row = _team(team_id)
    clean = named(name, 80)
    if other := reads.team_namesake(row.organisation_id, clean, but=row.pk):
        raise Problem(TAKEN % {"name": other.name}, "name")
    row.name = clean
    row.save(update_fields=["name"])
    return row


@transaction.atomic
def set_team_active(*, actor: Person, team_id: uuid.UUID, active: bool) -> bool:
    """Close a team or open it again. Returns whether anything changed.

    Raises Problem while active people belong to it: where they go is for the administrator to say.
    """
    admin_only(actor)
    row = _team(team_id)
    if row.is_active == active:
        return False
    people = Person.objects.active().filter(team=row).count()
    if not active and people:
        raise Problem(
            ngettext(
                "%(people)s person still belongs to this team. Move them to another one first.",
                "%(people)s people still belong to this team. Move them to another one first.",
                people,
            )
            % {"people": people}
        )
    row.is_active = active
    row.save(update_fields=["is_active"])
    return True


def _organisation(organisation_id: uuid.UUID) -> Organisation:
    return Organisation.objects.select_for_update(no_key=True).get(pk=organisation_id)


def _team(team_id: uuid.UUID) -> Team:
    # A full lock: adding somebody to the team in the same moment has to wait and look again.
    return Team.objects.select_for_update().get(pk=team_id)
