"""Queries that the ORM writes once and then only asks: writing one often takes ten times as long as its answer.

>>> @written_once
... def _open_attempts(person: Person, quiz_id: uuid.UUID) -> QuerySet[Attempt]:
...     return Attempt.objects.visible_to(person).filter(quiz_id=quiz_id, state="open")
>>> _open_attempts(person, quiz_id)  # a list, from one statement
"""

import datetime as dt
import functools
import uuid
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import Any, ParamSpec, Protocol, TypeVar

from django.core.exceptions import EmptyResultSet
from django.db import connections
from django.db.models import QuerySet, prefetch_related_objects

P = ParamSpec("P")
R = TypeVar("R")
T = TypeVar("T")

_SHAPES = 300
"""So many shapes of one query are kept; lists of many lengths make many."""


@dataclass(frozen=True)
class Reader:
    """Somebody as far as a query that is written once may know them: see `.visible_to(person)`."""

    pk: uuid.UUID
    organisation_id: uuid.UUID
    team_id: uuid.UUID | None
    of_client: bool
    roles: frozenset[str]

    def has_role(self, *roles: str) -> bool:
        """Say whether they have at least one of these roles."""
        return not self.roles.isdisjoint(roles)


class _Person(Protocol):
    @property
    def reader(self) -> Reader: ...


def written_once(write: Callable[P, "QuerySet[Any, R]"]) -> Callable[P, list[R]]:
    """Make a function that writes a query one that returns its rows, and writes it once for each shape.

    Ids, people and sequences of ids differ from call to call; whatever else is given (a number, a word, how many ids,
    what a person may see) makes a query of its own. The query must depend on nothing else: a moment is the database's
    `Now()`. Raises TypeError where a value stands in the query that was not given.
    """
    known: dict[Hashable, _Written] = {}
    write_any: Callable[..., QuerySet[Any, R]] = write

    @functools.wraps(write)
    def rows(*args: P.args, **kwargs: P.kwargs) -> list[R]:
        if kwargs:
            raise TypeError("A query that is written once takes its values by position")
        values: list[uuid.UUID] = []
        shape = tuple(_taken_apart(arg, values) for arg in args)
        found = known.get(shape)
        if found is None:
            marks: list[uuid.UUID] = []
            marked: Any = [_marked(arg, marks) for arg in args]
            if len(known) >= _SHAPES:
                known.clear()
            found = known[shape] = _Written(write_any(*marked), marks)
        return found.rows(values)

    return rows


def _taken_apart(arg: Any, values: list[uuid.UUID]) -> Hashable:
    """Add an argument's ids to the values. Returns its shape."""
    if isinstance(arg, uuid.UUID):
        values.append(arg)
        return uuid.UUID
    if isinstance(arg, (tuple, list)):
        values.extend(arg)
        return (len(arg),)
    if hasattr(arg, "reader"):
        reader = _reader(arg)
        values += [reader.pk, reader.organisation_id, reader.team_id or reader.pk]
        return (reader.of_client, reader.roles, reader.team_id is None)
    if isinstance(arg, (int, str)) or arg is None:
        return arg
    raise TypeError(f"A query that is written once can't take {arg!r}")


def _marked(arg: Any, marks: list[uuid.UUID]) -> Any:
    """Return the argument with a mark for each of its ids, in the order of `_taken_apart`."""

    def mark() -> uuid.UUID:
        marks.append(uuid.uuid4())
        return marks[-1]

    if isinstance(arg, uuid.UUID):
        return mark()
    if isinstance(arg, (tuple, list)):
        return tuple(mark() for _ in arg)
    if hasattr(arg, "reader"):
        reader = _reader(arg)
        pk, organisation, team = mark(), mark(), mark()
        team_id = None if reader.team_id is None else team
        return Reader(pk, organisation, team_id, reader.of_client, reader.roles)
    return arg


def _reader(person: _Person) -> Reader:
    return person.reader


class _Written:
    """A query with its SQL, and where in it the values go."""

    def __init__(self, queryset: "QuerySet[Any, Any]", marks: Sequence[uuid.UUID]) -> None:
        self._queryset = queryset
        self._compiler: Any = queryset.query.get_compiler(queryset.db)
        self._params: list[Any] = []
        self._places: list[tuple[int, int]] = []
        try:
            self._sql, params = self._compiler.as_sql()
        except EmptyResultSet:
            self._compiler = None
            return
        self._params = list(params)
        for place, param in enumerate(params):
            if param in marks:
                self._places.append((place, marks.index(param)))
            elif isinstance(param, (uuid.UUID, dt.date, dt.timedelta, list, tuple)):
                raise TypeError(f"{param!r} would stand in the query for ever")

    def rows(self, values: Sequence[uuid.UUID]) -> list[Any]:
        """Ask with these values. Django makes the rows as ever; only its writing of SQL is skipped."""
        if self._compiler is None:
            return []
        params = self._params.copy()
        for place, index in self._places:
            params[place] = values[index]
        compiler, query, queryset = map(
            _twin, (self._compiler, self._queryset.query, self._queryset)
        )
        compiler.connection = connections[queryset.db]
        compiler.as_sql = lambda *_args, **_kwargs: (self._sql, tuple(params))
        query.get_compiler = lambda *_args, **_kwargs: compiler
        queryset._query = query
        found = list(queryset._iterable_class(queryset))
        if queryset._prefetch_related_lookups:
            prefetch_related_objects(found, *queryset._prefetch_related_lookups)
        return found


def _twin(thing: T) -> T:
    """Return a shallow copy; `copy.copy` would have a queryset ask the database."""
    twin: T = thing.__class__.__new__(thing.__class__)
    twin.__dict__.update(thing.__dict__)
    return twin
