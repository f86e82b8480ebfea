"""How long the pages of lists and progress take in a large world, and whether they ask the database more there.

    .venv/bin/python -m bench.pages [--reps 100000] [--modules 5000] [--rounds 30]

Makes a small world and the large one, counts what PostgreSQL hears from the web server for each page in both, then
asks for all pages in turn. Prints a line for each page, those that miss the goal marked.
"""

import argparse
import http.client
import itertools
import re
import statistics
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import psycopg

from bench.stand import Stand, stand

GOAL_MS = 300.0
SMALL = (300, 60)
"""Reps and modules of the small world: every list has more than one page."""

_WARM_UP = 10
"""So often each page is asked for before, by reps more often: both web processes read a version's card once."""

_COUNTED = 8
"""A page is asked for so often to count: people differ, and the one of whom most is asked counts."""

HEARD = re.compile(rb"^tomoni_app LOG:  (?:statement|execute)", re.MULTILINE)
"""A statement of the web server in the log of PostgreSQL."""


@dataclass(frozen=True)
class Page:
    """A page: who looks, under which name it is printed, and where it is."""

    who: str
    name: str
    path: str


@dataclass
class Found:
    """What was measured of a page; `queries` are those of the small and of the large world."""

    queries: list[int] = field(default_factory=list)
    ms: list[float] = field(default_factory=list)
    kilobytes: float = 0.0

    @property
    def p50(self) -> float:
        """The median."""
        return statistics.median(self.ms)

    @property
    def p95(self) -> float:
        """The time within which 19 of 20 answers came."""
        return statistics.quantiles(self.ms, n=20)[-1]

    @property
    def grows(self) -> bool:
        """Whether the large world asks the database more."""
        return len(set(self.queries)) > 1


def pages(world: Mapping[str, Any]) -> list[Page]:
    """Return every page that is measured."""
    team, everywhere = "team/", f"progress/companies/{world['large_id']}/"
    own = [("", ""), ("members", "members/"), ("modules", "modules/")]
    module = f"modules/{world['module']}/"
    return [
        *_of("reps", "", ["", "learn/", module, "ranking/", "ranking/?by=team", "ranking/?by=partner"]),
        *_of("reps", "", ["record/", "record/?view=points", "record/learning.csv", "notices/"]),
        *_of("middle", "", ["", *(team + path for _, path in own), team + module]),
        *_of("large", "", ["", team, "assignments/", f"assignments/{world['assignment']}/"]),
        *_of("large", team, _whole(world, module)),
        *_of("large", team, [f"members/{world['person']}/"]),
        *_of("office", "", ["", "learn/", "progress/", "progress/?sort=share", "progress/?q=0002"]),
        *_of("office", "progress/", ["companies.csv", "modules/", "modules/?q=12", "modules.csv", module]),
        Page("office", "/progress/modules/… (chosen)/", f"/progress/modules/{world['chosen']}/"),
        *_of("office", everywhere, _whole(world, module)),
        *_of("office", "", ["authoring/", "authoring/?q=12", "authoring/?state=changed"]),
        *_of("office", "authoring/", [f"courses/{world['course']}/", module, "bank/", "bank/?q=12", "terms/"]),
        *_of("office", "", ["people/", "people/?q=たかはし", "partners/", f"partners/{world['large_id']}/"]),
        *_of("office", "", ["assignments/", f"assignments/{world['assignment']}/", "assignments/new/"]),
    ]  # fmt: skip


def _whole(world: Mapping[str, Any], module: str) -> Iterator[str]:
    """Yield what a manager sees of a whole organisation."""
    lists = ["", "members/", "modules/", module]
    narrowed = ["sort=name", "sort=last", "state=late", "q=たかはし", "page=300"]
    yield from (f"{path}?team=all" for path in lists)
    yield f"{module}?team=all&state=finished"
    yield from (f"members/?team=all&{query}" for query in narrowed)
    yield from ("members.csv?team=all", "modules.csv?team=all")


def _of(who: str, below: str, paths: Sequence[str] | Iterator[str]) -> Iterator[Page]:
    for path in paths:
        named = re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}", "…", below + path)
        yield Page(who, f"/{named}", f"/{below}{path}")


