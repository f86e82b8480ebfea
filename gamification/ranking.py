"""Places: 1 plus the number of those above, so that equal points share a place.

A ranking is shown as the first few, a gap, and oneself with two neighbours on either side; who looks after others
goes through all of it, page by page. Redis and the database both answer with a `View`; what is drawn from it is
decided here, once.
"""

import dataclasses
import enum
import math
import uuid
from collections.abc import Sequence

LEAST_PEOPLE = 5
"""Teams and partners are ranked from this many active reps on, so that no mean stands for one person."""


class Unit(enum.StrEnum):
    """Who is ranked: people, teams by the mean of their active reps, or partners likewise."""

    REP = "rep"
    TEAM = "team"
    PARTNER = "partner"


@dataclasses.dataclass(frozen=True)
class Points:
    """A person's points of a month, and the organisation in which they count."""

    person_id: uuid.UUID
    organisation_id: uuid.UUID
    points: int


@dataclasses.dataclass(frozen=True)
class Group:
    """A team's or (without a team) a partner's points of a month, and how many active reps it has."""

    organisation_id: uuid.UUID
    team_id: uuid.UUID | None
    points: int
    people: int

    @property
    def member(self) -> uuid.UUID:
        """By what it is known in its ranking."""
        return self.team_id or self.organisation_id

    @property
    def unit(self) -> Unit:
        """In which ranking it stands."""
        return Unit.TEAM if self.team_id else Unit.PARTNER

    @property
    def tenths(self) -> int | None:
        """The mean by which it ranks; None for a group too small to be ranked."""
        return mean_tenths(self.points, self.people)


AROUND = 2
PAGE_SIZE = 50


@dataclasses.dataclass(frozen=True)
class Part:
    """Which spots are wanted in a row, from the one of index `start` on: fewer for who has an own spot to see."""

    start: int = 0
    for_ranked: int = 3
    for_onlookers: int = 10

    @property
    def read_for_ranked(self) -> int:
        """How many are read: one more, which is shown where it alone stands between these and the neighbours."""
        return self.for_ranked + 1


FIRST = Part()
ALONE = Part(for_ranked=-1, for_onlookers=0)
"""Nothing but the own spot."""
PARTNERS = Part(for_ranked=30, for_onlookers=30)
"""There are few of them: everybody sees all where there are no more than these."""


def part_of(unit: Unit, page: int | None) -> Part:
    """Return what is shown of a ranking without pages, or of this page of it."""
    if page is not None:
        return Part((page - 1) * PAGE_SIZE, PAGE_SIZE, PAGE_SIZE)
    return PARTNERS if unit is Unit.PARTNER else FIRST


@dataclasses.dataclass(frozen=True)
class Spot:
    """One member's spot. `index` counts from 0 in the order shown; members with equal scores share `place`.

    `score` is points for a person, tenths of a mean for a team or partner, whose active reps are `people`.
    """

    index: int
    place: int
    member: uuid.UUID
    score: int
    people: int | None = None


@dataclasses.dataclass(frozen=True)
class Among:
    """A person's place among an organisation's `people` who have points; None for who has none there."""

    place: int | None
    people: int


@dataclasses.dataclass(frozen=True)
class View:
    """A ranking as one member needs it: a part of it (see `Part`), and the spots around the own.

    `among` is there where it was asked for. `version` changes with the board; None from the database.
    """

    total: int
    spots: tuple[Spot, ...]
    own: Spot | None = None
    next_score: int | None = None
    among: Among | None = None
    version: str | None = dataclasses.field(default=None, compare=False)

    @property
    def distance(self) -> int | None:
        """What is missing to the score of the next place; None for the first and for who isn't ranked."""
        if self.own is None or self.next_score is None:
            return None
        return self.next_score - self.own.score


@dataclasses.dataclass(frozen=True)
class Gap:
    """So many members are left out here."""

    count: int


def shown(view: View, part: Part = FIRST) -> list[Spot | Gap]:
    """Return the lines of the ranking from top to bottom; the own place belongs to its first page.

    A gap of a single member is not worth a line: that member is shown.
    """
    spots = {spot.index: spot for spot in view.spots}
    length = part.for_ranked if view.own else part.for_onlookers
    wanted = set(range(part.start, part.start + length))
    if view.own and not part.start:
        wanted |= set(range(view.own.index - AROUND, view.own.index + AROUND + 1))
    lines: list[Spot | Gap] = []
    at = part.start
    for index in sorted(wanted & spots.keys()):
        if index == at + 1 and at in spots:
            lines.append(spots[at])
        elif index > at:
            lines.append(Gap(index - at))
        lines.append(spots[index])
        at = index + 1
    return lines


def places(scores: Sequence[int], first_index: int, first_place: int) -> list[int]:
    """Return the places of neighbours in falling order of score, of whom the first one's is known.

    Who stands directly below somebody with more is behind all those before: their place is index + 1.
    """
    found = [first_place]
    for offset in range(1, len(scores)):
        tied = scores[offset] == scores[offset - 1]
        found.append(found[-1] if tied else first_index + offset + 1)
    return found[: len(scores)]


def mean_tenths(points: int, people: int) -> int | None:
    """Return the mean per head in tenths, halves rounded up; None for fewer people than are ranked.

    Places go by this figure: what is shown as equal is equal.
    """
    if people < LEAST_PEOPLE:
        return None
    return math.floor((20 * points + people) / (2 * people))
