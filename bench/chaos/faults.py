"""What is done to the stack while people are at work. Each returns what else was seen, in words."""

import dataclasses
import os
import random
import signal
import time
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path

from celery import Celery
from redis.exceptions import RedisError

from bench.chaos.stage import Stage
from tools.launch.processes import Program
from tools.launch.programs import CLOCK, ask

_luck = random.Random(5)

SCORERS = "worker-score"
JOBS = {
    "score": ("core.sweep", "gamification.mend_standings"),
    "bulk": (
        *("core.sweep", "core.send_mail", "imports.work", "authoring.publish_due", "core.tidy"),
        *("posts.settle_videos", "analytics.mend_summaries", "assignments.remind"),
        *("assignments.follow_shelf", "webhooks.send", "webhooks.forget"),
    ),
    "media": ("core.process_media",),
}


def kill_children(stage: Stage, times: int) -> list[str]:
    """P1: kill -9 one living child of the scoring worker each 100 ms."""
    with stage.load():
        while stage.strikes < times:
            if children := stage.children(SCORERS):
                with suppress(ProcessLookupError):
                    os.kill(_luck.choice(children), signal.SIGKILL)
                    stage.strike()
            stage.pause(0.1)
    return []


def kill_workers(stage: Stage, times: int) -> list[str]:
    """P2: kill -9 a whole worker, or the clock, with all that it started."""
    with stage.load():
        stage.pause(1)
        for turn in range(times):
            stage.kill((SCORERS, "worker-bulk", CLOCK, SCORERS)[turn % 4])
            stage.strike()
            stage.pause(0.2)
            if turn < times - 1:  # after the last one the supervisor's own pauses count
                stage.revive()
            stage.pause(_luck.uniform(0.5, 2.5))
    return []


def lose_redis(stage: Stage, times: int) -> list[str]:
    """P3: FLUSHALL in the middle of a backlog, kill -9, and a restart, in turn."""
    with stage.load():
        stage.pause(1)
        for turn in range(times):
            (_flush, _kill_redis, _restart_redis)[turn % 3](stage)
            stage.strike()
            stage.pause(_luck.uniform(0.5, 2))
    return []


def _flush(stage: Stage) -> None:
    stage.kill(SCORERS, signal.SIGSTOP)
    stage.pause(0.5)
    with stage.redis() as redis:
        redis.flushall()
    stage.kill(SCORERS, signal.SIGCONT)


def _kill_redis(stage: Stage) -> None:
    stage.kill("valkey")
    stage.pause(0.4)
    stage.revive()


def _restart_redis(stage: Stage) -> None:
    stage.kill("valkey", signal.SIGTERM)
    stage.pause(1)
    stage.revive()


def reset_connections(stage: Stage, times: int) -> list[str]:
    """P4: break every connection to Redis each 250 ms."""
    with stage.load(), stage.redis() as redis:
        while stage.strikes < times:
            with suppress(RedisError):
                redis.execute_command("CLIENT", "KILL", "TYPE", "normal")
                stage.strike()
            stage.pause(0.25)
    return []


def restart_postgresql(stage: Stage, times: int) -> list[str]:
    """P5: an immediate shutdown of PostgreSQL, which is a crash to all who talk to it, and a start."""
    away: list[float] = []
    with stage.load():
        for _ in range(times):
            stage.pause(_luck.uniform(1, 3))
            os.kill(stage.pid("postgresql"), signal.SIGQUIT)
            stage.strike()
            began = time.monotonic()
            stage.pause(0.3)
            stage.until(lambda: _postgresql_is_back(stage), 60)
            away.append(time.monotonic() - began)
        stage.pause(2)
    return [f"away {min(away):.1f}-{max(away):.1f} s each time"]


def _postgresql_is_back(stage: Stage) -> bool:
    stage.revive()
    return stage.tried(lambda: bool(stage.rows("SELECT 1")))


def die_around_the_bell(stage: Stage, times: int) -> list[str]:
    """P18: web and worker processes die between commit and bell, and between bell and its note."""
    folders = {name: stage.places.state / f"tokens-{name}" for name in ("web", SCORERS)}
    for name, folder in folders.items():
        folder.mkdir(exist_ok=True)
        stage.exchange(name, deadly(stage.program(name), folder))
    placed, until = 0, time.monotonic() + 240
    with stage.load():
        while stage.strikes < times and time.monotonic() < until:
            lying = sum(len(list(folder.iterdir())) for folder in folders.values())
            stage.strike(placed - lying - stage.strikes)
            if lying < 2 and placed < times:
                kind = "before" if placed % 2 else "after"
                (folders[("web", SCORERS)[placed // 2 % 2]] / f"{kind}-{placed:04}").touch()
                placed += 1
            stage.pause(0.1)
    for name in folders:
        stage.exchange(name, stage.program(name))
    return []


def deadly(program: Program, tokens: Path) -> Program:
    """Return the program with processes that die for tokens."""
    command = [word.replace("lms.wsgi", "bench.chaos.wsgi") for word in program.command]
    if command == list(program.command):
        command.append("--include=bench.chaos.deadly")
    environment = {**program.environment, "CHAOS_TOKENS": str(tokens)}
    return dataclasses.replace(program, command=command, environment=environment)


def stop_the_clock(stage: Stage, times: int) -> list[str]:
    """P18: the clock lives but rings nobody, and what was rung is lost: no sweep, until somebody notices."""
    said: list[str] = []
    for _ in range(times):
        stage.kill(CLOCK, signal.SIGSTOP)
        hung, began = stage.pid(CLOCK), time.monotonic()
        with stage.load(clients=4, pause=0.2):
            stage.pause(2)
            _flush(stage)
            stage.pause(8)
        seen = _when(stage, began, lambda: ask(f"{stage.site.url}/readyz").status == 503, 150)
        replaced = _when(stage, began, partial(_is_another, stage, hung), 200)
        stage.strike()
        said.append(
            f"/readyz told after {seen:.0f} s, the clock was replaced after {replaced:.0f} s"
        )
    return said


def _is_another(stage: Stage, pid: int) -> bool:
    return stage.pid(CLOCK) != pid


def _when(stage: Stage, began: float, true: Callable[[], bool], patience: float) -> float:
    stage.until(true, patience)
    return time.monotonic() - began


def two_clocks(stage: Stage, times: int) -> list[str]:
    """P19: a second clock beside the first, and every periodic job rung twenty times at once."""
    first = stage.program(CLOCK)
    command = [word.replace("beat-schedule", "beat-schedule-2") for word in first.command]
    stage.site.supervisor.start(dataclasses.replace(first, name="beat-2", command=command))
    broker = stage.site.environment["BROKER_URL"]
    with stage.load(), Celery("bench", broker=broker, set_as_current=False) as app:
        for _ in range(times):
            for queue, names in JOBS.items():
                for name in names * 20:
                    app.send_task(name, queue=queue)
            stage.strike()
            stage.pause(10)
    stage.site.supervisor.end("beat-2", for_good=True)
    return []
