"""The months of the report in plain pandas, to hold ours against: run by bench.report; prints JSON.

Events are copied out of the database as CSV, people and companies as numbers (which spares pandas half of its memory),
read, and added up to a row for each person, company and month. Nothing is compared, nothing is written.
"""

import json
import resource
import sys
import time
from pathlib import Path
from typing import Any

import pandas as pd
import psycopg

_PEOPLE = "WITH p AS (SELECT id, organisation_id, row_number() OVER (ORDER BY id) AS n FROM partners_person)"
_COUNTS = f"""{_PEOPLE}, o AS (SELECT id, row_number() OVER (ORDER BY id) AS n FROM partners_organisation)
SELECT p.n AS person, o.n AS place, f.day, f.measure, f.count AS n FROM sales_activity f
  JOIN p ON p.id = f.person_id JOIN o ON o.id = f.organisation_id
UNION ALL SELECT p.n, o.n, f.closed_at::date, f.outcome, 1 FROM sales_opportunity f
  JOIN p ON p.id = f.person_id JOIN o ON o.id = f.organisation_id WHERE f.closed_at IS NOT NULL
UNION ALL SELECT p.n, o.n, f.closed_at::date, 'amount', f.amount FROM sales_opportunity f
  JOIN p ON p.id = f.person_id JOIN o ON o.id = f.organisation_id WHERE f.outcome = 'won'
UNION ALL SELECT p.n, o.n, f.finished_at::date, 'finished', 1 FROM progress_moduleprogress f
  JOIN p ON p.id = f.person_id JOIN o ON o.id = f.organisation_id WHERE f.finished_at IS NOT NULL
UNION ALL SELECT p.n, o.n, f.assigned_at::date, 'asked', 1 FROM assignments_enrolment f
  JOIN p ON p.id = f.person_id JOIN o ON o.id = f.organisation_id
UNION ALL SELECT p.n, o.n, f.finished_at::date, 'done', 1 FROM assignments_enrolment f
  JOIN p ON p.id = f.person_id JOIN o ON o.id = f.organisation_id WHERE f.finished_at IS NOT NULL"""


def _copied(address: str, file: Path) -> float:
    """Copy all events out; returns seconds."""
    began = time.perf_counter()
    copying = f"COPY ({_COUNTS}) TO STDOUT (FORMAT csv, HEADER)".encode()
    with (
        psycopg.connect(address) as line,
        line.cursor() as cursor,
        cursor.copy(copying) as copy,
        file.open("wb") as told,
    ):
        told.writelines(copy)
    return time.perf_counter() - began


def _added(file: Path) -> "pd.DataFrame":
    """Return what each person did in each month, a column for each measure."""
    kinds: Any = {"person": "int32", "place": "int32", "measure": "category", "n": "int64"}
    events = pd.read_csv(file, dtype=kinds, parse_dates=["day"])
    events["month"] = events["day"].dt.year * 12 + events["day"].dt.month
    sums = events.groupby(["person", "place", "month", "measure"], observed=True)["n"].sum()
    return sums.unstack("measure", fill_value=0)


def main() -> None:
    """Copy, read, add up, and say what it took."""
    address, file = sys.argv[1], Path(sys.argv[2])
    copied = _copied(address, file)
    wall, cpu = time.perf_counter(), time.process_time()
    rows = len(_added(file))
    told = {
        "copied": copied,
        "seconds": time.perf_counter() - wall,
        "cpu": time.process_time() - cpu,
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "rows": rows,
        "file_mb": file.stat().st_size / 2**20,
    }
    json.dump(told, sys.stdout)


main()
