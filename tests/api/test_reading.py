"""Reading: each sees what is theirs, pages stay put, and a list costs the same at any length."""

import datetime as dt
import uuid
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core.scope import CLIENT, scoped
from courses.assignments.actions.assigning import Wish, assign
from courses.assignments.targets import Target
from courses.catalog.models import Module
from courses.progress.models import ModuleProgress
from courses.quizzes.actions import correct_key
from gamification.models import Board, LedgerEntry, Standing
from gamification.queries import rules
from partners.actions.belonging import move_person
from partners.models import Person
from tests.api.programs import Program, make_token
from tests.courses.factories import hand_in, make_module, single, version_of
from tests.gamification.factories import deliver
from tests.partners.factories import make_client, make_partner, make_person, make_team, sign_in
from tests.sales.factories import make_crm, make_product, sold

pytestmark = pytest.mark.django_db

LISTS = (
    *("people", "teams", "organisations", "courses", "modules", "assignments", "progress"),
    *("results", "points", "sales/activities", "sales/opportunities", "sales/products"),
)


@pytest.fixture
def admin() -> Person:
    """An administrator of the client."""
    return make_person(make_client(), roles=["admin"])


@pytest.fixture
def program(admin: Person) -> Program:
    """A program that may do everything."""
    return Program(make_token(admin))


def _fill(admin: Person, people: int) -> None:
    """Let a new partner's people learn, earn and sell."""
    partner = make_partner()
    team = make_team(partner)
    with scoped(CLIENT):
        for _ in range(people):
            rep = make_person(partner, team=team)
            module = make_module()
            attempt = hand_in(rep, module)
            ModuleProgress.objects.create(person=rep, organisation=partner, module=module)
            assign(actor=admin, wish=Wish(module=module, targets=[Target("person", rep.pk)]))
            LedgerEntry.objects.create(
                person=rep,
                organisation=partner,
                source_key=f"attempt:{attempt.attempt_id}:x",
                rule="first_correct",
                points=10,
                month=dt.date(2026, 11, 1),
                caused_at=dt.datetime(2026, 11, 2, tzinfo=dt.UTC),
            )
            make_product()
        sold(partner, team, people, deals=1)


def _queries(program: Program, path: str) -> int:
    cache.clear()
    with CaptureQueriesContext(connection) as found:
        assert program.get(path, limit=200).status_code == 200
    return len(found)


def test_lists_cost_the_same_at_one_row_and_at_many(admin: Person, program: Program) -> None:
    make_product()
    make_crm()
    _fill(admin, 1)
    program.get("people")  # notes that the token was used
    few = {path: (_queries(program, path), len(_items(program, path))) for path in LISTS}
    _fill(admin, 8)
    many = {path: (_queries(program, path), len(_items(program, path))) for path in LISTS}
    for path in LISTS:
        assert many[path][0] == few[path][0] <= 10, path
        assert many[path][1] > few[path][1] > 0, path


