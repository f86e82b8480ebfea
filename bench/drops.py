"""The network drops while reps take quizzes: what the phones were told, beside what the database holds.

    .venv/bin/python -m bench.drops [--drops 500] [--phones 6] [--seconds 420] [--seed 20261126]

Real Chromium runs the product's own script against the product's own stack, through a proxy that cuts, swallows and
slows connections at random places. Prints how many drops of which kind there were, what was acknowledged, lost and
doubled. Ends with 1 if anything was lost or doubled.
"""

import argparse
import asyncio
import os
import sys
import time
from collections import Counter
from collections.abc import Callable
from typing import Any

import psycopg
from playwright.async_api import Browser, Page, async_playwright

from bench.stand import Stand, stand
from tests.plugin.faultproxy import FaultProxy
from tests.plugin.manyattempts import TAKE, acknowledged
from tools.launch import debian

AT_ONCE = 6
"""So many attempts a phone takes before it is asked whether there were drops enough."""


async def opened(browser: Browser, url: str, world: dict[str, Any], who: dict[str, str]) -> Page:
    """Open a quiz as one rep, while the network is still good."""
    context = await browser.new_context(base_url=url)
    await context.add_cookies([{"name": world["cookie"], "value": who["session"], "url": url}])
    page = await context.new_page()
    await page.goto(f"/modules/{world['first']}/quiz/")
    return page


async def take(
    page: Page, world: dict[str, Any], who: dict[str, str], enough: Callable[[], bool]
) -> list[dict[str, Any]]:
    """Take quizzes as one rep until there were drops enough; returns what the phone was told."""
    heard: list[dict[str, Any]] = []
    left = list(world["modules"])
    while left and not enough():
        some, left = left[:AT_ONCE], left[AT_ONCE:]
        asked = {"modules": some, "person": who["person"], "items": world["items"], "online": 100}
        heard += await page.evaluate(TAKE, asked)
    return heard


async def drive(world: dict[str, Any], network: FaultProxy, options: Any) -> list[dict[str, Any]]:
    """Let all phones take quizzes while the network is bad."""
    tools = debian.ensure()
    environment: dict[str, Any] = {**os.environ, **tools.environment}
    if tools.library_path:
        environment["LD_LIBRARY_PATH"] = tools.library_path
    until = time.monotonic() + float(options.seconds)

    def enough() -> bool:
        return network.injected.total() >= options.drops or time.monotonic() > until

    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=str(tools.headless_shell), args=["--no-sandbox"], env=environment
        )
        pages = [await opened(browser, network.url, world, who) for who in world["phones"]]
        network.turn_bad()
        pairs = zip(pages, world["phones"], strict=True)
        heard = await asyncio.gather(*(take(page, world, who, enough) for page, who in pairs))
        await browser.close()
    return [row for some in heard for row in some]


def settled(place: Stand, expected: int) -> Counter[str]:
    """Wait until all is scored; return what the database holds."""
    address = place.environment["DATABASE_OWNER_URL"]
    query = (
        "SELECT (SELECT count(*) FROM quizzes_attempt WHERE state = 'scored'),"
        " (SELECT count(*) FROM quizzes_attempt WHERE scoring > 1),"
        " (SELECT count(*) FROM core_delivery WHERE state = 'pending'),"
        " (SELECT count(*) FROM gamification_ledgerentry),"
        " (SELECT count(DISTINCT source_key) FROM gamification_ledgerentry)"
    )
    names = ("scored", "scored twice", "waiting", "paid", "paid for")
    with psycopg.connect(address, options="-c app.scope=client", autocommit=True) as connection:
        for _ in range(300):
            row = connection.execute(query).fetchone() or (0,) * 5
            found = Counter(dict(zip(names, row, strict=True)))
            if found["scored"] >= expected and not found["waiting"]:
                break
            time.sleep(0.2)  # the database tells nobody that a worker has scored
    return found


def stored(place: Stand) -> dict[str, set[str]]:
    """Return the items of each attempt that the database holds."""
    found: dict[str, set[str]] = {}
    address = place.environment["DATABASE_OWNER_URL"]
    with psycopg.connect(address, options="-c app.scope=client") as connection:
        rows = connection.execute(
            "SELECT attempt_id::text, item_key FROM quizzes_answer WHERE option_keys = '{a}'"
        )
        for attempt, item in rows:
            found.setdefault(attempt, set()).add(item)
    return found


def main() -> int:
    """Run, compare, print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--drops", type=int, default=500)
    parser.add_argument("--phones", type=int, default=6)
    parser.add_argument("--seconds", type=float, default=420)
    parser.add_argument("--seed", type=int, default=20261126)
    options = parser.parse_args()
    with stand() as place:
        world = place.seed(
            "bench.seed_drops", str(options.phones), str(max(20, options.drops // 4))
        )
        began = time.monotonic()
        with FaultProxy(
            int(place.url.rpartition(":")[2]), seed=options.seed, holes=0.01
        ) as network:
            heard = asyncio.run(drive(world, network, options))
        took = time.monotonic() - began
        told, known = acknowledged(heard), stored(place)
        counts = settled(place, len(heard))
        open_ = [row for row in heard if row["state"] == "open" or row["problem"]]
        lost = sum(len(items - known.get(attempt, set())) for attempt, items in told.items())
        doubled = (
            counts["scored twice"]
            + counts["paid"]
            - counts["paid for"]
            + len(known.keys() - told.keys())
        )
        kinds = dict(sorted(network.injected.items()))
        print(f"drops               {network.injected.total():6}  {kinds}, seed {options.seed}")
        by = f"by {options.phones} phones in {took:.0f} s; not handed in: {len(open_)}"
        print(f"attempts            {len(heard):6}  {by}")
        print(f"answers acknowledged{sum(map(len, told.values())):6}")
        print(f"lost                {lost + len(heard) - counts['scored']:6}  answers or scores")
        print(f"doubled             {doubled:6}  attempts, scores or points")
        return int(bool(lost or doubled or open_ or counts["scored"] != len(heard)))


if __name__ == "__main__":
    sys.exit(main())
