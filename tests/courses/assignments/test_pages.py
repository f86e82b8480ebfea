"""The pages of assignments, for those who assign."""

import datetime as dt
import html
import re
from urllib.parse import urlencode

import pytest
import time_machine
from django.utils import translation

from core.models import Notice
from courses.assignments.actions import enrolling
from courses.assignments.actions.enrolling import Part
from courses.assignments.models import Assignment, Enrolment
from courses.assignments.words import on_past
from courses.catalog.models import Module
from partners.models import Person
from tests.courses.assignments.browsing import body, browse, first, form, module
from tests.courses.assignments.factories import (
    in_days,
    make_admin,
    make_assignment,
    news,
    person_target,
    reps_of,
    role_target,
    team_target,
    told_yesterday,
)
from tests.courses.factories import hand_in, make_course, make_module, single
from tests.gamification.queries import queries_of
from tests.partners.factories import make_client, make_partner, make_person, make_team

__all__ = ["module"]  # a fixture

pytestmark = pytest.mark.django_db


def reached(response) -> dict[str, str]:
    """Return what a page says of how many are asked, and how many get a message."""
    lines = r"<li[^>]*><span>(対象|連絡が届く人).*?<b[^>]*>([^<]+)</b></li>"
    return dict(re.findall(lines, body(response)))


def test_the_key_of_somebody_elses_assignment_is_as_good_as_any_other():
    theirs = make_assignment(make_module(), [person_target(make_person(make_partner()))])
    here, module = make_partner(), make_module()
    manager, rep = make_person(here, roles=["manager"]), make_person(here)
    browser = browse(manager)
    for _ in range(2):
        sent = form(module, person_target(rep), key=theirs.pk, step="send")
        assert browser.post("/assignments/new/", sent).status_code == 302
    assert Assignment.objects.exclude(pk=theirs.pk).count() == 1


def test_assigning_goes_from_what_to_whom_to_a_look_and_is_sent(module):
    partner = make_partner("みらい営業")
    rep = make_person(partner, family_name="高橋", given_name="美咲")
    browser = browse(make_admin())
    assert f"?module={module.pk}" in body(browser.get("/assignments/new/"))
    begun = browser.get(f"/assignments/new/?module={module.pk}")
    assert "みらい営業の担当者" in body(begun)
    key = first(r'name="key" value="([^"]+)"', body(begun))
    look = browser.post("/assignments/new/", form(module, reps_of(partner), key=key))
    assert reached(look) == {"対象": "1人", "連絡が届く人": "1人"}
    for words in ("みらい営業", "高橋 美咲", "1人に割り当てる"):
        assert words in body(look)
    assert not Assignment.objects.exists()
    for _ in range(2):
        sent = browser.post(
            "/assignments/new/", form(module, reps_of(partner), key=key, step="send")
        )
        assert sent.status_code == 302
    row = Assignment.objects.get()
    assert sent.headers["Location"] == f"/assignments/{row.pk}/"
    assert Enrolment.objects.get().person == rep
    assert "高橋 美咲" in body(browser.get(f"/assignments/{row.pk}/"))


def test_who_is_named_by_the_address_is_counted_at_once(module):
    partner = make_partner()
    people = [make_person(partner) for _ in range(2)]
    hand_in(people[0], module)
    news()
    browser = browse(make_admin())
    address = f"/assignments/new/?module={module.pk}&to={reps_of(partner)}"
    begun = browser.get(address)
    look = browser.post("/assignments/new/", form(module, reps_of(partner)))
    for page in (begun, look):
        assert reached(page) == {"対象": "2人", "連絡が届く人": "1人"}
        assert "ほかの1人は修了済み" in body(page)
    assert "2人に割り当てる" in body(look)


