"""Messages about assignments: each once, at the right time, in the reader's language."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.utils import translation

from analytics.queries import learners
from core.models import Notice, OutgoingMail
from core.notices import kinds
from core.scope import scoped
from courses.assignments.actions import telling
from courses.assignments.actions.assigning import cancel, change_due
from courses.assignments.models import Enrolment
from courses.assignments.queries import lists
from partners.actions.belonging import deactivate_person
from partners.actions.organisations import set_organisation_active
from partners.actions.people import Details, add_person
from tests.courses.assignments.factories import (
    make_admin,
    make_assignment,
    news,
    person_target,
    reps_of,
)
from tests.courses.factories import hand_in, make_module
from tests.partners.factories import make_partner, make_person

pytestmark = pytest.mark.django_db

TOKYO = ZoneInfo("Asia/Tokyo")
MONDAY = dt.datetime(2026, 11, 30, 10, 0, tzinfo=TOKYO)


def at(day: int, hour: int = 10):
    """Travel to an hour of a day in December 2026, at the client's."""
    return time_machine.travel(dt.datetime(2026, 12, day, hour, tzinfo=TOKYO), tick=False)


def told(person=None) -> list[str]:
    found = Notice.objects.filter(kind__startswith="assignments.").order_by("created_at", "pk")
    if person:
        found = found.filter(person_id=person.pk)
    return [kind.removeprefix("assignments.") for kind in found.values_list("kind", flat=True)]


def mailed() -> list[str]:
    return list(OutgoingMail.objects.order_by("created_at").values_list("recipient", flat=True))


def assigned(targets, due=dt.date(2026, 12, 10), module=None, **fields):
    """Assign on 1 December at ten, and let the news go out."""
    with at(1):
        row = make_assignment(module or make_module(), targets, due_on=due, **fields)
        news()
    return row


def test_who_is_asked_is_told_once_in_the_own_language():
    japanese = make_person(make_partner(), language="ja", family_name="高橋", given_name="美咲")
    english = make_person(make_partner(), language="en")
    module = make_module(title="「高い」と言われたら")
    row = assigned(
        [person_target(japanese), person_target(english)],
        module=module,
        remind_days=3,
        opens="チェック4.0の販売",
        message="電話の前に、ぜひ。",
    )
    assert told(japanese) == told(english) == ["assigned"]
    ours = OutgoingMail.objects.get(recipient=japanese.email)
    assert ours.subject == "「『高い』と言われたら」を12月10日（木）までに学んでください"
    for words in (
        "高橋 美咲 さん",
        "チェック4.0の販売",
        "電話の前に、ぜひ。",
        f"/modules/{module.pk}/",
    ):
        assert words in ours.text
    theirs = OutgoingMail.objects.get(recipient=english.email)
    assert theirs.subject == "Please learn “「高い」と言われたら” by Thu 10 Dec"
    for _ in range(2):
        telling.tell(assignment_id=row.pk)
        telling.tell()
    assert len(told()) == len(mailed()) == 2


def test_who_has_no_address_or_has_not_signed_up_gets_the_notice_alone():
    no_address = make_person(make_partner(), email=None, login_name="tanaka.k")
    invited = make_person(make_partner(), sign_in=False)
    assigned([person_target(no_address), person_target(invited)])
    assert told(no_address) == told(invited) == ["assigned"]
    assert mailed() == []


def test_who_has_finished_already_is_not_told():
    rep, module = make_person(make_partner()), make_module()
    hand_in(rep, module)
    news()
    assigned([person_target(rep)], module=module)
    assert told() == []


def test_reminders_come_before_and_after_each_once_and_in_the_morning():
    rep = make_person(make_partner())
    assigned([person_target(rep)], remind_days=3)
    before = [(6, 10, 1), (7, 7, 1), (7, 8, 2), (7, 15, 2), (9, 9, 2), (10, 23, 2)]
    after = [(11, 7, 2), (11, 8, 3), (20, 9, 3)]
    for day, hour, count in [*before, *after]:
        with at(day, hour):
            telling.remind_of_dates()
            telling.remind_of_dates()
            assert len(told(rep)) == count, (day, hour)
    assert told(rep) == ["assigned", "before", "late"]
    assert len(mailed()) == 3


