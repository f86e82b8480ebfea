"""How long a choice in a scenario takes over HTTP, whatever the run's length: `python -m bench.choices`.

Starts a stack of its own. A rep goes round in a scenario by the page's own form, so that the log of the run gets
longer and longer; told are the times and PostgreSQL's statements by the length that the log had.
"""

import argparse
import http.client
import re
import statistics
import sys
import time
import uuid
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

from bench.pages import HEARD, tell
from bench.stand import Stand, stand

GOAL_MS = 60.0
EVENTS_A_CHOICE = 2
AT = (50, 200, 500, 1_000)
"""Up to which length of the log each line is told."""

ROUND = ("cut1", "back")
SCENES = {"cut1": "open", "back": "weak"}
_TOKEN = "b" * 32
_TOLD = re.compile(r"/runs/([0-9a-f-]{36})/told/(\d+)/")
_RUN = re.compile(r'action="/runs/([0-9a-f-]{36})/choose/"')


class Rep:
    """Somebody who plays, on one line that is kept."""

    def __init__(self, url: str, world: Mapping[str, Any], session: str) -> None:
        host = urlsplit(url)
        self.line = http.client.HTTPConnection(host.hostname or "", host.port, timeout=60)
        self.headers = {
            "Cookie": f"{world['cookie']}={session}; {world['csrf']}={_TOKEN}",
            "Accept-Language": "ja",
            "Content-Type": "application/x-www-form-urlencoded",
        }
        self.module = f"/modules/{world['module']}/scenario/"
        self.ask("POST", self.module)
        found = _RUN.search(self.ask("GET", self.module)[1])
        assert found
        self.run, self.turn, self.made = found[1], 2, 0

    def ask(self, method: str, path: str, **fields: object) -> tuple[str, str]:
        """Return where it leads to, and the page."""
        body = urlencode({"csrfmiddlewaretoken": _TOKEN, **fields}) if method == "POST" else None
        self.line.request(method, path, body, self.headers)
        answer = self.line.getresponse()
        text = answer.read().decode()
        if answer.status not in {http.client.OK, http.client.FOUND}:
            raise RuntimeError(f"{path}: {answer.status} {text[:300]}")
        return answer.getheader("Location", ""), text

    def choose(self) -> float:
        """Make the next choice of the round. Return its milliseconds."""
        choice = ROUND[self.made % 2]
        began = time.perf_counter()
        to, _page = self.ask(
            "POST",
            f"/runs/{self.run}/choose/",
            expected_seq=self.turn,
            scene=SCENES[choice],
            choice=choice,
            key=uuid.uuid4(),
        )
        taken = (time.perf_counter() - began) * 1000
        told = _TOLD.search(to)
        assert told, to
        self.turn, self.made = int(told[2]) + 1, self.made + 1
        return taken


def statements(site: Stand, rep: Rep) -> int:
    """Return how many statements the web server sends for one choice, those of the sign-in included."""
    log = Path(site.environment["STATE_DIR"]) / "logs" / "postgresql.log"
    tell(site, "ALTER SYSTEM SET log_statement = 'all'", "ALTER SYSTEM SET log_line_prefix = '%u '")
    heard = []
    for _ in range(6):
        before = log.stat().st_size
        rep.choose()
        with log.open("rb") as lines:
            lines.seek(before)
            heard.append(len(HEARD.findall(lines.read())))
    tell(site, "ALTER SYSTEM RESET ALL")
    return max(heard[1:])


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--reps", type=int, default=2)
    options = parser.parse_args()
    slow = False
    with stand() as site:
        world = site.seed("bench.seed_choices", str(options.reps))
        reps = [Rep(site.url, world, each) for each in world["sessions"]]
        for rep in reps:
            for _ in range(10):
                rep.choose()
        for most in AT:
            taken = []
            while reps[-1].made * EVENTS_A_CHOICE < most:
                taken += [rep.choose() for rep in reps]
            p95 = statistics.quantiles(taken, n=20)[-1]
            slow |= p95 > GOAL_MS
            print(
                f"log of up to {most:5} events: p50 {statistics.median(taken):5.1f} ms, p95 {p95:5.1f} ms"
                f" of {GOAL_MS:.0f}, {len(taken)} choices, {statements(site, reps[0])} statements"
            )
    return int(slow)


if __name__ == "__main__":
    sys.exit(main())
