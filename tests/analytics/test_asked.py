"""What people are asked to learn, in the summaries: required, finished, due."""

import datetime as dt
import html
import re

import pytest
from django.core.cache import cache
from django.test import Client as Browser
from django.urls import reverse
from django.utils import timezone

from analytics import actions
from analytics.models import GroupSummary, PersonSummary
from analytics.queries import checks
from analytics.queries.team import teams as lines
from analytics.queries.where import where as find_where
from core.models import Notice
from courses.assignments.actions.assigning import cancel
from courses.assignments.models import Enrolment
from partners.models import Person
from tests.courses.assignments.factories import (
    in_days,
    make_admin,
    make_assignment,
    news,
    person_target,
    reps_of,
    told_yesterday,
)
from tests.courses.factories import hand_in, make_course, make_module
from tests.partners.factories import make_client, make_partner, make_person, make_team, sign_in

pytestmark = pytest.mark.django_db


def settle() -> None:
    """Let all news be heard and the clock ring once."""
    news()
    cache.clear()
    actions.mend()


def figures(person) -> tuple[int, int, dt.date | None]:
    row = PersonSummary.objects.get(person=person)
    return row.required, row.required_done, row.due_on


def test_what_is_asked_and_finished_and_due_is_counted() -> None:
    admin, partner = make_admin(), make_partner()
    team = make_team(partner)
    one, two = (make_person(partner, team=team) for _ in range(2))
    first, second = make_module(), make_module()
    settle()
    assert figures(one) == (0, 0, None)
    row = make_assignment(first, [reps_of(partner)], by=admin, due_on=in_days(3))
    make_assignment(second, [reps_of(partner)], by=admin, due_on=in_days(9))
    settle()
    assert figures(one) == figures(two) == (2, 0, in_days(3))
    hand_in(one, first)
    settle()
    assert figures(one) == (2, 1, in_days(9))
    assert figures(two) == (2, 0, in_days(3))
    group = GroupSummary.objects.get(group_id=team.pk)
    assert (group.asked, group.done) == (2, 0)
    cancel(actor=admin, assignment_id=row.pk)
    settle()
    assert figures(one) == (1, 0, in_days(9))
    assert not checks.differences()


def test_what_two_assignments_ask_for_counts_once() -> None:
    partner = make_partner()
    team = make_team(partner)
    person, manager = make_person(partner, team=team), make_person(partner, roles=["manager"])
    module, course = make_module(title="断り文句"), make_course()
    first = make_module(course=course)
    overdue = make_assignment(module, [reps_of(partner)])
    other = make_assignment(module, [person_target(person)], by=manager, due_on=in_days(9))
    for _ in range(2):
        make_assignment(course, [reps_of(partner)], due_on=in_days(20))
    ago = timezone.now() - dt.timedelta(days=2)
    Enrolment.objects.filter(assignment=overdue).update(due_at=ago)
    settle()
    assert figures(person) == (2, 0, timezone.localdate(ago))
    told_yesterday()
    browser = sign_in(Browser(), manager)
    page = browser.get(reverse("analytics:person", args=[person.pk])).content.decode()
    listed = page.partition('aria-labelledby="left"')[2].partition("</section>")[0]
    assert listed.count("断り文句") == 1
    assert "2日おくれ" in listed

    Enrolment.objects.filter(assignment=other).update(due_at=ago - dt.timedelta(days=1))
    browser.post(reverse("analytics:remind_person", args=[person.pk]))
    nudge = Notice.objects.get(kind="assignments.nudge")
    assert str(Enrolment.objects.get(assignment=other).pk) in nudge.key, "what was due first"
    hand_in(person, module)
    hand_in(person, first)
    settle()
    assert figures(person) == (2, 2, None)
    make_module(course=course)
    make_assignment(course, [person_target(person)], due_on=in_days(5))
    settle()
    assert figures(person) == (2, 1, in_days(5)), "a later one asks for more of the course"
    assert not checks.differences()


def test_what_is_only_suggested_is_not_required() -> None:
    partner = make_partner()
    person = make_person(partner)
    make_assignment(make_module(), [reps_of(partner)], required=False)
    settle()
    assert figures(person) == (0, 0, None)


