"""Whom an assignment would reach, before anything is sent."""

import dataclasses
import functools
import operator
import uuid
from collections.abc import Iterable, Sequence

from django.db.models import Count, Exists, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from core.scope import CLIENT, scoped
from courses.assignments import targets as kinds
from courses.assignments.models import LEARNERS, Enrolment
from courses.assignments.queries.rights import within_reach
from courses.assignments.targets import Target
from courses.catalog.models import Module, ModuleReader
from courses.progress.models import ModuleProgress
from partners.models import Organisation, Person
from partners.models.person import PersonQuerySet, by_reading

NAMES = 300
"""So many names stand in a preview at most; counts are of everybody."""


@dataclasses.dataclass(frozen=True)
class Group:
    """People of one team (or none) of one organisation whom an assignment would reach."""

    organisation_id: uuid.UUID
    organisation: str
    team: str
    people: int
    finished: int
    waiting: int
    again: int = 0
    names: Sequence[str] = ()

    @property
    def unnamed(self) -> int:
        """How many people are counted whose names stand nowhere."""
        return self.people - len(self.names)


@dataclasses.dataclass(frozen=True)
class Reach:
    """Whom an assignment would reach: counted by organisation and team, and named as far as it is readable.

    `takes_in` says that who joins later is asked too.
    """

    groups: Sequence[Group]
    takes_in: bool = False

    @property
    def people(self) -> int:
        """How many people."""
        return sum(group.people for group in self.groups)

    @property
    def finished(self) -> int:
        """How many of them have finished it already."""
        return sum(group.finished for group in self.groups)

    @property
    def nobody_left(self) -> bool:
        """Whether all of them have finished it already, so that nobody is asked now."""
        return bool(self.people) and self.finished == self.people

    @property
    def told(self) -> int:
        """How many will hear of it: those who have not finished it, and have signed up."""
        return self.people - self.finished - self.waiting

    @property
    def waiting(self) -> int:
        """How many would hear of it, but have not signed up yet: no news reaches them."""
        return sum(group.waiting for group in self.groups)

    @property
    def again(self) -> int:
        """How many are asked for some of it already, by an assignment that runs."""
        return sum(group.again for group in self.groups)

    @property
    def waiting_company(self) -> uuid.UUID | None:
        """Where all of those belong; None where it isn't one organisation."""
        found = {group.organisation_id for group in self.groups if group.waiting}
        return found.pop() if len(found) == 1 else None

    @property
    def organisations(self) -> int:
        """Of how many organisations."""
        return len({group.organisation_id for group in self.groups})


def matching(targets: Iterable[Target]) -> Q:
    """Return the condition by which people fit at least one of these targets; none fits nobody."""
    return functools.reduce(operator.or_, map(_fits, targets), Q(pk__in=[]))


def _fits(target: Target) -> Q:
    if target.kind == kinds.ROLE:
        role = Q(roles__contains=[target.role])
        return role & Q(organisation_id=target.organisation) if target.organisation else role
    if target.kind == kinds.PERSON:
        return Q(pk=target.id)
    column = "team_id" if target.kind == kinds.TEAM else "organisation_id"
    return Q(**{column: target.id}, roles__overlap=list(LEARNERS))


def reached(
    person: Person, targets: Iterable[Target], modules: Sequence[uuid.UUID]
) -> PersonQuerySet:
    """Return whom an assignment of these modules to these targets would reach; lazy.

    Adds `asked`, how many of the modules they may see, and `done`, how many of those they have finished.
    """
    mine = Module.objects.filter(_seen(), pk__in=modules).order_by().values("form")
    finished = ModuleProgress.objects.filter(
        module=OuterRef("pk"), person=OuterRef(OuterRef("pk")), finished_at__isnull=False
    )
    done = mine.filter(Exists(finished))
    return (
        within_reach(person)
        .filter(matching(targets))
        .annotate(
            asked=Coalesce(Subquery(mine.annotate(n=Count("pk")).values("n")), 0),
            done=Coalesce(Subquery(done.annotate(n=Count("pk")).values("n")), 0),
        )
        .filter(asked__gt=0)
    )


def _seen() -> Q:
    """Return which modules a person's organisation may see, inside a subquery of people."""
    theirs = OuterRef(OuterRef("organisation_id"))
    chosen = ModuleReader.objects.filter(module=OuterRef("pk"), organisation_id=theirs)
    client = Organisation.objects.filter(pk=theirs, kind=Organisation.Kind.CLIENT)
    return (
        Q(audience=Module.Audience.EVERYBODY)
        | Q(Exists(client), audience=Module.Audience.CLIENT)
        | Q(Exists(chosen), audience=Module.Audience.CHOSEN)
    )


def preview(person: Person, targets: Sequence[Target], modules: Sequence[uuid.UUID]) -> Reach:
    """Return whom an assignment would reach, before it is made. Two queries.

    They are asked in the client's scope: what somebody finished at another company counts as finished.
    """
    found = reached(person, targets, modules)
    place = ("organisation_id", "organisation__name", "team_id", "team__name")
    running = Enrolment.objects.open().filter(
        person=OuterRef("pk"),
        assignment__cancelled_at__isnull=True,
        assignment__modules__module__in=modules,
        assignment__modules__removed_at__isnull=True,
    )
    signed_up = Q(account__isnull=False, account__is_active=True)
    counts = (
        found.values(*place)
        .annotate(
            people=Count("pk"),
            finished=Count("pk", filter=Q(done__gte=F("asked"))),
            waiting=Count("pk", filter=Q(~signed_up, done__lt=F("asked"))),
            again=Count("pk", filter=Q(Exists(running), done__lt=F("asked"))),
        )
        .order_by("organisation__kind", "organisation__name", F("team__name").asc(nulls_last=True))
    )
    listed = found.only("family_name", "given_name", "organisation_id", "team_id")
    listed = listed.order_by("organisation__name", "team__name", *by_reading())
    with scoped(CLIENT):
        rows, first = list(counts), list(listed[:NAMES])
    names: dict[object, list[str]] = {}
    for each in first:
        names.setdefault((each.organisation_id, each.team_id), []).append(each.name)
    return Reach(
        [
            Group(
                organisation_id=row["organisation_id"],
                organisation=row["organisation__name"],
                team=row["team__name"] or "",
                people=row["people"],
                finished=row["finished"],
                waiting=row["waiting"],
                again=row["again"],
                names=names.get((row["organisation_id"], row["team_id"]), ()),
            )
            for row in rows
        ],
        takes_in=kinds.take_in(targets),
    )
