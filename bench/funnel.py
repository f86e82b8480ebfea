"""How long the pages of sales figures take at full size: they add up facts when they are asked for.

    .venv/bin/python -m bench.funnel [--reps 100000] [--events 10000000] [--rounds 10]

The world is that of `bench.report`. Home is asked for with and without what it keeps for five minutes.
"""

import argparse
import itertools
import time
from collections.abc import Sequence

import redis

from bench.pages import Browser, Found, Page
from bench.stand import Stand, stand

FUNNEL = "/sales/funnel/"
PATHS = (
    "/",
    FUNNEL,
    *(f"{FUNNEL}?by={way}" for way in ("team", "product", "month")),
    f"{FUNNEL}?period=12",
    f"{FUNNEL}records/?measure=won",
)
GOAL_MS = 300.0


def forget(site: Stand) -> None:
    """Empty what the product keeps for some minutes."""
    with redis.Redis.from_url(site.environment["REDIS_URL"]) as cache:
        cache.flushdb()


def measure(
    site: Stand, browser: Browser, pages: Sequence[Page], rounds: int, *, afresh: bool
) -> list[Found]:
    """Ask for each page so many times."""
    found = [Found() for _ in pages]
    for page, each in zip(pages, found, strict=True):
        browser.ask(page)
        for _ in range(rounds):
            if afresh:
                forget(site)
            ms, length = browser.ask(page)
            each.ms.append(ms)
            each.kilobytes = length / 1024
    return found


def main() -> None:
    """Seed, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--reps", type=int, default=100_000)
    parser.add_argument("--events", type=int, default=10_000_000)
    parser.add_argument("--rounds", type=int, default=10)
    options = parser.parse_args()
    with stand() as site:
        began = time.perf_counter()
        world = site.seed("bench.seed_report", "fill", str(options.reps), str(options.events))
        print(
            f"{world['events']:,} events: made in {time.perf_counter() - began:.0f} s", flush=True
        )
        sessions = {who: itertools.cycle(world[who]) for who in ("office", "large", "tenth")}
        browser = Browser(site.url, world["cookie"], sessions)
        for who in sessions:
            pages = [Page(who, path, path) for path in PATHS]
            kept = measure(site, browser, pages, options.rounds, afresh=False)
            anew = measure(site, browser, pages[:1], options.rounds, afresh=True)
            for page, each in zip([*pages, pages[0]], [*kept, *anew], strict=True):
                name = f"{page.name} (nothing kept)" if each is anew[0] else page.name
                mark = "" if each.p95 <= GOAL_MS else "  SLOW"
                print(
                    f"{who:7} {name:40} p50 {each.p50:6.0f} p95 {each.p95:6.0f} ms {each.kilobytes:5.0f} KB{mark}",
                    flush=True,
                )


if __name__ == "__main__":
    main()
