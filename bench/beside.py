"""How soon an attempt is scored while a video is being prepared, beside how soon without one.

    .venv/bin/python -m bench.beside [--people 120] [--clients 2] [--seconds 60]

Prints the time from hand-in to score, of as many attempts alone and beside the video. Fails where the video is ready
before the last of them is scored, since then nothing was shown.
"""

import argparse
import statistics
import time
from typing import Any

import psycopg

from bench.attempt import run
from bench.stand import Stand, stand

GOAL_MS = 1000.0
_DELAYS = """SELECT extract(epoch FROM scored_at - submitted_at) * 1000 FROM quizzes_attempt
ORDER BY submitted_at, id OFFSET %s"""


def _asked(place: Stand, query: str, *values: Any) -> list[Any]:
    address = place.environment["DATABASE_OWNER_URL"]
    with psycopg.connect(address, options="-c app.scope=client", autocommit=True) as connection:
        return [row[0] for row in connection.execute(query, values).fetchall()]


def _state(place: Stand, asset: str) -> str:
    return str(_asked(place, "SELECT state FROM core_asset WHERE id = %s", asset)[0])


def _delays(place: Stand, world: dict[str, Any], clients: int) -> list[float]:
    """Let these reps make their attempts, and return how many milliseconds each waited for its score."""
    before = len(_asked(place, _DELAYS, 0))
    run(place, world, clients)
    return [float(each) for each in _asked(place, _DELAYS, before)]


def _told(what: str, delays: list[float]) -> str:
    p95 = statistics.quantiles(delays, n=20)[-1]
    return f"{what:18} p50 {statistics.median(delays):6.0f} ms   p95 {p95:6.0f} ms   longest {max(delays):6.0f} ms"


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--people", type=int, default=120)
    parser.add_argument("--clients", type=int, default=2)
    parser.add_argument("--seconds", type=int, default=60, help="how long the video is")
    options = parser.parse_args()
    with stand() as place:
        world = place.seed("bench.seed_attempt", str(2 * options.people))
        sessions = world["sessions"]
        alone = _delays(place, world | {"sessions": sessions[: options.people]}, options.clients)
        asset = place.seed("bench.seed_beside", str(options.seconds))["asset"]
        while _state(place, asset) == "waiting":
            # Between two looks from outside, so that they don't take the time that is measured.
            time.sleep(0.05)
        beside = _delays(place, world | {"sessions": sessions[options.people :]}, options.clients)
        state = _state(place, asset)
    print(
        f"{options.people} attempts, {options.clients} clients, each from its hand-in to its score"
    )
    print(_told("alone", alone))
    print(_told("beside a video", beside))
    print(f"longest of the goal {max(beside) / GOAL_MS:.2f} x (a second)")
    if state != "working":
        raise SystemExit(f"The video was {state} too soon: take a longer one with --seconds.")


if __name__ == "__main__":
    main()
