"""How long the figures of a scenario take once its runs have written 1,000,000 events: `python -m bench.tallies`.

The rows behind them are 80 scenes and choices, for the first and later runs of 40 teams in 18 months. What the page
reads of them and of 80,000 runs takes 500 ms at most.
"""

import sys

from bench.stand import stand

LIMIT_MS = 500


def main() -> int:
    with stand() as site:
        found = site.seed("bench.seed_tallies")
    print(
        f"{found['rows']:,} rows ({found['events']:,} decisions), {found['runs']:,} runs: all {found['all']:.0f} ms,"
        f" one partner {found['one']:.0f} ms; at most {LIMIT_MS} ms"
    )
    return int(max(found["all"], found["one"]) > LIMIT_MS)


if __name__ == "__main__":
    sys.exit(main())
