"""What a report of learning and sales costs: from the question to the page that shows the answer.

    .venv/bin/python -m bench.report [--reps 320 10000 100000]

For each size: seconds until the answer is shown, CPU of worker and database, the worker's largest memory, and how
heavy and how quick the page is. The first report of a worker also reads numpy and SciPy; it is printed apart.
"""

import argparse
import http.client
import re
import time
from contextlib import closing
from pathlib import Path
from urllib.parse import urlencode, urlsplit

from bench.stand import Stand, stand
from tools.launch import programs

ADDRESS = "/reports/learning-to-sales/"
_TOKEN = "b" * 32
_USUAL = {"learning": "finished", "sales": "appointments", "months": "12"}


class Office:
    """A sales manager's browser, as far as reports go."""

    def __init__(self, site: Stand, reps: int) -> None:
        session = site.seed("bench.seed_report", str(reps))["session"]
        self.host = urlsplit(site.url).netloc
        self.headers = {"Cookie": f"session={session}; csrf={_TOKEN}", "X-CSRFToken": _TOKEN}

    def ask(self, path: str, **form: str) -> tuple[int, str, str]:
        """Return status, place and body of an answer."""
        headers = {**self.headers, "Content-Type": "application/x-www-form-urlencoded"}
        with closing(http.client.HTTPConnection(self.host, timeout=120)) as line:
            line.request("POST" if form else "GET", path, urlencode(form) or None, headers)
            answer = line.getresponse()
            return answer.status, answer.getheader("Location", ""), answer.read().decode()

    def report(self, lag: int) -> tuple[float, str]:
        """Ask, wait, and return seconds until the answer is there, and its address."""
        began = time.monotonic()
        status, place, body = self.ask(ADDRESS, **_USUAL, lag=str(lag))
        assert status == 302, (status, body[:2000])
        while 'id="grade"' not in self.ask(place)[2]:
            time.sleep(0.05)  # the page itself asks again while a report is on its way
        return time.monotonic() - began, place


def measure(reps: int) -> None:
    with stand() as site:
        site.supervisor.start(programs.worker([programs.STATISTICS], site.environment, 1))
        office = Office(site, reps)
        first, _ = office.report(0)
        before = site.cpu_seconds()
        seconds, place = office.report(1)
        used = {name: cpu - before[name] for name, cpu in site.cpu_seconds().items()}
        began = time.monotonic()
        body = office.ask(place)[2]
        page = time.monotonic() - began
        peak = _peak(site.supervisor.pid("worker-stats"))
        dots = len(re.findall('class="(?:m|heap)', body))
        print(
            f"{reps:7,} reps: first {first:5.1f} s, next {seconds:5.1f} s;"
            f" CPU worker {used['worker-stats']:5.2f} s, database {used['postgresql']:5.2f} s; worker {peak:4.0f} MB;"
            f" page {1000 * page:3.0f} ms, {len(body) / 1024:4.0f} kB, {dots} marks",
            flush=True,
        )


def _peak(pid: int) -> float:
    """Return the largest memory that the worker, or one of its children, has had, in MB."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    found = [
        re.search(r"VmHWM:\s+(\d+)", Path(f"/proc/{each}/status").read_text()) for each in children
    ]
    return max(int(each[1]) for each in found if each) / 1024


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--reps", type=int, nargs="+", default=[320, 10_000, 100_000])
    for reps in parser.parse_args().reps:
        measure(reps)


if __name__ == "__main__":
    main()
