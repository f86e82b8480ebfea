"""What an assignment says of whom it was for, once they have left or were stopped, and of who would be asked twice."""

import pytest

from courses.assignments.actions.assigning import cancel
from partners.actions.belonging import deactivate_person
from partners.actions.organisations import set_organisation_active
from tests.courses.assignments.browsing import body, browse, form, module
from tests.courses.assignments.factories import (
    make_admin,
    make_assignment,
    news,
    person_target,
    reps_of,
    team_target,
)
from tests.courses.factories import hand_in
from tests.partners.factories import make_partner, make_person, make_team

__all__ = ["module"]  # a fixture

pytestmark = pytest.mark.django_db


def test_whom_a_stopped_partner_s_assignment_was_for_is_still_said(module):
    admin, partner = make_admin(), make_partner("みらい営業")
    team = make_team(partner, "第1チーム")
    rep = make_person(partner, team=team, family_name="高橋", given_name="美咲")
    targets = [reps_of(partner), team_target(team), person_target(rep)]
    row = make_assignment(module, targets, by=admin)
    set_organisation_active(actor=admin, organisation_id=partner.pk, active=False)
    browser = browse(admin)
    for address in ("/assignments/", f"/assignments/{row.pk}/"):
        page = body(browser.get(address))
        assert "みらい営業の担当者とエース" in page, address
        assert "停止中" in page, address
    for name in ("第1チーム", "高橋 美咲"):
        assert name in body(browser.get(f"/assignments/{row.pk}/"))
    look = browser.post("/assignments/new/", form(module, reps_of(partner)))
    assert "みらい営業" not in body(look)


def test_of_who_finished_and_left_the_page_says_so(module):
    admin, partner = make_admin(), make_partner("みらい営業")
    rep = make_person(partner, family_name="高橋", given_name="美咲")
    row = make_assignment(module, [reps_of(partner)], by=admin)
    hand_in(rep, module)
    news()
    browser = browse(admin)
    assert "離任" not in body(browser.get(f"/assignments/{row.pk}/"))
    deactivate_person(actor=admin, person_id=rep.pk)
    news()
    page = body(browser.get(f"/assignments/{row.pk}/"))
    assert "高橋 美咲" in page
    assert "離任" in page


def test_a_look_says_who_would_be_asked_twice(module):
    admin, partner = make_admin(), make_partner("みらい営業")
    done, open_ = make_person(partner), make_person(partner)
    browser = browse(admin)
    words = "同じ内容をすでに割り当てています"
    assert words not in body(browser.post("/assignments/new/", form(module, reps_of(partner))))
    row = make_assignment(module, [reps_of(partner)], by=admin)
    hand_in(done, module)
    news()
    look = body(browser.post("/assignments/new/", form(module, reps_of(partner))))
    assert f"このうち1人には、{words}" in look
    hand_in(open_, module)
    news()
    assert words not in body(browser.post("/assignments/new/", form(module, reps_of(partner))))
    make_person(partner)
    news()
    cancel(actor=admin, assignment_id=row.pk)
    assert words not in body(browser.post("/assignments/new/", form(module, reps_of(partner))))
