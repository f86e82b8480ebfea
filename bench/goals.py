"""The goals for single pages, measured in a world of any size: CPU, times, statements, bytes of a first visit, memory.

    .venv/bin/python -m bench.goals [--reps 1000] [--modules 300] [--rounds 5]

CPU is that of web server, PostgreSQL and Valkey together for each request. The world is that of bench.pages.
"""

import argparse
import asyncio
import gzip
import re
import statistics
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, urljoin

from bench.pages import Browser, Page, count_queries
from bench.stand import Stand, stand
from bench.wire import Answer, Line

_ASKED = 100
"""Requests of a page in a round, by one client and again by eight."""

_TOKEN = "b" * 32
_NEEDED = re.compile(
    r"""(?:href|src|from|import)\s*[=(]?\s*["'](/?[^"'\s]+\.(?:css|js|mjs|woff2|svg|png|ico|webmanifest|webp)(?:\?[^"']*)?)["']"""
    r"|url\(([^)]+)\)"
)


@dataclass
class Goal:
    """What a page is to reach; None where nothing is asked."""

    page: Page
    cpu_ms: float | None = None
    p50_ms: float | None = None
    p95_ms: float | None = None
    rate: float | None = None
    kilobytes: float | None = None
    statements: int | None = None
    first_visit: bool = False


@dataclass
class Found:
    """What was measured."""

    ms: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)
    rate: list[float] = field(default_factory=list)
    kilobytes: float = 0.0


def goals(world: Mapping[str, Any]) -> list[Goal]:
    """Return the goals for pages."""
    quiz, module = f"/modules/{world['module']}/quiz/", f"modules/{world['module']}/"
    return [
        Goal(Page("reps", "a rep's home", "/"), 6, 12, 25, 250, None, 8, first_visit=True),
        Goal(Page("reps", "a quiz page", quiz), 8, statements=8, first_visit=True),
        Goal(Page("reps", "the ranking, own place", "/ranking/"), 2.5, statements=8),
        Goal(
            Page("office", "report: all learners x 1 module", f"/progress/{module}"),
            p50_ms=80,
            kilobytes=40,
        ),
        Goal(
            Page("large", "… of the largest partner", f"/team/{module}?team=all"),
            p50_ms=80,
            kilobytes=40,
        ),
        Goal(Page("large", "… its people", "/team/members/?team=all"), p50_ms=80, kilobytes=40),
    ]


async def drive(browser: Browser, page: Page, clients: int) -> tuple[list[float], int]:
    """Ask for a page so often; returns the milliseconds of each and the bytes of the last."""
    taken, length = list[float](), 0
    waiting = iter(range(_ASKED))

    async def client() -> None:
        nonlocal length
        line = Line(browser.url)
        for _ in waiting:
            began = time.perf_counter()
            answer = await line.ask("GET", _path(page), _headers(browser, page.who))
            taken.append((time.perf_counter() - began) * 1000)
            length = len(answer.body)
            if answer.status != 200:
                raise RuntimeError(f"{page.path}: {answer.status}")
        line.close()

    await asyncio.gather(*(client() for _ in range(clients)))
    return taken, length


def _path(page: Page) -> str:
    return quote(page.path, safe="/?=&")


def _headers(browser: Browser, who: str) -> dict[str, str]:
    cookies = f"{browser.cookie}={next(browser.sessions[who])}; csrf={_TOKEN}"
    return {"Cookie": cookies, "X-CSRFToken": _TOKEN, "Accept-Encoding": "br, gzip"}


def measure(site: Stand, browser: Browser, goal: Goal, found: Found) -> None:
    """One round: one client, then eight."""
    before = _cpu(site)
    ms, length = asyncio.run(drive(browser, goal.page, 1))
    found.cpu.append((_cpu(site) - before) * 1000 / _ASKED)
    found.ms += ms
    found.kilobytes = length / 1024
    began = time.perf_counter()
    asyncio.run(drive(browser, goal.page, 8))
    found.rate.append(_ASKED / (time.perf_counter() - began))


def _cpu(site: Stand) -> float:
    used = site.cpu_seconds()
    return used["web"] + used["postgresql"] + used["valkey"]


