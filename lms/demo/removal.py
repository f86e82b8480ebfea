"""Takes the demo world away: the rows that are marked as demo, what hangs on them, and nothing else.

What hangs on a row is read from the models' foreign keys, so that a table which comes later can't be
forgotten; references by plain id are named here.
"""

import dataclasses
import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

from django.contrib.sessions.models import Session
from django.db import connection, models, transaction
from pghistory.models import Context
from psycopg import sql

from analytics import actions as summaries
from core.models import Asset, MailboxMessage, Notice, OutgoingMail, Rendition
from courses.catalog.models import Block, Course, Module, ModuleVersion, Term
from courses.quizzes.bank.models import BankItem
from courses.quizzes.models import Attempt
from courses.scenarios.models import Run, ScenarioDraft, ScenarioVersion
from gamification import actions as standings
from gamification.models import Board, GroupStanding, LedgerEntry
from lms.demo import truth
from lms.demo.media import forget_files
from lms.demo.trade import hand_back
from partners.models import Account, Client, Organisation, Person
from sales.models import Product, Source

Model = type[models.Model]
Pks = set[Any]

_MARKED: tuple[Model, ...] = (
    Client,
    Organisation,
    Person,
    Course,
    Module,
    Term,
    BankItem,
    Product,
    Source,
)

_BY_PLAIN_ID: tuple[tuple[Model, str, Model], ...] = (
    (Notice, "person_id", Person),
    (Notice, "organisation_id", Organisation),
    (LedgerEntry, "module_id", Module),
    (LedgerEntry, "attempt_id", Attempt),
    (LedgerEntry, "attempt_id", Run),
    (Asset, "organisation_id", Organisation),
    (Asset, "uploaded_by", Person),
)

_NAMES_ASSETS = {"asset", "picture", "face", "video"}

_STEP = 10_000


@dataclasses.dataclass(frozen=True)
class Link:
    """That rows of `model` hang on those of another table by a column."""

    model: Model
    column: str


def remove() -> dict[str, int]:
    """Delete the demo world, and return how many rows of each table. Nothing where there is none.

    Rankings of the months that it touched, and summaries of learning, are made anew for those who stay.
    """
    with transaction.atomic():
        hand_back()
        doomed = _hanging({model: _marked(model) for model in _MARKED})
        if not doomed:
            return {}
        doomed[Asset] |= _own_assets(doomed)
        doomed = _hanging(doomed)
        files = set(_of(Rendition, "path", doomed[Rendition]))
        months = set(_of(LedgerEntry, "month", doomed[LedgerEntry]))
        _forget_messages(doomed)
        contexts = _contexts(doomed)
        taken = {model._meta.db_table: _delete(model, pks) for model, pks in doomed.items() if pks}
        _delete_unused_contexts(contexts)
    forget_files(files)
    truth.forget()
    _rank_again(months)
    summaries.rebuild()
    return taken


def _marked(model: Model) -> Pks:
    return set(model._base_manager.filter(is_demo=True).values_list("pk", flat=True))


def _links(target: Model) -> Iterator[Link]:
    """Return every way in which a row can hang on one of this table.

    A history hangs on its row though the database does not say so; what is set to null does not hang.
    """
    for field in _pointing_at(target):
        is_real = getattr(field, "db_constraint", False) or field.name == "pgh_obj"
        if is_real and field.remote_field.on_delete is not models.SET_NULL:
            yield Link(field.model, field.attname)
    for model, column, plain in _BY_PLAIN_ID:
        if plain is target:
            yield Link(model, column)


def _pointing_at(target: Model) -> "Iterator[models.ForeignKey[Any, Any]]":
    for relation in target._meta.get_fields(include_hidden=True):
        if isinstance(relation, models.ManyToOneRel):
            table = relation.related_model._meta
            if table.managed and not table.proxy:
                yield relation.field


def _hanging(roots: "dict[Model, Pks]") -> "defaultdict[Model, Pks]":
    """Return the roots and all that hangs on them, directly or not; nothing without roots."""
    doomed: defaultdict[Model, Pks] = defaultdict(set)
    todo = [(model, pks) for model, pks in roots.items() if pks]
    while todo:
        model, pks = todo.pop()
        fresh = pks - doomed[model]
        if not fresh:
            continue
        doomed[model] |= fresh
        todo.extend((link.model, _which(link, fresh)) for link in _links(model))
        if model is Person:
            todo.append((Account, set(_of(Person, "account_id", fresh)) - {None}))
    return doomed