def _items(program: Program, path: str, **query: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = program.get(path, **query).json()["items"]
    return found


def test_pages_hold_everybody_once_whatever_is_added_meanwhile(
    admin: Person, program: Program
) -> None:
    partner = make_partner()
    there = {str(make_person(partner).pk) for _ in range(7)}
    seen: list[str] = []
    query: dict[str, Any] = {"limit": 3, "organisation": str(partner.pk)}
    while True:
        page = program.get("people", **query).json()
        seen += [each["id"] for each in page["items"]]
        if page["next"] is None:
            break
        query["cursor"] = page["next"]
        if len(seen) == 3:
            late = make_person(partner)
    assert len(seen) == len(set(seen))
    assert set(seen) == there | {str(late.pk)}


def test_filters_narrow_people(admin: Person, program: Program) -> None:
    partner = make_partner()
    team = make_team(partner)
    rep = make_person(partner, team=team, family_name="高橋", email="t@example.com")
    gone = make_person(partner, is_active=False, roles=["manager"])
    for query, expected in (
        ({"team": str(team.pk)}, [rep]),
        ({"organisation": str(partner.pk)}, [rep, gone]),
        ({"organisation": str(partner.pk), "is_active": "false"}, [gone]),
        ({"role": "manager"}, [gone]),
        ({"email": "T@example.com"}, [rep]),
        ({"q": "高橋"}, [rep]),
        ({"q": "nobody"}, []),
    ):
        assert [each["id"] for each in _items(program, "people", **query)] == [
            str(person.pk) for person in expected
        ], query


def test_mail_addresses_are_for_administrators(admin: Person, client: Any) -> None:
    partner = make_partner()
    manager = make_person(partner, roles=["manager"])
    sign_in(client, manager)
    [found] = client.get("/api/v1/people").json()["items"]
    assert (found["id"], found["email"]) == (str(manager.pk), None)
    asked = client.get("/api/v1/people", {"email": manager.email}).json()["items"]
    assert asked == []


def test_everybody_reads_their_own_a_manager_the_companys_the_office_all(admin: Person) -> None:
    partner, rival = make_partner(), make_partner()
    rep, colleague = make_person(partner), make_person(partner)
    manager, other = make_person(partner, roles=["manager"]), make_person(rival)
    with scoped(CLIENT):
        module = make_module()
        for person in (rep, colleague, other):
            hand_in(person, module)
            ModuleProgress.objects.create(
                person=person, organisation=person.organisation, module=module
            )
    for path in ("results", "progress"):
        seen = {
            who: {each["person"] for each in _of(who, path)} for who in (rep, manager, admin, other)
        }
        assert seen[rep] == {str(rep.pk)}
        assert seen[manager] == {str(rep.pk), str(colleague.pk)}
        assert seen[other] == {str(other.pk)}
        assert seen[admin] == {str(each.pk) for each in (rep, colleague, other)}


def test_a_company_doesnt_see_what_its_people_learn_elsewhere_after_it(admin: Person) -> None:
    before, after = make_partner(), make_partner()
    rep, manager = make_person(before), make_person(before, roles=["manager"])
    with scoped(CLIENT):
        gone_on, left = make_module(), make_module()
        for module in (gone_on, left):
            ModuleProgress.objects.create(person=rep, organisation=before, module=module)
        ModuleProgress.objects.update(changed_at=timezone.now() - dt.timedelta(days=2))
        assert len(_of(manager, "progress")) == 2
        move_person(actor=admin, person_id=rep.pk, organisation=after, team=None, on=rules.today())
        deliver()
        hand_in(Person.objects.select_related("organisation").get(pk=rep.pk), gone_on)
        deliver()
    assert [each["module"] for each in _of(manager, "progress")] == [str(left.pk)]
    assert len(_of(admin, "progress")) == len(_of(rep, "progress")) == 2


def _of(person: Person, path: str, **query: Any) -> list[dict[str, Any]]:
    answer = sign_in(Browser(), person).get(f"/api/v1/{path}", query)
    found: list[dict[str, Any]] = answer.json()["items"]
    return found


def test_who_follows_progress_hears_of_scores_that_come_later(program: Program) -> None:
    def since(asked: dt.datetime) -> list[float | None]:
        found = program.get("progress", changed_since=asked.isoformat()).json()["items"]
        return [each["first_score"] for each in found]

    with scoped(CLIENT):
        module = make_module(items=[single("q001"), single("q002")])
        hand_in(make_person(make_partner()), module)
    handed_in = timezone.now()
    deliver()
    assert since(handed_in) == [1.0]
    scored = timezone.now()
    assert since(scored) == []
    with scoped(CLIENT):
        version = version_of(module)
        fields = {"item_key": "q001", "correct_keys": ["b"], "note": "", "by": uuid.uuid4()}
        correct_key(quiz_version_id=version.pk, **fields)
    deliver()
    assert since(scored) == [0.5]


def test_another_companys_person_team_and_figures_are_as_if_they_were_not_there(
    admin: Person,
) -> None:
    rival = make_partner()
    team, stranger = make_team(rival), make_person(rival)
    browser = sign_in(Browser(), make_person(make_partner(), roles=["manager"]))
    assert browser.get(f"/api/v1/people/{stranger.pk}").status_code == 404
    for path, query in (
        ("sales/funnel", {"organisation": str(rival.pk)}),
        ("sales/funnel", {"team": str(team.pk)}),
    ):
        assert browser.get(f"/api/v1/{path}", query).status_code == 404
    for path in ("people", "progress", "results", "points", "sales/activities"):
        found = browser.get(f"/api/v1/{path}", {"organisation": str(rival.pk)})
        assert found.json()["items"] == []


def test_readers_get_what_was_published_never_the_draft(admin: Person) -> None:
    rep = make_person(make_partner())
    with scoped(CLIENT):
        module = make_module(title="公開した題")
        Module.objects.filter(pk=module.pk).update(title="下書きの題")
    titles = [each["title"] for each in _of(rep, "modules")]
    assert titles == ["公開した題"]
    one = sign_in(Browser(), rep).get(f"/api/v1/modules/{module.pk}").json()
    assert one["title"] == "公開した題"


def test_the_ranking_hides_others_from_a_partner(admin: Person, settings: Any) -> None:
    partner, rival = make_partner(), make_partner()
    rep, other = make_person(partner), make_person(rival)
    month = rules.running_month()
    with scoped(CLIENT):
        Board.objects.get_or_create(month=month)
        for person, points in ((rep, 30), (other, 50)):
            Standing.objects.create(
                person=person, organisation=person.organisation, month=month, points=points
            )
    lines = sign_in(Browser(), rep).get("/api/v1/rankings").json()["lines"]
    assert [(each["place"], each["score"], each["name"]) for each in lines] == [
        (1, 50.0, None),
        (2, 30.0, rep.name),
    ]
    assert lines[0]["id"] is None
    assert lines[1]["is_own"]


def test_a_month_without_a_ranking_is_404(program: Program) -> None:
    assert program.get("rankings", month="2020-01").status_code == 404


def test_the_funnel_says_what_its_page_says(admin: Person, program: Program) -> None:
    partner = make_partner()
    make_product()
    make_crm()
    with scoped(CLIENT):
        sold(partner, make_team(partner), 6, deals=6)
    found = program.get("sales/funnel", by="partner").json()
    calls = found["total"]["phases"][0]
    assert (found["total"]["people"], calls["count"], calls["is_told"]) == (6, 480, True)
    assert found["total"]["win_rate"]["part"] == 12
    assert [group["organisation"] for group in found["groups"]] == [str(partner.pk)]
    assert program.get("sales/funnel", since="2026-11", until="2026-10").status_code == 400


def test_the_funnel_holds_back_what_is_about_too_few(admin: Person, program: Program) -> None:
    partner = make_partner()
    make_product()
    make_crm()
    with scoped(CLIENT):
        sold(partner, make_team(partner), 3)
    found = program.get("sales/funnel", by="partner").json()
    assert found["total"] is None
    assert [group["figures"] for group in found["groups"]] == [None]
