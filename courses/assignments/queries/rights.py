"""What somebody may assign, and to whom; and whom they may remind."""

import datetime as dt
import uuid

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Now

from courses.assignments.models import OFFICE, Assignment, AssignmentQuerySet, Enrolment
from courses.catalog.models import Course, Module
from courses.quizzes.models import QuizVersion
from courses.scenarios.models import Scenario
from courses.scenarios.queries import SHOWN
from partners.models import Organisation, Person, Team
from partners.models.person import PersonQuerySet
from partners.queries.client import here

SIGNED_UP = Q(person__account__isnull=False, person__account__is_active=True)
"""By which news reaches the person of an enrolment: they can sign in and see it."""


def may_assign(person: Person) -> bool:
    """Say whether this person may ask others to learn something."""
    return assigns_everywhere(person) or person.has_role("manager")


def assigns_everywhere(person: Person) -> bool:
    """Say whether they may ask anybody; a manager asks people of the own organisation."""
    return person.of_client and person.has_role(*OFFICE)


def may_ask(person: Person, other: Person) -> bool:
    """Say whether this person may ask another, whom they see, to learn something: see `within_reach`. No query."""
    if not (other.is_active and other.organisation.is_active):
        return False
    own = other.organisation_id == person.organisation_id
    return assigns_everywhere(person) or (own and person.has_role("manager"))


def changeable(person: Person) -> AssignmentQuerySet:
    """Return the assignments that this person may change: the office all, a manager those of the own company."""
    found = Assignment.objects.visible_to(person)
    if assigns_everywhere(person):
        return found
    if person.has_role("manager"):
        return found.filter(organisation_id=person.organisation_id)
    return found.none()


def to_remind(person: Person, today: dt.date) -> Q:
    """Return the condition by which this person reminds somebody by hand: who is still at it, others, once a day.

    Who has not signed up hears nothing, and so is not reminded; nor is, on the same day, who was asked today.
    """
    anew = Q(nudged_on__isnull=True) | Q(nudged_on__lt=today)
    return Q(
        anew,
        ~Q(person_id=person.pk),
        SIGNED_UP,
        state=Enrolment.State.OPEN,
        told_at__lt=_beginning_of(today),
    )


def just_asked(person: Person, today: dt.date) -> Q:
    """Return the condition by which others are still at it who are asked since today, and so not reminded yet."""
    since = Q(told_at__isnull=True) | Q(told_at__gte=_beginning_of(today))
    return Q(since, ~Q(person_id=person.pk), SIGNED_UP, state=Enrolment.State.OPEN)


def _beginning_of(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(), here())


def waiting(person: Person) -> Q:
    """Return the condition by which others are still at it whom no news reaches: they have not signed up yet."""
    return Q(~SIGNED_UP, ~Q(person_id=person.pk), state=Enrolment.State.OPEN)


def reminded(person: Person, today: dt.date) -> Q:
    """Return the condition by which somebody whom this person could remind has been reminded today already."""
    return Q(~Q(person_id=person.pk), state=Enrolment.State.OPEN, nudged_on__gte=today)


def within_reach(person: Person, *, ended: bool = False) -> PersonQuerySet:
    """Return the people whom this person may ask; with `ended` those too who could be asked once and have left."""
    people = Person.objects.visible_to(person)
    if not ended:
        people = people.active().filter(organisation__is_active=True)
    if assigns_everywhere(person):
        return people
    if person.has_role("manager"):
        return people.filter(organisation_id=person.organisation_id)
    return people.none()


def organisations_of(person: Person, *, ended: bool = False) -> "QuerySet[Organisation]":
    """Return the organisations whose people this person may ask, with `ended` those too that were stopped. Lazy."""
    found = Organisation.objects.visible_to(person)
    if not ended:
        found = found.filter(is_active=True)
    if not assigns_everywhere(person):
        found = found.filter(pk=person.organisation_id)
    return found.order_by("kind", "name")


def teams_of(person: Person, *, ended: bool = False) -> "QuerySet[Team]":
    """Return the teams whose people this person may ask, `ended` ones if wanted, with their organisations. Lazy."""
    found = Team.objects.visible_to(person)
    if not ended:
        found = found.filter(is_active=True)
    found = found.filter(organisation__in=organisations_of(person, ended=ended).order_by())
    return found.select_related("organisation").order_by(
        "organisation__kind", "organisation__name", "name"
    )


def assignable(person: Person) -> "QuerySet[Module]":
    """Return the modules that can be assigned, in the order of the shelf: published, with something to finish. Lazy.

    That is a quiz, or a scenario that can be played. These are modules of `statements.ON_THE_SHELF`, which also
    holds those whose scenario was taken back.
    """
    quiz = QuizVersion.objects.filter(module_version_id=OuterRef("version_id"))
    scenario = Scenario.objects.filter(module_id=OuterRef("pk"), version__isnull=False)
    shelf = Module.objects.visible_to(person).filter(
        Exists(quiz) | (Exists(scenario) & Q(version__document__contains=SHOWN)),
        Q(expires_at__isnull=True) | Q(expires_at__gt=Now()),
        form=Module.Form.LESSON,
        is_archived=False,
        course__is_archived=False,
    )
    return shelf.select_related("course", "version").order_by("course__position", "position", "pk")


def modules_of(person: Person, module: Module | None, course: Course | None) -> list[uuid.UUID]:
    """Return the modules that are asked for: this one, or those of the course. One query."""
    found = assignable(person)
    chosen = Q(pk=module.pk) if module else Q(course_id=course.pk if course else None)
    return list(found.filter(chosen).order_by().values_list("pk", flat=True))
