"""Learning and sales by month: what the records say, frozen in time, revised where something was told late."""

import datetime as dt
import io
import random
from collections import Counter
from typing import Any

import pytest
import time_machine
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from analytics.associations import measures, nightly
from analytics.associations.models import Month, MonthRevision, Night, RepMonth
from analytics.associations.queries import grids
from analytics.associations.queries.unit import unit
from analytics.associations.question import Question
from analytics.associations.tasks import night
from core import bell
from core.scope import scoped
from courses.assignments.models import Assignment, Enrolment
from courses.catalog.models import Module
from partners.models import Organisation, Person
from sales import measures as counted
from sales.queries.facts import Part
from sales.queries.panel import panel_of
from tests.analytics.associations.copies import of_grid
from tests.analytics.associations.factories import (
    NOW,
    OCTOBER,
    SEPTEMBER,
    finish,
    market,
    noon,
    sell,
)
from tests.courses.factories import make_module
from tests.partners.factories import make_partner, make_person, make_team
from tests.sales.factories import moved, sold

pytestmark = pytest.mark.django_db

TODAY = dt.date(2026, 11, 20)
NOVEMBER = dt.date(2026, 11, 1)


@pytest.fixture(autouse=True)
def _then():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def rep() -> Person:
    market()
    return make_person(make_partner("みらい営業"), sign_in=False)


def current(person: Person, month: dt.date = SEPTEMBER) -> RepMonth:
    return RepMonth.objects.get(person=person, month=month, replaced=None)


def check(*options: str) -> tuple[int, str]:
    out = io.StringIO()
    try:
        call_command("check_months", *options, stdout=out)
    except SystemExit as left:
        return int(str(left.code)), out.getvalue()
    return 0, out.getvalue()


def a_busy_market(people: int = 12) -> list[Person]:
    """Let people sell, learn, be asked, and some of them move, by chance."""
    _client, _product, modules = market()
    rng = random.Random(7)
    places = [make_partner(f"会社{n}") for n in range(3)]
    found = []
    for n in range(people):
        person = make_person(places[n % 3], team=make_team(places[n % 3]), sign_in=False)
        days = sorted(dt.date(2026, rng.randint(6, 11), rng.randint(1, 19)) for _ in range(5))
        for day in days:
            sell(person, {day: {name: rng.randint(0, 30) for name in counted.COUNTED}})
        for module in rng.sample(modules, 3):
            finish(person, module, noon(rng.choice(days)), score=f"0.{rng.randint(100, 999)}")
        ask_for(person, modules[0], noon(days[0]), noon(days[3]) if rng.random() < 0.5 else None)
        if n % 5 == 0:
            moved(person, places[(n + 1) % 3], None, days[2])
        found.append(person)
    return found


def ask_for(person: Person, module: Module, at: dt.datetime, done: dt.datetime | None) -> None:
    assignment = Assignment.objects.create(
        organisation_id=person.organisation_id,
        module=module,
        necessity="required",
        created_by=person,
    )
    Enrolment.objects.create(
        assignment=assignment,
        person=person,
        organisation_id=person.organisation_id,
        assigned_at=at,
        state="finished" if done else "open",
        finished_at=done,
    )


def test_months_are_what_the_panel_says_and_what_was_learned() -> None:
    a_busy_market()
    market_of_deals = make_partner("商談会社")
    sold(market_of_deals, make_team(market_of_deals), 3)
    night()
    told: Counter[tuple[Any, ...]] = Counter()
    for line in panel_of(Part(until=dt.date(2026, 12, 1))):
        key = line.person_id, line.organisation_id, line.team_id, line.month
        for name in (*counted.COUNTED, "won", "lost"):
            told[*key, name] += getattr(line, name)
        for currency, units in line.amounts.items():
            told[*key, currency] += units
    kept: Counter[tuple[Any, ...]] = Counter()
    for row in RepMonth.objects.all():
        key = row.person_id, row.organisation_id, row.team_id, row.month
        for name in (*counted.COUNTED, "won", "lost"):
            kept[*key, name] += getattr(row, name)
        for currency, (units, _deals) in row.amounts.items():
            kept[*key, currency] += units
    assert +kept == +told
    assert any(key[-1] == "JPY" for key in kept)
    assert sum(RepMonth.objects.values_list("finished", flat=True)) == 36
    assert sum(RepMonth.objects.values_list("asked", flat=True)) == 12
    assert check() == (0, "Months and records agree.\n")


def test_learning_counts_where_somebody_belonged_on_the_day_and_months_end_at_the_client(
    rep: Person,
) -> None:
    to, modules = make_partner("あおば商事"), [make_module(items=[]) for _ in range(3)]
    mine = rep.organisation_id
    finish(rep, modules[0], dt.datetime(2026, 8, 31, 14, 59, tzinfo=dt.UTC))  # August in Tokyo
    finish(rep, modules[1], dt.datetime(2026, 8, 31, 15, 0, tzinfo=dt.UTC))
    finish(rep, modules[2], noon(dt.date(2026, 9, 20)))
    moved(rep, to, None, dt.date(2026, 9, 10))
    night()
    rows = RepMonth.objects.filter(person=rep).values_list("month", "organisation_id", "finished")
    assert {(month, place, n) for month, place, n in rows if n} == {
        (dt.date(2026, 8, 1), mine, 1),
        (SEPTEMBER, mine, 1),
        (SEPTEMBER, to.pk, 1),
    }


def test_what_is_dated_after_this_month_waits_for_its_month(rep: Person) -> None:
    sell(rep, {dt.date(2027, 1, 3): {"calls": 5}, SEPTEMBER: {"calls": 1}})
    night()
    assert not RepMonth.objects.filter(month__gt=TODAY).exists()
    assert current(rep).calls == 1


