"""How far an answer is: told as it is made, to whoever looks; it only grows, and a worker's end begins it anew."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

import pytest
from django.db import InterfaceError, OperationalError, connection
from django.test import Client as Browser
from hypothesis import given
from hypothesis import strategies as st

from analytics.associations import actions, steps, studies
from analytics.associations.models import CourseStudy, Report
from analytics.associations.question import usual
from analytics.associations.waiting import Progress
from core.scope import CLIENT, scoped
from partners.models import Person
from partners.queries.client import today
from tests.concurrency.racing import race
from tests.courses.factories import make_course
from tests.partners.factories import make_client, make_person, sign_in

HERE = "/reports/learning-to-sales/"


@dataclasses.dataclass(frozen=True)
class Nothing:
    """The figures of a course that nobody completed."""

    print: str = "0"
    completions: int = 0
    partners: int = 0


def office() -> Person:
    return make_person(make_client(), roles=["sales_manager"])


def computed(study: Callable[[Any, steps.Tell], dict[str, Any]]) -> int:
    """Compute every study that waits by this engine; returns how many."""
    engine = studies.Engine(lambda _rows: Nothing(), study)
    with scoped(CLIENT):
        return studies.compute_waiting(engine=engine, version="1")


def elsewhere(look: Callable[[], Any]) -> Any:
    """Return what somebody sees on a connection of their own."""

    def looked() -> Any:
        with scoped(CLIENT):
            return look()

    (found,) = race([looked])
    if isinstance(found, Exception):
        raise found
    return found


def far() -> tuple[int, int, int]:
    return CourseStudy.objects.values_list("step", "steps", "tries").get()


@given(told=st.lists(st.sampled_from(sorted({*steps.STUDY, *steps.REPORT})), max_size=30))
def test_whatever_is_told_it_only_grows(told: list[str]) -> None:
    at = -1
    for step in told:
        after = steps.onward(steps.STUDY, at, step)
        assert at <= after < len(steps.STUDY)
        assert after == at or steps.STUDY[after] == step
        at = after


@pytest.mark.django_db(transaction=True)
def test_others_see_how_far_it_is_while_it_is_made_and_nobody_else_makes_it() -> None:
    row = studies.ask(actor=office(), course=make_course())
    assert far() == (0, 0, 0)
    seen, others = [], []

    def study(_figures: Any, tell: steps.Tell) -> dict[str, Any]:
        for step in steps.STUDY[1:-1]:
            tell(step)
            seen.append(elsewhere(far))
        others.append(elsewhere(lambda: computed(study)))
        return {"answers": []}

    assert computed(study) == 1
    assert seen == [(n, 9, 1) for n in range(1, 8)]
    assert others == [0]
    row.refresh_from_db()
    assert (row.state, row.step, row.steps, row.tries) == ("ready", 9, 9, 1)


@pytest.mark.django_db(transaction=True)
def test_where_a_worker_is_killed_the_next_one_begins_anew() -> None:
    studies.ask(actor=office(), course=make_course())

    def killed(_figures: Any, tell: steps.Tell) -> dict[str, Any]:
        tell(steps.STUDYING)
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            (pid,) = cursor.fetchone()
        elsewhere(lambda: connection.cursor().execute(f"SELECT pg_terminate_backend({pid}, 9000)"))
        tell(steps.DOUBTING)
        return {}

    with pytest.raises((OperationalError, InterfaceError)):
        computed(killed)
    connection.close()
    assert elsewhere(far) == (2, 9, 1)
    begun = []

    def study(_figures: Any, tell: steps.Tell) -> dict[str, Any]:
        begun.append(far())
        return {"answers": []}

    assert computed(study) == 1
    assert begun == [(0, 9, 2)]
    with scoped(CLIENT):
        assert far() == (9, 9, 2)


@pytest.mark.django_db
def test_a_page_that_waits_shows_the_step_and_its_place() -> None:
    person = office()
    browser, course = sign_in(Browser(), person), make_course()
    study = studies.ask(actor=person, course=course)
    report = actions.ask(actor=person, question=usual(today()))
    waits: dict[str, Any] = {f"{HERE}courses/{course.pk}/": study, f"{HERE}{report.pk}/": report}
    for url, row in waits.items():
        assert "順番を待っています" in browser.get(url).content.decode()
        type(row).objects.filter(pk=row.pk).update(steps=len(row.PLAN))
        row.refresh_from_db()
        Progress(row)(row.PLAN[1])
        page = browser.get(url).content.decode()
        assert f'<progress value="1" max="{len(row.PLAN)}"' in page
        assert f"{len(row.PLAN)}段階中2" in page
    assert Report.objects.get().step == 1
