"""What those who are asked see: home, shelf, module, and what comes next."""

import pytest
from django.test import Client as Browser

from core.models import OutgoingMail
from courses.assignments.actions.assigning import cancel
from tests.courses.assignments.browsing import body, browse, first, module
from tests.courses.assignments.factories import (
    in_days,
    make_admin,
    make_assignment,
    news,
    person_target,
)
from tests.courses.factories import hand_in, make_course, make_module, single
from tests.courses.scenarios.factories import make_scenario, play
from tests.courses.scenarios.samples import price
from tests.gamification.queries import queries_of
from tests.partners.factories import make_partner, make_person

__all__ = ["module"]  # a fixture

pytestmark = pytest.mark.django_db


def test_what_is_required_and_due_soon_comes_before_what_was_begun_then_the_rest():
    rep, admin = make_person(make_partner()), make_admin()
    course = make_course()
    first, begun, due, later, idea = (
        make_module(course=course, title=name, items=[single("q001")])
        for name in ("最初", "途中", "急ぎ", "来月", "すすめ")
    )
    browser = browse(rep)
    browser.get(f"/modules/{begun.pk}/")
    beat = {"beats": [{"module": str(begun.pk), "session": "0190a000-0000-7000-8000-000000000001",
                       "seq": 1, "kind": "reading", "seconds": 9}]}  # fmt: skip
    assert browser.post("/api/heartbeats/", beat, "application/json").status_code < 300
    assert next_title(browser) == "途中"
    target = [person_target(rep)]
    make_assignment(idea, target, by=admin, due_on=None, required=False)
    make_assignment(later, target, by=admin, due_on=in_days(30))
    assert next_title(browser) == "途中"
    make_assignment(due, target, by=admin, due_on=in_days(5), opens="チェック4.0の販売")
    assert next_title(browser) == "急ぎ"
    home = body(browser.get("/"))
    assert "修了するとできること：チェック4.0の販売" in home
    assert order(home, "来月", "すすめ", "途中")
    hand_in(rep, due)
    hand_in(rep, begun)
    news()
    assert next_title(browser) == "来月"
    assert first.title in body(browser.get("/learn/"))


def next_title(browser: Browser) -> str:
    return first(r'<h2 id="next">([^<]+)</h2>', body(browser.get("/")))


def order(page: str, *titles: str) -> bool:
    places = [page.rindex(title) for title in titles]
    return places == sorted(places)


def test_the_shelf_and_the_module_say_by_when_what_it_opens_and_why(module):
    rep = make_person(make_partner())
    make_assignment(
        module, [person_target(rep)], due_on=in_days(1), opens="販売", message="電話の前に"
    )
    browser = browse(rep)
    shelf, page = body(browser.get("/learn/")), body(browser.get(f"/modules/{module.pk}/"))
    assert "学んでほしいこと" in shelf
    for words in ("明日まで", "修了するとできること：販売"):
        assert words in shelf
        assert words in page
    assert "電話の前に" in page
    hand_in(rep, module)
    news()
    assert "明日まで" not in body(browser.get("/learn/"))


def test_what_was_promised_is_told_when_it_is_kept_and_can_be_looked_up(module):
    rep, said = make_person(make_partner()), "できるようになったこと：見積もりを出す"
    make_assignment(module, [person_target(rep)], opens="見積もりを出す")
    browser = browse(rep)
    assert said not in body(browser.get(f"/modules/{module.pk}/"))
    receipt = hand_in(rep, module)
    news()
    again = hand_in(rep, module, retry=True)
    news()
    for address in (f"/attempts/{receipt.attempt_id}/", f"/modules/{module.pk}/"):
        assert said in body(browser.get(address))
    assert said not in body(browser.get(f"/attempts/{again.attempt_id}/"))
    record = body(browser.get("/record/"))
    assert "見積もりを出す" in record
    assert "に修了）" in record
    other = browse(make_person(rep.organisation))
    assert "見積もりを出す" not in body(other.get("/record/"))


def test_the_ending_of_a_scenario_tells_what_it_opened():
    rep, scenario = make_person(make_partner()), make_scenario(price())
    make_assignment(scenario.module, [person_target(rep)], opens="値引きの相談")
    won = play(rep, scenario, "ask1", "sign")
    news()
    assert "できるようになったこと：値引きの相談" in body(browse(rep).get(f"/runs/{won.pk}/"))