def test_a_manager_reminds_those_who_are_late_with_one_tap() -> None:
    admin, partner = make_admin(), make_partner()
    team = make_team(partner)
    late = make_person(partner, team=team)
    elsewhere = make_person(make_partner())
    row = make_assignment(make_module(), [reps_of(partner), person_target(elsewhere)], by=admin)
    settle()
    Enrolment.objects.filter(assignment=row).update(due_at=timezone.now() - dt.timedelta(days=1))
    settle()
    told_yesterday()
    manager = sign_in(Browser(), make_person(partner, team=team, roles=["manager"]))
    where = reverse("analytics:remind") + f"?team={team.pk}"
    assert where.replace("&", "&amp;") in manager.get(reverse("analytics:team")).content.decode()
    before = Notice.objects.filter(person_id=late.pk).count()
    answer = manager.post(where, follow=True)
    assert "1人にお知らせしました" in answer.content.decode()
    assert Notice.objects.filter(person_id=late.pk).count() == before + 1
    again = manager.post(where, follow=True)
    assert "今日すでに知らせています" in again.content.decode()
    assert Notice.objects.filter(person_id=late.pk).count() == before + 1
    assert Enrolment.objects.get(person=elsewhere).nudged_on is None


def test_a_late_person_s_page_lists_what_is_late_and_reminds_of_it(
    django_assert_num_queries,
) -> None:
    admin, partner = make_admin(), make_partner()
    team = make_team(partner)
    person = make_person(partner, team=team, family_name="伊藤")
    late, later, done = (make_module(title=title) for title in ("価格の話", "次の一手", "済み"))
    course = make_course("はじめての商談")
    make_module(course=course)
    overdue = make_assignment(late, [reps_of(partner)], by=admin)
    for what in (later, done, course):
        make_assignment(what, [reps_of(partner)], by=admin)
    make_assignment(make_module(title="おすすめ"), [reps_of(partner)], by=admin, required=False)
    hand_in(person, done)
    Enrolment.objects.filter(assignment=overdue).update(
        due_at=timezone.now() - dt.timedelta(days=4)
    )
    settle()
    told_yesterday()
    manager = sign_in(Browser(), make_person(partner, team=team, roles=["manager"]))
    url = reverse("analytics:person", args=[person.pk])
    with django_assert_num_queries(13):
        page = manager.get(url).content.decode()
    listed = page.partition('aria-labelledby="left"')[2].partition("</section>")[0]
    assert [title in listed for title in ("価格の話", "次の一手", "はじめての商談")] == [True] * 3
    assert listed.index("価格の話") < listed.index("次の一手")
    assert listed.count("4日おくれ") == listed.count("おくれ</span>") == 1
    assert "済み" not in listed
    assert "おすすめ" not in listed
    for address in re.findall(r'class="rowlink" href="([^"]+)"', listed):
        assert manager.get(address).status_code == 200, address

    remind = reverse("analytics:remind_person", args=[person.pk])
    assert remind in listed
    assert "伊藤" in manager.post(remind, follow=True).content.decode()
    page = manager.get(url).content.decode()
    assert remind not in page
    assert "今日お知らせ済み" in page
    assert "お知らせするものはありません" in manager.post(remind, follow=True).content.decode()
    assert Notice.objects.filter(kind="assignments.nudge").count() == 1
    office = sign_in(Browser(), admin)
    page = office.get(url).content.decode()
    for address in re.findall(r'class="rowlink" href="([^"]+)"', page):
        assert office.get(address).status_code == 200, address
    rival = sign_in(Browser(), make_person(make_partner(), roles=["manager"]))
    assert rival.post(remind).status_code == 404
    for _ in range(5):
        make_assignment(make_module(), [reps_of(partner)], by=admin)
    settle()
    with django_assert_num_queries(13):
        manager.get(url)


def test_from_a_person_s_page_something_is_assigned_to_them_by_who_may() -> None:
    partner = make_partner()
    person, boss = make_person(partner), make_person(partner, roles=["manager"])
    make_module(title="断り文句")
    url, way = reverse("analytics:person", args=[person.pk]), f"?to=person:{person.pk}"
    manager, office = sign_in(Browser(), boss), sign_in(Browser(), make_admin())
    stranger = sign_in(Browser(), make_person(make_client(), roles=["manager"]))
    assert way in office.get(url).content.decode()
    assert way not in stranger.get(url).content.decode(), "whose people they may not ask"
    assert way in manager.get(url).content.decode()
    shelf = manager.get(reverse("assignments:new") + way).content.decode()
    form = re.search(r'href="(\?to=[^"]*module=[^"]+)"', shelf)
    assert form
    ticked = manager.get(reverse("assignments:new") + html.unescape(form[1])).content.decode()
    assert re.search(rf'value="person:{person.pk}"[^>]* checked', ticked)
    Person.objects.filter(pk=person.pk).update(is_active=False)
    assert way not in manager.get(url).content.decode()


