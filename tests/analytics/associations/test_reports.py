"""Asking and computing: the same question on the same figures is one report, and it stays as it was."""

import dataclasses
import datetime as dt
import json
import uuid
from pathlib import Path
from typing import Any

import pytest

from analytics import associations
from analytics.associations import actions, measures, waiting
from analytics.associations.models import Report
from analytics.associations.queries import reports
from analytics.associations.question import Question
from analytics.associations.tasks import compute
from partners.models import Person
from tests.analytics.associations.factories import (
    OCTOBER,
    SEPTEMBER,
    market,
    partners_that_differ,
    sell,
    seller,
)
from tests.partners.factories import make_client, make_partner, make_person

pytestmark = pytest.mark.django_db

QUESTION = Question(since=SEPTEMBER, until=OCTOBER)


@pytest.fixture
def office() -> Person:
    """The client's sales manager; 36 reps of six companies have learned and sold."""
    client, _product, modules = market()
    partners_that_differ(modules)
    return make_person(client, roles=["sales_manager"], sign_in=False)


def asked(person: Person, **changed: Any) -> Report:
    """Ask, let the worker compute, and return the report that answers."""
    waiting = actions.ask(actor=person, question=dataclasses.replace(QUESTION, **changed))
    compute()
    return reports.report(person, waiting.pk)


def result_of(person: Person, **changed: Any) -> dict[str, Any]:
    """Ask, and return what was found."""
    return asked(person, **changed).result or {}


def test_a_report_says_what_colleagues_have_and_hides_what_companies_have(office: Person) -> None:
    found = asked(office)
    assert found.state == Report.State.READY
    result = found.result or {}
    assert (result["reps"], result["partners"], result["grade"]) == (36, 6, "D")
    assert result["within"][1] > 0.3
    assert result["within"][0] > 0
    assert not result.keys() & {"pooled", "slope"}
    assert {each["code"] for each in result["findings"]} >= {"sign_differs", "few_groups"}
    told = reports.told(found)
    assert {each["name"] for each in told["numbers"]} == {"within", "between", "slope_within"}
    assert all(each["n"] == 36 for each in told["numbers"])
    assert result["drawn"] == "reps"  # six companies are too few to be drawn anew
    assert result["between"][1:] == [None, None]


def test_the_same_question_on_the_same_figures_finds_the_same_report(office: Person) -> None:
    first = asked(office)
    again = asked(office)
    assert again.pk == first.pk
    assert reports.reports(office).count() == 1
    rep = Person.objects.filter(roles__contains=["rep"]).first()
    sell(rep, {SEPTEMBER: {"calls": 90}})
    third = asked(office)
    assert third.pk != first.pk
    first.refresh_from_db()
    assert reports.report(office, first.pk).result == first.result
    assert third.result != first.result


def test_what_waits_is_asked_for_once_and_computing_twice_changes_nothing(office: Person) -> None:
    one, two = (actions.ask(actor=office, question=QUESTION) for _ in range(2))
    assert one.pk == two.pk
    compute()
    before = Report.objects.get()
    compute()
    assert Report.objects.get().result == before.result
    assert asked(office, lag=2).pk != one.pk


def test_the_result_is_the_same_on_another_day(office: Person) -> None:
    first = asked(office)
    Report.objects.filter(pk=first.pk).delete()
    assert result_of(office) == first.result


def test_a_report_that_can_not_be_computed_is_given_up_after_three_tries(office: Person) -> None:
    report = actions.ask(actor=office, question=QUESTION)

    def broken(*_: Any) -> dict[str, Any]:
        raise RuntimeError("no memory")

    for _ in range(waiting.MOST_TRIES):
        with pytest.raises(RuntimeError):
            actions.compute_waiting(engine=broken, version="1")
    Report.objects.update(as_of=dt.datetime(2026, 1, 1, tzinfo=dt.UTC))
    actions.compute_waiting(engine=broken, version="1")
    report.refresh_from_db()
    assert report.state == Report.State.FAILED
    assert asked(office).state == Report.State.READY


