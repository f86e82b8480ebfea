"""A manager's pages of assignments tell nothing of a rival, and the database would hide it too."""

import re

import pytest
from django.db import connection

from core.scope import CLIENT, scoped
from courses.assignments.models import Assignment, Enrolment
from partners.models import Person
from tests.courses.assignments.browsing import body, browse, form, module
from tests.courses.assignments.factories import (
    make_admin,
    make_assignment,
    news,
    reps_of,
    role_target,
    team_target,
)
from tests.courses.factories import hand_in
from tests.partners.factories import make_partner, make_person, make_team

__all__ = ["module"]  # a fixture

pytestmark = pytest.mark.django_db


CANARY = "カナリア"


def walls():
    """A manager's company; a rival full of canaries can be added later."""
    mine = make_partner("みらい営業")
    manager = make_person(mine, roles=["manager"], team=make_team(mine, "第1"))
    make_person(mine), make_person(mine)
    return mine, manager


def add_rival(admin: Person, module) -> None:
    rival = make_partner(f"{CANARY}商事")
    team = make_team(rival, f"{CANARY}チーム")
    boss = make_person(rival, roles=["manager"], family_name=CANARY)
    for number in range(5):
        one = make_person(rival, team=team, family_name=f"{CANARY}{number}")
        hand_in(one, module)
    make_assignment(module, [reps_of(rival)], by=boss, message=CANARY)
    make_assignment(module, [team_target(team)], by=admin, message=CANARY, opens=CANARY)


def visits(manager: Person, module, row: Assignment) -> list[str]:
    """What a manager's pages say, without what differs from visit to visit."""
    browser = browse(manager)
    data = form(module, role_target("rep", manager.organisation), role_target("rep"))
    addresses = [
        "/", "/learn/", "/assignments/", f"/assignments/{row.pk}/", "/assignments/new/",
        f"/assignments/new/?module={module.pk}", f"/assignments/?module={module.pk}",
    ]  # fmt: skip
    pages = [body(browser.get(address)) for address in addresses]
    for step in ("preview", "find"):
        for q in ("", CANARY, "商事", "チーム"):
            pages.append(body(browser.post("/assignments/new/", data | {"step": step, "q": q})))
            pages.append(
                body(browser.post("/assignments/new/reach/", data | {"step": step, "q": q}))
            )
    return [
        re.sub(r'name="(csrfmiddlewaretoken|key)" value="[^"]*"|csrf-token" content="[^"]*"', "", p)
        for p in pages
    ]


def test_a_managers_pages_are_the_same_with_and_without_a_rival(
    module, django_capture_on_commit_callbacks
):
    admin = make_admin()
    mine, manager = walls()
    row = make_assignment(module, [role_target("rep")], by=admin)
    make_assignment(module, [reps_of(mine)], by=manager)
    news()
    before = visits(manager, module, row)
    add_rival(admin, module)
    news()
    after = visits(manager, module, row)
    assert before == after
    assert not any(
        CANARY in page.replace(f'value="{CANARY}"', "").replace(f"「{CANARY}」", "")
        for page in after
    )


def test_row_security_hides_what_is_not_about_ones_own_people(module):
    admin = make_admin()
    mine, manager = walls()
    own = make_assignment(module, [reps_of(mine)], by=manager)
    everybody = make_assignment(module, [role_target("rep")], by=admin)
    add_rival(admin, module)
    with scoped(mine.pk):
        assert set(Assignment.objects.all()) == {own, everybody}
        assert set(Enrolment.objects.values_list("organisation_id", flat=True)) == {mine.pk}
        changed = Assignment.objects.filter(pk=everybody.pk).update(message="x")
        assert changed == 0, "what the client asks may be read, not changed"
    with scoped(""):
        assert not Assignment.objects.exists()
    with scoped(CLIENT):
        assert Assignment.objects.count() == 4


def test_who_is_asked_is_found_by_an_index_and_not_among_everybody(module):
    admin = make_admin()
    mine, _ = walls()
    make_assignment(module, [role_target("rep")], by=admin)
    with scoped([mine.pk, admin.pk]), connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")  # a small table would be read through
        cursor.execute("SET LOCAL enable_bitmapscan = off")
        cursor.execute("EXPLAIN SELECT id FROM assignments_assignment")
        conditions = [row[0] for row in cursor.fetchall() if "Index Cond" in row[0]]
    for column in ("organisation_id", "person_id"):
        assert any(f"{column} = ANY" in each for each in conditions), conditions