def test_from_who_has_not_finished_a_module_it_is_assigned_or_they_are_reminded() -> None:
    partner = make_partner()
    team = make_team(partner)
    done, one, two = (make_person(partner, team=team) for _ in range(3))
    module = make_module()
    hand_in(done, module)
    settle()
    boss = make_person(partner, team=team, roles=["manager"])
    manager, office = sign_in(Browser(), boss), sign_in(Browser(), make_admin())
    stranger = sign_in(Browser(), make_person(make_client(), roles=["manager"]))
    whom = f"?module={module.pk}&amp;to="
    here, there = (
        f"/team/modules/{module.pk}/",
        f"/progress/companies/{partner.pk}/modules/{module.pk}/",
    )
    assert whom + f"team:{team.pk}" in manager.get(here).content.decode()
    assert whom + f"organisation:{partner.pk}" in office.get(there).content.decode()
    assert whom not in stranger.get(there).content.decode(), "whose people they may not ask"
    assert whom not in manager.get(f"{here}?state=finished").content.decode()

    row = make_assignment(module, [person_target(one), person_target(done)])
    settle()
    page = manager.get(here).content.decode()
    assert "このうち1人には割り当て済みです" in page
    assert whom in page
    assert f'href="/assignments/{row.pk}/?state=open"' in page
    make_assignment(module.course, [person_target(two)], by=boss)
    settle()
    page = manager.get(here).content.decode()
    assert "全員に割り当て済みです" in page
    assert whom not in page
    assert f'href="/assignments/?module={module.pk}"' in page


def test_the_button_counts_whom_it_reaches_now() -> None:
    partner = make_partner()
    manager = make_person(partner, roles=["rep", "manager"])
    people = [make_person(partner) for _ in range(3)]
    row = make_assignment(make_module(), [reps_of(partner)])
    Enrolment.objects.update(due_at=timezone.now() - dt.timedelta(days=1))
    settle()
    told_yesterday()
    browser = sign_in(Browser(), manager)
    browser.post(reverse("assignments:remind", args=[row.pk]), {"person": people[0].pk})
    team, remind = reverse("analytics:team"), reverse("analytics:remind")
    page = browser.get(team).content.decode()
    assert "おくれている2人に知らせる" in page
    assert "1人には今日お知らせ済みです。" in page
    assert "2人にお知らせしました" in browser.post(remind, follow=True).content.decode()
    page = browser.get(team).content.decode()
    assert remind not in page
    assert "今日は全員にお知らせ済みです" in page


def test_a_late_person_who_has_not_signed_up_is_not_said_to_be_reminded() -> None:
    partner = make_partner()
    person = make_person(partner, sign_in=False)
    make_assignment(make_module(), [person_target(person)])
    Enrolment.objects.update(due_at=timezone.now() - dt.timedelta(days=1))
    settle()
    browser = sign_in(Browser(), make_person(partner, roles=["manager"]))
    page = browser.get(reverse("analytics:person", args=[person.pk])).content.decode()
    assert "まだ使い始めていないため" in page
    assert "今日お知らせ済みです" not in page
    page = browser.get(reverse("analytics:team")).content.decode()
    assert reverse("analytics:remind") not in page
    assert "1人はまだ使い始めていないため、お知らせが届きません。" in page


def test_who_is_late_with_two_things_is_one_person_reminded() -> None:
    admin, partner = make_admin(), make_partner()
    person = make_person(partner)
    for _ in range(2):
        make_assignment(make_module(), [person_target(person)], by=admin)
    Enrolment.objects.update(due_at=timezone.now() - dt.timedelta(days=1))
    settle()
    told_yesterday()
    manager = sign_in(Browser(), make_person(partner, roles=["manager"]))
    first = Enrolment.objects.first()
    manager.post(reverse("assignments:remind", args=[first.assignment_id]), {"person": person.pk})
    page = manager.get(reverse("analytics:team")).content.decode()
    assert "おくれている1人に知らせる" in page
    assert "今日お知らせ済みです" not in page, "one person isn't counted twice"
    answer = manager.post(reverse("analytics:remind"), follow=True)
    assert "1人にお知らせしました" in answer.content.decode()
    assert Notice.objects.filter(kind="assignments.nudge").count() == 2


def test_who_has_no_team_has_a_row_beside_the_teams() -> None:
    admin, partner = make_admin(), make_partner()
    one, two = make_team(partner, "第1チーム"), make_team(partner, "第2チーム")
    make_person(partner, team=one)
    make_person(partner, team=two)
    settle()
    manager = sign_in(Browser(), make_person(partner, roles=["manager"]))
    assert "チームなし" not in manager.get(reverse("analytics:team")).content.decode()
    row = make_assignment(make_module(), [person_target(make_person(partner))], by=admin)
    Enrolment.objects.filter(assignment=row).update(due_at=timezone.now() - dt.timedelta(days=1))
    settle()
    found = lines(find_where(make_person(partner, roles=["manager"]), None, "all"))
    assert [(each.team, each.people, each.late) for each in found] == [
        (one, 1, 0),
        (two, 1, 0),
        (None, 1, 1),
    ]
    page = manager.get(reverse("analytics:team")).content.decode()
    assert re.search(r"<th[^>]*>チームなし</th>", page)
