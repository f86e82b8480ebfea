"""Taken away is taken away: at the very next request, through whatever was held open before, and when jobs run."""

import dataclasses
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import Client as Browser
from django.urls import reverse

from core.mediafiles import links
from core.models import OutgoingMail, Rendition
from partners.actions import belonging, invitations, organisations
from partners.actions import people as writes
from partners.models import Person
from partners.queries.client import today
from tests.api.programs import Program, make_token
from tests.architecture import world
from tests.architecture.doors import Door, doors
from tests.architecture.shared import Sides, built, sides
from tests.architecture.world import Side
from tests.core.broker import quiet_broker
from tests.partners.factories import make_person, sign_in

__all__ = ["built", "quiet_broker", "sides"]  # fixtures

pytestmark = pytest.mark.usefixtures("quiet_broker")

GUARDED = [door for door in doors() if door.access is not None and not door.access.admits(None)]


SHARED_WITH_EVERYBODY = {
    "api/v1/modules/<uuid:module_id>",
    "modules/<uuid:module_id>/",
    "modules/<uuid:module_id>/quiz/",
    "record/<str:view>.csv",
    "reports/questions/<uuid:module_id>/",
    "reports/scenarios/<uuid:scenario_id>/",
    "reports/scenarios/<uuid:scenario_id>/numbers.csv",
    "reports/scenarios/<uuid:scenario_id>/runs/",
    "team/modules/<uuid:module_id>/",
}
"""The client's own content, and one's own record and team under the same address."""


@dataclasses.dataclass(frozen=True)
class Stage:
    """The world, an administrator who stays, and a browser of each of a side's people, opened before."""

    ours: Side
    mine: Side
    rival: Side
    admin: Person
    browsers: dict[str, Browser]


@pytest.fixture
def stage(sides: Sides) -> Stage:
    """Everything that can be held open, held open."""
    ours, mine, rival = sides
    admin = make_person(ours.organisation, roles=["admin"])
    browsers = {role: sign_in(Browser(), person) for role, person in mine.people.items()}
    for browser in browsers.values():
        assert browser.get("/profile/").status_code == 200
    return Stage(ours, mine, rival, admin, browsers)


def deactivate(stage: Stage) -> None:
    for person in stage.mine.people.values():
        belonging.deactivate_person(actor=stage.admin, person_id=person.pk)


def stop(stage: Stage) -> None:
    organisations.set_organisation_active(
        actor=stage.admin, organisation_id=stage.mine.organisation.pk, active=False
    )


GONE: dict[str, Callable[[Stage], None]] = {"deactivated": deactivate, "partner stopped": stop}


def url(door: Door, ids: dict[str, Any]) -> str:
    return door.url(world.values_for(door.name, door.parameters, ids))


@pytest.mark.parametrize("how", sorted(GONE))
def test_no_door_opens_any_more_for_somebody_in_the_middle_of_it(stage: Stage, how: str):
    GONE[how](stage)
    seen = 0
    for role in ("rep", "manager", "author"):
        browser = stage.browsers[role]
        for door in GUARDED:
            method = browser.post if seen % 2 else browser.get
            answer = method(url(door, stage.mine.ids))
            refused = answer.status_code in {401, 403, 404} or "/accounts/login/" in str(
                answer.headers.get("Location")
            )
            assert refused, (role, door.route, answer.status_code)
            seen += 1
    assert seen >= 3 * 130


@pytest.mark.parametrize("how", sorted(GONE))
def test_links_in_hand_let_nobody_in_any_more(stage: Stage, how: str):
    rep = make_person(
        stage.mine.organisation, email="leaves@example.com", password="a long enough one"
    )
    (issued,) = invitations.invite(actor=stage.admin, people=[rep], by_mail=False)
    for door, field in (("account_mail_link", "login"), ("account_reset_password", "email")):
        Browser().post(reverse(door), {field: rep.email})
    texts = [mail.text for mail in OutgoingMail.objects.filter(recipient=rep.email)]
    found = [path for text in texts for path in re.findall(r"/accounts/\S+", text)]
    assert len(found) == 2
    GONE[how](stage)
    belonging.deactivate_person(actor=stage.admin, person_id=rep.pk)
    for path in (*found, f"/i/{issued.token}/"):
        browser = Browser()
        page = browser.get(path, follow=True)
        target = page.redirect_chain[-1][0] if page.redirect_chain else path
        browser.post(target, {"password1": "another long enough one", "language": "ja"})
        assert browser.get("/profile/").status_code == 302, path


def test_who_was_moved_sees_nothing_of_where_they_were(stage: Stage):
    manager = stage.rival.people["manager"]
    browser = sign_in(Browser(), manager)
    ids = stage.rival.ids
    portrait = links.picture_url(manager.pk, ids["core:picture"], "small")
    video = links.url(manager.pk, Rendition.objects.get(pk=ids["core:media"]).pk, "main")
    held = [door for door in GUARDED if door.parameters]
    before = {door: browser.get(url(door, ids)).status_code for door in held}
    assert {browser.get(portrait).status_code, browser.get(video).status_code} == {200}
    writes.change_roles(actor=stage.admin, person_id=manager.pk, roles=["manager"])
    belonging.move_person(
        actor=stage.admin,
        person_id=manager.pk,
        organisation=stage.mine.organisation,
        team=None,
        on=today(),
    )
    after = {door: browser.get(url(door, ids)).status_code for door in held}
    kept = {door.route for door in held if before[door] == after[door] == 200}
    assert {browser.get(portrait).status_code, browser.get(video).status_code} == {404}
    assert sum(status == 200 for status in before.values()) >= 10
    assert kept == SHARED_WITH_EVERYBODY
    assert all(status in {200, 302, 400, 403, 404, 405, 412} for status in after.values())


def roles_without(role: str) -> Iterator[Door]:
    """Return the doors that this role alone opens, beside authors."""
    for door in GUARDED:
        assert door.access is not None
        if door.access.admits(frozenset({role})) and not door.access.admits(frozenset({"author"})):
            yield door


def test_a_role_that_was_taken_opens_nothing_and_neither_does_its_token(stage: Stage):
    person = stage.ours.people["admin"]
    browser, program = sign_in(Browser(), person), Program(make_token(person))
    assert browser.get("/people/").status_code == 200
    assert program.get("people").status_code == 200
    writes.change_roles(actor=stage.admin, person_id=person.pk, roles=["author"])
    shut = list(roles_without("admin"))
    assert len(shut) >= 40
    for door in shut:
        assert browser.get(url(door, stage.ours.ids)).status_code == 404, door.route
        assert browser.post(url(door, stage.ours.ids)).status_code == 404, door.route
    assert program.get("people").status_code == 401
    writes.change_roles(actor=stage.admin, person_id=person.pk, roles=["rep"])
    upload = reverse("core:upload", args=[stage.ours.ids["upload_id"]])
    assert browser.patch(upload, b"x", headers={"Tus-Resumable": "1.0.0"}).status_code == 404
