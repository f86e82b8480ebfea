"""Nine o'clock: thousands of reps sign in within minutes and take the same module.

    .venv/bin/python -m bench.launch [--reps 3000] [--minutes 5]

Each rep is a phone of its own, with cookies, a cold cache and an address of its own: signs in by password, reads home
and module, begins the video, opens the quiz, saves ten answers one by one, hands in and looks at the result, thinking
between. Prints errors, times, CPU by program, and what was told as taken and is not in the database.
"""

import argparse
import asyncio
import json
import random
import re
import statistics
import time
import uuid
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from html import unescape
from typing import Any

import psycopg

from bench.stand import Stand, stand
from bench.wire import Answer, BrokenError, Line

GOALS = {"errors": 0.001, "login": 3_000.0, "save": 500.0}

_STATIC = re.compile(r'(?:href|src)="(/static/[^"]+\.(?:css|js|woff2|svg|png))"')
_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
_VIDEO = re.compile(r'data-main="([^"]+)"')
_THINK = {"typing": 6.0, "home": 4.0, "video": 12.0, "question": 3.0, "result": 2.0}
"""Seconds that a rep takes on average."""

_MOST_PAUSES = 20


@dataclass
class Tally:
    """What all reps met with."""

    requests: int = 0
    done: int = 0
    paused: int = 0
    errors: Counter[str] = field(default_factory=Counter)
    ms: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    saved: dict[tuple[str, str], list[str]] = field(default_factory=dict)
    handed_in: set[str] = field(default_factory=set)


class GaveUpError(Exception):
    """A rep met with an error and goes away."""


class Phone:
    """One rep's phone."""

    def __init__(self, url: str, number: int, tally: Tally) -> None:
        source = f"127.{1 + number // 62500}.{number // 250 % 250}.{1 + number % 250}"
        self.line = Line(url, source=source)
        self.cookies: dict[str, str] = {}
        self.kept: set[str] = set()
        self.tally = tally
        self.chance = random.Random(number)

    async def think(self, over: str) -> None:
        """Take one's time, between half and one and a half of what one takes on average."""
        await asyncio.sleep(_THINK[over] * self.chance.uniform(0.5, 1.5))

    async def get(self, kind: str, path: str) -> Answer:
        """Ask for a page and for what it needs that isn't on the phone yet."""
        answer = await self.ask(kind, "GET", path)
        if answer.headers.get("content-type", "").startswith("text/html"):
            for file in dict.fromkeys(_STATIC.findall(answer.body.decode())):
                if file not in self.kept:
                    self.kept.add(file)
                    await self.ask("file", "GET", file)
        return answer

    async def ask(
        self, kind: str, method: str, path: str, *, body: bytes = b"", **headers: str
    ) -> Answer:
        """Send one request. Raises GaveUpError after an error, which is counted."""
        sent = {"Cookie": "; ".join(f"{k}={v}" for k, v in self.cookies.items()), "Accept": "*/*"}
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        began = time.perf_counter()
        self.tally.requests += 1
        try:
            answer = await self.line.ask(method, path, sent, body)
        except BrokenError as error:
            self.tally.errors[f"{kind}: {error}"] += 1
            raise GaveUpError from error
        self.tally.ms[kind].append((time.perf_counter() - began) * 1000)
        self.cookies |= answer.cookies
        if answer.status >= 400 and answer.status != 429:
            self.tally.errors[f"{kind}: {answer.status}"] += 1
            raise GaveUpError
        return answer

    async def sign_in(self, login: str, password: str) -> None:
        """Sign in by password; where the server asks to wait, wait as long as it says."""
        page = await self.get("sign-in page", "/accounts/login/")
        await self.think("typing")
        token = _found(_TOKEN, page)
        form = {"csrfmiddlewaretoken": token, "login": login, "password": password}
        body = "&".join(f"{k}={_quoted(v)}" for k, v in form.items()).encode()
        began = time.perf_counter()
        for _ in range(_MOST_PAUSES):
            kind = "application/x-www-form-urlencoded"
            answer = await self.ask(
                "sign in", "POST", "/accounts/login/", body=body, Content_Type=kind
            )
            if answer.status != 429:
                break
            self.tally.paused += 1
            await asyncio.sleep(float(answer.headers.get("retry-after", 1)))
        if answer.status != 302:
            self.tally.errors[f"sign in: {answer.status}"] += 1
            raise GaveUpError
        self.tally.ms["login"].append((time.perf_counter() - began) * 1000)

    async def learn(self, module: str) -> None:
        """Read home and module, begin the video, take the quiz."""
        await self.get("home", "/")
        await self.think("home")
        page = await self.get("module", f"/modules/{module}/")
        video = unescape(_found(_VIDEO, page))
        await self.ask("video", "GET", video, Range="bytes=0-65535")
        await self.think("video")
        await self.get("quiz", f"/modules/{module}/quiz/")
        attempt = str(uuid.uuid4())
        for number in range(10):
            await self.think("question")
            item, options = f"q{number:03}", [self.chance.choice("abcd")]
            given = {"item": item, "options": options, "seq": number + 1}
            await self._deliver("save", module, attempt, [given])
            self.tally.saved[attempt, item] = options
        await self.think("result")
        await self._deliver("hand-in", module, attempt, [], submit=True)
        self.tally.handed_in.add(attempt)
        await self.get("result", f"/attempts/{attempt}/")
        self.tally.done += 1

    async def _deliver(
        self, kind: str, module: str, attempt: str, answers: list[Any], *, submit: bool = False
    ) -> None:
        body = json.dumps({"module": module, "answers": answers, "submit": submit}).encode()
        headers = {"Content_Type": "application/json", "X_CSRFToken": self.cookies["csrf"]}
        await self.ask(kind, "POST", f"/api/attempts/{attempt}/", body=body, **headers)