def test_a_night_is_worked_once_and_the_next_one_writes_only_what_changed(rep: Person) -> None:
    sell(rep, {NOVEMBER: {"calls": 10}})
    night()
    before = set(RepMonth.objects.values_list("pk", flat=True))
    with CaptureQueriesContext(connection) as caught:
        night()
    assert len(caught) <= 5
    sell(rep, {dt.date(2026, 11, 2): {"calls": 1}})
    with time_machine.travel(NOW + dt.timedelta(days=1), tick=False):
        night()
    assert current(rep, NOVEMBER).calls == 11
    assert len(before - set(RepMonth.objects.values_list("pk", flat=True))) == 1
    assert RepMonth.objects.filter(person=rep, month=NOVEMBER).count() == 1
    assert Night.objects.filter(done_at=None).count() == 0


def test_a_month_is_open_until_some_days_after_its_end(rep: Person, settings: Any) -> None:
    settings.REPORTS_FREEZE_DAYS = 20
    sell(rep, {SEPTEMBER: {"calls": 10}, OCTOBER: {"calls": 10}})
    night()
    frozen = dict(Month.objects.values_list("month", "frozen_at"))
    assert frozen[SEPTEMBER] is not None
    assert frozen[OCTOBER] is None
    with time_machine.travel(NOW + dt.timedelta(days=1), tick=False):
        night()
    assert Month.objects.get(month=OCTOBER).frozen_at is not None


def test_what_is_told_after_the_freeze_makes_a_revision_and_what_stood_there_stays(
    rep: Person,
) -> None:
    colleague = make_person(rep.organisation, sign_in=False)
    for person in (rep, colleague):
        sell(person, {SEPTEMBER: {"calls": 10, "appointments": 1}})
    night()
    sell(rep, {SEPTEMBER: {"calls": 12, "appointments": 1}})
    code, told = check()
    assert code == 1
    assert "1 rows differ in calls" in told
    for day in (1, 2):
        with time_machine.travel(NOW + dt.timedelta(days=day), tick=False):
            night()
    old, new = RepMonth.objects.filter(person=rep, month=SEPTEMBER).order_by("revision")
    assert (old.calls, old.revision, old.replaced) == (10, 0, 1)
    assert (new.calls, new.revision, new.replaced) == (12, 1, None)
    assert current(colleague).revision == 0
    month, revision = Month.objects.get(month=SEPTEMBER), MonthRevision.objects.get()
    assert (month.revision, month.as_of) == (1, NOW + dt.timedelta(days=1))
    assert (revision.organisation_id, revision.rows) == (rep.organisation_id, 1)
    assert revision.figures == ["calls"]
    assert check()[0] == 0


def test_the_check_mends(rep: Person) -> None:
    sell(rep, {NOVEMBER: {"calls": 10}})
    night()
    RepMonth.objects.filter(person=rep, month=NOVEMBER).update(calls=99)
    RepMonth.objects.filter(person=rep, month=OCTOBER).delete()
    assert check()[0] == 1
    assert check("--mend")[0] == 0
    assert current(rep, NOVEMBER).calls == 10


def nothing(*_: object) -> None:
    """Keep no grid, and study no course."""


def test_a_night_that_was_left_is_taken_up(rep: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    sell(rep, {SEPTEMBER: {"calls": 10}})
    rung: list[str] = []
    monkeypatch.setattr(bell, "call", lambda *words: rung.append(words[0]))
    rings = 0
    while not nightly.night(nothing, nothing, seconds=-1.0) and rings < 3:
        rings += 1
    assert not Month.objects.exists()
    assert set(rung) == {nightly.NIGHT}
    assert nightly.night(nothing, nothing)
    assert Month.objects.count() == 3


def test_one_that_cannot_be_kept_holds_up_no_other_one(rep: Person) -> None:
    sell(rep, {SEPTEMBER: {"calls": 10}})
    kept = []

    def keep(place: Organisation, _day: dt.date) -> None:
        if place.pk == rep.organisation_id:
            raise ValueError
        kept.append(place)

    assert nightly.night(keep, nothing)
    assert len(kept) == 1
    assert Night.objects.filter(done_at=None).count() == 0


@pytest.mark.parametrize("lag", measures.LAGS)
def test_a_grids_figures_are_those_of_the_reports(lag: int) -> None:
    a_busy_market()
    night()
    until = dt.date(2026, 11, 1)
    found = grids.figures(SEPTEMBER, until, lag)
    told = list(of_grid(found))
    for n, learning in enumerate(measures.LEARNING):
        for k, (sales, currency) in enumerate(found.columns):
            question = Question(
                since=SEPTEMBER, until=until, lag=lag, learning=learning, sales=sales
            )
            rows = {
                row.person_id: row for row in unit(question).rows if row.sold_of or row.learnt_of
            }
            for row in told:
                one = rows.get(row.person_id)
                if one and one.complete and not currency:
                    assert row.learning[n] == (one.learnt, one.learnt_of)
                    assert row.sales[k] == (one.sold, one.sold_of)
                    assert row.organisation_id == one.organisation_id
            complete = {row.person_id for row in told if row.learning[n][1] and row.sales[k][1]}
            assert complete == {pk for pk, one in rows.items() if one.complete}
    assert found.people == len(unit(question).rows)


def test_another_partner_sees_no_row(rep: Person) -> None:
    rival = make_partner("あおば商事")
    sell(rep, {SEPTEMBER: {"calls": 10}})
    night()
    with scoped(rival.pk):
        assert not RepMonth.objects.filter(person=rep).exists()
    assert not RepMonth.objects.visible_to(make_person(rival, sign_in=False)).exists()
