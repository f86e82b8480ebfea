"""Reads of people's ways through the modules."""

import dataclasses
import datetime as dt
import uuid
from collections.abc import Iterable, Mapping
from typing import Any, cast

from django.db.models import Exists, FilteredRelation, OuterRef, Q, QuerySet

from core import rounding
from core.written import written_once
from courses.catalog.cards import Card, of_versions
from courses.catalog.models import Module, ModuleVersion
from courses.progress import asked
from courses.progress.asked import Asked
from courses.quizzes.models import Attempt
from courses.scenarios.models import Run
from partners.models import Person

TODO, DOING, FINISHED, UNDERSTOOD = "todo", "doing", "finished", "understood"

Rows = QuerySet[Any, dict[str, Any]]

_NEARLY_MS = 5_000
"""A video that has less than this left counts as watched."""


@dataclasses.dataclass(frozen=True)
class Way:
    """How far one person is with one published module.

    `state` is todo, doing, finished (the quiz was handed in) or understood (every item was right once). `answering`:
    an attempt at its quiz is open; `playing`: a run through its scenario is. `understood`: so many of the items that
    are asked today were right once.
    """

    module_id: uuid.UUID
    version_id: uuid.UUID
    course_id: uuid.UUID
    course: str
    card: Card
    state: str
    position_ms: int
    understood: int
    answering: bool
    last_at: dt.datetime | None
    playing: bool = False
    asked: Asked | None = None
    is_post: bool = False

    @property
    def to_do(self) -> bool:
        """Whether it was not finished yet."""
        return self.state in {TODO, DOING}

    @property
    def begun_again(self) -> bool:
        """Whether its quiz or scenario was finished once and stands in the middle once more."""
        return not self.to_do and (self.answering or self.playing)

    @property
    def watched(self) -> bool:
        """Whether the video was seen to its end (or there is none)."""
        return self.position_ms >= self.card.video_ms - _NEARLY_MS

    @property
    def resumes(self) -> bool:
        """Whether the video goes on somewhere in its middle."""
        return self.position_ms > 0 and not self.watched

    @property
    def at_quiz(self) -> bool:
        """Whether only the quiz is left to do: it was begun, or the video is over."""
        is_seen = self.state == DOING and self.position_ms > 0 and self.watched
        return self.answering or (self.card.items > 0 and is_seen)

    @property
    def resume_seconds(self) -> int:
        """Where the video goes on."""
        return self.position_ms // 1000 if self.resumes else 0

    @property
    def resume_ms(self) -> int:
        """Where the video goes on, exactly."""
        return self.position_ms if self.resumes else 0

    @property
    def minutes_left(self) -> int:
        """How many minutes are left, 1 at least: those of the quiz where only that is left.

        Says nothing of a run that was begun: what is left of it depends on its choices.
        """
        if self.at_quiz:
            return self.card.quiz_minutes
        return self.card.minutes_left(self.position_ms)

    @property
    def percent(self) -> int:
        """How far, 0 to 100, by time."""
        if self.state in {FINISHED, UNDERSTOOD}:
            return 100
        card = self.card
        before_quiz = card.total_ms - card.quiz_ms
        done = before_quiz if self.at_quiz else min(self.position_ms, card.video_ms)
        return rounding.divided(100 * done, card.total_ms)

    @property
    def to_practise(self) -> int:
        """How many items were not answered rightly yet, once the module is finished."""
        return max(self.card.items - self.understood, 0) if self.state == FINISHED else 0


def way(person: Person, module_id: uuid.UUID) -> Way | None:
    """Return this person's way through one module; None if they may not see it.

    Two queries, and those of whoever knows what people are asked.
    """
    found = _rows_of_one(person, module_id)
    return ways_of(found, asked.of(person))[0] if found else None


@written_once
def _rows_of_one(person: Person, module_id: uuid.UUID) -> Rows:
    return rows_of(person).filter(pk=module_id)


def document(version_id: uuid.UUID) -> dict[str, Any]:
    """Return what a version says. One query."""
    found: dict[str, Any] = ModuleVersion.objects.values_list("document", flat=True).get(
        pk=version_id
    )
    return found


def ways_of(rows: Iterable[dict[str, Any]], wanted: Mapping[uuid.UUID, Asked]) -> list[Way]:
    """Return these rows as ways, `wanted` being what is asked. Two queries at most."""
    found = list(rows)
    cards = of_versions(row["version_id"] for row in found)
    return [_way(row, cards[row["version_id"]], wanted) for row in found]


def published(person: Person) -> "QuerySet[Module]":
    """Return the published modules that somebody may see; lazy."""
    return Module.objects.visible_to(person).filter(
        version__isnull=False, is_archived=False, course__is_archived=False
    )


def rows_of(person: Person) -> Rows:
    """Return the published modules that somebody may see, with what they have done; lazy, as `ways_of` reads them."""
    is_open = Attempt.objects.filter(
        person_id=person.pk, state=Attempt.State.OPEN, quiz__module_id=OuterRef("pk")
    )
    is_played = Run.objects.filter(
        person_id=person.pk, state=Run.State.OPEN, scenario__module_id=OuterRef("pk")
    )
    rows = (
        published(person)
        .annotate(
            mine=FilteredRelation("progress", condition=Q(progress__person_id=person.pk)),
            answering=Exists(is_open),
            playing=Exists(is_played),
        )
        .values(
            "pk",
            "version_id",
            "course_id",
            "course__title",
            "form",
            "course__position",
            "position",
            "answering",
            "playing",
            "mine__position_ms",
            "mine__video",
            "mine__last_at",
            "mine__finished_at",
            "mine__understood_at",
            "mine__understood",
        )
    )
    return cast("Rows", rows)


def _way(row: dict[str, Any], card: Card, wanted: Mapping[uuid.UUID, Asked]) -> Way:
    return Way(
        module_id=row["pk"],
        version_id=row["version_id"],
        course_id=row["course_id"],
        course=row["course__title"],
        card=card,
        state=_state(row),
        position_ms=_position_ms(row, card),
        understood=len(card.asks.intersection(row["mine__understood"] or ())),
        answering=row["answering"],
        playing=row["playing"],
        last_at=row["mine__last_at"],
        asked=wanted.get(row["pk"]),
        is_post=row["form"] == Module.Form.POST,
    )


def _position_ms(row: dict[str, Any], card: Card) -> int:
    """Return where the video goes on: another one than was watched begins anew."""
    if card.video and row["mine__video"] not in (None, card.video):
        return 0
    return row["mine__position_ms"] or 0


def _state(row: dict[str, Any]) -> str:
    if row["mine__understood_at"]:
        return UNDERSTOOD
    if row["mine__finished_at"]:
        return FINISHED
    begun = row["answering"] or row["playing"] or row["mine__last_at"]
    return DOING if begun else TODO