def test_without_a_reminder_only_what_is_late_is_said():
    rep = make_person(make_partner())
    assigned([person_target(rep)], remind_days=None)
    for day in range(2, 14):
        with at(day):
            telling.remind_of_dates()
    assert told(rep) == ["assigned", "late"]


def test_nobody_is_reminded_on_the_day_they_were_asked():
    rep = make_person(make_partner())
    with at(9):
        make_assignment(
            make_module(), [person_target(rep)], due_on=dt.date(2026, 12, 10), remind_days=3
        )
        news()
        assert telling.remind_of_dates() == 0
    with at(10):
        assert telling.remind_of_dates() == 1


def test_who_has_finished_left_or_is_asked_no_longer_is_not_reminded():
    partner, admin, module = make_partner(), make_admin(), make_module()
    done, gone = make_person(partner), make_person(partner)
    assigned([person_target(done), person_target(gone)], module=module, remind_days=3, by=admin)
    with at(2):
        hand_in(done, module)
        deactivate_person(actor=admin, person_id=gone.pk)
        news()
    other = assigned([reps_of(partner)], remind_days=3, by=admin)
    cancel(actor=admin, assignment_id=other.pk)
    with at(8):
        assert telling.remind_of_dates() == 0
    with at(12):
        assert telling.remind_of_dates() == 0


def test_a_changed_due_date_is_told_and_reminded_of_anew():
    rep, admin = make_person(make_partner()), make_admin()
    row = assigned([person_target(rep)], remind_days=3, by=admin)
    with at(8):
        telling.remind_of_dates()
        change_due(actor=admin, assignment_id=row.pk, due_on=dt.date(2026, 12, 20), remind_days=3)
        news()
        telling.remind_of_dates()
        assert told(rep) == ["assigned", "before", "changed"]
    with at(18):
        telling.remind_of_dates()
    assert told(rep) == ["assigned", "before", "changed", "before"]
    assert len(mailed()) == 3, "a changed date is no mail"


def test_a_due_date_that_changes_back_and_forth_is_told_each_time():
    rep, admin = make_person(make_partner()), make_admin()
    row = assigned([person_target(rep)], due=dt.date(2026, 12, 20), by=admin)
    for day, due in ((2, 10), (3, 20), (4, 10)):
        with at(day):
            due_on = dt.date(2026, 12, due)
            change_due(actor=admin, assignment_id=row.pk, due_on=due_on, remind_days=None)
            news()
            news()
    assert told(rep) == ["assigned", "changed", "changed", "changed"]
    assert Notice.objects.order_by("created_at").last().data["due"] == "2026-12-10"


@pytest.mark.parametrize(
    ("stopped", "resumed", "times"),
    [
        (8, 8, 1),  # a slip that was put right, however near the date is
        (1, 3, 1),  # after days, by the day that they know
        (1, 4, 2),  # by a later one, so that a week is left
    ],
)
def test_a_partner_that_is_taken_up_again_is_told_only_what_is_new(stopped, resumed, times):
    partner, admin = make_partner(), make_admin()
    rep = make_person(partner)
    dated = assigned([reps_of(partner)], by=admin)
    undated = assigned([reps_of(partner)], due=None, by=admin)
    for day, active in ((stopped, False), (resumed, True)):
        with at(day, 11):
            set_organisation_active(actor=admin, organisation_id=partner.pk, active=active)
            news()
    assert Enrolment.objects.open().filter(person=rep).count() == 2
    urls = [notice.url for notice in Notice.objects.filter(kind="assignments.assigned")]
    assert [urls.count(f"/modules/{row.module_id}/") for row in (dated, undated)] == [times, 1]
    assert set(told(rep)) == {"assigned"}


