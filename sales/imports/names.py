"""Who and what the words of a source mean: what is remembered, else what the names of people and products tell."""

import uuid
from collections.abc import Iterable, Mapping
from typing import Any

from core.tables.headers import fold
from partners.folding import same, spelled
from partners.models import Person
from sales.imports import columns
from sales.imports.models import Match
from sales.imports.values import UnreadableError
from sales.models import Product

MOST = 5_000
"""So many words of a kind are kept of one file."""

_SEVERAL = object()


class Seen:
    """A word of a file: how often it stood there, where first, what it means (empty: nothing), whether several."""

    __slots__ = ("first_row", "rows", "several", "word")

    def __init__(self, row: int) -> None:
        self.rows, self.first_row, self.several, self.word = 0, row, False, ""


class Directory:
    """Finds people by address, log-in name, id or full name, products by code or name, stages and measures by word.

    What was matched by hand for this source goes before. A name that several people have tells nobody. Where none
    has it as it is written, variant signs count as the same: 髙橋 finds 高橋, but never before another 髙橋.
    """

    def __init__(self, source_id: uuid.UUID) -> None:
        self.seen: dict[tuple[str, str], Seen] = {}
        self._answers: dict[tuple[str, str], Any] = {}
        self._matches = _matches(source_id)
        self._known: dict[str, Mapping[str, Any]] = dict(columns.WORDS)
        self._spelled: Mapping[str, Any] = {}

    def find(self, kind: str, text: str, row: int) -> Any:
        """Return what a word means. Raises UnreadableError: `unknown` or `several`."""
        key = (kind, text)
        if key not in self._answers:
            self._answers[key] = self._look_up(kind, text)
        answer = self._answers[key]
        is_known = answer is not None and answer is not _SEVERAL
        if not is_known or kind in columns.WORDS:
            self._note(key, row, answer)
        if not is_known:
            raise UnreadableError("unknown" if answer is None else "several")
        return answer

    def learn(self) -> None:
        """Read people and products, once. Two queries, which `find` asks when it needs them."""
        if columns.PERSON not in self._known:
            people, self._spelled = _people()
            self._known |= {columns.PERSON: people, columns.PRODUCT: _products()}

    def _note(self, key: tuple[str, str], row: int, answer: Any) -> None:
        found = self.seen.get(key)
        if found is None:
            if len(self.seen) >= MOST:
                return
            found = self.seen[key] = Seen(row)
            found.several = answer is _SEVERAL
            found.word = answer if isinstance(answer, str) else ""
        found.rows += 1

    def _look_up(self, kind: str, text: str) -> Any:
        matched = self._matches.get((kind, same(text)))
        if matched is not None:
            return matched
        self.learn()
        folded = fold(text) if kind in columns.WORDS else same(text)
        found = self._known[kind].get(folded)
        if found is None and kind == columns.PERSON:
            return self._spelled.get(spelled(folded))
        return found


def _matches(source_id: uuid.UUID) -> dict[tuple[str, str], Any]:
    rows = Match.objects.filter(source_id=source_id)
    found = rows.values_list("kind", "text", "rep_id", "product_id", "word")
    return {(kind, text): next(filter(None, meanings)) for kind, text, *meanings in found}


def _people() -> tuple[dict[str, Any], dict[str, Any]]:
    """Return people by what may stand for them, and by their names in the usual spelling. One query."""
    sure: dict[str, Any] = {}
    by_name: dict[str, tuple[bool, Any]] = {}
    by_spelling: dict[str, tuple[bool, Any]] = {}
    fields = ("pk", "email", "login_name", "family_name", "given_name", "is_active")
    for pk, email, login, family, given, active in Person.objects.values_list(*fields).iterator():
        sure[same(str(pk))] = pk
        for text in filter(None, (email, login)):
            sure[same(text)] = pk
        names = {same(f"{family}{given}"), same(f"{given}{family}")} if given else {same(family)}
        _add(by_name, names, pk, active=active)
        _add(by_spelling, set(map(spelled, names)), pk, active=active)
    return _told(by_name) | sure, _told(by_spelling)


def _add(
    found: dict[str, tuple[bool, Any]], names: Iterable[str], pk: uuid.UUID, *, active: bool
) -> None:
    """Note whose name it is: somebody at work goes before who has left; of two alike nobody is meant."""
    for name in names:
        there = found.get(name)
        if there is None or (active and not there[0]):
            found[name] = (active, pk)
        elif there[0] == active and there[1] != pk:
            found[name] = (active, _SEVERAL)


def _told(found: Mapping[str, tuple[bool, Any]]) -> dict[str, Any]:
    return {name: pk for name, (_active, pk) in found.items()}


def _products() -> dict[str, Any]:
    """Return products by code and name; a code goes before. One query."""
    by_name: dict[str, Any] = {}
    by_code = {}
    for pk, code, name in Product.objects.values_list("pk", "code", "name"):
        by_code[same(code)] = pk
        by_name[same(name)] = _SEVERAL if same(name) in by_name else pk
    return by_name | by_code