@pytest.mark.parametrize(("a_team", "later"), [(True, 1), (False, 0)])
def test_where_everybody_has_finished_it_is_said_before_and_after_it_is_sent(module, a_team, later):
    partner = make_partner()
    people = [make_person(partner) for _ in range(2)]
    for person in people:
        hand_in(person, module)
    news()
    whom = [reps_of(partner)] if a_team else [person_target(person) for person in people]
    typed = form(module, *whom)
    browser, said, joining = browse(make_admin()), "修了済みです", "あとから加わる方には"
    address = f"/assignments/new/?module={module.pk}&" + "&".join(f"to={each}" for each in whom)
    look = body(browser.post("/assignments/new/", typed))
    for page in (body(browser.get(address)), look):
        assert said in page
        assert page.count(joining) == later
    assert "2人に割り当てる" not in look
    assert "それでも割り当てる" in look
    sent = browser.post("/assignments/new/", {**typed, "step": "send"})
    after = body(browser.get(sent.headers["Location"]))
    assert "割り当てました。" in after
    assert said in after
    assert after.count(joining) == later
    assert "割り当てても" not in after


def test_whom_the_address_names_stays_while_one_chooses_what(module):
    partner = make_partner()
    team = make_team(partner, "第1チーム")
    make_person(partner, team=team)
    browser = browse(make_person(partner, roles=["manager"]))
    chosen = {"to": str(team_target(team))}
    searched = browser.get("/assignments/new/", {**chosen, "q": "高い", "page": "1"})
    assert f'type="hidden" name="to" value="{chosen["to"]}"' in body(searched)
    ways = [
        html.unescape(first(rf'href="(\?[^"]*{kind}=[^"]+)"', body(searched)))
        for kind in ("module", "course")
    ]
    for way in ways:
        begun = body(browser.get(f"/assignments/new/{way}"))
        assert re.search(rf'value="{chosen["to"]}"[^>]* checked', begun), way
        assert begun.count(f'href="/assignments/new/?{urlencode(chosen)}"') == 2, "back, another"
    assert all("q=" not in way and "page=" not in way for way in ways)
    nothing = browser.get("/assignments/new/", {**chosen, "q": "ない"})
    assert f'href="/assignments/new/?{urlencode(chosen)}"' in body(nothing)


def test_a_day_of_another_year_is_said_with_its_year():
    today = dt.date(2026, 11, 27)
    with translation.override("en"):
        assert on_past(dt.date(2026, 11, 2), today) == "Mon 2 Nov"
        assert on_past(dt.date(2025, 12, 8), today) == "8 Dec 2025"
    with translation.override("ja"):
        assert on_past(dt.date(2026, 11, 2), today) == "11月2日（月）"
        assert on_past(dt.date(2025, 9, 23), today) == "2025年9月23日"


def test_what_was_typed_stays_and_what_is_wrong_is_said(module):
    partner = make_partner()
    make_person(partner)
    browser = browse(make_admin())
    wrong = form(module, reps_of(partner), due_on=in_days(-1).isoformat(), message="ひとこと")
    answer = browser.post("/assignments/new/", wrong)
    assert answer.status_code == 422
    assert "過ぎた日です" in body(answer)
    assert "ひとこと" in body(answer)
    nobody = browser.post("/assignments/new/", form(module))
    assert nobody.status_code == 422
    assert "1つ以上選んでください" in body(nobody)
    searched = browser.post("/assignments/new/", form(module, q=partner.name))
    assert searched.status_code == 422
    assert "合うものは見つかりません" not in body(searched), "what fits stands in the list"
    yesterday = in_days(-1).isoformat()
    over = browser.post(
        "/assignments/new/", form(module, reps_of(partner), q=partner.name, due_on=yesterday)
    )
    assert "過ぎた日です" in body(over)
    assert "合うものは見つかりません" not in body(over), "it still stands there, and is ticked"
    empty = browser.post("/assignments/new/", form(module, reps_of(make_partner())))
    assert empty.status_code == 422
    assert "だれにも届きません" in body(empty)


def test_searching_keeps_the_choice_and_judges_nothing_yet(module):
    partner, other = make_partner("あおば"), make_partner("みらい")
    found = make_person(other, family_name="小川", given_name="拓海")
    browser = browse(make_admin())
    typed = form(module, reps_of(partner), step="find", q="小川", due_on="いつか")
    for address in ("/assignments/new/", "/assignments/new/reach/"):
        answer = browser.post(address, typed)
        assert answer.status_code == 200
        assert str(person_target(found)) in body(answer)
        assert re.search(rf'value="{reps_of(partner)}"[^>]* checked', body(answer))


