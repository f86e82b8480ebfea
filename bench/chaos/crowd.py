"""People of one partner at work, in a process of their own: else they would hold up whoever is measured by themselves.

Reads who they are from its input, works until that ends, and prints how much was answered.
"""

import json
import statistics
import sys
import threading
import time
import uuid
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bench.chaos.journal import Journal
from bench.chaos.phones import Phone, body_of


def work(phone: Phone, quiz: dict[str, Any], stop: threading.Event, pause: float = 0.5) -> None:
    """Save an answer, pause, open a page, pause, until told to stop."""
    attempt, seq = str(uuid.uuid4()), int(time.time() * 10)
    item, options = next(iter(quiz["items"].items()))
    while not stop.is_set():
        seq += 1
        answer = {"item": item, "options": options["options"][:1], "seq": seq}
        phone.deliver_once(attempt, body_of(quiz, [answer], submit=False))
        stop.wait(pause)
        began = time.perf_counter()
        phone.page("/learn/")
        phone.milliseconds.append((time.perf_counter() - began) * 1000)
        stop.wait(pause)
    phone.hang_up()


def described(clients: Sequence[tuple[Phone, Any]], pause: float) -> str:
    """Return what this program reads."""
    told = [{**phone.described(), "quiz": quiz} for phone, quiz in clients]
    journal = str(clients[0][0].journal.path)
    return json.dumps({"clients": told, "journal": journal, "pause": pause}) + "\n"


def main() -> None:
    """Work until the input ends."""
    told = json.loads(sys.stdin.readline())
    journal, stop = Journal(Path(told["journal"])), threading.Event()
    phones = [Phone.of(each, journal) for each in told["clients"]]
    threads = [
        threading.Thread(target=work, args=(phone, each["quiz"], stop, told["pause"]), daemon=True)
        for phone, each in zip(phones, told["clients"], strict=True)
    ]
    for thread in threads:
        thread.start()
        stop.wait(0.5 / len(threads))  # people don't all begin in one moment
    sys.stdin.read()
    stop.set()
    for thread in threads:
        thread.join(20)
    taken = sorted(ms for phone in phones for ms in phone.milliseconds)
    print(f"{len(taken)} answers, median {statistics.median(taken):.0f} ms")


if __name__ == "__main__":
    main()
