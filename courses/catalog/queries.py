"""Reads of the glossary."""

import functools
import itertools
import operator
import uuid
from collections.abc import Iterable

from django.core.paginator import Page, Paginator
from django.db.models import Q
from django.db.models.functions import Substr

from courses.catalog.models import Term, TermQuerySet
from courses.catalog.syllabary import row_of
from partners.folding import fold
from partners.models import Person

PAGE_SIZE = 40
OFFERED = 20
WRITINGS = 50
"""So many words are looked at for what a search in kana may mean."""


def languages(person: Person) -> list[str]:
    """Return the languages in which there are words, in the order of their codes. One query."""
    found = Term.objects.visible_to(person).order_by().values_list("language", flat=True)
    return sorted(found.distinct())


def listed(words: str, language: str) -> TermQuerySet:
    """Return the words that every reader finds, by reading: those that match, of one language ("": of all)."""
    found = Term.objects.listed().matching(words)
    return found.filter(language=language) if language else found


def rows(terms: TermQuerySet) -> list[str]:
    """Return the rows (あ, か, … A, B, …) in which these words stand, in order. One query."""
    firsts = (
        terms.order_by().annotate(first=Substr("sort_key", 1, 1)).values_list("first", flat=True)
    )
    there = {row_of(first) for first in firsts.distinct()}
    return sorted(there, key=lambda row: (row == "#", row.isascii(), row))


def page_of(terms: TermQuerySet, number: str | None) -> "Page[Term]":
    """Return one page of these words. Two queries."""
    return Paginator(terms.by_reading(), PAGE_SIZE).get_page(number)


def by_row(terms: Iterable[Term]) -> list[tuple[str, list[Term]]]:
    """Group words that stand in the order of their reading by row."""
    groups = itertools.groupby(terms, lambda term: row_of(term.sort_key))
    return [(row, list(group)) for row, group in groups]


def to_edit(person: Person, words: str, *, archived: bool) -> TermQuerySet:
    """Return the words that this author may change and that match. Lazy."""
    return Term.objects.visible_to(person).filter(is_archived=archived).matching(words)


def term(person: Person, term_id: uuid.UUID) -> Term:
    """Return one word. Raises Term.DoesNotExist. One query."""
    return Term.objects.visible_to(person).get(pk=term_id)


def same_word(word: str, language: str) -> Term | None:
    """Return the word of the list that is the same but for width, case and kana, also one that was put away."""
    alike = Term.objects.filter(language=language, search__startswith=fold(word))
    return next((term for term in alike if fold(term.word) == fold(word)), None)


def known(language: str) -> list[Term]:
    """Return the words of a language against which a draft is checked (see `plainwords`). One query."""
    return list(Term.objects.listed().filter(language=language).only("word").by_reading())


def offered(words: str, ids: Iterable[uuid.UUID] = ()) -> list[Term]:
    """Return what an editor offers for these words, or these very words by their ids. One query."""
    wanted = list(ids)
    found = Term.objects.filter(pk__in=wanted) if wanted else Term.objects.listed().matching(words)
    return list(found.by_reading()[: len(wanted) or OFFERED])


def written(readings: Iterable[str]) -> dict[str, list[str]]:
    """Return the words of the list, folded, whose reading holds these, by these. One query; none without any."""
    wanted = list(readings)
    if not wanted:
        return {}
    held = functools.reduce(operator.or_, (Q(search__contains=reading) for reading in wanted))
    found = Term.objects.listed().exclude(reading="").filter(held).only("word", "sort_key")
    terms = list(found.by_reading()[:WRITINGS])
    return {
        reading: [fold(term.word) for term in terms if reading in term.sort_key]
        for reading in wanted
    }


def explained(ids: Iterable[str]) -> dict[str, dict[str, str]]:
    """Return what readers are told of these words, by id; what was put away or never was is left out.

    One query; none without ids.
    """
    wanted = [uuid.UUID(each) for each in ids]
    if not wanted:
        return {}
    found = Term.objects.listed().filter(pk__in=wanted)
    return {
        str(term.pk): {"word": term.word, "reading": term.reading, "meaning": term.meaning}
        for term in found
    }
