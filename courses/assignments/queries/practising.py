"""Who has finished a module without having understood it: no assignment reaches them, but a word may."""

import dataclasses
import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import CharField, Count, Exists, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Cast, Concat
from django.utils import timezone

from core.models import Notice
from core.scope import CLIENT, scoped
from courses.assignments import words
from courses.assignments.queries import rights
from courses.progress.models import ModuleProgress
from partners.models import Person

ONCE_IN = dt.timedelta(days=7)
"""Nobody is asked to practise a module more often."""


@dataclasses.dataclass(frozen=True)
class Stumbled:
    """How many of those who stumbled at a module can be asked to practise it now, and how many were asked lately."""

    left: int
    asked: int


def stumbled(
    viewer: Person, people: "QuerySet[Any]", modules: Sequence[uuid.UUID]
) -> Mapping[uuid.UUID, Stumbled]:
    """Return how many of these people stumbled at each of these modules, where anybody did. One query.

    `people` are ids of persons, lazy. Counted are those whom the viewer may ask and who have signed up.
    """
    found = (
        _stumbled(viewer, people, modules)
        .order_by()
        .values("module_id")
        .annotate(
            left=Count("pk", filter=Q(~Exists(_asked()))),
            asked=Count("pk", filter=Q(Exists(_asked()))),
        )
    )
    with scoped(CLIENT):
        return {row["module_id"]: Stumbled(row["left"], row["asked"]) for row in found}


def to_ask(
    viewer: Person, people: "QuerySet[Any]", module_id: uuid.UUID
) -> "QuerySet[ModuleProgress]":
    """Return the ways through a module of those who can be asked now; lazy, to be read in the client's scope."""
    return _stumbled(viewer, people, [module_id]).filter(~Exists(_asked()))


def understood_among(person_id: uuid.UUID, modules: Sequence[uuid.UUID]) -> set[uuid.UUID]:
    """Return which of these modules a person has understood. One query."""
    found = ModuleProgress.objects.filter(
        person_id=person_id, module__in=modules, understood_at__isnull=False
    )
    return set(found.values_list("module_id", flat=True))


def _stumbled(
    viewer: Person, people: "QuerySet[Any]", modules: Sequence[uuid.UUID]
) -> "QuerySet[ModuleProgress]":
    asked = rights.within_reach(viewer).exclude(pk=viewer.pk)
    asked = asked.filter(account__isnull=False, account__is_active=True, pk__in=people)
    shelf = rights.assignable(viewer).filter(pk__in=modules).order_by()
    return ModuleProgress.objects.filter(
        finished_at__isnull=False,
        understood_at__isnull=True,
        person__in=asked.values("pk"),
        module__in=shelf.values("pk"),
    )


def _asked() -> "QuerySet[Notice]":
    """Return what asked the person of the row outside lately to practise its module."""
    module = Cast(OuterRef("module_id"), CharField())
    return Notice.objects.filter(
        kind=f"assignments.{words.PRACTISE}",
        person_id=OuterRef("person_id"),
        created_at__gt=timezone.now() - ONCE_IN,
        key__startswith=Concat(Value("practise:"), module),
    )


def key_of(module_id: uuid.UUID, person_id: uuid.UUID, today: dt.date) -> str:
    """Return the key of what asks somebody to practise a module."""
    return f"practise:{module_id}:{person_id}:{today.isoformat()}"


def module_in(key: str) -> uuid.UUID | None:
    """Return the module that such a key names."""
    try:
        return uuid.UUID(key.removeprefix("practise:").partition(":")[0])
    except ValueError:
        return None