def test_the_count_follows_the_form_while_it_is_being_filled(module):
    partner = make_partner()
    for _ in range(3):
        make_person(partner)
    answer = browse(make_admin()).post("/assignments/new/reach/", form(module, reps_of(partner)))
    assert reached(answer)["対象"] == "3人"


def test_a_course_can_be_assigned_and_the_way_there_begins_at_the_shelf_and_the_module(module):
    admin = make_admin()
    browser, course = browse(admin), module.course
    make_person(make_partner())
    assert f"/assignments/new/?course={course.pk}" in body(browser.get("/learn/"))
    assert f"/assignments/new/?module={module.pk}" in body(browser.get(f"/modules/{module.pk}/"))
    data = form(module, role_target("rep"), step="send") | {"module": "", "course": course.pk}
    assert browser.post("/assignments/new/", data).status_code == 302
    assert Assignment.objects.get().course == course


def test_reps_are_offered_nothing_to_assign(module):
    browser = browse(make_person(make_partner()))
    for address in ("/learn/", f"/modules/{module.pk}/"):
        assert "/assignments/" not in body(browser.get(address))
    assert browser.get("/assignments/").status_code == 404


def test_another_due_date_and_taking_it_back(module):
    partner, admin = make_partner(), make_admin()
    make_person(partner)
    row, browser = make_assignment(module, [reps_of(partner)], by=admin), browse(admin)
    address = f"/assignments/{row.pk}/"
    wrong = browser.post(f"{address}due/", {"due_on": in_days(-3).isoformat()})
    assert wrong.status_code == 422
    browser.post(f"{address}due/", {"due_on": in_days(9).isoformat(), "remind_days": "1"})
    row.refresh_from_db()
    assert (row.remind_days, row.enrolments.get().due_at) == (1, row.due_at)
    assert browser.get(f"{address}cancel/").status_code == 200
    browser.post(f"{address}cancel/")
    assert row.enrolments.get().state == "ended"
    assert "取り消し済み" in body(browser.get("/assignments/"))
    for left in ("due/", "cancel/"):
        assert browser.get(address + left).status_code == 404


def test_people_are_shown_by_state_and_reminded_by_one_tap(module):
    partner, admin = make_partner(), make_admin()
    done = make_person(partner, family_name="済み")
    late = make_person(partner, family_name="遅い")
    row = make_assignment(module, [reps_of(partner)], by=admin, due_on=in_days(0))
    hand_in(done, module)
    news()
    with time_machine.travel(dt.datetime.now(dt.UTC) + dt.timedelta(days=2), tick=False):
        browser = browse(admin)
        pages = {
            s: body(browser.get(f"/assignments/{row.pk}/?state={s}"))
            for s in ("", "late", "finished")
        }
        assert late.name in pages[""]
        assert done.name in pages[""]
        assert late.name in pages["late"]
        assert done.name not in pages["late"]
        assert done.name in pages["finished"]
        assert late.name not in pages["finished"]
        assert "までの予定でした" in pages["late"]
        for said in ("1人にお知らせしました", "今日はもう全員にお知らせしました"):
            answer = browser.post(f"/assignments/{row.pk}/remind/", follow=True)
            assert said in body(answer)
    assert Notice.objects.filter(kind="assignments.nudge").count() == 1


def test_who_is_asked_leads_to_their_learning_where_that_may_be_opened(module):
    partner, admin = make_partner(), make_admin()
    stays, moves = make_person(partner), make_person(partner)
    row = make_assignment(module, [reps_of(partner)], by=admin)
    hand_in(moves, module)
    news()
    Person.objects.filter(pk=moves.pk).update(organisation=make_partner())
    manager = make_person(partner, roles=["manager"])
    for viewer, opens in (
        (admin, {stays, moves}),
        (manager, {stays}),
        (make_person(make_client(), roles=["author"]), set()),
    ):
        browser = browse(viewer)
        page = body(browser.get(f"/assignments/{row.pk}/"))
        addresses = {f"/team/members/{each.pk}/" for each in opens}
        assert set(re.findall(r'href="(/team/members/[^"]+)"', page)) == addresses
        assert all(browser.get(address).status_code == 200 for address in addresses)


