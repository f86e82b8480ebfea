"""P17: news that kills whoever handles it, in the queue in which everybody's scores are made."""

import time

from bench.chaos.faults import SCORERS, deadly
from bench.chaos.stage import Stage

_HANDLER = "bench.chaos.deadly.die"
_ADD = (
    "INSERT INTO core_delivery (event, handler, queue, payload, scope, state, tries, error)"
    " VALUES ('Poison', %s, 'score', '{}', '', 'pending', 0, '') RETURNING id"
)


def poison(stage: Stage, times: int) -> list[str]:
    """Let poison go round until it is parked; with `times` 1 its pauses are cut short."""
    tokens = stage.places.state / "no-tokens"
    tokens.mkdir(exist_ok=True)
    stage.exchange(SCORERS, deadly(stage.program(SCORERS), tokens))
    began = time.monotonic()
    with stage.load(clients=4, pause=0.3):
        ids = [stage.rows(_ADD, _HANDLER)[0][0] for _ in range(times)]
        parked = stage.until(lambda: _parked(stage, hurry=times == 1), 400)
        took = time.monotonic() - began
    tries = stage.rows("SELECT tries, state FROM core_delivery WHERE id = ANY (%s)", ids)
    stage.strike(sum(row[0] for row in tries))
    [[slowest]] = stage.rows(
        "SELECT coalesce(max(extract(epoch FROM scored_at - submitted_at)), 0)::float FROM quizzes_attempt"
        " WHERE submitted_at > now() - make_interval(secs => %s)",
        took,
    )
    stage.rows("DELETE FROM core_delivery WHERE handler = %s RETURNING id", _HANDLER)
    stage.exchange(SCORERS, stage.program(SCORERS))
    said = (
        f"parked after {tries[0][0]} starts and {took:.0f} s" if parked else f"not parked: {tries}"
    )
    return [f"{said}; the slowest score beside it took {slowest:.1f} s"]


def _parked(stage: Stage, *, hurry: bool) -> bool:
    if hurry:
        stage.rows(
            "UPDATE core_delivery SET next_at = now() - interval '3 seconds'"
            " WHERE handler = %s AND state = 'pending' AND tries > 0 RETURNING id",
            _HANDLER,
        )
        stage.pause(1)
    return not stage.rows(
        "SELECT FROM core_delivery WHERE handler = %s AND state = 'pending'", _HANDLER
    )
