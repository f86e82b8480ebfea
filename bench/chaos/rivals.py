"""The same moment from several sides: one key fifty times, two devices, a partner that takes all it can get."""

import random
import statistics
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from bench.chaos.phones import Phone, answers, body_of
from bench.chaos.stage import Stage
from tools.launch.places import ROOT

_luck = random.Random(7)


def at_once(stage: Stage, jobs: Sequence[Callable[[], Any]]) -> list[Any]:
    """Run jobs from one starting shot and return their results."""
    barrier, results = threading.Barrier(len(jobs)), [None] * len(jobs)

    def run(index: int, job: Callable[[], Any]) -> None:
        barrier.wait(30)
        results[index] = job()

    threads = [threading.Thread(target=run, args=pair, daemon=True) for pair in enumerate(jobs)]
    for thread in threads:
        thread.start()
    assert stage.until(lambda: not any(t.is_alive() for t in threads), 90), "still under way"
    return results


def same_key(stage: Stage, times: int) -> list[str]:
    """P6: a whole attempt with one key from fifty connections at once; then the key with other answers."""
    odd: list[str] = []
    for turn in range(times):
        phone = stage.phones[turn % len(stage.phones)]
        quiz, attempt = stage.world["modules"][phone.taken], str(uuid.uuid4())
        phone.taken += 1
        body = body_of(quiz, answers(quiz, _luck), submit=True)
        told = at_once(stage, [partial(phone.from_another_device, attempt, body)] * 50)
        stage.strike(50)
        kinds = {(status, answer.get("attempt")) for status, answer in told}
        if kinds != {(200, attempt)}:
            odd.append(f"answers {kinds}")
        changed = {"item": body["answers"][0]["item"], "options": [], "seq": 99}
        status, answer = phone.from_another_device(attempt, body_of(quiz, [changed], submit=True))
        if (status, answer.get("late")) != (200, [changed["item"]]):
            odd.append(f"other answers with the same key: {status} {answer}")
    [[rows]] = stage.rows("SELECT count(*) FROM quizzes_attempt WHERE state = 'superseded'")
    return [*odd[:5], *([f"{rows} attempts superseded"] if rows else [])]


def two_devices(stage: Stage, times: int) -> list[str]:
    """P7: two devices hand in attempts of their own; a tab saves while another one hands in."""
    odd: list[str] = []
    for turn in range(times):
        phone = stage.phones[turn % len(stage.phones)]
        quiz = stage.world["modules"][phone.taken]
        phone.taken += 1
        told = (_two_phones, _two_tabs)[turn % 2](stage, phone, quiz)
        stage.strike()
        if {status for status, _ in told} != {200} or len({a["attempt"] for _, a in told}) != 1:
            odd.append(f"answers {told}")
    return odd[:5]


def _two_phones(stage: Stage, phone: Phone, quiz: dict[str, Any]) -> list[Any]:
    return at_once(stage, [partial(_whole, phone, quiz)] * 2)


def _whole(phone: Phone, quiz: dict[str, Any]) -> tuple[int, dict[str, Any]]:
    body = body_of(quiz, answers(quiz, _luck), submit=True)
    return phone.from_another_device(str(uuid.uuid4()), body)


def _two_tabs(stage: Stage, phone: Phone, quiz: dict[str, Any]) -> list[Any]:
    attempt, given = str(uuid.uuid4()), answers(quiz, _luck)
    phone.deliver(attempt, body_of(quiz, given[:1], submit=False), threading.Event())
    last = body_of(quiz, given[1:3], submit=True)
    beside = body_of(quiz, given[3:], submit=False)
    return at_once(
        stage, [partial(phone.from_another_device, attempt, body) for body in (last, beside)]
    )


def one_partner_takes_all(stage: Stage, times: int) -> list[str]:
    """P16: one rep of a partner, alone; then beside fifty as busy of another one, its import and its videos."""
    greedy, *_, modest = sorted({rep["home"] for rep in stage.world["reps"]})
    homes = {rep["person"]: rep["home"] for rep in stage.world["reps"]}
    crowd = [phone for phone in stage.phones if homes[phone.person] == greedy]
    one = next(phone for phone in stage.phones if homes[phone.person] == modest)
    quizzes = stage.world["modules"][::-1]
    seconds = 60 if times > 1 else 15
    alone = _busy(stage, [(one.copy(), quizzes[0])], seconds)
    others = [(crowd[n % len(crowd)].copy(), quizzes[1 + n // len(crowd)]) for n in range(50)]
    beside = _busy(stage, [(one.copy(), quizzes[8]), *others], seconds)
    stage.strike()
    bulk = [
        _start(stage, "bench.seed_imports", "deals", "50000" if times > 1 else "5000"),
        _start(stage, "bench.chaos.seed_videos", "5" if times > 1 else "1"),
    ]
    with_bulk = _busy(stage, [(one.copy(), quizzes[9]), *others], seconds)
    stage.strike()
    under_way = sum(each.poll() is None for each in bulk)
    stage.until(lambda: all(each.poll() is not None for each in bulk), 240)
    for each in bulk:
        each.kill()
        each.wait()
    p95 = [statistics.quantiles(ms, n=20)[-1] for ms in (alone, beside, with_bulk)]
    said = (
        f"p95 of one rep alone {p95[0]:.0f} ms; beside 50 of another partner {p95[1]:.0f} ms"
        f" ({p95[1] / p95[0]:.1f}x); with its import and videos as well {p95[2]:.0f} ms"
        f" ({p95[2] / p95[0]:.1f}x; {under_way} of the two under way to the end)"
    )
    return [said]


def _busy(stage: Stage, clients: Sequence[tuple[Phone, Any]], seconds: float) -> list[float]:
    """Have clients save an answer or open a page twice a second each; return what the first one's took, in ms."""
    stop, first = threading.Event(), clients[0][0]

    def work(phone: Phone, quiz: dict[str, Any]) -> None:
        attempt, seq = str(uuid.uuid4()), int(time.time() * 10)
        item, options = next(iter(quiz["items"].items()))
        while not stop.is_set():
            seq += 1
            answer = {"item": item, "options": options["options"][:1], "seq": seq}
            phone.deliver_once(attempt, body_of(quiz, [answer], submit=False))
            stop.wait(0.5)
            began = time.perf_counter()
            phone.page("/learn/")
            phone.milliseconds.append((time.perf_counter() - began) * 1000)
            stop.wait(0.5)
        phone.hang_up()

    threads = [threading.Thread(target=work, args=client, daemon=True) for client in clients]
    for thread in threads:
        thread.start()
        stop.wait(0.5 / len(threads))  # people don't all begin in one moment
    first.milliseconds.clear()
    stage.pause(seconds)
    taken = list(first.milliseconds)
    stop.set()
    stage.until(lambda: not any(t.is_alive() for t in threads), 30)
    return taken


def _start(stage: Stage, module: str, *arguments: str) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        [sys.executable, "-m", module, *arguments],
        cwd=ROOT,
        env={**stage.site.environment, "TOMONI_ROLE": "owner"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