def test_who_joins_shortly_before_the_end_has_a_week():
    partner, admin = make_partner(), make_admin()
    make_person(partner)
    row = assigned([reps_of(partner)], remind_days=3, by=admin)
    with at(9):
        add_person(
            actor=admin,
            organisation=partner,
            team=None,
            roles=["rep"],
            details=Details(family_name="新", email="new@example.com"),
        )
        news()
    newcomer = Enrolment.objects.exclude(due_at=row.due_at).get()
    assert newcomer.due_at.astimezone(TOKYO).date() == dt.date(2026, 12, 16)
    with at(11):
        telling.remind_of_dates()
    assert told(newcomer.person) == ["assigned"]


def test_a_manager_reminds_own_people_once_a_day():
    mine, rival = make_partner(), make_partner()
    manager = make_person(mine, roles=["manager"])
    rep, other = make_person(mine), make_person(rival)
    assigned([person_target(rep), person_target(other)])
    everybody = list(Enrolment.objects.values_list("pk", flat=True))
    with scoped(mine.pk):
        with at(3):
            assert telling.remind(actor=manager, enrolments=everybody) == 1
            assert telling.remind(actor=manager, enrolments=everybody) == 0
        with at(4):
            assert telling.remind(actor=manager, enrolments=everybody) == 1
        assert telling.remind(actor=rep, enrolments=everybody) == 0
    assert told(rep) == ["assigned", "nudge", "nudge"]
    assert told(other) == ["assigned"]


def test_what_two_assignments_ask_for_is_reminded_of_once_a_day_by_either():
    module, partner = make_module(), make_partner()
    rep, colleague, admin = make_person(partner), make_person(partner), make_admin()
    one, two = (assigned([person_target(rep)], module=module) for _ in "ab")
    other, also = (
        assigned([person_target(rep)]),
        assigned([person_target(colleague)], module=module),
    )

    def remind(row) -> int:
        return telling.remind(actor=admin, enrolments=row.enrolments.values_list("pk", flat=True))

    def left() -> list[bool]:
        return sorted(each.remind for each in learners.left_of(admin, rep))

    with at(12):
        assert left() == [True, True]
        assert (remind(one), remind(two)) == (1, 0)
        assert left() == [False, True], "of the other module they may still be reminded"
        page = lists.reminding(admin, two.pk)
        assert (page.left, page.done) == (0, 1)
        assert (remind(other), remind(also)) == (1, 1)
    with at(13):
        assert (remind(two), remind(one)) == (1, 0)
    assert told(rep).count("nudge") == 3


def test_a_reminder_by_hand_says_from_whom_and_until_when():
    mine = make_partner("みらい営業")
    manager = make_person(mine, roles=["manager"], family_name="西村", given_name="恵")
    rep = make_person(mine)
    assigned([person_target(rep)], module=make_module(title="値引き"))
    everybody = list(Enrolment.objects.values_list("pk", flat=True))
    with at(3):
        telling.remind(actor=manager, enrolments=everybody)
    with at(4):
        telling.remind(actor=make_admin(), enrolments=everybody)
    notices = Notice.objects.filter(person_id=rep.pk).order_by("created_at")
    _, own, clients = (kinds.describe(notice)[1] for notice in notices)
    assert own == "西村 恵さんから：「値引き」がまだ残っています。期限：12月10日（木）"
    assert clients == "ホナミから：「値引き」がまだ残っています。期限：12月10日（木）"
    assert OutgoingMail.objects.filter(subject=clients).count() == 1
    with translation.override("en"):
        assert kinds.describe(notices.last())[1] == (
            "ホナミ reminds you: “値引き” isn't finished yet (due Thu 10 Dec)"
        )


@pytest.mark.parametrize("kind", ["assigned", "changed", "before", "late", "nudge", "practise"])
def test_every_kind_of_notice_has_words(kind):
    for data in ({"title": "x", "due": "2026-12-10"}, {"title": "x", "due": "", "required": False}):
        _icon, text = kinds.describe(Notice(kind=f"assignments.{kind}", data=data))
        assert "x" in text


def test_many_are_told_in_a_few_statements(django_assert_max_num_queries):
    partner = make_partner()
    for _ in range(40):
        make_person(partner)
    with at(1):
        row = make_assignment(make_module(), [reps_of(partner)])
        with django_assert_max_num_queries(25):
            assert telling.tell(assignment_id=row.pk) == 40
    assert len(told()) == len(mailed()) == 40
