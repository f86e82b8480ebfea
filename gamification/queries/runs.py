"""Reads of one person's runs of scenarios for the record, each with what it was called and what it brought."""

from typing import Any

from django.db.models import (
    BooleanField,
    ExpressionWrapper,
    F,
    Func,
    IntegerField,
    OuterRef,
    Q,
    Subquery,
    Sum,
    TextField,
    Value,
)
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Coalesce

from courses.scenarios.models import Run
from gamification.models import LedgerEntry
from gamification.points import FINISHED
from partners.models import Person

_NOTHING = Value("", output_field=TextField())


class _EndingsTitle(Func):
    """The title of the ending with this key in a scenario's document; null where it has none."""

    template = (
        "(jsonb_path_query_first(%(expressions)s, '$.scenes[*] ? (@.key == $key)'::jsonpath, "
        "jsonb_build_object('key', scenarios_run.ending)) ->> 'title')"
    )
    output_field = TextField()


def played(person: Person) -> Any:
    """Return the person's runs, the latest first, with what it was called, its ending's name, its points. One query."""
    # The module that a first run finished is booked once for the module, whatever run it was: see `own.of_run`.
    finish = Q(attempt_id=None, rule=FINISHED, module_id=OuterRef("scenario__module_id"))
    earned = (
        LedgerEntry.objects.alias(of_first=ExpressionWrapper(OuterRef("is_first"), BooleanField()))
        .filter(Q(attempt_id=OuterRef("pk")) | finish & Q(of_first=True), person=OuterRef("person"))
        .order_by()
        .values("person")
        .annotate(sum=Sum("points"))
        .values("sum")
    )
    return (
        Run.objects.visible_to(person)
        .select_related("scenario")
        .annotate(
            title=Coalesce(KeyTextTransform("title", "version__document"), _NOTHING),
            language=KeyTextTransform("language", "version__document"),
            ending_title=Coalesce(_EndingsTitle(F("version__document")), _NOTHING),
            earned=Coalesce(Subquery(earned, output_field=IntegerField()), 0),
        )
        .only("state", "outcome", "score", "started_at", "ended_at", "scenario__module_id")
        .order_by("-started_at", "-pk")
    )


def count(person: Person) -> int:
    """Return how many runs the person has. One query."""
    return Run.objects.visible_to(person).count()