def test_too_few_reps_get_no_number_but_what_could_have_been_seen(office: Person) -> None:
    small = make_partner("小さな会社")
    for n in range(29):
        seller(small, learnt=n % 3, made=n, modules=[])
    result = result_of(office, organisation_id=small.pk)
    assert (result["grade"], result["reason"], result["reps"]) == ("E", measures.FEW, 29)
    assert result["smallest"] == pytest.approx(0.495, abs=0.002)
    assert not result.keys() & {"pooled", "within", "dots", "places"}


def test_where_all_are_alike_nothing_is_said(office: Person) -> None:
    result = result_of(office, learning=measures.MINUTES, course_id=uuid.uuid4())
    assert (result["grade"], result["reason"]) == ("E", measures.SAME_LEARNING)
    assert result_of(office, sales=measures.AMOUNT, currency="JPY")["reason"] == "same_sales"


def test_who_lacks_a_figure_is_counted_and_left_out(office: Person) -> None:
    place = make_partner("口数の少ない会社")
    for _ in range(4):
        make_person(place, sign_in=False)
    result = result_of(office)
    assert (result["people"], result["reps"], result["no_sales"]) == (40, 36, 4)


def test_small_companies_of_others_are_neither_drawn_nor_named(office: Person) -> None:
    small = [make_partner(f"カナリア{n}") for n in range(2)]
    for place in small:
        for _ in range(4):
            seller(place, learnt=0, made=97, modules=[])
    result = result_of(office)
    assert (result["reps"], result["held_back"], result["not_drawn"]) == (44, 2, 8)
    assert "カナリア" not in json.dumps(result, ensure_ascii=False)
    assert max(y for _group, _x, y in result["dots"]) < 0.9


def test_one_small_company_takes_the_next_smallest_with_it(office: Person) -> None:
    seller(make_partner("カナリア"), learnt=0, made=97, modules=[])
    result = result_of(office)
    assert (result["held_back"], result["not_drawn"]) == (2, 7)


def test_a_partners_report_is_made_from_their_own_alone(office: Person) -> None:
    mine, rival = make_partner("みらい営業"), make_partner("あおば商事")
    for n in range(32):
        seller(mine, learnt=0, made=20 + n, modules=[])
    manager = make_person(mine, roles=["manager"], sign_in=False)
    question = {"organisation_id": mine.pk, "sales": measures.QUALIFIED}
    before = result_of(manager, **question)
    for n in range(32):
        seller(rival, learnt=0, made=n, modules=[])
    Report.objects.all().delete()
    assert result_of(manager, **question) == before
    assert before["people"] == 32


def test_nobody_sees_another_organisations_report(office: Person) -> None:
    found = asked(office)
    stranger = make_person(make_partner(), roles=["manager"], sign_in=False)
    own = make_person(make_client(), roles=["admin"], sign_in=False)
    with pytest.raises(Report.DoesNotExist):
        reports.report(stranger, found.pk)
    assert reports.report(own, found.pk).pk == found.pk
    theirs = asked(stranger, organisation_id=stranger.organisation_id)
    with pytest.raises(Report.DoesNotExist):
        reports.report(office, theirs.pk)


def test_nothing_of_the_report_knows_the_demos_truth() -> None:
    folder = Path(associations.__file__).parent
    sources = [path.read_text(encoding="utf-8") for path in folder.rglob("*.py")]
    assert len(sources) > 20
    assert not [text for text in sources if "truth" in text or "lms" in text]


def test_nothing_is_computed_for_whoever_may_not_ask_any_more(office: Person) -> None:
    waiting = actions.ask(actor=office, question=QUESTION)
    Person.objects.filter(pk=office.pk).update(is_active=False)
    compute()
    waiting.refresh_from_db()
    assert (waiting.state, waiting.result) == (Report.State.FAILED, None)
