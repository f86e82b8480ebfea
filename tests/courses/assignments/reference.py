"""Enrolments by the words of the decision, one person at a time: what the statements must agree with."""

import datetime as dt

from courses.assignments.models import LEARNERS, Assignment, AssignmentTarget
from courses.catalog.models import Module, ModuleReader
from courses.progress.models import ModuleProgress
from partners.models import Organisation, Person


def is_asked(assignment: Assignment, person: Person) -> bool:
    """Say whether somebody is to be asked."""
    if assignment.cancelled_at or not person.is_active or not person.organisation.is_active:
        return False
    owner = Organisation.objects.get(pk=assignment.organisation_id)
    if owner.kind != "client" and owner != person.organisation:
        return False
    fits = any(_fits(target, person) for target in assignment.targets.all())
    return fits and any(_sees(person, m.module) for m in needs(assignment))


def needs(assignment: Assignment):
    """Return what is asked for now."""
    return list(assignment.modules.filter(removed_at=None).order_by("added_at"))


def finished_at(assignment: Assignment, person: Person, since: dt.datetime) -> dt.datetime | None:
    """Return when somebody had finished all that was asked for then."""
    done = dict(
        ModuleProgress.objects.filter(person=person, finished_at__isnull=False).values_list(
            "module_id", "finished_at"
        )
    )
    asked = [m for m in needs(assignment) if _sees(person, m.module)]
    moments = sorted({m.added_at for m in asked})
    for moment, later in zip(moments, [*moments[1:], None], strict=True):
        so_far = [m.module_id for m in asked if m.added_at <= moment]
        if not set(so_far) <= set(done):
            continue
        last = max(moment for module_id in so_far if (moment := done[module_id]))
        if later is None or (last < later and later > since):
            return last
    return None


def _fits(target: AssignmentTarget, person: Person) -> bool:
    if target.kind == "person":
        return target.person_id == person.pk
    if target.kind == "role":
        here = target.organisation_id in {None, person.organisation_id}
        return here and target.role in person.roles
    place = person.team_id if target.kind == "team" else person.organisation_id
    named = target.team_id if target.kind == "team" else target.organisation_id
    return place == named and bool(set(person.roles) & set(LEARNERS))


def _sees(person: Person, module: Module) -> bool:
    if module.audience == "everybody":
        return True
    if module.audience == "client":
        return person.of_client
    return ModuleReader.objects.filter(
        module=module, organisation_id=person.organisation_id
    ).exists()