@pytest.mark.parametrize("opens", ["selling Check 4.0", "give quotes on your own"])
def test_what_it_opens_reads_well_in_either_form(module, opens):
    english = make_person(make_partner(), language="en")
    make_assignment(module, [person_target(english)], opens=opens)
    news()
    browser = browse(english)
    home = body(browser.get("/"))
    letter = OutgoingMail.objects.get(recipient=english.email).text
    for before in (home, letter):
        assert f"Once finished: {opens}" in before
    receipt = hand_in(english, module)
    news()
    after = body(browser.get(f"/attempts/{receipt.attempt_id}/"))
    assert f"Now open to you: {opens}" in after
    assert '<h2 id="opened">Now open to you</h2>' in body(browser.get("/record/"))


def test_what_a_whole_course_opens_waits_for_its_last_module(module):
    rep, said = make_person(make_partner()), "できるようになったこと：販売"
    browser, last = browse(rep), make_module(course=module.course)
    make_assignment(module.course, [person_target(rep)], opens="販売")
    for each, is_told in ((module, False), (last, True)):
        receipt = hand_in(rep, each)
        news()
        assert (said in body(browser.get(f"/attempts/{receipt.attempt_id}/"))) is is_told


def test_a_notice_says_that_what_it_asks_is_finished(module):
    rep, admin = make_person(make_partner()), make_admin()
    make_assignment(module, [person_target(rep)], by=admin)
    news()
    browser = browse(rep)
    assert "修了しました" not in body(browser.get("/notices/"))
    hand_in(rep, module)
    news()
    assert body(browser.get("/notices/")).count("修了しました") == 1
    make_assignment(make_module(), [person_target(rep)], by=admin)
    news()
    assert body(browser.get("/notices/")).count("修了しました") == 1


def test_a_notice_of_what_is_asked_no_longer_says_so(module):
    rep, admin = make_person(make_partner()), make_admin()
    row = make_assignment(module, [person_target(rep)], by=admin)
    news()
    browser = browse(rep)
    gone = "この割り当てはなくなりました"
    assert gone not in body(browser.get("/notices/"))
    cancel(actor=admin, assignment_id=row.pk)
    news()
    assert body(browser.get("/notices/")).count(gone) == 1


def test_notices_cost_the_same_however_many_are_finished(module):
    rep, admin = make_person(make_partner()), make_admin()
    browser = browse(rep)

    def ask_and_finish(count: int) -> int:
        for _ in range(count):
            one = make_module(course=module.course)
            make_assignment(one, [person_target(rep)], by=admin)
            news()
            hand_in(rep, one)
        news()
        browser.get("/notices/")
        return queries_of(lambda: browser.get("/notices/"))

    assert ask_and_finish(1) == ask_and_finish(9)


def test_what_comes_after_a_quiz_takes_due_dates_into_account(module):
    rep = make_person(make_partner())
    course = module.course
    make_module(course=course, title="次の棚")
    asked = make_module(course=course, title="急ぎの一本")
    make_assignment(asked, [person_target(rep)], due_on=in_days(2))
    receipt = hand_in(rep, module)
    news()
    assert "急ぎの一本" in body(browse(rep).get(f"/attempts/{receipt.attempt_id}/"))


def test_who_looks_after_others_sees_what_they_are_asked_themselves(module):
    manager = make_person(make_partner(), roles=["manager"])
    make_assignment(module, [person_target(manager)])
    assert "学んでほしいこと" in body(browse(manager).get("/"))


def test_a_reps_pages_cost_the_same_whatever_they_are_asked():
    rep, admin, course = make_person(make_partner()), make_admin(), make_course()
    browser = browse(rep)

    def costs() -> list[int]:
        found = []
        for address in ("/", "/learn/"):
            browser.get(address)
            found.append(queries_of(lambda a=address: browser.get(a)))
        return found

    def grow(count: int) -> None:
        for _ in range(count):
            one = make_module(course=course, items=[single("q001")])
            make_assignment(one, [person_target(rep)], by=admin)

    grow(1)
    few = costs()
    grow(29)
    assert costs() == few
