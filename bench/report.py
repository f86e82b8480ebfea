"""Learning and sales at full size: the night's work, the pages, what is asked for at once, and plain pandas beside it.

    .venv/bin/python -m bench.report [--reps 100000] [--events 10000000] [--rounds 30]

Seeds reps with 24 months of sales and learning in the product's own stack, measures in turn, and prints each figure
beside its goal. Processor seconds are the figures to compare: wall-clock depends on what else the machine does.
"""

import argparse
import itertools
import json
import re
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import psycopg

from bench.asking import Office
from bench.meter import Spent, metered
from bench.pages import Browser, Found, Page
from bench.stand import Stand, stand
from tools.launch import programs
from tools.launch.places import ROOT

NIGHT_S, NIGHT_MB, PAGE_MS, GRID_S = 300.0, 2048.0, 300.0, 3.0
"""The goals."""

_PHASES = """
SELECT extract(epoch FROM (SELECT max(checked_at) FROM associations_month) - n.begun_at),
       extract(epoch FROM (SELECT max(checked_at) FROM associations_grid) - n.begun_at),
       extract(epoch FROM (SELECT max(checked_at) FROM associations_coursestudy) - n.begun_at),
       extract(epoch FROM n.done_at - n.begun_at),
       (SELECT count(*) FROM associations_month), (SELECT count(*) FROM associations_repmonth),
       (SELECT count(*) FROM associations_grid WHERE checked_at >= n.begun_at),
       (SELECT count(*) FROM associations_coursestudy WHERE checked_at >= n.begun_at)
  FROM associations_night n WHERE n.done_at IS NOT NULL ORDER BY n.day DESC LIMIT 1"""


@dataclass(frozen=True)
class Line:
    """A line of the table in the end."""

    what: str
    goal: str
    got: str
    kept: bool | None = None

    def __str__(self) -> str:
        verdict = {None: "", True: "kept", False: "MISSED"}[self.kept]
        return f"{self.what:58} {self.goal:>10}  {self.got:46} {verdict}"


def database(site: Stand) -> str:
    """Return the address of the product's database for the superuser."""
    return site.environment["DATABASE_ADMIN_URL"].rpartition("/")[0] + "/tomoni"


def one(site: Stand, statement: str) -> tuple[Any, ...] | None:
    """Return the first row of a statement."""
    with psycopg.connect(database(site), autocommit=True) as connection:
        row = connection.execute(statement.encode()).fetchone()
        return tuple(row) if row else None


def night(site: Stand, word: str) -> tuple[Spent, tuple[Any, ...]]:
    """Let a night's work be done; returns what was spent, and when its parts ended."""
    with metered(site) as spent:
        site.seed("bench.seed_report", word)
        while not (ended := one(site, _PHASES)):
            time.sleep(0.5)  # the night tells nobody that it is over
    return spent, ended


def of_night(name: str, spent: Spent, ended: Sequence[Any]) -> list[Line]:
    """Return the lines of a night."""
    months, grids, courses, whole = (float(each or 0) for each in ended[:4])
    kept = whole <= NIGHT_S and spent.worker_mb <= NIGHT_MB
    parts = f"{months:.0f} + {max(grids - months, 0):.0f} + {max(courses - max(grids, months), 0):.0f} s"
    memory = f"worker {spent.worker_mb:,.0f} MB, database {spent.database_mb:,.0f} MB"
    return [
        Line(f"{name}: seconds", f"{NIGHT_S:.0f} s", _took(whole, spent), whole <= NIGHT_S),
        Line(f"  {ended[4]} months + {ended[6]} grids + {ended[7]} courses", "", parts),
        Line("  largest memory", f"{NIGHT_MB:,.0f} MB", memory, spent.worker_mb <= NIGHT_MB),
        Line("  both", "", "", kept),
    ][: 3 if kept else 4]


def _took(seconds: float, spent: Spent) -> str:
    low, high = spent.load
    return (
        f"{seconds:.1f} s; CPU worker {spent.worker:.1f}, database {spent.database:.1f} s"
        f" (load {low:.0f}-{high:.0f})"
    )


def asked(site: Stand, world: dict[str, Any]) -> tuple[list[Line], str]:
    """Ask for what is computed at once; returns the lines, and where the client's report stands."""
    lines, place = [], ""
    for who, reps in (("tenth", "a tenth"), ("office", "all")):
        office = Office(site.url, world[who][0])
        office.report(lag=2)  # the worker's first one also reads its libraries
        asks = {"report": partial(office.report, lag=1), "grid": partial(office.grid, lag=2)}
        for name, ask in asks.items():
            goal = GRID_S if (who, name) == ("tenth", "grid") else None
            with metered(site) as spent:
                seconds, there = ask()
            place = there if (who, name) == ("office", "report") else place
            what = f"{name} of {reps} of the reps, asked until shown"
            wanted = f"{goal:.0f} s" if goal else ""
            lines.append(
                Line(what, wanted, _took(seconds, spent), seconds <= goal if goal else None)
            )
            lines.append(Line("  largest memory", "", f"worker {spent.worker_mb:,.0f} MB"))
    return lines, place