def _found(what: re.Pattern[str], page: Answer) -> str:
    found = what.search(page.body.decode())
    if found is None:
        raise RuntimeError(f"No {what.pattern} in the page")
    return found[1]


def _quoted(text: str) -> str:
    return "".join(c if c.isalnum() else "".join(f"%{b:02X}" for b in c.encode()) for c in text)


async def _rep(url: str, number: int, world: Mapping[str, Any], tally: Tally, after: float) -> None:
    await asyncio.sleep(after)
    phone = Phone(url, number, tally)
    try:
        await phone.sign_in(world["logins"][number], world["password"])
        await phone.learn(world["module"])
    except GaveUpError:
        pass
    finally:
        phone.line.close()


async def morning(url: str, world: Mapping[str, Any], minutes: float) -> Tally:
    """Let all reps come within so many minutes."""
    tally, chance = Tally(), random.Random(9)
    await asyncio.gather(
        *(
            _rep(url, number, world, tally, chance.uniform(0, minutes * 60))
            for number in range(len(world["logins"]))
        )
    )
    return tally


def lost(site: Stand, tally: Tally) -> int:
    """Return how many answers and hand-ins were told as taken and are not in the database."""
    address = site.environment["DATABASE_OWNER_URL"]
    with psycopg.connect(address, options="-c app.scope=client") as connection:
        rows = connection.execute(
            "SELECT attempt_id::text, item_key, option_keys FROM quizzes_answer"
        ).fetchall()
        closed = connection.execute(
            "SELECT id::text FROM quizzes_attempt WHERE state IN ('submitted', 'scored')"
        ).fetchall()
    there: dict[tuple[str, str], list[str]] = {
        (attempt, item): options for attempt, item, options in rows
    }
    missing = sum(there.get(key) != options for key, options in tally.saved.items())
    return missing + len(tally.handed_in - {row[0] for row in closed})


def wait_until_scored(site: Stand, patience: float = 120) -> float:
    """Return after how many seconds nothing waits any more."""
    address, began = site.environment["DATABASE_OWNER_URL"], time.perf_counter()
    with psycopg.connect(address, options="-c app.scope=client", autocommit=True) as connection:
        while time.perf_counter() - began < patience:
            row = connection.execute(
                "SELECT EXISTS (SELECT FROM quizzes_attempt WHERE state = 'submitted')"
                " OR EXISTS (SELECT FROM core_delivery WHERE state = 'pending')"
            ).fetchone()
            if row == (False,):
                break
            time.sleep(0.2)  # the database tells nobody that a worker has scored
    return time.perf_counter() - began


def _p(values: Sequence[float], share: int) -> float:
    return statistics.quantiles(values, n=100)[share - 1] if len(values) > 1 else 0.0


def report(tally: Tally, seconds: float, cpu: Mapping[str, float]) -> None:
    """Print what was measured."""
    errors, reps = sum(tally.errors.values()), len(tally.ms["login"])
    share = errors / max(tally.requests, 1)
    print(f"{tally.requests} requests, {errors} errors ({100 * share:.3f} %, goal < 0.1 %)")
    for what, count in tally.errors.most_common(8):
        print(f"  {count:6} {what}")
    print(f"{reps} signed in, {tally.done} took the module: {tally.done / seconds:.1f} a second")
    print(f"asked to wait and come again: {tally.paused}")
    print(f"{'':14}{'count':>7}{'p50':>8}{'p95':>8}{'p99':>8}{'max':>8} ms")
    for kind, ms in sorted(tally.ms.items()):
        figures = "".join(
            f"{value:8.0f}" for value in (*(_p(ms, n) for n in (50, 95, 99)), max(ms))
        )
        print(f"{kind:14}{len(ms):7}{figures}")
    for name in ("login", "save"):
        print(f"{name} p95 {_p(tally.ms[name], 95):.0f} ms, goal < {GOALS[name]:.0f} ms")
    print(f"CPU for each rep {1000 * sum(cpu.values()) / max(reps, 1):.0f} ms: ", end="")
    print(", ".join(f"{name} {1000 * used / max(reps, 1):.0f}" for name, used in cpu.items()))


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--reps", type=int, default=3_000)
    parser.add_argument("--minutes", type=float, default=5.0)
    options = parser.parse_args()
    with stand() as site:
        world = site.seed("bench.seed_launch", str(options.reps))
        cpu, began = site.cpu_seconds(), time.perf_counter()
        tally = asyncio.run(morning(site.url, world, options.minutes))
        seconds = time.perf_counter() - began
        late = wait_until_scored(site)
        used = {name: value - cpu[name] for name, value in site.cpu_seconds().items()}
        print(
            f"{options.reps} reps within {options.minutes:g} minutes; all over in {seconds:.0f} s"
        )
        report(tally, seconds, used)
        print(f"all scored {late:.1f} s after the last")
        print("PSS " + ", ".join(f"{name} {mb:.0f}" for name, mb in site.memories().items()), "MB")
        print(
            f"lost: {lost(site, tally)} of {len(tally.saved) + len(tally.handed_in)} told as taken"
        )


if __name__ == "__main__":
    main()
