"""What somebody does with a file of figures: bring it, say what it means, take it in, take it back.

Each only says what a worker is to do next and rings it; `working` is the worker.
"""

import datetime as dt
import uuid
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from core import bell
from core.mediafiles.uploads import Arrived
from core.tables.headers import fold
from partners.folding import same
from partners.models import Person
from sales.imports import files
from sales.imports.models import Import, Layout, Match, Name, takes_in
from sales.models import Product, Source

WORK, QUEUE = "imports.work", "bulk"
State = Import.State


class NotNowError(Exception):
    """Something else has happened to the import meanwhile: it isn't in a state in which this can be done."""


def ring() -> None:
    """Ring a worker after the commit; one that doesn't hear it is rung by the clock."""
    transaction.on_commit(lambda: bell.call(WORK, QUEUE), robust=True)


def allowed(actor: Person) -> None:
    """Raise PermissionDenied for whoever doesn't take figures in."""
    if not takes_in(actor):
        raise PermissionDenied


@transaction.atomic
def add_source(*, actor: Person, name: str) -> Source:
    """Add a source of this name, or return the one that has it."""
    allowed(actor)
    try:
        with transaction.atomic():
            return Source.objects.create(name=name)
    except IntegrityError:
        return Source.objects.get(name__iexact=name)


@transaction.atomic
def bring(*, actor: Person, source_id: uuid.UUID, grain: str, arrived: Arrived) -> Import:
    """Keep a file that has arrived, and have a worker read it. Raises Source.DoesNotExist, and MediaError."""
    allowed(actor)
    source = Source.objects.get(pk=source_id, kind=Source.Kind.CRM)
    stored = files.keep(arrived.incoming)
    ring()
    return Import.objects.create(
        organisation_id=actor.organisation_id,
        source=source,
        grain=grain,
        name=(arrived.name or "")[:200],
        path=stored.path,
        size=stored.size,
        brought_by=actor.pk,
    )


def _taken(actor: Person, import_id: uuid.UUID, *states: str) -> Import:
    """Lock an import that is in one of these states. Raises Import.DoesNotExist, and NotNowError.

    A worker that is at it holds the lock, but never in a state in which somebody may do something.
    """
    allowed(actor)
    rows = Import.objects.visible_to(actor).filter(pk=import_id)
    if rows.values_list("state", flat=True).get() not in states:
        raise NotNowError
    file = rows.select_for_update(no_key=True, of=("self",)).get()
    if file.state not in states:
        raise NotNowError
    return file


def _turn(file: Import, state: str, *fields: str) -> Import:
    """Put an import into a state; where that is a worker's, ring."""
    file.state, file.tries, file.error = state, 0, {}
    file.save(update_fields=["state", "tries", "error", *fields])
    if file.is_working:
        ring()
    return file


@transaction.atomic
def read_as(*, actor: Person, import_id: uuid.UUID, encoding: str) -> Import:
    """Have the file read anew in this encoding, where the rule found none or a wrong one."""
    file = _taken(actor, import_id, State.FAILED, State.MAPPING, State.CHECKED)
    if file.is_lines or not file.path:
        raise NotNowError
    file.encoding = encoding
    return _turn(file, State.READING, "encoding")


@transaction.atomic
def map_columns(
    *,
    actor: Person,
    import_id: uuid.UUID,
    chosen: Mapping[int, str],
    currency: str,
    product_id: uuid.UUID | None,
    until: dt.date | None = None,
) -> Import:
    """Say which column (by its place) means what, remember it for the source, and have every row looked at.

    `until` is the end of the year in which days without a year lie; of this file alone, so it isn't remembered.
    """
    file = _taken(actor, import_id, State.MAPPING, State.CHECKED)
    file.mapping = {
        "columns": {key: index for index, key in chosen.items() if key},
        "currency": currency,
        "product": str(product_id) if product_id else None,
        "until": until.isoformat() if until else None,
    }
    remembered = {fold(name): chosen.get(index, "") for index, name in enumerate(file.header)}
    Layout.objects.update_or_create(
        source_id=file.source_id,
        grain=file.grain,
        defaults={
            "organisation_id": file.organisation_id,
            "columns": remembered,
            "currency": currency,
            "product": Product.objects.get(pk=product_id) if product_id else None,
        },
    )
    return _turn(file, State.CHECKING, "mapping")