def stored(site: Stand, world: dict[str, Any], report: str, rounds: int) -> list[Line]:
    """Ask for every page of what is stored, so many times."""
    office = Office(site.url, world["office"][0])
    base = "/reports/learning-to-sales/"
    grid = re.search(rf"{base}grids/[0-9a-f-]+/", office.ask(f"{base}grid/")[2])
    course = f"{base}courses/{world['courses'][0]}/"
    assert grid
    paths = [base, report, f"{report}numbers.csv", f"{base}grid/", f"{grid[0]}numbers.csv"]
    pages = [
        Page("office", path, path)
        for path in [*paths, f"{base}courses/", course, f"{course}numbers.csv"]
    ]
    pages += [Page("large", f"{path} (a fifth)", path) for path in (base, f"{base}grid/")]
    sessions = {who: itertools.cycle(world[who]) for who in ("office", "large")}
    browser, found = Browser(site.url, world["cookie"], sessions), [Found() for _ in pages]
    for _ in range(3):
        for page in pages:
            browser.ask(page)
    for _ in range(rounds):
        for page, each in zip(pages, found, strict=True):
            ms, length = browser.ask(page)
            each.ms.append(ms)
            each.kilobytes = length / 1024
    return [
        Line(
            re.sub("[0-9a-f]{8}-[0-9a-f-]{27}", "…", page.name).removeprefix(
                "/reports/learning-to-sales"
            ),
            f"{PAGE_MS:.0f} ms",
            f"p50 {each.p50:.0f}, p95 {each.p95:.0f} ms, {each.kilobytes:.0f} KB",
            each.p95 <= PAGE_MS,
        )
        for page, each in zip(pages, found, strict=True)
    ]


def beside_pandas(site: Stand) -> list[Line]:
    """Add all events up by our statement and by plain pandas."""
    with metered(site) as ours:
        rows = site.seed("bench.seed_report", "count")["rows"]
    file = Path(site.environment["STATE_DIR"]) / "events.csv"
    with metered(site) as copying:
        done = subprocess.run(
            [sys.executable, "-m", "bench.by_pandas", database(site), str(file)],
            check=True,
            cwd=ROOT,
            stdout=subprocess.PIPE,
        )
    file.unlink()
    told = json.loads(done.stdout)
    cpu = told["cpu"] + copying.database
    wall = told["seconds"] + told["copied"]
    return [
        Line(
            "all events to rep-months: our statement",
            "",
            f"{ours.seconds:.1f} s; CPU {ours.database:.1f} s, {rows:,} rows",
        ),
        Line(
            "  plain pandas: copy out, read, add up",
            "",
            f"{wall:.1f} s; CPU {cpu:.1f} s ({copying.database:.1f} to copy), {told['peak_mb']:,.0f} MB",
        ),
        Line(
            "  ours / pandas",
            "",
            f"{ours.seconds / wall:.2f} of the time, {ours.database / cpu:.2f} of the CPU",
        ),
        Line(
            "  ours / pandas once events lie in a file",
            "",
            f"{ours.seconds / told['seconds']:.2f} of the time, {ours.database / told['cpu']:.2f} of the CPU",
        ),
    ]


def main() -> None:
    """Seed, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--reps", type=int, default=100_000)
    parser.add_argument("--events", type=int, default=10_000_000)
    parser.add_argument("--rounds", type=int, default=30)
    options = parser.parse_args()
    began = time.monotonic()
    lines: list[Line] = []

    def told(more: list[Line]) -> None:
        lines.extend(more)
        for line in more:
            print(f"[{time.monotonic() - began:4.0f} s] {line}", flush=True)

    with stand() as site:
        world = site.seed("bench.seed_report", "fill", str(options.reps), str(options.events))
        size = one(site, "SELECT pg_database_size('tomoni') / 1048576")
        told([Line("events; database", "", f"{world['events']:,}; {size[0] if size else 0:,} MB")])
        site.supervisor.start(programs.worker([programs.STATISTICS], site.environment, 1))
        site.supervisor.wait_until_ready()
        told(of_night("first night", *night(site, "ring")))
        told(of_night("usual night", *night(site, "again")))
        more, report = asked(site, world)
        told(more)
        told(stored(site, world, report, options.rounds))
        told(beside_pandas(site))
        size = one(site, "SELECT pg_database_size('tomoni') / 1048576")
        told(
            [
                Line(
                    "database in the end",
                    "6,144 MB",
                    f"{size[0] if size else 0:,} MB",
                    bool(size and size[0] <= 6144),
                )
            ]
        )
    print(
        f"\n{options.reps:,} reps, {world['events']:,} events, {time.monotonic() - began:.0f} s in all\n"
    )
    print("\n".join(map(str, lines)))


if __name__ == "__main__":
    main()
