"""Where people count, and what a change touches. Reads all organisations: runs in the client's scope."""

import datetime as dt
import uuid
from collections.abc import Sequence

from django.db import connection
from django.db.models.functions import Coalesce

from analytics.models import Level, ModuleSummary
from analytics.queries.recount import COUNTED, GROUP, Part, misasked
from core import months
from courses.progress.models import ModuleProgress
from gamification.queries import rules
from partners.models import Person
from partners.queries.client import here

Place = tuple[uuid.UUID, uuid.UUID]
"""An organisation and the group in it: a team, or the organisation's id for people without one."""


def places_of(people: Sequence[uuid.UUID]) -> list[Place]:
    """Return where these people belong now, each place once. One query."""
    group = Coalesce("team_id", "organisation_id")
    found = Person.objects.filter(pk__in=people).values_list("organisation_id", group)
    return list(found.order_by("organisation_id", group).distinct())


def finishes(
    learnt: Sequence[tuple[uuid.UUID, uuid.UUID]],
) -> list[tuple[uuid.UUID, dt.date]]:
    """Return the module and the month of each of these (person, module) that is finished. One query."""
    wanted = set(learnt)
    people, modules = zip(*wanted, strict=True)
    found = ModuleProgress.objects.filter(
        person_id__in=set(people), module_id__in=set(modules), finished_at__isnull=False
    )
    return [
        (module, months.month_of(at, rules.zone()))
        for person, module, at in found.values_list("person_id", "module_id", "finished_at")
        if at and (person, module) in wanted
    ]


def modules_finished_by(people: Sequence[uuid.UUID]) -> list[uuid.UUID]:
    """Return the modules that one of these people has finished. One query."""
    found = ModuleProgress.objects.filter(person_id__in=people, finished_at__isnull=False)
    return list(found.order_by().values_list("module_id", flat=True).distinct())


def modules_learnt_in(organisation_id: uuid.UUID) -> list[uuid.UUID]:
    """Return the modules that somebody of this organisation has finished. One query."""
    found = ModuleSummary.objects.filter(level=Level.ORGANISATION, group_id=organisation_id)
    return list(found.values_list("module_id", flat=True))


def stale_modules(limit: int) -> list[uuid.UUID]:
    """Return modules whose sum for everybody is due. One query."""
    found = ModuleSummary.objects.filter(stale=True).order_by("module_id")
    return list(found.values_list("module_id", flat=True)[:limit])


_MISPLACED = f"""
SELECT p.id, s.person_id, p.organisation_id, p.group_id, s.organisation_id, s.group_id
  FROM (SELECT p.id, p.organisation_id, {GROUP} AS group_id FROM partners_person p WHERE {COUNTED}{{people}}) p
  FULL JOIN (SELECT * FROM analytics_personsummary s WHERE true{{counted}}) s ON s.person_id = p.id
 WHERE p.id IS NULL OR s.person_id IS NULL
    OR (p.organisation_id, p.group_id) IS DISTINCT FROM (s.organisation_id, s.group_id)
 LIMIT %(most)s
"""  # noqa: S608 - words of our own


def misplaced_people(
    limit: int, among: Sequence[uuid.UUID] | None = None
) -> list[tuple[uuid.UUID, list[Place]]]:
    """Return people (of all, or among these) who came, left, moved or changed roles unheard by the summaries.

    Each with the places where they count, or counted. One query.
    """
    part = Part(people=among)
    statement = _MISPLACED.format(
        people=part.where(people="p.id"), counted=part.where(people="s.person_id")
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, part.values() | {"most": limit})
        rows = cursor.fetchall()
    return [
        (now or before, [place for place in (tuple(row[0:2]), tuple(row[2:4])) if place[0]])
        for now, before, *row in rows
    ]


def misasked_people(limit: int) -> list[tuple[uuid.UUID, list[Place]]]:
    """Return people of whom something else is asked, or who finished it, since they were counted. One query."""
    with connection.cursor() as cursor:
        cursor.execute(misasked(), {"zone": str(here()), "most": limit})
        return [
            (person, [(organisation, group)]) for person, organisation, group in cursor.fetchall()
        ]
