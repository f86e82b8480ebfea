"""The ranking's page as one person may see it: places of everybody, names of those they may know."""

import dataclasses
import datetime as dt
import uuid
from collections.abc import Iterable, Sequence

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.functional import cached_property

from core.mediafiles import links
from core.written import written_once
from gamification import months
from gamification.queries import own, rules, standings
from gamification.ranking import (
    LEAST_PEOPLE,
    PAGE_SIZE,
    Gap,
    Group,
    Part,
    Spot,
    Unit,
    View,
    part_of,
    shown,
)
from partners.models import Organisation, Person, Team, full_name


@dataclasses.dataclass(frozen=True)
class Known:
    """Whom a spot belongs to, for somebody who may know it. `detail` is their company or team."""

    name: str
    detail: str = ""
    picture: str = ""


@dataclasses.dataclass(frozen=True)
class Line:
    """A line of the ranking: a spot with its owner (None: hidden), or a gap."""

    spot: Spot | None = None
    gap: int = 0
    known: Known | None = None
    me: bool = False


@dataclasses.dataclass(frozen=True)
class RankingPage:
    """A month's ranking of people, teams or partners around one person; `sheet` where it is gone through by pages."""

    unit: Unit
    month: dt.date
    months: tuple[dt.date, ...]
    view: View
    lines: tuple[Line, ...]
    mine: own.OwnMonth
    sheet: "Page[int] | None" = None

    @property
    def group(self) -> Group | None:
        """The figures of the person's own team or partner, in the ranking of these."""
        return {Unit.TEAM: self.mine.team, Unit.PARTNER: self.mine.partner}.get(self.unit)

    @property
    def too_small(self) -> bool:
        """Whether the own group has too few active reps to be ranked."""
        return self.group is not None and self.group.people < LEAST_PEOPLE

    @property
    def is_running(self) -> bool:
        """Whether this is the month that is running now."""
        return self.month == self.months[0]

    @cached_property
    def days_left(self) -> int:
        """How many days the month has left, today included; 0 when it is over."""
        return months.days_left(self.month, timezone.now(), rules.zone())

    @cached_property
    def is_closed(self) -> bool:
        """Whether nothing changes any more."""
        return months.is_closed(self.month, timezone.now(), rules.zone())

    @property
    def closes_at(self) -> dt.datetime:
        """When the month closes."""
        return months.closes_at(self.month, rules.zone())

    @property
    def earlier(self) -> tuple[dt.date, ...]:
        """The other months that one can look at, newest first."""
        return tuple(month for month in self.months if month != self.month)


def goes_through(person: Person) -> bool:
    """Say whether somebody looks after others, and sees the whole ranking page by page: any role but that of a rep."""
    return any(role != "rep" for role in person.roles)


def ranking_page(
    person: Person, unit: Unit, wanted: dt.date | None, number: int | None = None
) -> RankingPage:
    """Return the ranking of a month (the running one, unless a known one is wanted). Three queries at most.

    From Redis it is two, unless an unknown month is wanted. With a `number` that page of the whole, or its last one.
    """
    month, part = wanted or rules.running_month(), part_of(unit, number)
    view, mine, known = _read(person, unit, month, part)
    if month not in known.known:
        month = known.known[0]
        view, mine, known = _read(person, unit, month, part)
    sheet = None
    if number is not None:
        sheet = Paginator(range(view.total), PAGE_SIZE).get_page(number)
        if sheet.number != number:
            part = part_of(unit, sheet.number)
            view, mine, known = _read(person, unit, month, part)
    return RankingPage(
        unit=unit,
        month=month,
        months=known.known,
        view=view,
        lines=tuple(_lines(person, unit, view, part)),
        mine=mine,
        sheet=sheet,
    )


def _read(
    person: Person, unit: Unit, month: dt.date, part: Part
) -> tuple[View, own.OwnMonth, own.Months]:
    """Read the board, then the database: what is shown may be newer than the board's version, never older.

    By the version a page is asked for anew: old figures under a new one would stay.
    """
    company = person.organisation_id if unit is Unit.REP else None
    member = standings.own_member(person, unit)
    in_redis = standings.in_redis(month, frozenset())
    view = standings.view(month, unit, member, company=company, part=part, from_redis=in_redis)
    mine, known = own.own_month(person, month)
    if month in known.stale and view.version is not None:
        view = standings.view(month, unit, member, company=company, part=part, from_redis=False)
    return view, mine, known


def _lines(person: Person, unit: Unit, view: View, part: Part) -> list[Line]:
    found = shown(view, part)
    names = _names(person, unit, [spot.member for spot in found if isinstance(spot, Spot)])
    return [
        Line(gap=spot.count)
        if isinstance(spot, Gap)
        else Line(
            spot=spot,
            known=names.get(spot.member),
            me=view.own is not None and spot.member == view.own.member,
        )
        for spot in found
    ]


def _names(person: Person, unit: Unit, members: Iterable[uuid.UUID]) -> dict[uuid.UUID, Known]:
    """Return who these are, without those that the person may not know. One query."""
    if unit is Unit.REP:
        return _people(person, members)
    if unit is Unit.TEAM:
        teams = Team.objects.visible_to(person).filter(pk__in=members)
        rows = teams.values_list("pk", "name", "organisation__name")
        return {pk: Known(name, company) for pk, name, company in rows}
    companies = Organisation.objects.visible_to(person).filter(pk__in=members)
    return {pk: Known(name, area) for pk, name, area in companies.values_list("pk", "name", "area")}


def _people(person: Person, members: Iterable[uuid.UUID]) -> dict[uuid.UUID, Known]:
    return {row[0]: _known(person, *row) for row in _named(person, tuple(members))}


_Named = tuple[uuid.UUID, str, str, uuid.UUID | None, uuid.UUID, str, str | None]


@written_once
def _named(person: Person, members: Sequence[uuid.UUID]) -> "QuerySet[Person, _Named]":
    return (
        Person.objects.visible_to(person)
        .filter(pk__in=members)
        .values_list(
            "pk", "family_name", "given_name", "picture_id", "organisation_id",
            "organisation__name", "team__name",
        )
    )  # fmt: skip


def _known(
    viewer: Person,
    _pk: uuid.UUID,
    family: str,
    given: str,
    picture: uuid.UUID | None,
    organisation_id: uuid.UUID,
    organisation: str,
    team: str | None,
) -> Known:
    """Colleagues are told apart by their team, others by their company."""
    colleague = organisation_id == viewer.organisation_id
    return Known(
        name=full_name(family, given),
        detail=team if colleague and team else organisation,
        picture=links.picture_url(viewer.pk, picture, "small") if picture else "",
    )
