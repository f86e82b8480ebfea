"""Assignments of what was archived: the question before it, and what their pages say after it."""

import pytest
from django.utils import timezone

from courses.assignments.actions.enrolling import follow_shelf
from courses.assignments.models import Enrolment
from courses.assignments.queries import lists
from courses.catalog.models import Module
from tests.courses.assignments.browsing import body, browse, module
from tests.courses.assignments.factories import make_admin, make_assignment, news, reps_of
from tests.courses.factories import hand_in
from tests.partners.factories import make_partner, make_person

__all__ = ["module"]  # a fixture

pytestmark = pytest.mark.django_db


def assigned(module):
    """Assign a module to three people, of whom one finishes it and one belongs elsewhere; returns it with a manager."""
    one, other = make_partner(), make_partner()
    done = make_person(one)
    manager = make_person(one, roles=["rep", "manager"])
    make_person(other)
    row = make_assignment(module, [reps_of(one), reps_of(other)])
    hand_in(done, module)
    news()
    return row, manager


@pytest.mark.parametrize("what", ["module", "course"])
def test_who_archives_what_is_assigned_is_told_whom_that_concerns(module, what):
    row, _ = assigned(module)
    admin = make_admin()
    address = f"/authoring/{what}s/{module.pk if what == 'module' else module.course_id}/archive/"
    page = body(browse(admin).get(address))
    assert f"/assignments/{row.pk}/" in page
    assert "割り当てた人のうち2人が、まだ修了していません。" in page
    row.cancelled_at = timezone.now()
    row.save()
    assert "割り当て中" not in body(browse(admin).get(address))


def test_what_was_archived_is_not_said_to_be_finished_by_everybody(module):
    row, manager = assigned(module)
    admin = browse(make_admin())
    admin.post(f"/authoring/modules/{module.pk}/archive/", {"archived": "yes"})
    for browser, unasked in ((admin, 2), (browse(manager), 1)):
        for address in ("/assignments/", f"/assignments/{row.pk}/"):
            page = body(browser.get(address))
            assert "保管中" in page
            assert "1人中 1人が修了" not in page
            assert f"{unasked}人は対象外になりました" in page
        assert f"/assignments/{row.pk}/due/" not in page
        assert "?state=open" not in page
    admin.post(f"/authoring/modules/{module.pk}/archive/", {"archived": "no"})
    assert "3人中 1人が修了" in body(admin.get("/assignments/"))
    assert f"/assignments/{row.pk}/due/" in body(admin.get(f"/assignments/{row.pk}/"))


def test_only_who_was_still_at_it_when_it_was_put_away_counts_as_asked_no_longer(module):
    row, _ = assigned(module)
    gone = Enrolment.objects.filter(state="open").first()
    gone.person.is_active = False
    gone.person.save()
    follow_shelf()
    Enrolment.objects.filter(pk=gone.pk).update(state="ended", ended_at=timezone.now())
    Module.objects.update(expires_at="2026-01-01T00:00Z")
    follow_shelf()
    viewer = make_admin()
    found = lists.assignment(viewer, row.pk).off
    assert (found.archived, found.unasked) == (False, 1)
    assert "公開終了" in body(browse(viewer).get("/assignments/"))
