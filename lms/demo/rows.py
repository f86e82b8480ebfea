"""Many rows at once: COPY into a table of the session, then one INSERT.

PostgreSQL has no COPY into a table with row security, and an INSERT of ten thousand rows by values takes ten
times as long.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from itertools import chain
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connection, connections, models
from psycopg import sql


def insert(rows: Iterable[models.Model]) -> int:
    """Insert these unsaved rows, all of one table; returns how many. Their defaults count, signals don't.

    A field that was not given and whose default is the database's is left to the database.
    """
    found = iter(rows)
    first = next(found, None)
    if first is None:
        return 0
    fields = _fields(first)
    columns = [str(field.column) for field in fields]
    return insert_values(type(first), columns, _values(chain([first], found), fields))


def insert_values(
    model: type[models.Model], columns: Sequence[str], values: Iterable[Sequence[Any]]
) -> int:
    """Insert rows given as values of these columns; returns how many. For tables of tens of thousands of rows."""
    names = sql.SQL(", ").join([sql.Identifier(column) for column in columns])
    table = sql.Identifier(model._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(
            sql.SQL(
                "CREATE TEMP TABLE demo_rows AS SELECT {names} FROM {table} WITH NO DATA"
            ).format(names=names, table=table)
        )
        copying = sql.SQL("COPY demo_rows ({names}) FROM STDIN").format(names=names)
        with cursor.copy(copying) as copy:
            for row in values:
                copy.write_row(row)
        cursor.execute(
            sql.SQL("INSERT INTO {table} ({names}) SELECT {names} FROM demo_rows").format(
                table=table, names=names
            )
        )
        count = int(cursor.rowcount)
        cursor.execute("DROP TABLE demo_rows")
    return count


def _fields(row: models.Model) -> "list[models.Field[Any, Any]]":
    """Return the fields that the first row gives a value; the others must do the same."""
    return [
        field
        for field in row._meta.concrete_fields
        if not field.generated
        and not isinstance(getattr(row, field.attname), models.expressions.DatabaseDefault)
        and not (isinstance(field, models.AutoField) and row.pk is None)
    ]


def _values(
    rows: Iterable[models.Model], fields: "Sequence[models.Field[Any, Any]]"
) -> Iterator[list[Any]]:
    readers = [(field.attname, _preparation(field)) for field in fields]
    for row in rows:
        given = row.__dict__
        yield [prepare(given[name]) if prepare else given[name] for name, prepare in readers]


def _preparation(field: "models.Field[Any, Any]") -> Callable[[Any], Any] | None:
    """Return what has to be done to a value; the driver itself knows ids, times, figures and lists."""
    if isinstance(field, models.JSONField):
        return partial(field.get_db_prep_save, connection=connections[DEFAULT_DB_ALIAS])
    return str if field.choices else None
