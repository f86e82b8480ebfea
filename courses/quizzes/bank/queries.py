"""Reads of the bank: lists, one item, where it is used."""

import dataclasses
import uuid
from collections.abc import Iterable
from typing import Any

from django.core.paginator import Page, Paginator
from django.db import connection
from django.db.models import Func, Q, QuerySet

from courses.catalog.models import Module
from courses.quizzes.bank.models import BankFile, BankItem, BankItemQuerySet, keeps_bank
from partners.models import Person

PAGE_SIZE = 30
PICKED = 30
"""How many items the editor's search shows; a further word finds the rest."""


@dataclasses.dataclass(frozen=True)
class Filter:
    """Which items a list is to show; empty fields filter nothing."""

    words: str = ""
    tag: str = ""
    kind: str = ""
    archived: bool = False

    def count(self) -> int:
        """Return how many filters are set, the words aside."""
        return sum(bool(value) for value in (self.tag, self.kind, self.archived))


@dataclasses.dataclass(frozen=True)
class Listed:
    """An item with the number of modules that use it."""

    item: BankItem
    uses: int


def items(viewer: Person, wanted: Filter) -> BankItemQuerySet:
    """Return the items this viewer may see, filtered, what was changed last first."""
    found = BankItem.objects.visible_to(viewer).matching(wanted.words)
    found = found.filter(is_archived=wanted.archived)
    if wanted.tag:
        found = found.tagged(wanted.tag)
    if wanted.kind:
        found = found.filter(kind=wanted.kind)
    return found.defer("search").order_by("-changed_at", "code")


def items_page(
    viewer: Person, wanted: Filter, number: str | None
) -> tuple["Page[Any]", list[Listed]]:
    """Return one page of items and its rows with their uses. Three queries."""
    page = Paginator(items(viewer, wanted), PAGE_SIZE).get_page(number)
    counts = uses(item.pk for item in page)
    return page, [Listed(item, counts.get(item.pk, 0)) for item in page]


def picked(viewer: Person, words: str, tag: str) -> list[BankItem]:
    """Return the first items that fit, for the editor's dialog, and one more if there is. One query."""
    return list(items(viewer, Filter(words, tag))[: PICKED + 1])


def item(viewer: Person, item_id: uuid.UUID) -> BankItem:
    """Return one item. Raises BankItem.DoesNotExist. One query."""
    return BankItem.objects.visible_to(viewer).get(pk=item_id)


def everything(viewer: Person) -> BankItemQuerySet:
    """Return the whole bank by code, archived items too, as it is taken away in a file."""
    return BankItem.objects.visible_to(viewer).defer("search").order_by("code")


def tags(viewer: Person) -> tuple[list[str], list[str]]:
    """Return the skills and the products that are in use. Two queries."""
    mine = BankItem.objects.visible_to(viewer).filter(is_archived=False).order_by()
    return _distinct(mine, "skills"), _distinct(mine, "products")


def _distinct(rows: BankItemQuerySet, field: str) -> list[str]:
    named = rows.annotate(tag=Func(field, function="unnest")).values_list("tag", flat=True)
    return sorted(named.distinct())


_USES = """
SELECT bank, count(*) FROM (
  SELECT DISTINCT i ->> 'bank' AS bank, m.id
    FROM catalog_module m JOIN catalog_block b ON b.module_id = m.id AND b.kind = 'quiz'
   CROSS JOIN LATERAL jsonb_array_elements(
         CASE jsonb_typeof(b.data -> 'items') WHEN 'array' THEN b.data -> 'items' ELSE '[]' END) i
   WHERE NOT m.is_archived AND i ->> 'bank' = ANY (%(items)s)
  UNION
  SELECT i ->> 'bank', m.id
    FROM catalog_module m JOIN quizzes_quizversion v ON v.module_version_id = m.version_id
   CROSS JOIN LATERAL jsonb_array_elements(v.document -> 'items') i
   WHERE NOT m.is_archived AND i ->> 'bank' = ANY (%(items)s)
) used GROUP BY bank
"""


def uses(item_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, int]:
    """Return in how many modules each item is used, in a draft or as published. One query."""
    with connection.cursor() as cursor:
        cursor.execute(_USES, {"items": [str(each) for each in item_ids]})
        return {uuid.UUID(bank): count for bank, count in cursor.fetchall()}


def modules_using(viewer: Person, item_id: uuid.UUID) -> list[Module]:
    """Return the modules that use an item, in a draft or as published. One query."""
    held = [{"bank": str(item_id)}]
    used: QuerySet[Module] = Module.objects.visible_to(viewer).filter(
        Q(blocks__data__items__contains=held)
        | Q(version__quiz_versions__document__items__contains=held),
        is_archived=False,
    )
    return list(used.select_related("course").distinct())


def file(viewer: Person, file_id: uuid.UUID) -> BankFile:
    """Return a file that was brought to the viewer's bank. Raises BankFile.DoesNotExist. One query."""
    if not keeps_bank(viewer):
        raise BankFile.DoesNotExist
    return BankFile.objects.get(pk=file_id, organisation_id=viewer.organisation_id)
