"""What the SQL of a migration would do to people at work, read statement by statement."""

import re
from collections.abc import Iterable, Iterator

_IMMEDIATE = re.compile(
    r"random\(|clock_timestamp\(|timeofday\(|nextval\(|uuid_generate|gen_random_uuid\(|uuidv\d\(",
    re.IGNORECASE,
)
_TABLE = r'"?(?:public"?\.)?"?(?P<table>\w+)"?'
_ALTER = rf"^ALTER TABLE {_TABLE}"
_RULES: tuple[tuple[str, str], ...] = (
    (
        "index without CONCURRENTLY",
        rf"^CREATE (UNIQUE )?INDEX (?!CONCURRENTLY).*? ON (ONLY )?{_TABLE}",
    ),
    (
        "constraint without NOT VALID",
        _ALTER + r" ADD CONSTRAINT .*(CHECK|FOREIGN KEY)(?!.*NOT VALID)",
    ),
    (
        "constraint that builds an index",
        _ALTER + r" ADD CONSTRAINT (?!.*USING INDEX).*(UNIQUE|EXCLUDE|PRIMARY KEY)",
    ),
    ("NOT NULL on a column that is there", _ALTER + r" ALTER COLUMN .* SET NOT NULL"),
    (
        "new column NOT NULL without default",
        _ALTER + r" ADD COLUMN (?!.*(DEFAULT|GENERATED)).*(?<!DROP )NOT NULL",
    ),
    ("type that rewrites", _ALTER + r" ALTER COLUMN .* TYPE "),
    ("stored column that rewrites", _ALTER + r" ADD COLUMN .* GENERATED ALWAYS AS .* STORED"),
    ("counted column that rewrites", _ALTER + r" ADD COLUMN .*(serial|GENERATED .* AS IDENTITY)"),
    ("what the version before still reads", _ALTER + r" (DROP COLUMN|RENAME)"),
    ("what the version before still reads", rf"^DROP TABLE (IF EXISTS )?{_TABLE}"),
    ("all rows at once", rf"^(UPDATE|DELETE FROM) {_TABLE}"),
)


def created(statements: Iterable[str]) -> set[str]:
    """Return the tables that these statements make."""
    found = (
        re.match(rf"CREATE TABLE (IF NOT EXISTS )?{_TABLE}", each) for each in plain(statements)
    )
    return {match["table"] for match in found if match}


def findings(statements: Iterable[str], old: set[str]) -> Iterator[str]:
    """Tell what would hold up people or break the version before, on tables that were there before."""
    for statement in plain(statements):
        for rule, shape in _RULES:
            match = re.search(shape, statement, re.IGNORECASE)
            if match and match["table"] in old:
                yield f"{match['table']}: {rule}"
        match = re.search(rf"{_ALTER} ADD COLUMN .* DEFAULT ", statement, re.IGNORECASE)
        if match and match["table"] in old and _IMMEDIATE.search(statement):
            yield f"{match['table']}: default that differs from row to row"


def plain(statements: Iterable[str]) -> Iterator[str]:
    """Return statements one by one, on one line each, without comments. Bodies of functions stay whole."""
    for text in statements:
        without = re.sub(r"--[^\n]*", "", text)
        parts = [without] if "$$" in without else without.split(";")
        yield from (" ".join(part.split()) for part in parts if part.strip())
