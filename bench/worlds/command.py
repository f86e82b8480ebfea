"""The command of `python -m bench.worlds`: runs, writes down, goes on, judges."""

import argparse
import dataclasses
import hashlib
import json
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from pathlib import Path
from typing import Any

from analytics.associations import engine
from bench.worlds.case import Case, Found
from bench.worlds.every import CASES
from bench.worlds.verdict import Verdict, verdict

FILE = Path(".state-test/worlds.jsonl")
_RULES = (Path(engine.__file__).parent, Path(__file__).parent)
Job = tuple[str, int]


@cache
def rules() -> str:
    """Return a mark of the engine and the worlds: another one where a line of either differs."""
    files = [path for place in _RULES for path in sorted(place.glob("*.py"))]
    return hashlib.sha256(b"".join(path.read_bytes() for path in files)).hexdigest()[:16]


def run(job: Job) -> dict[str, Any]:
    """Run one world with one seed; returns the line that is written down."""
    name, seed = job
    began = time.process_time()
    found = CASES[name].run(seed)
    return {
        "world": name,
        "seed": seed,
        "rules": rules(),
        "seconds": round(time.process_time() - began, 2),
        "found": dataclasses.asdict(found),
    }


def read(path: Path) -> dict[Job, Found]:
    """Return what was found before under the same rules."""
    if not path.exists():
        return {}
    told = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    return {
        (each["world"], each["seed"]): Found(
            **each["found"] | {"codes": tuple(each["found"]["codes"])}
        )
        for each in told
        if each["rules"] == rules()
    }


def running(jobs: Iterable[Job], workers: int) -> Iterator[dict[str, Any]]:
    """Yield the results of jobs, in this process or in several."""
    if workers < 2:
        yield from map(run, jobs)
        return
    with ProcessPoolExecutor(workers) as pool:
        yield from pool.map(run, jobs)


def in_time(jobs: Iterable[Job], end: float) -> Iterator[Job]:
    """Yield jobs until the time is up."""
    for job in jobs:
        if time.monotonic() > end:
            return
        yield job


def judged(known: dict[Job, Found], cases: Iterable[Case], seeds: int) -> Iterator[Verdict]:
    """Yield the verdict on each world of which anything is known."""
    for case in cases:
        found = [known[case.name, seed] for seed in range(seeds) if (case.name, seed) in known]
        if found:
            yield verdict(case, found)


def main() -> int:
    """Draw, analyse, judge, print."""
    parser = argparse.ArgumentParser(description="Run the report in worlds whose truth is known.")
    parser.add_argument("--seeds", type=int, default=100)
    parser.add_argument("--only", nargs="+", choices=list(CASES), default=list(CASES), metavar="S")
    parser.add_argument("--workers", type=int, default=1, help="processes; each takes a core")
    parser.add_argument("--minutes", type=float, default=60, help="begin nothing after so long")
    parser.add_argument("--file", type=Path, default=FILE, help="where what was found is kept")
    options = parser.parse_args()
    known, end = read(options.file), time.monotonic() + 60 * options.minutes
    options.file.parent.mkdir(parents=True, exist_ok=True)
    wanted = [(name, seed) for seed in range(options.seeds) for name in options.only]
    missing = [job for job in wanted if job not in known]
    with options.file.open("a", encoding="utf-8") as file:
        for line in running(in_time(missing, end), options.workers):
            file.write(json.dumps(line) + "\n")
            file.flush()
    known = read(options.file)
    verdicts = list(judged(known, (CASES[name] for name in options.only), options.seeds))
    print(Verdict.HEAD, *(each.markdown() for each in verdicts), sep="\n")
    print("seeds:", ", ".join(f"{each.case.name} {each.seeds}" for each in verdicts))
    return 0 if verdicts and all(each.good for each in verdicts) else 1