def test_a_reminder_counts_whom_it_reaches_now(module):
    partner = make_partner()
    manager = make_person(partner, roles=["rep", "manager"], family_name="自分")
    people = [make_person(partner) for _ in range(3)]
    row = make_assignment(module, [reps_of(partner)])
    told_yesterday()
    browser, address = browse(manager), f"/assignments/{row.pk}/"
    browser.post(f"{address}remind/", {"person": people[0].pk})
    page = body(browser.get(address))
    assert page.index("2人にお知らせする") < page.index('id="people"')  # thirty rows would hide it
    assert "全員にお知らせ済み" not in page
    assert "2人にお知らせしました" in body(browser.post(f"{address}remind/", follow=True))
    page = body(browser.get(address))
    assert f"{address}remind/" not in page
    assert "今日は全員にお知らせ済みです" in page
    with time_machine.travel(dt.datetime.now(dt.UTC) + dt.timedelta(days=1), tick=False):
        assert "3人にお知らせする" in body(browse(manager).get(address))
    for person in people:
        hand_in(person, module)
    news()
    page = body(browser.get(address))
    assert f"{address}remind/" not in page
    assert "全員にお知らせ済み" not in page, "nobody is left but oneself"


def test_who_was_asked_today_is_not_reminded_before_tomorrow(module):
    partner, admin = make_partner(), make_admin()
    people = [make_person(partner) for _ in range(2)]
    row = make_assignment(module, [reps_of(partner)], by=admin)
    browser, address = browse(admin), f"/assignments/{row.pk}/"
    for _ in range(2):  # before they are told, and after that
        page = body(browser.get(address))
        assert f"{address}remind/" not in page
        assert "今日割り当てた2人には、明日から" in page
        assert "明日から送れます" in body(browser.post(f"{address}remind/", follow=True))
        news()
    assert not Notice.objects.filter(kind="assignments.nudge").exists()
    told_yesterday()
    people.append(make_person(partner))
    enrolling.refresh(part=Part())
    page = body(browser.get(address))
    assert "2人にお知らせする" in page
    assert "今日割り当てた1人には" in page
    assert "2人にお知らせしました" in body(browser.post(f"{address}remind/", follow=True))
    page = body(browser.get(address))
    assert "今日は2人にお知らせしました" in page
    assert "今日は全員に" not in page


def test_who_has_not_signed_up_is_not_said_to_be_reminded(module):
    partner, admin = make_partner(), make_admin()
    people = [make_person(partner, sign_in=False) for _ in range(2)]
    row = make_assignment(module, [reps_of(partner)], by=admin)
    browser, address = browse(admin), f"/assignments/{row.pk}/"
    page = body(browser.get(address))
    assert "2人はまだ使い始めていません。" in page
    assert f"/partners/{partner.pk}/invite/?who=all" in page
    assert f"{address}remind/" not in page
    answer = body(browser.post(f"{address}remind/", follow=True))
    assert "お知らせは0人です" in answer
    assert not Notice.objects.filter(kind="assignments.nudge").exists()
    people.append(make_person(partner))
    enrolling.refresh(part=Part())
    told_yesterday()
    assert "1人にお知らせする" in body(browser.get(address))
    assert "1人にお知らせしました" in body(browser.post(f"{address}remind/", follow=True))
    page = body(browser.get(address))
    assert "今日は全員にお知らせ済みです" not in page
    assert "今日は1人にお知らせしました" in page
    assert list(
        Notice.objects.filter(kind="assignments.nudge").values_list("person_id", flat=True)
    ) == [people[2].pk]


def test_a_look_before_it_is_sent_says_whom_no_message_reaches(module):
    partner = make_partner()
    done = make_person(partner)
    make_person(partner, sign_in=False)
    hand_in(done, module)
    news()
    for viewer, invites in ((make_admin(), True), (make_person(partner, roles=["manager"]), False)):
        for step in ("preview", "back"):
            answer = browse(viewer).post(
                "/assignments/new/", form(module, reps_of(partner), step=step)
            )
            page = body(answer)
            assert reached(answer)["連絡が届く人"] == "0人"
            assert "1人はまだ使い始めていません。" in page
            assert (f"/partners/{partner.pk}/invite/" in page) is invites


