"""How enrolments follow what happens to people and modules, and how people come to know."""

from core.outbox import subscribe
from courses.assignments.actions import enrolling, telling
from courses.assignments.actions.enrolling import Part
from courses.assignments.events import EnrolmentsChanged
from courses.progress.events import ModuleFinished, ModulePublished
from partners.events import (
    OrganisationResumed,
    OrganisationStopped,
    PeopleAdded,
    PersonAdded,
    PersonDeactivated,
    PersonMoved,
    PersonReactivated,
    RolesChanged,
)


@subscribe(PersonAdded, queue="bulk", once_per=("person_id",))
def enrol_newcomer(event: PersonAdded) -> None:
    """Ask a new person what everybody like them is asked."""
    enrolling.refresh(part=Part(person=event.person_id))


@subscribe(PeopleAdded, queue="bulk", once_per=("organisation_id",))
def enrol_newcomers(event: PeopleAdded) -> None:
    """Ask the new people of a company what everybody like them is asked."""
    enrolling.refresh(part=Part(organisation=event.organisation_id))


@subscribe(PersonMoved, queue="bulk", once_per=("person_id",))
def enrol_after_move(event: PersonMoved) -> None:
    """Ask what the new place asks, and no longer what only the old one did."""
    enrolling.refresh(part=Part(person=event.person_id))


@subscribe(RolesChanged, queue="bulk", once_per=("person_id",))
def enrol_after_change(event: RolesChanged) -> None:
    """Ask what the new roles are asked."""
    enrolling.refresh(part=Part(person=event.person_id))


@subscribe(PersonDeactivated, queue="bulk", once_per=("person_id",))
def end_after_leaving(event: PersonDeactivated) -> None:
    """Ask nothing of somebody who has left."""
    enrolling.refresh(part=Part(person=event.person_id))


@subscribe(PersonReactivated, queue="bulk", once_per=("person_id",))
def enrol_after_return(event: PersonReactivated) -> None:
    """Ask again."""
    enrolling.refresh(part=Part(person=event.person_id))


@subscribe(OrganisationStopped, queue="bulk", once_per=("organisation_id",))
def end_with_organisation(event: OrganisationStopped) -> None:
    """Ask nothing of the people of a partner with whom work was stopped."""
    enrolling.refresh(part=Part(organisation=event.organisation_id))


@subscribe(OrganisationResumed, queue="bulk", once_per=("organisation_id",))
def enrol_with_organisation(event: OrganisationResumed) -> None:
    """Ask them again."""
    enrolling.refresh(part=Part(organisation=event.organisation_id))


def _is_asked(event: ModuleFinished) -> bool:
    return enrolling.is_asked(person_id=event.person_id)


@subscribe(ModuleFinished, queue="bulk", once_per=("person_id",), concerns=_is_asked)
def finish(event: ModuleFinished) -> None:
    """Finish what this person has finished by it; scoring never waits for it."""
    enrolling.finish(person_id=event.person_id)


@subscribe(ModulePublished, queue="bulk", once_per=("module_id",))
def ask_for_new_module(event: ModulePublished) -> None:
    """Ask for it those who are still at its course; one that came back is asked for again."""
    enrolling.follow_shelf()


@subscribe(EnrolmentsChanged, queue="bulk", once_per=("assignment_id",))
def tell(event: EnrolmentsChanged) -> None:
    """Tell who is asked anew, or by another day."""
    telling.tell(assignment_id=event.assignment_id)
