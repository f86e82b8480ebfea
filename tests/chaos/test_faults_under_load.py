"""While people take quizzes over HTTP everything that may break breaks: nothing is lost, nothing counts twice.

The short form of `bench.chaos`: the same phones, the same books, on the tests' own stack.
"""

import datetime as dt
import os
import random
import signal
import time
import uuid
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import psycopg
import pytest
import redis
from celery import current_app
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.utils import timezone

from bench.chaos import books, journal
from bench.chaos.phones import Load, Phone, answers, body_of
from bench.chaos.seed import described
from core import bell, outbox
from core.models import Delivery
from gamification.actions import standings
from gamification.models import Board
from partners.models import Person
from tests.concurrency.racing import race
from tests.courses.factories import make_course, make_module
from tests.partners.factories import make_client, make_partner, make_person, make_team
from tests.plugin.patience import PATIENCE
from tests.plugin.processes import Site
from tools.launch.pytest_services import bed

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(600)]

REPS, QUIZZES = 6, 30


class Stage:
    """People who are signed in, and hands on the processes behind them."""

    def __init__(self, site: Site, folder: Path) -> None:
        self.site, self.journal = site, journal.Journal(folder / "acknowledged.jsonl")
        self.journal.path.touch()
        make_client()
        home = make_partner()
        team, course = make_team(home), make_course()
        reps = [make_person(home, team=team) for _ in range(REPS)]
        self.quizzes = described(reps, [make_module(course=course).pk for _ in range(QUIZZES)])[
            "modules"
        ]
        self.phones = [self._phone(rep) for rep in reps]
        self.supervisor = site.worker.processes.supervisor

    def _phone(self, rep: Person) -> Phone:
        browser = Client()
        browser.force_login(rep.account, backend="partners.backends.PersonBackend")
        cookies = {
            settings.SESSION_COOKIE_NAME: browser.cookies[settings.SESSION_COOKIE_NAME].value
        }
        cookies[settings.CSRF_COOKIE_NAME] = "b" * 32
        return Phone(self.site.url, str(rep.pk), rep.email, self.journal, _cookies=cookies)

    def until(self, true: Callable[[], bool], patience: float = PATIENCE) -> bool:
        """Wait until something is true, starting again meanwhile what died."""
        end = time.monotonic() + patience
        while not true():
            if time.monotonic() > end:
                return False
            self.supervisor.revive()
            time.sleep(0.02)
        return True

    def after_more(self, count: int = 8) -> None:
        """Wait until clients were told so many times more that something is stored."""
        now = self.told().successes
        assert self.until(lambda: self.told().successes >= now + count), "nobody gets through"

    def told(self) -> journal.Told:
        return journal.read(self.journal.path)

    def heal(self) -> None:
        """Wait until all is scored, and do what the clock does meanwhile: nothing else repeats a bell that was lost.

        What a dead worker had in hand needn't wait for its lease to end.
        """

        def settled() -> bool:
            waiting = Delivery.objects.filter(state="pending")
            waiting.update(next_at=timezone.now() - dt.timedelta(seconds=3))
            outbox.sweep()
            if Board.objects.filter(stale=True).exists():
                bell.call(standings.MEND, "score")
            time.sleep(0.2)
            return books.settled(rows, self.told().handed_in)

        assert self.until(settled), "it did not heal"

    def check(self) -> None:
        """Compare what clients were told with what is there, and what is there with itself."""
        told = self.told()
        assert books.check(rows, told, self.quizzes) == books.Findings()
        assert set(told.refused) <= {journal.OFFLINE, 503}, told.words
        assert not told.impatient
        call_command("check_standings")


def rows(statement: str, *values: object) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values or None)
        return cursor.fetchall()


@pytest.fixture
def stage(site: Site, tmp_path: Path) -> Iterator[Stage]:
    made = Stage(site, tmp_path)
    yield made
    for phone in made.phones:
        phone.hang_up()


def children(pid: int) -> list[int]:
    return [int(each) for each in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def kill_a_child_of_the_worker(stage: Stage) -> None:
    os.kill(random.choice(children(stage.site.worker.pid)), signal.SIGKILL)


def kill_a_child_of_the_web_server(stage: Stage) -> None:
    os.kill(random.choice(children(stage.supervisor.pid("web"))), signal.SIGKILL)


def reset_the_connections_to_redis(stage: Stage) -> None:
    number = int(settings.BROKER_URL.rpartition("=")[2])
    with redis.Redis(unix_socket_path=str(bed.redis.socket)) as server:
        for client in server.client_list():
            if int(client["db"]) in {number, number + 1}:
                server.client_kill_filter(_id=client["id"])


def end_the_connections_to_postgresql(stage: Stage) -> None:
    [[own, name]] = rows("SELECT pg_backend_pid(), current_database()")
    with psycopg.connect(bed.postgres.url("postgres", "postgres"), autocommit=True) as server:
        server.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s AND pid <> %s",
            [name, own],
        )


FAULTS = (
    kill_a_child_of_the_worker,
    reset_the_connections_to_redis,
    end_the_connections_to_postgresql,
    kill_a_child_of_the_web_server,
)


def ring_every_job(times: int) -> None:
    """Ring the periodic jobs as so many clocks would that know nothing of each other."""
    for entry in list(current_app.conf.beat_schedule.values()) * times:
        queue = entry["options"].get("queue", "bulk")
        current_app.send_task(entry["task"], args=entry.get("args", ()), queue=queue)


def test_all_that_is_acknowledged_is_there_once_whatever_breaks_meanwhile(stage: Stage) -> None:
    load = Load(stage.phones, stage.quizzes).start(4)
    for break_something in FAULTS * 4:
        stage.after_more()
        break_something(stage)
    stage.after_more()
    load.stop(stage.until, PATIENCE)
    stage.heal()
    stage.check()
    assert len(stage.told().handed_in) > 30
    ring_every_job(3)
    stage.site.worker.wait_until_idle()
    stage.check()


def test_one_key_from_thirty_connections_is_one_attempt_with_one_answer(stage: Stage) -> None:
    phone, quiz, attempt = stage.phones[0], stage.quizzes[0], str(uuid.uuid4())
    body = body_of(quiz, answers(quiz, random.Random(1)), submit=True)
    told = race([partial(phone.from_another_device, attempt, body)] * 30)
    assert {(status, answer["attempt"]) for status, answer in told} == {(200, attempt)}
    assert len({str(sorted(answer["saved"].items())) for _, answer in told}) == 1
    stage.heal()
    stage.check()
    changed = body_of(quiz, [{"item": "q001", "options": [], "seq": 99}], submit=True)
    before = rows("SELECT * FROM quizzes_answer ORDER BY id")
    _, other = phone.from_another_device(attempt, changed)
    assert other["late"] == ["q001"]
    assert rows("SELECT * FROM quizzes_answer ORDER BY id") == before
