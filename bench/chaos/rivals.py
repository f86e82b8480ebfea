"""The same moment from several sides: one key fifty times, two devices."""

import random
import threading
import uuid
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from bench.chaos.phones import Phone, answers, body_of
from bench.chaos.stage import Stage

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
