"""Break the deployed stack in every way that was promised to be survived, and check the books after each.

    .venv/bin/python -m bench.chaos [--only P1 P5] [--short] [--minutes 40] [--markdown FILE] [--journal FILE]

Starts what `./run` starts, on sockets and a free port of its own; reps sign in and take quizzes over HTTP, each answer
of success is written down, a fault is injected so often, and once all has healed the database is compared with what
was written down. The whole run takes about 25 minutes and begins no other fault after `--minutes`; `--short` about
five. Exit code 1 if anything was lost, doubled or didn't heal.
"""

import argparse
import shutil
import sys
import time
from pathlib import Path

from bench.chaos import faults, greed, poison, rivals
from bench.chaos.running import Fault, Result, run
from bench.chaos.stage import stage

REPS, MODULES = 40, 260
SHORT = (10, 120)

FAULTS = (
    Fault("P1", "kill -9 of a child at work", 100, 10, faults.kill_children),
    Fault("P2", "kill -9 of a whole worker or the clock", 40, 4, faults.kill_workers),
    Fault("P3", "Redis FLUSHALL, kill -9, restart", 30, 3, faults.lose_redis),
    Fault("P4", "all connections to Redis reset", 150, 10, faults.reset_connections),
    Fault("P5", "immediate restart of PostgreSQL", 10, 1, faults.restart_postgresql),
    Fault("P6", "one key from 50 connections at once", 20, 2, rivals.same_key),
    Fault("P7", "two devices, two tabs", 100, 6, rivals.two_devices),
    Fault("P16", "one partner takes all it can get", 2, 1, greed.one_partner_takes_all),
    Fault("P17", "a handler that kills its worker", 2, 1, poison.poison),
    Fault("P18", "death between commit, bell and note", 100, 8, faults.die_around_the_bell),
    Fault("P18", "a clock that hangs, bells lost", 1, 0, faults.stop_the_clock),
    Fault("P19", "two clocks, every job 20 times at once", 4, 1, faults.two_clocks),
)


def main() -> int:
    """Break, wait, check, print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--only", nargs="+", metavar="P", help="only these promises")
    parser.add_argument("--short", action="store_true", help="each fault a few times only")
    parser.add_argument("--minutes", type=float, default=40, help="begin no fault after so long")
    parser.add_argument("--markdown", type=Path, help="write the table there as well")
    parser.add_argument("--journal", type=Path, help="keep there what clients were told")
    options = parser.parse_args()
    began, results = time.monotonic(), list[Result]()
    with stage(*(SHORT if options.short else (REPS, MODULES))) as place:
        print(
            f"{len(place.phones)} reps signed in after {time.monotonic() - began:.0f} s", flush=True
        )
        for fault in FAULTS:
            times = fault.short if options.short else fault.times
            if not times or (options.only and fault.promise not in options.only):
                continue
            if time.monotonic() - began > 60 * options.minutes:
                print(f"{fault.promise} not begun: time is up")
                continue
            begun = time.monotonic()
            results.append(run(place, fault, times))
            took = f"({time.monotonic() - begun:.0f} s in all)"
            print(results[-1].line(), *results[-1].words(), took, sep="\n    ", flush=True)
        if options.journal:
            shutil.copy(place.journal.path, options.journal)
    if options.markdown:
        rows = [Result.MARKDOWN_HEAD, *(result.markdown() for result in results)]
        options.markdown.write_text("\n".join(rows) + "\n", encoding="utf-8")
    return 0 if all(result.good for result in results) else 1


if __name__ == "__main__":
    sys.exit(main())
