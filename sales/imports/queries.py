"""Reads of imports for their pages. Each says how many queries it makes."""

import dataclasses
import re
import uuid
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from django.core.cache import cache
from django.core.paginator import Page, Paginator
from django.db.models import Case, Q, QuerySet, Value, When

from partners.folding import fold
from partners.models import Organisation, Person
from partners.models.person import by_reading
from sales import measures
from sales.imports import columns, values
from sales.imports.columns import KINDS
from sales.imports.models import Import, Layout, Match, Name, Trouble, takes_in
from sales.models import Activity, Opportunity, Product, Revision, Source
from sales.queries import setup

PAGE_SIZE = 30
CANDIDATES = 8
_WORDS = 5
_AT_ONCE = 10_000
"""So many ids stand in one statement at most: PostgreSQL takes no more than 65,535 parameters."""
_FAMILY_NAME = re.compile(r"[ぁ-ゖァ-ヺ々〆㐀-鿿\uf900-\ufaff\U00020000-\U0003ffff]{1,2}")
"""How a Japanese family name begins; two Latin letters would stand in anybody's address."""


def sources() -> list[Source]:
    """Return the sources that files come from. One query."""
    return list(Source.objects.filter(kind=Source.Kind.CRM, is_archived=False).order_by("name"))


def imports_page(viewer: Person, number: str | None) -> "Page[Import]":
    """Return one page of the imports, the newest first, with who brought them. Three queries."""
    rows = Import.objects.visible_to(viewer).select_related("source").order_by("-brought_at")
    page = Paginator(rows.defer("head", "examples", "companies"), PAGE_SIZE).get_page(number)
    people = persons(viewer, [row.brought_by for row in page.object_list])
    for row in page.object_list:
        row.by = people.get(row.brought_by)  # type: ignore[attr-defined]
    return page


def one(viewer: Person, import_id: uuid.UUID) -> Import:
    """Return an import. One query. Raises Import.DoesNotExist."""
    return Import.objects.visible_to(viewer).select_related("source").get(pk=import_id)


def persons(viewer: Person, ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, Person]:
    """Return people by their ids, as far as somebody may see them. One query."""
    return Person.objects.visible_to(viewer).in_bulk(set(ids))


def products(ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, Product]:
    """Return products by their ids. One query."""
    return Product.objects.in_bulk(set(ids))


def all_products() -> list[Product]:
    """Return all products, those in use first. One query."""
    return list(Product.objects.order_by("is_archived", "name", "code"))


def layout(file: Import) -> Layout | None:
    """Return what is remembered of the files of a source. One query."""
    return Layout.objects.filter(source_id=file.source_id, grain=file.grain).first()


_PROGRESS = "imports:progress:{}"


def note_progress(file: Import, rows: int) -> None:
    """Say how far a worker is; lost without harm."""
    cache.set(_PROGRESS.format(file.pk), rows, 3600)


def progress(file: Import) -> int:
    """Return how many rows a worker has gone through."""
    return min(cache.get(_PROGRESS.format(file.pk)) or 0, file.rows)


def troubles_page(file: Import, number: str | None) -> "Page[Trouble]":
    """Return one page of what is to be mended, in the file's order. Two queries."""
    return Paginator(_troubles(file), PAGE_SIZE).get_page(number)


def troubles(file: Import) -> Iterator[Trouble]:
    """Yield all that is to be mended. One query."""
    return iter(_troubles(file).iterator())


def _troubles(file: Import) -> "QuerySet[Trouble]":
    return Trouble.objects.filter(file=file).order_by("row", "id")


_KIND = Case(*(When(kind=kind, then=Value(n)) for n, kind in enumerate(KINDS)))


def lacks_years(file: Import) -> bool:
    """Say whether days without a year stand in a file, as far as its first rows and its problems tell. One query."""
    shown = any(values.lacks_year(cell) for cells in file.head for cell in cells)
    return shown or _troubles(file).filter(code="no_year").exists()


def problems(file: Import) -> "QuerySet[Trouble]":
    """Return what is to be mended, for a program to go through."""
    return Trouble.objects.filter(file=file)


def unknown_page(file: Import, number: str | None) -> "Page[Name]":
    """Return one page of words that mean nothing yet, people first, the frequent ones first. Two queries."""
    rows = Name.objects.filter(file=file, word="").order_by(_KIND, "-rows", "text")
    return Paginator(rows, PAGE_SIZE).get_page(number)


def understood(file: Import) -> list[Name]:
    """Return the stages and measures of a file that mean something. One query."""
    return list(Name.objects.filter(file=file).exclude(word="").order_by(_KIND, "-rows")[:100])


@dataclasses.dataclass(frozen=True)
class Uncounted:
    """A measure of a file that is counted from another source: in these companies, or (none) in all it tells of."""

    measure: str
    companies: Sequence[str]


def companies_of(people: Collection[uuid.UUID]) -> list[str]:
    """Return the ids of these people's organisations, as a file keeps them. One query for each ten thousand."""
    wanted, found = list(people), set[uuid.UUID]()
    for start in range(0, len(wanted), _AT_ONCE):
        some = Person.objects.filter(pk__in=wanted[start : start + _AT_ONCE])
        found.update(some.values_list("organisation_id", flat=True).distinct())
    return sorted(map(str, found))