def report(goal: Goal, found: Found, statements: int) -> str:
    """Return a line with what was found and what is asked, what is missed marked."""
    p50, p95 = statistics.median(found.ms), statistics.quantiles(found.ms, n=20)[-1]
    columns = [
        ("CPU", min(found.cpu), goal.cpu_ms, "ms"),
        ("p50", p50, goal.p50_ms, "ms"),
        ("p95", p95, goal.p95_ms, "ms"),
        ("at 8", max(found.rate), goal.rate, "/s"),
        ("size", found.kilobytes, goal.kilobytes, "KB"),
        ("SQL", statements, goal.statements, ""),
    ]
    told = []
    for name, value, asked, unit in columns:
        missed = asked is not None and (value < asked if name == "at 8" else value > asked)
        wished = "" if asked is None else f" ({'!! ' if missed else ''}{asked:g})"
        told.append(f"{name} {value:.4g}{unit}{wished}")
    median = statistics.median(found.cpu)
    return f"{goal.page.name:34} {', '.join(told)}; CPU median {median:.1f} ms"


async def first_visit(browser: Browser, page: Page) -> tuple[int, float]:
    """Return how many requests and kilobytes a browser with an empty cache needs, media aside."""
    line, seen, bytes_there = Line(browser.url), set[str](), 0
    waiting = [_path(page)]
    while waiting:
        path = waiting.pop()
        seen.add(path)
        answer = await line.ask("GET", path, _headers(browser, page.who))
        bytes_there += len(answer.body) + sum(
            len(k) + len(v) + 4 for k, v in answer.headers.items()
        )
        waiting += [each for each in _needed(path, answer) if each not in seen | set(waiting)]
    line.close()
    return len(seen), bytes_there / 1024


def _needed(path: str, answer: Answer) -> Iterator[str]:
    """Yield what this page, script or style sheet asks a browser for."""
    kind = answer.headers.get("content-type", "")
    if not kind.startswith(("text/", "application/javascript")) or "manifest" in kind:
        return
    for found in _NEEDED.finditer(_text(answer)):
        named = (found[1] or found[2]).strip("\"'")
        if not named.startswith(("data:", "#", "http")):
            yield urljoin(path, named.partition("#")[0])


def _text(answer: Answer) -> str:
    packed = answer.headers.get("content-encoding")
    body = gzip.decompress(answer.body) if packed == "gzip" else answer.body
    return body.decode(errors="replace")


async def one(line: Line, *request: Any) -> Answer:
    """Return the answer to a request. Raises RuntimeError where it is none to be glad of."""
    answer = await line.ask(*request)
    if answer.status >= 400:
        raise RuntimeError(f"{request[:2]}: {answer.status} {_text(answer)[:3000]}")
    return answer


def import_people(site: Stand, browser: Browser, world: Mapping[str, Any], count: int) -> float:
    """Return after how many seconds so many people of a pasted table are entered."""
    letters = str.maketrans("0123456789", "あいうえおかきくけこ")
    named = [str(n).translate(letters) for n in range(count)]
    rows = [f"新人 {kana}\tしんじん {kana}\tnew{n}@example.com" for n, kana in enumerate(named)]

    path = f"/partners/{world['large_id']}/paste/"
    headers = _headers(browser, "office") | {"Content-Type": "application/x-www-form-urlencoded"}

    async def go() -> float:
        line, began = Line(site.url), time.perf_counter()
        text = quote("\n".join(rows))
        for step in ("look", "enter"):
            answer = await one(line, "POST", path, headers, f"step={step}&text={text}".encode())
        line.close()
        if answer.status != 302:
            raise RuntimeError(f"Not entered: {_text(answer)[:3000]}")
        return time.perf_counter() - began

    return asyncio.run(go())


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--reps", type=int, default=1_000)
    parser.add_argument("--modules", type=int, default=300)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    with stand() as site:
        world = site.seed("bench.seed_pages", str(options.reps), str(options.modules))
        browser, wanted = Browser.of(site.url, world), goals(world)
        print(f"{options.reps} reps, {options.modules} modules")
        statements = count_queries(site, browser, [goal.page for goal in wanted])
        found = [Found() for _ in wanted]
        for _ in range(options.rounds):
            for goal, one_found in zip(wanted, found, strict=True):
                measure(site, browser, goal, one_found)
        for goal, one_found, count in zip(wanted, found, statements, strict=True):
            print(report(goal, one_found, count))
        for goal in wanted:
            if goal.first_visit:
                requests, kilobytes = asyncio.run(first_visit(browser, goal.page))
                print(f"first visit of {goal.page.name}: {requests} requests (12), ", end="")
                print(f"{kilobytes:.0f} KB (60)")
        print(
            f"1,000 people pasted and entered: {import_people(site, browser, world, 1000):.1f} s (10)"
        )
        memories = site.memories()
        print("PSS " + ", ".join(f"{name} {mb:.0f}" for name, mb in memories.items()), "MB")
        both = memories["web"] + memories["worker-score"]
        print(f"web and worker: {both:.0f} MB (300)")


if __name__ == "__main__":
    main()