def _which(link: Link, pks: Pks) -> Pks:
    return {
        found
        for some in _in_steps(pks)
        for found in link.model._base_manager.filter(**{f"{link.column}__in": some}).values_list(
            "pk", flat=True
        )
    }


def _of(model: Model, column: str, pks: Pks) -> Iterator[Any]:
    """Return a column of these rows."""
    for some in _in_steps(pks):
        yield from model._base_manager.filter(pk__in=some).values_list(column, flat=True)


def _in_steps(pks: Pks) -> Iterator[list[Any]]:
    everything = list(pks)
    for start in range(0, len(everything), _STEP):
        yield everything[start : start + _STEP]


def _own_assets(doomed: "defaultdict[Model, Pks]") -> Pks:
    """Return the media that only the doomed people and modules show."""
    shown_by_doomed: Pks = set()
    shown_by_others: Pks = set()
    for model, columns in (
        (Person, ("picture_id",)),
        (Module, ("picture_id",)),
        (Block, ("data",)),
        (ModuleVersion, ("document",)),
        (ScenarioDraft, ("document",)),
        (ScenarioVersion, ("document",)),
    ):
        for pk, *values in model._base_manager.values_list("pk", *columns):
            shown = shown_by_doomed if pk in doomed[model] else shown_by_others
            shown.update(asset for value in values for asset in _assets_in(value))
    there = Asset.objects.filter(pk__in=shown_by_doomed - shown_by_others)
    return set(there.values_list("pk", flat=True))


def _assets_in(value: Any, key: str = "asset") -> Iterator[uuid.UUID]:
    """Return the assets that a document names, however deep."""
    if isinstance(value, uuid.UUID):
        yield value
    elif isinstance(value, dict):
        for name, inner in value.items():
            yield from _assets_in(inner, name)
    elif isinstance(value, list):
        for inner in value:
            yield from _assets_in(inner, key)
    elif isinstance(value, str) and key in _NAMES_ASSETS and len(value) == 36:
        yield uuid.UUID(value)


def _forget_messages(doomed: "defaultdict[Model, Pks]") -> None:
    """Delete what names doomed rows in other ways: mail, sessions, news on its way."""
    addresses = {address for address in _of(Person, "email", doomed[Person]) if address}
    OutgoingMail.objects.filter(recipient__in=addresses).delete()
    MailboxMessage.objects.filter(recipient__in=addresses).delete()
    accounts = {str(pk) for pk in doomed[Account]}
    for session in Session.objects.iterator():
        if session.get_decoded().get("_auth_user_id") in accounts:
            session.delete()
    ids = [str(pk) for pks in doomed.values() for pk in pks if isinstance(pk, uuid.UUID)]
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM core_delivery d WHERE EXISTS (SELECT FROM jsonb_each_text(d.payload) e"
            " WHERE e.value = ANY (%s))",
            [ids],
        )


def _contexts(doomed: "defaultdict[Model, Pks]") -> Pks:
    """Return the contexts (who did it, in which request) of the histories that go."""
    return {
        context
        for model, pks in doomed.items()
        if any(field.name == "pgh_context" for field in model._meta.concrete_fields)
        for context in _of(model, "pgh_context_id", pks)
        if context is not None
    }


def _delete_unused_contexts(contexts: Pks) -> None:
    for field in _pointing_at(Context):
        used = field.model._base_manager.filter(**{f"{field.attname}__in": contexts})
        contexts -= set(used.values_list(field.attname, flat=True))
    _delete(Context, contexts)


def _delete(model: Model, pks: Pks) -> int:
    """Delete rows by their keys. Foreign keys are checked when the transaction ends."""
    statement = sql.SQL("DELETE FROM {table} WHERE {key} = ANY (%s)").format(
        table=sql.Identifier(model._meta.db_table), key=sql.Identifier(str(model._meta.pk.column))
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, [list(pks)])
        return int(cursor.rowcount)


def _rank_again(months: Iterable[dt.date]) -> None:
    """Sum up the months that lost points; one in which nobody has any is no longer known."""
    for month in sorted(months):
        standings.rebuild(month=month)
        if not LedgerEntry.objects.filter(month=month).exists():
            GroupStanding.objects.filter(month=month).delete()
            Board.objects.filter(month=month).delete()