def told(file: Import) -> tuple[list[str], list[Uncounted]]:
    """Return the measures that a file tells, and those of them not counted from its source. Four queries at most."""
    by_column: Mapping[str, int] = file.mapping.get("columns", {})
    found = columns.told(by_column, file.grain)
    if columns.MEASURE in by_column:
        named = Name.objects.filter(file=file, kind=columns.MEASURE, word__in=measures.COUNTED)
        found |= set(named.values_list("word", flat=True))
    listed = [measure for measure in measures.ALL if measure in found]
    return listed, _uncounted(file, listed)


def _uncounted(file: Import, listed: Sequence[str]) -> list[Uncounted]:
    companies: list[uuid.UUID | None] = [uuid.UUID(each) for each in file.companies] or [None]
    missing = setup.uncounted_in(file.source_id, file.grain, companies) if listed else {}
    some = {pk for where in missing.values() for pk in where if pk and len(where) < len(companies)}
    rows = Organisation.objects.filter(pk__in=some) if some else Organisation.objects.none()
    names: dict[uuid.UUID | None, str] = {row.pk: row.name for row in rows}
    return [
        Uncounted(
            measure,
            sorted(names[pk] for pk in missing[measure])
            if len(missing[measure]) < len(companies)
            else (),
        )
        for measure in listed
        if measure in missing
    ]


def name(file: Import, name_id: int) -> Name:
    """Return a word of a file. One query. Raises Name.DoesNotExist."""
    return Name.objects.get(file=file, pk=name_id)


def candidates(viewer: Person, words: str) -> list[Person]:
    """Return people who could be meant, those at work first, as far as the viewer may see them. One query."""
    rows = Person.objects.visible_to(viewer).matching(words).select_related("organisation", "team")
    return list(rows.order_by("-is_active", *by_reading())[:CANDIDATES])


def likely(viewer: Person, text: str) -> list[Person]:
    """Return people whom a word of a file could mean: who has all of it, else what tells. Two queries at most.

    Of an address that nobody has the words before the @ tell, of a Japanese name the family name. Of anything
    else nobody is proposed: a number or two letters of it tell nobody.
    """
    folded = fold(text).strip()
    family = _FAMILY_NAME.match(folded)
    if (family or len(folded) > 2) and (found := candidates(viewer, text)):
        return found
    if "@" in folded:
        return _named(viewer, re.findall(r"[a-z]{3,}", folded.partition("@")[0])[:_WORDS])
    return candidates(viewer, family[0]) if family else []


def _named(viewer: Person, words: Sequence[str]) -> list[Person]:
    """Return people with one of these words in their name or before the @ of their address, the most of them first."""
    if not words:
        return []
    holds = [
        Q(email__iregex=f"^[^@]*{word}")
        | Q(login_name__icontains=word)
        | Q(family_name__icontains=word)
        | Q(given_name__icontains=word)
        for word in words
    ]
    hits = sum((Case(When(each, then=1), default=0) for each in holds), Value(0))
    rows = Person.objects.visible_to(viewer).select_related("organisation", "team")
    found = rows.annotate(hits=hits).filter(hits__gt=0)
    return list(found.order_by("-hits", "-is_active", *by_reading())[:CANDIDATES])


def remembered_page(viewer: Person, number: str | None) -> "Page[Match]":
    """Return one page of words that are remembered, by source. Two queries."""
    rows = Match.objects.select_related("source", "rep__organisation", "product")
    if not takes_in(viewer):
        rows = rows.none()
    return Paginator(rows.order_by("source__name", _KIND, "text"), PAGE_SIZE).get_page(number)


@dataclasses.dataclass(frozen=True)
class Kept:
    """A fact that an undo left as it is, since something wrote it later."""

    key: str
    person: Any
    product: Any
    day: Any = None
    measure: str = ""


def kept_page(viewer: Person, file: Import, number: str | None) -> "Page[Any]":
    """Return one page of what an undo left. Four queries at most."""
    logged = Revision.objects.filter(cause=file.pk).order_by("id")
    page: Page[Any] = Paginator(logged, PAGE_SIZE).get_page(number)
    rows = list(page.object_list)
    counts = Activity.objects.visible_to(viewer).select_related("person", "product")
    deals = Opportunity.objects.visible_to(viewer).select_related("person", "product")
    there: Mapping[Any, Any] = {
        **counts.in_bulk([row.activity_id for row in rows if row.activity_id]),
        **deals.in_bulk([row.opportunity_id for row in rows if row.opportunity_id]),
    }
    page.object_list = [_kept(there.get(row.activity_id or row.opportunity_id)) for row in rows]
    return page


def _kept(fact: Any) -> Kept:
    if fact is None:
        return Kept("–", None, None)
    if isinstance(fact, Activity):
        return Kept("", fact.person, fact.product, fact.day, fact.measure)
    return Kept(fact.external_id, fact.person, fact.product)


def waiting() -> "list[uuid.UUID]":
    """Return the imports that a worker should be at, the oldest first. One query."""
    rows = Import.objects.filter(state__in=Import.WORKING).order_by("brought_at")
    return list(rows.values_list("pk", flat=True))


def source_of(import_id: uuid.UUID) -> uuid.UUID:
    """Return an import's source. One query."""
    return Import.objects.values_list("source_id", flat=True).get(pk=import_id)