@dataclass(frozen=True)
class Browser:
    """Asks for pages as one of several people in turn."""

    url: str
    cookie: str
    sessions: Mapping[str, Iterator[str]]

    @classmethod
    def of(cls, url: str, world: Mapping[str, Any]) -> "Browser":
        """Return a browser in which the world's people are signed in."""
        people = ("reps", "middle", "large", "office")
        return cls(url, world["cookie"], {who: itertools.cycle(world[who]) for who in people})

    def ask(self, page: Page) -> tuple[float, int]:
        """Return the milliseconds until the whole answer was there, and its bytes."""
        host = urlsplit(self.url)
        headers = {
            "Cookie": f"{self.cookie}={next(self.sessions[page.who])}",
            "Accept-Encoding": "gzip",
            "Accept-Language": "ja",
        }
        path = urlsplit(page.path)._replace(query=_quoted(urlsplit(page.path).query)).geturl()
        began = time.perf_counter()
        line = http.client.HTTPConnection(host.hostname or "", host.port, timeout=120)
        line.request("GET", path, headers=headers)
        response = line.getresponse()
        length = len(response.read())
        line.close()
        if response.status != http.client.OK:
            raise RuntimeError(f"{page.who} {page.path}: {response.status}")
        return (time.perf_counter() - began) * 1000, length


def _quoted(query: str) -> str:
    return quote(query, safe="=&")


def count_queries(site: Stand, browser: Browser, wanted: Sequence[Page]) -> list[int]:
    """Return how many statements the web server sends for each page, those of the sign-in included."""
    log = Path(site.environment["STATE_DIR"]) / "logs" / "postgresql.log"
    for page in wanted:
        for _ in range(_WARM_UP * (4 if page.who == "reps" else 1)):
            browser.ask(page)
    tell(site, "ALTER SYSTEM SET log_statement = 'all'", "ALTER SYSTEM SET log_line_prefix = '%u '")
    counts = []
    for page in wanted:
        heard = []
        for _ in range(_COUNTED):
            before = log.stat().st_size
            browser.ask(page)
            with log.open("rb") as lines:
                lines.seek(before)
                heard.append(len(HEARD.findall(lines.read())))
        counts.append(max(heard[1:]))
    tell(site, "ALTER SYSTEM RESET ALL")
    return counts


def tell(site: Stand, *statements: str) -> None:
    """Say something to the whole of PostgreSQL."""
    with psycopg.connect(site.environment["DATABASE_ADMIN_URL"], autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement.encode())
        connection.execute("SELECT pg_reload_conf()")
    # Its processes read their settings when they next look, and tell nobody that they did.
    time.sleep(0.5)


def measure(browser: Browser, wanted: Sequence[Page], found: Sequence[Found], rounds: int) -> None:
    """Ask for all pages in turn, so many times."""
    for _ in range(rounds):
        for page, one in zip(wanted, found, strict=True):
            ms, length = browser.ask(page)
            one.ms.append(ms)
            one.kilobytes = length / 1024


def report(wanted: Sequence[Page], found: Sequence[Found]) -> None:
    """Print a line for each page."""
    print(f"{'who':7} {'page':66} queries       p50     p95  of goal      KB")
    for page, one in zip(wanted, found, strict=True):
        queries = "/".join(map(str, one.queries))
        marks = ("  SLOW" if one.p95 > GOAL_MS else "") + ("  GROWS" if one.grows else "")
        print(
            f"{page.who:7} {page.name:66} {queries:>7} {one.p50:6.0f} ms {one.p95:5.0f} ms"
            f" {one.p95 / GOAL_MS:6.2f} x {one.kilobytes:7.0f}{marks}"
        )
    slow = sum(one.p95 > GOAL_MS for one in found)
    grows = sum(one.grows for one in found)
    print(
        f"{len(found)} pages: {slow} over {GOAL_MS:.0f} ms, {grows} with more queries than before"
    )


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--reps", type=int, default=100_000)
    parser.add_argument("--modules", type=int, default=5_000)
    parser.add_argument("--rounds", type=int, default=30)
    options = parser.parse_args()
    found: list[Found] = []
    for reps, modules in (SMALL, (options.reps, options.modules)):
        with stand() as site:
            began = time.perf_counter()
            world = site.seed("bench.seed_pages", str(reps), str(modules))
            print(f"{reps} reps, {modules} modules: made in {time.perf_counter() - began:.0f} s")
            browser, wanted = Browser.of(site.url, world), pages(world)
            found = found or [Found() for _ in wanted]
            for one, count in zip(found, count_queries(site, browser, wanted), strict=True):
                one.queries.append(count)
            if (reps, modules) != SMALL:
                measure(browser, wanted, found, options.rounds)
    report(wanted, found)


if __name__ == "__main__":
    main()