def test_rows_of_the_same_title_say_whom_they_are_for(module):
    mine, rival = make_partner("みらい営業"), make_partner("あおば販売")
    team, rep = (
        make_team(mine, "第1チーム"),
        make_person(mine, family_name="高橋", given_name="美咲"),
    )
    make_person(mine, team=team)
    make_person(rival)
    make_assignment(module, [reps_of(rival)])
    make_assignment(module, [reps_of(rival), team_target(team), person_target(rep), reps_of(mine)])
    office = body(browse(make_admin()).get("/assignments/"))
    assert "あおば販売の担当者とエース" in office
    assert "第1チーム" in office
    assert "ほか2件" in office
    manager = body(browse(make_person(mine, roles=["manager"])).get("/assignments/"))
    assert "あおば販売" not in manager
    assert "第1チーム" in manager
    assert "高橋 美咲" in manager
    assert "ほか1件" in manager


def test_lists_cost_the_same_whatever_there_is():
    admin, partner = make_admin(), make_partner()
    course = make_course()
    team = make_team(partner)

    def grow(count: int) -> Assignment:
        for _ in range(count):
            make_person(partner, team=team)
        for _ in range(count):
            one = make_module(course=course, items=[single("q001")])
            row = make_assignment(one, [reps_of(partner), team_target(team)], by=admin)
        return row

    def costs(row: Assignment) -> list[int]:
        manager = make_person(partner, roles=["manager"])
        lists = ["/assignments/", f"/assignments/{row.pk}/", "/assignments/new/", "/learn/"]
        addresses = [*lists, f"/assignments/new/?module={row.module_id}"]
        found = []
        for person in (admin, manager):
            browser = browse(person)
            for address in addresses:
                browser.get(address)
                found.append(queries_of(lambda a=address, b=browser: b.get(a)))
            data = form(row.module, reps_of(partner))
            found.append(queries_of(lambda b=browser, d=data: b.post("/assignments/new/", d)))
        return found

    few, many = costs(grow(1)), costs(grow(29))
    assert few == many
    assert max(many) <= 16, many


def test_the_clients_own_manager_asks_the_own_sellers_only(module):
    client = make_client()
    manager, seller = make_person(client, roles=["manager"]), make_person(client)
    make_person(make_partner())
    answer = browse(manager).post(
        "/assignments/new/", form(module, reps_of(client), role_target("rep"), step="send")
    )
    assert answer.status_code == 422
    browse(manager).post("/assignments/new/", form(module, reps_of(client), step="send"))
    assert Enrolment.objects.get().person == seller


def test_a_module_is_found_and_named_as_it_was_published(module):
    published = module.version.document["title"]
    make_assignment(module, [person_target(make_person(make_partner()))])
    Module.objects.filter(pk=module.pk).update(title="計画ツバメ")
    browser = browse(make_admin())
    assert published in body(browser.get("/assignments/"))
    assert "ツバメ" not in body(browser.get("/assignments/"))
    assert f"module={module.pk}" in body(browser.get("/assignments/new/", {"q": published}))
    assert f"module={module.pk}" not in body(browser.get("/assignments/new/", {"q": "ツバメ"}))


def test_who_never_opened_it_is_not_said_to_be_learning(module):
    row = make_assignment(module, [person_target(make_person(make_partner()))], due_on=None)
    page = body(browse(make_admin()).get(f"/assignments/{row.pk}/"))
    assert "未修了 1" in page
    assert "学習中" not in page


@pytest.mark.parametrize("due_on", [None, in_days(9)])
def test_what_is_only_suggested_says_so_with_a_due_date_too(module, due_on):
    partner = make_partner()
    make_person(partner)
    asked = make_assignment(
        module, [reps_of(partner)], due_on=due_on, required=False, remind_days=None
    )
    browser = browse(make_admin())
    for address in ("/assignments/", f"/assignments/{asked.pk}/"):
        assert body(browser.get(address)).count("おすすめ") == 1