@transaction.atomic
def change_columns(*, actor: Person, import_id: uuid.UUID) -> Import:
    """Go back to the columns of a file that was looked at."""
    return _turn(_taken(actor, import_id, State.CHECKED, State.MAPPING), State.MAPPING)


@transaction.atomic
def match(*, actor: Person, import_id: uuid.UUID, meanings: Mapping[int, Any]) -> Import:
    """Say what words of a file mean (a Name's id → a Person, a Product, or a word), remember it for the source."""
    file = _taken(actor, import_id, State.CHECKED)
    for found in Name.objects.filter(file=file, pk__in=meanings):
        meaning = meanings[found.pk]
        values = {
            "rep": meaning if isinstance(meaning, Person) else None,
            "product": meaning if isinstance(meaning, Product) else None,
            "word": meaning if isinstance(meaning, str) else "",
        }
        Match.objects.update_or_create(
            source_id=file.source_id,
            kind=found.kind,
            text=same(found.text),
            defaults={"organisation_id": file.organisation_id, **values},
        )
        Name.objects.filter(pk=found.pk).update(word=values["word"] or "matched")
    return file


@transaction.atomic
def unlearn(*, actor: Person, match_id: int) -> Match:
    """Forget what a word of a source means; figures taken in stay where they are. Raises Match.DoesNotExist."""
    allowed(actor)
    found = Match.objects.select_related("source").get(pk=match_id)
    Match.objects.filter(pk=match_id).delete()
    return found


@transaction.atomic
def check_again(*, actor: Person, import_id: uuid.UUID) -> Import:
    """Have every row looked at once more."""
    return _turn(_taken(actor, import_id, State.CHECKED), State.CHECKING)


@transaction.atomic
def start(*, actor: Person, import_id: uuid.UUID) -> Import:
    """Have the rows without problems taken in, all of them or, where something fails, none."""
    file = _taken(actor, import_id, State.CHECKED)
    file.started_by = actor.pk
    return _turn(file, State.APPLYING, "started_by")


@transaction.atomic
def cancel(*, actor: Person, import_id: uuid.UUID) -> Import:
    """Let a file be that wasn't taken in; its content goes."""
    file = _taken(actor, import_id, State.MAPPING, State.CHECKED, State.FAILED)
    if file.finished_at is not None:
        raise NotNowError
    return let_go(_turn(file, State.CANCELLED))


FORGOTTEN = dt.timedelta(days=30)


def put_aside_forgotten(now: dt.datetime) -> int:
    """Put files aside that nobody took in for a month; their content goes. Return how many."""
    rows = Import.objects.filter(
        state__in=[State.MAPPING, State.CHECKED, State.FAILED],
        brought_at__lt=now - FORGOTTEN,
        finished_at=None,
    )
    done = 0
    for file_id in rows.order_by("brought_at").values_list("pk", flat=True)[:100]:
        with transaction.atomic():
            locked = rows.select_for_update(no_key=True, skip_locked=True, of=("self",))
            if file := locked.filter(pk=file_id).first():
                let_go(_turn(file, State.CANCELLED))
                done += 1
    return done


def let_go(file: Import) -> Import:
    """Forget the content of a file that is done with, once this is committed; columns keep their names."""
    path, file.path, file.head = file.path, "", file.head[:1]
    file.examples = {}
    file.save(update_fields=["path", "head", "examples"])
    transaction.on_commit(lambda: files.forget(path), robust=True)
    return file


@transaction.atomic
def undo(*, actor: Person, import_id: uuid.UUID) -> Import:
    """Have taken back what the import wrote, where nothing has written it since; what was left may be tried again."""
    file = _taken(actor, import_id, State.APPLIED, State.UNDONE)
    file.undone_by = actor.pk
    return _turn(file, State.UNDOING, "undone_by")
