"""Writes of what is sold, where figures come from, and which source counts."""

import unicodedata
import uuid
from collections.abc import Iterable, Mapping
from typing import TypeVar

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from partners import cleaning
from partners.folding import same
from partners.models import Person
from partners.problems import Problem
from partners.queries import organisations
from sales import measures
from sales.models import LocalRecord, Product, Record, Source
from sales.queries import glance

ROLES = ("sales_manager", "admin")
"""Who sets up sales figures; both belong to the client."""

_Row = TypeVar("_Row", Product, Source)


def _may(actor: Person) -> None:
    if not (actor.of_client and actor.has_role(*ROLES)):
        raise PermissionDenied


def _text(words: str, longest: int, field: str) -> str:
    clean = cleaning.name(words)
    if not clean:
        raise Problem(_("Please fill this in."), field)
    if len(clean) > longest:
        raise Problem(_("At most %(most)s letters, please.") % {"most": longest}, field)
    return clean


def _product_name(words: str, but: uuid.UUID | None = None) -> str:
    """Return a name that no other product has, since files name products by it, too. Raises Problem."""
    name = _text(words, 120, "name")
    other = _alike(Product.objects.all(), name, "name", but)
    if other is None:
        return name
    said = _("“%(name)s” is here already, with the code %(code)s. Choose another name.")
    if other.is_archived:
        said = _("“%(name)s” is here already, with the code %(code)s. Bring it back instead.")
    raise Problem(said % {"name": other.name, "code": other.code}, "name")


def _code(words: str, but: uuid.UUID | None = None) -> str:
    """Return a code in half width that no other product has, case aside. Raises Problem."""
    code = _text(unicodedata.normalize("NFKC", words), 40, "code")
    other = _alike(Product.objects.all(), code, "code", but)
    if other is None:
        return code
    said = _("“%(name)s” has this code already.")
    if other.is_archived:
        said = _("“%(name)s” has this code already. It is archived: bring it back instead.")
    raise Problem(said % {"name": other.name}, "code")


def _source_name(words: str, but: uuid.UUID | None = None) -> str:
    name = _text(words, 80, "name")
    if other := _alike(Source.objects.all(), name, "name", but):
        raise Problem(_("“%(name)s” is here already.") % {"name": other.label}, "name")
    return name


def _alike(rows: Iterable[_Row], words: str, field: str, but: uuid.UUID | None) -> _Row | None:
    key = same(words)
    return next((row for row in rows if row.pk != but and same(getattr(row, field)) == key), None)


@transaction.atomic
def add_product(*, actor: Person, name: str, code: str) -> Product:
    """Add a product. Raises Problem for an empty text, or a name or code that another one has."""
    _may(actor)
    return Product.objects.create(name=_product_name(name), code=_code(code))


@transaction.atomic
def edit_product(*, actor: Person, product_id: uuid.UUID, name: str, code: str) -> Product:
    """Rename a product or give it another code. Raises Problem as `add_product` does.

    A name that it shares since before that was refused may stay.
    """
    _may(actor)
    row = Product.objects.select_for_update(no_key=True).get(pk=product_id)
    if same(name) == same(row.name):
        row.name = _text(name, 120, "name")
    else:
        row.name = _product_name(name, row.pk)
    row.code = _code(code, row.pk)
    row.save(update_fields=["name", "code"])
    return row


@transaction.atomic
def add_source(*, actor: Person, name: str) -> Source:
    """Add another system from which figures come. Raises Problem for a name that is there already."""
    _may(actor)
    return Source.objects.create(kind=Source.Kind.CRM, name=_source_name(name))


@transaction.atomic
def rename_source(*, actor: Person, source_id: uuid.UUID, name: str) -> Source:
    """Rename a source. Raises Problem as `add_source` does, and for what is entered by hand."""
    _may(actor)
    row = Source.objects.select_for_update(no_key=True).get(pk=source_id)
    _not_by_hand(row)
    row.name = _source_name(name, row.pk)
    row.save(update_fields=["name"])
    return row


def _not_by_hand(row: Source) -> None:
    if row.kind == Source.Kind.HAND:
        raise Problem(_("What people enter by hand is always there."))


@transaction.atomic
def set_product_archived(*, actor: Person, product_id: uuid.UUID, archived: bool) -> Product:
    """Take a product out of what is offered, or bring it back; its figures stay."""
    _may(actor)
    return _archive(Product.objects.select_for_update(no_key=True).get(pk=product_id), archived)


@transaction.atomic
def set_source_archived(*, actor: Person, source_id: uuid.UUID, archived: bool) -> Source:
    """Archive a source or bring it back. Raises Problem while it is the record for anything."""
    _may(actor)
    row = Source.objects.select_for_update().get(pk=source_id)
    _not_by_hand(row)
    counts = (Record, LocalRecord)
    if archived and any(model.objects.filter(source=row).exists() for model in counts):
        raise Problem(
            _("Figures are counted from “%(name)s”. Choose another source for them first.")
            % {"name": row.label}
        )
    return _archive(row, archived)


def _archive(row: _Row, archived: bool) -> _Row:
    row.is_archived = archived
    row.save(update_fields=["is_archived"])
    return row


@transaction.atomic
def choose_record(*, actor: Person, measure: str, source_id: uuid.UUID, grain: str) -> Record:
    """Let a source, and a grain of it, be the record for a measure everywhere. Raises Problem."""
    _may(actor)
    row = Record.objects.select_for_update().get(measure=measure)
    fits = measures.COUNTED if grain == measures.ACTIVITY else measures.OF_DEALS
    if measure not in fits:
        raise Problem(_("This figure can't be counted like that."), "to")
    row.source, row.grain = _counting(source_id), grain
    row.save(update_fields=["source", "grain"])
    LocalRecord.objects.filter(measure=measure, source=row.source).delete()
    transaction.on_commit(glance.forget, robust=True)
    return row


@transaction.atomic
def choose_local_record(
    *, actor: Person, measure: str, organisation_id: uuid.UUID, source_id: uuid.UUID
) -> None:
    """Let a source be the record for a measure in one organisation; that of all the others makes it as they are."""
    _may(actor)
    organisation = organisations.organisation(actor, organisation_id)
    record = Record.objects.select_for_update().get(measure=measure)
    source = _counting(source_id)
    transaction.on_commit(lambda: glance.forget([organisation_id]), robust=True)
    if source.pk == record.source_id:
        LocalRecord.objects.filter(measure=measure, organisation=organisation).delete()
        return
    LocalRecord.objects.update_or_create(
        measure=measure, organisation=organisation, defaults={"source": source}
    )


@transaction.atomic
def choose_source(
    *,
    actor: Person,
    source_id: uuid.UUID,
    grains: Mapping[str, str],
    organisation_id: uuid.UUID | None,
) -> None:
    """Let a source be the record for several measures, everywhere (None) or in one organisation.

    `grains` says for each measure how it is counted; in one organisation that is as everywhere. All or nothing.
    Raises Problem as `choose_record` does, and for a grain that isn't the one of everywhere.
    """
    for measure in sorted(grains):
        if organisation_id is None:
            choose_record(actor=actor, measure=measure, source_id=source_id, grain=grains[measure])
            continue
        choose_local_record(
            actor=actor, measure=measure, organisation_id=organisation_id, source_id=source_id
        )


def _counting(source_id: uuid.UUID) -> Source:
    """Return a source that may count, held until the end so that nobody archives it meanwhile."""
    source = Source.objects.select_for_update().get(pk=source_id)
    if source.is_archived:
        raise Problem(_("“%(name)s” is archived. Bring it back first.") % {"name": source.label})
    return source
